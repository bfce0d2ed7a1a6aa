"""Find every figure that a text prints: number, unit, sign, qualifier, what, stage, year, kind.

A number is a figure when a unit follows it, when it stands in a list whose members share a unit,
when it is a rank or a ratio, or when a word that announces a value stands before a decimal. What
`traps.yaml` names is none. What no rule knows is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from dudao_pipeline.report_check.rules import (
    HAN,
    MASK,
    Trap,
    macro,
    pattern,
    traps,
    units,
    word_pattern,
    words,
)
from dudao_pipeline.report_check.text import Plain, Report, plain

ORDINALS = "序数"  # the trap of traps.yaml that a rank stands under: 第3位
_FIGURE = "\ue002"  # stands for a character of a figure or its unit
COUNTY = "全县"
COUNT, LEVEL, SHARE, GROWTH, CHANGE = "count", "level", "share", "growth", "change"
POINTS, RANK, RATIO = "points", "rank", "ratio"

_DIGITS = macro("digits")
_NUMERAL = macro("numeral")
_BEFORE = pattern("before")
_AFTER = pattern("after")
_TAIL = pattern("tail")
_NUMBER = pattern("number")
_RANK = pattern("rank")
_NOT_UNITS_AFTER_NUMERAL = {
    "month",
    "years_of_time",
    "years_of_age",
    "months",
    "weeks",
    "grades",
    "kinds",
    "parallel_classes",
    "towns",
    "villages",
    "counties",
    "cities",
    "provinces",
    "characters",
    "faces",
    "areas",
    "routes",
    "stations",
    "persons_in_family",
    "heads",
    "marks",
    "lectures",
    "articles",
    "orders",
    "pairs_of",
    "terms",
    "metres_",
    "days",
    "batches",
    "rounds",
    "works",
    "groups",
}
_DURATIONS = {"years_of_time", "years_of_age", "months", "weeks"}
_DURATION_WORDS = pattern("duration_words")
_VALUE_WORDS = pattern("value_words")
_COEFFICIENT = pattern("coefficient")
_QUANTITY = pattern("quantity")
_DIGIT = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_PLACE = {"十": 10, "百": 100, "千": 1000}
_LIST_GAP = pattern("list_gap")
_COMPARED_NEXT = pattern("compared_next")
_THAN_LAST_YEAR = pattern("than_last_year")
_MONEY_WORDS = pattern("money_words")
_RANGE_GAP = pattern("range_gap")
_SENTENCE = pattern("sentence")


@dataclass(frozen=True)
class Figure:
    """One printed figure: where it stands in the text as read, and what it says.

    `value` is in `unit` as printed (1.2 and 亿元), negative for a fall; `size` is the same in
    the base unit of its dimension, and `step` half of its last printed digit, in that unit too.
    """

    start: int
    end: int
    printed: str
    value: float
    unit: str
    qualifier: str = ""
    what: str = ""
    stage: str = ""
    year: int | None = None
    kind: str = LEVEL
    decimals: int = 0
    dimension: str = ""
    factor: float = 1.0
    at: int = 0  # in the plain text
    until: int = 0  # in the plain text, with unit and qualifier
    table: int = -1
    row: int = -1
    column: int = -1

    @property
    def size(self) -> float:
        """Return the value in the base unit of its dimension."""
        return self.value * self.factor

    @property
    def step(self) -> float:
        """Return half of the last printed digit, in the base unit; 0 for counted things."""
        if self.is_counted:
            return 0.0
        return 0.5 * 10.0**-self.decimals * self.factor

    @property
    def is_counted(self) -> bool:
        """Say whether the figure counts whole things one by one."""
        return (
            self.decimals == 0
            and self.factor == 1
            and self.dimension
            not in ("money", "percent", "points", "times", "square_metres", "mu", "")
        )

    @property
    def is_exact(self) -> bool:
        """Say whether the figure is printed without 余, 近, 以上 and the like."""
        return not self.qualifier

    @property
    def shown(self) -> str:
        """Return the figure as a reader would say it."""
        return f"{self.printed}{self.unit}"


def numeral(text: str) -> float:
    """Return the value of a numeral in Chinese characters, below ten thousand."""
    total, digit = 0, 0
    if len(text) > 1 and all(character in _DIGIT for character in text):
        return float("".join(str(_DIGIT[character]) for character in text))
    for character in text:
        if character in _DIGIT:
            digit = _DIGIT[character]
        elif character in _PLACE:
            total += (digit or 1) * _PLACE[character]
            digit = 0
    return float(total + digit)


def _numeral_value(text: str) -> tuple[float, str]:
    """Return value and 万 or 亿 of a numeral: 四万亿 is 4 and 万亿, 一百二十 is 120 and nothing."""
    text = text.replace("余", "").replace("多", "")
    body = text.rstrip("万亿")
    multiple = text[len(body) :]
    if re.search("[万亿]", body):
        parts = re.split("(?<=[万亿])", body)
        total = sum(
            numeral(part.rstrip("万亿"))
            * (1e8 if part.endswith("亿") else 1e4 if part.endswith("万") else 1)
            for part in parts[:-1]
        )
        whole = {"万": 1e4, "亿": 1e8}.get(multiple, 1.0)  # 三亿二千万 is 32000 and 万
        return total / whole + numeral(parts[-1]), multiple
    if "点" in body:
        whole, part = body.split("点", 1)
        return float(
            f"{int(numeral(whole))}.{''.join(str(_DIGIT.get(c, 0)) for c in part)}"
        ), multiple
    return numeral(body), multiple


def masked(text: str) -> tuple[str, str]:
    """Return a text of the same length in which what is no figure is masked; with ordinals left.

    A rank stands under an ordinal (第3位), so ranks are looked for in the second text.
    """
    all_masked, with_ordinals = list(text), list(text)
    for trap in traps():
        outs = (all_masked,) if trap.name == ORDINALS else (all_masked, with_ordinals)
        for start, end in _masks(trap, text):
            for out in outs:
                out[start:end] = [c if c == "\n" else MASK for c in text[start:end]]
    return "".join(all_masked), "".join(with_ordinals)


def _masks(trap: Trap, text: str) -> Iterator[tuple[int, int]]:
    for match in trap.pattern.finditer(text):
        before = max(0, match.start() - 12), match.start()
        if trap.unless_before and trap.unless_before.search(text, *before):
            continue
        named = [name for name, value in match.groupdict().items() if value is not None]
        yield match.span(named[0]) if named else match.span()


@dataclass
class _Number:
    """A number while it is being read: it has no unit yet, or is in doubt."""

    at: int
    end: int
    until: int
    value: float
    decimals: int
    multiple: str = ""
    unit: str = ""
    per: str = ""
    qualifier: str = ""
    kind: str = ""
    is_numeral: bool = False
    accepted: bool = False


def _decimals(digits: str) -> int:
    return len(digits.partition(".")[2])


def _sign(text: str, at: int) -> bool:
    """Say whether the minus before a number belongs to it: it follows a word, not a number."""
    if at < 1 or text[at - 1] != "-":
        return False
    before = text[at - 2 : at - 1]
    return not before or not (
        before.isdigit() or before in "%元人所号)）.-" or (before.isascii() and before.isalpha())
    )


_UNIT_PARTS = ("unit", "unit2", "bracketed", "points")


def _tail(text: str, end: int) -> tuple[dict[str, str], int]:
    match = _TAIL.match(text, end)
    if match is None:
        return {}, end
    parts = {name: value or "" for name, value in match.groupdict().items()}
    if not (parts["multiple"] or any(parts[name] for name in _UNIT_PARTS)):
        return {}, end
    return parts, match.end()


def _read_number(text: str, match: re.Match[str]) -> _Number | None:
    at, end = match.span()
    if match["fraction"]:
        raw = match["of"] or match["mille"]
        if raw[0].isdigit():
            value, decimals = float(raw), _decimals(raw)
        else:
            value, decimals = _numeral_value(raw)[0], len(raw.partition("点")[2])
        unit = "%" if match["of"] else "‰"
        return _Number(at, end, end, value, decimals, unit=unit, accepted=True, is_numeral=True)
    if match["ratio"]:
        return _read_ratio(text, match)
    raw = match["digits"] or match["numeral"]
    if match["digits"]:
        clean = raw.replace(",", "").replace(" ", "")
        value, decimals, multiple = float(clean), _decimals(clean), ""
        if _sign(text, at):
            at, value = at - 1, -value
    else:
        value, multiple = _numeral_value(raw)
        decimals = 0
        end -= len(multiple) if value else 0
    parts, until = _tail(text, match.end())
    unit = next((parts[name] for name in _UNIT_PARTS if parts.get(name)), "")
    multiple += parts.get("multiple", "")
    one = _Number(
        at, end, until, value, decimals, multiple, unit, re.sub(r"\s", "", parts.get("per", ""))
    )
    one.qualifier = (
        "余" if parts.get("more") in ("余", "多", "来", "几") or parts.get("more2") else ""
    )
    if match["numeral"]:
        one.is_numeral = True
        if "余" in raw or "多" in raw:
            one.qualifier = "余"
    return one


_RATIO_WORDS = pattern("ratio_words")


def _is_ratio_of_two(text: str, match: re.Match[str]) -> bool:
    sides = match["left"], match["right"]
    said = _RATIO_WORDS.search(text, max(0, match.start() - 8), match.start())
    return bool(match["ratio"] and "1" not in sides and said)


def _read_ratio(text: str, match: re.Match[str]) -> _Number | None:
    left, right = match["left"], match["right"]
    if "1" not in (left, right) or (
        "比" in match[0]
        and not _RATIO_WORDS.search(text, max(0, match.start() - 20), match.start())
    ):
        return None
    before = text[max(0, match.start() - 24) : match.start()]
    if not (_RATIO_WORDS.search(before) or "." in match[0]):
        return None
    raw = left if right == "1" else right
    one = _Number(
        match.start(),
        match.end(),
        match.end(),
        float(raw),
        _decimals(raw),
        kind=RATIO,
        accepted=True,
    )
    one.unit = "比1" if right == "1" else "1比"
    return one


def _ranks(text: str) -> list[_Number]:
    out = []
    for match in _RANK.finditer(text):
        raw = match["number"]
        if not raw.isdigit() and not (match["need"] or "第" in match[0] or "前" in match[0]):
            continue
        if (
            raw.isdigit()
            and text[match.end("number") : match.end("number") + 1] == MASK
            and "第" in match[0]
        ):
            continue
        value = float(raw) if raw.isdigit() else numeral(raw)
        one = _Number(
            match.start("number"),
            match.end("number"),
            match.end(),
            value,
            0,
            kind=RANK,
            accepted=True,
        )
        one.unit = "位"
        lead = match[0][: match.start("number") - match.start()]
        one.qualifier = "前" if lead.rstrip().endswith("前") else ""
        one.is_numeral = not raw.isdigit()
        out.append(one)
    return out


def _accepts(text: str, one: _Number) -> bool:
    """Say whether a number with what follows it is a figure by itself."""
    if one.accepted:
        return True
    if not one.unit:
        return False
    dimension = dimension_of(one.unit)
    before = text[max(0, one.at - 14) : one.at]
    if one.is_numeral:
        return _accepts_numeral(text, one, before, dimension)
    if dimension in _DURATIONS:
        announced = _DURATION_WORDS.search(before)
        return one.decimals > 0 or bool(
            announced and (dimension == "years_of_age" or "年限" in before)
        )
    return True


_NUMERAL_BEFORE = pattern("numeral_before")
_HAS_ONE = pattern("has_one")
_NOMINAL_AFTER = pattern("nominal_after")


def _accepts_numeral(text: str, one: _Number, before: str, dimension: str) -> bool:
    if _NUMERAL_BEFORE.search(before) and not one.multiple:
        return False
    if dimension in _NOT_UNITS_AFTER_NUMERAL:
        return False
    raw = text[one.at : one.end]
    if raw[0] in "百千万亿" and not (one.qualifier or _BEFORE.search(before)):
        return False
    if raw == "一" and dimension == "schools" and _HAS_ONE.search(before):
        return True
    if (
        raw == "一"
        and dimension not in ("times", "doublings", "tenths", "points")
        and not one.multiple
    ):
        return False
    if dimension == "volumes" and raw in "一二三":
        return False  # 二本上线率
    if dimension in ("pieces", "entries", "items") and _NOMINAL_AFTER.match(text, one.until):
        return False
    return not (raw == "一" and dimension == "points" and "个" not in one.unit)


def dimension_of(unit: str) -> str:
    """Return what a printed unit measures; a unit per something measures its own thing."""
    base = re.split(r"[/／·•]", unit)[0]
    bare = base.lstrip("百千万亿") or base
    one = units().get(base) or units().get(bare)
    if one is None:
        return base
    rest = unit[len(base) :]
    return one.dimension + ("_per" if rest else "")


def factor_of(unit: str) -> float:
    """Return how many base units a printed unit is: 亿元 is 100,000,000."""
    base = re.split(r"[/／·•]", unit)[0]
    if base in units():
        return units()[base].factor
    factor = 1.0
    while base and base[0] in "百千万亿" and base not in units():
        factor *= {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}[base[0]]
        base = base[1:]
    return factor * (units()[base].factor if base in units() else 1.0)


def _qualify(text: str, one: _Number) -> None:
    before = _BEFORE.search(text, max(0, one.at - 10), one.at)
    after = _AFTER.match(text, one.until)
    lead = before["word"] if before else ""
    if lead in ("高于", "低于", "超出", "大于", "小于") and one.unit.endswith("百分点"):
        lead = ""
    if lead.startswith("突破"):
        lead = "超过"
    if after and one.kind != RANK:
        one.until = after.end()
        trail = after["word"].lstrip("及")
    else:
        trail = ""
    middle = one.qualifier
    parts = [lead, middle, trail]
    one.qualifier = "…".join(part for part in parts if part)


def _numbers(text: str, ranks: list[_Number]) -> list[_Number]:
    """Return every number of the masked text with its own unit, accepted or not, in order."""
    taken = {place for one in ranks for place in range(one.at, one.end)}
    out = list(ranks)
    position = 0
    while match := _NUMBER.search(text, position):
        position = match.end()
        if not taken.isdisjoint(range(*match.span())):
            continue
        one = _read_number(text, match)
        if one is None and _is_ratio_of_two(text, match):
            continue  # 职普比4.6:5.4 is one ratio, not two figures
        if one is None:
            position = match.end("left") if match["ratio"] else match.end()
            if match["ratio"]:
                one = _read_number(
                    text,
                    re.compile(
                        rf"(?P<fraction>(?P<of>(?P<mille>(?!))))|(?P<ratio>(?!))|(?P<digits>{_DIGITS})|(?P<numeral>(?!))"
                    ).match(text, match.start()),
                )
            if one is None:
                continue
        position = max(position, one.until if one.unit else position)
        one.accepted = _accepts(text, one)
        out.append(one)
    out.sort(key=lambda one: one.at)
    return _with_compounds(text, out)


def _with_compounds(text: str, numbers: list[_Number]) -> list[_Number]:
    """Join 3亿5000万元 into one figure of 35000 万元."""
    out: list[_Number] = []
    for one in numbers:
        last = out[-1] if out else None
        if (
            last
            and last.multiple == "亿"
            and not last.unit
            and one.multiple == "万"
            and one.unit
            and text[last.until : one.at].strip() == ""
        ):
            out[-1] = _joined(last, one)
            continue
        out.append(one)
    return out


def _joined(first: _Number, second: _Number) -> _Number:
    """Return one figure of two that print one amount."""
    value = first.value * 10_000 + second.value
    return _Number(
        first.at,
        second.end,
        second.until,
        value,
        second.decimals,
        "万",
        second.unit,
        second.per,
        accepted=True,
    )


def _share_units(text: str, numbers: list[_Number]) -> None:
    """Give the members of a list the unit that is printed once: 分别为1204、788、455人."""
    for index in range(len(numbers) - 2, -1, -1):
        one, after = numbers[index], numbers[index + 1]
        gap = text[one.until : after.at]
        if one.unit == "个" and after.unit == "个百分点" and _LIST_GAP.match(gap):
            one.unit = after.unit
        if one.unit or not after.accepted or not after.unit or one.is_numeral:
            continue
        if _RANGE_GAP.match(gap) or (
            (_LIST_GAP.match(gap) and not one.multiple)
            or (_LIST_GAP.match(gap) and one.multiple == after.multiple)
        ):
            if after.kind in (RANK, RATIO):
                continue
            one.unit, one.per, one.accepted = after.unit, after.per, True
            one.multiple = one.multiple or after.multiple
            if _RANGE_GAP.match(gap):
                one.qualifier = one.qualifier or "起"
                after.qualifier = after.qualifier or "止"
    _share_units_forward(text, numbers)


def _share_units_forward(text: str, numbers: list[_Number]) -> None:
    """Complete 66.3万平方米（幼儿园6.4万、小学24.3万）and the last members of a list."""
    for index in range(1, len(numbers)):
        one = numbers[index]
        if one.unit or one.accepted:
            continue
        start = _sentence_start(text, one.at)
        if one.is_numeral and text[one.at] in "百千万亿":
            continue  # 百万人口
        if one.multiple in ("万", "亿"):
            closed = text[one.until : one.until + 1] in "，。、；（）\n "
            if not closed and not _COMPARED_NEXT.match(text, one.until):
                one.accepted = not text[one.until : one.until + 1].isdigit()
                continue
            leader = next(
                (
                    n
                    for n in reversed(numbers[:index])
                    if n.accepted and n.unit and n.at >= start and n.multiple == one.multiple
                ),
                None,
            )
            if leader is None:
                leader = next(
                    (
                        n
                        for n in numbers[index + 1 :]
                        if n.unit
                        and n.multiple == one.multiple
                        and not _SENTENCE.search(text, one.until, n.at)
                    ),
                    None,
                )
            if leader is not None:
                one.unit = leader.unit
            elif _MONEY_WORDS.search(text, start, one.at):
                one.unit = "元"
            one.accepted = True
            continue
        last = numbers[index - 1]
        if _closes_list(text, last, one):
            one.unit, one.multiple, one.accepted = last.unit, last.multiple, True
            continue
        if (
            last.accepted
            and last.unit
            and _LIST_GAP.match(text[last.until : one.at])
            and last.kind not in (RANK, RATIO)
        ):
            follows = text[one.end : one.end + 1]
            if follows in "，。；）\n" and (one.decimals == last.decimals and one.decimals > 0):
                one.unit, one.per, one.multiple, one.accepted = (
                    last.unit,
                    last.per,
                    last.multiple,
                    True,
                )


def _closes_list(text: str, last: _Number, one: _Number) -> bool:
    """Say whether a number lacks the unit of the list that it closes: （公办1204人、民办860）."""
    is_member = re.fullmatch(rf"[、，]\s*[{HAN}]{{1,8}}", text[last.until : one.at])
    closes = text[one.end : one.end + 1] == "）" and not one.multiple and not one.is_numeral
    is_counted = last.accepted and dimension_of(last.unit) in _COUNTED_THINGS
    return bool(is_member and closes and is_counted and one.value >= 10)


def _accept_plain_decimals(text: str, numbers: list[_Number]) -> None:
    """Accept a decimal without a unit where a word announces a value: 差异系数为0.335."""
    for index, one in enumerate(numbers):
        if one.accepted or one.unit or one.multiple or one.is_numeral:
            continue
        start = _sentence_start(text, one.at)
        before = text[start : one.at]
        closes = text[one.end : one.end + 1] in "，。；、）（\n"
        coefficient = _COEFFICIENT.search(before)
        bounded = one.decimals and (_AFTER.match(text, one.end) or (coefficient and closes))
        counted = _QUANTITY.search(before)
        if not (bounded or counted or _VALUE_WORDS.search(text[max(0, one.at - 8) : one.at])):
            continue
        tight = text[one.end : one.end + 1]
        if tight and (tight.isdigit() or tight == MASK):
            continue
        if counted and (one.decimals or one.value >= 100):
            one.accepted = bool(closes or re.match(f"[{HAN}]", text[one.end : one.end + 1]))
        announced = coefficient or re.search(r"[为≤≥<>=]\s*$", before)
        if (
            (one.decimals and announced)
            or (
                re.search(r"(?:得分|总分|自评分?|得)(?:为|：)?\s*$", before)
                and one.value <= 1000
                and not re.match(rf"[{HAN}]", tight)
            )
            or (
                index
                and numbers[index - 1].accepted
                and not numbers[index - 1].unit
                and one.decimals
                and _LIST_GAP.match(text[numbers[index - 1].until : one.at])
            )
        ):
            one.accepted = True

    _share_units_with_last_year(text, numbers)
    for one, after in reversed(list(pairwise(numbers))):
        bare = not (one.accepted or one.unit or one.multiple or one.is_numeral or after.unit)
        same = after.accepted and after.kind != RANK and one.decimals and after.decimals
        if bare and same and _LIST_GAP.match(text[one.end : after.at]):
            one.accepted = True


def _share_units_with_last_year(text: str, numbers: list[_Number]) -> None:
    """Give 比上年的9468.70下降10% and what is compared with it the unit that one of them prints."""
    for one, before in pairwise(numbers):
        if not _THAN_LAST_YEAR.fullmatch(text[one.until : before.at]):
            continue
        pair = (one, before)
        if any(number.kind or number.multiple or number.is_numeral for number in pair):
            continue
        if not all(number.unit or number.decimals or number.value >= 100 for number in pair):
            continue
        if not (before.unit or _COMPARED_NEXT.match(text, before.end)):
            continue
        unit = one.unit or before.unit
        for number in pair:
            number.unit, number.accepted = number.unit or unit, True


def _sentence_start(text: str, at: int) -> int:
    last = 0
    for match in _SENTENCE.finditer(text, max(0, at - 300), at):
        last = match.end()
    return max(last, at - 300, 0)


_NEGATIVE = macro("negative")
_FILLER = macro("filler")
_DIRECTION = pattern("direction")
_LOWER = pattern("lower")
_LOWER_RATE = pattern("lower_rate")
_HIGHER = pattern("higher")
_TO = pattern("to")


_FALL_IS = pattern("fall_is")


def _directions(text: str, numbers: list[_Number]) -> list[int]:
    """Return -1, 0 or 1 for every number: falls, is a level, rises; a list keeps its direction."""
    out: list[int] = []
    for index, one in enumerate(numbers):
        last_end = numbers[index - 1].until if index else 0
        start = max(_clause_start(text, one.at), last_end)
        before = text[start : one.at]
        direction = _direction(before, one)
        if (
            direction == 0
            and index
            and out[-1]
            and one.kind not in (RANK, RATIO)
            and _LIST_GAP.match(text[last_end : one.at])
            and dimension_of(one.unit) == dimension_of(numbers[index - 1].unit)
        ):
            direction = out[-1]
        out.append(direction)
    return out


def _direction(before: str, one: _Number) -> int:
    if one.kind == RANK:
        return 0
    if _FALL_IS.search(before):
        return -1
    if _TO.search(before):
        return 0
    if one.unit.endswith("百分点") and _LOWER_RATE.search(before):
        return -1
    match = _DIRECTION.search(before)
    if match:
        return -1 if re.fullmatch(_NEGATIVE, match["word"] or match["word2"]) else 1
    if one.unit.endswith("百分点") or (one.unit and one.kind != RATIO):
        if _LOWER.search(before) and (
            one.unit.endswith("百分点") or re.search(rf"(?:低|少|慢|落后){_FILLER}$", before)
        ):
            return -1
        if _HIGHER.search(before) and (
            one.unit.endswith("百分点") or re.search(rf"(?:高出?|多|快){_FILLER}$", before)
        ):
            return 1
    return 0


def _clause_start(text: str, at: int) -> int:
    start = max(0, at - 80)
    return (
        max((match.end() for match in re.finditer(r"[，。；！？\n]", text[start:at])), default=0)
        + start
    )


_STAGE_OF_NAME = {name: stage for stage, names in words().stages.items() for name in names}
_STAGE_PATTERN = re.compile(word_pattern(_STAGE_OF_NAME))


def stage_named(text: str) -> str:
    """Return the stage that a text names last, or nothing."""
    named = _stages_in(text)
    special = [stage for stage in named if stage != COUNTY]
    return special[-1] if special else COUNTY if named else ""


_SECTION = pattern("section")
_INHERITS = pattern("inherits")
_CONNECTORS = pattern("connectors")
_YEAR = pattern("year")
_LAST_YEAR = pattern("last_year")


@dataclass(frozen=True)
class _Context:
    """Where sections start, which years the text names, and the year of the report."""

    sections: tuple[int, ...]
    years: tuple[tuple[int, int], ...]
    year: int | None
    sentences: tuple[int, ...]
    stages: tuple[str, ...]


def _context(text: str) -> _Context:
    years = tuple((match.start(), int(match[1])) for match in _YEAR.finditer(text))
    title = (match for match in _YEAR.finditer(text[:400]))
    named = next((m for m in title if not _COMPARED_YEAR.search(text, 0, m.start())), None)
    sections = (0, *(match.start() for match in _SECTION.finditer(text)))
    sentences = (0, *(match.end() for match in _SENTENCE.finditer(text)))
    stages = tuple(_heading_stage(text, start) for start in sections)
    year = int(named[1]) if named else None
    return _Context(sections, years, year, sentences, stages)


def _heading_stage(text: str, start: int) -> str:
    """Return the one stage that a heading names; its first words, up to a stop."""
    heading = re.split(r"[：。；\n，]", text[start : start + 40].strip())[0]
    if not start and not _SECTION.match(text) and not re.match(rf"\s*{re.escape(heading)}\n", text):
        return ""  # the report begins with a sentence
    if re.search(rf"[{HAN}][^年]{{0,12}}\d+(?!\d|年)", heading):
        return ""  # a sentence that prints a figure, no heading
    named = _stages_in(heading)
    return named[0] if len(named) == 1 else ""


_STANDARD = pattern("standard")


_COMPARED_YEAR = re.compile(r"(?:比|较|与|由|从|自|是)\s*$")
_SINCE = re.compile(r"年(?:以来|起|开始|之后|以后)")


def _is_year_of(text: str, at: int) -> bool:
    """Say whether a year that stands here is one that figures are of: no base, no beginning."""
    before = text[max(0, at - 4) : at]
    return not (_COMPARED_YEAR.search(before) or _SINCE.match(text, at + 4))


def _year_of(context: _Context, text: str, one: _Number) -> int | None:
    sentence = context.sentences[bisect_right(context.sentences, one.at) - 1]
    section_index = bisect_right(context.sections, one.at) - 1
    section = context.sections[section_index]
    section_end = (
        context.sections[section_index + 1]
        if section_index + 1 < len(context.sections)
        else len(text)
    )
    clause = text[max(sentence, one.at - 24) : one.at]
    last_year = 0
    tail = re.split(r"[，。；]", clause)[-1]
    if _LAST_YEAR.search(tail) and not re.search(
        r"(?:增|减|提高|下降|上升|降低|多|少|高|低)", tail[_LAST_YEAR.search(tail).end() :]
    ):
        last_year = 1
    first, here, last = (
        bisect_left(context.years, (place,)) for place in (section, one.at, section_end)
    )
    stops = context.years[first:here]
    inside = [pair for pair in stops if pair[0] >= sentence]
    money = dimension_of(one.unit).startswith("money")
    if (
        money
        and (one.per or re.search(r"定额|补助标准|收费标准|资助标准", text[sentence : one.at]))
        and not inside
    ):
        return None
    around = text[max(0, one.at - 3) : one.at], text[one.until : one.until + 2]
    if (_STANDARD.search(around[0]) or around[1] == "标准") and not inside:
        return None
    direct = inside[-1:] if inside and text[inside[-1][0] + 4 : one.at].count("，") == 0 else []
    if direct and not re.search(
        r"(?:增|减|提高|下降|上升|降低|多|少|高|低|翻|相比|以来|年起)",
        text[direct[0][0] : one.at],
    ):
        return direct[0][1]
    for at, year in (*reversed(stops), *context.years[here:last]):
        bracketed = at < one.at and text.count("）", at, one.at) > text.count("（", at, one.at)
        if not bracketed and _is_year_of(text, at):
            return year - last_year
    if context.year is None or (money and not _LAST_YEAR.search(text, section, section_end)):
        return None
    return context.year - last_year


def _stage_of(context: _Context, text: str, one: _Number) -> str:
    """Return the stage that the nearest words name: those of the figure, its sentence, its section.

    A clause with a subject of its own does not take the stage of the clause before it.
    """
    if dimension_of(one.unit) in _COUNTED_THINGS and (noun := _NOUN_AFTER.match(text, one.until)):
        own = re.split("[，。；：（）\n]", text[max(0, one.at - 40) : one.at])[-1]
        is_staff = re.match(f"[{HAN}]{{0,4}}(?:教师|老师|校长)", noun[0])
        of_school = stage_named(own) if is_staff else ""
        return stage_named(noun[0]) or of_school or _section_stage(context, one.at)
    if one.unit == "%" and (noun := _SHARE_OF_NOUN.match(text, one.until)):
        return stage_named(noun[1]) or _section_stage(context, one.at)
    sentence = context.sentences[bisect_right(context.sentences, one.at) - 1]
    said = _without_brackets(text[max(sentence, one.at - 150) : one.at])
    segments = re.split("；", said)
    clauses = re.split("，", segments[-1].rpartition("：")[2])
    piece = re.split(r"[、（）]", clauses[-1])[-1]
    if stage := stage_named(piece):
        return stage
    is_member = piece != clauses[-1]
    if (not is_member or _has_no_subject(piece)) and (stage := stage_named(clauses[-1])):
        return stage
    if len(clauses) > 1 and clauses[-2].endswith("中") and (stage := stage_named(clauses[-2])):
        return stage
    if _has_no_subject(clauses[-1]):
        for clause in reversed(clauses[:-1]):
            if stage := stage_named(clause):
                return stage
    named = _stages_in(clauses[0])
    if len(named) == 1:
        return named[0]
    return _line_stage(text, one.at) or _section_stage(context, one.at)


_SHARE_OF_NOUN = re.compile(rf"的([{HAN}]{{2,10}})")


def _has_no_subject(clause: str) -> bool:
    """Say whether a clause is about what the clause before it is about: 比上年增加, 教职工."""
    subject = re.sub(rf"[\d.%{MASK}\s]", "", clause)
    is_compared = not re.search(f"[{HAN}]", _CONNECTORS.sub("", subject))
    is_short = len(re.findall(f"[{HAN}]", subject)) <= 2
    return bool(is_compared or is_short or _INHERITS.match(subject))


def _line_stage(text: str, at: int) -> str:
    """Return the stage that a line begins with, where it names no other before the figure.

    义务教育学校55所，其中小学38所；在校学生… is about 义务教育: its own parts are no others.
    """
    start = text.rfind("\n", 0, at) + 1
    if at - start > 300:
        return ""
    line = _without_brackets(text[start:at])
    lead = _stages_in(re.split("[，。；：]", line)[0])
    inside = {*lead, *(words().stage_sums.get(lead[0], ()) if lead else ())}
    return lead[0] if len(lead) == 1 and set(_stages_in(line)) <= inside else ""


def _without_brackets(text: str) -> str:
    """Return a text without what stands in brackets that are closed again."""
    return re.sub(r"（[^（）]*）", "", text)


def _stages_in(text: str) -> list[str]:
    names = [_STAGE_OF_NAME[name] for name in _STAGE_PATTERN.findall(text)]
    return [name for n, name in enumerate(names) if name not in names[n + 1 :]]


def _section_stage(context: _Context, at: int) -> str:
    return context.stages[bisect_right(context.sections, at) - 1] or COUNTY


_WHAT_DROP = pattern("what_drop")
_WHAT_TAIL = pattern("what_tail")


def _what_of(context: _Context, wording: str, one: _Number) -> str:
    """Return the words before a figure that say what it measures, without fillers.

    `wording` is the masked text in which every figure with its unit is a mark, too.
    """
    if dimension_of(one.unit) in _COUNTED_THINGS and (
        noun := _NOUN_AFTER.match(wording, one.until)
    ):
        return noun[0]
    sentence = context.sentences[bisect_right(context.sentences, one.at) - 1]
    said = re.sub(rf"（[^（）{_FIGURE}]*）", "", wording[max(sentence, one.at - 80) : one.at])
    pieces = re.split(rf"[，；：（）、{_FIGURE}]", said)
    for piece in reversed(pieces):
        shown = _WHAT_TAIL.sub("", _WHAT_DROP.sub("", piece.replace(MASK, "").strip()))
        if len(re.findall(f"[{HAN}]", shown)) >= 2:
            return shown[-30:]
    after = re.match(rf"[{HAN}]{{2,10}}", wording[one.until : one.until + 10])
    return after[0] if after else ""


_NOUN_AFTER = pattern("noun_after")
_COUNTED_THINGS = {"persons", "schools", "pieces", "entries", "classes", "institutions", "cases"}


def _wording(text: str, numbers: list[_Number]) -> str:
    out = list(text)
    for one in numbers:
        out[one.at : one.until] = _FIGURE * (one.until - one.at)
    return "".join(out)


def _named_in_lists(text: str, figures: list[Figure], said: str) -> list[Figure]:
    """Give the members of 小学、初中分别为1204人、788人 their own name, stage and year.

    `said` is the text with the years that are masked in `text`.
    """
    out = list(figures)
    names: list[str] = []
    named_sentence = -1
    index = 0
    while index < len(out):
        last = index
        while last + 1 < len(out) and _LIST_GAP.match(text[out[last].until : out[last + 1].at]):
            last += 1
        count = last - index + 1
        if count > 1:
            start = _sentence_start(text, out[index].at)
            before = text[max(start, out[index - 1].until if index else 0) : out[index].at]
            listed = _listed_names(before, count)
            period = max(text.rfind(end, 0, out[index].at) for end in "。！？\n")
            if listed:
                names, named_sentence = listed, period
            elif not ("分别" in before and len(names) == count and named_sentence == period):
                names = []
            years = listed_years(said[out[index].at - len(before) : out[index].at])
            if len(years) == count:
                for offset, year in enumerate(years):
                    out[index + offset] = replace(out[index + offset], year=year)
            if len(names) == count:
                for offset, name in enumerate(names):
                    stage = stage_named(name) or out[index + offset].stage
                    out[index + offset] = replace(out[index + offset], what=name, stage=stage)
        index = last + 1
    return out


_YEARS_LISTED = re.compile(
    r"(?P<first>(?:19|20)\d{2})(?:年度?)?\s*(?:[-—~至]{1,2}|到)\s*(?P<last>(?:19|20)\d{2})年"
    r"|(?P<listed>(?:(?:19|20)\d{2}(?:年度?)?\s*[、和及与,]\s*)+(?:19|20)\d{2}年)"
)


def listed_years(before: str) -> list[int]:
    """Return the years that a clause names before 分别: 2021—2023年, 2021年、2022年."""
    head, mark, _ = before.rpartition("分别")
    clause = re.split("[；。]", head)[-1] if mark else ""
    found = list(_YEARS_LISTED.finditer(clause))
    if len(found) != 1:
        return []
    if found[0]["listed"]:
        return [int(year) for year in re.findall(r"(?:19|20)\d{2}", found[0]["listed"])]
    first, last = int(found[0]["first"]), int(found[0]["last"])
    return list(range(first, last + 1)) if 0 < last - first < 20 else []


def _listed_names(before: str, count: int) -> list[str]:
    head, mark, _ = before.rpartition("分别")
    if not mark:
        return []
    clause = re.split(r"[，；：。]", head)[-1]
    names = [name for name in re.split("[、和及与]", clause) if name]
    names = [_WHAT_DROP.sub("", name) for name in names]
    return names if len(names) == count and all(len(name) > 1 for name in names) else []


_GROWTH_LEVEL = pattern("growth_level")


def _kind_of(text: str, one: _Number, direction: int) -> str:
    if one.kind:
        return one.kind
    dimension = dimension_of(one.unit)
    clause = text[max(_clause_start(text, one.at), one.at - 90) : one.at]
    if dimension == "points":
        return POINTS
    if dimension == "percent":
        return GROWTH if direction or _GROWTH_LEVEL.search(clause) else SHARE
    if dimension in ("times", "doublings"):
        return GROWTH if direction or dimension == "doublings" else RATIO
    if direction:
        return CHANGE
    if dimension in (
        "persons",
        "schools",
        "pieces",
        "person_times",
        "classes",
        "institutions",
        "copies",
        "entries",
    ):
        return COUNT
    return LEVEL


def _unit_shown(one: _Number) -> str:
    return re.sub(r"\s", "", f"{one.multiple}{one.unit}{one.per}")


def read_figures(report: Report, form: Plain | None = None) -> tuple[Figure, ...]:
    """Return the figures of a report, in the order of its text."""
    form = form or plain(report.text)
    text, with_ordinals = masked(form.text)
    numbers = _numbers(text, _ranks(with_ordinals))
    _share_units(text, numbers)
    _accept_plain_decimals(text, numbers)
    kept = [one for one in numbers if one.accepted]
    for one in kept:
        _qualify(text, one)
    directions = _directions(text, kept)
    context = _context(form.text)
    wording = _wording(text, kept)
    out = [
        _figure(form, text, one, context=context, direction=direction, wording=wording)
        for one, direction in zip(kept, directions, strict=True)
    ]
    return tuple(_named_in_lists(text, out, form.text))


def _figure(
    form: Plain, text: str, one: _Number, *, context: _Context, direction: int, wording: str
) -> Figure:
    unit = _unit_shown(one)
    start, end = form.original(one.at, one.end)
    value = -abs(one.value) if direction < 0 and one.kind != RANK else one.value
    dimension = one.unit if one.kind == RATIO else dimension_of(unit)
    return Figure(
        start=start,
        end=end,
        printed=form.text[one.at : one.end],
        value=value,
        unit=unit,
        qualifier=one.qualifier,
        what=_what_of(context, wording, one),
        stage=_stage_of(context, form.text, one),
        year=_year_of(context, form.text, one),
        kind=_kind_of(text, one, direction),
        decimals=one.decimals,
        dimension=dimension,
        factor=factor_of(unit) if one.kind != RATIO else 1.0,
        at=one.at,
        until=one.until,
    )
