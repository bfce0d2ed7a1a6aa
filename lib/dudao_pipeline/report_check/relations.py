"""All relations between the figures of a text: what its structure proposes, and what repeats.

A rule that is not sure that the text states a relation says nothing: a wrong accusation is worse
than a miss.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, combinations, groupby, permutations

from dudao.base.rounding import plain
from dudao_pipeline.report_check import arithmetic, bounds
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, RARE, WITHIN_ROUNDING
from dudao_pipeline.report_check.comparisons import comparisons
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.deciding import decide
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import COUNT, GROWTH, LEVEL, POINTS, SHARE
from dudao_pipeline.report_check.part_sums import changes_of_parts, changes_of_uses, totals
from dudao_pipeline.report_check.printing import (
    DIFFERENCE,
    DOUBT,
    EQUAL,
    GROWTH_OF,
    POINTS_OF,
    QUALIFIER,
    RATIO_OF,
    SHARE_OF,
    SUM,
    UNCHECKED,
    Printing,
    Relation,
)
from dudao_pipeline.report_check.readings import Reading, fits_units, status_of
from dudao_pipeline.report_check.rules import words
from dudao_pipeline.report_check.shares import implied_wholes, products, quotients, shares
from dudao_pipeline.report_check.slips import BY_OTHER_FORMULA
from dudao_pipeline.report_check.stage_sums import stage_sums
from dudao_pipeline.report_check.structure import Passage, core_of

PROPOSALS = (
    comparisons,
    shares,
    quotients,
    products,
    totals,
    changes_of_parts,
    changes_of_uses,
    stage_sums,
)


def lost_units(printing: Printing) -> Iterator[Relation]:
    """Find the same digits printed once with 万 or 亿 and once without."""
    by_digits: dict[str, list[int]] = {}
    for index, one in enumerate(printing.figures):
        digits = one.printed.replace(",", "").replace(" ", "")
        if one.dimension == "money" and len(digits.replace(".", "").strip("0")) >= 5:
            by_digits.setdefault(digits, []).append(index)
    for indices in by_digits.values():
        for later in indices[1:]:
            first = indices[0]
            one, other = printing.figures[first], printing.figures[later]
            if one.factor == other.factor:
                continue
            doubt, right = (later, first) if other.factor < one.factor else (first, later)
            expected = f"{printing.figures[doubt].printed}{printing.figures[right].unit}"
            ratio = max(one.factor, other.factor) / min(one.factor, other.factor)
            message = (
                f"同一数字另处为{printing.figures[right].shown}，"
                f"此处为{printing.figures[doubt].shown}，单位相差{plain(ratio)}倍"
            )
            yield Relation((doubt, right), EQUAL, CONTRADICTS, expected, message, "单位有误")


_OF_PLAN = re.compile("(?:预算|计划|任务|目标)数?的?$")
_MOVING = re.compile("新增|增加|减少|计划|原有|达到|目标|拟|预计|净|新建|改扩建|以上|平均|各")


def repeated(printing: Printing, confirmed: frozenset[int] = frozenset()) -> Iterator[Relation]:
    """Compare figures of one quantity in different sentences: of like words, stage and year.

    Two that differ by a slip are in doubt; accused, where the numbers are long, or where the words
    are many and only one of the two is confirmed by another relation.
    """
    by_unit: dict[tuple, list[int]] = {}
    for index, one in enumerate(printing.figures):
        is_of_plan = one.kind == SHARE and _OF_PLAN.search(one.what)  # 为预算的98%
        is_level = one.kind in (COUNT, LEVEL, SHARE) and one.is_exact and one.value > 0
        if is_level and one.table < 0 and not is_of_plan:
            key = (one.dimension, one.kind, len(one.printed), _quantity(one)[-2:])
            by_unit.setdefault(key, []).append(index)
    for indices in by_unit.values():
        earlier: dict[tuple, int] = {}
        for later in indices:
            one = printing.figures[later]
            for first in list(earlier.values())[-_TWINS:]:
                if printing.sentence(first) != printing.sentence(later):
                    relation = _twins(printing, first, later, confirmed)
                    if relation:
                        yield relation
            earlier.setdefault((one.printed, one.what, one.stage, one.year), later)


_TWINS = 12  # different figures of one unit and noun that a later one is compared with


def _twins(
    printing: Printing, first: int, later: int, confirmed: frozenset[int]
) -> Relation | None:
    one, other = printing.figures[first], printing.figures[later]
    labels = _quantity(one), _quantity(other)
    alike = _common_end(*labels)
    same = one.stage == other.stage and (one.year == other.year)
    if alike < 3 and not (alike >= 2 and same):
        return None
    status = arithmetic.compare(
        arithmetic.total, [printing.printed(first)], printing.printed(later)
    )
    if status != CONTRADICTS:
        if same and labels[0] == labels[1] and alike >= 4:
            return Relation((later, first), EQUAL, status, of=later, formula=f"同 #{first}")
        return None
    swapped = _swapped(one.printed, other.printed)
    mixed = sorted(one.printed) == sorted(other.printed) and labels[0] == labels[1]
    digits = len(re.sub(r"\D", "", other.printed))
    if one.factor != other.factor or not (
        swapped or mixed or _one_digit(one.printed, other.printed)
    ):
        return None
    named = {one.year, other.year} - {None}
    moved = [set(_MOVING.findall(printing.gap(i)[-14:])) for i in (first, later)]
    moving = moved[0] != moved[1]
    unconfirmed = [i for i in (later, first) if i not in confirmed]
    if not unconfirmed:
        return None
    years_agree = len(named) < 2 and (
        one.stage == other.stage or COUNTY in (one.stage, other.stage)
    )
    is_sure = swapped and years_agree and digits >= (4 if len(unconfirmed) == 1 else 5)
    is_sure = is_sure and (alike >= 4 or (digits >= 5 and labels[0] == labels[1]))
    of_one_label = alike >= 4 and same and not moving
    of_one_year = one.year is not None and labels[0] == labels[1]
    is_sure = is_sure or (swapped and of_one_label and digits >= (3 if of_one_year else 4))
    is_long = alike >= 6 and same and not moving and len(unconfirmed) == 1
    is_sure = is_sure or (swapped and is_long and digits >= 3)
    if not is_sure:
        near = printing.line(first) == printing.line(later) and digits > 2
        of_one_label = alike >= 5 and labels[0] == labels[1]
        is_sure = of_one_label and same and near and len(unconfirmed) == 1 and not moving
    in_line = printing.line(first) == printing.line(later) and not moving and same
    is_sure = is_sure or (
        swapped and in_line and digits >= 4 and alike > (2 if labels[0] == labels[1] else 3)
    )
    is_sure = is_sure or (mixed and same and digits >= 4 and len(unconfirmed) == 1)
    many = len(re.sub(r"\D", "", other.printed).lstrip("0")) > 2
    if not is_sure and not (swapped and same and alike >= 4 and many):
        return None
    doubt = unconfirmed[0] if len(unconfirmed) == 1 else later
    right = first if doubt == later else later
    slip = RARE[0] if swapped else "一位数字有误"
    shown = printing.figures[right].shown
    message = f"与另处的{shown}不一致；可能：{slip}"
    status = CONTRADICTS if is_sure else DOUBT
    return Relation((doubt, right), EQUAL, status, shown, message, slip)


def restated(printing: Printing, confirmed: frozenset[int] = frozenset()) -> Iterator[Relation]:
    """Compare sentences that print the same quantities: 62所小学、21所初中, later 63所、21所.

    One figure that differs by a slip, where the others agree in three digits, is accused.
    """
    sentences = list(_quantities_by_sentence(printing))
    earlier: dict[tuple, list[int]] = {}
    for later, quantities in enumerate(sentences):
        common = Counter(n for key in quantities for n in earlier.get(key, ())[-_TWINS:])
        for before in (n for n, count in common.items() if count > 1):
            yield from _restated_otherwise(printing, sentences[before], quantities, confirmed)
        for key in quantities:
            earlier.setdefault(key, []).append(later)


def _quantities_by_sentence(printing: Printing) -> Iterator[dict[tuple, int]]:
    """Yield of each sentence the figures of one moment by what they count, each printed once."""
    for _, group in groupby(range(len(printing.figures)), printing.sentence):
        by_key: dict[tuple, list[int]] = {}
        for i in group:
            one = printing.figures[i]
            if one.kind in (COUNT, LEVEL) and one.is_exact and one.table < 0 and one.value > 0:
                key = (_quantity(one), one.stage, one.dimension, one.year)
                by_key.setdefault(key, []).append(i)
        yield {key: some[0] for key, some in by_key.items() if len(some) == 1 and key[0]}


def _restated_otherwise(
    printing: Printing,
    before: dict[tuple, int],
    after: dict[tuple, int],
    confirmed: frozenset[int],
) -> Iterator[Relation]:
    figures = printing.figures
    common = [key for key in after if key in before]
    differing = [key for key in common if figures[before[key]].size != figures[after[key]].size]
    agreeing = [key for key in common if key not in differing]
    if len(differing) != 1 or sum(_telling_digits(figures[after[k]]) for k in agreeing) < 3:
        return
    first, later = before[differing[0]], after[differing[0]]
    printed = figures[first].printed, figures[later].printed
    if not (_one_digit(*printed) or _swapped(*printed)):
        return  # of another scope, which shares some of its figures
    unconfirmed = [i for i in (later, first) if i not in confirmed]
    moving = any(_MOVING.search(printing.gap(i)[-14:]) for i in (first, later))
    if not unconfirmed or moving or figures[first].factor != figures[later].factor:
        return
    doubt = unconfirmed[0]
    right = first if doubt == later else later
    shown = figures[right].shown
    yield Relation((doubt, right), EQUAL, CONTRADICTS, shown, f"与另处的{shown}不一致")


def _quantity(one: Figure) -> str:
    """Return what a figure counts in the shortest words: 在校学生总数, 义务教育在校生 are 学生."""
    return _shortest(one.what, one.stage)


@lru_cache(maxsize=2048)
def _shortest(what: str, stage: str) -> str:
    name = re.sub("(?:在校|在籍|在读)(?:学生|生)", "学生", core_of(what))
    name = re.sub("(?:已|达|至|为|有|共|约)+$", "", name)
    name = re.sub("(?:总?人|总)?数$", "", name)
    stages = sorted(words().stages.get(stage, ()), key=len, reverse=True)
    prefix = next((one for one in (stage, *stages) if name.startswith(one)), "")
    return name[len(prefix) :] or name


def _common_end(one: str, other: str) -> int:
    """Return how many characters two labels end in alike."""
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _one_digit(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _swapped(one: str, other: str) -> bool:
    if len(one) != len(other):
        return False
    differ = [i for i in range(len(one)) if one[i] != other[i]]
    return (
        len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )


def contradictory_qualifiers(printing: Printing) -> Iterator[Relation]:
    """Find 近…余 and 不足…以上, which cannot both hold."""
    for index, one in enumerate(printing.figures):
        parts = set(one.qualifier.split("…"))
        if parts & {"近", "将近", "接近", "不足", "不到", "不满"} and parts & {"余", "以上"}:
            yield Relation((index,), QUALIFIER, DOUBT, "", f"“{one.qualifier}”的限定词互相矛盾")


def growths_without_base(printing: Printing) -> Iterator[Relation]:
    """Name the growth of a level, where the text prints neither the year before nor the change."""
    figures = printing.figures
    for index in range(1, len(figures)):
        one, before = figures[index], figures[index - 1]
        is_rate = one.kind in (GROWTH, POINTS) and one.dimension in ("percent", "points")
        same = printing.sentence(index) == printing.sentence(index - 1)
        if is_rate and same and before.kind in (COUNT, LEVEL, SHARE):
            relation = GROWTH_OF if one.kind == GROWTH else POINTS_OF
            yield Relation((index, index - 1), relation, UNCHECKED, message="缺上年数")


_NEAR = 14  # figures around another among which those that it is of may be
_LEAST_DIGITS = 3  # of a figure that two others give hardly by chance
_SURE_DIGITS = 4  # of one that a sum of two gives hardly by chance
_LOSSES = re.compile("减|降|压|退|空|闲|未|流失|淘汰")


def _is_explained(passage: Passage, relation: Relation) -> bool:
    """Say whether other figures near by give exactly the figure that a relation accuses.

    2015年58216人（其中…，高中7223人），2020年54109人，减少4107人: two of them give the 4107. What
    stands in another line, or what words state, is explained by one of its own figures and another.
    """
    result, printing = relation.of, passage.printing
    figures, members = passage.figures, set(relation.figures)
    digits = _telling_digits(figures[result])
    least = _LEAST_DIGITS - (relation.slip in BY_OTHER_FORMULA)
    around = range(max(0, result - _NEAR), min(len(figures), result + _NEAR))
    near = [i for i in around if i != result and passage.is_level(i)]
    if relation.relation == SUM:
        near = [i for i in near if printing.line(i) == printing.line(result)]
        return digits >= _LEAST_DIGITS and _is_sum_of_others(passage, relation, near)
    if digits < least or relation.relation not in _OF_TWO:
        return False
    for pair in permutations(near, 2):
        lines = {printing.line(i) for i in (*pair, result)}
        if (relation.is_stated or len(lines) > 1) and not members & {*pair}:
            continue
        if all(passage.bases[i] for i in pair) and not all(passage.bases[i] for i in members):
            continue  # last year's figure, left standing
        if _gives(passage, relation, pair):
            return True
    return False


def _telling_digits(one: Figure) -> int:
    """Return how many digits of a figure say something: the zero of 4.0, not those of 400."""
    digits = re.sub(r"\D", "", one.printed).lstrip("0")
    return len(digits if one.decimals else digits.rstrip("0"))


_OF_TWO = {
    GROWTH_OF: ("growth",),
    SHARE_OF: ("share",),
    DIFFERENCE: ("difference",),
    RATIO_OF: ("quotient", "more_from_change"),
}


def _gives(passage: Passage, relation: Relation, pair: tuple[int, int]) -> bool:
    """Say whether a pair of figures gives the accused one by the formula of its relation."""
    result, names = relation.of, _OF_TWO[relation.relation]
    one, other = (passage.figures[i] for i in pair)
    if relation.relation == SHARE_OF and _LOSSES.search(passage.tails[result]):
        stated = passage.printing.number(result)  # 由36家减至2家，压减率94.4%
        is_left = one.dimension == other.dimension and one.size < other.size
        lost = 100 - 100 * one.size / other.size if is_left else -1.0
        return abs(lost - stated.value) <= stated.half + 1e-9
    sizes = {passage.figures[i].size for i in relation.figures if i != result}
    if sizes == {one.size, other.size}:  # the figures of the relation, or the same printed again
        over_both = "+" in relation.formula  # 1628/(1628+4243)
        if relation.relation != SHARE_OF or "完成" in passage.tails[result] or over_both:
            return False
        reading = Reading("share", result, pair)  # 86人，城区61人，占70.9%: read the wrong way
        holds = status_of(passage.printing, reading) != CONTRADICTS
        return one.size < other.size and holds
    if relation.relation == SHARE_OF and relation.slip not in BY_OTHER_FORMULA:
        return False  # else another whole is the slip
    if relation.relation in (GROWTH_OF, DIFFERENCE):
        now_is_base, base_is_base = (passage.bases[i] for i in pair)
        rises = passage.figures[result].value > 0
        if (one.size > other.size) != rises or (now_is_base and not base_is_base):
            return False
    if relation.relation == GROWTH_OF and one.year and other.year and one.year - other.year != 1:
        return False
    readings = (Reading(name, result, pair) for name in names)
    return any(
        fits_units(passage.printing, reading)
        and status_of(passage.printing, reading) != CONTRADICTS
        for reading in readings
    )


def _is_sum_of_others(passage: Passage, relation: Relation, near: Sequence[int]) -> bool:
    """Say whether a total is the sum of a few others, or with its parts that of another figure."""
    figures, total = passage.figures, passage.figures[relation.of]
    like = [i for i in near if figures[i].dimension == total.dimension]
    everyone = sum(figures[i].size for i in relation.figures)
    if any(figures[i].size == everyone for i in like if i not in relation.figures):
        return True
    digits = _telling_digits(total)
    threes = [] if relation.slip else combinations(like, 3)
    return digits >= _SURE_DIGITS and any(
        sum(figures[i].size for i in some) == total.size
        for some in chain(combinations(like, 2), threes)
        if not {*some} <= {*relation.figures}  # one of its own parts may be left out
        and (not relation.is_stated or {*some} & {*relation.figures})
    )


def by_structure(passage: Passage) -> Iterator[Relation]:
    """Yield what the structure of the passage lets follow, and what it forbids."""
    decided = decide(passage.printing, chain.from_iterable(rule(passage) for rule in PROPOSALS))
    kept = [r for r in decided if r.status != CONTRADICTS or not _is_explained(passage, r)]
    yield from kept
    divided = {r.of: {*r.figures} for r in kept if r.relation == SUM and r.status == FOLLOWS}
    for one in chain.from_iterable(rule(passage) for rule in bounds.RULES):
        part, whole = (*one.figures, -1)[:2]
        is_divided = passage.is_level(part) and part not in divided.get(whole, {part})
        if one.status != CONTRADICTS or not is_divided:
            yield one  # 909人，其中A、B，高中招生1396人: the parts of 909 are A and B
    yield from implied_wholes(passage)


RULES = (lost_units, contradictory_qualifiers, growths_without_base)


def relations(passage: Passage) -> tuple[Relation, ...]:
    """Return every relation that the rules see, in the order of the figures.

    A relation that two rules see stands once, as the one that is sure of it says; a figure that
    follows from some others in the text is not doubted for what other sentences say.
    """
    by_key: dict[tuple, Relation] = {}
    printing = passage.printing
    for one in chain(by_structure(passage), *(rule(printing) for rule in RULES)):
        key = (frozenset(one.figures), one.relation)
        if key not in by_key or by_key[key].status == DOUBT:
            by_key[key] = one
    confirmed = frozenset(i for one in by_key.values() if _holds(one) for i in one.figures)
    for one in chain(repeated(printing, confirmed), restated(printing, confirmed)):
        by_key.setdefault((frozenset(one.figures), one.relation), one)
    checked = {one.of for one in by_key.values() if one.status != UNCHECKED}
    by_key = {
        k: r for k, r in by_key.items() if r.status != UNCHECKED or r.figures[0] not in checked
    }
    return tuple(sorted(by_key.values(), key=lambda one: (min(one.figures), one.figures)))


def _holds(one: Relation) -> bool:
    return one.status in (FOLLOWS, WITHIN_ROUNDING)
