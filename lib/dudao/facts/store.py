"""The Parquet store: partitioned by data year and province; one manifest per submission.

Files carry the digest of what is stored in the name and are never overwritten. The manifest is
replaced last and atomically, so that a reader sees the old submission or the new one.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from dudao.base import workspace
from dudao.base.errors import FactsError, nearest
from dudao.facts import handed, schema, tables

TABLES = (*tables.TABLES, "findings")


@dataclass(frozen=True)
class Stored:
    """One county's submission for one evaluation year, as read back from the store."""

    meta: dict
    digest: str
    facts: pd.DataFrame
    claims: pd.DataFrame
    evidence: pd.DataFrame
    schools: pd.DataFrame
    exceptions: pd.DataFrame
    last_round: pd.DataFrame
    self_ratings: pd.DataFrame
    findings: pd.DataFrame

    @property
    def area(self) -> str:
        """Return the area whose law holds: the declared one, or the county's own code."""
        return str(self.meta.get("law_area") or self.meta["county"])

    def with_claims_dated(self, data_year: int) -> Stored:
        """Return the same with every undated printed figure in its year, the judged one."""
        years = self.claims["data_year"].replace(0, data_year)
        return replace(self, claims=self.claims.assign(data_year=years))


def manifest_path(county: str, year: int) -> Path:
    """Return where the manifest of a submission's newest version lies."""
    return workspace.store() / "manifest" / f"{county}-{year}.json"


def version_path(county: str, year: int, version: int) -> Path:
    """Return where the manifest of one version lies."""
    return workspace.store() / "versions" / f"{county}-{year}" / f"{version:04d}.json"


def submissions() -> list[tuple[str, int]]:
    """Return county and evaluation year of everything in the store, sorted."""
    folder = workspace.store() / "manifest"
    stems = sorted(path.stem for path in folder.glob("??????-????.json"))
    return [(stem[:6], int(stem[7:])) for stem in stems]


def _absent(county: str, year: int) -> FactsError:
    known = submissions()
    if not known:
        return FactsError("数据库是空的。请先运行 make report，或运行 dudao ingest 导入报送数据。")
    years = [str(y) for c, y in known if c == county]
    if years:
        return FactsError(f"{county} 没有{year}年的数据，已有年度：{'、'.join(years)}。")
    counties = sorted({c for c, _ in known})
    hint = nearest(county, counties) or f"，已有：{'、'.join(counties[:8])}"
    return FactsError(f"数据库中没有县（区）{county}{hint}。")


def meta(county: str, year: int) -> dict:
    """Return the manifest of a submission; FactsError names what the store has instead."""
    path = manifest_path(county, year)
    if not path.is_file():
        raise _absent(county, year)
    return json.loads(path.read_text(encoding="utf-8"))


def reported_of(facts: pd.DataFrame) -> dict[str, list[str]]:
    """Return the items that are reported, of the county and of single schools."""
    known = facts[facts["status"] == "reported"]
    of_school = known["school"] != ""
    return {
        "county": sorted(set(known.loc[~of_school, "item"])),
        "school": sorted(set(known.loc[of_school, "item"])),
    }


def reported_items(county: str, year: int, *, by_school: bool = False) -> set[str]:
    """Return the items that a submission reports, or only those of single schools."""
    manifest = meta(county, year)
    found = manifest.get("reported") or reported_of(_read(manifest).facts)
    return {*found["school"], *(() if by_school else found["county"])}


def content_of(county: str, year: int) -> str:
    """Return the digest of all that is stored of a submission: facts, registers, findings."""
    manifest = meta(county, year)
    return manifest.get("content", manifest["digest"])


def _read_table(name: str) -> pd.DataFrame:
    return pd.read_parquet(workspace.store() / name, partitioning=None)


def county_levels(data_year: int, *, fictional: bool) -> pd.DataFrame:
    """Return the county-level numbers of a data year, newest submission first.

    Of real counties or of fictional ones: the two are never compared.
    """
    rows = [schema.empty("facts")]
    for county, year in reversed(submissions()):
        manifest = meta(county, year)
        if bool(manifest["meta"].get("fictional")) == fictional:
            names = [name for name in manifest["facts"] if f"data_year={data_year}/" in name]
            rows += map(_read_table, names)
    return pd.concat(rows).query("status == 'reported' and school == ''")


def versions(county: str, year: int) -> list[int]:
    """Return the numbers of every version of a submission, oldest first."""
    folder = version_path(county, year, 1).parent
    return sorted(int(path.stem) for path in folder.glob("????.json"))


def _read(manifest: dict) -> Stored:
    found = {
        table: pd.concat(
            [schema.empty(table), *map(_read_table, manifest.get(table, ()))], ignore_index=True
        )
        for table in TABLES
    }
    return Stored(meta=manifest["meta"], digest=manifest["digest"], **found)


def read(county: str, year: int) -> Stored:
    """Read the newest version of a submission back."""
    manifest = meta(county, year)
    return handed.taken(manifest) or _read(manifest)


def hand_over(county: str, year: int, folder: Path) -> None:
    """Read the newest version for processes whose environment names the folder."""
    handed.hand_over(meta(county, year), _read, folder)


def copy_submission(county: str, year: int, target: Path) -> None:
    """Copy the newest version of a submission to a store of its own."""
    manifest = meta(county, year)
    names = [name for table in TABLES for name in manifest.get(table, ())]
    at = [manifest_path(county, year), version_path(county, year, manifest["version"])]
    for path in [*at, *(workspace.store() / name for name in names)]:
        copy = target / path.relative_to(workspace.store())
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def read_version(county: str, year: int, version: int) -> Stored:
    """Read one version of a submission back; FactsError names the versions that exist."""
    path = version_path(county, year, version)
    if not path.is_file():
        known = "、".join(map(str, versions(county, year))) or "无"
        raise FactsError(f"{county}-{year} 没有第{version}版，已有：{known}。")
    return _read(json.loads(path.read_text(encoding="utf-8")))
