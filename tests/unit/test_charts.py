"""Charts are looked at before they are read: no text on text or out of the frame, one message."""

from __future__ import annotations

import ast
import itertools
from functools import cache

import nbformat
import pytest
from matplotlib.colors import to_rgb

from dudao.base.errors import DudaoError
from dudao.show import charts, plot
from dudao.show.schools.school_charts import DOTS
from tests.chart_boxes import measured
from tests.house_style.source import notebook_paths

COUNTIES = ("990102", "990105")  # one with all figures, one with many gaps
DRAWING = {
    *("against_standard", "against_own_standard", "cost_sharing", "lorenz"),
    *("pay", "peers_strip", "per_pupil_trend", "point_tiles", "problems_chart"),
    *("recruitment", "strip"),
}


def _draws(node: ast.stmt) -> bool:
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return any((getattr(f, "attr", "") or getattr(f, "id", "")) in DRAWING for f in calls)


def draw_all(path, county: str) -> dict[str, list[str]]:
    """Run what a notebook computes and draws, without its tables; return each chart's faults."""
    scope: dict = {}
    with measured() as found:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            for node in ast.parse(cell.source).body:
                if not isinstance(node, ast.Expr) or _draws(node):
                    exec(compile(ast.Module([node], []), path.name, "exec"), scope)
            if "parameters" in cell.metadata.get("tags", ()):
                scope["county"] = county
    return found


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("path", notebook_paths(), ids=lambda path: path.stem)
def test_no_text_of_a_chart_lies_on_another_or_leaves_the_frame(path, county):
    try:
        found = draw_all(path, county)
    except DudaoError:  # a notebook without data of its own does not run for such a county
        assert county != COUNTIES[0]
        return
    assert found
    assert {alt: faults for alt, faults in found.items() if faults} == {}


# How somebody without red (protanopia) or green (deuteranopia) cones sees linear RGB:
# Machado, Oliveira and Fernandes, 2009, table 1, severity 1.0.
SIGHT = {
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
APART = 15  # CIE76; ten times what is just noticed side by side


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


@cache
def _lab(colour: str, sight: str) -> tuple[float, float, float]:
    rgb = [_linear(value) for value in to_rgb(colour)]
    seen = [
        min(max(sum(f * v for f, v in zip(row, rgb, strict=True)), 0), 1) for row in SIGHT[sight]
    ]
    r, g, b = seen
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = ((t ** (1 / 3)) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(
    "colours",
    [
        {name: charts.RESULTS[name] for name in ("met", "not_met", "undecided", "not_applicable")},
        {"county": charts.COUNTY, "nation": charts.NATION},
        charts.TIERS,
        DOTS,
    ],
    ids=["results", "lines", "tiers", "dots"],
)
def test_colours_of_a_chart_are_told_apart(colours, sight):
    for one, other in itertools.combinations(colours.values(), 2):
        pairs = zip(_lab(one, sight), _lab(other, sight), strict=True)
        distance = sum((a - b) ** 2 for a, b in pairs) ** 0.5
        assert distance >= APART, (one, other, distance)


def _contrast(colour: str) -> float:
    r, g, b = (_linear(value) for value in to_rgb(colour))
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)


def test_words_in_the_colour_of_a_result_are_read_on_white():
    assert min(map(_contrast, (*charts.RESULTS.values(), charts.COUNTY, plot.MUTED))) >= 4.5
