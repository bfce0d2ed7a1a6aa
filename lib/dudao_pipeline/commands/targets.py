"""Where a command writes: never over a file that somebody filled in, never a folder for a file."""

import csv
from collections.abc import Iterable
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import ParameterError
from dudao.facts import store
from dudao.facts.county_names import code_of

WORKBOOK = ".xlsx"


def stored_county(text: str, more: Iterable[str] = ()) -> str:
    """Return the code of a county of the store, or of some more, given its code or name."""
    return code_of(text, {*more, *(county for county, _ in store.submissions())})


def published_folder(text: str, year: int) -> Path:
    """Return the folder of a county's results, given its code or name."""
    folder = workspace.outputs() / str(year)
    published = {path.name for path in folder.glob("[0-9]" * 6)} if folder.is_dir() else set()
    return folder / stored_county(text, published)


def check_workbook(path: Path, *, overwrite: bool) -> None:
    """Refuse a workbook's path that is a folder, no .xlsx, or a file that is not to be replaced."""
    if path.is_dir():
        raise ParameterError(f"“{path}”是文件夹。请写出文件名，如 {path / '报送表.xlsx'}。")
    if path.suffix.lower() != WORKBOOK:
        raise ParameterError(f"“{path}”的文件名应以 {WORKBOOK} 结尾。")
    if path.exists() and not overwrite:
        raise ParameterError(
            f"“{path}”已经存在，没有改动。请用 -o 另取文件名；确要覆盖请加 --overwrite。"
        )
    check_folder(path.parent)


def check_folder(path: Path) -> None:
    """Refuse a folder's path on which a file lies; one that is not there can be made."""
    for at in (path, *path.parents):
        if at.is_dir():
            return
        if at.exists():
            raise ParameterError(f"“{at}”是文件，不是文件夹。请换一个文件夹。")


def record_beside(workbook: Path, name: str, *, overwrite: bool) -> Path:
    """Return where the record of a workbook goes; refuse one that is not to be replaced."""
    record = workbook.with_name(f"{workbook.stem}-{name}.csv")
    if record.exists() and not overwrite:
        raise ParameterError(f"“{record}”已经存在，没有改动。请另取 -o，或加 --overwrite。")
    return record


def write_record(path: Path, what: str, rows: Iterable[tuple]) -> None:
    """Write which cell holds what and from where, and what was remarked; what: heads the contents.

    rows: kind, sheet, cell, content, source; of a remark its kind and its text.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("种类", "工作表", "单元格", what, "来源或说明"))
        writer.writerows((row[0], *[""] * (5 - len(row)), *row[1:]) for row in rows)
