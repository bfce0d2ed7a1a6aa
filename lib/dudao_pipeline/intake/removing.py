"""Taking a submission out of the store: its versions go to an archive, its tables stay on disk.

A county typed under a wrong code is not corrected but removed; who removed what, when and why stays
in the archive beside the versions.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dudao.base.errors import ParameterError
from dudao.base.files import write_folder, write_json
from dudao.facts import store
from dudao.facts.county_names import submitted_name
from dudao_pipeline.intake.storing import one_writer


@dataclass(frozen=True)
class Removed:
    """What was taken out: how many versions, and the folder of the archive that holds them."""

    versions: int
    archive: Path


def remove(county: str, year: int, reason: str) -> Removed:
    """Move a submission's manifest and versions to the archive and say why.

    The archive is complete before the manifest goes, which alone makes the submission be in the
    store: a removal that is broken off leaves it there. ParameterError without a reason, FactsError
    where the store has no such submission.
    """
    if not reason.strip():
        raise ParameterError("请用 --reason 写明移出的理由，如“县（区）代码填错”。")
    path = store.manifest_path(county, year)
    if not path.is_file():
        store.meta(county, year)
    with one_writer(county, year):
        return _remove(county, year, reason)


def _remove(county: str, year: int, reason: str) -> Removed:
    path = store.manifest_path(county, year)
    versions = store.version_path(county, year, 1).parent
    home = store.archive_path(county, year)
    home.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(p.name) for p in home.iterdir() if p.name.isdecimal()), default=0)
    count = len(store.versions(county, year))
    record = {
        "county": county,
        "year": year,
        "county_name": submitted_name(county, year),
        "reason": reason.strip(),
        "removed": datetime.now(UTC).isoformat(timespec="seconds"),
    }

    def fill(partial: Path) -> None:
        if versions.is_dir():
            shutil.copytree(versions, partial, dirs_exist_ok=True)
        shutil.copyfile(path, partial / "manifest.json")
        write_json(partial / store.REMOVAL, record)

    write_folder(home / str(number), fill)
    path.unlink()
    shutil.rmtree(versions, ignore_errors=True)
    return Removed(count, home / str(number))
