"""A sheet out of a grid: header found by name, cells as text, nothing left out without a word."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial

from dudao.base.errors import FactsError
from dudao.base.short_lists import name_first
from dudao.facts import units
from dudao.facts.sheet_layout import (
    COLUMNS,
    COUNTY,
    FUNDS,
    GUIDE,
    KINDERGARTENS,
    SCHOOLS,
)
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.clean_text import is_struck, named
from dudao_pipeline.intake.comments import tell_comments
from dudao_pipeline.intake.findings import Finding, errors, of_reading
from dudao_pipeline.intake.headers import (
    Matching,
    column_of,
    guide_key,
    match,
    plain,
    unit_in,
    units_of_titles,
    unread,
)
from dudao_pipeline.intake.row_words import (
    is_legend,
    is_note,
    is_number,
    is_sum,
    is_total,
)
from dudao_pipeline.intake.sheet import (
    FAULT,
    FORMULA,
    NUMBER,
    PICTURE,
    REPEATED,
    TEXT,
    UNREADABLE,
    Grid,
    Merge,
    Raw,
    Sheet,
    address,
)
from dudao_pipeline.intake.sheet_headers import (
    SHEETS,
    TOTAL,
    YEAR_COLUMNS,
    added_columns,
    choice_columns,
    header_of,
)
from dudao_pipeline.intake.sum_rows import figures_of, sums_of_others

GUIDE_HEADER = ("项目", "内容")
HEADER_WITHIN, HEADER_WORDS = 10, 3
_UNFIT = {
    FORMULA: "formula",
    PICTURE: "picture",
    REPEATED: "written_twice",
    FAULT: "error_value",
}  # what a cell is -> why it cannot be read
_SUMMED = (COUNTY, SCHOOLS, KINDERGARTENS, FUNDS)  # sheets whose rows somebody may sum up
_GROUP = re.compile(r"(?:[一二三四五六七八九十]+[、．.]|[(（][一二三四五六七八九十]+[)）]).+")
_LONG = 15  # characters: a text of so many, alone in the last rows of a table of figures, is a note
_HEADERLESS = 3  # cells named; the rest are counted
# By header, how a code, a name or a day is read that somebody wrote in another way.
_READINGS = {"school": cell_reading.code_text, "name": cell_reading.name_text}
_REWRITTEN = {
    column.header: cell_reading.day_text if column.format == "day" else _READINGS[column.name]
    for column in COLUMNS
    if column.format == "day" or column.name in _READINGS
}


@dataclass
class _Reading:
    """One sheet being read: its header, its data rows by column, what was found.

    columns: header by column; known: as the template has it, "" for one that it has not.
    """

    matching: Matching
    rows: dict[int, dict[int, Raw]]
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.file, self.name = self.matching.sheet.file, self.matching.sheet.name
        self.columns = {i: text for i, text in enumerate(self.matching.header, start=1) if text}
        declared = SHEETS[self.name].columns if self.name in SHEETS else ()
        self.known = {i: text if text in declared else "" for i, text in self.columns.items()}

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, "" for a blank one, a formula or a fault."""
        raw = self.rows[row].get(column)
        return raw.text if raw and raw.kind not in UNREADABLE else ""

    def texts(self, row: int) -> dict[int, str]:
        """Return the texts under the headers of a row, by column."""
        line = self.rows[row]
        cells = ((column, line[column]) for column in self.columns if column in line)
        return {c: raw.text for c, raw in cells if raw.text and raw.kind not in UNREADABLE}

    @cached_property
    def numeric(self) -> frozenset[int]:
        """Return the columns that are for numbers, or of unknown name."""
        layout = SHEETS.get(self.name)
        names = {"", *layout.numbers} if layout else ()
        return frozenset(column for column, name in self.known.items() if name in names)

    @cached_property
    def first(self) -> int:
        """Return the first column that the sheet knows, which names what a row is about."""
        return next(
            (column for column, is_named in self.known.items() if is_named), min(self.columns)
        )

    @cached_property
    def words(self) -> tuple[int, ...]:
        """Return the columns that are not for numbers."""
        numbers = SHEETS[self.name].numbers
        return tuple(column for column in self.columns if self.known[column] not in numbers)

    @cached_property
    def naming(self) -> tuple[int, ...]:
        """Return the columns in which a total may say so where it has a code.

        A total of schools may bear the county's code, or a number.
        """
        named = header_of(self.name, "name") if self.name in (SCHOOLS, KINDERGARTENS) else None
        return tuple(i for i in self.words if i == self.first or self.known[i] == named)

    def is_template_total(self, row: int) -> bool:
        """Say whether a row is the one that the template itself sums up in."""
        return plain(self.text(row, self.first)) == TOTAL

    @cached_property
    def sums(self) -> set[int]:
        """The rows that are the sum of other schools by their figures."""
        if self.name not in (SCHOOLS, KINDERGARTENS):
            return set()
        figures, words = {}, {}
        for row, line in self.rows.items():
            texts = {self.known[i]: raw.text for i, raw in line.items() if i in self.known}
            if not self._names_total(row):
                figures[row] = figures_of({h: texts.get(h, "") for h in added_columns(self.name)})
                words[row] = tuple(texts.get(h, "") for h in choice_columns(self.name))
        return sums_of_others(figures, words)

    def is_total(self, row: int) -> bool:
        """Say whether a row sums up the others, by what it says or by its figures."""
        return row in self.sums or self._names_total(row)

    def _names_total(self, row: int) -> bool:
        """Say whether a row sums up the others: it says so where others have their name."""
        if self.name not in _SUMMED:
            return self.is_template_total(row)
        if not self.text(row, self.first):
            return any(is_sum(self.text(row, column)) for column in self.words)
        return any(is_total(self.text(row, column)) for column in self.naming)

    def is_blank(self, row: int) -> bool:
        """Say whether nothing stands under any header."""
        cells = map(self.rows[row].get, self.columns)
        return not any(raw and raw.text and raw.kind not in UNREADABLE for raw in cells)

    def is_title(self, row: int) -> bool:
        """Say whether a row of county items only names a group: no code, or nothing else."""
        if self.name != COUNTY:
            return False
        texts = {self.known[column]: self.text(row, column) for column in self.columns}
        code = texts.pop("指标代码", "")
        has_year = any(texts.get(column) for column in YEAR_COLUMNS)
        return not has_year and (not code or not any(texts.values()))

    def tell(self, name: str, at: tuple[int, int], /, **words: object) -> None:
        """Record a finding at a cell."""
        self.findings.append(of_reading(name, self.file, self.name, address(*at), **words))

    def leave_out(self, name: str, rows: list[int], /, **words: object) -> None:
        """Leave out rows that hold no data, told once at the first cell of the first."""
        first = rows[0]
        self.tell(name, (first, min(self.texts(first))), row=first, number=len(rows), **words)
        self.drop(rows)

    def drop(self, rows: Iterable[int]) -> None:
        """Forget rows."""
        for row in rows:
            del self.rows[row]


def _check_cells(reading: _Reading) -> None:
    """Refuse formulas, pictures and error values, except in sums that no reader uses."""
    sums = {i for i, text in reading.columns.items() if plain(text).startswith(TOTAL)}
    for row, line in reading.rows.items():
        if reading.is_total(row):
            continue
        for column, raw in sorted(line.items()):
            if column not in reading.columns or column in sums:
                continue
            why = _UNFIT.get(raw.kind, "")
            if raw.kind not in UNREADABLE and _has_lost_digits(reading, column, raw):
                why = "digits_lost"
            if why:
                kind = "数值" if column in reading.numeric else "文字"
                reading.tell(why, (row, column), kind=kind, text=raw.text)


def _has_lost_digits(reading: _Reading, column: int, raw: Raw) -> bool:
    is_code = _REWRITTEN.get(reading.known[column]) is cell_reading.code_text
    if column in reading.numeric or not (is_code or raw.kind == NUMBER):
        return False
    return cell_reading.has_lost_digits(cell_reading.code_text(raw.text) if is_code else raw.text)


def _unmerge(reading: _Reading, merge: Merge) -> None:
    """Fill a merged text down, and across numbers, as 不涉及; refuse a merged number.

    Nobody knows which cell it is for.
    """
    anchor = reading.rows.get(merge.top, {}).get(merge.left)
    if anchor is None or anchor.kind in UNREADABLE or reading.is_total(merge.top):
        return
    if merge.left in reading.numeric and is_number(anchor):
        reading.tell("number_merged", (merge.top, merge.left))
        return
    columns = [merge.left]
    if merge.left in reading.numeric:
        columns = [i for i in reading.columns if merge.left <= i <= merge.right]
    for row in range(merge.top, merge.bottom + 1):
        if row in reading.rows:
            reading.rows[row].update(dict.fromkeys(columns, anchor))


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


def _totals(reading: _Reading) -> None:
    """Leave out the rows that sum up others; those that the template has not are told."""
    first = min(reading.rows, default=0)
    for row in [row for row in reading.rows if reading.is_total(row)]:
        if not (row == first and reading.is_template_total(row)):
            texts = reading.texts(row)
            naming = next((column for column, text in texts.items() if is_total(text)), 0)
            column, why = naming or min(texts), "total_by_name" if naming else "total_by_figures"
            reading.tell(why, (row, column), row=row, text=texts[column])
        del reading.rows[row]


def _repeated_heads(reading: _Reading) -> None:
    """Leave out rows that write the header again, and titles above it, as on every printed page."""
    header = dict(enumerate(map(plain, reading.matching.sheet.header), start=1))
    for row in list(reading.rows):
        texts = reading.texts(row)
        if len(texts) >= HEADER_WORDS and all(plain(t) == header[i] for i, t in texts.items()):
            first = row
            while first - 1 in reading.rows and len(reading.texts(first - 1)) == 1:
                first -= 1
            reading.leave_out("header_again", [*range(first, row + 1)])


def _struck(reading: _Reading) -> None:
    """Refuse rows that are struck through as a whole: nobody knows whether they still count."""
    for row in list(reading.rows):
        texts = reading.texts(row)
        if all(map(is_struck, texts.values())):
            reading.tell("row_struck", (row, min(texts)), row=row)
            del reading.rows[row]


def _check_titles(reading: _Reading, titles: dict[int, dict[int, Raw]]) -> None:
    """Refuse a unit above the table that no column has, though it has another of its kind."""
    wanted = {unit_in(plain(header))[0] for header in reading.known.values()}
    stating = [column for column, header in reading.known.items() if header == "单位"]
    wanted |= {plain(reading.text(row, column)) for row in reading.rows for column in stating}
    for row, line in titles.items() if reading.name in _SUMMED else ():
        for column, raw in line.items():
            for unit in units_of_titles([raw.text]) - wanted:
                others = [one for one in wanted - {""} if units.factor(unit, one) not in (None, 1)]
                if others:
                    words = {"unit": unit, "other": others[0]}
                    reading.tell("title_in_other_unit", (row, column), **words)


def _legend(reading: _Reading) -> None:
    """Leave out a row of units or column numbers below the header; another unit is an error."""
    row = min(reading.rows, default=0)
    if not row or reading.name not in _SUMMED:
        return
    texts = reading.texts(row)
    if reading.first in texts and is_legend([text for _, text in sorted(texts.items())]):
        reading.leave_out("legend", [row])
        return
    is_bare = texts and all(column in reading.numeric for column in texts)
    if not is_bare or any(cell_reading.parse(text) for text in texts.values()):
        return
    for column, text in texts.items():
        wanted = re.search(r"（([^（）]*)）$", reading.known[column])
        if wanted and units.plain(text) in units.table() and units.factor(text, wanted[1]) != 1:
            reading.tell("unit_of_column", (row, column), text=text, wanted=wanted[1])
    reading.leave_out("row_of_units", [row])


def _is_wordy(reading: _Reading, row: int) -> bool:
    """Say whether a row is only words in one cell, or in several that all explain."""
    texts = reading.texts(row)
    figures = SHEETS[reading.name].numbers
    if any(
        reading.known[column] in figures and cell_reading.parse(t) for column, t in texts.items()
    ):
        return False
    return len(texts) == 1 or is_note(list(texts.values()))


def _is_note(reading: _Reading, row: int) -> bool:
    """Say whether a row at the end of a table explains it: words only, no figure and no code."""
    words = list(reading.texts(row).values())
    if is_note(words):
        return True
    return reading.name in _SUMMED and len(words) == 1 and len(words[0]) >= _LONG


def _notes(reading: _Reading) -> None:
    """Leave out what stands below a table, told once."""
    rows = sorted(reading.rows)
    last = max((row for row in rows if not _is_wordy(reading, row)), default=0)
    wordy = [row for row in rows if row > last]
    first = next((row for row in wordy if _is_note(reading, row)), None)
    if first is not None:
        reading.leave_out("notes", [row for row in wordy if row >= first])


def _is_group(reading: _Reading, column: int, text: str) -> bool:
    """Say whether a text alone in its row is neither a code nor the name of a school."""
    if _GROUP.fullmatch(text):
        return True
    if reading.name == FUNDS or reading.known[column] == header_of(reading.name, "name"):
        return False
    code = cell_reading.code_text(text)
    return not (code.isascii() and code.isalnum())


def _groups(reading: _Reading, merges: list[Merge]) -> None:
    """Leave out rows that only name a group of those below, told once."""
    if reading.name not in (SCHOOLS, KINDERGARTENS, FUNDS):
        return
    wide = {merge.top for merge in merges if merge.right - merge.left >= 2}
    groups = [
        row
        for row in reading.rows
        if len(texts := reading.texts(row)) == 1
        and (row in wide or _is_group(reading, *next(iter(texts.items()))))
        and not any(reading.known[column] in SHEETS[reading.name].numbers for column in texts)
    ]
    if groups:
        first = next(iter(reading.texts(groups[0]).values()))
        reading.leave_out("groups", groups, text=first)


def _headerless(reading: _Reading) -> None:
    """Tell of cells that stand under no header, once for the sheet."""
    lost = [
        (row, column)
        for row, line in sorted(reading.rows.items())
        for column, raw in line.items()
        if column not in reading.columns and raw.text and raw.kind != FORMULA
    ]
    if lost:
        listed = name_first([address(*at) for at in lost], _HEADERLESS, "格")
        reading.tell("cells_without_header", lost[0], listed=listed)


def _invisible(reading: _Reading, grid: Grid) -> None:
    """Tell of cells that were cleaned of what nobody sees, once for the sheet."""
    if grid.cleaned:
        at, text = min(grid.cleaned.items())
        kept = grid.text(*at)
        odd = next((c for c in text if c not in kept and not c.isspace()), "")
        sign = f"{address(*at)}有{named(odd)}" if odd else address(*at)
        reading.tell("invisible", at, number=len(grid.cleaned), sign=sign)


def _comments(reading: _Reading, grid: Grid) -> None:
    """Tell of comments, once for the sheet: a figure in one of them may be the better one."""
    if grid.comments:
        listed, other = tell_comments(grid.comments, grid.text)
        kind = "comments_with_figures" if other else "comments"
        reading.tell(kind, min(other or grid.comments), listed=listed)


def _hidden(reading: _Reading, grid: Grid) -> None:
    """Tell of hidden rows and columns whose figures are read, once for the sheet."""
    figures = [
        (row, column)
        for row in reading.rows
        for column in reading.columns
        if column in reading.numeric and reading.text(row, column)
    ]
    rows, columns = {row for row, _ in figures}, {column for _, column in figures}
    if hidden := grid.hidden(rows, columns):
        reading.tell("hidden", min(figures), hidden=hidden)


def _nulls(reading: _Reading) -> None:
    """Read what databases write for nothing as a blank cell, told once for the sheet."""
    nulls = [
        (row, column)
        for row, line in sorted(reading.rows.items())
        for column, raw in line.items()
        if raw.text in cell_reading.NULLS
    ]
    if nulls:
        reading.tell("nulls", nulls[0], number=len(nulls), text=reading.text(*nulls[0]))
    for row, column in nulls:
        del reading.rows[row][column]


def _rewrite(reading: _Reading, first_day: date) -> None:
    """Write codes and days as they are meant where that is sure, told once a column.

    first_day: what a number of days counts from.
    """
    for column, header in reading.known.items():
        if (read := _REWRITTEN.get(header)) is None:
            continue
        if read is cell_reading.day_text:
            read = partial(read, first_day=first_day)
        texts = {row: reading.text(row, column) for row in sorted(reading.rows)}
        changed = {row: read(text) for row, text in texts.items() if read(text) != text}
        if changed:
            row = min(changed)
            meant = f"“{changed[row]}”" if changed[row] else "未填"
            count = f"（共{len(changed)}格）" if len(changed) > 1 else ""
            words = {"header": header, "text": texts[row], "meant": meant, "count": count}
            reading.tell("rewritten", (row, column), **words)
        for row, text in changed.items():
            reading.rows[row][column] = Raw(text, TEXT)


def _sheet(reading: _Reading) -> Sheet:
    rows = tuple(
        (row, {text: reading.text(row, column) for column, text in reading.columns.items()})
        for row in sorted(reading.rows)
        if not reading.is_title(row)
    )
    matching = reading.matching
    faults = tuple(finding.code for finding in errors(matching.findings))
    reading.findings += matching.findings + unread(matching, (line for _, line in rows))
    return Sheet(reading.file, reading.name, matching.header, rows, faults)


def find_header(grid: Grid, name: str) -> tuple[int, tuple[str, ...]] | None:
    """Return the first row that names at least three columns of the sheet, and its texts."""
    for row in sorted(row for row in grid.rows if row <= HEADER_WITHIN):
        texts = {column: raw.text for column, raw in grid.rows[row].items()}
        words = {column_of(name, text) for text in texts.values()} - {""}
        if len(words) >= HEADER_WORDS:
            return row, tuple(texts.get(column, "") for column in range(1, max(texts) + 1))
    return None


def guide_of(grid: Grid) -> Grid:
    """Return the guide sheet with labels in the first column and values in the second.

    In the template they stand there; somebody may have inserted a column before them.
    """
    rows = {}
    for row, line in grid.rows.items():
        at = next((i for i, raw in line.items() if guide_key(raw.text)), 1)
        rows[row] = {i - at + 1: raw for i, raw in line.items() if i >= at}
    return replace(grid, rows=rows)


def read_grid(
    grid: Grid, name: str, file: str, year: EvaluationYear | None = None
) -> tuple[Sheet | None, list[Finding]]:
    """Return a sheet with every cell as text; what cannot stand, and what is left out, is found.

    year: the evaluation year that headers with a year must agree with.
    """
    if name == GUIDE:
        grid = guide_of(grid)
    at_header = (0, GUIDE_HEADER) if name == GUIDE else find_header(grid, name)
    if at_header is None:
        return None, [of_reading("no_header", file, name, rows=HEADER_WITHIN)]
    top, header = at_header
    rows = {row: dict(line) for row, line in grid.rows.items() if row > top}
    reading = _Reading(match(Sheet(file, name, header, ()), year), rows)
    _nulls(reading)
    _check_cells(reading)
    blank = [row for row in rows if reading.is_blank(row)]
    if name == GUIDE:
        reading.drop(blank)
        sheet = _sheet(reading)
        return sheet, reading.findings
    _headerless(reading)
    reading.drop(blank)
    _check_titles(reading, {row: line for row, line in grid.rows.items() if row < top})
    _struck(reading)
    _repeated_heads(reading)
    _totals(reading)
    _legend(reading)
    _groups(reading, grid.merges)
    _notes(reading)
    _unmerge_all(reading, grid.merges, top)
    _rewrite(reading, grid.first_day)
    _hidden(reading, grid)
    sheet = _sheet(reading)
    _invisible(reading, grid)
    _comments(reading, grid)
    return sheet, reading.findings
