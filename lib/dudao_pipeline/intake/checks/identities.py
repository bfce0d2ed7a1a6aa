"""Stage K: who is who. Codes, names, kinds, and no person's number anywhere."""

import re
from collections import Counter
from collections.abc import Iterator
from string import ascii_uppercase

from dudao.base.errors import nearest
from dudao.base.rounding import plain
from dudao.facts.items import STAGES
from dudao.facts.plain_text import replaced
from dudao.facts.schema import REGISTERS
from dudao.facts.sheet_layout import COUNTY, FUNDS, KINDERGARTENS, SCHOOLS, Column, columns_of
from dudao_pipeline.intake.checks.common import Book, finding, limits
from dudao_pipeline.intake.clean_text import private
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.personal_data import traces
from dudao_pipeline.intake.sheet_headers import header_of
from dudao_pipeline.intake.sum_rows import figures_of, twins

ALIKE, MOSTLY = 5, 0.9  # rows, and their share, that show how a county writes its codes
CODE = re.compile(r"[0-9A-Za-z]{1,20}")


def _names(book: Book) -> Iterator[Finding]:
    by_code: dict[str, object] = {}
    by_name: dict[tuple, object] = {}
    for row in book.attributes:
        first = by_code.setdefault(row.school, row)
        if first.name != row.name:
            code = "K03" if first.stage == row.stage else "K10"
            what = f"代码“{row.school}”已用于“{first.name}”（{first.sheet}!{first.cell}）"
            yield finding(code, row, f"{what}，这里是“{row.name}”。")
        twin = by_name.setdefault((row.name, row.stage), row)
        if row.name and twin.school != row.school:
            what = f"{STAGES[row.stage]}“{row.name}”与{twin.sheet}!{twin.cell}同名"
            yield finding("K04", row, f"{what}而代码不同。", header_of(row.sheet, "name"))


def _word(row, column: Column) -> Iterator[Finding]:
    text, header = getattr(row, column.name), column.header
    if not text and "required" in column.marks:
        yield finding("K08", row, f"“{row.name}”未填{header}。", header)
    elif text and text not in column.choices:
        what = f"“{row.name}”的{header}“{text}”不在表中{nearest(text, column.choices)}。"
        yield finding("K06", row, what, header)


def _private(book: Book) -> Iterator[Finding]:
    """Warn of characters that only the machine of their writer can show."""
    for row in book.attributes:
        if odd := private(row.name):
            signs = "、".join(f"U+{ord(character):04X}" for character in odd)
            what = f"“{replaced(row.name)}”中的〓是本机自造字（{signs}），别的电脑显示不出。"
            yield finding("K11", row, what, header_of(row.sheet, "name"))


def _shape(code: str) -> str:
    """Return how a code is written: 9 for digits, A for letters."""
    return re.sub("[A-Za-z]", "A", re.sub("[0-9]", "9", code))


def _odd_codes(book: Book) -> Iterator[Finding]:
    """Warn of a code that is written unlike all others of its sheet: a digit short, O for 0."""
    for sheet in (SCHOOLS, KINDERGARTENS):
        rows = [row for row in book.attributes if row.sheet == sheet]
        shapes = Counter(_shape(row.school) for row in rows)
        usual, times = next(iter(shapes.most_common(1)), ("", 0))
        if times < ALIKE or times < len(rows) * MOSTLY:
            continue
        for row in rows:
            if CODE.fullmatch(row.school) and _shape(row.school) != usual:
                what = f"代码“{row.school}”的写法与其余{times}行不同。"
                yield finding("K12", row, what, header_of(sheet, "school"))


def _alike(book: Book) -> Iterator[Finding]:
    """Warn of a school all of whose figures are another's: one row may be a copy of the other."""
    place = {(row.school, row.stage): row for row in book.attributes}
    columns = {code: at for at, code in enumerate(sorted({r.item for r in book.reported}))}
    texts: dict[tuple[str, str], dict[int, str]] = {}
    for row in book.reported:
        if row.school:
            texts.setdefault((row.school, row.stage), {})[columns[row.item]] = plain(row.value)
    keys = [key for key in texts if key in place]
    figures = {at: figures_of(texts[key]) for at, key in enumerate(keys)}
    for at, first in twins(figures):
        row, other = place[keys[at]], place[keys[first]]
        if row.stage == other.stage:
            what = f"“{row.name}”与“{other.name}”（{other.sheet}!{other.cell}）各项数字完全相同。"
            yield finding("K13", row, what, header_of(row.sheet, "name"))


def _attributes(book: Book) -> Iterator[Finding]:
    for row in book.attributes:
        if not row.name:
            column = header_of(row.sheet, "name")
            yield finding("K08", row, f"代码“{row.school}”未填{column}。", column)
        book.look("K03")
        if not CODE.fullmatch(row.school):
            column = header_of(row.sheet, "school")
            yield finding("K05", row, f"{column}“{row.school}”含其他字符或超过20位。")
        elif row.school == book.tables.county:
            column = header_of(row.sheet, "school")
            yield finding("K05", row, f"{column}“{row.school}”是县（区）的代码，不是一所学校的。")
        for column in columns_of(row.sheet):
            if column.reads == "word":
                yield from _word(row, column)
        stages = limits()["kind_stages"].get(row.kind, [row.stage])
        if row.sheet == SCHOOLS and row.stage not in stages:
            what = f"“{row.name}”的办学类型“{row.kind}”没有{STAGES[row.stage]}学段。"
            yield finding("K07", row, what, header_of(row.sheet, "kind"))


def _notes(book: Book) -> Iterator[tuple]:
    """Yield the remarks of the number sheets, once a row."""
    seen = set()
    for row in book.rows("facts"):
        if not row.note or row.sheet not in (COUNTY, FUNDS):
            continue
        line = (row.sheet, row.cell.lstrip(ascii_uppercase))
        if line not in seen:
            seen.add(line)
            yield row, "备注", row.note


def _texts(book: Book) -> Iterator[tuple]:
    """Yield every text that an office has written: row, header, text."""
    yield from _notes(book)
    for table in REGISTERS:
        for row in book.rows(table):
            for column in columns_of(row.sheet, "scan"):
                yield row, column.header, str(getattr(row, column.name))


def _personal(book: Book) -> Iterator[Finding]:
    for row, column, text in _texts(book):
        if text:
            book.look("K09")
        if listed := traces(text, code=column.endswith("代码")):
            kinds = "、".join(dict.fromkeys(trace.kind for trace in listed))
            yield finding("K09", row, f"“{column}”含疑似{kinds}。", column)


def check(book: Book) -> Iterator[Finding]:
    """Name every code, name and kind that is not clear, and every personal number."""
    for part in (_names, _private, _odd_codes, _alike, _attributes, _personal):
        yield from part(book)
