"""Counties beside one another: by province and city, by point, and as strips of each check."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from dudao.base.rounding import fixed, plain
from dudao.show.words import limit_words
from dudao_pipeline.publish.amounts import limit_text

COUNTED = ("met", "not_met", "undecided", "not_applicable")
DIRECT = "省直辖"
WIDTH, HEIGHT, MARGIN = 360, 22, 6  # of a strip
Cell = tuple[str, str, str]  # value, result, and its word where it is not met


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

    @cached_property
    def real(self) -> "Group":
        """Return the group without its fictional counties: nothing is summed over those."""
        return replace(self, counties=tuple(c for c in self.counties if not c["fictional"]))

    @property
    def invented(self) -> int:
        """Return how many of the counties are fictional."""
        return len(self.counties) - len(self.real.counties)

    @property
    def fictional(self) -> bool:
        """Say whether all figures are invented."""
        return self.invented == len(self.counties)


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


@dataclass(frozen=True)
class PointTable:
    """One point over counties: heads of its checks, then county, result of the point, cells."""

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[dict, str, tuple[Cell, ...]], ...]


def _head(check: dict) -> str:
    unit = f"（{check['unit']}）" if check["unit"] else ""
    limit = limit_words(check["compare"], check["threshold"])
    return "，".join(filter(None, (f"{check['label']}{unit}", limit)))


def _cell(check: dict | None) -> Cell:
    if check is None:
        return "", "", ""
    value, result = check["value"], check["result"]
    word = check["result_text"] if result == "not_met" else ""
    return ("" if value is None else fixed(value, check["decimals"])), result, word


def point_tables(counties: Sequence[dict], notebook: str) -> list[PointTable]:
    """Return one table per point of an indicator, counties in the order given."""
    shown = [county for county in counties if notebook in county["checks"]]
    titles = {
        point["id"]: point["title"]
        for county in shown
        for point in county["points"]
        if point["notebook"] == notebook
    }
    return [_point_table(shown, notebook, point, titles[point]) for point in titles]


def _point_table(counties: Sequence[dict], notebook: str, point: str, title: str) -> PointTable:
    heads: dict[tuple[str, str], str] = {}
    rows = []
    for county in counties:
        of_point = (c for c in county["checks"][notebook] if point in c["points"])
        checks = {(c["check"], c["label"]): c for c in of_point}
        for name, check in checks.items():
            heads.setdefault(name, _head(check))
        result = next((p["result"] for p in county["points"] if p["id"] == point), "")
        rows.append((county, result, checks))
    cells = tuple(
        (county, result, tuple(_cell(checks.get(name)) for name in heads))
        for county, result, checks in rows
    )
    return PointTable(point, title, tuple(heads.values()), cells)


def indicator_counts(counties: Sequence[dict], notebook: str) -> dict[str, int]:
    """Return the number of points of one indicator by result, over counties."""
    return counts(
        point for county in counties for point in county["points"] if point["notebook"] == notebook
    )


@dataclass(frozen=True)
class Strip:
    """One check over counties: its words, and marks at horizontal places from 0 to WIDTH.

    failing, passing: path data of the marks of counties; limit: place of the standard or None.
    """

    point: str
    label: str
    limit_text: str
    lowest: str
    middle: str
    highest: str
    failed: int
    counties: int
    passing: str
    failing: str
    limit: float | None


def _path(marks: Sequence[float], top: int, bottom: int) -> str:
    """Return one path for many marks: a page of a hundred counties stays small."""
    return "".join(f"M{plain(x, 1)} {top}V{bottom}" for x in sorted(set(marks)))


def strips(counties: Sequence[dict], notebook: str) -> list[Strip]:
    """Return one strip per check of a notebook that at least two counties report."""
    by_check: dict[tuple[str, str], list[dict]] = {}
    for county in counties:
        for check in county["checks"].get(notebook, ()):
            if check["value"] is not None:
                by_check.setdefault((check["check"], check["label"]), []).append(check)
    return [_strip(checks) for checks in by_check.values() if len(checks) > 1]


def _strip(checks: Sequence[dict]) -> Strip:
    first = checks[0]
    values = [check["value"] for check in checks]
    threshold = first["threshold"]
    ends = [*values, *([threshold] if threshold is not None else [])]
    low, high = min(ends), max(ends)

    def x_of(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return MARGIN + share * (WIDTH - 2 * MARGIN)

    failing = [x_of(check["value"]) for check in checks if check["result"] == "not_met"]
    others = [x_of(check["value"]) for check in checks if check["result"] != "not_met"]
    unit, decimals = first["unit"], first["decimals"]
    return Strip(
        "、".join(first["points"]),
        first["label"],
        limit_text(first),
        f"{fixed(min(values), decimals)}{unit}",
        f"{fixed(median(values), decimals)}{unit}",
        f"{fixed(max(values), decimals)}{unit}",
        len(failing),
        len(checks),
        _path(others, 6, 16),
        _path(failing, 1, 21),
        None if threshold is None else round(x_of(threshold), 1),
    )
