"""Formulas of a page, which are MathML there, in typst's notation."""

import json
import re

from bs4 import Tag

_BUILT = {  # element -> how its parts are put together
    "mfrac": "frac({}, {})",
    "mroot": "root({1}, {0})",
    "msub": "{} _({})",
    "msup": "{} ^({})",
    "msubsup": "{} _({}) ^({})",
    "munder": "{} _({})",
    "munderover": "{} _({}) ^({})",
}
_ACCENTS = {"¯": "macron", "^": "hat", "~": "tilde", "˙": "dot", "→": "arrow"}
_ROWS = ("math", "mrow", "mstyle", "msqrt")
_LEAVES = ("mi", "mn", "mo", "mtext")
_AS_IT_IS = re.compile(r"[A-Za-z]|\d+(?:\.\d+)?|[-+=|()\[\]<>*!.×−≤≥·∑Δ]")


class UnknownElementError(ValueError):
    """A formula uses what is not translated."""


def typst_math(node: Tag) -> str:
    """Return a formula as typst sets it; UnknownElementError where an element is not known."""
    if node.name in _LEAVES and not node.get_text().startswith("\\"):
        text = node.get_text()
        return text if _AS_IT_IS.fullmatch(text) else json.dumps(text, ensure_ascii=False)
    if node.name == "mspace":
        return "quad " * round(float(node.get("width", "1em").removesuffix("em")))
    parts = [typst_math(part) for part in node.find_all(recursive=False)]
    if node.name in _ROWS:
        row = " ".join(parts).replace('" "', "")  # the signs of a Chinese word are one text
        return f"sqrt({row})" if node.name == "msqrt" else row
    try:
        if node.name == "mover":
            return f"{_ACCENTS[node.contents[1].get_text()]}({parts[0]})"
        return _BUILT[node.name].format(*parts)
    except (KeyError, IndexError):
        raise UnknownElementError(node.name) from None
