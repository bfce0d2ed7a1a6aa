"""The problems that a report names, grouped and at most six, and its annexes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dudao.base.rounding import fixed
from dudao.facts.cells import UNIVERSAL
from dudao.facts.items import item
from dudao.indicators.supervision import last_round
from dudao.judging.results import NOT_MET, UNDECIDED
from dudao.law.rules_check import VETO
from dudao_pipeline.publish.report.amount_words import Amount, decimals_of, worded_gap
from dudao_pipeline.publish.report.draft import Draft, ReportProblem, Rows, numeral
from dudao_pipeline.publish.report.judged import lacks_of
from dudao_pipeline.publish.report.narration import Wanted, contents, label_of, wanted

MOST = 6
LISTED = 2  # points or gaps named of a group
UNMET_WORDS = "未达到"
MOST_PROBLEMS = 30  # rows of the annex; the workbook beside the report has all


@dataclass(frozen=True)
class _Group:
    """Problems of one primary or of several that are told together."""

    title: str
    points: tuple[str, ...]
    checks: tuple[dict, ...]


def _by_primary(draft: Draft) -> list[_Group]:
    """Return the groups in the order of the scheme; the lightest are told together."""
    titles, groups = draft.framework.primary_titles, []
    for primary, title in titles.items():
        points = [p.id for p in draft.shown_points if p.primary == primary]
        unmet = tuple(p for p in points if draft.points[p]["result"] == NOT_MET)
        checks = [c for c in draft.failed if set(unmet) & set(c["points"])]
        if unmet:
            name = draft.words["problem"]["title"].format(area=title)
            groups.append(_Group(name, unmet, tuple(checks)))
    return groups


def _joined(draft: Draft, groups: list[_Group], most: int) -> list[_Group]:
    if len(groups) <= most:
        return groups
    by_weight = sorted(
        groups,
        key=lambda group: (sum(c["role"] == VETO for c in group.checks), len(group.checks)),
        reverse=True,
    )
    kept = [group for group in groups if group in by_weight[: most - 1]]
    rest = [group for group in groups if group not in kept]
    points = tuple(point for group in rest for point in group.points)
    checks = tuple(c for c in draft.failed if any(c in group.checks for group in rest))
    return [*kept, _Group(draft.words["problem"]["rest"], points, checks)]


def problems_of(draft: Draft) -> Iterator[ReportProblem]:
    """Yield the problems: what is not met by primary, then what cannot be decided yet."""
    open_ones = [p for p in draft.shown_points if draft.points[p.id]["result"] == UNDECIDED]
    by_law = [p.id for p in open_ones if lacks_of(draft.points[p.id]) == {"law"}]
    by_county = [p.id for p in open_ones if p.id not in by_law]
    waiting = [(kind, ids) for kind, ids in (("open", by_county), ("open_law", by_law)) if ids]
    groups = _joined(draft, _by_primary(draft), MOST - len(waiting))
    for number, group in enumerate(groups, 1):
        yield _problem(draft, group, number)
    for number, (kind, points) in enumerate(waiting, len(groups) + 1):
        yield _open(draft, kind, points, number)


def _problem(draft: Draft, group: _Group, number: int) -> ReportProblem:
    words = draft.words["problem"]
    listed = draft.judged.failures(group.checks) if group.checks else _rated(draft, group)
    text = words["text"].format(listed=listed)
    if cause := _cause(draft, group.points):
        text = f"{text}。{words['cause'].format(cause=cause)}"
    measure, office, deadline = _entered(draft, group.points)
    return ReportProblem(
        number=numeral(number),
        title=group.title,
        text=f"{text}。",
        measure=measure or _measure(draft, group),
        office=office,
        deadline=deadline,
    )


def _rated(draft: Draft, group: _Group) -> str:
    """Name the points that the county itself rates as not met."""
    titles = {point.id: point.title for point in draft.shown_points}
    words = draft.words["closing"]["not_met_own"]
    return "、".join(titles[point] for point in group.points) + words.removeprefix("本项")


def _cause(draft: Draft, points: Sequence[str]) -> str:
    """Return what the county gives as the reason; a list of what is not met is none."""
    ratings = draft.stored.self_ratings
    reasons = [
        reason.removeprefix("虚构：").rstrip("。；")
        for reason in ratings.loc[ratings["point"].isin(points), "reason"]
        if reason and UNMET_WORDS not in reason and "落实" not in reason
    ]
    return "；".join(dict.fromkeys(reasons))


def _entered(draft: Draft, points: Sequence[str]) -> tuple[str, str, str]:
    """Return measures, offices and the last day that the county entered for some points."""
    last = (one for one in last_round(draft.facts) if one.point in points)
    still_open = [one for one in last if not one.is_rectified]
    ratings = draft.stored.self_ratings
    rated = ratings.loc[ratings["point"].isin(points), "office"]
    measures = "；".join(dict.fromkeys(one.measure for one in still_open if one.measure))
    listed = "、".join(filter(None, (*(one.office for one in still_open), *rated)))
    named = list(dict.fromkeys(filter(None, listed.split("、"))))
    offices = "、".join(
        name for name in named if not any(name != one and name.endswith(one) for one in named)
    )
    days = [one.deadline for one in still_open if one.deadline]
    return measures, offices, str(max(days, default=""))


def _measure(draft: Draft, group: _Group) -> str:
    """Return what follows from the gaps themselves, where the county entered nothing."""
    words = draft.words["measure"]
    if any(check["role"] == VETO for check in group.checks):
        return words["veto"]
    clauses = [
        f"{draft.judged.quantity(check)}{gap}"
        for check in group.checks[:LISTED]
        if (gap := worded_gap(check, draft.words))
    ]
    return words["gap"].format(gaps="、".join(clauses)) if clauses else words["plain"]


def _open(draft: Draft, kind: str, points: Sequence[str], number: int) -> ReportProblem:
    """Return what waits for the county, or (open_law) for the text of a standard."""
    words = draft.words["problem"]
    titles = draft.framework.primary_titles
    areas = {p.primary: titles[p.primary] for p in draft.shown_points if p.id in points}
    named = list(areas.values())
    listed = "、".join(named[:LISTED])
    listed = words["open_more"].format(listed=listed) if len(named) > LISTED else listed
    _, office, _ = _entered(draft, points)
    return ReportProblem(
        number=numeral(number),
        title=words[f"{kind}_title"],
        text=words[kind].format(number=len(points), listed=listed) + "。",
        measure=draft.words["measure"][kind],
        office=office,
    )


def results_annex(draft: Draft) -> Rows:
    """Return one row per point: number, title, result, what it rests on."""
    words = draft.words
    return tuple(
        {
            "number": point.id,
            "title": f"{draft.framework.secondary_titles[point.secondary]}：{point.title}",
            "result": words["result"][draft.points[point.id]["result"]],
            "ground": words["ground"][draft.points[point.id]["basis"] or "none"],
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
    qualifier = amount.qualifier
    return f"{number}{qualifier}" if qualifier and qualifier not in UNIVERSAL else number


def problems_annex(draft: Draft) -> Rows:
    """Return one row per failed check, the weightiest first: limit, value, what is missing."""
    judged, words = draft.judged, draft.words
    rows = [
        {
            "number": str(number),
            "point": check["points"][0],
            "label": judged.row_label(check),
            "value": judged.value(check),
            "limit": words["table"]["veto"] if check["role"] == VETO else judged.rule(check),
            "gap": worded_gap(check, words) or words["table"]["no_change"],
        }
        for number, check in enumerate(draft.failed[:MOST_PROBLEMS], 1)
    ]
    return tuple(rows)


def list_note(draft: Draft) -> str:
    """Say how many problems there are where the list shows only the weightiest."""
    number = len(draft.failed)
    words = draft.words["table"]["list_cut"]
    return words.format(number=number, shown=MOST_PROBLEMS) if number > MOST_PROBLEMS else ""
