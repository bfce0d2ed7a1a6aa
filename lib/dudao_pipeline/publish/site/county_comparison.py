"""Comparison of counties by one indicator: a table per point, a column per check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dudao.base.rounding import fixed, plain
from dudao.show.words import OPERATORS
from dudao_pipeline.publish.site.groups import counts

Cell = tuple[str, str, str]  # value, result, and its word where it is not met


@dataclass(frozen=True)
class PointTable:
    """One point over counties: heads of its checks, then county, result of the point, cells."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[dict, str, tuple[Cell, ...]], ...]


def _head(check: dict) -> str:
    unit = f"（{check['unit']}）" if check["unit"] else ""
    limit = ""
    if check["threshold"] is not None:
        limit = f"，{OPERATORS[check['compare']]}{plain(check['threshold'])}"
    return f"{check['label']}{unit}{limit}"


def _cell(check: dict | None) -> Cell:
    if check is None:
        return "", "", ""
    value, result = check["value"], check["result"]
    word = check["result_text"] if result == "not_met" else ""
    return ("" if value is None else fixed(value, check["decimals"])), result, word


def point_tables(counties: Sequence[dict], notebook: str) -> list[PointTable]:
    """Return one table per point of an indicator, counties in the order given."""
    shown = [county for county in counties if notebook in county["checks"]]
    titles = {
        point["id"]: point["title"]
        for county in shown
        for point in county["points"]
        if point["notebook"] == notebook
    }
    return [_point_table(shown, notebook, point, titles[point]) for point in titles]


def _point_table(counties: Sequence[dict], notebook: str, point: str, title: str) -> PointTable:
    heads: dict[tuple[str, str], str] = {}
    rows = []
    for county in counties:
        own = (c for c in county["checks"][notebook] if point in c["points"])
        checks = {(c["check"], c["label"]): c for c in own}
        for name, check in checks.items():
            heads.setdefault(name, _head(check))
        result = next((p["result"] for p in county["points"] if p["id"] == point), "")
        rows.append((county, result, checks))
    cells = tuple(
        (county, result, tuple(_cell(checks.get(name)) for name in heads))
        for county, result, checks in rows
    )
    return PointTable(point, title, tuple(heads.values()), cells)


def indicator_counts(counties: Sequence[dict], notebook: str) -> dict[str, int]:
    """Return the number of points of one indicator by result, over counties."""
    return counts(
        point for county in counties for point in county["points"] if point["notebook"] == notebook
    )
