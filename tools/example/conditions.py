"""Classes, rooms and origin of pupils of a fictional school: what its size and its year ask for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from random import Random

import pandas as pd

from dudao.law import law_for
from dudao.law.exemptions import limits_of_schools
from tools.example.profiles import Profile

MIGRANTS = {"城区": (0.08, 0.25), "镇区": (0.03, 0.10), "乡村": (0.0, 0.04)}
MOST_MORE = 2  # pupils of the largest class above the average
ROOMS = ("music", "art")


@dataclass(frozen=True)
class Conditions:
    """What is drawn for one stage of a school; short: a room of each kind is lacking."""

    more: int = 0
    migrants: float = 0.0
    areas: tuple[float, ...] = (0.0, 0.0)
    short: bool = False

    def values(self, pupils: int, classes: int, most_classes: int) -> dict[str, float]:
        """Return the columns of the school sheet for a year; rooms do not follow enrolment."""
        largest = math.ceil(pupils / classes) + self.more if classes else 0
        figures: dict[str, float] = {
            "largest_class": min(largest, pupils),
            "migrant_pupils": round(pupils * self.migrants),
        }
        for kind, area in zip(ROOMS, self.areas, strict=True):
            per_room = _limit(f"classes_per_{kind}_room")
            rooms = math.ceil(most_classes / per_room) - self.short if classes else 0
            figures[f"{kind}_rooms"] = rooms
            figures[f"{kind}_room_area"] = area if rooms else math.nan  # does not apply
        return figures


@cache
def _limit(name: str, **school) -> float:
    """Return the newest limit of a school, dated exemptions included."""
    rule = law_for()[name]
    row = {"kind": "", "location": "", "built": 0, "enrolment": 1, "largest_class": math.inf}
    rows = pd.DataFrame([{**row, "migrant_pupils": 0, **school}])
    return float(limits_of_schools(rule.values[-1].value, rule.exemptions, rows).iloc[0])


def built_for(profile: Profile, kind: str, built: int, pupils: int) -> int:
    """Return the year a school was built: early enough for its size where all schools comply."""
    rule = "school_size_limit"
    if not profile.every_school or pupils <= _limit(rule, kind=kind, built=built):
        return built
    return max(exemption.built_until for exemption in law_for()[rule].exemptions)


def draw_conditions(
    profile: Profile, stage: str, place: tuple[str, int], rng: Random
) -> Conditions:
    """Draw the conditions of one stage of a school at a location, built in a year."""
    location, built = place
    low, high = (1.0, 1.15) if profile.every_school else (0.8, 1.1)
    limits = (_limit(f"{kind}_room_area_{stage}", built=built) for kind in ROOMS)
    return Conditions(
        more=rng.randint(0, MOST_MORE),
        migrants=rng.uniform(*MIGRANTS[location]),
        areas=tuple(float(math.ceil(limit * rng.uniform(low, high))) for limit in limits),
        short=not profile.every_school and rng.random() < 0.3,
    )
