"""Read the numbers of a text with their units: digits, numerals, ratios, ranks.

What `traps.yaml` names is masked before. A number is accepted when a unit follows it, or when it is
a rank or a ratio; of those without a unit, `bare_numbers` decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import prod

from dudao_pipeline.report_check.rules import HAN, MASK, Trap, pattern, traps, units

ORDINALS = "序数"  # the trap of traps.yaml that a rank stands under: 第3位
COUNT, LEVEL, SHARE, GROWTH, CHANGE = "count", "level", "share", "growth", "change"
POINTS, RANK, RATIO = "points", "rank", "ratio"

_BEFORE = pattern("before")
_AFTER = pattern("after")
_TAIL = pattern("tail")
_NUMBER = pattern("number")
_RATIO = pattern("ratio")
_RATIO_WORDS = pattern("ratio_words")
_RANK = pattern("rank")
_NEXT_RANK = pattern("next_rank")
_NUMERAL_BEFORE = pattern("numeral_before")
_HAS_ONE = pattern("has_one")
_BUILT_BEFORE = pattern("built_before")
_NOMINAL_AFTER = pattern("nominal_after")
_DURATION_WORDS = pattern("duration_words")
LIST_GAP = pattern("list_gap")
_SENTENCE = pattern("sentence")
_HAS_LOST_ITS_WHOLE = re.compile(rf"(?:^|[{HAN}])\.$")  # 占预算的.8%, of a page badly copied
_AND_MORE = re.compile("还?多|有余|以上")
_DURATIONS = {"years_of_time", "years_of_age", "months", "weeks"}
_BUILT = {"schools", "buildings", "spots"}
COUNTED_THINGS = {"persons", "schools", "pieces", "entries", "classes", "institutions", "cases"}
_DIGIT = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACE = {"十": 10, "百": 100, "千": 1000}
_TENS = {"廿": 20, "卅": 30}
_MULTIPLES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}


def numeral(text: str) -> float:
    """Return the value of a numeral in Chinese characters: 三百二十, 二〇, 三亿二千万, 九点五."""
    whole, _, fraction = text.partition("点")
    total, section, digit = 0, 0, 0
    for character in whole:
        if character in _DIGIT:
            digit = 10 * digit + _DIGIT[character]
        elif character in _PLACE:
            section, digit = section + (digit or 1) * _PLACE[character], 0
        elif character in _TENS:
            section += _TENS[character]
        elif character == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    decimals = "".join(str(_DIGIT.get(character, 0)) for character in fraction)
    return float(f"{total + section + digit}.{decimals or 0}")


def _numeral_value(text: str) -> tuple[float, str]:
    """Return value and 万 or 亿 of a numeral: 四万亿 is 4 and 万亿, 三亿二千万 is 32000 and 万."""
    text = re.sub("[余多]", "", text)
    body = text.rstrip("万亿")
    multiple = text[len(body) :]
    if "点" in body:
        return numeral(body), multiple
    return numeral(text) / prod(_MULTIPLES[one] for one in multiple), multiple


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

    @property
    def is_bare(self) -> bool:
        """Say whether nothing but digits says what the number is."""
        return not (self.accepted or self.unit or self.multiple or self.is_numeral)


def _decimals(digits: str) -> int:
    return len(re.split("[.点]", digits)[-1]) if re.search("[.点]", digits) else 0


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


def _read_number(text: str, match: re.Match[str]) -> Number:
    at, end = match.span()
    if match["fraction"]:
        raw, unit = match["of"] or match["mille"], "%" if match["of"] else "‰"
        value, decimals = float(raw) if raw[0].isdigit() else numeral(raw), _decimals(raw)
        return Number(at, end, end, value, decimals, unit=unit, accepted=True, is_numeral=True)
    raw, multiple, decimals = match["digits"] or match["numeral"], "", 0
    if match["digits"]:
        clean = re.sub("[, ]", "", raw)
        value, decimals = float(clean), _decimals(clean)
        if _sign(text, at):
            at, value = at - 1, -value
    else:
        value, multiple = _numeral_value(raw)
        end -= len(multiple) if value else 0
    parts, until = _tail(text, match.end())
    unit = next((parts[name] for name in _UNIT_PARTS if parts.get(name)), "")
    has_more = any(parts.get(name) for name in ("more", "more2", "more3"))
    has_more = has_more or bool(match["numeral"] and re.search("[余多]", raw))
    return Number(
        *(at, end, until, value, decimals, multiple + parts.get("multiple", "")),
        unit="个百分点" if parts.get("points2") else unit,  # 2个多百分点
        per=re.sub(r"\s", "", parts.get("per", "")),
        qualifier="余" if has_more else "",
        is_numeral=bool(match["numeral"]),
    )


def _read_ratio(text: str, match: re.Match[str]) -> Number | None:
    """Return a ratio to one: 16.2:1, 师生比1:16; nothing where no words call it one."""
    left, right = match["left"], match["right"]
    near = 20 if "比" in match[0] else 24  # characters before it in which words may name it
    named = _RATIO_WORDS.search(text, max(0, match.start() - near), match.start())
    is_written = "." in match[0] and ":" in match[0]
    if "1" not in (left, right) or not (named or is_written):
        return None
    raw, unit = (left, "比1") if right == "1" else (right, "1比")
    at, end = match.span()
    one = Number(at, end, end, float(raw), _decimals(raw), unit=unit, kind=RATIO)
    one.accepted = True
    return one


def _is_ratio_of_two(text: str, match: re.Match[str]) -> bool:
    """Say whether two numbers are one ratio, and no figures: 职普比4.6:5.4."""
    is_named = _RATIO_WORDS.search(text, max(0, match.start() - 8), match.start())
    return "1" not in (match["left"], match["right"]) and bool(is_named)


def ranks_in(text: str) -> list[Number]:
    """Return the ranks of a text: 全省排名39, 位列第3位."""
    out = []
    for match in _RANK.finditer(text):
        raw, lead = match["number"], match[0][: match.start("number") - match.start()]
        is_ordinal = "第" in match[0]
        if not raw.isdigit() and not (match["need"] or is_ordinal or "前" in match[0]):
            continue
        if raw.isdigit() and is_ordinal and text[match.end("number") :].startswith(MASK):
            continue
        out.append(_rank(match))
        out[-1].qualifier = "前" if lead.rstrip().endswith("前") else ""
        while more := _NEXT_RANK.match(text, out[-1].until):
            out.append(_rank(more))
    return out


def _rank(match: re.Match[str]) -> Number:
    raw, span = match["number"], match.span("number")
    one = Number(*span, match.end(), numeral(raw), 0, kind=RANK, accepted=True, unit="位")
    if raw.isdigit():
        one.value = float(raw)
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


def _accepts_numeral(text: str, one: Number, before: str, dimension: str) -> bool:
    raw, after = text[one.at : one.end], text[one.until : one.until + 1]
    if dimension in _never_by_numerals() or (not one.multiple and _NUMERAL_BEFORE.search(before)):
        return False
    if raw[0] in "百千万亿" and not (one.qualifier or _BEFORE.search(before)):
        return False
    if raw == "一" and not one.multiple and dimension not in ("times", "doublings", "tenths"):
        if dimension == "schools" and _HAS_ONE.search(before):
            return True
        if dimension in _BUILT and after in "，。；、）\n":
            return bool(_BUILT_BEFORE.search(before))  # 教学楼一幢，宿舍一座
        return one.unit == "个百分点"
    if dimension == "volumes" and raw in "一二三":
        return False  # 二本上线率
    if dimension == "entries" and after and after in "的，。、；安":
        return False  # 八项的, 分两项安排
    if dimension in ("pieces", "entries", "items") and _NOMINAL_AFTER.match(text, one.until):
        return False
    return not re.match("合计|共|总计|部门", text[one.until : one.until + 2])  # 三校合计


@cache
def _never_by_numerals() -> frozenset[str]:
    return frozenset(one.dimension for one in units().values() if one.is_never_numeral)


@lru_cache(maxsize=1024)
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
    factor = 1.0
    while base and base[0] in _MULTIPLES and base not in units():
        factor *= _MULTIPLES[base[0]]
        base = base[1:]
    return factor * (units()[base].factor if base in units() else 1.0)


def qualify(text: str, one: Number) -> None:
    """Add to a number the words of its qualifier: 近, 不低于, 以上."""
    before = _BEFORE.search(text, max(0, one.at - 10), one.at)
    after = _AFTER.match(text, one.until) if one.kind != RANK else None
    lead = before["word"] if before else ""
    if lead in ("高于", "低于", "超出", "大于", "小于") and one.unit.endswith("百分点"):
        lead = ""
    if lead.startswith("突破"):
        lead = "超过"
    trail = after["word"].lstrip("及") if after else ""
    if after:
        one.until = after.end()
    if one.unit in ("番", "倍") and (more := _AND_MORE.match(text, one.until)):
        one.until, trail = more.end(), "多"  # 翻了一番多
    one.qualifier = "…".join(part for part in (lead, one.qualifier, trail) if part)


def numbers_in(text: str, ranks: list[Number]) -> list[Number]:
    """Return every number of the masked text with its own unit, accepted or not, in order."""
    taken = {place for one in ranks for place in range(one.at, one.end)}
    out = list(ranks)
    position = 0
    while match := _NUMBER.search(text, position):
        position = match.end()
        ratio = _RATIO.match(text, match.start())
        if not taken.isdisjoint(range(*(ratio or match).span())):
            position = (ratio or match).end()
            continue
        if _HAS_LOST_ITS_WHOLE.search(text, max(0, match.start() - 2), match.start()):
            continue
        one = _read_ratio(text, ratio) if ratio else None
        if one is None and ratio and _is_ratio_of_two(text, ratio):
            position = ratio.end()
            continue
        one = one or _read_number(text, match)
        position = max(position, one.until if one.unit else position)
        one.accepted = _accepts(text, one)
        out.append(one)
    out.sort(key=lambda one: one.at)
    return _with_compounds(text, out)


def _with_compounds(text: str, numbers: list[Number]) -> list[Number]:
    """Join 3亿5000万元 into one figure of 35000 万元."""
    out: list[Number] = []
    for one in numbers:
        last = out[-1] if out else one
        is_amount = last.multiple == "亿" and not last.unit and one.multiple == "万" and one.unit
        if is_amount and not text[last.until : one.at].strip():
            value = last.value * 10_000 + one.value
            out[-1] = replace(one, at=last.at, value=value, accepted=True, qualifier="")
            out[-1].is_numeral = False
        else:
            out.append(one)
    return out


def sentence_start(text: str, at: int) -> int:
    """Return where the sentence of a place begins, not more than 300 characters before."""
    last = 0
    for match in _SENTENCE.finditer(text, max(0, at - 300), at):
        last = match.end()
    return max(last, at - 300, 0)
