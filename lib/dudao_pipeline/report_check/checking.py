"""Check one report: its figures and the relations between them; give the check out as JSON."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, WITHIN_ROUNDING
from dudao_pipeline.report_check.doubts import doubts
from dudao_pipeline.report_check.figures import Figure, read_figures
from dudao_pipeline.report_check.names import masked_names
from dudao_pipeline.report_check.printing import DOUBT, EQUAL, UNCHECKED, Printing, Relation
from dudao_pipeline.report_check.reading import read_report
from dudao_pipeline.report_check.relations import relations
from dudao_pipeline.report_check.report_tables import table_figures, table_relations
from dudao_pipeline.report_check.structure import Passage
from dudao_pipeline.report_check.text import Report, plain

STATUS_LABELS = {
    CONTRADICTS: "不相符",
    DOUBT: "存疑",
    WITHIN_ROUNDING: "舍入范围内相符",
    FOLLOWS: "相符",
    UNCHECKED: "无法核对",
}
RELATION_LABELS = {
    "sum": "合计",
    "growth": "增长率",
    "difference": "增减额",
    "share": "占比",
    "points": "百分点",
    "equal": "前后一致",
    "ratio": "比值",
    "yearly_growth": "年均增长",
    "qualifier": "大小与限定",
    "table_sum": "表内合计",
    "table_growth": "表内增长率",
    "table_change": "表内增减数",
    "missing": "应列未列",
    "times": "倍数",
    "facts": "与报送数据",
    "last_year": "与上年报告",
}


@dataclass(frozen=True)
class Check:
    """What is found in one report: figures in the order of the text, relations between them."""

    report: Report
    figures: tuple[Figure, ...]
    relations: tuple[Relation, ...]

    def of_status(self, *statuses: str) -> tuple[Relation, ...]:
        """Return the relations of these statuses, in the order of the text."""
        return tuple(one for one in self.relations if one.status in statuses)

    @cached_property
    def findings(self) -> tuple[Relation, ...]:
        """Return what does not follow, each figure in doubt once."""
        out: dict[int, Relation] = {}
        for one in self.of_status(CONTRADICTS):
            out.setdefault(one.figures[0], one)
        return tuple(out.values())

    @property
    def doubts(self) -> tuple[Relation, ...]:
        """Return what a reader should ask about, although it may be right."""
        return self.of_status(DOUBT)


def check_report(report: Report) -> Check:
    """Return the figures of a report and the relations that its text states between them."""
    form = plain(report.text, is_set=report.is_set)
    listed = read_figures(report, form)
    figures, grids = table_figures(report, listed)
    to = dict(enumerate(_of_sentences(figures)))
    passage = Passage(Printing(form.text, tuple(figures[index] for index in to.values())))
    stated = (*relations(passage), *doubts(passage))
    cells = [report.cell(one.start) for one in figures]
    moved = (_moved(one, to) for one in stated)
    moved = (one for one in moved if one.relation == EQUAL or _is_of_one_cell(one, cells))
    return Check(report, figures, (*moved, *table_relations(figures, grids)))


def _is_of_one_cell(relation: Relation, cells: Sequence[int]) -> bool:
    """Say whether the figures of a relation stand in one cell, or all outside of tables.

    What the cells of a row or column are to each other, the rules of tables say.
    """
    return len({cells[index] for index in relation.figures}) < 2


def _of_sentences(figures: tuple[Figure, ...]) -> list[int]:
    """Return the indices of the figures that sentences print, in order."""
    return [index for index, one in enumerate(figures) if one.table < 0]


def _moved(relation: Relation, to: dict[int, int]) -> Relation:
    """Return a relation between the figures of sentences with their indices among all."""
    formula = re.sub(r"#(\d+)", lambda match: f"#{to[int(match[1])]}", relation.formula)
    members = tuple(to[index] for index in relation.figures)
    return replace(relation, figures=members, formula=formula, of=to.get(relation.of, -1))


def check_file(path: Path) -> Check:
    """Read a file and check it, the names of persons masked."""
    report = read_report(path)
    text = masked_names(report.text, report.tables)
    masked = Report(report.name, text, report.tables, report.is_set)
    return check_report(masked)


def _figure_record(report: Report, one: Figure) -> dict[str, Any]:
    return {
        "start": one.start,
        "end": one.end,
        "printed": report.text[one.start : one.end],
        "value": one.value,
        "unit": one.unit,
        "qualifier": one.qualifier,
        "what": one.what,
        "stage": one.stage,
        "year": one.year,
        "kind": one.kind,
    }


def _relation_records(relations: Iterable[Relation]) -> list[dict[str, Any]]:
    return [
        {
            "figures": list(one.figures),
            "relation": one.relation,
            "expected": one.expected,
            "message": one.message,
        }
        for one in relations
    ]


def as_json(check: Check) -> dict[str, Any]:
    """Return a check as docs/check-report.schema.json describes it."""
    return {
        "file": check.report.name,
        "figures": [_figure_record(check.report, one) for one in check.figures],
        "findings": _relation_records(check.findings),
        "doubts": _relation_records(check.doubts),
        "followed": len(check.of_status(FOLLOWS, WITHIN_ROUNDING)),
        "unchecked": len(check.of_status(UNCHECKED)),
    }
