"""Comments beside cells: nothing is read from them, so what they say is told."""

import re
from collections.abc import Callable, Mapping

from dudao.base.short_lists import name_first
from dudao_pipeline.intake.cell_reading import parse, shown
from dudao_pipeline.intake.personal_data import traces
from dudao_pipeline.intake.sheet import address

SHOWN = 3  # comments that a sentence repeats
_DAY = re.compile(
    r"(?:19|20)\d\d(?:年|[-/.]\d)[-/.\d月日号]*|(?<!\d)\d{1,2}月(?:\d{1,2}[日号])?"
    r"|(?<![\d.,])(?:19|20)\d\d(?![\d.,])"
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def says_another_figure(comment: str, text: str) -> bool:
    """Say whether a comment has a figure, no date, that its cell, blank or a figure, has not."""
    parsed = parse(text)
    numbers = {float(n.replace(",", "")) for n in _NUMBER.findall(_DAY.sub("", comment))}
    return parsed is not None and bool(numbers - {parsed.value})


def tell_comments(
    comments: Mapping[tuple[int, int], str], text_at: Callable[[int, int], str]
) -> tuple[str, list[tuple[int, int]]]:
    """Return comments in words, and the cells whose comment says another figure, which are first.

    text_at: gives the text of a cell.
    """
    other = [at for at in sorted(comments) if says_another_figure(comments[at], text_at(*at))]
    order = [*other, *(at for at in sorted(comments) if at not in other)]
    listed = [
        f"{address(*at)}“{'（含个人信息）' if traces(comments[at]) else shown(comments[at])}”"
        for at in order
    ]
    return name_first(listed, SHOWN, "格"), other
