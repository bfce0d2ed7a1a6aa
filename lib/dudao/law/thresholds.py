"""Dated thresholds: value at a date, citation, local overlays with precedence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from dudao.errors import LawError, nearest
from dudao.law.dates import EvaluationYear
from dudao.law.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "thresholds"
NATIONAL = "national"
OPERATORS = {">=": "不低于", "<=": "不高于", "==": "等于", ">": "高于", "<": "低于"}


@dataclass(frozen=True)
class Reference:
    """The document a value comes from: title, number (文号), where it was read.

    A convention is no document: it is named without title marks.
    """

    title: str
    number: str = ""
    url: str = ""
    read_in: str = ""
    convention: bool = False


@dataclass(frozen=True)
class DatedValue:
    """A value from a day on; None says that the document or its number was not found."""

    start: date
    value: float | None
    reference: Reference
    clause: str = ""

    @property
    def citation(self) -> str:
        """Return 《title》 number clause, as a reader looks it up."""
        ref = self.reference
        title = ref.title if ref.convention else f"《{ref.title}》"
        return "".join((title, ref.number, self.clause))


@dataclass(frozen=True)
class Threshold:
    """One rule that a value is compared with; `role` is pass or reference (judges nobody)."""

    id: str
    label: str
    item: str
    stage: str
    point: str
    compare: str
    unit: str
    decimals: int
    role: str
    status: str
    values: tuple[DatedValue, ...]
    areas: tuple[str, ...]
    file: str
    date_rule: str = "calendar_year"
    checked_on: date | None = None
    note: str = ""
    group: str = ""

    def at(self, day: date) -> DatedValue:
        """Return the value in force on a day; LawError before the first one."""
        in_force = [value for value in self.values if value.start <= day]
        if in_force:
            return in_force[-1]
        first = self.values[0].start
        raise LawError(
            f"标准“{self.label}”（{self.id}）在 {day} 尚未施行："
            f"最早施行日为 {first}（{self.file}）。"
        )

    def in_force(self, day: date) -> bool:
        """Say whether the threshold has a value on a day."""
        return self.values[0].start <= day


@dataclass(frozen=True)
class Law:
    """All thresholds for one area, the more local file overriding the more general one."""

    thresholds: dict[str, Threshold]
    area: str

    def __getitem__(self, name: str) -> Threshold:
        if name not in self.thresholds:
            raise LawError(f"没有名为“{name}”的标准{nearest(name, self.thresholds)}。")
        return self.thresholds[name]

    def value(self, name: str, year: EvaluationYear) -> DatedValue:
        """Return a threshold's value for an evaluation year."""
        threshold = self[name]
        return threshold.at(year.law_date(threshold.date_rule))

    def for_points(self, points: Iterable[str]) -> tuple[Threshold, ...]:
        """Return the thresholds that belong to some points, in the order of the files."""
        wanted = set(points)
        return tuple(t for t in self.thresholds.values() if t.point in wanted)

    def of_group(self, group: str) -> tuple[Threshold, ...]:
        """Return the thresholds that make up one composite rule, overlays included."""
        return tuple(t for t in self.thresholds.values() if t.group == group)


def _dated(raw: dict, references: dict[str, Reference]) -> tuple[DatedValue, ...]:
    return tuple(
        DatedValue(start, entry["value"], references[entry["reference"]], entry.get("clause", ""))
        for start, entry in sorted(raw.items())
    )


def _file_thresholds(path: Path) -> list[Threshold]:
    raw = read_yaml(path)
    references = {key: Reference(**value) for key, value in raw["references"].items()}
    areas = (raw["area"],) if isinstance(raw["area"], str) else tuple(raw["area"])
    common = {"areas": areas, "file": path.name, "checked_on": raw["checked_on"]}
    return [
        Threshold(id=name, **common, **{**fields, "values": _dated(fields["values"], references)})
        for name, fields in raw["thresholds"].items()
    ]


@cache
def _all_thresholds() -> tuple[Threshold, ...]:
    return tuple(t for path in sorted(FOLDER.glob("*.yaml")) for t in _file_thresholds(path))


@cache
def law_for(area: str = "") -> Law:
    """Return the law of an area (a county code or its first digits).

    Precedence, later wins: national, province (2 digits), city (4), county (6).
    """
    chain = [NATIONAL, *(area[:digits] for digits in (2, 4, 6) if len(area) >= digits)]
    merged: dict[str, Threshold] = {}
    for level in chain:
        for threshold in _all_thresholds():
            if level in threshold.areas:
                merged[threshold.id] = threshold
    return Law(merged, area)
