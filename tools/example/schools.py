"""Schools of a fictional county: one row per school and stage, the same school every year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tools.example import limits, words
from tools.example.conditions import Conditions, built_for, draw_conditions
from tools.example.furnishings import furnishings
from tools.example.profiles import Profile

PRIMARY, JUNIOR = "primary", "junior"
STAGES_OF = {
    "小学": (PRIMARY,),
    "教学点": (PRIMARY,),
    "初级中学": (JUNIOR,),
    "九年一贯制学校": (PRIMARY, JUNIOR),
    "完全中学": (JUNIOR,),
    "十二年一贯制学校": (PRIMARY, JUNIOR),
}
SIZES = {
    PRIMARY: {"城区": (900, 1500), "镇区": (350, 800), "乡村": (60, 240)},
    JUNIOR: {"城区": (650, 1100), "镇区": (300, 650), "乡村": (85, 220)},
}
SITE_SIZES = (16, 48)
USUAL_CLASS = {PRIMARY: 38, JUNIOR: 43}
TRENDS = {PRIMARY: (-0.025, 0.005), JUNIOR: (-0.01, 0.015)}
AREAS = ("teaching_area", "sports_area", "multimedia_classrooms")
RESOURCES = (
    *("teachers_above_standard_degree", "backbone_teachers", "pe_art_teachers"),
    *("teaching_area", "sports_area", "equipment_value", "multimedia_classrooms"),
)
NONE_DRAWN = Conditions()
REFERENCE_YEAR = 2023  # the year in which a drawn size is the size


@dataclass(frozen=True)
class Unit:
    """One stage of one school; rates: each resource per pupil."""

    code: str
    name: str
    kind: str
    stage: str
    location: str
    built: int
    size: int
    trend: float
    class_size: float
    rates: dict[str, float]
    is_weak: bool = False
    note: str = ""
    conditions: Conditions = NONE_DRAWN

    def enrolment(self, year: int) -> int:
        """Return the pupils of a calendar year."""
        return round(self.size * (1 + self.trend) ** (year - REFERENCE_YEAR))

    def values(self, year: int) -> dict[str, float]:
        """Return what the school sheet asks for; rooms and areas do not shrink with enrolment."""
        pupils = self.enrolment(year)
        most = max(pupils, self.size, self.enrolment(REFERENCE_YEAR - 5))
        figures: dict[str, float] = {
            "enrolment": pupils,
            "classes": math.ceil(pupils / self.class_size),
        }
        for code in RESOURCES:
            amount = self.rates[code] * (most if code in AREAS else pupils)
            is_value = code == "equipment_value"
            figures[code] = round(amount, 2) if is_value else math.ceil(round(amount, 6))
        rooms_for = math.ceil(most / self.class_size)
        figures |= self.conditions.values(pupils, int(figures["classes"]), rooms_for)
        place = (self.code, self.stage)
        return figures | furnishings(place, self.kind, pupils, figures[RESOURCES[0]])


def _location(kind: str, number: int, of: int) -> str:
    if kind == "教学点":
        return "乡村"
    place = (number - 0.5) / of
    return "城区" if place < 0.25 else "镇区" if place < 0.6 else "乡村"


def _rates(profile: Profile, stage: str, rng: Random) -> dict[str, float]:
    level = 1 + profile.margin / 2
    figures = {}
    for code in RESOURCES:
        name = f"{code}_{stage}"
        limit = limits.latest(name) / (100 if limits.is_per_hundred(name) else 1)
        factor = level * rng.lognormvariate(0, profile.spread)
        figures[code] = limit * (max(factor, 1.02) if profile.every_school else factor)
    return figures


def _weakened(rates: dict[str, float]) -> dict[str, float]:
    """Draw a small site without a sports ground worth the name, and with few rooms."""
    return rates | {code: rates[code] * 0.5 for code in ("sports_area", "teaching_area")}


def _size(kind: str, stage: str, location: str, rng: Random) -> int:
    return rng.randint(*(SITE_SIZES if kind == "教学点" else SIZES[stage][location]))


def _school(profile: Profile, kind: str, place: tuple[str, str, str], rng: Random) -> list[Unit]:
    code, name, location = place
    built, is_weak = rng.randint(1978, 2017), False
    boards = location == "乡村" and kind != "教学点" and rng.random() < 0.5
    units = []
    for stage in STAGES_OF[kind]:
        size, rates = _size(kind, stage, location, rng), _rates(profile, stage, rng)
        trend = rng.uniform(*TRENDS[stage])
        class_size = USUAL_CLASS[stage] * profile.class_size * rng.uniform(0.94, 1.06)
        note = f"{words.FICTIONAL}；寄宿制" if boards else words.FICTIONAL
        common = (code, name, kind, stage, location, built)
        units.append(Unit(*common, size, trend, class_size, rates, is_weak, note))
    return [_furnished(profile, unit, sum(u.size for u in units)) for unit in units]


def _furnished(profile: Profile, unit: Unit, pupils: int) -> Unit:
    """Add what is drawn apart, so that the other draws stay as they are."""
    rng = Random(f"{unit.code}/{unit.stage}/{unit.size}/{unit.trend}")
    built = built_for(profile, unit.kind, unit.built, pupils)
    drawn = draw_conditions(profile, unit.stage, (unit.location, built), rng)
    return replace(unit, built=built, conditions=drawn)


def _all(county: str, profile: Profile, rng: Random) -> Iterator[Unit]:
    serial = 0
    for kind, count in profile.schools:
        for number in range(1, count + 1):
            serial += 1
            location = _location(kind, number, count)
            place = (f"{county}{serial:04}", words.school_name(kind, number), location)
            yield from _school(profile, kind, place, rng)


def draw_schools(county: str, profile: Profile, rng: Random) -> tuple[Unit, ...]:
    """Draw a county's schools; the first sites are the weak or the empty ones."""
    units = list(_all(county, profile, rng))
    sites = [index for index, unit in enumerate(units) if unit.kind == "教学点"]
    for index in sites[: profile.weak_sites]:
        unit = units[index]
        units[index] = Unit(**{**vars(unit), "rates": _weakened(unit.rates), "is_weak": True})
    if profile.has_zeros:
        units[sites[0]] = Unit(**{**vars(units[sites[0]]), "size": 0})
    return tuple(units)
