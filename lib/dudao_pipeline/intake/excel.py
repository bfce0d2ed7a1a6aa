"""Reading the filled workbook: headers found by name, every cell as text with its address."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dudao.base.errors import FactsError
from dudao.facts import cells
from dudao.facts.layout import COUNTY, GUIDE, SHEETS, TOTAL, YEAR_COLUMNS
from dudao_pipeline.intake.excel_grid import FAULT, FORMULA, NUMBER, Grid, Merge, Raw, read_grids
from dudao_pipeline.intake.file_safety import check_file
from dudao_pipeline.intake.findings import ERROR, NOTICE, Finding
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.places import address
from dudao_pipeline.intake.sheet import Sheet

GUIDE_HEADER = ("项目", "内容")
HEADER_WITHIN, HEADER_WORDS = 10, 3
_NAMES = {plain(name): name for name in (GUIDE, *SHEETS)}


def _known(name: str, text: str) -> str:
    """Return the column of a sheet that a header names, "" for none; 2023年（数据年） is 数据年."""
    years = YEAR_COLUMNS if name == COUNTY else ()
    for column in SHEETS[name].columns if name in SHEETS else ():
        if plain(text) == plain(column) or (column in years and column in plain(text)):
            return column
    return ""


@dataclass
class _Reading:
    """One sheet being read: its header, its data rows by column, what was found."""

    file: str
    name: str
    header: tuple[str, ...]
    rows: dict[int, dict[int, Raw]]
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = {i: text for i, text in enumerate(self.header, start=1) if text}
        self.known = {i: _known(self.name, text) for i, text in self.columns.items()}

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, "" for a blank one, a formula or a fault."""
        raw = self.rows[row].get(column)
        return raw.text if raw and raw.kind not in (FORMULA, FAULT) else ""

    def takes_numbers(self, column: int) -> bool:
        """Say whether a column is for numbers; one of unknown name might be."""
        layout = SHEETS.get(self.name)
        return bool(layout) and self.known[column] in ("", *layout.numbers)

    def is_total(self, row: int) -> bool:
        """Say whether a row sums up the others."""
        return plain(self.text(row, min(self.columns))) == TOTAL

    def is_blank(self, row: int) -> bool:
        """Say whether nothing stands under any header."""
        return not any(self.text(row, column) for column in self.columns)

    def is_title(self, row: int) -> bool:
        """Say whether a row of county items only names a group: no code, or nothing else."""
        if self.name != COUNTY:
            return False
        texts = {self.known[column]: self.text(row, column) for column in self.columns}
        code = texts.pop("指标代码", "")
        has_year = any(texts.get(column) for column in YEAR_COLUMNS)
        return not has_year and (not code or not any(texts.values()))

    def refuse(self, code: str, row: int, column: int, what: str, next_step: str) -> None:
        """Record an error at a cell."""
        place = (self.file, self.name, address(row, column))
        self.findings.append(Finding(code, ERROR, *place, what, next_step))


def _check_cells(reading: _Reading) -> None:
    """Refuse formulas and error values, except in sums that no reader uses."""
    sums = {i for i, text in reading.columns.items() if plain(text).startswith(TOTAL)}
    for row, found in reading.rows.items():
        if reading.is_total(row):
            continue
        for column, raw in sorted(found.items()):
            if column not in reading.columns or column in sums:
                continue
            if raw.kind == FORMULA:
                kind = "数值" if reading.takes_numbers(column) else "文字"
                step = "请复制该格，再“选择性粘贴”为数值。"
                reading.refuse("T08", row, column, f"此处应填{kind}，不能用公式。", step)
            elif raw.kind == FAULT:
                what = f"单元格是错误值“{raw.text}”。"
                reading.refuse("T09", row, column, what, "请改填；没有数据请留空。")


def _is_number(raw: Raw) -> bool:
    parsed = cells.parse(raw.text)
    return raw.kind == NUMBER or (parsed is not None and parsed.status == cells.REPORTED)


def _unmerge(reading: _Reading, merge: Merge) -> None:
    """Fill a merged text down; a merged number would be counted once a row, so it is refused."""
    anchor = reading.rows.get(merge.top, {}).get(merge.left)
    if anchor is None or anchor.kind in (FORMULA, FAULT) or reading.is_total(merge.top):
        return
    if reading.takes_numbers(merge.left) and _is_number(anchor):
        what, step = "合并单元格不能填数值。", "请取消合并，逐格填写。"
        reading.refuse("T10", merge.top, merge.left, what, step)
        return
    for row in range(merge.top + 1, merge.bottom + 1):
        if row in reading.rows:
            reading.rows[row][merge.left] = anchor


def _unmerge_all(reading: _Reading, merges: list[Merge], top: int) -> None:
    last = max(reading.rows, default=0)
    room = last * len(reading.columns)
    for merge in merges:
        if merge.left in reading.columns and top < merge.top <= last:
            clipped = merge._replace(bottom=min(merge.bottom, last))
            room -= clipped.bottom - clipped.top + 1
            if room < 0:  # more than the sheet holds: they overlap, which no program writes
                what = "的合并单元格互相重叠。请取消合并后重试。"
                raise FactsError(f"{reading.file}：工作表“{reading.name}”{what}")
            _unmerge(reading, clipped)


def _sheet(reading: _Reading) -> Sheet:
    rows = tuple(
        (row, {text: reading.text(row, column) for column, text in reading.columns.items()})
        for row in sorted(reading.rows)
        if not reading.is_total(row) and not reading.is_title(row)
    )
    return Sheet(reading.file, reading.name, reading.header, rows)


def _header(grid: Grid, name: str) -> tuple[int, tuple[str, ...]] | None:
    """Return the first row that names at least three columns of the sheet, and its texts."""
    for row in sorted(row for row in grid.rows if row <= HEADER_WITHIN):
        found = {column: raw.text for column, raw in grid.rows[row].items()}
        known = {_known(name, text) for text in found.values()} - {""}
        if len(known) >= HEADER_WORDS:
            return row, tuple(found.get(i, "") for i in range(1, max(found) + 1))
    return None


def _read(grid: Grid, name: str, file: str) -> tuple[Sheet | None, list[Finding]]:
    """Read one sheet; without a header there is none, and a finding says so."""
    found = (0, GUIDE_HEADER) if name == GUIDE else _header(grid, name)
    if found is None:
        what = f"前{HEADER_WITHIN}行中找不到表头。"
        return None, [Finding("S02", ERROR, file, name, "", what, "请按模板恢复表头。")]
    top, header = found
    rows = {row: dict(line) for row, line in grid.rows.items() if row > top}
    reading = _Reading(file, name, header, rows)
    _check_cells(reading)
    reading.rows = {row: line for row, line in rows.items() if not reading.is_blank(row)}
    if name != GUIDE:
        _unmerge_all(reading, grid.merges, top)
    return _sheet(reading), reading.findings


def read_workbook(path: Path) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read the sheets of a filled workbook by name; findings name every cell that cannot stand.

    A file that is unsafe or no workbook raises FactsError before a spreadsheet library sees it.
    """
    check_file(path)
    sheets: dict[str, Sheet] = {}
    findings: list[Finding] = []
    for grid in read_grids(path):
        name = _NAMES.get(plain(grid.title), "")
        if not name and grid.visible:  # hidden sheets of unknown name hold drop-down lists
            what, step = "模板中没有这张工作表，未读取。", "如为误加请删除。"
            findings.append(Finding("S04", NOTICE, path.name, grid.title, "", what, step))
        elif name in sheets:
            what, step = "工作表出现两次。", "请删去多余的一张。"
            findings.append(Finding("S05", ERROR, path.name, name, "", what, step))
        elif name:
            sheet, problems = _read(grid, name, path.name)
            findings += problems
            sheets |= {name: sheet} if sheet else {}
    if not sheets and not findings:
        raise FactsError(f"{path.name}：没有工作表。请用模板填报后重试。")
    return sheets, findings
