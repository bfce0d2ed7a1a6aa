"""What an analyst sees who ends a cell with a case, facts, measures, verdicts or schools.

IPython is told how to show them, lists of them too; the lab loads this as an extension of it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from dudao.case import Case
from dudao.facts.cells import qualified
from dudao.facts.items import STAGES, item
from dudao.facts.view import Fact, Facts, cell_of
from dudao.indicators.measure import Measure, MeasureTable
from dudao.indicators.stage_schools import StageSchools
from dudao.judging.results import Verdict
from dudao.show.report import measures_table
from dudao.show.results_cell import verdict_table
from dudao.show.schools.school_forms import per_school_form, raw_form
from dudao.show.tables import Record, Table, Tables, table
from dudao.show.words import STATUSES

MOST = 200  # rows shown of what has thousands


def case_table(case: Case) -> Table:
    """Say which county, year and notebook a case is, and what it holds."""
    rows = [
        ("县（区）", f"{case.name}（{case.county}）" + ("　虚构" if case.is_fictional else "")),
        ("评价年度", f"{case.year.year}年（数据{case.year.data_year}年）"),
        ("分册", case.notebook),
        ("评价方案", case.framework.title),
        ("要点", "、".join(f"{p.id} {p.title}" for p in case.points)),
        ("已报", f"{len(case.facts.table)}个数"),
        ("下一步", "case.facts 看数据，case.verdicts() 看判定"),
    ]
    return table("本县与本年度", ("名称", "内容"), rows)


def _figure_row(row: Any, cell: str, *of_whom: str) -> tuple[str, ...]:
    """Return a figure: of what, of whom, its value as reported, its cell."""
    about = item(row.item)
    value = qualified(row.value, row.qualifier)
    status = STATUSES.get(row.status, row.status)
    year = str(row.data_year)
    return about.label, STAGES[row.stage], year, *of_whom, value, about.unit, status, cell


def facts_table(facts: Facts) -> Table:
    """List what is reported, item by item; of many rows the first."""
    shown = facts.table.head(MOST)
    rows = [_figure_row(row, cell_of(row), row.school) for row in shown.itertuples()]
    more = f"，列前{MOST}个" if len(facts.table) > MOST else ""
    columns = ("指标", "学段", "年份", "学校", "数值", "单位", "状态", "出处")
    return table(f"报送的数据（{len(facts.table)}个{more}）", columns, rows, numbers=("数值",))


def fact_table(facts: Iterable[Fact]) -> Table:
    """List single facts."""
    rows = [_figure_row(fact, fact.cell) for fact in facts]
    columns = ("指标", "学段", "年份", "数值", "单位", "状态", "出处")
    return table("报送的数据", columns, rows, numbers=("数值",))


def measures_of(measures: Iterable[Measure]) -> Table:
    """List measures as a notebook shows a group of them."""
    if not isinstance(measures, MeasureTable):
        measures = MeasureTable(measures, title="指标")
    return measures_table(measures)


def schools_tables(group: StageSchools) -> Tables:
    """List the schools of a stage as notebook 10 does: what each has, which limits it meets."""
    return Tables((raw_form(group).table, per_school_form(group).table))


_LISTED: dict[type, Callable[[Any], Table]] = {
    Measure: measures_of,
    Verdict: verdict_table,
    Fact: fact_table,
}
_SINGLE: dict[type, Callable[[Any], Table | Tables]] = {
    Case: case_table,
    Facts: facts_table,
    StageSchools: schools_tables,
}


def table_of(value: Any) -> Table | Tables | None:
    """Return how one of our kinds, or a list of one, is shown; None of others."""
    if show := _SINGLE.get(type(value)):
        return show(value)
    values = value if isinstance(value, list | tuple) else [value]
    kinds = {type(one) for one in values}
    listed = _LISTED.get(kinds.pop()) if len(kinds) == 1 else None
    return listed(values) if listed else None


def _bundle(value: object, include: object = None, exclude: object = None) -> Record | None:
    table = table_of(value)
    return table._repr_mimebundle_() if table else None


def load_ipython_extension(shell: Any) -> None:
    """Tell IPython how to show them; the lab names this module among its extensions."""
    bundles = shell.display_formatter.mimebundle_formatter
    text = shell.display_formatter.formatters["text/plain"]
    for kind in (*_SINGLE, *_LISTED):
        bundles.for_type(kind, _bundle)
        text.for_type(kind, lambda value, printer, cycle: printer.text(repr(table_of(value))))
    for kind in (list, tuple):
        bundles.for_type(kind, _bundle)
