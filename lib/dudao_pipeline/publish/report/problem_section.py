"""The problems that a report names, grouped and at most six, and its annexes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dudao.base.rounding import fixed
from dudao.facts.items import item
from dudao.judging.results import NOT_MET, UNDECIDED
from dudao.law.rules_check import VETO
from dudao_pipeline.publish.report.amount_words import (
    Amount,
    decimals_of,
    with_qualifier,
    worded_gap,
)
from dudao_pipeline.publish.report.draft import Draft, ReportProblem, Rows, numeral
from dudao_pipeline.publish.report.judged import Judged, lacks_of
from dudao_pipeline.publish.report.last_round import (
    last_round_problem,
    offices_of,
    open_problems,
)
from dudao_pipeline.publish.report.narration import Wanted, contents, label_of, wanted
from dudao_pipeline.publish.report.wording import Words

MOST = 6
LISTED = 2  # points or gaps named of a group
UNMET_WORDS = "未达到"


@dataclass(frozen=True)
class _Group:
    """Problems of one primary or of several that are told together.

    rated: the points that only the county's own word says are not met.
    """

    title: str
    points: tuple[str, ...]
    checks: tuple[dict, ...]
    rated: tuple[str, ...] = ()


def own_rated(draft: Draft) -> list[str]:
    """Return the points that are not met by the county's own word, for no check of them fails."""
    checked = {point for check in draft.failed for point in check["points"]}
    unmet = (p.id for p in draft.shown_points if draft.points[p.id]["result"] == NOT_MET)
    return [point for point in unmet if point not in checked]


def _by_primary(draft: Draft) -> list[_Group]:
    """Return the groups in the order of the scheme: every failed check and own word in one."""
    primary_of = {point.id: point.primary for point in draft.framework.points}
    groups, rated = [], own_rated(draft)
    for primary, title in draft.framework.primary_titles.items():
        checks = [c for c in draft.failed if primary_of.get(c["points"][0]) == primary]
        own = tuple(point for point in rated if primary_of[point] == primary)
        if not checks and not own:
            continue
        failing = {point for check in checks for point in check["points"]} | set(own)
        points = tuple(p.id for p in draft.shown_points if p.id in failing)
        name = draft.words["problem"]["title"].format(area=title)
        groups.append(_Group(name, points, tuple(checks), own))
    return groups


def _joined(draft: Draft, groups: list[_Group], most: int) -> list[_Group]:
    """Return at most so many groups; the lightest are told together."""
    if len(groups) <= most:
        return groups
    by_weight = sorted(
        groups,
        key=lambda group: (sum(c["role"] == VETO for c in group.checks), len(group.checks)),
        reverse=True,
    )
    kept = [group for group in groups if group in by_weight[: most - 1]]
    rest = [group for group in groups if group not in kept]
    checks = tuple(c for c in draft.failed if any(c in group.checks for group in rest))
    points, rated = (
        tuple(point for group in rest for point in getattr(group, name))
        for name in ("points", "rated")
    )
    return [*kept, _Group(draft.words["problem"]["rest"], points, checks, rated)]


def problems_of(draft: Draft) -> Iterator[ReportProblem]:
    """Yield the problems: not met by primary, still open of the last round, not to be decided yet.

    What waits for the text of a standard only is no problem of the county's.
    """
    open_ones = [p for p in draft.shown_points if draft.points[p.id]["result"] == UNDECIDED]
    waiting = [p.id for p in open_ones if lacks_of(draft.points[p.id]) != {"law"}]
    is_left = bool(open_problems(draft))
    groups = _joined(draft, _by_primary(draft), MOST - bool(waiting) - is_left)
    for number, group in enumerate(groups, 1):
        yield _problem(draft, group, number)
    if is_left:
        yield last_round_problem(draft, len(groups) + 1)
    if waiting:
        yield _open(draft, waiting, len(groups) + is_left + 1)


def _problem(draft: Draft, group: _Group, number: int) -> ReportProblem:
    words = draft.words["problem"]
    clauses = filter(None, (draft.judged.failures(group.checks), _rated(draft, group)))
    text = words["text"].format(listed="；".join(clauses))
    if cause := _cause(draft, group.points):
        text = f"{text}。{words['cause'].format(cause=cause)}"
    return ReportProblem(
        number=numeral(number),
        title=group.title,
        text=f"{text}。",
        measure=_measure(draft, group),
        office=_offices(draft, group.points),
    )


def _rated(draft: Draft, group: _Group) -> str:
    """Name the points that the county itself rates as not met; empty where there is none."""
    titles = {point.id: point.title for point in draft.shown_points}
    words, named = draft.words["problem"], "、".join(titles[point] for point in group.rated)
    form = words["rated_too" if group.checks else "rated"]
    return form.format(number=len(group.rated), listed=named) if group.rated else ""


def _cause(draft: Draft, points: Sequence[str]) -> str:
    """Return what the county gives as the reason; a list of what is not met is none."""
    ratings = draft.stored.self_ratings
    reasons = [
        reason.removeprefix("虚构：").rstrip("。；")
        for reason in ratings.loc[ratings["point"].isin(points), "reason"]
        if reason and UNMET_WORDS not in reason and "落实" not in reason
    ]
    return "；".join(dict.fromkeys(reasons))


def _offices(draft: Draft, points: Sequence[str]) -> str:
    """Return the offices that the county's self-rating names for some points."""
    ratings = draft.stored.self_ratings
    return "、".join(offices_of(ratings.loc[ratings["point"].isin(points), "office"]))


def _measure(draft: Draft, group: _Group) -> str:
    """Return what follows from the gaps; what a veto asks for always stands alone."""
    words = draft.words["measure"]
    if any(check["role"] == VETO for check in group.checks):
        return words["veto"]
    clauses = [
        f"{draft.judged.quantity(check)}{gap}"
        for check in group.checks[:LISTED]
        if (gap := worded_gap(check, draft.words))
    ]
    return words["gap"].format(gaps="、".join(clauses)) if clauses else words["plain"]


def _open(draft: Draft, points: Sequence[str], number: int) -> ReportProblem:
    """Return what waits for figures and papers of the county."""
    words = draft.words["problem"]
    titles = draft.framework.primary_titles
    areas = {p.primary: titles[p.primary] for p in draft.shown_points if p.id in points}
    named = list(areas.values())
    listed = "、".join(named[:LISTED])
    listed = words["open_more"].format(listed=listed) if len(named) > LISTED else listed
    return ReportProblem(
        number=numeral(number),
        title=words["open_title"],
        text=words["open"].format(number=len(points), listed=listed) + "。",
        measure=draft.words["measure"]["open"],
        office=_offices(draft, points),
    )


def results_annex(draft: Draft) -> Rows:
    """Return one row per point: number, title, result, what it rests on."""
    words = draft.words
    return tuple(
        {
            "number": point.id,
            "title": f"{draft.framework.secondary_titles[point.secondary]}：{point.title}",
            "result": words["result"][draft.points[point.id]["result"]],
            "ground": words["ground"][draft.ground(point.id)],
        }
        for point in draft.shown_points
    )


def figures_annex(draft: Draft) -> Rows:
    """Return one row per main figure that is reported for the base year or the data year."""
    asked = [one for entry in contents()["main"] for one in wanted(entry)]
    return tuple(row for one in asked if (row := _figure_row(draft, one)))


def _figure_row(draft: Draft, one: Wanted) -> dict[str, str] | None:
    year, printer, missing = draft.facts.year, draft.narrator.printer, draft.words["table"]
    values = [draft.facts.get(*one.key, y).value for y in (year.base_year, year.data_year)]
    before, now = printer.two_years(*one.key)
    if not (before or now):
        return None
    declared = item(one.code)
    return {
        "label": label_of(*one.key),
        "unit": declared.unit,
        "before": _number(before, values, declared.unit) or missing["missing"],
        "now": _number(now, values, declared.unit) or missing["missing"],
        "change": printer.change(*one.key) or missing["no_change"],
    }


def _number(amount: Amount | None, values: list[float], unit: str) -> str:
    """Return the figure in the item's own unit, which has a column of its own."""
    if amount is None:
        return ""
    number = fixed(amount.value, decimals_of(amount.value, *values, unit=unit))
    return with_qualifier(number, amount.qualifier)


def problems_annex(draft: Draft) -> Rows:
    """Return every failed check, then what the county's own word says, by point of the scheme."""
    judged, words = draft.judged, draft.words
    places = {point.id: at for at, point in enumerate(draft.framework.points)}
    last = len(places)
    rows = [(c["points"], _failed_row(judged, words, c)) for c in draft.failed]
    rows += [((point,), _rated_row(draft, point)) for point in own_rated(draft)]
    rows.sort(key=lambda row: places.get(row[0][0], last))  # of one point the weightiest first
    return tuple(
        {"number": str(number), "point": "、".join(points), **row}
        for number, (points, row) in enumerate(rows, 1)
    )


def _failed_row(judged: Judged, words: Words, check: dict) -> dict[str, str]:
    limit = words["table"]["veto"] if check["role"] == VETO else judged.rule(check)
    return {
        "label": judged.row_label(check),
        "value": judged.value(check),
        "limit": limit + judged.unproven(check),
        "gap": judged.gap(check) or words["table"]["no_change"],
    }


def _rated_row(draft: Draft, point: str) -> dict[str, str]:
    title = next(p.title for p in draft.shown_points if p.id == point)
    words = draft.words["table"]
    none = words["no_change"]
    return {"label": title, "value": words["rated"], "limit": none, "gap": none}


def list_note(draft: Draft) -> str:
    """Say how many problems the list has, which of them rest on own word, what was not checked."""
    words, rated = draft.words["table"], len(own_rated(draft))
    clauses = [words["list_whole"].format(number=len(draft.failed) + rated)]
    if rated:
        clauses.append(words["list_rated"].format(number=rated))
    return "，".join((*clauses, *_unchecked(draft))) + "。"


def no_problem(draft: Draft) -> str:
    """Return what is said where nothing fails: not without what nobody could check."""
    none = draft.words["problem"]["none"].removesuffix("。")
    return "，".join((none, *_unchecked(draft))) + "。"


def _unchecked(draft: Draft) -> list[str]:
    """Return a clause on the points that could not be decided; nothing where there is none."""
    form, number = draft.words["table"]["list_open"], draft.tally[UNDECIDED]
    return [form.format(number=number)] if number else []
