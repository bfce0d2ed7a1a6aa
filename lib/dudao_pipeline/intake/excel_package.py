"""The parts of an .xlsx package, by whatever names a producer gave them: sheets, texts, formats."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree

from dudao.base.errors import FactsError
from dudao.facts import units
from dudao.facts.cells import AFTER, BEFORE
from dudao_pipeline.intake.clean_text import struck
from dudao_pipeline.intake.sheet import column_number

UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # byte-order marks
MAKER = "dudao"  # whose comments mark what the program found
_DECLARED = re.compile(r"\s*<\?xml[^>]*\?>")
_OWN_BEFORE = re.compile(r".*?(?:【原批注】|\Z)", re.DOTALL)
# What a program writes before a comment: who made it, or that newer programs show a talk.
_BEFORE = re.compile(r"\[(?:线程批注|Threaded comment)\].*?(?:批注|注释|Comment)[:：]", re.DOTALL)
ADDRESS = re.compile(r"([A-Za-z]{1,3})(\d{1,10})")
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff])_")  # ECMA-376 part 1, 22.9.2.19
RAISED = {
    "superscript": str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    "subscript": str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')  # parts of a format that print as they are
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]")
# A format in parts: quoted words, escaped signs (! in Chinese formats), conditions, digits, signs.
_PARTS = re.compile(
    r'"([^"]*)"|[\\!](.)|\[[^\]]*\]|[_*].|(G(?:eneral|/通用格式)|[0#?.,]+)|(.)', re.DOTALL
)
SHOWN_OTHERWISE = "（显示的是另一个数）"  # stands behind a number whose format shows another
_WORDS = re.compile(r"[\u4e00-\u9fff㎡‰]+")
_NO_UNITS = ("年", "级", "天", "日")
_PERCENT_IDS = {9, 10}
# Built-in number formats that are days or times; 27-36 and 50-58 are those of Chinese spreadsheets.
# ECMA-376 part 1, 18.8.30.
_DATE_IDS = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
_DURATION_ID = 46

Address = tuple[int, int]  # row and column, both counted from 1


@dataclass(frozen=True)
class Formats:
    """The numbers of the cell formats that show percents, days or times, durations, that strike."""

    percents: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    durations: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    looks: dict[int, "Look"] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """What a number format shows of a number beside its digits: 约, 亿元; zeros before it.

    is_scaled: it shows another number: thousands, or a point where the number has none.
    """

    before: str = ""
    after: str = ""
    digits: int = 0
    is_scaled: bool = False

    def text(self, number: str) -> str:
        """Return a number with the words that stand around it."""
        if self.is_scaled:
            return f"{number}{SHOWN_OTHERWISE}"
        padded = number.zfill(self.digits) if number.isdigit() else number
        return f"{self.before}{padded}{self.after}"


def look_of(code: str) -> Look:
    """Return what a number format shows beside the digits of a number above zero."""
    before, after, shape = [], [], []
    for quoted, escaped, digits, sign in _PARTS.findall(code):
        if sign == ";":
            break
        if digits:
            shape.append(digits)
        else:
            (after if shape else before).append(quoted or escaped or sign)
    is_parted = len(shape) > 1 and not re.search("[/E]", code)  # a fraction, an exponent
    is_scaled = any(part.endswith(",") for part in shape) or is_parted
    zeros = shape[0] if len(shape) == 1 and set(shape[0]) == {"0"} else ""
    first, last = ("".join(_WORDS.findall("".join(one))) for one in (before, after))
    first = first if first in BEFORE else ""
    unit = re.sub(f"(?:{'|'.join(AFTER)})$", "", last)
    is_unit = unit in units.table() and unit not in _NO_UNITS
    last = last if is_unit or unit in ("", "万", "亿", "千", "‰") else ""
    return Look(first, last, len(zeros) if len(zeros) > 1 else 0, is_scaled)


def formats_of(cells: Iterable[tuple[str, str | None, bool]]) -> Formats:
    """Return the formats of cells in their order.

    cells: the number of each one's number format, its code, and whether its font strikes.
    """
    kinds: dict[str, set[int]] = {"percents": set(), "dates": set(), "durations": set()}
    strikes, looks = set(), {}
    for at, (number, code, is_struck) in enumerate(cells):
        if kind := format_kind(number, code):
            kinds[kind].add(at)
        elif code and (look := look_of(code)) != Look():
            looks[at] = look
        if is_struck:
            strikes.add(at)
    return Formats(*map(frozenset, kinds.values()), frozenset(strikes), looks)


def in_utf_8(content: bytes) -> bytes:
    """Return a part that is written in UTF-16 in UTF-8; any other as it stands."""
    if not content.startswith(UTF_16):
        return content
    return _DECLARED.sub("", content.decode("utf-16"), count=1).encode()


def local(name: str) -> str:
    """Return the name of an element without its namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def unescaped(text: str) -> str:
    """Return a text with the control characters that XML cannot hold."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shown_text(element: ElementTree.Element) -> str:
    """Return the text of an element as it looks: ² for a raised 2, struck signs struck through.

    Its runs joined would make 11352 of 1135 with a footnote 2, and one number of two.
    """
    parts = []
    for part in element:
        if local(part.tag) == "t":
            keeps_blanks = "preserve" in part.attrib.values()
            parts.append(
                unescaped((part.text or "") if keeps_blanks else (part.text or "").strip())
            )
        elif local(part.tag) == "r":
            text, marks = shown_text(part), part.find("{*}rPr")
            for mark in () if marks is None else marks:
                if local(mark.tag) == "vertAlign":
                    text = text.translate(RAISED.get(mark.get("val", ""), {}))
                elif _strikes(mark):
                    text = struck(text)
            parts.append(text)
    return "".join(parts)


def comment_text(text: str, author: str) -> str:
    """Return what somebody wrote in a comment, without what a program puts before it."""
    text = _BEFORE.sub("", text).removeprefix(f"{author}:").strip()
    return _OWN_BEFORE.sub("", text, count=1) if author == MAKER else text


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
            if local(element.tag) == "sheet":
                key = next((v for k, v in element.items() if local(k) == "id"), "")
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
            authors = [e.text or "" for e in elements if local(e.tag) == "author"]
            for element in (e for e in elements if local(e.tag) == "comment"):
                match = ADDRESS.fullmatch(element.get("ref", ""))
                text = "".join(e.text or "" for e in element.iter() if local(e.tag) == "t")
                number = element.get("authorId", "")
                author = dict(enumerate(authors)).get(int(number) if number.isdecimal() else -1, "")
                text = comment_text(text, author)
                if match and text:
                    kept[int(match[2]), column_number(match[1])] = text
        return kept

    @cached_property
    def texts(self) -> dict[str, str]:
        """The texts that cells share, by their number."""
        content, texts = self.read(self.related("sharedStrings")), {}
        for _, element in ElementTree.iterparse(io.BytesIO(content)) if content else ():
            if local(element.tag) == "si":
                texts[str(len(texts))] = shown_text(element)
                element.clear()
        return texts

    @cached_property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904."""
        tree = self.tree(self.workbook)
        properties = None if tree is None else tree.find("{*}workbookPr")
        return properties is not None and properties.get("date1904") in ("1", "true")

    @cached_property
    def formats(self) -> Formats:
        """What the cell formats show."""
        tree = self.tree(self.related("styles") or "xl/styles.xml")
        if tree is None:
            return Formats()
        formats = tree.iterfind(".//{*}numFmt")
        codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in formats}
        looks = enumerate(tree.iterfind("{*}fonts/*"))
        fonts = {str(at) for at, font in looks if any(map(_strikes, font))}
        return formats_of(
            (key := xf.get("numFmtId", "0"), codes.get(key), xf.get("fontId") in fonts)
            for xf in tree.iterfind("{*}cellXfs/*")
        )


def _strikes(mark: ElementTree.Element) -> bool:
    return local(mark.tag) == "strike" and mark.get("val", "1") not in ("0", "false")


def format_kind(number: str, code: str | None) -> str:
    """Return which set of Formats a number format belongs to, "" for none.

    number: of a format that every program knows. code: of a format that the workbook declares.
    """
    if code is None:
        key = int(number) if number.isdecimal() else -1
        of_known = {_DURATION_ID: "durations"} | dict.fromkeys(_PERCENT_IDS, "percents")
        return "dates" if key in _DATE_IDS else of_known.get(key, "")
    bare = _QUOTED.sub("", code).lower().replace("general", "")
    if "%" in bare:
        return "percents"
    if _DURATION.search(code.lower()):
        return "durations"
    # A year, month, day, weekday, hour, minute or second outside quotes.
    return "dates" if re.search(r"[ymdhs]|aaa|e年", bare.partition(";")[0]) else ""
