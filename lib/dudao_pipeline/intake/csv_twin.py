"""CSV files in the encodings that spreadsheets write; the twin of a workbook has one a sheet."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from charset_normalizer import from_bytes

from dudao.base.errors import FactsError
from dudao.law.dates import EvaluationYear
from dudao_pipeline.intake.book_reading import read_sheets
from dudao_pipeline.intake.clean_text import clean, has_changed
from dudao_pipeline.intake.file_safety import HEAD, kind_of
from dudao_pipeline.intake.findings import Finding, of_reading
from dudao_pipeline.intake.headers import column_of, plain
from dudao_pipeline.intake.row_words import is_figure
from dudao_pipeline.intake.sheet import TEXT, Grid, Raw, Sheet
from dudao_pipeline.intake.sheet_headers import SHEETS

ENCODINGS = ("utf-8-sig", "gb18030")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",\t;|，"
WORDS_A_FAULT = 4  # as many words to a fault make a text of UTF-8 with faults
_SNIFFED, _SAMPLE = 10, 4000  # lines in which the header may stand; characters that show the rest
HEADS = 3  # known heads beside each other that make a header
_BREAK = re.compile(r"\r\n?|\n")
MOST_ZEROS = 8  # one byte of so many: a text of no other encoding has them
MOST_BREAKS = 20  # line breaks of one cell; more of them are lines that a stray quote swallowed
SUFFIX = ".csv"
MORE_CELLS = "多半是文字里有英文逗号：请给该格加英文双引号，或改用中文逗号。"
_TAB_AT_END = re.compile(r"\t+(?=[,;|，\r\n])")  # of a cell, which keeps it a text
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')  # how programs keep spreadsheets from making numbers


def cell_text(text: str) -> str:
    """Return the text of a cell of a CSV file, without what keeps a code from becoming a number."""
    cleaned = clean(text)
    match = _KEPT_AS_TEXT.fullmatch(cleaned)
    return clean(match[1]) if match else cleaned


class _BrokenError(Exception):
    """A file that is no CSV: what is wrong, and what to do."""

    def __init__(self, what: str, step: str):
        super().__init__(what)
        self.what, self.step = what, step


def _encodings(content: bytes) -> Sequence[str]:
    """Return in which encodings a file may be; half of UTF-16 without a mark is often zeros."""
    if content.startswith(_UTF_16):
        return ("utf-16",)
    halves = {"utf-16-le": content[1::2], "utf-16-be": content[::2]}
    zeros = {name: half.count(0) for name, half in halves.items()}
    likely = max(zeros, key=zeros.__getitem__)
    is_likely = zeros[likely] > 1 and zeros[likely] * MOST_ZEROS > len(content)
    return (likely,) if is_likely else ENCODINGS


def _decode(content: bytes) -> str:
    if not content.strip(b"\xef\xbb\xbf \r\n\t"):
        raise _BrokenError("是空文件。", "请从原表重新另存为“CSV UTF-8”。")
    if kind := kind_of(content[:HEAD]):
        raise _BrokenError(f"{kind}，不是CSV文件。", "请按它的格式改正扩展名，或另存为CSV后重试。")
    step = "请用 Excel 或 WPS 打开，核对文字后另存为“CSV UTF-8”。"
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            if line := _line_that_breaks(content, error):
                what = f"第{line}行有字节读不出文字，多半是文件没有传完，或拼接了两种编码的内容。"
                raise _BrokenError(what, "请从原表重新另存为“CSV UTF-8”。") from error
            continue
        if encoding != "gb18030" or not _is_big5(content):
            return text
    if _is_big5(content):
        raise _BrokenError("文件是 Big5（繁体中文）编码。", f"{step}表头请改为简体字。")
    raise _BrokenError("文件编码既不是 UTF-8 也不是 GB18030。", step)


def _line_that_breaks(content: bytes, error: UnicodeDecodeError) -> int:
    """Return the line where a text breaks that is UTF-8 but for a few bytes; 0 of any other."""
    text = content.decode("utf-8", "replace")
    words = sum("\u4e00" <= c <= "\u9fff" for c in text)
    is_utf_8 = error.encoding == "utf-8" and words > WORDS_A_FAULT * text.count("\ufffd")
    return content.count(b"\n", 0, error.start) + 1 if is_utf_8 else 0


def _is_big5(content: bytes) -> bool:
    """Say whether bytes are Big5, though they may make a text of rare words in GB18030."""
    likely = from_bytes(content, cp_isolation=["gb18030", "big5"]).best()
    return likely is not None and likely.encoding == "big5"


def _delimiter(text: str, is_head: Callable[[str], bool] | None) -> str:
    """Return what parts the cells: what makes most heads of a line, else what stands most often."""
    lines = _BREAK.split(text, _SNIFFED)[:_SNIFFED]
    sample = _TAB_AT_END.sub("", text[:_SAMPLE])

    def telling(delimiter: str) -> tuple[int, int, bool]:
        cells = ([cell.strip('" ') for cell in line.split(delimiter)] for line in lines)
        heads = max(sum(map(is_head, row)) for row in cells) if is_head else 0
        return heads, sample.count(delimiter), delimiter == ","

    return max(DELIMITERS, key=telling)


def _check_quotes(cell: str, width: int, delimiter: str, line: int) -> None:
    """Refuse a cell that holds lines of the table: a quote before it was never closed."""
    breaks = cell.count("\n")
    inner = max((part.count(delimiter) for part in cell.split("\n")[1:]), default=0)
    if breaks > MOST_BREAKS or (breaks and inner >= max(width // 2, 2)):
        what = f"第{line}行有一个英文双引号没有配对，其后的行都并进了一格。"
        raise _BrokenError(what, "请删去或补齐这个双引号后重试。")


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with their number; a quote that does not match is refused with its line."""
    text = _BREAK.sub("\n", text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    width, first = 0, 1  # the line where a record begins
    try:
        for number, record in enumerate(reader, start=1):
            width = max(width, len(record))
            for cell in record:
                if "\n" in cell:
                    _check_quotes(cell, width, delimiter, first)
            yield number, record
            first = reader.line_num + 1
    except csv.Error as error:
        is_long = "field larger" in str(error)
        why = f"一格超过{csv.field_size_limit()}个字" if is_long else "英文双引号没有配对"
        what = f"第{first}行不是正确的CSV：{why}。"
        raise _BrokenError(what, "请用 Excel 或 WPS 打开核对，另存为“CSV UTF-8”后重试。") from error


def _grid(path: Path, is_head: Callable[[str], bool] | None) -> Grid:
    """Return a file as a sheet; raises _BrokenError.

    is_head: says whether a text is the head of a column; None of a table that nobody knows.
    """
    grid, widest, is_known = Grid(path.stem, True, {}), 0, False
    text = _decode(path.read_bytes())
    for row, record in _records(text, _delimiter(text, is_head)):
        line = {}
        for column, text in enumerate(record, start=1):
            cleaned = cell_text(text)
            if has_changed(text, cleaned):
                grid.cleaned[row, column] = text
            if cleaned:
                line[column] = Raw(cleaned, TEXT)
        if not line:
            continue
        is_data = is_known if is_head else any(is_figure(raw.text) for raw in line.values())
        if widest and max(line) > widest and is_data:
            what = f"第{row}行有{max(line)}格，而它上面各行最多{widest}格。"
            raise _BrokenError(what, MORE_CELLS)
        if is_head and not is_known and sum(is_head(r.text) for r in line.values()) >= HEADS:
            widest, is_known = len(record), True
        widest = max(widest, *line)
        grid.rows[row] = line
    return grid


def read_csv(path: Path) -> Grid:
    """Return a CSV file of any table as a sheet; FactsError for what is none."""
    try:
        return _grid(path, None)
    except _BrokenError as broken:
        raise FactsError(f"{path.name}：{broken.what}{broken.step}") from broken


def read_folder(
    folder: Path, year: EvaluationYear | None = None
) -> tuple[dict[str, Sheet], list[Finding]]:
    """Read every sheet that a folder holds; findings name what is no CSV, and what is left out.

    year: the evaluation year that headers with a year must agree with.
    """
    grids, findings = [], []
    sheet_names = {plain(name) for name in SHEETS}
    paths = [path for path in folder.iterdir() if path.suffix.lower() == SUFFIX and path.is_file()]
    for path in sorted(path for path in paths if not path.name.startswith((".", "~"))):
        try:
            grids.append(_grid(path, lambda text, name=path.stem: bool(column_of(name, text))))
        except _BrokenError as broken:
            name = path.stem if plain(path.stem) in sheet_names else path.name
            words = {"what": broken.what, "step": broken.step}
            findings.append(of_reading("no_csv", folder.name, name, **words))
    order = {plain(name): at for at, name in enumerate(SHEETS)}
    grids.sort(key=lambda grid: (order.get(plain(grid.title), len(order)), grid.title))
    sheets, problems = read_sheets(grids, folder.name, year)
    return sheets, [*findings, *problems]
