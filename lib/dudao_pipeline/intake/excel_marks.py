"""What python-calamine does not tell of a sheet: formulas, errors, percents, how far it reaches.

One pass over the XML of a package that was found safe. Rows that hold no figure, such as formats
painted down to the last row of a spreadsheet, are left out of it block by block.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree
from xml.parsers import expat

from dudao.base.errors import FactsError
from dudao_pipeline.intake.clean_text import struck
from dudao_pipeline.intake.sheet import column_number

ELEMENT_LIMIT = 5_000_000  # of one sheet's rows with figures: some 1.2 million filled cells
PICTURE_FORMULA = "DISPIMG"  # how WPS keeps a picture in a cell
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # byte-order marks
MAKER = "dudao"  # whose comments mark what the program found
RUN_MARKS = ("strike", "vertAlign")  # of a part of a text
RAISED, LOWERED = 1, 2
_RAISED = {
    RAISED: str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    LOWERED: str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
}
MOST_RECODED = 64 << 20  # bytes of a sheet that is written in another encoding at once
_SAVE_AGAIN = "请用Excel或WPS打开，另存后重试。"
_BLOCK = 1 << 20
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
# How an XML writer may put a number that python-calamine then reads in part or not at all.
_ODD_WRITING = re.compile(rb"<!\[CDATA\[|<!--|v>[^<]*&#")
_FIGURE_MARKS = (b"v>", b"is>", b"f>", b"<f", b":f ", b"</sheetData", b":sheetData", b"<!")
_DECLARED = re.compile(r"\s*<\?xml[^>]*\?>")
_OWN_BEFORE = re.compile(r".*?(?:【原批注】|\Z)", re.DOTALL)
# What a program writes before a comment: who made it, or that newer programs show a talk.
_BEFORE = re.compile(r"\[(?:线程批注|Threaded comment)\].*?(?:批注|注释|Comment)[:：]", re.DOTALL)
_ADDRESS = re.compile(r"([A-Za-z]{1,3})(\d{1,10})")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # parts of a format that print as they are
_PERCENT_IDS = {9, 10}
# Built-in number formats that are dates; 27-36 and 50-58 are those of Chinese spreadsheets.
# ECMA-376 part 1, 18.8.30.
_DATE_IDS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}

Address = tuple[int, int]  # row and column, both counted from 1


@dataclass
class Marks:
    """What one sheet holds beside its values, by row and column.

    formulas: those of pictures are True. errors: the error's text, "" for a picture in a cell.
    struck: cells whose whole text is struck through.
    repeated: cells that the file writes more than once; readers differ in which they take.
    box: first row, first column, last row, last column that hold anything; None for an empty sheet.
    comments: what somebody wrote beside a cell.
    shown: texts of an old workbook that are struck, raised or lowered in part, as they look.
    is_odd: values mislead: some text is struck through, raised or lowered in part, or a number is
    written in a way of XML that is rare or said to be a text of its own.
    slim: the sheet in UTF-8 without its blank rows, None where it stands like that.
    """

    formulas: dict[Address, bool] = field(default_factory=dict)
    errors: dict[Address, str] = field(default_factory=dict)
    struck: set[Address] = field(default_factory=set)
    percents: set[Address] = field(default_factory=set)
    dates: set[Address] = field(default_factory=set)
    iso_dates: set[Address] = field(default_factory=set)
    merges: list[str] = field(default_factory=list)
    repeated: set[Address] = field(default_factory=set)
    comments: dict[Address, str] = field(default_factory=dict)
    shown: dict[Address, str] = field(default_factory=dict)
    box: tuple[int, int, int, int] | None = None
    is_odd: bool = False
    slim: bytes | None = None


def has_runs(content: bytes) -> bool:
    """Say whether a part of texts strikes through, raises or lowers some of them in part."""
    return any(mark.encode() in content for mark in RUN_MARKS)


def show_run(text: str, height: int, is_struck: bool) -> str:
    """Write into a part of a text what it looks like: ² for a raised 2, every sign struck through.

    A value joins the parts, which makes 11352 of 1135 with a footnote 2, and one number of two.
    """
    shown = text.translate(_RAISED.get(height, {}))
    return struck(shown) if is_struck else shown


def in_utf_8(content: bytes) -> bytes:
    """Return a part that is written in UTF-16 in UTF-8; any other as it stands."""
    if not content.startswith(UTF_16):
        return content
    return _DECLARED.sub("", content.decode("utf-16"), count=1).encode()


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


class Package:
    """The parts of a workbook by name, whatever slashes and letter case a producer wrote."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        self.entries = {self._key(entry.filename): entry for entry in archive.infolist()}

    @staticmethod
    def _key(name: str) -> str:
        return posixpath.normpath(name.replace("\\", "/").lstrip("/")).lower()

    def entry(self, name: str) -> zipfile.ZipInfo | None:
        """Return the entry of a part, None if there is none."""
        return self.entries.get(self._key(name))

    def read(self, name: str) -> bytes:
        """Return the content of a part, nothing if there is none."""
        entry = self.entry(name) if name else None
        return in_utf_8(self.archive.read(entry)) if entry else b""

    def tree(self, name: str) -> ElementTree.Element | None:
        """Return a part as a tree of elements, None if there is none."""
        content = self.read(name)
        return ElementTree.fromstring(content) if content else None

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Yield id, kind and target of what a part refers to."""
        folder, name = posixpath.split(part)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        for element in () if tree is None else tree:
            target = element.get("Target", "").replace("\\", "/")
            absolute = target if target.startswith("/") else posixpath.join(folder, target)
            yield element.get("Id", ""), element.get("Type", "").rpartition("/")[2], absolute

    @cached_property
    def workbook(self) -> str:
        """The name of the part that lists the sheets."""
        named = (target for _, kind, target in self._relations("") if kind == "officeDocument")
        return next(named, "xl/workbook.xml")

    @cached_property
    def sheets(self) -> dict[str, tuple[str, bool]]:
        """The worksheets by title, in the order of the workbook: their part, and who sees them."""
        tree, relations = self.tree(self.workbook), self._relations(self.workbook)
        targets = {key: target for key, kind, target in relations if kind == "worksheet"}
        sheets = {}
        for element in () if tree is None else tree.iter():
            if _local(element.tag) == "sheet":
                key = next((v for k, v in element.items() if _local(k) == "id"), "")
                is_visible = element.get("state") not in ("hidden", "veryHidden")
                name = element.get("name", "")
                if name in sheets and key in targets:
                    step = "请用Excel或WPS打开，删去或改名其中一张，另存后重试。"
                    raise FactsError(f"有两张工作表都叫“{name}”，不知以哪一张为准。{step}")
                if key in targets:
                    sheets[name] = targets[key], is_visible
        return sheets

    def related(self, kind: str) -> str:
        """Return the part of a kind that the workbook refers to, "" for none."""
        return next((t for _, k, t in self._relations(self.workbook) if k == kind), "")

    def comments(self, title: str) -> dict[Address, str]:
        """Return what stands in the comments of a sheet, without who wrote it."""
        kept: dict[Address, str] = {}
        for _, kind, part in self._relations(self.sheets[title][0]):
            tree = None
            with suppress(ElementTree.ParseError):  # of a part that holds no figure
                tree = self.tree(part) if kind == "comments" else None
            elements = () if tree is None else list(tree.iter())
            authors = [e.text or "" for e in elements if _local(e.tag) == "author"]
            for element in (e for e in elements if _local(e.tag) == "comment"):
                match = _ADDRESS.fullmatch(element.get("ref", ""))
                text = "".join(e.text or "" for e in element.iter() if _local(e.tag) == "t")
                number = element.get("authorId", "")
                author = dict(enumerate(authors)).get(int(number) if number.isdecimal() else -1, "")
                text = _BEFORE.sub("", text).removeprefix(f"{author}:").strip()
                if author == MAKER:
                    text = _OWN_BEFORE.sub("", text, count=1)
                if match and text:
                    kept[int(match[2]), column_number(match[1])] = text
        return kept

    @cached_property
    def styles(self) -> tuple[set[int], set[int], set[int]]:
        """The numbers of the cell formats that show percents, that show dates, that strike."""
        tree = self.tree(self.related("styles") or "xl/styles.xml")
        if tree is None:
            return set(), set(), set()
        codes, formats, fonts, struck = {}, [], [], set()
        for element in tree.iter():
            if _local(element.tag) == "numFmt":
                codes[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif _local(element.tag) == "fonts":
                fonts = [any(map(_strikes, font)) for font in element]
            elif _local(element.tag) == "cellXfs":
                formats = [xf.get("numFmtId", "0") for xf in element]
                struck_fonts = {str(at) for at, strikes in enumerate(fonts) if strikes}
                struck = {at for at, xf in enumerate(element) if xf.get("fontId") in struck_fonts}
        percents = {at for at, key in enumerate(formats) if is_percent(key, codes.get(key))}
        dates = {at for at, key in enumerate(formats) if is_date(key, codes.get(key))}
        return percents, dates, struck


def _strikes(mark: ElementTree.Element) -> bool:
    return _local(mark.tag) == "strike" and mark.get("val", "1") not in ("0", "false")


def is_percent(key: str, code: str | None) -> bool:
    """Say whether a format shows a percentage; code: None for one that programs have built in."""
    if code is None:
        return key.isdecimal() and int(key) in _PERCENT_IDS
    return "%" in _QUOTED.sub("", code)


def is_date(key: str, code: str | None) -> bool:
    """Say whether a format shows a day: it has a year, a day or a weekday outside its quotes."""
    if code is None:
        return key.isdecimal() and int(key) in _DATE_IDS
    bare = _QUOTED.sub("", code).lower().replace("general", "")
    return bool(re.search(r"y|d|aaa|e年", bare)) and not re.search(r"[#?0]", bare)


class _Pass:
    """One sheet being parsed: where it is, and what was noticed."""

    def __init__(self, title: str, percents: set[int], dates: set[int], struck: set[int]):
        self.title, self.percents, self.dates, self.struck = title, percents, dates, struck
        self.marks = Marks()
        self.row = self.column = self.elements = 0
        self.at: Address = (0, 0)
        self.filled: set[Address] = set()
        self.is_filled = self.has_value = False
        self.kind, self.is_picture, self.text = "", False, []
        self.names: dict[str, str] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > ELEMENT_LIMIT:
            step = "请在该表按 Ctrl+End，删去数据以外的行和列，另存后重试。"
            raise FactsError(f"工作表“{self.title}”内容过多。{step}")
        local = self.names.get(name)
        if local is None:
            local = self.names[name] = _local(name)
        if local == "c":
            self._cell(attributes)
        elif local == "v" or local == "is":
            self.marks.is_odd |= local == "v" and self.kind == "inlineStr"
            self._content()
        elif local == "f":
            self.marks.formulas[self.at] = False
            self._fill()
            self._listen(self._formula)
        elif local == "row":
            self.row = int(attributes.get("r") or self.row + 1)
            self.column = 0
        elif local in RUN_MARKS:
            self.marks.is_odd = True
        elif local == "mergeCell":
            self.marks.merges.append(attributes.get("ref", ""))

    def _listen(self, end) -> None:
        self.text = []
        self.parser.CharacterDataHandler = self.text.append
        self.parser.EndElementHandler = end

    def _stop(self) -> str:
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        return "".join(self.text)

    def _formula(self, _name: str) -> None:
        self.marks.formulas[self.at] = PICTURE_FORMULA in self._stop()

    def _error(self, _name: str) -> None:
        self.marks.errors[self.at] = "" if self.is_picture else self._stop()
        self._stop()

    def _cell(self, attributes: dict[str, str]) -> None:
        match = _ADDRESS.fullmatch(attributes.get("r", ""))
        self.column = column_number(match[1]) if match else self.column + 1
        self.at = (int(match[2]) if match else self.row, self.column)
        self.kind, self.is_picture = attributes.get("t", ""), "vm" in attributes
        self.is_filled = self.has_value = False
        style = attributes.get("s", "")
        number = int(style) if style.isdecimal() else 0
        if number in self.percents:
            self.marks.percents.add(self.at)
        elif number in self.dates:
            self.marks.dates.add(self.at)
        if number in self.struck:
            self.marks.struck.add(self.at)
        if self.kind == "d":
            self.marks.iso_dates.add(self.at)

    def _content(self) -> None:
        self._fill()
        if self.has_value:
            self.marks.repeated.add(self.at)
        self.has_value = True
        if self.kind == "e":
            self._listen(self._error)

    def _fill(self) -> None:
        if not self.is_filled:
            self.is_filled = True
            if self.at in self.filled:
                self.marks.repeated.add(self.at)
            self.filled.add(self.at)

    def finish(self) -> Marks:
        """Return the marks after the last block, with the box of what is filled."""
        self.parser.Parse(b"", True)
        if self.filled:
            rows, columns = zip(*self.filled, strict=True)
            self.marks.box = min(rows), min(columns), max(rows), max(columns)
        return self.marks


def _blocks(source) -> Iterator[bytes]:
    """Yield a sheet in blocks that begin with a row, but for the first."""
    rest = b""
    while read := source.read(_BLOCK):
        block, rest = rest + read, b""
        starts = [match.start() for match in _ROW.finditer(block, max(0, len(block) - 4096))]
        if not starts:
            starts = [match.start() for match in _ROW.finditer(block)]
        if starts:
            block, rest = block[: starts[-1]], block[starts[-1] :]
        if block:
            yield block
    if rest:
        yield rest


def _is_blank(block: bytes) -> bool:
    """Say whether a block of rows holds no figure; rows without a number keep their place."""
    if not _ROW.match(block) or any(mark in block for mark in _FIGURE_MARKS):
        return False
    return b' r="' in block[:64]


def read_marks(package: Package, title: str) -> Marks:
    """Return what a sheet holds beside its values."""
    entry = package.entry(package.sheets[title][0])
    if entry is None:
        return Marks()
    state, kept = _Pass(title, *package.styles), []
    with package.archive.open(entry) as packed:
        dropped = is_recoded = packed.peek(2)[:2] in UTF_16
        if is_recoded and entry.file_size > MOST_RECODED:
            raise FactsError(f"工作表“{title}”的编码（UTF-16）少见而内容过多。{_SAVE_AGAIN}")
        source = io.BytesIO(package.read(package.sheets[title][0])) if is_recoded else packed
        for block in _blocks(source):
            if _is_blank(block):
                dropped = True
                continue
            kept.append(block)
            state.marks.is_odd = state.marks.is_odd or bool(_ODD_WRITING.search(block))
            state.parser.Parse(block)
    marks = state.finish()
    marks.comments = package.comments(title)
    if dropped:
        marks.slim = b"".join(kept)
    return marks
