"""What the checks found, for the person who fills the workbook: a page, a list, a marked copy."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import coordinate_from_string

from dudao.base.errors import FactsError
from dudao_pipeline.intake.checks import Coverage
from dudao_pipeline.intake.checks.required import NAMED
from dudao_pipeline.intake.file_safety import is_old
from dudao_pipeline.intake.findings import ERROR, NOTICE, SEVERITIES, WARNING, Finding, by_cell
from dudao_pipeline.intake.sheet_headers import SHEETS
from dudao_pipeline.intake.template.saving import save
from dudao_pipeline.publish.templates import render, stylesheet
from dudao_pipeline.publish.workbooks import add_sheet, defuse, new_workbook

MEANINGS = {
    ERROR: ("not-met", "文件不能入库，必须改正"),
    WARNING: ("undecided", "数据入库并在结果中标明，请核实或说明"),
    NOTICE: ("reference", "供参考，不影响入库"),
}
FILLS = {ERROR: "F8CBAD", WARNING: "FFE699", NOTICE: "BDD7EE"}
COLUMNS = ("级别", "代号", "工作表", "单元格", "发现了什么", "为什么重要", "怎么办")
CHECKED = ("检查", "代号", "查看", "通过", "发现", "未判定")
LARGEST_COPY = 40 << 20  # bytes of all parts, unpacked
EPOCH = datetime(2000, 1, 1)  # a list of findings is as old as its workbook, not as the clock
MOST_COMMENTS = 2000  # cells of a marked copy; the worst come first
_CELL = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")


def _order(finding: Finding) -> tuple:
    sheets = list(SHEETS)
    sheet = sheets.index(finding.sheet) if finding.sheet in sheets else len(sheets)
    letters, row = "", 0
    if _CELL.fullmatch(finding.cell):
        letters, row = coordinate_from_string(finding.cell)
    severity = SEVERITIES.index(finding.severity)
    return severity, sheet, finding.sheet, row, len(letters), letters, finding.code, finding.what


def _verdict(findings: list[Finding]) -> str:
    errors = sum(finding.severity == ERROR for finding in findings)
    if errors:
        return f"共有{errors}处错误，文件未入库。请按“怎么办”一栏改正后重新报送。"
    if findings:
        return "没有错误，文件可以入库。以下各项请核实。"
    return "没有发现问题，文件可以入库。"


def to_html(findings: Iterable[Finding], file_name: str, coverage: Sequence[Coverage] = ()) -> str:
    """Errors come first, then sheet by sheet; the page needs no network and no script.

    Of a finding about several cells the sentence stands open and the cells are folded; what was
    checked closes the page.
    """
    ordered = sorted(findings, key=_order)
    return render(
        "site/findings.html.j2",
        title=f"{file_name}检查结果",
        verdict=_verdict(ordered),
        findings=ordered,
        meanings=MEANINGS,
        coverage=coverage,
        named=NAMED,
        css=stylesheet(),
    )


def to_xlsx(findings: Iterable[Finding], path: Path, coverage: Sequence[Coverage] = ()) -> Path:
    """One row a cell, filtered and frozen, and a sheet of what was checked; no formula anywhere."""
    book = new_workbook(EPOCH.year)
    lines = [
        (f.severity, f.code, f.sheet, f.cell, f.what, f.why, f.next_step)
        for f in sorted(by_cell(findings), key=_order)
    ]
    sheet = add_sheet(book, "检查结果", COLUMNS, lines)
    for number, line in enumerate(lines, 2):
        cell = sheet.cell(number, 1)
        cell._style = copy(cell._style)  # cells of one look share it
        cell.fill = PatternFill("solid", start_color=FILLS[line[0]])
    if coverage:
        checked = [
            (c.title, "、".join(c.codes), c.looked, c.passed, c.reported, c.unjudged)
            for c in coverage
        ]
        add_sheet(book, "检查项目", CHECKED, checked)
    save(book, path)
    return path


def to_record(findings: Iterable[Finding], coverage: Sequence[Coverage]) -> dict:
    """Return findings cell by cell, and what was checked, for another program (`--json`)."""
    names = ("severity", "code", "file", "sheet", "cell", "what", "why", "next_step")
    return {
        "findings": [
            {name: getattr(finding, name) for name in names}
            for finding in sorted(by_cell(findings), key=_order)
        ],
        "checks": [
            {
                "title": group.title,
                "codes": group.codes,
                "looked": group.looked,
                "passed": group.passed,
                "found": group.reported,
                "unjudged": group.unjudged,
            }
            for group in coverage
        ],
    }


def _top_left(sheet, address: str):
    """Return the cell to mark; of merged cells only the first can carry a comment."""
    for area in sheet.merged_cells.ranges:
        if address in area:
            return sheet.cell(area.min_row, area.min_col)
    return sheet[address]


def _mark(cell, findings: list[Finding], *, with_comment: bool) -> None:
    """Colour a cell, and say why in a comment unless thousands of cells would carry one."""
    cell.fill = PatternFill("solid", start_color=FILLS[findings[0].severity])
    if not with_comment:
        return
    words = [f"【{f.severity} {f.code}】{f.what}{f.next_step}" for f in findings]
    before = [f"【原批注】{cell.comment.text}"] if cell.comment else []
    comment = Comment("\n".join([*words, *before]), "dudao")
    comment.width, comment.height = 360, 60 + 60 * len(words)
    cell.comment = comment


def _by_cell(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """Group by cell, worst first; what concerns a whole sheet is told at its first cell."""
    grouped = defaultdict(list)
    for finding in sorted(by_cell(findings), key=_order):
        cell = finding.cell if _CELL.fullmatch(finding.cell) else "A1"
        grouped[finding.sheet, cell].append(finding)
    return grouped


def _opened(source: Path) -> Workbook:
    """Open a workbook to write a copy of it; FactsError says why none can be made.

    openpyxl refuses styles and properties that hold no figure, and lays out every painted row.
    """
    if is_old(source):
        what = "旧版工作簿不能另存标注的副本，检查结果见同名的页面和清单"
        raise FactsError(f"{source.name}：{what}；要标注的副本请另存为.xlsx后重试。")
    with zipfile.ZipFile(source) as package:
        size = sum(entry.file_size for entry in package.infolist())
    step = "请用Excel或WPS打开，另存后重试；检查结果见同名的页面和清单。"
    if size > LARGEST_COPY:
        raise FactsError(f"{source.name}：只有格式的空白行过多，没有另存标注的副本。{step}")
    try:
        return load_workbook(source, keep_links=False)
    except Exception as error:
        raise FactsError(f"{source.name}：样式有误，没有另存标注的副本。{step}") from error


def marked_copy(source: Path, findings: Iterable[Finding], target: Path) -> Path:
    """Copy a workbook with its cells filled and commented; the source is never touched.

    Totals keep their formulas; any other formula is shown as text and not run.
    """
    if source.resolve() == target.resolve():
        raise FactsError(f"“{target.name}”就是报送表本身。请另取文件名。")
    workbook = _opened(source)
    titles = {title.strip(): title for title in workbook.sheetnames}
    for sheet in workbook.worksheets:
        defuse(sheet)
    for at, ((name, address), of_cell) in enumerate(_by_cell(findings).items()):
        if name in titles:
            _mark(
                _top_left(workbook[titles[name]], address), of_cell, with_comment=at < MOST_COMMENTS
            )
    workbook.properties.created = workbook.properties.created or EPOCH
    save(workbook, target)
    return target
