"""The Parquet store: partitioned by data year and province; one manifest per submission.

Files carry the digest of what is stored in the name and are never overwritten. The manifest is
replaced last and atomically, so that a reader sees the old submission or the new one.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dudao.base import failures, workspace
from dudao.base.errors import FactsError, nearest
from dudao.base.short_lists import name_first
from dudao.facts import schema
from dudao.facts.submission_tables import Stored as Stored

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 2  # of a manifest
PARTS = {"meta", "digest", "content", "files", "reported", "levels"}  # of every manifest
CHECK = "请运行 dudao check-store 查看和修复，或重新导入该县的报送数据。"
REMOVAL = "removed.json"  # in the archive: who was taken out, when and why
COUNTY = "DUDAO_COUNTY"  # names county and evaluation year whose notebooks run one after the other
_MANIFEST = re.compile(r"([0-9]{6}-[0-9]{4})\.json")


def manifest_path(county: str, year: int) -> Path:
    """Return where the manifest of a submission's newest version lies."""
    return workspace.store() / "manifest" / f"{county}-{year}.json"


def version_path(county: str, year: int, version: int) -> Path:
    """Return where the manifest of one version lies."""
    return workspace.store() / "versions" / f"{county}-{year}" / f"{version:04d}.json"


def archive_path(county: str, year: int) -> Path:
    """Return where the versions of a submission lie that was taken out of the store."""
    return workspace.store() / "archive" / f"{county}-{year}"


def removal(county: str, year: int) -> dict[str, Any] | None:
    """Return when and why a submission was last taken out, or None if it never was or is back."""
    if manifest_path(county, year).is_file():
        return None
    paths = archive_path(county, year).glob(f"[0-9]*/{REMOVAL}")
    last = max(paths, key=lambda path: int(path.parent.name), default=None)
    try:
        return json.loads(last.read_text(encoding="utf-8")) if last else None
    except (OSError, ValueError):
        return None


def submissions() -> list[tuple[str, int]]:
    """Return county and evaluation year of everything in the store, sorted.

    FactsError where the folder of the store cannot be opened; one that is not there is empty.
    """
    try:
        names = [path.name for path in (workspace.store() / "manifest").iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FactsError(f"数据库打不开。{failures.explain(error)}") from error
    stems = sorted(match[1] for name in names if (match := _MANIFEST.fullmatch(name)))
    return [(stem[:6], int(stem[7:])) for stem in stems]


def _absent(county: str, year: int) -> FactsError:
    if gone := removal(county, year):
        return FactsError(
            f"{county} 的{year}年数据已于{gone['removed'][:10]}移出数据库（{gone['reason']}）。"
            "如需使用，请重新导入。"
        )
    stored = submissions()
    if not stored:
        return FactsError("数据库是空的。请先运行 make report，或运行 dudao ingest 导入报送数据。")
    years = [str(y) for c, y in stored if c == county]
    if years:
        return FactsError(f"{county} 没有{year}年的数据，已有年度：{'、'.join(years)}。")
    counties = sorted({c for c, _ in stored})
    hint = nearest(county, counties) or f"，已有：{name_first(counties, 8)}"
    return FactsError(f"数据库中没有县（区）{county}{hint}。")


def meta(county: str, year: int) -> dict[str, Any]:
    """Return the manifest of a submission; FactsError names what the store has instead."""
    path = manifest_path(county, year)
    if not path.is_file():
        raise _absent(county, year)
    return read_manifest(path)


def _damaged(path: Path, error: Exception) -> FactsError:
    """Return what to say of a file of the store that cannot be read."""
    if failures.is_of_machine(error):
        return FactsError(failures.explain(error))
    reason = "没有了" if isinstance(error, FileNotFoundError) else "无法读取"
    if isinstance(error, PermissionError):
        reason = "没有读取权限"
    return FactsError(
        f"数据库文件 {path} {reason}。请重新导入该县报送表（dudao ingest），或从备份恢复该文件。"
    )


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what a manifest says; FactsError names the file if it cannot be read."""
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        lacking = PARTS - manifest.keys()
    except (OSError, ValueError, AttributeError) as error:
        raise _damaged(path, error) from error
    number = manifest.get("schema", 1)
    if number in (1, SCHEMA) and lacking:
        raise FactsError(f"数据库的清单 {path} 是旧格式。请重新导入该县的报送数据。")
    if number != SCHEMA:  # of a newer program: it may mean more
        raise FactsError(
            f"数据库的清单 {path} 是新格式（{number}），本程序只认到{SCHEMA}。"
            "请用写入它的程序版本，或升级程序后重试。"
        )
    return manifest


def content_of(county: str, year: int) -> str:
    """Return the digest of all that is stored of a submission: facts, registers, findings."""
    return str(meta(county, year)["content"])


def read_table(manifest: dict[str, Any], table: str, name: str) -> pd.DataFrame:
    """Return one file of a table, which is what was stored, to the byte and to the column.

    FactsError where it is damaged or changed, or was written for another program.
    """
    from pyarrow import ArrowException, BufferReader
    from pyarrow.parquet import ParquetFile

    path = workspace.store() / name
    try:
        content = path.read_bytes()
        digest = manifest["files"].get(name)
        if hashlib.sha256(content).hexdigest() != digest:
            raise FactsError(f"数据库文件 {path} 损坏或被改动：与入库时的校验值不符。{CHECK}")
        columns = ParquetFile(BufferReader(content)).read(use_threads=False)
        rows = columns.to_pandas(use_threads=False)  # what is forked from here has none of them
    except (OSError, ValueError, ArrowException) as error:
        raise _damaged(path, error) from error
    _check_columns(rows, table, path)
    return rows


def _check_columns(rows: pd.DataFrame, table: str, path: Path) -> None:
    """Refuse a file of other columns than the program's: nothing is filled in or left out."""
    present, wanted = set(rows.columns), set(schema.TABLES[table])
    if lacking := sorted(wanted - present):
        raise FactsError(
            f"数据库文件 {path} 是旧格式，缺少列：{'、'.join(lacking)}。请重新导入该县的报送数据。"
        )
    if unknown := sorted(present - wanted):
        raise FactsError(
            f"数据库文件 {path} 有本程序不认识的列：{'、'.join(unknown)}。"
            "请用写入它的程序版本，或重新导入该县的报送数据。"
        )


def versions(county: str, year: int) -> list[int]:
    """Return the numbers of every version of a submission, oldest first."""
    folder = version_path(county, year, 1).parent
    return sorted(int(path.stem) for path in folder.glob("????.json"))


def files_of(manifest: dict[str, Any], *names: str) -> list[str]:
    """Return the files of a manifest by their place in the store: of some tables, or of all."""
    return [path for table in names or schema.TABLES for path in manifest.get(table, ())]


def read_manifested(manifest: dict[str, Any]) -> Stored:
    """Return what the files of a manifest hold, its texts as `dudao.case` has them."""
    import pandas as pd

    pd.options.mode.string_storage = "python"
    stored = {}
    for table, columns in schema.TABLES.items():
        files = [read_table(manifest, table, name) for name in files_of(manifest, table)]
        rows = pd.concat(files or [schema.empty(table)], ignore_index=True)
        stored[table] = rows[list(columns)]
    return Stored(meta=manifest["meta"], digest=manifest["digest"], **stored)


def read(county: str, year: int) -> Stored:
    """Read the newest version of a submission back."""
    return read_manifested(meta(county, year))


def read_version(county: str, year: int, version: int) -> Stored:
    """Read one version of a submission back; FactsError names the versions that exist."""
    path = version_path(county, year, version)
    if not path.is_file():
        listed = "、".join(map(str, versions(county, year))) or "无"
        raise FactsError(f"{county}-{year} 没有第{version}版，已有：{listed}。")
    return read_manifested(read_manifest(path))
