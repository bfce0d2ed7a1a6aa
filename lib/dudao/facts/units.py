"""Units as printed and as stored: one table, and no conversion that it does not allow.

`dimension` is what a figure of the dictionary is converted within, `factor` how many of its least
unit one is.
"""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("units.csv")
_BLANKS = re.compile(r"\s+")
_SQUARE = re.compile(r"m\^?2", re.IGNORECASE)


def plain(unit: str) -> str:
    """Return a unit as it is compared: no blanks, one width, one sign for square metres."""
    folded = _SQUARE.sub("㎡", unicodedata.normalize("NFKC", unit))
    bare = _BLANKS.sub("", folded).removeprefix("(").removesuffix(")")
    return bare.removeprefix("单位:")


@cache
def table() -> dict[str, tuple[str, float]]:
    """Return dimension and factor of every unit, by the unit as it is compared."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            plain(row["unit"]): (row["dimension"], float(row["factor"]))
            for row in csv.DictReader(file)
        }


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
