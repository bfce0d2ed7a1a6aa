"""Relations between the rows, or the columns, of tables: what holds at the other places holds here.

A line is a row or a column; a place is where a line crosses one of the other direction. A line may
be the sum of others, the difference, the growth, a part in percent or the quotient of two others.
Whether it is, the figures say: a relation is tested at every place, in every table and block whose
lines have the same names, and counts where it holds by so many digits that chance does not explain
it. Where it then fails at one place, a figure of that place is accused.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain, permutations
from math import log, log10

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import (
    CONTRADICTS,
    FOLLOWS,
    RARE,
    WITHIN_ROUNDING,
    Formula,
    Printed,
)
from dudao_pipeline.report_check.deciding import FAR_OFF
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import dimension_of
from dudao_pipeline.report_check.printing import EQUAL, RATIO_OF, SHARE_OF, Relation, plain_number
from dudao_pipeline.report_check.rules import words
from dudao_pipeline.report_check.slips import SIGN
from dudao_pipeline.report_check.structure import family_of

TABLE_SUM, TABLE_GROWTH, TABLE_CHANGE = "table_sum", "table_growth", "table_change"
EXCHANGED_ROWS, EXCHANGED_COLUMNS = "两行的数互换", "两列的数互换"
COPIED_PLACE = "与相邻一格相同，疑为照抄"

_MOST_PARTS = 6  # lines that one line is the sum of
_NEAR = 7  # lines from a growth, a share or a quotient to those it is of
_NEAR_PARTS = 8  # lines among which one is the sum or the difference of two
_DIGITS_OF_SUM = 4.2  # over all places, where a line adds up those beside it
_DIGITS_OF_ANY = 6.5  # where any three near lines were tried
_DIGITS_OF_RATE = 4.5  # where a line is named as a rate
_DIGITS_NAMED = 2.2  # where the names of all three say what one is of the others
_DIGITS_ALONE = 4.2  # where a relation holds at one place only
_DIGITS_ALONE_NAMED = 3.2  # of parts whose names divide one whole
_DIGITS_WITHOUT_SLIP = 7.5  # to accuse what no single slip explains
_DIGITS_OF_SMALL, _DIGITS_OF_OTHERS = 1.5, 2.5
_DIGITS_OF_HOLD = 0.9  # to count as a place where it holds
_EXCHANGE_WITHIN, _EXCHANGE_APART = 0.05, 1.3
_LEAST_EXCHANGED = 100

_RATE = re.compile(r"[%％]|率|比|占|增|减|幅|同比")
_GROWTH = re.compile(r"增|减|幅|同比")
_SHARE = re.compile(r"占|率|比")
_CHANGED = re.compile("[增±]|提高|提升|下降|变化|百分点|差[距额]|相差")
_QUOTIENT = re.compile(r"比|均|平均|每")

_YEARS = "(?:19|20)\\d{2}|本年|上年|去年"
_PUPILS, _TEACHERS = "学生|在校|在园|幼儿", "教师|教职工"
_QUOTIENTS = tuple(
    tuple(map(re.compile, some))
    for some in (
        ("[师生]比|生.*教师.*比", _PUPILS, _TEACHERS),
        ("班额|班均", _PUPILS, "班"),
        ("校均", _PUPILS, "学校|校数"),
        ("生均.*面积", "面积", _PUPILS),
        ("生均.*(?:图书|册)", "图书|册", _PUPILS),
        ("入学率", "入学", "学龄|适龄"),
        ("升学率", "升|录取", "毕业"),
        ("合格率|及格率|优秀率", "合格|及格|优秀", "参加|参考|应|总|人数|学生"),
        ("就业率", "就业", "毕业"),
        ("达标率", "达标", "学校|总|人数|学生"),
        ("增长|增幅|升降|增减", "", "上年|去年|同期|上一年"),
        ("^增减|增减[额数]?$|净增|比上年[增±]", _YEARS, _YEARS),
    )
)
_NOT_ADDED = re.compile(
    r"均|率|比|幅|[%％]|增长(?![额数])|增速|标准|班额|排名|名次|位次|指数|系数|年龄|得分|分数"
)
_WHOLE = re.compile(r"合\s*计|总\s*计|平均|^全[县市区州省国]")
_TOTAL = re.compile(r"合\s*计|总\s*计|共\s*计|^全[县市区州省国]$|^总\s*[数计]?$")
_SUBTOTAL = re.compile(r"小\s*计")
_NO_PART = re.compile(r"其中|平均|均值|占比|比例|增|降|标准|率$|均|备注|排名|名次|#")
_PART = re.compile("其中|[#＃]")  # a line that divides the one before it
_MARK = re.compile(r"^[#＃\s]*(?:其中)?[：:]?\s*|\s+")


_Key = tuple[str, bool, tuple[str, ...], tuple[int, ...]]  # what is the same in every block


@dataclass(frozen=True)
class Line:
    """A row or a column: its words, and the figure of each place along it."""

    name: str
    cells: Mapping[int, int]


@dataclass(frozen=True)
class Sheet:
    """The lines of one direction of a table, and the words of their places."""

    number: int
    is_rows: bool
    lines: Sequence[Line]
    places: Mapping[int, str]
    figures: Sequence[Figure] = field(repr=False)

    @cached_property
    def marks(self) -> list[str]:
        """Return the names of the lines without 其中; of one without a name where it is."""
        names = (_MARK.sub("", line.name) for line in self.lines)
        return [name or f"{self.number}:{at}" for at, name in enumerate(names)]

    @cached_property
    def crossings(self) -> dict[int, dict[int, int]]:
        """Return for each place the figures of all lines there, with how many stand before it."""
        out: dict[int, dict[int, int]] = {place: {} for place in self.places}
        for line in self.lines:
            for place, index in line.cells.items():
                out[place][index] = len(out[place])
        return out

    @cached_property
    def counted(self) -> dict[int, str]:
        """Return for each place the unit of what its words say is counted there."""
        return {place: counted_unit(words) for place, words in self.places.items()}

    @cached_property
    def not_added(self) -> set[int]:
        """Return the places at which lines are not added up: of rates, of standards."""
        return {place for place, words in self.places.items() if _NOT_ADDED.search(words)}

    @cached_property
    def printed(self) -> dict[int, tuple[Printed, Printed]]:
        """Return the figures for arithmetic: as printed, and in the base unit."""
        ones = {i: self.figures[i] for line in self.lines for i in line.cells.values()}
        plain = {i: _printed(one) for i, one in ones.items()}
        sized = {i: _printed(one, is_sized=True) for i, one in ones.items() if one.factor != 1}
        return {i: (plain[i], sized.get(i, plain[i])) for i in ones}


def counted_unit(heading: str) -> str:
    """Return the unit of what a heading counts, where none is printed: 学校数 is counted in 所."""
    return next((unit for unit, like in words().counted.items() if re.search(like, heading)), "")


def points_part_thousands(ones: Sequence[Figure]) -> bool:
    """Say whether 4.344 may be 4344, as it stands beside whole numbers."""
    return {one.decimals for one in ones} >= {0, 3}


@dataclass(frozen=True)
class _Rule:
    name: str
    formula: Formula
    label: str
    holds: str


_SUM = _Rule(TABLE_SUM, arithmetic.total, "之和", "表中各项之和")
_GROWTH_RULE = _Rule(TABLE_GROWTH, arithmetic.growth, "的增长率", "表中增长率")
_SHARE_RULE = _Rule(SHARE_OF, arithmetic.share, "的占比", "表中占比")
_CHANGE_RULE = _Rule(TABLE_CHANGE, arithmetic.difference, "之差", "表中增减数")
_QUOTIENT_RULE = _Rule(RATIO_OF, arithmetic.quotient, "的商", "表中比值")


@dataclass(frozen=True)
class _Case:
    """A relation at one place: figures, the result first, and how they agree."""

    sheet: Sheet
    rule: _Rule
    line: int
    place: int
    members: tuple[int, ...]
    status: str

    @property
    def holds(self) -> bool:
        """Say whether the figures agree."""
        return self.status != CONTRADICTS

    @cached_property
    def ones(self) -> list[Figure]:
        """Return the figures."""
        return [self.sheet.figures[i] for i in self.members]

    @cached_property
    def like(self) -> tuple[str, ...]:
        """Return what is counted: places of the same are alike."""
        compared = self.ones if self.rule is _SUM else self.ones[1:]
        return self.sheet.counted[self.place], *sorted({one.unit for one in compared} - {""})

    @cached_property
    def digits(self) -> float:
        """Return by how many digits the figures agree."""
        is_sum = self.rule is _SUM
        digits = _digits_of_sum(self.ones) if is_sum else _digits_of_rate(self.rule, self.ones)
        return digits - (log10(len(self.ones)) if self.status == WITHIN_ROUNDING else 0.0)

    @property
    def crossing(self) -> dict[int, int]:
        """Return the figures of all lines at this place, with how many stand before each."""
        return self.sheet.crossings[self.place]

    @property
    def block(self) -> tuple[int, int]:
        """Return what the places of one block have in common."""
        return self.sheet.number, self.line

    @property
    def where(self) -> str:
        """Return what the place is called, or which column or row it is."""
        number = f"第{self.place + 1}{'列' if self.sheet.is_rows else '行'}"
        return self.sheet.places.get(self.place, "") or number


@dataclass
class _Tried:
    """One relation at all its places."""

    rule: _Rule
    names: tuple[str, ...]
    needed: float
    cases: dict[tuple[int, ...], _Case] = field(default_factory=dict)

    def add(self, cases: Sequence[_Case]) -> None:
        """Take in the places of one block."""
        for case in cases:
            self.cases.setdefault(case.members, case)
        for name in ("holding", "failing", "digits"):  # they were read of fewer places
            self.__dict__.pop(name, None)

    @cached_property
    def holding(self) -> list[_Case]:
        """Return the places where the relation holds by digits enough to count."""
        return [one for one in self.cases.values() if one.holds and one.digits >= _DIGITS_OF_HOLD]

    @cached_property
    def failing(self) -> list[_Case]:
        """Return the places where it does not hold."""
        return [one for one in self.cases.values() if not one.holds]

    @cached_property
    def digits(self) -> float:
        """Return by how many digits the relation holds, each set of numbers once."""
        by_values = {tuple(i.value for i in one.ones): one.digits for one in self.holding}
        return sum(by_values.values())

    @property
    def is_shown(self) -> bool:
        """Say whether the places show that the relation is no chance."""
        holding, failing = len(self.holding), len(self.failing)
        if holding == 1 and self.rule is _SUM and self.needed == _DIGITS_OF_SUM:
            is_named = family_of(self.names[1:]) is not None
            needed = _DIGITS_ALONE_NAMED if is_named else _DIGITS_ALONE
            return failing < 2 and self.digits >= needed
        few = failing <= max(1, holding // 3)
        return holding >= 2 and few and self.digits >= self.needed


def line_relations(sheets: Sequence[Sheet]) -> Iterator[Relation]:
    """Yield the relations between lines that the tables show, and the places where they fail."""
    tried: dict[_Key, _Tried] = {}
    tested: dict[tuple[int, str, tuple[int, ...]], list[_Case]] = {}
    for _ in range(3):  # the rows of an inner sum are passed over in that of the whole
        before = len(tried)
        shown = {key for key, one in tried.items() if one.is_shown}
        for number, sheet in enumerate(sheets):
            for rule, lines, needed in _proposed(sheet, shown):
                at = number, rule.label, lines
                if at not in tested:
                    tested[at] = _cases(sheet, lines, rule)
                if not (cases := tested[at]):
                    continue
                key = _key(sheet, rule, lines)
                if key not in tried:
                    if not any(one.holds for one in cases):
                        continue
                    names = tuple(sheet.lines[at].name for at in lines)
                    tried[key] = _Tried(rule, names, needed)
                tried[key].needed = min(tried[key].needed, needed)
                tried[key].add(cases)
        if len(tried) == before:
            break
    shown_ones = [one for one in tried.values() if one.is_shown]
    confirmed = {i for one in shown_ones for case in one.holding for i in case.members}
    for one in shown_ones:
        for case in one.cases.values():
            if case.holds:
                yield Relation(case.members, one.rule.name, FOLLOWS, message=one.rule.holds)
        yield from _accused(one, confirmed)
        if one.rule is _SUM:
            yield from _exchanged(one)


def _key(sheet: Sheet, rule: _Rule, lines: Sequence[int]) -> _Key:
    names = tuple(sheet.marks[at] for at in lines)
    return rule.label, sheet.is_rows, names, tuple(at - lines[0] for at in lines)


def _proposed(sheet: Sheet, shown: set[_Key]) -> Iterator[tuple[_Rule, tuple[int, ...], float]]:
    """Yield the relations to test: sums of the lines beside a line, and of any three near ones."""
    for parts in chain(_sums_beside(sheet, shown), _sums_by_name(sheet)):
        yield _SUM, parts, _DIGITS_OF_SUM
    if shown:  # the others do not change
        return
    units = [_unit_of(sheet, line) for line in sheet.lines]
    named = [_roles(line.name) for line in sheet.lines]
    for at, line in enumerate(sheet.lines):
        rules = _rules_of(line.name, units[at])
        near = [n for n in range(at - _NEAR, at + _NEAR + 1) if n != at and 0 <= n < len(units)]
        for one, other in permutations(near, 2):
            of_rates = (units[one], units[other]) == ("%", "%")
            if "%" in (units[one], units[other]) and not of_rates:
                continue
            same = len({units[one], units[other], ""}) < 3
            for rule in rules if not of_rates else [_CHANGE_RULE] * (_CHANGE_RULE in rules):
                if rule is _SUM:
                    close = max(at, other) - min(at, one) < _NEAR_PARTS
                    fits = one < other and close and len({units[at], units[one], ""}) < 3 and same
                    needed = _DIGITS_OF_ANY
                else:
                    fits = same or rule is _QUOTIENT_RULE
                    fits = fits and (rule is not _CHANGE_RULE or other < one)
                    is_named = named[at][0] & named[one][1] & named[other][2]
                    needed = _DIGITS_NAMED if is_named else _DIGITS_OF_RATE
                if fits:
                    yield rule, (at, one, other), needed


def _rules_of(name: str, unit: str) -> list[_Rule]:
    """Return what a line of this name and unit may be of two others near it."""
    rules = []
    if unit == "%" or (not unit and _RATE.search(name)):
        is_growth, is_share = bool(_GROWTH.search(name)), bool(_SHARE.search(name))
        rules += [_GROWTH_RULE] * (is_growth or not is_share)
        rules += [_SHARE_RULE] * (not is_growth)
    if unit != "%":
        rules.append(_QUOTIENT_RULE if _QUOTIENT.search(name) else _SUM)
        rules += [_CHANGE_RULE] * bool(_CHANGED.search(name))
    return rules


def _roles(name: str) -> tuple[set[int], ...]:
    """Return the quotients of which a name may be the result, what is divided, and by what."""
    return tuple(
        {n for n, some in enumerate(_QUOTIENTS) if some[role].search(name)} for role in range(3)
    )


def _unit_of(sheet: Sheet, line: Line) -> str:
    named = Counter(sheet.figures[i].unit for i in line.cells.values())
    return named.most_common(1)[0][0] if named else ""


def _sums_beside(sheet: Sheet, shown: set[_Key]) -> Iterator[tuple[int, ...]]:
    """Yield each line with two to six lines after it, or before it, that it may be the sum of.

    The parts of a part, where that sum is shown, are passed over; and lines of 其中.
    """
    count = len(sheet.lines)
    aside = {at for at, line in enumerate(sheet.lines) if _PART.match(line.name)}
    for order in (range(count), range(count - 1, -1, -1)):
        after: dict[int, int] = {}
        for at in range(count - 1, -1, -1):
            tried = {}
            for is_nested, passed in ((True, aside), (True, set()), (False, set())):
                parts: list[int] = []
                next_one = at + 1
                while next_one < count and len(parts) < _MOST_PARTS:
                    here = next_one
                    next_one = after.get(here, here + 1) if is_nested else here + 1
                    if order[here] not in passed:
                        parts.append(here)
                    if len(parts) > 1:
                        tried[tuple(order[one] for one in (at, *parts))] = next_one
            after[at] = at + 1
            for lines, end in tried.items():
                if _key(sheet, _SUM, lines) in shown:
                    after[at] = max(after[at], end)
                yield lines


def _sums_by_name(sheet: Sheet) -> Iterator[tuple[int, ...]]:
    """Yield each line of a total (合计) with all that it may add up: subtotals, or the others."""
    added = {at: line.name for at, line in enumerate(sheet.lines) if not _NO_PART.search(line.name)}
    totals = [at for at, name in added.items() if _TOTAL.search(name)]
    subtotals = [at for at, name in added.items() if _SUBTOTAL.search(name)]
    of_others = {*totals, *subtotals}
    plain = [at for at in added if at not in of_others]
    parts = subtotals if len(subtotals) > 1 else plain
    yield from ((at, *parts) for at in totals if len(parts) > 1)


def _cases(sheet: Sheet, lines: tuple[int, ...], rule: _Rule) -> list[_Case]:
    """Return a relation at the places that all its lines have; nothing where that tells nothing.

    A block that holds it nowhere is left out, as its rows are of another scope.
    """
    first, *others = (sheet.lines[at].cells for at in lines)
    cases: list[_Case] = []
    failed = 0
    for place in first:
        if not all(place in cells for cells in others):
            continue
        members = (first[place], *(cells[place] for cells in others))
        if rule is _SUM and place in sheet.not_added:
            continue
        status = _status(sheet, members, rule)
        if status:
            cases.append(_Case(sheet, rule, lines[0], place, members, status))
            failed += status == CONTRADICTS
            if failed > 1 + len(cases) // 4:
                break
    return cases if failed < len(cases) or len(cases) == 1 else []


def _status(sheet: Sheet, members: tuple[int, ...], rule: _Rule) -> str:
    """Return how a relation holds at one place; nothing where that cannot be said.

    Units differ, a figure is zero, or a point may part the thousands.
    """
    ones = [sheet.figures[i] for i in members]
    is_sum, is_quotient = rule is _SUM, rule is _QUOTIENT_RULE
    units = {one.unit for one in (ones if is_sum else ones[1:])} - {""}
    if (len(units) > 1 and not is_quotient) or any(one.value == 0 for one in ones):
        return ""
    if is_sum:
        is_whole = not ones[0].decimals  # amounts and rates, of a page copied as text
        if "%" in units or points_part_thousands(ones):
            return ""
        if is_whole and any(one.value % 1 for one in ones[1:]):
            return ""
    stated, *given = (sheet.printed[i][is_quotient] for i in members)
    status = arithmetic.compare(rule.formula, given, stated)
    if is_sum and status == WITHIN_ROUNDING and not any(one.decimals for one in ones):
        return ""  # whole numbers: rounded thousands, or one too many
    return status


def _printed(one: Figure, *, is_sized: bool = False, is_sure: bool = False) -> Printed:
    """Return a figure for arithmetic; one that is sure has no digits in which to seek a slip."""
    factor = one.factor if is_sized else 1.0
    half = 0.0 if one.is_counted else 0.5 * 10.0**-one.decimals * factor
    return Printed(one.value * factor, half, "" if is_sure else one.printed.replace(",", ""))


def _digits_of_sum(ones: Sequence[Figure]) -> float:
    """Return how many digits agree where a sum holds at one place: those of its second part.

    A sum may be nearly its largest part by chance.
    """
    return _significant(sorted(ones[1:], key=lambda one: abs(one.value))[-2])


def _digits_of_rate(rule: _Rule, ones: Sequence[Figure]) -> float:
    """Return how many digits of a rate those it is of can show, printed as they are."""
    stated, is_quotient = ones[0], rule is _QUOTIENT_RULE
    given = [_printed(one, is_sized=is_quotient) for one in ones[1:]]
    value, step = abs(stated.value), 10.0**-stated.decimals
    if rule is _CHANGE_RULE:  # whole numbers, whose ends are themselves
        return log10(value / step)
    value = min(value, abs(100 - value)) if rule is _SHARE_RULE else value
    low, high = arithmetic.span(rule.formula, given)
    step = max(step, high - low)
    return log10(value / step) if value > step else 0.0


def _significant(one: Figure) -> float:
    digits = re.sub(r"\D", "", one.printed).strip("0")
    return log10(int(digits)) if digits else 0.0


def _accused(one: _Tried, confirmed: set[int]) -> Iterator[Relation]:
    """Yield the places where a relation fails that holds at the others."""
    is_quotient = one.rule is _QUOTIENT_RULE
    is_rounded = one.rule is _SUM and len(one.holding) > 1
    rounded = (*RARE, "一位数字有误") if is_rounded else RARE[1:]
    for case in one.failing:
        stated, *given = (
            _printed(figure, is_sized=is_quotient, is_sure=i in confirmed)
            for i, figure in zip(case.members, case.ones, strict=True)
        )
        slip = arithmetic.likely_slip(one.rule.formula, given, stated, within_rounding=rounded)
        if slip is None and one.rule is _SUM and _is_copied(one, case):
            slip = (COPIED_PLACE, -1, stated.value)
        if slip is None and one.rule is _SUM and (part := _copied_part(case)):
            slip = (COPIED_PLACE, part - 1, 0.0)
        if slip is None and one.rule is _CHANGE_RULE and _is_turned(one, case):
            slip = (SIGN, -1, -stated.value)
        has_digits = slip is not None and slip[0] not in (COPIED_PLACE, SIGN)
        if _is_misplaced(one, case, has_slip=has_digits):
            continue
        if not _is_explained(one, case) and _is_sure(one, case, has_slip=slip is not None):
            yield _accusation(one, case, slip)


def _computed(one: _Tried, case: _Case) -> float:
    """Return what the rule gives at a place, in the unit of the result."""
    result, *given = case.ones
    if one.rule is _QUOTIENT_RULE:
        return one.rule.formula(*(figure.size for figure in given)) / result.factor
    return one.rule.formula(*(figure.value for figure in given))


def _is_misplaced(one: _Tried, case: _Case, *, has_slip: bool) -> bool:
    """Say whether cells of a page copied as text seem to stand in the columns of others.

    A difference of whole numbers that has decimals; a result of nothing; what no slip of digits
    explains, and is far from what follows or below a part of it.
    """
    stated, *given = (figure.value for figure in case.ones)
    value = _computed(one, case)
    decimals = [figure.decimals for figure in case.ones]
    if value == 0 or (one.rule is _CHANGE_RULE and decimals[0] > max(decimals[1:])):
        return True
    if has_slip:
        return False
    if one.rule is _SUM and min(given) > 0 and stated < max(given):
        return True
    return not 1 / FAR_OFF < abs(stated / value) < FAR_OFF


_LEAST_COPIED = 2.0  # digits of a number that two places have hardly by chance


def _is_copied(one: _Tried, case: _Case) -> bool:
    """Say whether the sum at a place is printed as at one where it holds: copied from there."""
    stated = case.ones[0]
    return _significant(stated) > _LEAST_COPIED and any(
        other.block == case.block and other.ones[0].value == stated.value for other in one.holding
    )


def _copied_part(case: _Case) -> int:
    """Return the last part of a sum that is printed as the one before it; 0 where none is."""
    values = [figure.value for figure in case.ones]
    pairs = ((at, values[at - 1]) for at in range(len(values) - 1, 1, -1))
    return next((at for at, above in pairs if values[at] == above and _tells(case.ones[at])), 0)


def _tells(one: Figure) -> bool:
    return _significant(one) > _LEAST_COPIED


def _is_turned(one: _Tried, case: _Case) -> bool:
    """Say whether a difference has the wrong sign, where falls are printed with theirs."""
    stated, *given = (figure.value for figure in case.ones)
    half = sum(_printed(figure).half for figure in case.ones)
    has_signs = any(other.holds and other.ones[0].value < 0 for other in one.cases.values())
    return has_signs and abs(one.rule.formula(*given) + stated) <= half + 1e-9


def _is_sure(one: _Tried, case: _Case, *, has_slip: bool) -> bool:
    """Say whether a place at which a relation fails is one of those to which it applies.

    The block holds it elsewhere; most places count the same thing; figures of two digits, which
    any slip explains, need many other places; what no single slip explains needs more digits.
    """
    beside = [other for other in one.cases.values() if other.block == case.block]
    holding, digits = len(one.holding), one.digits
    if len(beside) > 1 and not any(other.holds for other in beside):
        return False
    if len(beside) == 1 and holding < 3:
        return False
    is_alike = any(other.like == case.like for other in one.holding)
    usual = max(case.digits, digits / holding)
    is_named = one.needed == _DIGITS_NAMED and holding > 2
    if not is_named and usual < _DIGITS_OF_SMALL and (holding < 4 or not is_alike):
        return False
    if has_slip:
        is_akin = any(_counts(other) for other in one.holding) and _counts(case)
        return is_alike or (is_akin and holding > 1 and usual >= _DIGITS_OF_OTHERS)
    is_whole = bool(_WHOLE.search(case.where))
    of_others = is_whole and one.rule is not _SUM
    needed = _DIGITS_OF_OTHERS if is_named else _DIGITS_WITHOUT_SLIP
    return is_alike and holding > 2 and digits >= needed and not of_others


def _counts(case: _Case) -> bool:
    return any(dimension_of(unit) in ("persons", "schools", "classes") for unit in case.like)


def _is_explained(one: _Tried, case: _Case) -> bool:
    """Say whether a sum lacks, or has too much, just what another cell prints, or a sign is left.

    A fall may be printed without its sign; a part may be counted in another. A rate may be that of
    two other cells: of the budget as it was changed, where none changed in most rows.
    """
    stated, *given = (figure.value for figure in case.ones)
    if one.rule is _GROWTH_RULE:
        half = _printed(case.ones[0]).half
        if abs(one.rule.formula(*given) + stated) <= 2 * half:
            return True
    if one.rule in (_GROWTH_RULE, _SHARE_RULE):
        is_told = stated == 100 or _tells(case.ones[0])
        return is_told and _is_rate_of_others(one, case)
    if one.rule is not _SUM:
        return False
    if min(given) < 0:
        return True  # rises and falls, whose heading is lost
    gap = abs(stated - sum(given))
    half = sum(_printed(figure).half for figure in case.ones)
    crossing = case.crossing
    last = max(crossing[i] for i in case.members)
    after = (case.sheet.figures[i].value for i, at in crossing.items() if at > last)
    if any(abs(stated - sum(given) - size) <= half for size in accumulate(after)):
        return True  # it has more parts than elsewhere
    others = [case.sheet.figures[i] for i in crossing.keys() - {*case.members}]
    sizes = [abs(figure.value) for figure in (*others, *case.ones) if figure.value]
    sizes += [2 * abs(value) for value in given]
    if any(abs(size - gap) <= half for size in sizes):
        return True
    values = [other.value for other in others if other.value]  # cells that stand elsewhere
    is_printed = any(abs(value - sum(given)) <= half for value in values)
    return is_printed or _has_pair((*values, *given), stated, half)


def _has_pair(values: Sequence[float], total: float, half: float) -> bool:
    """Say whether two of some numbers add up to a total, give or take a half."""
    ordered = sorted(values)
    slack = half + 1e-9 * abs(total) + 1e-9
    for at, one in enumerate(ordered):
        first = bisect_left(ordered, total - one - slack, at + 1)
        last = bisect_right(ordered, total - one + slack, first)
        if any(abs(one + other - total) <= half for other in ordered[first:last]):
            return True
    return False


def _is_rate_of_others(one: _Tried, case: _Case) -> bool:
    """Say whether two other cells of the place, near by, give exactly the rate that it prints."""
    crossing = case.crossing
    at = crossing[case.members[0]]
    near = [case.sheet.figures[i] for i in [*crossing][max(0, at - _NEAR) : at + _NEAR + 1]]
    levels = [_printed(figure) for figure in near if figure.unit == case.ones[1].unit != "%"]
    stated = _printed(case.ones[0])
    return any(
        arithmetic.compare(one.rule.formula, pair, stated) == FOLLOWS
        for pair in permutations(levels, 2)
    )


def _accusation(one: _Tried, case: _Case, slip: tuple[str, int, float] | None) -> Relation:
    result, *given = case.ones
    decimals = max(result.decimals, 2 if one.rule is not _SUM else 0)
    decimals = max(decimals, *(g.decimals for g in given)) if one.rule is _SUM else decimals
    expected = plain_number(round(_computed(one, case), decimals)) + result.unit
    parts = "、".join(g.shown for g in given)
    name = one.names[0] or "此处"
    message = (
        f"表中“{case.where}”{parts}{one.rule.label}为{expected}，“{name}”印为{result.shown}；"
        f"别处相符"
    )
    message += f"；可能：{slip[0]}" if slip else ""
    first = case.members[slip[1] + 1] if slip else case.members[0]
    others = tuple(i for i in case.members if i != first)
    slip_name = slip[0] if slip else ""
    return Relation((first, *others), one.rule.name, CONTRADICTS, expected, message, slip_name)


def _exchanged(one: _Tried) -> Iterator[Relation]:
    """Yield two parts of a sum whose numbers stand in each other's line at one place.

    At another place each is nearly what the other is here, and the two are far apart; of the two
    places, the one is accused whose order no other place has.
    """
    cases = [case for case in one.cases.values() if case.holds]
    by_year: dict[tuple, list[int]] = {}
    first_of: dict[tuple[int, int], int] = {}
    for number, case in enumerate(cases):
        by_year.setdefault((case.block, case.like, case.ones[0].year), []).append(number)
        first_of.setdefault(case.block, number)
    crossed = [
        (pair, first_of[case.block], number, other)
        for number, case in enumerate(cases)
        if (year := case.ones[0].year) is not None
        for step in (-1, 1)
        for other in by_year.get((case.block, case.like, year + step), ())
        for pair in _crossed_parts(case, cases[other])
    ]
    for (first, second), _, number, other in sorted(crossed):
        case, like = cases[number], cases[other]
        rises = like.ones[first].value > like.ones[second].value
        votes = [
            (some.ones[first].value > some.ones[second].value) == rises
            for some in cases
            if some is not case and some is not like
        ]
        if all(votes) and (votes or case.place > like.place):
            yield _exchange(one, case, like, (first, second))


def _crossed_parts(case: _Case, like: _Case) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sum of which each has at a place what the other has at another."""
    here, there = ([figure.value for figure in some.ones] for some in (case, like))
    by_size = sorted(range(1, len(there)), key=there.__getitem__)
    sizes = [there[at] for at in by_size]
    for first in range(1, len(here) - 1):
        low = bisect_left(sizes, here[first] / (1 + 2 * _EXCHANGE_WITHIN))
        high = bisect_right(sizes, here[first] / (1 - 2 * _EXCHANGE_WITHIN))
        for second in by_size[low:high]:
            pairs = [(some[first], some[second]) for some in (here, there)]
            if first < second and _is_crossed(*pairs):
                yield first, second


def _is_crossed(here: tuple[float, float], there: tuple[float, float]) -> bool:
    if min(*here, *there) < _LEAST_EXCHANGED:
        return False
    near = all(abs(a / b - 1) <= _EXCHANGE_WITHIN for a, b in zip(here, there[::-1], strict=True))
    return near and min(abs(log(a / b)) for a, b in (here, there)) >= log(_EXCHANGE_APART)


def _exchange(one: _Tried, case: _Case, like: _Case, pair: tuple[int, int]) -> Relation:
    slip = EXCHANGED_ROWS if case.sheet.is_rows else EXCHANGED_COLUMNS
    names = "".join(f"“{one.names[at]}”" for at in pair)
    shown = ["、".join(some.ones[at].shown for at in pair) for some in (case, like)]
    message = (
        f"表中{names}“{case.where}”印为{shown[0]}，“{like.where}”为{shown[1]}，大小相反；"
        f"可能：{slip}"
    )
    members = *(case.members[at] for at in pair), *(like.members[at] for at in pair)
    return Relation(members, EQUAL, CONTRADICTS, case.ones[pair[1]].shown, message, slip)
