"""Units as printed and as stored: one table, and no conversion that it does not allow.

`dimension` is what a figure of the dictionary is converted within; `thing` is what a report counts
or measures by the unit (a report adds schools to schools, never schools to classes), and
`not_before` what may not follow the unit there: 人 is none before 均. Both may be empty.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("units.csv")
_BLANKS = re.compile(r"\s+")


def plain(unit: str) -> str:
    """Return a unit as it is compared: no blanks, one width, one sign for square metres."""
    folded = unicodedata.normalize("NFKC", unit).replace("m2", "㎡")
    return _BLANKS.sub("", folded).removeprefix("(").removesuffix(")")


@cache
def table() -> dict[str, tuple[str, float]]:
    """Return dimension and factor of every unit, by the unit as it is compared."""
    return {
        plain(row["unit"]): (row["dimension"], float(row["factor"]))
        for row in rows()
        if row["dimension"]
    }


@cache
def rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the table of units: unit, dimension, factor, thing, not_before."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def factor(printed: str, stored: str) -> float | None:
    """Return what a printed figure is multiplied by to be in the stored unit.

    1 for the same unit, and where nothing is printed; None where the table does not connect them:
    such a figure is compared with nothing.
    """
    given, wanted = plain(printed), plain(stored)
    if not given or given == wanted:
        return 1.0
    if given not in table() or wanted not in table():
        return None
    (dimension, size), (same, base) = table()[given], table()[wanted]
    return round(size / base, 12) if dimension == same else None
