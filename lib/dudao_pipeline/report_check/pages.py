"""What a reader gets of a check: a marked copy of the report, a workbook, one page over many."""

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dudao_pipeline import files
from dudao_pipeline.intake.template.saving import save
from dudao_pipeline.intake.template.styles import plain_font
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, WITHIN_ROUNDING
from dudao_pipeline.report_check.checking import RELATION_LABELS, STATUS_LABELS, Check
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.printing import DOUBT, QUALIFIER, Relation
from dudao_pipeline.report_check.rules import rule_text

KIND_LABELS = {
    "count": "个数",
    "level": "数额",
    "share": "比例",
    "growth": "增长率",
    "change": "增减额",
    "points": "百分点",
    "rank": "名次",
    "ratio": "比值",
}
_WORST = (CONTRADICTS, DOUBT, WITHIN_ROUNDING, FOLLOWS)
_MADE = datetime(2024, 1, 1)  # one date for all, so that the same check gives the same bytes


def _environment():
    from jinja2 import DictLoader, Environment, StrictUndefined

    templates = {name: rule_text(name) for name in ("report.html.j2", "folder.html.j2")}
    return Environment(loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined)


def status_of_figures(check: Check) -> dict[int, str]:
    """Return the worst status of each figure that stands first in a relation or follows.

    That a part is not above its whole says nothing where the whole is accused.
    """
    out: dict[int, str] = {}
    accused = {one.figures[0] for one in check.findings}
    for one in check.relations:
        if (one.relation, one.status) == (QUALIFIER, FOLLOWS) and accused & {*one.figures}:
            continue
        for index in one.figures[:1] if one.status in (CONTRADICTS, DOUBT) else one.figures:
            if one.status in _WORST:
                rank = _WORST.index(one.status)
                if index not in out or rank < _WORST.index(out[index]):
                    out[index] = one.status
    return out


def _css(status: str) -> str:
    return "follows" if status == WITHIN_ROUNDING else status


class _Marker:
    """Marks pieces of a report; figures are looked up by place once."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.statuses = status_of_figures(check)
        self.sayings: dict[int, list[str]] = {}
        for relation in check.relations:
            if relation.figures and relation.status in (CONTRADICTS, DOUBT):
                note = f"{STATUS_LABELS[relation.status]}：{relation.message}"
                self.sayings.setdefault(relation.figures[0], []).append(note)
        self.next = 0

    def piece(self, start: int, end: int) -> str:
        """Return a piece of the text, its figures marked; pieces come in the order of the text."""
        text, figures, out, place = self.check.report.text, self.check.figures, [], start
        while self.next < len(figures) and figures[self.next].start < start:
            self.next += 1
        while self.next < len(figures) and figures[self.next].end <= end:
            one = figures[self.next]
            out.append(html.escape(text[place : one.start]))
            out.append(self._span(self.next, one, text[one.start : one.end]))
            place = one.end
            self.next += 1
        return "".join([*out, html.escape(text[place:end])])

    def _span(self, index: int, one: Figure, printed: str) -> str:
        status = self.statuses.get(index, "")
        year = f"{one.year}年" if one.year else "未写年份"
        about = [word for word in (one.what, one.stage, year, KIND_LABELS[one.kind]) if word]
        say = html.escape("；".join(about + self.sayings.get(index, [])), quote=True)
        mark = f"<sup>{index + 1}</sup>" if status in (CONTRADICTS, DOUBT) else ""
        name = f"f {_css(status)}".strip()
        return (
            f'<span class="{name}" id="f{index + 1}" tabindex="0" data-say="{say}">'
            f"{html.escape(printed)}{mark}</span>"
        )


def _body(check: Check) -> str:
    """Return the text as paragraphs and tables."""
    text, marker, out, place = check.report.text, _Marker(check), [], 0
    for table in check.report.tables:
        out.append(_paragraphs(text, marker, place, table.start))
        rows: dict[int, list[str]] = {}
        for cell in table.cells:
            rows.setdefault(cell.row, []).append(f"<td>{marker.piece(cell.start, cell.end)}</td>")
        out.append("<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows.values()))
        out.append("</table>")
        place = table.end
    out.append(_paragraphs(text, marker, place, len(text)))
    return "\n".join(out)


def _paragraphs(text: str, marker: _Marker, start: int, end: int) -> str:
    out = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            out.append(f"<p>{marker.piece(start, stop)}</p>")
        start = stop + 1
    return "\n".join(out)


def _relation_row(check: Check, one: Relation) -> dict[str, Any]:
    figure = check.figures[one.figures[0]] if one.figures else None
    return {
        "css": _css(one.status),
        "status": STATUS_LABELS[one.status],
        "relation": RELATION_LABELS[one.relation],
        "what": figure.what if figure else "",
        "anchor": one.figures[0] + 1 if one.figures else "",
        "shown": figure.shown if figure else "",
        "expected": one.expected,
        "message": one.message,
    }


def figure_rows(check: Check) -> list[dict[str, Any]]:
    """Return a row of words per figure, as the list of the page and the workbook show it."""
    statuses = status_of_figures(check)
    return [
        {
            "what": one.what,
            "stage": one.stage,
            "year": one.year or "",
            "printed": one.printed,
            "value": one.value,
            "unit": one.unit,
            "qualifier": one.qualifier,
            "kind": KIND_LABELS[one.kind],
            "css": _css(statuses.get(index, "")),
            "status": STATUS_LABELS.get(statuses.get(index, ""), ""),
        }
        for index, one in enumerate(check.figures)
    ]


def write_page(check: Check, path: Path) -> None:
    """Write the marked copy: one file, no script, nothing from a network, prints on A4."""
    page = _environment().get_template("report.html.j2")
    text = page.render(
        title=f"{check.report.name} 数字核对",
        style=rule_text("report.css"),
        body=_body(check),
        figures=figure_rows(check),
        findings=[_relation_row(check, one) for one in check.findings],
        doubts=[_relation_row(check, one) for one in check.doubts],
        followed=len(check.of_status(FOLLOWS, WITHIN_ROUNDING)),
        unchecked=len(check.of_status("unchecked")),
    )
    files.write(path, text)


def write_workbook(check: Check, path: Path) -> None:
    """Write figures and relations as an .xlsx of two sheets."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment

    workbook = Workbook()
    workbook.properties.created = workbook.properties.modified = _MADE
    sheet = workbook.active
    sheet.title = "核对结果"
    heads = ("序号", "结果", "关系", "名称", "数字", "应为", "说明", "涉及数字序号")
    _fill(sheet, heads, _relation_lines(check))
    for (cell,) in sheet.iter_rows(min_row=2, min_col=7, max_col=7):
        cell.alignment = Alignment(wrap_text=True, vertical="top")  # what a finding says is long
    sheet = workbook.create_sheet("数字")
    heads = ("序号", "名称", "学段", "年份", "原文数字", "数值", "单位", "限定词", "类别", "核对")
    keys = ("what", "stage", "year", "printed", "value", "unit", "qualifier", "kind", "status")
    rows = figure_rows(check)
    _fill(sheet, heads, ([n, *(row[key] for key in keys)] for n, row in enumerate(rows, 1)))
    for sheet in workbook:
        for cell in sheet[1]:
            cell.font = plain_font(bold=True)
        sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
        sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
        sheet.auto_filter.ref = sheet.dimensions
    save(workbook, path)


_A4 = 9  # the number of the paper size in a workbook
_WIDTHS = {"名称": 34, "说明": 60, "应为": 16, "数字": 18, "原文数字": 14, "涉及数字序号": 18}


def _fill(sheet, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet.append(list(heads))
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for number, head in enumerate(heads, 1):
        letter = sheet.cell(1, number).column_letter
        sheet.column_dimensions[letter].width = _WIDTHS.get(head, 10)


def _safe(value: Any) -> Any:
    """Return a value that a spreadsheet shows as it is and never runs as a formula."""
    if not isinstance(value, str):
        return value
    shown = "".join(c for c in value if c >= " ")
    runs = shown.startswith(("=", "+", "@")) or (shown[:1] == "-" and not shown[1:2].isdigit())
    return f"'{shown}" if runs else shown or None


def _relation_lines(check: Check) -> Iterator[list[Any]]:
    order = sorted(check.relations, key=lambda one: (_rank(one.status), one.figures))
    for number, one in enumerate(order, 1):
        row = _relation_row(check, one)
        members = "、".join(str(index + 1) for index in one.figures)
        yield [
            number,
            row["status"],
            row["relation"],
            row["what"],
            row["shown"],
            row["expected"],
            row["message"],
            members,
        ]


def _rank(status: str) -> int:
    return _WORST.index(status) if status in _WORST else len(_WORST)


@dataclass(frozen=True)
class Summary:
    """One report of a folder: its name, where its page is, and what its check counts."""

    name: str
    link: str
    figures: int
    followed: int
    findings: int
    doubts: int
    unchecked: int
    first: str


def summary_of(check: Check, link: str) -> Summary:
    """Return the counts of a check for the page over a folder."""
    worst = (check.findings or check.doubts or (None,))[0]
    figure = check.figures[worst.figures[0]].shown + "：" if worst and worst.figures else ""
    first = f"{figure}{worst.message}" if worst else ""
    return Summary(
        check.report.name,
        link,
        len(check.figures),
        len(check.of_status(FOLLOWS, WITHIN_ROUNDING)),
        len(check.findings),
        len(check.doubts),
        len(check.of_status("unchecked")),
        first,
    )


def write_folder_page(
    name: str, summaries: Sequence[Summary], failed: Sequence[str], path: Path
) -> None:
    """Write one page over many reports, those with most that does not follow first."""
    rows = sorted(summaries, key=lambda one: (-one.findings, -one.doubts, one.name))
    page = _environment().get_template("folder.html.j2")
    text = page.render(
        title=f"{name} 各报告数字核对",
        style=rule_text("report.css"),
        rows=rows,
        contradicted=sum(one.findings for one in rows),
        failed=list(failed),
    )
    files.write(path, text)
