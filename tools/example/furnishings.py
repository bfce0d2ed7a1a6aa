"""Teachers, computers and books of a fictional school: what basic balance asks of each."""

from __future__ import annotations

import math
from random import Random

PUPILS_PER_TEACHER = {"primary": 16.5, "junior": 12.8}
COMPUTERS_PER_PUPIL, BOOKS_PER_PUPIL = (0.11, 0.19), (22, 38)
ABOVE_DEGREE, TITLED = 0.96, (0.45, 0.7)  # of the teachers
SHARED = ("school_computers", "school_books")
SHARING_KIND = "九年一贯制学校"


def _at(place: tuple[str, str], pupils: int, above_degree: float) -> dict[str, float]:
    rng = Random("/".join((*place, "furnishings")))
    teachers = math.ceil(max(pupils / PUPILS_PER_TEACHER[place[1]], above_degree / ABOVE_DEGREE))
    return {
        "school_teachers": teachers,
        "middle_title_teachers": round(teachers * rng.uniform(*TITLED)),
        "school_computers": math.ceil(pupils * rng.uniform(*COMPUTERS_PER_PUPIL)),
        "school_books": math.ceil(pupils * rng.uniform(*BOOKS_PER_PUPIL)),
    }


def furnishings(
    place: tuple[str, str], kind: str, pupils: int, above_degree: float
) -> dict[str, float]:
    """Return the four columns of a school's stage; place: its code and the stage.

    A nine-year school reports what both stages use in the row of primary, for about as many
    pupils again; the row of junior says that it does not apply (NaN).
    """
    figures = _at(place, pupils, above_degree)
    if kind != SHARING_KIND:
        return figures
    is_first = place[1] == "primary"
    return figures | {code: figures[code] * 2 if is_first else math.nan for code in SHARED}
