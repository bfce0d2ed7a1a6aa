"""Putting a submission into the store, whole or not at all and only what has changed; removing one.

A county typed under a wrong code is not corrected but removed: its versions go to an archive, its
tables stay on disk. Who removed what, when and why stays in the archive beside the versions.
"""

from __future__ import annotations

import hashlib
import json
import math
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from dudao.base import workspace
from dudao.base.errors import FactsError, ParameterError
from dudao.facts import store, submission_tables
from dudao.facts.county_names import submitted_name
from dudao_pipeline.digests import is_as_recorded
from dudao_pipeline.files import write as write_file
from dudao_pipeline.files import write_folder, write_json
from dudao_pipeline.intake.manifests import levels_of, reported_of
from dudao_pipeline.intake.submission import Submission

if TYPE_CHECKING:
    import pandas as pd

PATIENCE = 60  # seconds that a writer waits for another
ADDED, REWRITTEN, UNCHANGED = "added", "rewritten", "unchanged"


def _frames(submission: Submission) -> dict[str, pd.DataFrame]:
    """Return what is stored, by the folder that it goes to inside a table's."""
    province = f"province={submission.county[:2]}"
    frames = {
        f"facts/data_year={data_year}/{province}": part.reset_index(drop=True)
        for data_year, part in submission.tables.facts.groupby("data_year")
    }
    frames |= {table: getattr(submission.tables, table) for table in submission_tables.REGISTERS}
    return {**frames, "findings": submission.findings_table()}


def content_digest(meta: dict, files: dict[str, str]) -> str:
    """Return one digest of a submission's origin and of its files, by the folders they lie in.

    files: folder -> sha256, in the order of the tables.
    """
    digest = hashlib.sha256(json.dumps(meta, default=str, sort_keys=True).encode())
    for name, sha256 in files.items():
        digest.update(name.encode() + bytes.fromhex(sha256))
    return digest.hexdigest()


def as_stored(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with texts of Arrow's, however this process holds them: a file shows it."""
    import pandas as pd

    text = pd.StringDtype("pyarrow", na_value=math.nan)
    return table.astype({name: text for name, kind in table.dtypes.items() if kind == "str"})


def _content(submission: Submission) -> tuple[dict[str, bytes], str]:
    """Return the files of a submission by folder, and one digest of them and its origin."""
    frames = _frames(submission).items()
    files = {name: as_stored(rows).to_parquet(index=False) for name, rows in frames}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return files, content_digest(submission.meta, digests)


def _by_table(files: dict[str, bytes]) -> dict[str, list[str]]:
    """Return the files of each table, by their place in the store."""
    tables_of: dict[str, list[str]] = {}
    for path in files:
        tables_of.setdefault(path.partition("/")[0], []).append(path)
    return tables_of


def _before(county: str, year: int) -> dict:
    """Return the manifest of the newest version that can be read; empty for a first version.

    One that was damaged is written anew by the next submission, which is a version of its own.
    """
    path = store.manifest_path(county, year)
    try:
        return store.read_manifest(path) if path.is_file() else {}
    except FactsError:
        return {"version": max(store.versions(county, year), default=0), "digest": ""}


def write(submission: Submission) -> str:
    """Put an acceptable submission into the store; say what that changed.

    A correction is a new version: the manifest of the one before is kept under its number. The
    same input read by a newer dictionary or newer checks is the same version, written anew. One
    writer per county and year: another one waits.
    """
    if not submission.acceptable:
        raise FactsError(f"{submission.county}-{submission.year} 有错误，未入库。")
    with one_writer(submission.county, submission.year):
        return _write(submission)


@contextmanager
def one_writer(county: str, year: int) -> Iterator[None]:
    """Be the only one who writes a submission; what a killed writer left is cleared first."""
    path = workspace.store() / "locks" / f"{county}-{year}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise FactsError(
            f"另一个程序正在写入 {county}-{year}，等了{PATIENCE}秒。请等它结束后重试。"
        ) from None
    try:
        clear_unfinished(county, year)
        yield
    finally:
        lock.release()


def _write(submission: Submission) -> str:
    county, year = submission.county, submission.year
    before = _before(county, year)
    contents, content = _content(submission)
    name = f"{county}-{year}-{content[:12]}.parquet"
    files = {f"{folder}/{name}": data for folder, data in contents.items()}
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    digest = submission.digest
    same_input = before.get("digest") == digest
    if same_input and before.get("content") == content and _is_whole(before, digests):
        return UNCHANGED
    manifest = {
        "schema": store.SCHEMA,
        "version": before["version"] if same_input else _next_version(submission, before),
        "digest": digest,
        "content": content,
        "meta": submission.meta,
        "reported": reported_of(submission.tables.facts, submission.tables.claims),
        "levels": levels_of(submission.tables.facts),
        "files": digests,
        **_by_table(files),
    }
    unfinished = unfinished_path(county, year)
    write_json(unfinished, sorted(files), lasting=True)
    for path, data in files.items():
        write_file(workspace.store() / path, data, lasting=True)
    write_manifest(store.version_path(county, year, manifest["version"]), manifest)
    write_manifest(store.manifest_path(county, year), manifest)
    unfinished.unlink()
    return REWRITTEN if same_input else ADDED


def _is_whole(manifest: dict, files: dict[str, str]) -> bool:
    """Say whether the store still holds what a manifest names, in the present form."""
    return manifest.get("files") == files and all(
        is_as_recorded(workspace.store() / path, digest, fully=True)
        for path, digest in files.items()
    )


def _next_version(submission: Submission, before: dict) -> int:
    """Return the number of a new version: that of a writer who was killed over the same input."""
    number = before.get("version", 0) + 1
    while (path := store.version_path(submission.county, submission.year, number)).is_file():
        with suppress(FactsError):
            if store.read_manifest(path)["digest"] == submission.digest:
                break
        number += 1
    return number


def unfinished_path(county: str, year: int) -> Path:
    """Return the file that says what a writer is about to write."""
    return workspace.store() / "unfinished" / f"{county}-{year}.json"


def clear_unfinished(county: str, year: int) -> None:
    """Remove what a killed writer wrote and no version names; the caller is the only writer."""
    path = unfinished_path(county, year)
    try:
        names = set(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return
    except ValueError:
        names = set()
    for name in names - named_files(county, year):
        (workspace.store() / name).unlink(missing_ok=True)
    path.unlink()


def manifests(county: str, year: int) -> list[Path]:
    """Return the manifests that a submission has: of its versions in their order, the newest's."""
    numbers = store.versions(county, year)
    paths = [store.version_path(county, year, number) for number in numbers]
    return [path for path in (*paths, store.manifest_path(county, year)) if path.is_file()]


def named_files(county: str, year: int) -> set[str]:
    """Return the files that any version of a submission names."""
    names: set[str] = set()
    for path in manifests(county, year):
        with suppress(FactsError):
            names.update(store.files_of(store.read_manifest(path)))
    return names


def write_manifest(path: Path, manifest: dict) -> None:
    """Write one manifest in one step, so that it lasts."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1, default=str, sort_keys=True)
    write_file(path, text, lasting=True)


def restore(submission: Submission, manifest: dict) -> bool:
    """Write the files that a manifest names again; say whether they are what they were.

    The same input read by another program gives other bytes: then nothing is written.
    """
    contents, content = _content(submission)
    by_folder = {path.rpartition("/")[0]: path for path in store.files_of(manifest)}
    if content != manifest["content"] or set(by_folder) != set(contents):
        return False
    for folder, data in contents.items():
        write_file(workspace.store() / by_folder[folder], data, lasting=True)
    return True


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
    kept = store.version_path(county, year, 1).parent
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
        if kept.is_dir():
            shutil.copytree(kept, partial, dirs_exist_ok=True)
        shutil.copyfile(path, partial / "manifest.json")
        write_json(partial / store.REMOVAL, record)

    write_folder(home / str(number), fill)
    path.unlink()
    shutil.rmtree(kept, ignore_errors=True)
    return Removed(count, home / str(number))
