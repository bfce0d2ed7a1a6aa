"""Decide what readings make of a passage: which hold, which are accused or doubted, by which slip.

What any likely reading makes right is right. What none makes right is accused when its slip is at
least as telling as the reading is doubtful.
"""

from collections.abc import Iterable
from dataclasses import replace

from dudao_pipeline.report_check.arithmetic import (
    CONTRADICTS,
    FOLLOWS,
    ONE_DIGIT,
    RARE,
)
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import CHANGE, GROWTH
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    GROWTH_OF,
    RATIO_OF,
    SHARE_OF,
    SUM,
    Printing,
    Relation,
    plain_number,
    with_unit,
)
from dudao_pipeline.report_check.readings import (
    MASKS,
    OTHER_UNITS,
    Reading,
    computed,
    fits_units,
    repeats_its_total,
    status_of,
)
from dudao_pipeline.report_check.slips import (
    LENGTHS,
    OUT_OF_ORDER,
    Slip,
    only_digits,
    slip_of,
)
from dudao_pipeline.report_check.structure import family_of


def follows(printing: Printing, one: Reading, status: str) -> Relation:
    """Return the relation of a reading that holds."""
    return Relation(
        *(one.members, one.relation, status, _expected(printing, one)),
        message=one.note,
        of=one.result,
        formula=one.written(),
    )


def _expected(printing: Printing, one: Reading) -> str:
    result = printing.figures[one.result]
    value = computed(printing, one)
    if one.name == "share":
        return f"{value:.{max(2, result.decimals)}f}%"
    unit = OTHER_UNITS.get(one.name, result.unit)
    return with_unit(plain_number(round(value / result.factor, max(result.decimals, 2))), unit)


def contradiction(
    printing: Printing, one: Reading, slip: Slip, *, status: str = CONTRADICTS, doubt: int = -1
) -> Relation:
    """Return the relation of a reading that does not hold; doubt: the figure that is in doubt."""
    expected, result = _expected(printing, one), printing.figures[one.result]
    if one.relation == SUM and result.kind == CHANGE:
        expected = _with_direction(expected, computed(printing, one))
        shown = _with_direction(result.shown, result.value)
        message = f"各项增减相抵为{expected}，文中为{shown}"
    elif one.relation == SUM:
        message = f"分项之和为{expected}，文中总数为{result.shown}"
    elif one.name == "share":
        part, whole = printing.shown(one.inputs[0]), printing.shown(*one.inputs[1:])
        message = f"{part}占{whole}应为{expected}，文中为{result.shown}"
    else:
        shown, meant, stated = printing.shown(*one.inputs), expected, result.shown
        value = computed(printing, one)
        if result.kind == GROWTH and min(value, result.value) < 0:
            meant = _with_direction(meant, value, ("增长", "下降"))
            stated = _with_direction(stated, result.value, ("增长", "下降"))
        message = f"按{shown}计算应为{meant}，文中为{stated}"
    message += f"；可能：{slip.name}" if slip.name else ""
    if doubt < 0:
        doubt = one.members[slip.which + 1] if slip.name else one.result
    if slip.which >= 0 and one.inputs[slip.which] == doubt:
        meant = printing.figures[doubt]
        expected = _mended(meant, slip.value)  # of the figure in doubt, which stands beside it
        message += f"（{meant.shown}应为{expected}）"
    members = (doubt, *(i for i in one.members if i != doubt))
    return Relation(
        *(members, one.relation, status, expected, message, slip.name, one.result, one.written()),
        is_stated=one.penalty == 0,
    )


def _with_direction(shown: str, value: float, ways: tuple[str, str] = ("增加", "减少")) -> str:
    return f"{ways[0] if value > 0 else ways[1]}{shown.lstrip('-')}"


def _mended(one: Figure, value: float) -> str:
    return with_unit(plain_number(round(value / one.factor, max(one.decimals, 4))), one.unit)


def decide(printing: Printing, readings: Iterable[Reading]) -> list[Relation]:
    """Return one relation for each result and kind: what holds, else what is accused or doubted.

    A figure that another relation confirms is not in doubt.
    """
    groups: dict[tuple[int, str, int], list[Reading]] = {}
    for one in readings:
        if fits_units(printing, one):
            first = one.inputs[0] if one.relation == SUM else -1
            groups.setdefault((one.result, one.relation, first), []).append(one)
    out: list[Relation] = []
    failing: list[list[Reading]] = []
    for some in groups.values():
        some.sort(key=lambda one: one.penalty)
        held = next(
            (
                (one, status)
                for one in some
                if (status := status_of(printing, one)) != CONTRADICTS
                and _may_hold(printing, one, some[0], status)
            ),
            None,
        )
        if held:
            out.append(follows(printing, *held))
        else:
            failing.append(some)
    held_totals = {one.of: {*one.figures} for one in out if one.relation == SUM}
    sure = {i for one in out for i in one.figures}
    whole_of = {i: one.of for one in out if one.relation == SUM for i in one.figures if i != one.of}
    shared = {one.figures[-1] for one in out if one.relation == SHARE_OF and len(one.figures) == 3}
    for some in failing:
        some[:] = (_with_confirmed_whole(printing, one, whole_of, shared) for one in some)
        some.sort(key=lambda one: one.penalty)
    best = [some[0] for some in failing]
    exchanged = _exchanged(printing, best)
    divided: dict[int, list[set[int]]] = {}  # the sums that a figure is in
    parts_of: dict[int, set[int]] = {}  # what stands beside a part in sums
    for one in out:
        if one.relation == SUM:
            members = {*one.figures}
            parts = members - {one.of}
            for i in members:
                divided.setdefault(i, []).append(members)
            for i in parts:
                parts_of.setdefault(i, set()).update(parts)
    failing.sort(key=lambda some: some[0].penalty)
    for some in failing:
        one = some[0]
        is_other = one.relation == SUM and not one.note.startswith("上文")
        is_told = one.needs_all or repeats_its_total(printing, one.result, one.inputs)
        is_told = is_told or (not one.penalty and _is_of_digits(slip_of(printing, one)))
        if is_other and not is_told and printing.adds_up_elsewhere(one.result, one.inputs):
            continue
        from_others = held_totals.get(one.result, set()) if one.relation == SUM else set()
        if from_others and (one.penalty or from_others & {*one.inputs}):
            continue
        near = (members for i in one.inputs for members in divided.get(i, ()))
        if is_other and any(_is_of_another(one, members) for members in near):
            continue  # they are of another total
        if is_other and not parts_of.get(one.result, set()).isdisjoint(one.inputs):
            continue  # what stands beside its part in a sum is not the total of it
        if one.result in exchanged:
            out.append(contradiction(printing, one, OUT_OF_ORDER, doubt=one.result))
        else:
            relation = _accused(printing, some, sure)
            if relation:
                out.append(relation)
                members = {*one.members}
                for i in members if is_other else ():
                    divided.setdefault(i, []).append(members)
    return out


def _may_hold(printing: Printing, one: Reading, best: Reading, status: str) -> bool:
    """Say whether a doubtful reading that holds says enough against the one of the words.

    A list that goes on does where it adds up exactly: 文史类9.49万人；理工类16.39万人；中职生…; or
    another one of as many parts.
    """
    if best.needs_all and {*one.inputs} < {*best.inputs}:
        return False
    if one.penalty < MASKS - (best.penalty == 0) or best.penalty:
        return True
    goes_on = one.relation == SUM and {*one.inputs} >= {*best.inputs}
    goes_on = goes_on or (one.relation == SUM and len(one.inputs) == len(best.inputs))
    digits = len(only_digits(printing.figures[one.result].printed).strip("0"))
    return goes_on and status == FOLLOWS and digits > 2


def _is_of_another(one: Reading, members: set[int]) -> bool:
    """Say whether the figures of a sum are those of another: two of its parts and more."""
    shared = members.intersection(one.inputs)
    if one.result in members and shared.issuperset(one.inputs):
        return True
    return (len(shared) > 1 and one.result not in members) or (
        len(shared) > 0
        and (one.result in members and one.penalty > 1 and len(shared | {one.result}) > 1)
    )


def _with_confirmed_whole(
    printing: Printing, one: Reading, whole_of: dict[int, int], shared: set[int]
) -> Reading:
    """Return the reading of a share with less doubt, where other relations confirm its whole."""
    if not one.is_bare or len(one.inputs) != 2 or not 1 <= one.penalty < MASKS:
        return one
    part, whole = one.inputs
    is_beside = printing.line(whole) == printing.line(one.result)
    if is_beside and (whole_of.get(part) == whole or whole in shared):
        return replace(one, penalty=max(1, one.penalty - 2))
    return one


_INPUT = 2  # how telling a slip must be to lie in an input of what words state
_EXACT_DIGITS = 6  # of a total that its parts miss by one digit hardly by chance


def _accused(printing: Printing, some: list[Reading], sure: set[int]) -> Relation | None:
    """Return the reading of a figure that is accused, or doubted; nothing where it says little."""
    best = some[0]
    for one in some:
        slip = slip_of(printing, one)
        needed = _needed(printing, one, slip)
        is_doubtful = one.penalty >= MASKS and (slip.weight < needed or needed > _RELAXED)
        is_doubtful = is_doubtful or one.penalty > MASKS
        if is_doubtful and not _tells_by_itself(printing, one, slip):
            continue
        if not one.penalty and slip.which >= 0 and slip.weight < _INPUT and one.relation != SUM:
            slip = Slip()
        is_sum = one.relation == SUM
        if one.penalty > is_sum and slip.which >= -is_sum and one.members[slip.which + 1] in sure:
            slip = slip_of(printing, one, sure)  # another relation confirms what it would be in
            if not slip.name:
                continue
        is_short = len(only_digits(printing.figures[one.result].printed)) < _EXACT_DIGITS
        kinds = family_of([printing.figures[i].what for i in one.inputs])
        is_loose = one.relation == SUM and (is_short if slip.which >= 0 else kinds is None)
        if is_loose and one.penalty > 1 and slip.name in LENGTHS:
            continue  # what would be ten times another, of many that no words name
        is_alone = (
            one.relation in (GROWTH_OF, DIFFERENCE)
            and one.penalty < 3
            and sure.issuperset(one.inputs)
            and one.result not in sure
        )
        if _is_rounded_to_whole(printing, one):
            continue
        may_be_far = slip.name or one.name == "yearly_change"
        if not may_be_far and one.relation in _OF_SIZE and not _is_near(printing, one):
            continue  # by so much no slip of the pen is off: it is of other figures
        is_told = slip.weight >= max(min(one.penalty, 2) - 1, needed - is_alone)
        if is_told:
            if one.name == "points_in_percent" and "百分点" not in printing.text:
                # 由97.9%到98.6%，提高0.7%: loosely worded, often, where no 个百分点 is told from it
                return contradiction(printing, one, slip, status=DOUBT)
            return contradiction(printing, one, slip, doubt=_suspect(one, sure))
    if best.penalty < 2 and _is_near(printing, best):
        return contradiction(printing, best, slip_of(printing, best), status=DOUBT)
    return None


_OF_SIZE = (DIFFERENCE, RATIO_OF, GROWTH_OF)
# The weight that a slip needs to accuse, by the penalty of the reading: in 1,000 published texts
# no reading of that penalty that is not meant was so near but by a slip of less.
_NEEDED = {
    SUM: (0, 1, 1, 1, 2, 3),
    SHARE_OF: (0, 1, 2, 2, 2, 3),
    GROWTH_OF: (0, 1, 1, 2, 3, 3),
    RATIO_OF: (0, 1, 2, 3, 3, 3),
    "": (0, 1, 2, 2, 3, 3),
}


def _needed(printing: Printing, one: Reading, slip: Slip) -> int:
    """Return the weight that a slip needs to accuse a reading.

    A total of three digits is near many; a list of one kind of parts leaves out a known one.
    """
    if one.relation == SUM:
        digits = len(only_digits(printing.figures[one.result].printed))
        leaves_out = family_of([printing.figures[i].what for i in one.inputs]) is not None
        if digits <= _TELLING or leaves_out or one.note == "各学段之和":
            return min(one.penalty, MASKS - 1)
    needed = _NEEDED.get(one.relation, _NEEDED[""])[one.penalty]
    return needed + (one.relation == SHARE_OF and one.penalty == MASKS and slip.name == RARE[3])


_RELAXED = 2  # the weight that is enough where published texts have none by chance
_TELLING = 3  # the weight of a slip of a digit that chance hardly ever shows


def _is_of_digits(slip: Slip) -> bool:
    """Say whether a slip is of the digits of a long number, which chance hardly ever explains."""
    return slip.weight >= _TELLING and slip.name in (RARE[0], ONE_DIGIT, *RARE[1:3])


def _tells_by_itself(printing: Printing, one: Reading, slip: Slip) -> bool:
    """Say whether a slip accuses whatever the words: digits of a long number, by one or exchanged.

    In 520 passages of published reports no reading that is not meant was so near; a total of three
    digits is near many in a whole document. Of a reading whose words name something else,
    neighbouring digits are exchanged.
    """
    figures = [printing.figures[i] for i in one.members]
    digits = len(only_digits(figures[0].printed))
    if one.penalty == MASKS or not _is_of_digits(slip):
        is_long = digits > _TELLING + (slip.name != RARE[0])
        return _is_of_digits(slip) and (is_long or one.relation not in (SUM, GROWTH_OF))
    stages = {each.stage for each in figures[1:]} | {COUNTY}
    are_alike = figures[0].stage in stages and len(stages) < 3
    return slip.name == RARE[0] and slip.which < 0 and digits > _TELLING and are_alike


FAR_OFF = 5.0  # times: what a difference or sum misses by more is not what the words mean


def _is_near(printing: Printing, one: Reading) -> bool:
    stated, meant = abs(printing.figures[one.result].size), abs(computed(printing, one))
    if one.relation == GROWTH_OF:  # 投资3258亿元，超去年同期38亿元，增长1.2%: no base
        return max(stated, meant) < 100 * FAR_OFF
    near = stated / FAR_OFF < meant < stated * FAR_OFF
    is_bare_share = one.relation == SHARE_OF and one.penalty > 0
    return near or not (is_bare_share or one.relation in (SUM, DIFFERENCE, RATIO_OF))


def _is_rounded_to_whole(printing: Printing, one: Reading) -> bool:
    """Say whether a share or growth in whole per cent is less than one off."""
    result = printing.figures[one.result]
    whole = one.relation in (SHARE_OF, GROWTH_OF) and result.decimals == 0
    return whole and abs(computed(printing, one) - result.value) < 1


def _exchanged(printing: Printing, failing: list[Reading]) -> set[int]:
    """Return the results of one list that are right in another order."""
    out: set[int] = set()
    figures = printing.figures
    groups: list[list[Reading]] = []
    for one in sorted((f for f in failing if f.penalty < 3), key=lambda one: one.result):
        last = groups[-1][-1] if groups else one
        like = last.name == one.name and figures[last.result].unit == figures[one.result].unit
        if groups and like and 0 < one.result - last.result < 4:
            groups[-1].append(one)
        else:
            groups.append([one])
    for some in groups:
        values = {figures[one.result].value for one in some}
        if 1 < len(values) == len(some):
            right = sorted(some, key=lambda one: computed(printing, one))
            stated = sorted((one.result for one in some), key=lambda i: figures[i].size)
            moved = [replace(one, result=i) for one, i in zip(right, stated, strict=True)]
            if all(status_of(printing, one) != CONTRADICTS for one in moved):
                out |= set(stated)
    return out


def _suspect(one: Reading, sure: set[int]) -> int:
    """Return the one member that no relation confirms; -1 where there are more."""
    unconfirmed = [i for i in one.members if i not in sure]
    return unconfirmed[0] if len(unconfirmed) == 1 else -1
