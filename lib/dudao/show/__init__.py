"""What a reader sees: Chinese tables, charts in SVG, the font, the results cell."""

from dudao.show.formula import show_formula
from dudao.show.results import results
from dudao.show.tables import Table

__all__ = ["Table", "results", "show_formula"]
