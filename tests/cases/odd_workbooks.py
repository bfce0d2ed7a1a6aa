"""Workbooks as producers and people leave them: each one odd in one way, with what is expected.

A small filled workbook (虚构) is written once; every variant changes one thing in its XML or cells.
What is expected: SAME, accepted with equal facts; SAME and a code, the same with that finding; a
code alone, refused with that error; REFUSED, refused as a whole in one sentence.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from dudao.facts.sheet_layout import (
    CLAIMS,
    COUNTY,
    EVIDENCE,
    FUNDS,
    GUIDE,
    KINDERGARTENS,
    LAST_ROUND,
    SCHOOLS,
)
from dudao_pipeline.intake.sheet_headers import SHEETS, number_columns

SAME, REFUSED = "same", "refused"
TOP = 3  # row of the headers, below title and hint
YEARS = {"基准年": "2022年（基准年）", "数据年": "2023年（数据年）", "进展年": "2024年（进展年）"}
ORIGIN = {
    **{"县（区）代码": "990109", "县（区）名称": "虚构县", "评价年度": 2024},
    **{"数据来源": "虚构", "录入方式": "虚构", "是否虚构": "是"},
}
COUNTY_ROWS = [
    ("education_investment", "教育投入资金", "全县", "万元", 2300.5, 2442.77, 2500, "虚构"),
    ("teachers_rewarded", "表彰教师", "全县", "人", 110, 120, None, None),
    ("first_tier_admission_rate", "上线率", "普通高中", "%", 34, 35.4, None, None),
]
SCHOOL_ROWS = [
    ("9901090001", "虚构第一小学", "小学", "小学", "城区", 1983, 1135, 27),
    ("9901090002", "虚构第二小学", "小学", "小学", "镇区", 1999, 540, 12),
    ("9901090003", "虚构第一中学", "初级中学", "初中", "城区", 2005, 800, 18),
]
GARDEN_ROWS = [("9901095001", "虚构幼儿园", "公办", "城区", 2010, 262, 9)]
FUND_ROWS = [("义务教育公用经费补助资金", 2023, 100.5, 60, 40)]
EVIDENCE_ROWS = [("1.1.1", "表彰文件", "虚构县政府", "〔2023〕1号", "2024-02-02")]
CLAIM_ROWS = [(1, "一", "教育投入", "全县", 2023, "2442.77", "万元", None, "education_investment")]
ROUND_ROWS = [(1, "1.1.1", "问题", None, "措施", None, "2023-06-01", "已整改", "2023-05-01")]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = {
    _MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    "http://schemas.openxmlformats.org/drawingml/2006/main": (
        "http://purl.oclc.org/ooxml/drawingml/main"
    ),
}


def _rows(name: str) -> list[tuple]:
    found = {
        **{COUNTY: COUNTY_ROWS, SCHOOLS: SCHOOL_ROWS, KINDERGARTENS: GARDEN_ROWS},
        **{FUNDS: FUND_ROWS, EVIDENCE: EVIDENCE_ROWS, CLAIMS: CLAIM_ROWS, LAST_ROUND: ROUND_ROWS},
    }
    return found.get(name, [])


def plain_workbook() -> Workbook:
    """Return the small workbook that every variant starts from."""
    book = Workbook()
    guide = book.active
    guide.title = GUIDE
    for row, line in enumerate([("项目", "填写内容"), *ORIGIN.items()], start=TOP):
        for column, value in enumerate(line, start=1):
            guide.cell(row, column, value)
    for name, layout in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet["A1"] = f"虚构县{name}表（2024年评价）"
        sheet.merge_cells("A1:F1")
        header = tuple(YEARS.get(column, column) for column in layout.required)
        for row, line in enumerate([header, *_rows(name)], start=TOP):
            for column, value in enumerate(line, start=1):
                sheet.cell(row, column, value)
    return book


def column(sheet: str, header: str) -> str:
    """Return the letter of a column of the small workbook."""
    at = SHEETS[sheet].required.index(header)
    return chr(ord("A") + at)


ENROLMENT = next(h for h, code in number_columns(SCHOOLS).items() if code == "enrolment")
PUPILS = column(SCHOOLS, ENROLMENT)


@dataclass
class Parts:
    """The parts of a package, to be changed as a producer would have written them."""

    parts: dict[str, bytes]
    sheets: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes) -> Parts:
        """Read the parts of a package."""
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        names = re.findall(r'<sheet [^>]*name="([^"]+)"', parts["xl/workbook.xml"].decode())
        files = {name: f"xl/worksheets/sheet{at}.xml" for at, name in enumerate(names, 1)}
        return cls(parts, files)

    def edit(self, part: str, change: Callable[[str], str]) -> None:
        """Change the text of a part, which must make a difference."""
        part = self.sheets.get(part, part)
        before = self.parts[part].decode()
        after = change(before)
        assert after != before, part
        self.parts[part] = after.encode()

    def cell(self, sheet: str, address: str, inner: str, kind: str = "", style: int = -1) -> None:
        """Write the XML of a cell."""
        attributes = (f' t="{kind}"' if kind else "") + (f' s="{style}"' if style >= 0 else "")
        made = f'<c r="{address}"{attributes}>{inner}</c>'
        old = rf'<c r="{address}"[^>]*?(?:/>|>.*?</c>)'
        row = re.sub(r"\D", "", address)

        def change(text: str) -> str:
            if re.search(old, text, re.DOTALL):
                return re.sub(old, lambda _: made, text, count=1, flags=re.DOTALL)
            return re.sub(rf'(<row r="{row}"[^>]*>.*?)(</row>)', rf"\1{made}\2", text, count=1)

        self.edit(sheet, change)

    def text(self, sheet: str, address: str, text: str) -> None:
        """Write a text into a cell."""
        self.cell(sheet, address, f'<is><t xml:space="preserve">{text}</t></is>', "inlineStr")

    def format(self, code: str | int) -> int:
        """Add a number format, by its code or its built-in number; return its cell format."""
        number = code if isinstance(code, int) else 170
        made = f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" applyNumberFormat="1"/>'
        styles = self.parts["xl/styles.xml"].decode()
        count = int(re.search(r'<cellXfs count="(\d+)"', styles)[1])
        styles = styles.replace("</cellXfs>", f"{made}</cellXfs>")
        if isinstance(code, str):
            entry = f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
            styles = re.sub(r"<numFmts.*?(?:/>|</numFmts>)", "", styles, flags=re.DOTALL)
            styles = styles.replace("<fonts", f"{entry}<fonts", 1)
        self.parts["xl/styles.xml"] = styles.encode()
        return count

    def rename(self, change: Callable[[str], str]) -> None:
        """Give every part another name."""
        self.parts = {change(name): content for name, content in self.parts.items()}

    def content(self) -> bytes:
        """Return the package."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return written.getvalue()


_made: list[bytes] = []


def base() -> bytes:
    """Return the small workbook as a file, written once."""
    if not _made:
        written = io.BytesIO()
        plain_workbook().save(written)
        _made.append(written.getvalue())
    return _made[0]


@dataclass(frozen=True)
class Variant:
    """One odd workbook: what is changed, and what is expected of it."""

    name: str
    expected: str
    of_parts: Callable[[Parts], None] | None = None
    of_book: Callable[[Workbook], None] | None = None

    def make(self) -> bytes:
        """Return the file."""
        if self.of_parts:
            parts = Parts.of(base())
            self.of_parts(parts)
            return parts.content()
        book = load_workbook(io.BytesIO(base()))
        self.of_book(book)
        written = io.BytesIO()
        book.save(written)
        return written.getvalue()


def _number_formats() -> list[Variant]:
    dates = [14, 22, 27, 30, 31, 36, 50, 55, 57, 58]
    coded = [
        "[DBNum1][$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@",
        "[$-804]aaaa;@",
        "yyyy/m/d\\ h:mm;@",
        "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
    ]
    numbers = [
        *(
            "G/通用格式",
            "[DBNum2][$-804]General",
            "#,##0.00_ ;[Red]\\-#,##0.00\\ ",
        ),
        *("0.00\\m", "0.00 \\s\\h", "&quot;共&quot;0.00&quot;年&quot;", "0.00&quot;万元&quot;"),
        "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * &quot;-&quot;??_ ;_ @_ ",
    ]

    def dated(code: str | int) -> Callable[[Parts], None]:
        return lambda p: p.cell(EVIDENCE, "E4", "<v>45324</v>", style=p.format(code))

    def numbered(code: str) -> Callable[[Parts], None]:
        return lambda p: p.cell(COUNTY, "F4", "<v>2442.77</v>", style=p.format(code))

    found = [Variant(f"date format {code}", SAME, dated(code)) for code in (*dates, *coded)]
    found += [Variant(f"number format {code}", SAME, numbered(code)) for code in numbers]
    others = ["0!.0,&quot;万&quot;", "#,##0,", "0.00&quot;元&quot;", "0㎡"]
    found += [
        Variant(f"number format {code} shows another", "T01", numbered(code)) for code in others
    ]
    percent = lambda p: p.cell(SCHOOLS, f"{PUPILS}4", "<v>11.35</v>", style=p.format(9))  # noqa: E731
    share = lambda p: p.cell(COUNTY, "F6", "<v>0.354</v>", style=p.format(10))  # noqa: E731
    return [
        *found,
        Variant("percent in a count", "T01", percent),
        Variant("percent in a share", SAME, share),
        Variant(
            "a year that a format shows as a day",
            "T05",
            lambda p: p.cell(SCHOOLS, "F4", "<v>1983</v>", style=p.format(14)),
        ),
        Variant("date system of 1904", SAME, _of_1904),
        Variant("a day as a number of 1904", "same H02", _numbered_of_1904),
    ]


def _numbered_of_1904(parts: Parts) -> None:
    parts.edit("xl/workbook.xml", lambda t: t.replace("<workbookPr", '<workbookPr date1904="1"', 1))
    parts.cell(EVIDENCE, "E4", "<v>43862</v>")


def _of_1904(parts: Parts) -> None:
    _numbered_of_1904(parts)
    parts.cell(EVIDENCE, "E4", "<v>43862</v>", style=parts.format(14))


def _texts() -> list[Variant]:
    invisible = [
        "\u00a0",
        "\u3000",
        "\u200b",
        "\u200e",
        "\u202a\u202c",
        "\ufeff",
        "\u2060",
        "\u00ad",
    ]
    invisible += ["\t", "\n", "_x000D_\n", "_x000D_"]
    places = [(COUNTY, "F4", "2442.77"), (SCHOOLS, "A4", "9901090001"), (SCHOOLS, "D4", "小学")]
    places += [(COUNTY, "F3", "2023年（数据年）"), (SCHOOLS, f"{PUPILS}4", "1135")]

    def everywhere(sign: str) -> Callable[[Parts], None]:
        return lambda p: [p.text(sheet, cell, f"{text}{sign}") for sheet, cell, text in places]

    found = [Variant(f"texts with {sign!a}", SAME, everywhere(sign)) for sign in invisible]
    written = {
        **{
            "2\u00a0442.77": "same H02",
            "2，442.77": SAME,
            "2442.77万元": SAME,
            "２４４２．７７": SAME,
        },
        **{"+2442.77": SAME, "2,442.77 万元": SAME, " 2442.77 ": SAME, "0.244277亿": "same H02"},
        **{"2、442.77": "T01", "2442。77": "T01", "2442.77①": "T01", "2442.77²": "T01"},
        **{"2442.77½": "T01", "1135 1254": "T01", "1135\n1254": "T01", "2442,77": "T01"},
        **{
            "2442.77（万元）": SAME,
            "24427700元": "T01",
            "2.44277E+3": "T01",
            "#N/A": "T01",
            "2442.77*": "T01",
        },
        **{"2442.77[1]": "T01", "㉓": "T01", "٢٤٤٢": "T01", "二千": "T01", "NaN": "T01"},
        **{"9" * 40: "T01", "1234567890123456": "T01", "2442.77\ue863": "T01", "2442.77👍": "T01"},
        **{"¥2442.77万元": SAME, "人民币2442.77万元": SAME},
        **{"(2442.77)": "T01", "2442.77-2500": "T01", "2442.77/2500": "T01", "2442.7.7": "T01"},
    }
    found += [Variant(f"F4 = {t[:20]!a}", e, _typed(COUNTY, "F4", t)) for t, e in written.items()]
    words = [
        *[(SCHOOLS, "D4", "⼩学", "same H04"), (SCHOOLS, "C4", "完小", "same H03")],
        *[(SCHOOLS, "E5", "镇", "same H03"), (SCHOOLS, "D4", "高小", "T02")],
        *[(SCHOOLS, "F4", "1983年", SAME), (SCHOOLS, "F4", "1983.9", "same H02")],
        *[(SCHOOLS, "F4", "1983②", "T05"), (SCHOOLS, "F4", "1983-1984", "T05")],
        *[
            (FUNDS, "B4", "2023年度", SAME),
            (FUNDS, "B4", "202³", "T03"),
            (FUNDS, "B4", "23年", "T03"),
        ],
        *[(CLAIMS, "E4", "2023年", SAME), (CLAIMS, "E4", "202³", "T05"), (CLAIMS, "A4", "①", SAME)],
        *[(LAST_ROUND, "A4", text, SAME) for text in ("（1）", "1.", "①", "1、", "第1号")],
        *[(EVIDENCE, "E4", "2024 年 2 月 2 日", SAME), (SCHOOLS, f"{PUPILS}4", "1135名", SAME)],
        *[(EVIDENCE, "E4", "2024年2月2日", SAME), (EVIDENCE, "E4", "2024年2月", "same E08")],
        *[(EVIDENCE, "E4", "去年二月", "E02"), (EVIDENCE, "F4", "甲.pdf；乙.pdf", "E04")],
        *[
            (EVIDENCE, "F4", "意见" * 60 + ".pdf", "E04"),
            (SCHOOLS, "B4", "\ue863村小学", "same K11"),
        ],
        *[(SCHOOLS, "B4", "䶮塬𬒈𠅤小学", SAME), (COUNTY, "H4", "已核实👍🏻", SAME)],
        *[
            (GUIDE, "B6", "2024年", SAME),
            (GUIDE, "B6", "2024 年度", SAME),
            (GUIDE, "B6", "２０２４", SAME),
            (GUIDE, "B4", "９９０１０９", SAME),
        ],
        *[
            (GUIDE, "B6", "二〇二四", REFUSED),
            (GUIDE, "B4", "99010", "S11"),
            (GUIDE, "B6", "2025", "S06"),
        ],
        *[(CLAIMS, "G4", "万册", "same C04"), (CLAIMS, "F4", "2442.77万元", SAME)],
        *[
            (CLAIMS, "F4", "0.24亿", "T01"),
            (COUNTY, "D4", "亿元", "T07"),
            (COUNTY, "D5", "名", SAME),
        ],
    ]
    words += [(SCHOOLS, cell, "小 学", "same H03") for cell in ("C4", "D4")]
    words += [(GUIDE, "B9", text, "S11") for text in ("√", "TRUE", "是的", "虚构")]
    words += [(SCHOOLS, "A4", "990109", "K05"), (GUIDE, "A6", "评价年度：", SAME)]
    words += [(SCHOOLS, "D5", "小　学", "same H03"), (SCHOOLS, "E4", "111主城区", "same H03")]
    words += [(SCHOOLS, "B4", "虚构第一\n小学", "same H02")]
    found += [Variant(f"{s}!{c} = {t[:9]!a}", e, _typed(s, c, t)) for s, c, t, e in words]
    return found


def _typed(sheet: str, cell: str, text: str) -> Callable[[Parts], None]:
    return lambda parts: parts.text(sheet, cell, text)


def _cells() -> list[Variant]:
    number = f"{PUPILS}4"
    rich = "<is><r><t>24</t></r><r><rPr><b/></rPr><t>42.77</t></r></is>"
    marked = (
        '<is><r><t>2442.77</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>①</t></r></is>'
    )
    phonetic = '<is><t>虚构第一小学</t><rPh sb="0" eb="2"><t>xū gòu</t></rPh></is>'
    picture = '<f>_xlfn.DISPIMG("ID_61A4",1)</f><v>=DISPIMG("ID_61A4",1)</v>'
    raised = '<r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r>'
    struck = "<r><rPr><strike/></rPr><t>1135</t></r><r><t>1254</t></r>"
    square = f"<is><r><t>虚构第一小学m</t></r>{raised}</is>"
    listed: list[tuple[str, str, tuple]] = [
        (
            "a raised digit",
            "T01",
            (SCHOOLS, number, f"<is><r><t>1135</t></r>{raised}</is>", "inlineStr"),
        ),
        ("a raised digit of words", "same", (COUNTY, "H4", square, "inlineStr")),
        (
            "an old number struck through",
            "T01",
            (SCHOOLS, number, f"<is>{struck}</is>", "inlineStr"),
        ),
        ("rich text", SAME, (COUNTY, "F4", rich, "inlineStr")),
        ("a footnote mark", "T01", (COUNTY, "F4", marked, "inlineStr")),
        ("phonetic text", SAME, (SCHOOLS, "B4", phonetic, "inlineStr")),
        ("a formula with a value", "T08", (COUNTY, "F4", "<f>1+1</f><v>2442.77</v>")),
        ("a formula without one", "T08", (COUNTY, "F4", "<f>1+1</f>")),
        ("a shared formula", "T08", (COUNTY, "F4", '<f t="shared" si="0"/><v>2442.77</v>')),
        ("a picture of WPS", "T08", (EVIDENCE, "F4", picture, "str")),
        ("a text of a formula's kind", SAME, (COUNTY, "H4", "<v>虚构</v>", "str")),
        ("a date of ISO 8601", SAME, (EVIDENCE, "E4", "<v>2024-02-02T00:00:00Z</v>", "d")),
        ("yes for a number", "T01", (COUNTY, "F4", "<v>1</v>", "b")),
        ("an error", "T09", (COUNTY, "F4", "<v>#REF!</v>", "e")),
        ("blanks around a number", SAME, (COUNTY, "F4", "<v> 2442.77 </v>")),
        ("an exponent", SAME, (COUNTY, "F4", "<v>2.44277E+3</v>")),
        ("binary noise", SAME, (COUNTY, "F4", "<v>2442.7700000000004</v>")),
        ("a number that is none", "T01", (COUNTY, "F4", "<v>NaN</v>")),
        ("a number beyond all", "T01", (COUNTY, "F4", "<v>9.9E+307</v>")),
        (
            "a number said to be a text of its own",
            SAME,
            (COUNTY, "F4", "<v>2442.77</v>", "inlineStr"),
        ),
        ("infinity", "T01", (COUNTY, "F4", "<v>1E+999</v>")),
        ("a comma for a point", "T01", (COUNTY, "F4", "<v>2442,77</v>")),
        ("a string of no table", REFUSED, (COUNTY, "F4", "<v>9999</v>", "s")),
        ("a year as a decimal number", SAME, (SCHOOLS, "F4", "<v>1983.0</v>")),
        ("a code as a number", SAME, (SCHOOLS, "A4", "<v>9901090001</v>")),
        ("a number as text", SAME, (SCHOOLS, number, "<v>1135</v>", "str")),
        ("a number in CDATA", SAME, (COUNTY, "F4", "<v><![CDATA[2442.77]]></v>")),
        ("a number with a comment", SAME, (COUNTY, "F4", "<v><!-- x -->2442.77</v>")),
        ("a number with references", SAME, (COUNTY, "F4", "<v>&#50;442.77</v>")),
        ("two values of a cell", "T09", (COUNTY, "F4", "<v>2442.77</v><v>9</v>")),
        ("words said to be a number", "T01", (COUNTY, "F4", "<v>两千</v>", "n")),
        ("a cell of a kind that is none", SAME, (COUNTY, "F4", "<v>2442.77</v>", "x")),
        ("an error of newer programs", "T09", (COUNTY, "F4", "<v>#SPILL!</v>", "e")),
        ("a code that lost digits", "T09", (SCHOOLS, "A4", "<v>124107271234567890</v>")),
        ("a code of 16 digits as a number", "T09", (SCHOOLS, "A4", "<v>1.24107271234567E15</v>")),
    ]
    found = [Variant(name, expected, lambda p, at=at: p.cell(*at)) for name, expected, at in listed]

    def shared(parts: Parts) -> None:
        made = f'<sst xmlns="{_MAIN}"><si>{struck}</si></sst>'
        parts.parts["xl/sharedStrings.xml"] = made.encode()
        if b"sharedStrings.xml" not in parts.parts["xl/_rels/workbook.xml.rels"]:
            kind = (
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
            )
            one = f'<Relationship Id="s" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
            parts.edit("xl/_rels/workbook.xml.rels", lambda t: t.replace("</Relationships>", one))
        parts.cell(SCHOOLS, number, "<v>0</v>", "s")

    def picture_in_cell(parts: Parts) -> None:
        made = '<c r="F4" t="e" vm="1"><v>#VALUE!</v></c>'
        parts.edit(
            EVIDENCE,
            lambda t: (
                t.replace("</row><row", f"{made}</row><row", 1)
                if 'r="5"' in t
                else re.sub(r"</row>(</sheetData>)", rf"{made}</row>\1", t)
            ),
        )

    def cell_twice(parts: Parts) -> None:
        cell = '<c r="F4" t="n"><v>9442.77</v></c>'
        parts.edit(
            COUNTY, lambda t: re.sub(r'(<row r="4".*?)</row>', rf"\1{cell}</row>", t, count=1)
        )

    def row_twice(parts: Parts) -> None:
        row = '<row r="4"><c r="F4" t="n"><v>9442.77</v></c></row>'
        parts.edit(COUNTY, lambda t: t.replace("</sheetData>", f"{row}</sheetData>", 1))

    return [
        *found,
        Variant("an old number struck through in shared texts", "T01", shared),
        Variant("a picture of Excel in a cell", "T08", picture_in_cell),
        Variant("a cell written twice", "T09", cell_twice),
        Variant("a row written twice", "T09", row_twice),
    ]


def _producers() -> list[Variant]:
    def every_sheet(change: Callable[[str], str]) -> Callable[[Parts], None]:
        return lambda p: [p.edit(sheet, change) for sheet in (COUNTY, SCHOOLS, EVIDENCE)]

    def prefixed(parts: Parts) -> None:
        for name, content in parts.parts.items():
            if re.match(r"xl/(w.*\.xml|styles\.xml)$", name):
                text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", content.decode())
                text = text.replace(f'xmlns="{_MAIN}"', f'xmlns:x="{_MAIN}"')
                parts.parts[name] = text.encode()

    def strict(parts: Parts) -> None:
        for name, content in parts.parts.items():
            text = content
            for old, new in _STRICT.items():
                text = text.replace(old.encode(), new.encode())
            parts.parts[name] = text

    def without(*names: str) -> Callable[[Parts], None]:
        return lambda p: [p.parts.pop(name) for name in names]

    def styled(old: str, new: str) -> Callable[[Parts], None]:
        return lambda p: p.edit("xl/styles.xml", lambda t: re.sub(old, new, t, count=1))

    def bad_names(parts: Parts) -> None:
        made = (
            '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="1">#REF!'
            "</definedName>"
            '<definedName name="x">[1]Sheet1!$A$1</definedName></definedNames>'
        )
        parts.edit(
            "xl/workbook.xml",
            lambda t: re.sub("</sheets>(<definedNames ?/>)?", f"</sheets>{made}", t),
        )

    def told(old: str, new: str) -> Callable[[Parts], None]:
        return lambda p: p.edit("xl/workbook.xml", lambda t: t.replace(old, new))

    def nowhere(parts: Parts) -> None:
        told("</sheets>", '<sheet name="Module" sheetId="99"/></sheets>')(parts)

    def dotted(parts: Parts) -> None:
        target = r'Target="(?:/xl/)?([^"]+)"'
        change = lambda t: re.sub(target, r'Target="./\1"', t)  # noqa: E731
        parts.edit("xl/_rels/workbook.xml.rels", change)

    def recoded(parts: Parts) -> None:
        for part in (parts.sheets[SCHOOLS], "xl/styles.xml"):
            text = re.sub(r"<\?xml[^>]*>", "", parts.parts[part].decode())
            made = f'<?xml version="1.0" encoding="UTF-16"?>{text}'
            parts.parts[part] = made.encode("utf-16")

    def merged(reference: str) -> Callable[[Parts], None]:
        made = f'</sheetData><mergeCells><mergeCell ref="{reference}"/></mergeCells>'
        change = lambda t: re.sub("</sheetData>(<mergeCells.*?</mergeCells>)?", made, t)  # noqa: E731
        return lambda p: p.edit(SCHOOLS, change)

    core = "docProps/core.xml"
    created = r"(<dcterms:created[^>]*>)[^<]*"
    return [
        Variant(
            "no addresses", SAME, every_sheet(lambda t: re.sub(r'(<(?:row|c)) r="[^"]*"', r"\1", t))
        ),
        Variant("a dimension of one cell", SAME, every_sheet(_dimension("A1"))),
        Variant("a dimension of all cells", SAME, every_sheet(_dimension("A1:XFD1048576"))),
        Variant("prefixed names", SAME, prefixed),
        Variant("Strict Open XML", SAME, strict),
        Variant("parts in UTF-16", SAME, recoded),
        Variant(
            "backslashes in paths", SAME, lambda p: p.rename(lambda n: n.replace("xl/", "xl\\"))
        ),
        Variant(
            "upper-case paths",
            SAME,
            lambda p: p.rename(lambda n: n.replace("worksheets", "Worksheets")),
        ),
        Variant("an empty fill", SAME, styled(r"<fills[^>]*>", "<fills><fill/>")),
        Variant(
            "a family that is none", SAME, styled(r'<family val="\d+" ?/>', '<family val="34"/>')
        ),
        Variant("a font that is none", SAME, styled(r'fontId="\d+"', 'fontId="999"')),
        Variant(
            "a border that is none",
            SAME,
            styled(r"<border>", '<border><left style="wavy"/></border><border>'),
        ),
        Variant("a colour that is none", SAME, styled(r"<font>", '<font><color rgb="红"/>')),
        Variant(
            "a date of creation that is none",
            SAME,
            lambda p: p.edit(core, lambda t: re.sub(created, r"\g<1>2024年2月2日", t)),
        ),
        Variant("a sheet that refers to nothing", SAME, nowhere),
        Variant("a state that is none", SAME, told('state="visible"', 'state="show"')),
        Variant(
            "two sheets of one name", REFUSED, told(f'name="{KINDERGARTENS}"', f'name="{SCHOOLS}"')
        ),
        Variant("dotted targets", SAME, dotted),
        Variant("a merge of whole columns", SAME, merged("Y:Z")),
        Variant("a dimension of rows", SAME, every_sheet(_dimension("1:9"))),
        Variant("no properties", SAME, without(core, "docProps/app.xml")),
        Variant("no theme", SAME, without("xl/theme/theme1.xml")),
        Variant("names that point nowhere", SAME, bad_names),
        Variant(
            "an active sheet that is none",
            SAME,
            lambda p: p.edit(
                "xl/workbook.xml", lambda t: t.replace('activeTab="0"', 'activeTab="99"')
            ),
        ),
        Variant("a stray cell at the end of all", "same S08", _stray),
    ]


def _dimension(reference: str) -> Callable[[str], str]:
    return lambda text: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{reference}"', text)


def _stray(parts: Parts) -> None:
    row = '<row r="1048576"><c r="Z1048576"><v>1</v></c></row></sheetData>'
    parts.edit(EVIDENCE, lambda t: t.replace("</sheetData>", row))


def _filled_copy(book: Workbook) -> None:
    copy = book.copy_worksheet(book[SCHOOLS])
    copy.title = "学校 (2)"
    for row in book[SCHOOLS].iter_rows(min_row=4, min_col=7):
        for cell in row:
            cell.value = None


def _second_version(book: Workbook) -> None:
    copy = book.copy_worksheet(book[COUNTY])
    copy.title = "县级指标（修改）"
    copy["F4"] = 9999


def _same_copy(book: Workbook) -> None:
    book.copy_worksheet(book[COUNTY]).title = "县级指标（备份）"


def _hidden_copy(book: Workbook) -> None:
    _second_version(book)
    book["县级指标（修改）"].sheet_state = "hidden"


def _numbered(book: Workbook) -> None:
    sheet = book[SCHOOLS]
    sheet.insert_cols(1)
    for row, value in enumerate(("序号", 1, 2, 3), start=TOP):
        sheet.cell(row, 1, value)


def _unit_row(text: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        sheet = book[SCHOOLS]
        sheet.insert_rows(4)
        for column in (7, 8):
            sheet.cell(4, column, text)

    return change


def _total(word: str, column: int, value: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[SCHOOLS].cell(7, column, word)
        book[SCHOOLS].cell(7, 7, value)

    return change


def _coded_total(code: object, word: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for column, value in ((1, code), (2, word), (3, "小学"), (7, 2475)):
            book[SCHOOLS].cell(7, column, value)

    return change


def _other_guide(book: Workbook) -> None:
    copy = book.copy_worksheet(book[GUIDE])
    copy.title, copy["B4"] = "填写说明 (2)", "990110"


def _below(sheet: str, *lines: tuple) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for row, line in enumerate(lines, start=book[sheet].max_row + 1):
            for column, value in enumerate(line, start=1):
                book[sheet].cell(row, column, value)

    return change


def _renamed(*pairs: tuple[str, str]) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for old, new in pairs:
            book[old].title = new

    return change


def _headed(sheet: str, **cells: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for address, text in cells.items():
            book[sheet][address] = text

    return change


def _reversed_rows(book: Workbook) -> None:
    sheet = book[SCHOOLS]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=6)]
    for row, line in enumerate(reversed(rows), start=4):
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column).value = value


def _hide_rows(book: Workbook) -> None:
    book[SCHOOLS].auto_filter.ref = "A3:H6"
    book[SCHOOLS].row_dimensions[5].hidden = True


def _titled(book: Workbook) -> None:
    book[SCHOOLS].insert_rows(1, amount=4)


def _guide_column(book: Workbook) -> None:
    book[GUIDE].insert_cols(1)
    book[GUIDE]["A3"] = "序号"


def _above(sheet: str, values: Iterable[object]) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet].insert_rows(TOP + 1)
        for column, value in enumerate(values, start=1):
            book[sheet].cell(TOP + 1, column, value)

    return change


def _again(book: Workbook) -> None:
    sheet = book[SCHOOLS]
    sheet.insert_rows(6)
    for column in range(1, sheet.max_column + 1):
        sheet.cell(6, column, sheet.cell(TOP, column).value)


def _next_page(book: Workbook) -> None:
    _again(book)
    book[SCHOOLS].insert_rows(6)
    book[SCHOOLS]["A6"] = "虚构县学校表（续）"


def _hidden(book: Workbook) -> None:
    book[SCHOOLS].sheet_state = "veryHidden"


def _struck(row: int, columns: Iterable[int]) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        for column in columns:
            book[SCHOOLS].cell(row, column).font = Font(strike=True)

    return change


def _units_below(unit: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        _units(book, (unit, "个"))
        for column in (7, 8):
            head = book[SCHOOLS].cell(TOP, column)
            head.value = re.sub("（[^（]*）$", "", head.value)

    return change


def _commented(text: str, author: str = "甲") -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[COUNTY]["F4"].comment = Comment(text, author)

    return change


def _titled_group(book: Workbook) -> None:
    sheet = book[COUNTY]
    sheet["B3"] = "指 标"
    sheet.insert_rows(4)
    sheet["B4"] = "1.1 虚构的一组"
    sheet.merge_cells("B4:H4")


def _sheets() -> list[Variant]:
    """Sheets that are copied, renamed, hidden, moved or not there."""
    return [
        Variant("the copy of a sheet is filled", "S09", of_book=_filled_copy),
        Variant("a second version of a sheet", "S09", of_book=_second_version),
        Variant("a backup of a sheet", "same S04", of_book=_same_copy),
        Variant("a hidden old version", "same S04", of_book=_hidden_copy),
        Variant(
            "renamed sheets",
            "same H01",
            of_book=_renamed((SCHOOLS, "2.学校"), (KINDERGARTENS, "幼儿园（2024）")),
        ),
        Variant("another guide", "same H01", of_book=_renamed((GUIDE, "说明"))),
        Variant("another guide beside", "S09", of_book=_other_guide),
        Variant("a hidden sheet that is filled", "same S04", of_book=_hidden),
        Variant("sheets in another order", SAME, of_book=lambda b: b._sheets.reverse()),
        Variant("a list of one's own", REFUSED, of_book=_own_list),
        Variant("no sheet of evidence", "S01", of_book=lambda b: b.remove(b[EVIDENCE])),
    ]


def _added_rows() -> list[Variant]:
    """Rows that somebody adds, hides or moves: units, sums, notes, signatures, heads again."""
    long = "以上数据均取自教育事业统计报表，截止时间为上年九月一日"
    return [
        Variant("a row of unknown units", "same S10", of_book=_unit_row("（单位）")),
        Variant("a row of right units", "same S10", of_book=lambda b: _units(b, ("人", "个"))),
        Variant("a row of another unit", "T07", of_book=lambda b: _units(b, ("万人", "个"))),
        *(
            Variant(f"a row {word} in column {at}", "same S07", of_book=_total(word, at, value))
            for word in ("总计", "合计：", "全县合计", "小学小计", "小 计")
            for at, value in ((1, "=SUM(G4:G6)"), (2, 2475))
        ),
        *(
            Variant(f"a row {word} at the end", "same S07", of_book=_total(word, 1, 2475))
            for word in ("全县", "平均", "总计（不含民办）", "差异系数", "共3所", "Total", "合计数")
        ),
        *(
            Variant(f"a row {code} {word}", "same S07", of_book=_coded_total(code, word))
            for code in ("990001", "A99", 9)
            for word in ("合计", "全县小学", "汇总", "城区小计")
        ),
        Variant("column numbers", "same S10", of_book=_above(SCHOOLS, range(1, 9))),
        Variant("the head again", "same S10", of_book=_again),
        Variant("title and head again", "same S10", of_book=_next_page),
        Variant(
            "a note below",
            "same S10",
            of_book=_below(SCHOOLS, ("注：数据来自统计报表。",), ("2.民办学校未列入。",)),
        ),
        Variant(
            "signatures below",
            "same S10",
            of_book=_below(FUNDS, ("填表人：甲", None, None, "审核人：乙")),
        ),
        Variant("a long note below", "same S10", of_book=_below(COUNTY, (long,))),
        *(
            Variant(f"{word} below {sheet}", "same S10", of_book=_below(sheet, (word,)))
            for word in ("（以下空白）", "第1页 共1页", "虚构县教育局（公章）", "2024年5月1日")
            for sheet in (SCHOOLS, FUNDS)
        ),
        *(
            Variant(f"{word} at the end", "same S10", of_book=_below(SCHOOLS, (word,)))
            for word in ("★为寄宿制学校", "注1", "填报人签字", "-1-", "二〇二四年五月六日")
        ),
        *(
            Variant(f"{word} alone in its row", "same S10", of_book=_above(SCHOOLS, (word,)))
            for word in ("城关镇（2所）", "续表", "……", "1/3")
        ),
        Variant(
            "a place signed on the right",
            "same S10",
            of_book=_below(SCHOOLS, (None, None, None, None, None, "虚构县教育局")),
        ),
        Variant(
            "names of signers in cells",
            "same S10",
            of_book=_below(SCHOOLS, ("填表人", "甲", None, "审核人", "乙")),
        ),
        Variant("a sum without a code", "same S07", of_book=_total("城关镇计", 2, 1675)),
        Variant(
            "a row without a code below",
            "T06",
            of_book=_below(SCHOOLS, ("", "第三小学", "小学", "小学", "城区")),
        ),
        Variant("rows in another order", SAME, of_book=_reversed_rows),
        Variant("rows hidden by a filter", "same S04", of_book=_hide_rows),
        Variant("more title rows", SAME, of_book=_titled),
    ]


def _heads() -> list[Variant]:
    """Headers and titles in other words, years or units."""
    unit, bare = ENROLMENT.replace("（人）", "（万人）"), ENROLMENT.replace("（人）", "")
    return [
        Variant("a column of numbers inserted", "same S08", of_book=_numbered),
        Variant("a unit above the table", "T07", of_book=_headed(COUNTY, A2="单位：亿元")),
        Variant("a right unit above", SAME, of_book=_headed(COUNTY, A2="单位：万元、人")),
        Variant("a header that says 必填", SAME, of_book=_headed(SCHOOLS, A3="学校代码（必填）")),
        Variant("a numbered title merged beside", "S02", of_book=_titled_group),
        Variant(
            "numbered headers", SAME, of_book=_headed(SCHOOLS, A3="（1）学校代码", B3="2.学校名称")
        ),
        *(
            Variant(
                f"a unit in a header as {sign}",
                SAME,
                of_book=_headed(SCHOOLS, **{f"{PUPILS}3": ENROLMENT.replace("（人）", sign)}),
            )
            for sign in ("【人】", "[人]", "/人", "，人")
        ),
        Variant(
            "years in Chinese digits",
            SAME,
            of_book=_headed(COUNTY, E3="二〇二二年", F3="二○二三年", G3="2024年预计数"),
        ),
        Variant("units below heads without them", "T07", of_book=_units_below("万人")),
        Variant("right units below heads without them", "same S10", of_book=_units_below("人")),
        Variant(
            "years without words",
            SAME,
            of_book=_headed(COUNTY, E3="2022年", F3="2023年", G3="2024年"),
        ),
        Variant(
            "years of another evaluation",
            "S06",
            of_book=_headed(
                COUNTY, E3="2021年（基准年）", F3="2022年（数据年）", G3="2023年（进展年）"
            ),
        ),
        Variant(
            "years of another evaluation without words",
            "S02",
            of_book=_headed(COUNTY, E3="2019年", F3="2020年", G3="2021年"),
        ),
        Variant(
            "words without years",
            SAME,
            of_book=_headed(COUNTY, E3="基准年", F3="数据年", G3="进展年"),
        ),
        Variant(
            "a header in another unit", "T07", of_book=_headed(SCHOOLS, **{f"{PUPILS}3": unit})
        ),
        Variant(
            "a header without its unit",
            "same H01",
            of_book=_headed(SCHOOLS, **{f"{PUPILS}3": bare}),
        ),
        Variant(
            "a header in an office's words",
            "same H01",
            of_book=_headed(SCHOOLS, **{f"{PUPILS}3": "在校学生数（人）"}),
        ),
        Variant("a school year", SAME, of_book=_headed(COUNTY, F3="2023—2024学年（数据年）")),
        Variant("another tier of government", "S02", of_book=_headed(FUNDS, E3="市级（万元）")),
        Variant("a header twice", "S05", of_book=_headed(COUNTY, G3="数据年")),
        Variant("a column before the guide's", SAME, of_book=_guide_column),
        Variant("a number under no header", "same S08", of_book=_headed(COUNTY, Z4="9")),
    ]


def _figures() -> list[Variant]:
    """Single cells: codes, names, units, comments, what is struck through."""
    return [
        Variant("a unit in a name", "T07", of_book=_headed(COUNTY, B4="经费（亿元）")),
        Variant("a right unit in a name", SAME, of_book=_headed(COUNTY, B4="经费（万元）")),
        Variant("a day as a number", "same H02", of_book=_headed(EVIDENCE, E4=45324)),
        Variant("blanks in a code", "same H02", of_book=_headed(SCHOOLS, A4="9901 0900 01")),
        Variant("a code in part", "T09", of_book=_headed(SCHOOLS, A4="9.90109E+09")),
        Variant("a name of another row", "K02", of_book=_headed(COUNTY, B5="招聘教师")),
        Variant("a school struck through", "T01", of_book=_struck(5, range(1, 9))),
        Variant("a number struck through as a whole", "T01", of_book=_struck(5, (7,))),
        Variant("a comment with a figure", "same S12", of_book=_commented("甲:\n应为2450.77")),
        Variant("a comment of words", "same S12", of_book=_commented("待核实")),
        Variant("a mark of ours", SAME, of_book=_commented("【警告 J01】比2022年多200。", "dudao")),
        Variant(
            "a code as a decimal number",
            SAME,
            of_book=_headed(GUIDE, B4=990109.0),
        ),
    ]


def _units(book: Workbook, words: tuple[str, str]) -> None:
    sheet = book[SCHOOLS]
    sheet.insert_rows(4)
    for column, word in enumerate(words, start=7):
        sheet.cell(4, column, word)


def _own_list(book: Workbook) -> None:
    for name in book.sheetnames[1:]:
        book.remove(book[name])
    sheet = book[GUIDE]
    sheet.title = "Sheet1"
    sheet.delete_rows(1, 20)
    for row, line in enumerate((("学校代码", "学校", "校长"), ("1", "虚构小学", "某")), start=1):
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column, value)


VARIANTS = [
    *_number_formats(),
    *_texts(),
    *_cells(),
    *_producers(),
    *_sheets(),
    *_added_rows(),
    *_heads(),
    *_figures(),
]
