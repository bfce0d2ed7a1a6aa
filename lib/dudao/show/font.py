"""The Chinese font of charts: from a dependency, under a name no system font carries."""

import importlib.util
from functools import cache
from pathlib import Path

from matplotlib import font_manager

FAMILY = "dudao Noto Sans SC"
_WEIGHTS = {"Regular": 400, "Bold": 700}


def folder() -> Path:
    """Return where the font files of charts lie."""
    spec = importlib.util.find_spec("mpl_font")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("mpl_font")
    return Path(spec.origin).parent / "fonts" / "noto"


@cache
def family() -> str:
    """Register the font once and return its family name.

    A system font of the same name would win silently and change every chart.
    """
    for weight_name, weight in _WEIGHTS.items():
        entry = font_manager.FontEntry(
            fname=str(folder() / f"NotoSansCJKsc-{weight_name}.otf"),
            name=FAMILY,
            style="normal",
            variant="normal",
            weight=weight,
            stretch="normal",
            size="scalable",
        )
        font_manager.fontManager.ttflist.append(entry)
    return FAMILY
