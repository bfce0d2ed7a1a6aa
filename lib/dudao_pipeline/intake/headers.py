"""Headers as people leave them: full-width or not, moved, or nearly right; never guessed twice."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import replace

from dudao.base.errors import nearest
from dudao.facts.layout import SHEETS, YEAR_COLUMNS
from dudao_pipeline.intake.findings import NOTICE, Finding
from dudao_pipeline.intake.sheet import Sheet

CLOSE = 0.75  # how alike a renamed header must be to be read as the known one
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a header without blanks and width: what is compared."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text))


def _year_column(text: str) -> str:
    """Return 数据年 for a header such as 2023年（数据年）."""
    found = [column for column in YEAR_COLUMNS if column in text]
    return found[0] if len(found) == 1 else text


def _same(header: tuple[str, ...], wanted: tuple[str, ...]) -> dict[str, str]:
    """Return header text -> known column, where only width, blanks or a year differ."""
    known = {plain(column): column for column in wanted}
    exact = {text: known.get(plain(_year_column(text)), "") for text in header if text}
    return {text: column for text, column in exact.items() if column}


def _close(header: tuple[str, ...], lacking: list[str]) -> dict[str, str]:
    """Return header text -> known column, where one and only one is nearly the same."""
    found: dict[str, str] = {}
    for text in header:
        matches = difflib.get_close_matches(plain(text), [plain(c) for c in lacking], 2, CLOSE)
        if len(matches) == 1:
            found[text] = next(c for c in lacking if plain(c) == matches[0])
    twice = [column for column in found.values() if list(found.values()).count(column) > 1]
    return {text: column for text, column in found.items() if column not in twice}


def _renamed(sheet: Sheet, names: dict[str, str]) -> Sheet:
    header = tuple(names.get(text, text) for text in sheet.header)
    rows = tuple(
        (row, {names.get(text, text): value for text, value in line.items()})
        for row, line in sheet.rows
    )
    return replace(sheet, header=header, rows=rows)


def align(sheet: Sheet) -> tuple[Sheet, list[Finding]]:
    """Give a sheet its known headers; findings name what was read as what, and what is missing."""
    layout = SHEETS[sheet.name]
    names = _same(sheet.header, layout.columns)
    free = tuple(text for text in sheet.header if text and text not in names)
    lacking = [column for column in layout.required if column not in names.values()]
    close = _close(free, lacking)
    aligned = _renamed(sheet, {**names, **close})
    findings = [
        sheet.finding("H01", f"表头“{text}”按“{column}”读取。", "请核对。", severity=NOTICE)
        for text, column in close.items()
    ]
    for column in lacking:
        if column not in close.values():
            hint = nearest(column, [text for text in free if text not in close])
            what = f"缺少列“{column}”{hint}。"
            findings.append(sheet.finding("S02", what, "请按模板恢复表头。"))
    repeated = {c for c in aligned.header if c in layout.required and aligned.header.count(c) > 1}
    findings += [
        sheet.finding("S05", f"列“{column}”出现两次。", "请删去多余的一列。")
        for column in sorted(repeated)
    ]
    return aligned, findings
