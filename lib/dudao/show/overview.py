"""The overview: all points of the scheme on one page, counted, and the record behind it."""

from collections import Counter
from collections.abc import Sequence

from dudao.case import Case
from dudao.comparison.peers.standing import Standing
from dudao.comparison.year_on_year import NOT_COMPARABLE, Change
from dudao.facts.cells import REPORTED
from dudao.facts.items import items, items_about
from dudao.judging.results import MET, NOT_APPLICABLE, NOT_MET, UNDECIDED, PointVerdict, Verdict
from dudao.judging.shortfall_list import Problem, occurred
from dudao.law import Point
from dudao.law.framework import ORIGINS, RECONSTRUCTED
from dudao.law.topics import notebook_title, topics_of
from dudao.show import charts
from dudao.show.mark_tables import scored
from dudao.show.peers import standing_record
from dudao.show.problem_tables import problem_record, with_figures
from dudao.show.records import contradictions, record
from dudao.show.results_cell import Results, doubts_table
from dudao.show.sentences import Sentences
from dudao.show.tables import Table, table
from dudao.show.words import RESULTS, WAYS_SHORT, marked, signed
from dudao.show.year_tables import change_record, summary

SHOWN = (MET, NOT_MET, UNDECIDED, NOT_APPLICABLE)
NOTHING = "没有未达标的要点，也没有可与上一年比较的检查。"
NAMED = 6  # points named in a sentence; more are counted
WORST = 3  # problems named in the head of the page


def scheme_table(case: Case) -> Table:
    """Show the tree in short: per primary its secondaries, points, their origin, its notebook."""
    rows = []
    for primary, title in case.framework.primary_titles.items():
        points = [point for point in case.points if point.primary == primary]
        origins = Counter(ORIGINS[point.origin] for point in points)
        names = dict.fromkeys(case.framework.secondary_titles[p.secondary] for p in points)
        books = dict.fromkeys(f"{p.notebook[:2]} {notebook_title(p.notebook)}" for p in points)
        counted = "，".join(f"{word}{n}" for word, n in origins.items())
        rows.append((f"{primary} {title}", tuple(names), str(len(points)), counted, tuple(books)))
    columns = ("一级指标", "二级指标", "要点", "要点来源", "分册")
    return table("评价方案的指标树", columns, rows, numbers=("要点",))


def coverage_table(case: Case) -> Table:
    """Show how many figures of the judged year are reported, and papers filed, by notebook."""
    rows = []
    for notebook in dict.fromkeys(point.notebook for point in case.points):
        codes = [c for c in items_about(topics_of(notebook)) if not items()[c].is_derived]
        facts = [case.facts.get(code, stage) for code in codes for stage in items()[code].stages]
        title = f"{notebook[:2]} {notebook_title(notebook)}"
        counts = [
            sum(fact.is_reported for fact in facts),
            sum(fact.is_missing for fact in facts),
            sum(fact.is_not_applicable for fact in facts),
        ]
        rows.append((title, *map(str, counts), _papers(case, notebook)))
    columns = ("分册", "已报", "未报", "不涉及", "佐证材料")
    caption = f"{case.year.data_year}年县级数据（个）与佐证材料（份）"
    return table(caption, columns, rows, numbers=columns[1:])


def _papers(case: Case, notebook: str) -> str:
    """Return how many of the expected papers are on file."""
    points = case.framework.of_notebook(notebook)
    filed = [title in case.evidence_titles(p.id) for p in points for title in p.evidence]
    return f"{sum(filed)}／{len(filed)}"


def counts_table(case: Case, points: Sequence[PointVerdict]) -> Table:
    """Count the points by result: a row for each primary, and one for all."""
    rows = []
    for primary, title in case.framework.primary_titles.items():
        counts = Counter(verdict.result for verdict in points if verdict.point.primary == primary)
        rows.append((f"{primary} {title}", *_counts(counts)))
    rows.append(("合计", *_counts(Counter(verdict.result for verdict in points))))
    words = [signed(result) for result in SHOWN]
    return table(
        "各一级指标的要点结果（个）", ("一级指标", *words, "要点"), rows, numbers=(*words, "要点")
    )


def _counts(counts: Counter[str]) -> list[str]:
    return [*(str(counts[result] or "") for result in SHOWN), str(counts.total())]


def _checks(verdicts: Sequence[Verdict], point: str) -> str:
    """Count the checks of a point by result."""
    counts = Counter(verdict.result for verdict in verdicts if point in verdict.points)
    counted = "，".join(f"{RESULTS[result][0]}{n}" for result in RESULTS if (n := counts[result]))
    return f"检查{counts.total()}项：{counted}" if counts else "没有数量检查"


def _supply(verdict: PointVerdict) -> str:
    """Count what the county has to supply, and apart from it what waits for law."""
    if verdict.result != UNDECIDED:
        return ""
    counted = ((len(verdict.to_supply), "需补充{}项"), (len(verdict.law), "待法规文件{}项"))
    return "，".join(text.format(number) for number, text in counted if number)


def _above(case: Case, verdict: PointVerdict, before: PointVerdict | None) -> tuple[str, str]:
    """Return primary and secondary, each only where it begins."""
    point, last = verdict.point, before.point if before else None
    primary, secondary = point.primary, point.secondary
    return (
        "" if last and last.primary == primary else case.framework.primary_titles[primary],
        "" if last and last.secondary == secondary else case.framework.secondary_titles[secondary],
    )


def tree_table(case: Case, points: Sequence[PointVerdict], verdicts: Sequence[Verdict]) -> Table:
    """Show primary, secondary and point with result and basis, and what it hangs on."""
    rows = [
        (
            *_above(case, verdict, before),
            f"{verdict.point.id} {verdict.point.title}",
            marked(verdict.result),
            WAYS_SHORT[verdict.basis],
            "；".join(
                filter(None, (_checks(verdicts, verdict.point.id), _supply(verdict), verdict.note))
            ),
        )
        for before, verdict in zip([None, *points], points, strict=False)
    ]
    columns = ("一级指标", "二级指标", "评价要点", "结果", "方式", "检查与说明")
    anchors = [f"point-{verdict.point.id}" for verdict in points]
    return table("评价要点结果", columns, rows, anchors=anchors)


def _failed(case: Case, points: Sequence[PointVerdict]) -> list[str]:
    """Name the points that are not met; where they are many, count them by primary."""
    failed = [verdict.point for verdict in points if verdict.result == NOT_MET]
    if len(failed) <= NAMED:
        return [f"{point.id} {point.title}" for point in failed]
    counts = Counter(point.primary for point in failed)
    return [f"{case.framework.primary_titles[key]}{number}个" for key, number in counts.items()]


def _reached(case: Case) -> list[Point]:
    """Return the points that the county says anything of: a figure, a printed one, a rating."""
    table = case.facts.table
    given = {*table.loc[table["status"] == REPORTED, "item"], *(c.item for c in case.facts.claims)}
    return [
        point
        for point in case.points
        if given & set(items_about(point.topics))
        or (point.id in case.self_ratings and case.self_ratings[point.id].rating)
    ]


def _ids(points: Sequence[Point]) -> str:
    """List points by number; nothing for none."""
    return f"（{'、'.join(point.id for point in points)}）" if points else ""


def reach(case: Case) -> list[str]:
    """Say how many points the county's data and report reach, and whose wording is whose."""
    reached, number = _reached(case), len(case.points)
    rebuilt = [point for point in case.points if point.origin == RECONSTRUCTED]
    rebuilt_reached = [point for point in reached if point.origin == RECONSTRUCTED]
    if len(reached) == number:
        lines = [f"{number}个评价要点，本县的数据和报告都有涉及。"]
    else:
        lines = [
            f"{number}个评价要点中，本县的数据和报告涉及{len(reached)}个{_ids(reached)}，"
            f"其余{number - len(reached)}个没有数据。"
        ]
    if rebuilt:
        lines.append(
            f"方案原文只见{number - len(rebuilt)}个要点，另{len(rebuilt)}个据国家政策重构；"
            f"本县涉及的要点中，重构的有{len(rebuilt_reached)}个{_ids(rebuilt_reached)}。"
        )
    return lines


def _by_shortfall(problem: Problem) -> tuple[bool, float]:
    """Return the key that puts the largest shortfall first, of unverified standards last."""
    is_unproven = problem.verdict is not None and problem.verdict.is_unproven
    return is_unproven, -(problem.shortfall or 0)


def headline(
    case: Case,
    points: Sequence[PointVerdict],
    problems: Sequence[Problem],
    changes: Sequence[Change],
) -> list[str]:
    """Say in a few sentences how the county stands: for the head of the page."""
    lines = reach(case)
    vetoed = [problem.verdict for problem in problems if problem.verdict and problem.is_veto]
    if vetoed:
        lines.append(f"{occurred(vetoed)}。")
    if failed := _failed(case, points):
        lines.append(f"未达标要点：{'；'.join(failed)}。")
    amounts = [p for p in problems if p.shortfall is not None and not p.is_veto]
    amounts.sort(key=_by_shortfall)
    if amounts:
        lines.append(f"差距最大：{'；'.join(map(with_figures, amounts[:WORST]))}。")
    if any(change.change != NOT_COMPARABLE for change in changes):
        lines.append(f"与上一年相比，检查结果{summary(changes)}。")
    return lines


def reading(
    case: Case,
    points: Sequence[PointVerdict],
    problems: Sequence[Problem],
    changes: Sequence[Change],
) -> Sentences:
    """Say in words how the county stands; a county without anything to say gets a sentence too."""
    lines = headline(case, points, problems, changes)
    if lines == reach(case):
        lines = [*lines, NOTHING]
    return Sentences(tuple((line, ()) for line in lines))


def doubts(case: Case, points: Sequence[PointVerdict]) -> Table:
    """Show what does not fit in all the data, with every place."""
    return doubts_table(contradictions(case, points))


def overview(
    case: Case,
    verdicts: Sequence[Verdict],
    *,
    problems: Sequence[Problem],
    changes: Sequence[Change],
    standings: Sequence[Standing],
) -> Results:
    """Return the results cell of the overview: all points; their checks stand in the notebooks."""
    points = case.judge_points(list(verdicts))
    marks, scores = scored(case, verdicts, points)
    content = {**record(case, (), points), **scores}
    content["headline"] = headline(case, points, problems, changes)
    content["problems"] = [problem_record(problem) for problem in problems]
    content["changes"] = [change_record(change) for change in changes]
    content["peers"] = [standing_record(standing) for standing in standings]
    tables = (tree_table(case, points, verdicts), *marks)
    return Results(tables, content)


def point_tiles(case: Case, points: Sequence[PointVerdict]) -> charts.Chart:
    """Draw every point of the scheme as a tile in the row of its primary."""
    titles = case.framework.primary_titles
    rows = {key: [p for p in points if p.point.primary == key] for key in titles}
    with charts.drawing(1.0 + 0.3 * len(rows)) as axes:
        for at, verdicts in enumerate(rows.values()):
            for column, point in enumerate(verdicts):
                colour = charts.RESULTS[point.result]
                axes.bar(at, 0.94, colour, height=0.84, left=column + 0.03)
                text = f"{RESULTS[point.result][1]} {point.point.id}"
                axes.text(column + 0.5, at, text, ha="center", va="center", color="white", size=8)
        axes.set_across(0, max(map(len, rows.values()), default=1))
        axes.name_rows(f"{key} {title}" for key, title in titles.items())
        present = [result for result in RESULTS if any(p.result == result for p in points)]
        words = (signed(result) for result in present)
        axes.sheet.add_key(zip((charts.RESULTS[result] for result in present), words, strict=True))
        counts = Counter(p.result for p in points)
        message = "，".join(
            f"{RESULTS[name][0]}{counts[name]}个" for name in RESULTS if counts[name]
        )
        listed = "、".join(f"{p.point.id}{RESULTS[p.result][0]}" for p in points)
        return charts.finish(axes, "各要点结果", message, [listed], case=case)
