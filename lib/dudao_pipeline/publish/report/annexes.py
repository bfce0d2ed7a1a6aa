"""The annexes of a report: results of all points, main figures of two years, list of problems."""

from __future__ import annotations

from dudao.base.rounding import fixed
from dudao.facts.items import item
from dudao.facts.universal import words as universal_words
from dudao.law.thresholds import VETO
from dudao_pipeline.publish.report.amount_words import Amount, decimals_of, worded_gap
from dudao_pipeline.publish.report.draft import Draft, Rows
from dudao_pipeline.publish.report.narration import Wanted, contents, label_of, wanted

MOST_PROBLEMS = 30  # rows of the list; the workbook beside the report has all


def results_annex(draft: Draft) -> Rows:
    """Return one row per point: number, title, result, what it rests on."""
    words = draft.words
    rows = []
    for point in draft.shown_points:
        judged = draft.points[point.id]
        rows.append(
            {
                "number": point.id,
                "title": f"{draft.framework.secondary_titles[point.secondary]}：{point.title}",
                "result": words["result"][judged["result"]],
                "ground": words["ground"][judged["basis"] or "none"],
            }
        )
    return tuple(rows)


def figures_annex(draft: Draft) -> Rows:
    """Return one row per main figure that is reported for the base year or the data year."""
    asked = [one for entry in contents()["main"] for one in wanted(entry)]
    return tuple(row for one in asked if (row := _figure_row(draft, one)))


def _figure_row(draft: Draft, one: Wanted) -> dict[str, str] | None:
    year, printer, missing = draft.facts.year, draft.narrator.printer, draft.words["table"]
    values = [draft.facts.get(*one.key, y).value for y in (year.base_year, year.data_year)]
    before = printer.amount(*one.key, year.base_year, *values)
    now = printer.amount(*one.key, year.data_year, *values)
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
    return f"{number}{qualifier}" if qualifier and qualifier not in universal_words() else number


def problems_annex(draft: Draft) -> Rows:
    """Return one row per failed check, the weightiest first: limit, value, what is missing."""
    judged, words = draft.judged, draft.words
    rows = [
        {
            "number": str(number),
            "point": check["points"][0],
            "label": judged.label(check),
            "value": judged.value(check),
            "limit": words["table"]["no_change"] if check["role"] == VETO else judged.limit(check),
            "gap": worded_gap(check, words) or words["table"]["no_change"],
        }
        for number, check in enumerate(draft.failed.checks[:MOST_PROBLEMS], 1)
    ]
    return tuple(rows)


def list_note(draft: Draft) -> str:
    """Say how many problems there are where the list shows only the weightiest."""
    number = len(draft.failed.checks)
    words = draft.words["table"]["list_cut"]
    return words.format(number=number, shown=MOST_PROBLEMS) if number > MOST_PROBLEMS else ""
