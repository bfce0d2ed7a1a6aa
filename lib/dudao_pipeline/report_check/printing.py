"""A report's text with its figures, as every rule of relations looks at it; a relation as found."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dudao_pipeline.report_check.arithmetic import Printed
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE
from dudao_pipeline.report_check.rules import words

DOUBT, UNCHECKED = "doubt", "unchecked"
SUM, GROWTH_OF, DIFFERENCE, SHARE_OF, POINTS_OF = "sum", "growth", "difference", "share", "points"
EQUAL, RATIO_OF, YEARLY_GROWTH, QUALIFIER = "equal", "ratio", "yearly_growth", "qualifier"


@dataclass(frozen=True)
class Relation:
    """One relation between figures, by index, and how it holds.

    `figures` names the figure in doubt, or the derived one, first. `status` is follows,
    within_rounding, contradicts, doubt or unchecked. `expected` is what the others give. `formula`
    says how figure `of` follows from others, by index (#0+#1). `is_stated`: words leave no doubt.
    """

    figures: tuple[int, ...]
    relation: str
    status: str
    expected: str = ""
    message: str = ""
    slip: str = ""
    of: int = -1
    formula: str = ""
    is_stated: bool = False


def _digits(one: Figure) -> str:
    """Return the digits of a figure, in which a slip is looked for; nothing for 三十六 and 15:1."""
    return one.printed if _DIGITS.fullmatch(one.printed) else ""


_LEAST_LEFT = 10  # a smaller number is the same as another by chance
_TELLING, _FEW_PARTS = 3, 3  # digits of a number that is hardly the same by chance; parts
MYRIAD = 1e4
_DIGITS = re.compile(r"-?[\d, ]+(?:\.[\d ]+)?")


@dataclass
class Printing:
    """The plain text of a report with its figures: what every rule looks at."""

    text: str
    figures: tuple[Figure, ...]
    sentence_ends: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.sentence_ends = tuple(
            match.start() for match in re.finditer(r"[。；！？\n]", self.text)
        )

    def gap(self, index: int) -> str:
        """Return the text between the figure before and this one."""
        start = self.figures[index - 1].until if index else max(0, self.figures[0].at - 60)
        return self.text[start : self.figures[index].at]

    def sentence(self, index: int) -> int:
        """Return the number of the sentence in which a figure stands."""
        return self._sentences[index]

    @cached_property
    def _sentences(self) -> list[int]:
        return [bisect_right(self.sentence_ends, one.at) for one in self.figures]

    def printed(self, index: int) -> Printed:
        """Return a figure for arithmetic, in the base unit of its dimension."""
        return self._printed[index]

    @cached_property
    def _printed(self) -> list[Printed]:
        return [Printed(one.size, one.step, _digits(one)) for one in self.figures]

    def number(self, index: int) -> Printed:
        """Return a figure for arithmetic, in the unit as printed."""
        one = self.figures[index]
        half = 0.0 if one.is_counted else 0.5 * 10.0**-one.decimals
        return Printed(one.value, half, _digits(one))

    def shown(self, *indices: int) -> str:
        """Return figures as a reader would say them."""
        return "、".join(self.figures[index].shown for index in indices)

    @cached_property
    def _by_size(self) -> dict[tuple[str, float], list[int]]:
        out: dict[tuple[str, float], list[int]] = {}
        for index, one in enumerate(self.figures):
            out.setdefault((one.dimension, round(one.size, 4)), []).append(index)
        return out

    @cached_property
    def _rounded(self) -> dict[tuple[str, float], dict[int, list[int]]]:
        """Return the figures in 万 or 亿, by dimension and by how many last digits they are.

        The key of the first level is the dimension with the size of one in the last digit.
        """
        out: dict[tuple[str, float], dict[int, list[int]]] = {}
        for index, one in enumerate(self.figures):
            if one.factor >= MYRIAD and one.step > 0:
                digits = round(one.size / (2 * one.step))
                key = one.dimension, 2 * one.step
                out.setdefault(key, {}).setdefault(digits, []).append(index)
        return out

    def _printed_for(self, dimension: str, size: float) -> list[int]:
        """Return the figures that may be printed for a size: equal, rounded, or cut off."""
        out = list(self._by_size.get((dimension, round(size, 4)), ()))
        for (measured, unit), by_digits in self._rounded.items():
            if measured == dimension:
                for digits in {int(size // unit), round(size / unit)}:
                    out += by_digits.get(digits, ())
        return out

    def adds_up_elsewhere(self, total: int, parts: Sequence[int]) -> bool:
        """Say whether parts add up to another figure than a total, or one is the total itself.

        A sum of few digits is the same as another by chance, unless it is of many parts.
        """
        whole = self.figures[total]
        are_changes = all(self.figures[i].kind == CHANGE for i in (total, *parts))
        if not are_changes and any(self.figures[i].size == whole.size for i in parts):
            return True
        added_up = sum(self.figures[i].size for i in parts)
        if added_up < whole.size and self._is_known_part(total, parts, added_up):
            return True
        least = _TELLING - (len(parts) > _FEW_PARTS)
        printed = [
            i
            for dimension in (_HEADS if whole.dimension in _HEADS else (whole.dimension,))
            for i in self._printed_for(dimension, added_up)
        ]
        others = [
            re.sub(r"\D", "", self.figures[i].printed).strip("0")
            for i in printed
            if i != total and i not in parts
        ]
        same = re.sub(r"\D", "", whole.printed).strip("0")  # 76350元 for 7.635亿元
        return any(len(digits) >= least and digits != same for digits in others)

    def _is_known_part(self, total: int, parts: Sequence[int], added_up: float) -> bool:
        """Say whether the text prints what parts leave out of a total, or which share they are.

        学校55所，其中省一级13所、市一级23所、区一级9所，等级率81.8%: the others have no grade.
        """
        whole, last = self.figures[total], parts[-1]
        left = whole.size - added_up
        for i in range(min(total, parts[0]) + 1, min(len(self.figures), max(total, last) + 3)):
            one = self.figures[i]
            if i in (total, *parts) or self.line(i) != self.line(total):
                continue
            if one.dimension == whole.dimension and one.size == left >= _LEAST_LEFT:
                return True
            share = 100 * added_up / whole.size
            is_share = one.dimension == "percent" and one.decimals > 0
            if is_share and abs(one.value - share) <= 0.5 * 10.0**-one.decimals + 1e-9:
                return True
        return False

    def between(self, one: int, other: int) -> str:
        """Return the text between two figures, whichever comes first."""
        first, last = sorted((one, other))
        return self.text[self.figures[first].until : self.figures[last].at]

    def line(self, index: int) -> int:
        """Return where the line of a figure starts."""
        return self._lines[index]

    @cached_property
    def _lines(self) -> list[int]:
        ends = [match.end() for match in re.finditer("\n", self.text)]
        starts = [0, *ends]
        return [starts[bisect_right(ends, one.at)] for one in self.figures]


_HEADS = ("persons", "person_times", "copies")  # 有效问卷107份: of 107 persons


def in_unit(size: float, like: Figure) -> str:
    """Return a size of the base unit in the unit of a figure, with its decimals and two more."""
    value = size / like.factor
    decimals = max(like.decimals, 2)
    return with_unit(f"{round(value, decimals):.{decimals}f}".rstrip("0").rstrip("."), like.unit)


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit as a reader writes it: 16:1, 1:16, 30册."""
    if unit in ("1比", "比1"):
        return f"1:{number}" if unit == "1比" else f"{number}:1"
    return f"{number}{unit}"


def added(inputs: Sequence[int]) -> str:
    """Return the sum of figures as 报告所列数据 writes it."""
    return "+".join(f"#{index}" for index in inputs)


def plain_number(value: float) -> str:
    """Return a number as a reader would write it, without zeros at its end."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


NOT_BASE = re.compile("|".join(map(re.escape, words().not_comparable)))
