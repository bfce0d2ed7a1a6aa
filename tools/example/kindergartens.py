"""Kindergartens of a fictional county: three kinds, and some recognised as 普惠 year by year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from tools.example import limits, words
from tools.example.profiles import Profile
from tools.example.schools import REFERENCE_YEAR

PUBLIC, INCLUSIVE, OTHER = "公办", "普惠性民办", "非普惠民办"
SIZES = {"城区": (150, 260), "镇区": (90, 180), "乡村": (30, 80)}
USUAL_CLASS = 26
RECOGNISED_SIZE = (90, 100)
AREAS = ("outdoor_area", "activity_room_area", "kindergarten_building_area")
RENEWED, NEW_SITES = (2017, 2022), 0.2  # planning years, and share, of the newest
MOST_YEARS_BACK = 7
CRAMPED = 3  # one of so many older ones has too little room


@dataclass(frozen=True)
class Kindergarten:
    """One kindergarten; since: the year it was recognised as inclusive, 0 for always."""

    code: str
    name: str
    final_kind: str
    location: str
    built: int
    size: float
    trend: float
    class_size: float
    per_teacher: float
    since: int = 0
    on_farm: bool = False
    areas: dict[str, float] = field(default_factory=dict)

    def kind(self, year: int) -> str:
        """Return the kind in a calendar year."""
        return OTHER if self.since > year else self.final_kind

    def values(self, year: int) -> dict[str, int]:
        """Return what the kindergarten sheet asks for."""
        children = round(self.size * (1 + self.trend) ** (year - REFERENCE_YEAR))
        return {
            "enrolment": children,
            "classes": math.ceil(children / self.class_size),
            "full_time_teachers": math.ceil(children / self.per_teacher),
            **self.areas,
        }


def _location(number: int, of: int) -> str:
    place = (number - 0.5) / of
    return "城区" if place < 0.4 else "镇区" if place < 0.7 else "乡村"


def _one(profile: Profile, place: tuple, rng: Random) -> Kindergarten:
    code, name, kind, location, on_farm = place
    limit, margin = limits.latest("children_per_teacher"), profile.margin
    slack = margin / 2 if margin >= 0 else margin * 1.5
    return Kindergarten(
        code=code,
        name=name,
        final_kind=kind,
        location=location,
        built=rng.randint(1985, 2017),
        size=rng.randint(*SIZES[location]),
        trend=rng.uniform(-0.035, -0.01),
        class_size=USUAL_CLASS * profile.class_size * rng.uniform(0.92, 1.08),
        per_teacher=limit * (1 - slack) * rng.uniform(0.92, 1),
        on_farm=on_farm,
    )


def _all(county: str, profile: Profile, rng: Random) -> Iterator[Kindergarten]:
    serial = 0
    for kind, count in profile.kindergartens:
        for number in range(1, count + 1):
            serial += 1
            on_farm = kind == PUBLIC and number == count > 1
            name = words.kindergarten_name(serial, on_farm)
            place = (f"{county}{5000 + serial}", name, kind, _location(number, count), on_farm)
            yield _one(profile, place, rng)


def _recognised(all_: list[Kindergarten], years: range, rng: Random) -> list[Kindergarten]:
    """Let one inclusive kindergarten be recognised in each year, the last ones first."""
    inclusive = [k for k in all_ if k.final_kind == INCLUSIVE][-len(years) :]
    since = dict(zip((k.code for k in inclusive), years, strict=False))
    return [
        replace(k, since=since[k.code], size=rng.randint(*RECOGNISED_SIZE))
        if k.code in since
        else k
        for k in all_
    ]


def _scaled(all_: list[Kindergarten], public: float) -> list[Kindergarten]:
    """Scale the public ones to their wanted share of the children."""
    own = sum(k.size for k in all_ if k.final_kind == PUBLIC)
    others = sum(k.size for k in all_) - own
    if not others:
        return all_
    factor = public / (1 - public) * others / own
    return [replace(k, size=k.size * factor) if k.final_kind == PUBLIC else k for k in all_]


def _built(one: Kindergarten, serial: int, profile: Profile, rng: Random) -> Kindergarten:
    """Renew some sites, and give each its areas: they do not shrink with the children."""
    built = rng.randint(*RENEWED) if rng.random() < NEW_SITES else one.built
    children = one.size * (1 + min(one.trend, 0)) ** (-MOST_YEARS_BACK)
    is_cramped = built < RENEWED[0] and serial % CRAMPED == 1
    level = 1 + (profile.margin / 2 if profile.margin >= 0 else 1.6 * profile.margin)
    areas = {}
    for code in AREAS:
        factor = level * rng.uniform(1.02, 1.15)
        factor *= 0.6 if is_cramped else 1
        areas[code] = math.ceil(limits.latest(code) * children * factor)
    return replace(one, built=built, areas=areas)


def draw_kindergartens(
    county: str, profile: Profile, rng: Random, years: range
) -> tuple[Kindergarten, ...]:
    """Draw a county's kindergartens for a timeline of calendar years."""
    figures = _recognised(list(_all(county, profile, rng)), years, rng)
    figures = _scaled(figures, profile.public)
    return tuple(_built(one, serial, profile, rng) for serial, one in enumerate(figures))
