"""Read the numbers of a text with their units: digits, numerals, ratios, ranks, members of lists.

What `traps.yaml` names is masked before. A number is accepted when a unit follows it, when it
stands in a list whose members share a unit, when it is a rank or a ratio, or when a word that
announces a value stands before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dudao_pipeline.report_check.rules import (
    HAN,
    MASK,
    Trap,
    macro,
    pattern,
    traps,
    units,
    words,
)

ORDINALS = "序数"  # the trap of traps.yaml that a rank stands under: 第3位
COUNT, LEVEL, SHARE, GROWTH, CHANGE = "count", "level", "share", "growth", "change"
POINTS, RANK, RATIO = "points", "rank", "ratio"

_DIGITS = macro("digits")
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
_TENS = {"廿": 20, "卅": 30}
LIST_GAP = pattern("list_gap")
_COMPARED_NEXT = pattern("compared_next")
_THAN_LAST_YEAR = pattern("than_last_year")
_MONEY_WORDS = pattern("money_words")
_RANGE_GAP = pattern("range_gap")
_SENTENCE = pattern("sentence")
COUNTED_THINGS = {"persons", "schools", "pieces", "entries", "classes", "institutions", "cases"}


def numeral(text: str) -> float:
    """Return the value of a numeral in Chinese characters, below ten thousand."""
    total, digit = 0, 0
    if len(text) > 1 and all(character in _DIGIT for character in text):
        return float("".join(str(_DIGIT[character]) for character in text))
    for character in text:
        if character in _DIGIT:
            digit = _DIGIT[character]
        elif character in _TENS:
            total += _TENS[character]
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
class Number:
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


_UNIT_PARTS = ("unit", "unit2", "bracketed", "points", "points2")


def _tail(text: str, end: int) -> tuple[dict[str, str], int]:
    line_end = text.find("\n", end)
    match = _TAIL.match(text, end, len(text) if line_end < 0 else line_end)
    if match is None:
        return {}, end
    parts = {name: value or "" for name, value in match.groupdict().items()}
    if not (parts["multiple"] or any(parts[name] for name in _UNIT_PARTS)):
        return {}, end
    return parts, match.end()


def _read_number(text: str, match: re.Match[str]) -> Number | None:
    at, end = match.span()
    if match["fraction"]:
        raw = match["of"] or match["mille"]
        if raw[0].isdigit():
            value, decimals = float(raw), _decimals(raw)
        else:
            value, decimals = _numeral_value(raw)[0], len(raw.partition("点")[2])
        unit = "%" if match["of"] else "‰"
        return Number(at, end, end, value, decimals, unit=unit, accepted=True, is_numeral=True)
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
    unit = "个百分点" if parts.get("points2") else unit  # 2个多百分点
    multiple += parts.get("multiple", "")
    one = Number(
        at, end, until, value, decimals, multiple, unit, re.sub(r"\s", "", parts.get("per", ""))
    )
    more = (parts.get(name) for name in ("more", "more2", "more3"))
    one.qualifier = "余" if any(more) else ""
    if match["numeral"]:
        one.is_numeral = True
        if "余" in raw or "多" in raw:
            one.qualifier = "余"
    return one


_RATIO_WORDS = pattern("ratio_words")


def _is_ratio_of_two(text: str, match: re.Match[str]) -> bool:
    sides = match["left"], match["right"]
    words = _RATIO_WORDS.search(text, max(0, match.start() - 8), match.start())
    return bool(match["ratio"] and "1" not in sides and words)


def _read_ratio(text: str, match: re.Match[str]) -> Number | None:
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
    one = Number(
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


def ranks_in(text: str) -> list[Number]:
    """Return the ranks of a text: 全省排名39, 位列第3位."""
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
        out.append(_rank(match, match.end()))
        lead = match[0][: match.start("number") - match.start()]
        out[-1].qualifier = "前" if lead.rstrip().endswith("前") else ""
        while more := _NEXT_RANK.match(text, out[-1].until):
            out.append(_rank(more, more.end()))
    return out


_NEXT_RANK = re.compile(
    r"[、和及]第(?P<number>\d+|[一二三四五六七八九十]+)位?(?![\d.一二三四五六七八九十届批期次个所])"
)


def _rank(match: re.Match[str], until: int) -> Number:
    raw, span = match["number"], match.span("number")
    value = float(raw) if raw.isdigit() else numeral(raw)
    one = Number(*span, until, value, 0, kind=RANK, accepted=True, unit="位")
    one.is_numeral = not raw.isdigit()
    return one


def _accepts(text: str, one: Number) -> bool:
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
_BUILT_BEFORE = pattern("built_before")
_BUILT = {"schools", "buildings", "spots"}
_NOMINAL_AFTER = pattern("nominal_after")


def _accepts_numeral(text: str, one: Number, before: str, dimension: str) -> bool:
    if _NUMERAL_BEFORE.search(before) and not one.multiple:
        return False
    if dimension in _NOT_UNITS_AFTER_NUMERAL:
        return False
    raw = text[one.at : one.end]
    if raw[0] in "百千万亿" and not (one.qualifier or _BEFORE.search(before)):
        return False
    if raw == "一" and dimension == "schools" and _HAS_ONE.search(before):
        return True
    if raw == "一" and dimension in _BUILT and text[one.until : one.until + 1] in "，。；、）\n":
        return bool(_BUILT_BEFORE.search(before))  # 教学楼一幢，宿舍一座
    if (
        raw == "一"
        and dimension not in ("times", "doublings", "tenths", "points")
        and not one.multiple
    ):
        return False
    if dimension == "volumes" and raw in "一二三":
        return False  # 二本上线率
    if re.match("合计|共|总计|部门", text[one.until : one.until + 2]):
        return False  # 三校合计
    if dimension == "entries" and re.match("[的，。、；安]", text[one.until : one.until + 1]):
        return False  # 八项的, 分两项安排
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


def qualify(text: str, one: Number) -> None:
    """Add to a number the words of its qualifier: 近, 不低于, 以上."""
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
    more = _AND_MORE.match(text, one.until) if one.unit in ("番", "倍") else None
    if more:
        one.until, trail = more.end(), "多"  # 翻了一番多
    parts = [lead, middle, trail]
    one.qualifier = "…".join(part for part in parts if part)


_AND_MORE = re.compile("还?多|有余|以上")


_HAS_LOST_ITS_WHOLE = re.compile(rf"(?:^|[{HAN}])\.$")  # 占预算的.8%, of a page badly copied


def numbers_in(text: str, ranks: list[Number]) -> list[Number]:
    """Return every number of the masked text with its own unit, accepted or not, in order."""
    taken = {place for one in ranks for place in range(one.at, one.end)}
    out = list(ranks)
    position = 0
    while match := _NUMBER.search(text, position):
        position = match.end()
        if not taken.isdisjoint(range(*match.span())):
            continue
        if _HAS_LOST_ITS_WHOLE.search(text, max(0, match.start() - 2), match.start()):
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


def _with_compounds(text: str, numbers: list[Number]) -> list[Number]:
    """Join 3亿5000万元 into one figure of 35000 万元."""
    out: list[Number] = []
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


def _joined(first: Number, second: Number) -> Number:
    """Return one figure of two that print one amount."""
    value = first.value * 10_000 + second.value
    return Number(
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


def share_units(text: str, numbers: list[Number]) -> None:
    """Give the members of a list the unit that is printed once: 分别为1204、788、455人."""
    for index in range(len(numbers) - 2, -1, -1):
        one, after = numbers[index], numbers[index + 1]
        gap = text[one.until : after.at]
        if one.unit == "个" and after.unit == "个百分点" and LIST_GAP.match(gap):
            one.unit = after.unit
        if one.unit or not after.accepted or not after.unit or one.is_numeral:
            continue
        if _RANGE_GAP.match(gap) or (
            (LIST_GAP.match(gap) and not one.multiple)
            or (LIST_GAP.match(gap) and one.multiple == after.multiple)
        ):
            if after.kind in (RANK, RATIO):
                continue
            one.unit, one.per, one.accepted = after.unit, after.per, True
            one.multiple = one.multiple or after.multiple
            if _RANGE_GAP.match(gap):
                one.qualifier = one.qualifier or "起"
                after.qualifier = after.qualifier or "止"
    _share_units_forward(text, numbers)


def _share_units_forward(text: str, numbers: list[Number]) -> None:
    """Complete 66.3万平方米（幼儿园6.4万、小学24.3万）and the last members of a list."""
    for index, one in enumerate(numbers):
        if one.unit or one.accepted:
            continue
        start = sentence_start(text, one.at)
        if one.is_numeral and text[one.at] in "百千万亿":
            continue  # 百万人口
        if one.qualifier == "余" and _PERSONS_AFTER.match(text, one.until):
            one.unit, one.accepted = "人", True  # 2万多考生
            continue
        if one.multiple in ("万", "亿"):
            after = text[one.until : one.until + 1]
            closed = after in "，。、；（）\n "
            if (closed or after == "的") and (unit := _counted_before(text, one)):
                one.unit, one.accepted = unit, True  # 总人口107万
                continue
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
        if not index:
            continue
        last = numbers[index - 1]
        if _closes_list(text, last, one):
            one.unit, one.multiple, one.accepted = last.unit, last.multiple, True
            continue
        if (
            last.accepted
            and last.unit
            and LIST_GAP.match(text[last.until : one.at])
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


_LAST_YEAR_BESIDE = pattern("last_year_beside")
_PERSONS_AFTER = pattern("persons_after")
_BARE_RATIO = re.compile(r"(?:生师|师生|师幼|幼师)比(?:为|是|达到?|：)?\s*$")


def _closes_list(text: str, last: Number, one: Number) -> bool:
    """Say whether a number lacks the unit of the list that it closes: （公办1204人、民办860）."""
    is_member = re.fullmatch(rf"[、，]\s*[{HAN}]{{1,8}}", text[last.until : one.at])
    closes = text[one.end : one.end + 1] == "）" and not one.multiple and not one.is_numeral
    is_counted = last.accepted and dimension_of(last.unit) in COUNTED_THINGS
    return bool(is_member and closes and is_counted and one.value >= 10)


def accept_plain_decimals(text: str, numbers: list[Number]) -> None:
    """Accept a decimal without a unit where a word announces a value: 差异系数为0.335."""
    for index, one in enumerate(numbers):
        if one.accepted or one.unit or one.multiple or one.is_numeral:
            continue
        start = sentence_start(text, one.at)
        before = text[start : one.at]
        if one.decimals and one.value > 1 and _BARE_RATIO.search(before):
            one.kind, one.unit, one.accepted = RATIO, "比1", True  # 生师比12.78
            continue
        closes = text[one.end : one.end + 1] in "，。；、）（\n"
        if closes and (unit := _counted_before(text, one)):
            one.unit, one.accepted = unit, True  # 在校学生1200，教师85; 合格率为99.3
            continue
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
                and LIST_GAP.match(text[numbers[index - 1].until : one.at])
            )
        ):
            one.accepted = True

    _accept_coefficients(text, numbers)
    _accept_rows(text, numbers)
    for one, after in pairwise(numbers):  # 上年2709.16，本年2845.20元
        is_bare = not (one.unit or one.multiple or one.is_numeral) and one.decimals
        this_year = re.fullmatch("，(?:本年|今年)(?:为|是)?", text[one.end : after.at])
        if (
            is_bare
            and this_year
            and after.unit
            and _LAST_YEAR_BESIDE.search(text, max(0, one.at - 10), one.at)
        ):
            one.unit, one.accepted = after.unit, True
    _share_units_with_last_year(text, numbers)
    for one, after in reversed(list(pairwise(numbers))):
        bare = not (one.accepted or one.unit or one.multiple or one.is_numeral or after.unit)
        same = after.accepted and after.kind != RANK and one.decimals and after.decimals
        if bare and same and LIST_GAP.match(text[one.end : after.at]):
            one.accepted = True


_COEFFICIENTS = pattern("coefficient_line")
_MOST_COEFFICIENT = 10
_NO_VALUE = re.compile("(?:版本?|[图表见第条节款])$")


def _accept_coefficients(text: str, numbers: list[Number]) -> None:
    """Accept the small decimals of a line on coefficients: 用房0.318，场馆0.442，综合系数0.357."""
    for one in numbers:
        is_bare = not (one.accepted or one.unit or one.multiple or one.is_numeral)
        if not is_bare or one.decimals < _FINE or one.value >= _MOST_COEFFICIENT:
            continue
        line = text.rfind("\n", 0, one.at) + 1
        before = text[max(line, one.at - 6) : one.at]
        after = text[one.end : one.end + 1]
        stands_alone = re.search(rf"[{HAN}：，]$", before) and not _NO_VALUE.search(before)
        stands_alone = stands_alone and (
            after in "，。；、）（\n"
            or (after == "的" and _BEFORE.search(before))
            or re.match("的(?:[上下]限|标准|要求|目标|底线)", text[one.end : one.end + 3])
        )
        ends = text.find("\n", one.at)
        if stands_alone and _COEFFICIENTS.search(text, line, ends if ends > 0 else len(text)):
            one.accepted = True


_FINE = 2  # decimals of a coefficient
_UNIT_OF_LINES = re.compile(r"单位\s*：\s*(?P<unit>[^\s，、；）\n]{1,6})）?[ 　]*\n")
_PROSE = re.compile(rf"[{HAN}][：，]")


def take_unit_of_heading(text: str, numbers: list[Number]) -> None:
    """Give the bare numbers of lines of prose the unit above: （单位：元） 小学：由9416.20到….

    Of the lines right below, up to one that prints none.
    """
    for heading in _UNIT_OF_LINES.finditer(text):
        if heading["unit"] not in units():
            continue
        begin = heading.end()
        for line in text[begin:].split("\n"):
            end = begin + len(line)
            bare = [
                one
                for one in numbers
                if begin <= one.at < end
                and not (one.accepted or one.unit or one.multiple or one.is_numeral)
                and (one.decimals or one.value >= _LEAST_BARE)
            ]
            if not bare or not _PROSE.search(line):
                break
            for one in bare:
                one.unit, one.accepted = heading["unit"], True
            begin = end + 1


_LEAST_BARE = 100
_LEAST_OF_ROW = 4


def _accept_rows(text: str, numbers: list[Number]) -> None:
    """Accept the numbers of a row that has lost its table: 均值 4.84 7.05 3415 20.34."""
    row: list[Number] = []
    for one in [*numbers, None]:
        is_bare = one and not (one.unit or one.multiple or one.is_numeral or one.kind)
        joined = is_bare and row and re.fullmatch(" +", text[row[-1].end : one.at])
        if not joined:
            values = [n.value for n in row]
            are_years = all(1900 <= value < 2100 and value == int(value) for value in values)
            counts_up = all(b - a == 1 for a, b in pairwise(values))
            if len(row) >= _LEAST_OF_ROW and not are_years and not counts_up:
                for number in row:
                    number.accepted = True
            row = []
        if is_bare:
            row.append(one)


def _share_units_with_last_year(text: str, numbers: list[Number]) -> None:
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


def _counted_before(text: str, one: Number) -> str:
    """Return the unit of what stands right before a number that may be a count or rate, or ""."""
    before = text[max(0, one.at - 12) : one.at].rstrip()
    like = (unit for unit, like in words().counted_before.items() if like.search(before))
    unit = next(like, "")
    if unit == "%":
        is_rate = one.value <= 100 and (one.decimals > 0 or before[-1:] != "占")
        return unit if is_rate and not one.multiple else ""
    is_whole = (not one.decimals or one.multiple) and one.value >= _LEAST_COUNT
    return unit if is_whole and text[one.at] != "0" else ""


_LEAST_COUNT = 2  # 学生1 is a note

_BRACKET_LIST = re.compile(
    rf"(?<=[^\s（])（(?:[{HAN}]{{1,8}}\s*{_DIGITS}(?:、{_DIGITS})*\s*[、，；和]?){{2,}}）"
)


def share_units_with_brackets(text: str, numbers: list[Number]) -> None:
    """Give parts in a bracket the unit of the number before it: 66887（小学9383、中学58604）."""
    for bracket in _BRACKET_LIST.finditer(text):
        inner = [one for one in numbers if bracket.start() < one.at < bracket.end()]
        leader = next((one for one in numbers if one.until == bracket.start()), None)
        if leader is None or not leader.accepted or any(one.unit for one in inner):
            continue
        if len(inner) > 1 and leader.kind not in (RANK, RATIO) and leader.unit != "%":
            for one in inner:
                one.unit, one.multiple, one.accepted = leader.unit, leader.multiple, True


def sentence_start(text: str, at: int) -> int:
    """Return where the sentence of a place begins, not more than 300 characters before."""
    last = 0
    for match in _SENTENCE.finditer(text, max(0, at - 300), at):
        last = match.end()
    return max(last, at - 300, 0)
