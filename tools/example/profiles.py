"""What kind of county to draw: six fixed ones, and as many drawn ones as are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

FULL = (
    *(("小学", 29), ("教学点", 8), ("初级中学", 13)),
    *(("九年一贯制学校", 6), ("完全中学", 3), ("十二年一贯制学校", 1)),
)
SINGLE = (("小学", 1), ("初级中学", 1))
KINDERGARTENS = (("公办", 18), ("普惠性民办", 17), ("非普惠民办", 5))


@dataclass(frozen=True)
class Profile:
    """How a county stands: margins over the law's values, growth, spread between schools.

    margin: 0 is just the limit, 1 the best there is, below 0 fails; wobble is drawn around it.
    failing: thresholds that are missed whatever the margin. flattering: points with a shortfall
    that the county nevertheless rates as met.
    """

    title: str
    margin: float = 0.4
    wobble: float = 0.0
    failing: frozenset[str] = frozenset()
    growth: float = 0.05
    spread: float = 0.15
    every_school: bool = True
    weak_sites: int = 0
    public: float = 0.6
    class_size: float = 1.0
    schools: tuple[tuple[str, int], ...] = FULL
    kindergartens: tuple[tuple[str, int], ...] = KINDERGARTENS
    has_zeros: bool = False
    blank: float = 0.0
    flattering: int = 0


COMPLETE = Profile(
    "各表填报完整，大多数标准达到，少数未达到",
    failing=frozenset({"sleep_hours_junior", "counsellor_coverage"}),
    weak_sites=2,
)
PASSING = Profile("凡有标准的都达到", margin=0.9, growth=0.06, spread=0.08, public=0.7)
FAILING = Profile(
    "支出下降、公办园占比偏低、大班额、校际差距大",
    margin=-0.15,
    growth=-0.06,
    spread=0.9,
    every_school=False,
    public=0.4,
    class_size=1.5,
    flattering=2,
    kindergartens=(("公办", 14), ("普惠性民办", 12), ("非普惠民办", 14)),
)
LONE = Profile("每学段只有一所学校", schools=SINGLE, kindergartens=(("公办", 1),))
ZEROS = Profile("若干分母为零", has_zeros=True)
HALF_EMPTY = Profile("约一半单元格未填", blank=0.5)
STANDARD = (COMPLETE, PASSING, FAILING, LONE, ZEROS, HALF_EMPTY)


def _drawn(rng: Random) -> Profile:
    scale = rng.uniform(0.35, 1.2)
    return Profile(
        "随机抽取的县",
        margin=rng.uniform(-0.05, 0.9),
        wobble=0.3,
        growth=rng.uniform(-0.01, 0.07),
        spread=rng.uniform(0.08, 0.6),
        every_school=rng.random() < 0.4,
        public=rng.uniform(0.42, 0.75),
        class_size=rng.uniform(0.85, 1.25),
        schools=tuple((kind, max(1, round(number * scale))) for kind, number in FULL),
        kindergartens=(
            ("公办", round(18 * scale) + 2),
            ("普惠性民办", round(10 * scale) + 8),
            ("非普惠民办", rng.randint(1, 8)),
        ),
    )


def profile_of(number: int, seed: int) -> Profile:
    """Return the profile of the county with this number, counted from 0."""
    if number < len(STANDARD):
        return STANDARD[number]
    return _drawn(Random(f"{seed}/profile/{number}"))
