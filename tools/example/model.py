"""A fictional county before any table is filled: its schools, sizes and margins."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tools.example.kindergartens import Kindergarten, draw_kindergartens
from tools.example.profiles import Profile
from tools.example.schools import REFERENCE_YEAR, Unit, draw_schools

LAST_YEAR, NEWEST_YEAR = 2024, 2026
MOST_YEARS = 5
# The years of recognition stay when later years are asked for: what is written does not change.
TIMELINE = range(LAST_YEAR - MOST_YEARS - 1, LAST_YEAR + 1)
UPPER_STAGES = {"senior": 0.30, "vocational": 0.12, "special": 0.004}  # of compulsory pupils
_WORST, _BEST = -0.3, 0.95


@dataclass(frozen=True)
class Model:
    """One fictional county; every further number is drawn from a generator of its own key."""

    code: str
    profile: Profile
    seed: int
    units: tuple[Unit, ...]
    kindergartens: tuple[Kindergarten, ...]

    def rng(self, *key: object) -> Random:
        """Return the generator of one quantity, independent of all others."""
        return Random("/".join(map(str, (self.seed, self.code, *key))))

    def margin(self, threshold: str) -> float:
        """Return how far from a threshold this county stands."""
        profile = self.profile
        if threshold in profile.failing:
            return -0.1
        if not profile.wobble:
            return profile.margin
        wobble = self.rng("margin", threshold).uniform(-profile.wobble, profile.wobble)
        return min(max(profile.margin + wobble, _WORST), _BEST)

    def of_stage(self, stage: str) -> list[Unit]:
        """Return the rows of a stage."""
        return [unit for unit in self.units if unit.stage == stage]

    def enrolment(self, stage: str, year: int) -> int:
        """Return a stage's pupils: of its schools, or drawn where no sheet lists the schools."""
        if stage == "preschool":
            return sum(k.values(year)["enrolment"] for k in self.kindergartens)
        if stage not in UPPER_STAGES:
            return sum(unit.enrolment(year) for unit in self.of_stage(stage))
        pupils = sum(unit.size for unit in self.units)
        size = pupils * UPPER_STAGES[stage] * self.rng("size", stage).uniform(0.9, 1.1)
        return round(size * 1.01 ** (year - REFERENCE_YEAR))


def draw(code: str, profile: Profile, seed: int) -> Model:
    """Draw a county of a profile."""
    schools = draw_schools(code, profile, Random(f"{seed}/{code}/schools"))
    rng = Random(f"{seed}/{code}/kindergartens")
    kindergartens = draw_kindergartens(code, profile, rng, TIMELINE)
    return Model(code, profile, seed, schools, kindergartens)
