"""Sentences whose words state a relation between their figures, as frames.yaml declares them.

A frame is a pattern of the words between figures: `{now:A}，比<<when>>{base:A}`. In the text that
it is held against, a figure with its unit is one mark, and so is a list of figures of one kind
(小学、初中分别为12人、8人), to which a frame applies member by member.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any

import yaml

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import (
    CONTRADICTS,
    FOLLOWS,
    RARE,
    WITHIN_ROUNDING,
    Printed,
)
from dudao_pipeline.report_check.figures import Figure, listed_years
from dudao_pipeline.report_check.numbers import (
    CHANGE,
    COUNT,
    GROWTH,
    LEVEL,
    POINTS,
    RANK,
    RATIO,
    SHARE,
)
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    EQUAL,
    GROWTH_OF,
    NOT_BASE,
    POINTS_OF,
    QUALIFIER,
    RATIO_OF,
    SHARE_OF,
    SUM,
    YEARLY_GROWTH,
    Printing,
    Relation,
    added,
    plain_number,
)
from dudao_pipeline.report_check.rules import CLOSE, OPEN, filled, macro, rule_text

_LETTERS = {COUNT: "A", LEVEL: "A", CHANGE: "C", SHARE: "S", POINTS: "P", RANK: "K"}
_MANY_DIGITS = 4  # of a result that one wrong digit of an input explains hardly by chance

List = tuple[int, ...]  # the figures of one list, or one figure


@dataclass(frozen=True)
class Formula:
    """How a result follows from its inputs, what the relation is called, and how it is written.

    `same`: inputs of one dimension; `all_same`: the result has it, too.
    """

    compute: Callable[..., float]
    relation: str
    written: str = "#{0}/#{1}"
    same: bool = False
    all_same: bool = False


_FORMULAS = {
    "growth": Formula(arithmetic.growth, GROWTH_OF, "#{0}/#{1}-1", same=True),
    "growth_from_change": Formula(
        arithmetic.growth_from_change, GROWTH_OF, "#{1}/(#{0}-#{1})", same=True
    ),
    "growth_over_base": Formula(arithmetic.share, GROWTH_OF, same=True),
    "difference": Formula(arithmetic.difference, DIFFERENCE, "#{0}-#{1}", all_same=True),
    "apart": Formula(lambda one, other: abs(one - other), DIFFERENCE, "#{0}-#{1}", all_same=True),
    "points": Formula(arithmetic.difference, POINTS_OF, "#{0}-#{1}"),
    "points_apart": Formula(lambda one, other: abs(one - other), POINTS_OF, "#{0}-#{1}"),
    "share": Formula(arithmetic.share, SHARE_OF, same=True),
    "share_of_sum": Formula(
        lambda whole, *parts: sum(parts) / whole * 100, SHARE_OF, "({rest})/#{0}", same=True
    ),
    "quotient": Formula(arithmetic.quotient, RATIO_OF),
    "per_myriad": Formula(lambda over, under: over / under * 10_000, RATIO_OF),
    "per_hundred": Formula(lambda over, under: over / under * 100, RATIO_OF),
    "product": Formula(lambda one, other: one * other, RATIO_OF, "#{0}*#{1}"),
    "more": Formula(lambda now, base: now / base - 1, RATIO_OF, "#{0}/#{1}-1", same=True),
    "total": Formula(arithmetic.total, SUM, "{all}", all_same=True),
    "mean": Formula(lambda *parts: sum(parts) / len(parts), RATIO_OF, "({all})/{n}", all_same=True),
    "yearly": Formula(arithmetic.growth, YEARLY_GROWTH, ""),
}
_OF_LISTS = {"total", "mean"}
# Results that are rounded also where they count persons.
_ROUNDED = {"quotient", "per_myriad", "per_hundred", "mean"}


@dataclass(frozen=True)
class Equation:
    """One formula of a frame: the group of its result, those of its inputs."""

    name: str
    result: str
    inputs: tuple[str, ...]

    def members(self, roles: dict[str, List]) -> List:
        """Return the result and the inputs among figures in their roles."""
        return tuple(i for name in (self.result, *self.inputs) for i in roles[name])

    def written(self, roles: dict[str, List]) -> str:
        """Return the formula as 报告所列数据 writes it."""
        inputs = self.members(roles)[1:]
        template = _FORMULAS[self.name].written
        return template.format(*inputs, all=added(inputs), rest=added(inputs[1:]), n=len(inputs))


@dataclass(frozen=True)
class Frame:
    """One wording of frames.yaml.

    `accuse`: always, where no other reading is left; slip, where a slip of the pen explains what
    does not follow; likely, where it is one of the result or of a long number; rare, where it is
    hardly a coincidence. What is not accused is doubted.
    """

    name: str
    pattern: re.Pattern[str]
    roles: frozenset[str]
    equations: tuple[Equation, ...]
    accuse: str = "slip"
    unless: re.Pattern[str] | None = None
    dimensions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    words: tuple[tuple[str, re.Pattern[str]], ...] = ()
    is_of_any_year: bool = False
    is_of_line: bool = False


_ROLE = re.compile(r"\{([a-z]\w*):([A-Za-z]+)\}")
_YEAR_ON_YEAR = Frame(
    "逐年增长",
    re.compile(""),
    frozenset(("now", "base", "rate")),
    (Equation("growth", "rate", ("now", "base")),),
    "always",
)


@cache
def frames() -> tuple[Frame, ...]:
    """Return the frames in the order of frames.yaml."""
    return tuple(_frame(one) for one in yaml.safe_load(rule_text("frames.yaml")))


def _frame(one: dict[str, Any]) -> Frame:
    def mark(match: re.Match[str]) -> str:
        return rf"{OPEN}[{match[2]}](?P<{match[1]}>\d+(?:\+\d+)?){CLOSE}"

    text = filled(_ROLE.sub(mark, one["frame"]))
    return Frame(
        one["name"],
        re.compile(f"(?=({text}))"),
        frozenset(name for name, _ in _ROLE.findall(one["frame"])),
        tuple(
            Equation(name, groups[0], tuple(groups[1:]))
            for equation in one["equations"]
            for name, groups in equation.items()
        ),
        one.get("accuse", "slip"),
        re.compile(filled(one["unless"])) if "unless" in one else None,
        tuple((group, tuple(text.split())) for group, text in one.get("dimensions", {}).items()),
        tuple((group, re.compile(text)) for group, text in one.get("words", {}).items()),
        bool(one.get("any_year")),
        one.get("scope") == "line",
    )


def framed(printing: Printing, wordings: tuple[Frame, ...] | None = None) -> Iterator[Relation]:
    """Check every relation that the words of a frame state, of single figures and of lists.

    wordings: the frames to look for; all of frames.yaml where none are given.
    """
    all_frames = wordings or frames()
    for is_line, ends in ((False, r"[。！？\n]"), (True, r"\n")):
        chosen = [frame for frame in all_frames if frame.is_of_line == is_line]
        for first, last in _sentences(printing, ends) if chosen else ():
            for text, is_list in _marked(printing, first, last):
                for frame in chosen:
                    for match in frame.pattern.finditer(text):
                        yield from _stated(printing, frame, match, is_list)


def _sentences(printing: Printing, ends: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last figure of every sentence, or of what else the ends part."""
    first = 0
    for index in range(1, len(printing.figures) + 1):
        is_last = index == len(printing.figures)
        if is_last or re.search(ends, printing.gap(index)):
            yield first, index - 1
            first = index


_BARE = re.compile(
    r"\s*(?:、|和|及|与|以及|,|/)第?(?:分别|各|约|增加|减少|增长|下降|提高|降低|上升|了)*\s*"
)
_LABELLED = re.compile(
    r"[、，和及与](?![^、，]*(?:分别|[比较共各达增减由从到至是为其均的]|合计))[^，。；（）\d]{0,10}"
)


def _marked(printing: Printing, first: int, last: int) -> Iterator[tuple[str, bool]]:
    """Yield a sentence with marks for its figures: each for itself, then by lists."""
    bare = _joined(printing, first, last, _BARE)
    in_lists = {i for run in bare if len(run) > 1 for i in run}
    yield _text(printing, [(i,) for i in range(first, last + 1)], in_lists), False
    if in_lists:
        yield _text(printing, bare, set()), True
    sentence = printing.text[printing.figures[first].at : printing.figures[last].until]
    may_list = re.search("分[别列]|依次|合计|[共总]计|占[^占。]*占[^占。]*占", sentence)
    labelled = _joined(printing, first, last, _LABELLED) if may_list else bare
    if labelled != bare:
        yield _text(printing, labelled, set()), True


def _joined(printing: Printing, first: int, last: int, gap: re.Pattern[str]) -> list[List]:
    """Return the figures of a sentence, those of one kind that a gap parts as one list."""
    runs: list[List] = [(first,)]
    for index in range(first + 1, last + 1):
        one, before = printing.figures[index], printing.figures[index - 1]
        alike = (_letter(one), one.dimension) == (_letter(before), before.dimension)
        captured = printing.gap(index)
        if alike and gap.fullmatch(captured) and ("占" not in captured or one.kind == SHARE):
            runs[-1] = (*runs[-1], index)
        else:
            runs.append((index,))
    return runs


def _letter(one: Figure) -> str:
    """Return the letter that a frame names a kind of figures by, small where it is not exact."""
    letter = _LETTERS.get(one.kind, "R")
    if one.dimension in ("times", "doublings"):
        letter = "N" if one.kind == GROWTH else "M"
    elif one.kind == GROWTH:
        letter = "G"
    return letter if one.is_exact else letter.lower()


def _text(printing: Printing, runs: list[List], in_lists: set[int]) -> str:
    """Return the text of runs and what stands before; x marks what is of a list only."""
    figures, out = printing.figures, []
    start = figures[runs[0][0]].at
    begin = max(printing.text.rfind(end, 0, start) for end in "。！？\n") + 1
    position = max(begin, start - 60)
    for run in runs:
        letter = "x" if run[0] in in_lists else _letter(figures[run[0]])
        length = f"+{len(run)}" if len(run) > 1 else ""
        out.append(printing.text[position : figures[run[0]].at])
        out.append(f"{OPEN}{letter}{run[0]}{length}{CLOSE}")
        position = figures[run[-1]].until
    return "".join(out) + re.split(r"[。！？\n]", printing.text[position : position + 30])[0]


def _list_of(mark: str) -> List:
    first, _, length = mark.partition("+")
    return tuple(range(int(first), int(first) + int(length or 1)))


def _stated(
    printing: Printing, frame: Frame, match: re.Match[str], is_list: bool
) -> Iterator[Relation]:
    """Yield the relations of one place where the words of a frame stand."""
    captured = match.groupdict()
    roles = {
        name: _list_of(text) for name, text in captured.items() if text and name in frame.roles
    }
    if not is_list and "分别" in match[1]:
        return  # of a list, no single figure corresponds
    if not _fits(printing, frame, match, roles) or not _counts_years(printing, roles, captured):
        return
    name = frame.equations[0].name
    if special := _SPECIAL.get(name):
        if name in _OF_RUNS or all(len(run) == 1 for run in roles.values()):
            yield from special(printing, roles, captured)
        return
    steps = _steps(printing, frame, roles)
    if is_list and len(steps) == 1 and name not in _OF_LISTS:
        return
    of = _YEAR_ON_YEAR if name == "chain" else frame
    checked = [one for step in steps for one in _checked(printing, of, step, captured)]
    if len(steps) > 1 and all(one.status == CONTRADICTS for one in checked):
        return  # no member follows: the lists may not correspond
    yield from checked


def _steps(printing: Printing, frame: Frame, roles: dict[str, List]) -> list[dict[str, List]]:
    """Return the figures in their roles member by member; the whole may be that of all."""
    name = frame.equations[0].name
    if name == "chain":
        return _from_year_to_year(printing, roles["levels"], roles["rates"])
    if name in _OF_LISTS:
        is_list = len(roles["total"]) == 1 and len(frame.equations[0].members(roles)) > 2
        return [roles] if is_list else []
    length = max(len(run) for run in roles.values())
    lengths = {len(run) for name, run in roles.items() if name != "whole" or len(run) > 1}
    if lengths != {length}:
        return []
    return [
        {name: (run[n if len(run) > 1 else 0],) for name, run in roles.items()}
        for n in range(length)
    ]


_RECENT = re.compile(r"近([二两三四五六])年")


def _from_year_to_year(printing: Printing, levels: List, rates: List) -> list[dict[str, List]]:
    """Return now, base and growth of each year of a list whose years the text names."""
    at = printing.figures[levels[0]].at
    before = printing.text[max(0, at - 60) : at]
    years, recent = listed_years(before), _RECENT.search(re.split("[；。]", before)[-1])
    if recent and not years:
        years = list(range("零一两三四五六".index(recent[1].replace("二", "两"))))
    follow = all(after - one == 1 for one, after in pairwise(years))
    if len(years) != len(levels) or not follow or len(levels) - len(rates) not in (0, 1):
        return []
    stated = rates[len(rates) - len(levels) + 1 :]
    return [
        {"now": (now,), "base": (base,), "rate": (rate,)}
        for (base, now), rate in zip(pairwise(levels), stated, strict=True)
    ]


def _counts_years(
    printing: Printing, roles: dict[str, List], captured: dict[str, str | None]
) -> bool:
    """Add the number of years since the year that is named; say whether there are some."""
    if not captured.get("since"):
        return True
    first = min(run[0] for run in roles.values())
    years = (printing.figures[first].year or 0) - int(captured["since"] or 0)
    captured["years"] = str(years)
    return 2 <= years <= 20


_SAID_OF = {
    "升学": "升入|升学|录取",
    "持证": "持证|资格证",
    "入学": "入学|就读",
    "受助": "受助|资助",
    "完成": "完成|计划|任务",
    "回收": "收回|回收",
    "参考": "参加|参考|实考",
    "执行": "执行|支出|预算",
}
_STANDARD = re.compile(r"规定|标准|要求|目标|定额|底线")
_NEUTRAL = re.compile(
    r"平均|规模|人数|学生数?|在校生数?|资助|补助|标准|拥有|资金|金额|册数|建筑|用地|数量|有|为|达到?"
    r"|是|约|每年|面积"
)


def _fits(printing: Printing, frame: Frame, match: re.Match[str], roles: dict[str, List]) -> bool:
    """Say whether words and units of the figures are those that a frame asks for."""
    figures, captured = printing.figures, match.groupdict()
    members = [i for run in roles.values() for i in run]
    if any(figures[i].size <= 0 for i in members if figures[i].kind in (COUNT, LEVEL)):
        return False
    first, last = min(members), max(members)
    begin = max((at for at in printing.sentence_ends if at < figures[first].at), default=-1) + 1
    end = figures[last].until
    is_share = all(one.name == "share" for one in frame.equations)
    if not is_share and NOT_BASE.search(printing.text[max(begin, figures[first].at - 60) : end]):
        return False
    between = printing.text[max(begin, figures[first].at - 6) : end]
    if frame.unless and frame.unless.search(between):
        return False
    if not frame.is_of_any_year and not _is_of_last_year(printing, match, roles):
        return False
    one_of = {name: figures[run[0]] for name, run in roles.items()}
    if any(g in one_of and one_of[g].dimension not in needed for g, needed in frame.dimensions):
        return False
    if any(g in one_of and not words.search(one_of[g].what) for g, words in frame.words):
        return False
    near = {name: _words_near(printing, run[0]) for name, run in roles.items()}
    around = "".join(near[name] for name in frame.equations[0].inputs if name in near)
    root, span = captured.get("root") or "", captured.get("span") or ""
    word = _NEUTRAL.sub("", captured.get("word") or "")
    return (
        bool(re.search(_SAID_OF.get(root, root), around))
        and span in around
        and word in near.get("over", word)
        and (captured.get("name") or "")[:2] in near.get("base", captured.get("name") or "")
    )


_COMPARED = re.compile(
    rf"(?:比|较|同比)\s*(?:{macro('period')})(?:的|同期|为|\s)*(?:[^，。；、\d]{{0,4}}的)?$"
)


def _is_of_last_year(printing: Printing, match: re.Match[str], roles: dict[str, List]) -> bool:
    """Say whether the years that are named are those of the figures that a frame compares.

    The level of now is none that the text compares with; over 上年, no other year is the base.
    """
    captured, figures = match.groupdict(), printing.figures
    over_last = re.search("上年|去年|同比|上一年", match[1])
    if captured.get("y1"):
        years = int(captured["y2"]) - int(captured["y1"])
        return years == 1 if over_last else years > 0
    if "now" not in roles:
        return True
    one = figures[roles["now"][0]]
    if _COMPARED.search(printing.text, max(0, one.at - 24), one.at):
        return False
    named = {int(year) for year in re.findall(r"((?:19|20)\d{2})(?=年)", match[1])}
    if not named or one.year is None:
        return not (named and over_last) and len(named) < 2
    is_past = max(named) <= one.year and len(named - {one.year}) < 2
    return is_past and (not over_last or named <= {one.year, one.year - 1})


def _words_near(printing: Printing, index: int) -> str:
    one = printing.figures[index]
    return one.what + printing.text[max(0, one.at - 16) : one.at]


def _checked(
    printing: Printing, frame: Frame, roles: dict[str, List], captured: dict[str, str | None]
) -> list[Relation]:
    """Return the relations of one set of figures; the figure in doubt is that of all that fail."""
    equations = [one for one in frame.equations if {one.result, *one.inputs} <= roles.keys()]
    if any(not _may_be_compared(printing, one, roles) for one in equations):
        return []
    status = {one: _status(printing, one, roles, captured) for one in equations}
    bad = [one for one in equations if status[one] == CONTRADICTS]
    good = [one for one in equations if status[one] != CONTRADICTS]
    out = []
    for one in good:
        members, name = one.members(roles), _FORMULAS[one.name].relation
        formula = one.written(roles)
        out.append(Relation(members, name, status[one], of=members[0], formula=formula))
    if bad:
        cleared = {i for one in good for i in one.members(roles)}
        in_all = set(bad[0].members(roles)).intersection(*(one.members(roles) for one in bad))
        out.append(
            _contradiction(
                printing, frame, bad[0], roles=roles, captured=captured, suspects=in_all - cleared
            )
        )
    return out


def _may_be_compared(printing: Printing, equation: Equation, roles: dict[str, List]) -> bool:
    """Say whether the units of a formula agree, and its sizes are not of different things."""
    figures, formula = printing.figures, _FORMULAS[equation.name]
    result, *inputs = (figures[i] for i in equation.members(roles))
    if equation.name in ("quotient", "per_hundred") and result.kind != RATIO:
        return result.dimension == inputs[0].dimension
    if equation.name == "share" and inputs[0].size > inputs[1].size * 2:
        return False
    if equation.name == "total" and result.size > 10 * sum(one.size for one in inputs):
        return False
    compared = [result, *inputs] if formula.all_same else inputs if formula.same else []
    return len({one.dimension.replace("points", "percent") for one in compared}) < 2


def _compute(equation: Equation, captured: dict[str, str | None]) -> arithmetic.Formula:
    """Return the function of an equation; the growth of a year takes the number of years."""
    if equation.name != "yearly":
        return _FORMULAS[equation.name].compute
    years = int(captured["years"] or 1)

    def yearly(*given: float) -> float:
        times = given[0] / given[1] if len(given) > 1 else 1 + given[0] / 100
        return (times ** (1 / years) - 1) * 100

    return yearly


def _numbers(
    printing: Printing, equation: Equation, roles: dict[str, List], captured: dict[str, str | None]
) -> tuple[list[Printed], Printed]:
    """Return the inputs of an equation and its result as arithmetic takes them."""
    result, *inputs = equation.members(roles)
    given = [printing.printed(i) for i in inputs]
    stated, one = printing.printed(result), printing.figures[result]
    if one.kind == RATIO and one.dimension != "times":
        stated = replace(stated, text=f"{one.value:.{one.decimals}f}")
    if equation.name in _ROUNDED:
        stated = replace(stated, half=0.5 * 10.0**-one.decimals * one.factor)
    if equation.name == "apart":  # a standard is exact
        standards = [_STANDARD.search(_words_near(printing, i)) for i in inputs]
        given = [replace(n, half=0.0) if s else n for n, s in zip(given, standards, strict=True)]
    if equation.name in ("apart", "points_apart"):
        stated = replace(stated, value=abs(stated.value))
    return given, stated


def _status(
    printing: Printing, equation: Equation, roles: dict[str, List], captured: dict[str, str | None]
) -> str:
    given, stated = _numbers(printing, equation, roles, captured)
    compute = _compute(equation, captured)
    status = arithmetic.compare(compute, given, stated)
    if printing.figures[roles[equation.result][0]].dimension == "times":
        exact = compute(*(one.value for one in given))  # 4倍 of 3.0: cut off, never added
        fits = -1e-9 <= exact - stated.value < 2 * stated.half or status == FOLLOWS
        return status if fits else CONTRADICTS
    return status


def _contradiction(
    printing: Printing,
    frame: Frame,
    equation: Equation,
    *,
    roles: dict[str, List],
    captured: dict[str, str | None],
    suspects: set[int],
) -> Relation:
    """Return the relation that names the figure without which the others of a frame agree."""
    members = equation.members(roles)
    given, stated = _numbers(printing, equation, roles, captured)
    compute = _compute(equation, captured)
    slip, which = _slip(equation, compute, given, stated)
    if _is_copied(printing, members[0]):
        slip, which = "与上一行的增长率相同，疑为照抄上一行", -1
    is_alone = len(frame.equations) > 1 and suspects == {members[0]}  # its inputs fit the others
    doubt = members[which + 1] if slip else members[0]
    if len(suspects) == 1:
        (doubt,) = suspects
    one = printing.figures[members[0]]
    value = compute(*(number.value for number in given))
    value = abs(value) if one.value >= 0 else value
    expected = plain_number(round(value / one.factor, max(one.decimals, 2))) + one.unit
    message = f"按{printing.shown(*members[1:])}计算应为{expected}，文中为{one.shown}"
    message += f"；可能：{slip}" if slip else ""
    everyone = (*members, *(i for run in roles.values() for i in run))
    return Relation(
        (doubt, *(i for i in dict.fromkeys(everyone) if i != doubt)),
        _FORMULAS[equation.name].relation,
        CONTRADICTS
        if is_alone or _is_sure(frame, equation, (given, stated), (slip, which))
        else DOUBT,
        expected,
        message,
        slip,
        members[0],
        equation.written(roles),
    )


def _is_sure(
    frame: Frame,
    equation: Equation,
    numbers: tuple[list[Printed], Printed],
    slip: tuple[str, int],
) -> bool:
    """Say whether what does not follow is accused, as its frame says."""
    (given, stated), (name, which) = numbers, slip
    if equation.name == "total" and name != RARE[0]:
        added = sum(one.value for one in given)
        if not 0.5 * added <= stated.value <= 2 * added:
            return False
    digits = len(re.sub(r"\D", "", stated.text))
    is_likely = bool(name) and (which < 0 or name in RARE or digits >= _MANY_DIGITS)
    needed = {"always": True, "slip": bool(name), "likely": is_likely}
    return needed.get(frame.accuse, name in RARE)


_OTHER_GROWTHS: tuple[tuple[arithmetic.Formula, str], ...] = (
    (lambda now, base: (now - base) / now * 100, "以本年数为基数，应以上年数为基数"),
    (lambda now, base: (base / now - 1) * 100, "本年数与上年数颠倒"),
    (lambda now, base: now / base * 100, "写成了本年数占上年数的比例"),
)
_OTHER_FORMULAS = {
    "growth": _OTHER_GROWTHS,
    "more": ((arithmetic.quotient, "写成了两数之比，应减一"),),
}


def _slip(
    equation: Equation, compute: arithmetic.Formula, given: list[Printed], stated: Printed
) -> tuple[str, int]:
    """Return the slip that explains a contradiction, and whose it is: -1 the result's."""
    flipped = replace(stated, value=-stated.value)
    if stated.value and arithmetic.compare(compute, given, flipped) != CONTRADICTS:
        return "增减方向写反", -1
    for other, name in _OTHER_FORMULAS.get(equation.name, ()):
        if arithmetic.compare(other, given, stated) != CONTRADICTS:
            return name, -1
    slip = arithmetic.likely_slip(compute, given, stated)
    return (slip[0], slip[1]) if slip else ("", -1)


def _is_copied(printing: Printing, index: int) -> bool:
    """Say whether the growth printed before is the same number: a line copied from above."""
    one = printing.figures[index]
    before = (other for other in reversed(printing.figures[:index]) if other.kind == GROWTH)
    last = next(before, None)
    return one.kind == GROWTH and last is not None and last.printed == one.printed


def _order(printing: Printing, roles: dict[str, List], _: Any) -> Iterator[Relation]:
    """Check 92.4分、90.1分、89.1分，分列第1、第2、第3位: a higher mark has a lower rank."""
    ranks, marks = roles["ranks"], roles["marks"]
    figures = printing.figures
    pairs = sorted(zip(ranks, marks, strict=False), key=lambda one: figures[one[0]].value)
    if len(ranks) != len(marks):
        return
    for (rank, mark), (next_rank, next_mark) in pairwise(pairs):
        members = (next_rank, next_mark, rank, mark)
        lower = figures[next_mark].size <= figures[mark].size
        message = f"第{figures[rank].printed}位为{figures[mark].shown}，低于"
        message += f"第{figures[next_rank].printed}位的{figures[next_mark].shown}"
        status, captured = (FOLLOWS, "") if lower else (CONTRADICTS, message)
        yield Relation(members, EQUAL, status, message=captured)


def _sides(
    printing: Printing, roles: dict[str, List], captured: dict[str, str | None]
) -> Iterator[Relation]:
    """Check 普通高中2544人，中职2256人，普职比5.3:4.7, where the ratio itself is no figure."""
    one, other = (printing.figures[roles[name][0]] for name in ("one", "other"))
    names = (captured["first"] or "", captured["second"] or "")
    if names[0] not in one.what + one.stage or names[1] not in other.what + other.stage:
        return
    left, right = float(captured["left"] or 0), float(captured["right"] or 1)
    if not left or not right:
        return
    half = 0.5 * 10.0 ** -len((captured["left"] or "").partition(".")[2])
    sides = [Printed(value, half) for value in (left, right)]
    low, high = arithmetic.span(arithmetic.quotient, sides)
    value = one.size / other.size
    members = (roles["one"][0], roles["other"][0])
    if low <= value <= high:
        yield Relation(members, RATIO_OF, FOLLOWS)
        return
    whole = left + right
    expected = f"{value / (1 + value) * whole:.1f}:{whole / (1 + value):.1f}"
    message = (
        f"{printing.shown(*members)}之比为{expected}，文中为{captured['left']}:{captured['right']}"
    )
    is_sure = abs(value - left / right) > 0.02 * value
    yield Relation(members, RATIO_OF, CONTRADICTS if is_sure else DOUBT, expected, message)


def _hundred(printing: Printing, roles: dict[str, List], _: Any) -> Iterator[Relation]:
    """Check 小学占46.2%，初中占28.7%，高中占25.1%: shares that are all there is."""
    parts = roles["parts"]
    given = [printing.number(i) for i in parts]
    added = sum(one.value for one in given)
    if len(parts) < 3 or any("占" not in printing.gap(i) for i in parts):
        return
    whole = Printed(100.0, sum(one.half for one in given))
    if abs(added - 100) <= whole.half + 1e-9:
        yield Relation(parts, SUM, WITHIN_ROUNDING, "100%")
        return
    slip = arithmetic.likely_slip(arithmetic.total, given, whole, within_rounding=())
    exact = slip and abs(added - given[slip[1]].value + slip[2] - 100) < 1e-6
    if slip and exact and slip[0] == RARE[0] and (added > 100 or len(parts) > 3):
        doubt = parts[slip[1]]
        message = f"{printing.shown(*parts)}之和为{plain_number(added)}%；可能：{slip[0]}"
        members = (doubt, *(i for i in parts if i != doubt))
        yield Relation(members, SUM, CONTRADICTS, "100%", message, slip[0])


_SPAN_OF_YEARS = re.compile(r"((?:19|20)\d{2})年?\s*[-—~至到]+\s*((?:19|20)\d{2})年")
_CHANGE = Equation("difference", "change", ("now", "base"))
_YEARLY = Equation("yearly", "rate", ("now", "base"))


def _between(
    printing: Printing, roles: dict[str, List], captured: dict[str, str | None]
) -> Iterator[Relation]:
    """Check 2012—2019年，教职工总数增加109.66万人 against the levels of the two years before it."""
    figures, (index,) = printing.figures, roles["change"]
    label = captured["label"] or ""
    begin = max(printing.text.rfind(end, 0, figures[index].at) for end in "。！？\n")
    span = _SPAN_OF_YEARS.search(printing.text, begin + 1, figures[index].at)
    if not span:
        return
    years, levels = span.groups(), {}
    for year in years:
        levels[year] = [
            i
            for i in range(max(0, index - 12), index)
            if figures[i].kind in (COUNT, LEVEL)
            and str(figures[i].year) == year
            and figures[i].what.replace("总数", "").endswith(label.replace("总数", ""))
            and figures[i].dimension == figures[index].dimension
        ]
    if years[0] == years[1] or any(len(one) != 1 for one in levels.values()):
        return
    base, now = (levels[year][0] for year in years)
    named = {**roles, "base": (base,), "now": (now,)}
    captured["years"] = str(int(years[1] or 0) - int(years[0] or 0))
    frame = replace(_YEAR_ON_YEAR, equations=(_CHANGE, _YEARLY), accuse="slip")
    yield from _checked(printing, frame, named, captured)


def _within(printing: Printing, roles: dict[str, List], _: Any) -> Iterator[Relation]:
    """Accuse 教职工1846人，其中专任教师1926人, where two digits of a part are exchanged."""
    part, whole = roles["part"][0], roles["whole"][0]
    one, other = printing.figures[part], printing.figures[whole]
    if one.dimension != other.dimension or one.factor != other.factor:
        return
    if one.size <= other.size:
        yield Relation((part, whole), QUALIFIER, FOLLOWS)
    elif one.size <= 1.5 * other.size and len(one.printed) >= _MANY_DIGITS:
        swapped = arithmetic.exchanged(one.printed)
        if any(0.5 * other.value <= value <= other.value for value in swapped):
            message = f"{one.shown}是{other.shown}的一部分，不会更多；可能：{RARE[0]}"
            shown = f"不超过{other.shown}"
            yield Relation((part, whole), QUALIFIER, CONTRADICTS, shown, message, RARE[0])


_OF_RUNS = {"order", "hundred"}
_SPECIAL = {
    "between": _between,
    "within": _within,
    "order": _order,
    "sides": _sides,
    "hundred": _hundred,
}
