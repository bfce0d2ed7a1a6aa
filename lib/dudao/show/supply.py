"""What would decide the open points, by sheet, so that an office can hand it out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dudao.facts.layout import EVIDENCE, SHEETS
from dudao.judging import UNDECIDED, PointVerdict
from dudao.show.tables import Room, Table, table

_PAPER = "佐证材料："
_PLACE = re.compile(r"（([^（）]*)）$")
_LAW = "法规文件（由数据维护人员补充）"


def _split(text: str) -> tuple[str, str, str]:
    """Return sheet, cell and what to supply of one request."""
    if text.startswith(_PAPER):
        return EVIDENCE, "", text.removeprefix(_PAPER)
    found = _PLACE.search(text)
    sheet, _, cell = found[1].partition("!") if found else ("", "", "")
    if sheet.split("/")[0] in SHEETS:
        return sheet, cell, text[: found.start()]
    return _LAW, "", text


def supply_table(points: Iterable[PointVerdict]) -> Table:
    """List every missing figure and paper once, by sheet, with the points it would decide."""
    wanted: dict[tuple[str, str, str], list[str]] = {}
    for found in points:
        if found.result == UNDECIDED:
            for text in found.to_supply:
                wanted.setdefault(_split(text), []).append(found.point.id)
    sheets = [*SHEETS, _LAW]
    order = sorted(wanted, key=lambda key: _rank(sheets, key[0]))
    rows = [
        (sheet, what, cell, "、".join(dict.fromkeys(wanted[sheet, cell, what])), Room())
        for sheet, cell, what in order
    ]
    columns = ("工作表", "需补充", "单元格", "用于要点", "负责人")
    return table(f"待定要点需补充（{len(rows)}项）", columns, rows, empty="没有待定的要点")


def _rank(sheets: list[str], sheet: str) -> int:
    first = sheet.split("/")[0]
    return sheets.index(first) if first in sheets else len(sheets)
