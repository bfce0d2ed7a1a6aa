"""What a reader sees: Chinese tables, charts in SVG, the font, the results cell."""

from dudao.show.report import show_formula
from dudao.show.results_cell import results

__all__ = ["results", "show_formula"]
