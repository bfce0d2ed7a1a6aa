"""How the counties of a province lie on each indicator: a strip per check, as small SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from dudao.base.rounding import fixed, plain
from dudao.show.words import OPERATORS

WIDTH, HEIGHT, MARGIN = 360, 22, 6


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


def _path(places: Sequence[float], top: int, bottom: int) -> str:
    """Return one path for many marks: a page of a hundred counties stays small."""
    return "".join(f"M{plain(place, 1)} {top}V{bottom}" for place in sorted(set(places)))


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

    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return MARGIN + share * (WIDTH - 2 * MARGIN)

    failing = [place(check["value"]) for check in checks if check["result"] == "not_met"]
    others = [place(check["value"]) for check in checks if check["result"] != "not_met"]
    unit, decimals = first["unit"], first["decimals"]
    limit = (
        f"{OPERATORS[first['compare']]}{plain(threshold)}{unit}" if threshold is not None else ""
    )
    return Strip(
        "、".join(first["points"]),
        first["label"],
        limit,
        f"{fixed(min(values), decimals)}{unit}",
        f"{fixed(median(values), decimals)}{unit}",
        f"{fixed(max(values), decimals)}{unit}",
        len(failing),
        len(checks),
        _path(others, 6, 16),
        _path(failing, 1, 21),
        None if threshold is None else round(place(threshold), 1),
    )
