"""What would decide the open points, by sheet, so that an office can hand it out."""

import re
from collections.abc import Iterable

from dudao.facts.sheet_layout import EVIDENCE, SHEETS_IN_ORDER
from dudao.judging.points import PAPER
from dudao.judging.results import UNDECIDED, PointVerdict
from dudao.show.tables import Room, Table, Tables, table

PLACE = re.compile(r"（([^（）]*)）$")  # at the end of a request: the cell where it goes
_OTHER = "其他"  # what no sheet holds


def _split(text: str) -> tuple[str, str, str]:
    """Return sheet, cell and what to supply of one request."""
    if text.startswith(PAPER):
        return EVIDENCE, "", text.removeprefix(PAPER)
    if match := PLACE.search(text):
        sheet, _, cell = match[1].partition("!")
        if sheet.split("/")[0] in SHEETS_IN_ORDER:
            return sheet, cell, text[: match.start()]
    return _OTHER, "", text


def supply_table(points: Iterable[PointVerdict]) -> Tables:
    """List every missing figure and paper once, by sheet; what waits for law stands apart.

    The county supplies the first table; the second is filled by a file of law, whoever has it.
    """
    undecided = [verdict for verdict in points if verdict.result == UNDECIDED]
    return Tables((_of_county(undecided), _of_law(undecided)))


def to_supply(points: Iterable[PointVerdict]) -> list[tuple[tuple[str, str, str], list[str]]]:
    """Return what undecided points lack: sheet, cell and what, with the points, by sheet."""
    wanted: dict[tuple[str, str, str], dict[str, None]] = {}
    for verdict in points:
        if verdict.result == UNDECIDED:
            for text in verdict.to_supply:
                wanted.setdefault(_split(text), {})[verdict.point.id] = None
    order = sorted(wanted, key=lambda key: _rank(key[0]))
    return [(key, list(wanted[key])) for key in order]


def _of_county(points: Iterable[PointVerdict]) -> Table:
    rows = [
        (sheet, what, cell, "、".join(ids), Room())
        for (sheet, cell, what), ids in to_supply(points)
    ]
    columns = ("工作表", "需补充", "单元格", "用于要点", "负责人")
    return table(f"待定要点需本县补充（{len(rows)}项）", columns, rows, empty="没有需本县补充的")


def _of_law(points: Iterable[PointVerdict]) -> Table:
    wanted: dict[str, list[str]] = {}
    for verdict in points:
        for text in verdict.law:
            wanted.setdefault(text, []).append(verdict.point.id)
    rows = [(text, "、".join(ids)) for text, ids in wanted.items()]
    caption = f"待法规文件（{len(rows)}项）：取得原文后，按“加载地方标准”写入 data/law 即可判定"
    return table(caption, ("标准与文件", "用于要点"), rows, empty="没有待法规文件的要点")


def _rank(sheet: str) -> int:
    first = sheet.split("/")[0]
    return SHEETS_IN_ORDER.index(first) if first in SHEETS_IN_ORDER else len(SHEETS_IN_ORDER)
