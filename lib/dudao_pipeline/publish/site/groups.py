"""Counties by province and city, with how many of their points come to each result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

COUNTED = ("met", "not_met", "undecided", "not_applicable")
DIRECT = "省直辖"


@dataclass(frozen=True)
class Group:
    """Counties that share the first digits of their codes, in the order of the codes."""

    code: str
    name: str
    counties: tuple[dict, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return the number of points by result, over all counties."""
        return counts(point for county in self.counties for point in county["points"])

    @property
    def fictional(self) -> bool:
        """Say whether a reader must be warned of invented figures."""
        return any(county["fictional"] for county in self.counties)


def counts(points: Iterable[dict]) -> dict[str, int]:
    """Return the number of points by result, results that are shown only."""
    counted = Counter(point["result"] for point in points)
    return {name: counted[name] for name in COUNTED}


def _grouped(counties: Sequence[dict], digits: int, name: Callable[[dict], str]) -> list[Group]:
    by_code: dict[str, list[dict]] = {}
    for county in sorted(counties, key=lambda county: county["county"]):
        by_code.setdefault(county["county"][:digits], []).append(county)
    return [Group(code, name(members[0]), tuple(members)) for code, members in by_code.items()]


def provinces(counties: Sequence[dict]) -> list[Group]:
    """Group counties by province."""
    return _grouped(counties, 2, lambda county: county["province"])


def cities(counties: Sequence[dict]) -> list[Group]:
    """Group counties by city."""
    return _grouped(counties, 4, lambda county: county["city"] or DIRECT)


def notebooks(counties: Iterable[dict]) -> list[str]:
    """Return the names of the notebooks with checks, in order."""
    return sorted({name for county in counties for name in county["checks"]})
