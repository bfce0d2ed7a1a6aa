"""The indicator tree: one file per scheme; primaries, secondaries and points with their origin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.errors import LawError
from dudao.law.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "framework"
ORIGINS = {"sourced": "有来源", "reconstructed": "重构"}


@dataclass(frozen=True)
class Point:
    """One point of evaluation (评价要点), with the evidence a reviewer expects."""

    id: str
    title: str
    origin: str
    secondary: str
    primary: str
    notebook: str
    evidence: tuple[str, ...] = ()
    qualitative: bool = False


@dataclass(frozen=True)
class Framework:
    """One scheme: its name, its points in order, and the years it may be used for."""

    scheme: str
    title: str
    number: str
    origin: str
    stated_for: int
    borrowed_for: tuple[int, ...]
    borrowed_note: str
    points: tuple[Point, ...]
    primary_titles: dict[str, str]
    secondary_titles: dict[str, str]

    def of_notebook(self, notebook: str) -> tuple[Point, ...]:
        """Return the points that a notebook answers for, in the order of the tree."""
        return tuple(point for point in self.points if point.notebook == notebook)

    def remark(self, year: int) -> str:
        """Return what a reader must know about using this scheme for a year (may be empty)."""
        return "" if year == self.stated_for else self.borrowed_note


def _points(primary: dict) -> list[Point]:
    return [
        Point(
            id=point["id"],
            title=point["title"],
            origin=point["origin"],
            secondary=secondary["id"],
            primary=primary["id"],
            notebook=primary["notebook"],
            evidence=tuple(point.get("evidence", ())),
            qualitative=point.get("qualitative", False),
        )
        for secondary in primary["secondaries"]
        for point in secondary["points"]
    ]


def _framework(raw: dict) -> Framework:
    primaries = raw["primaries"]
    secondaries = [s for p in primaries for s in p["secondaries"]]
    return Framework(
        scheme=raw["scheme"],
        title=raw["title"],
        number=raw["number"],
        origin=raw["origin"],
        stated_for=raw["stated_for"],
        borrowed_for=tuple(raw["borrowed_for"]),
        borrowed_note=raw["borrowed_note"],
        points=tuple(point for primary in primaries for point in _points(primary)),
        primary_titles={p["id"]: p["title"] for p in primaries},
        secondary_titles={s["id"]: s["title"] for s in secondaries},
    )


@cache
def frameworks() -> tuple[Framework, ...]:
    """Return every scheme on file."""
    return tuple(_framework(read_yaml(path)) for path in sorted(FOLDER.glob("*.yaml")))


def framework_for(year: int) -> Framework:
    """Return the scheme for an evaluation year; LawError names the years that exist."""
    for framework in frameworks():
        if year == framework.stated_for or year in framework.borrowed_for:
            return framework
    known = sorted({y for f in frameworks() for y in (f.stated_for, *f.borrowed_for)})
    raise LawError(
        f"没有{year}年的评价方案。已有方案的评价年度：{'、'.join(map(str, known))}。"
        f"如已取得该年度方案，请放入 {FOLDER.name}/ 文件夹。"
    )
