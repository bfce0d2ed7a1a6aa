"""Blocks as a Word file in the format of official papers (GB/T 9704-2012), same bytes each time.

Page 210 x 297 mm, margins 37 mm above and 28 mm at the left, type area 156 x 225 mm; text in
仿宋 of size three (16 pt), 22 lines to a page and 28 characters to a line.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from dudao_pipeline.publish.report import draft
from dudao_pipeline.publish.report.draft import Block

BODY_FONT, TITLE_FONT = "仿宋_GB2312", "方正小标宋简体"
SIZE_TWO, SIZE_THREE, SIZE_FOUR, SMALL = Pt(22), Pt(16), Pt(14), Pt(10.5)
WIDTHS = (Mm(12), Mm(38), Mm(42), Mm(64))  # of the list of appendices: together 156 mm
LINE = Pt(225 / 25.4 * 72 / 22)  # 22 lines fill the type area
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED, LEFT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
# Kind of block -> style, font, size, alignment, indent of the first line in characters.
STYLES = {
    draft.TITLE: ("Title", TITLE_FONT, SIZE_TWO, CENTRE, 0),
    draft.MARK: ("Subtitle", "楷体_GB2312", SIZE_THREE, CENTRE, 0),
    draft.ADDRESSEE: ("Salutation", BODY_FONT, SIZE_THREE, LEFT, 0),
    draft.BODY: ("Normal", BODY_FONT, SIZE_THREE, JUSTIFIED, 2),
    draft.FIRST: ("Heading 1", "黑体", SIZE_THREE, LEFT, 2),
    draft.SECOND: ("Heading 2", "楷体_GB2312", SIZE_THREE, LEFT, 2),
    draft.THIRD: ("Heading 3", BODY_FONT, SIZE_THREE, LEFT, 2),
    draft.ATTACHMENT: ("List", BODY_FONT, SIZE_THREE, LEFT, 2),
    draft.SIGNATURE: ("Signature", BODY_FONT, SIZE_THREE, RIGHT, 0),
}
# What XML cannot hold, and marks that turn the direction of the text around them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
TITLE_LENGTH = 255  # more than this no property may hold
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def to_docx(
    blocks: Iterable[Block], attachments: Sequence[tuple[str, ...]], *, year: int, mark: str
) -> bytes:
    """Return the Word file of a report.

    attachments: rows of the list at its end, heads first. mark: what stands in each page's head.
    """
    document = Document()
    _set_page(document)
    for kind in STYLES:
        _set_style(document, kind)
    for block in blocks:
        document.add_paragraph(_UNFIT.sub("", block.text), style=STYLES[block.kind][0])
    if attachments:
        _add_table(document, attachments)
    _set_properties(document, year)
    if mark:
        _set_mark(document, mark)
    _number_pages(document)
    return _constant(document)


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance, section.header_distance = Mm(28), Mm(20)
    document.settings.odd_and_even_pages_header_footer = True


def _set_style(document: WordDocument, kind: str) -> None:
    name, font, size, alignment, indent = STYLES[kind]
    known = {style.name for style in document.styles}
    style = document.styles[name] if name in known else document.styles.add_style(name, 1)
    _set_font(style, font, size)
    form = style.paragraph_format
    form.alignment, form.space_before, form.space_after = alignment, Pt(0), Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    form.first_line_indent, form.left_indent = size * indent, Pt(0)
    if kind == draft.TITLE:
        form.line_spacing, form.space_after = Pt(33), LINE
    if kind == draft.SIGNATURE:
        form.right_indent, form.space_before = SIZE_THREE * 4, Pt(0)


def _set_font(style: ParagraphStyle, font: str, size: Pt) -> None:
    style.font.name, style.font.size = "Times New Roman", size
    style.font.bold, style.font.italic = False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), font)
    border = style.element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)


def _add_table(document: WordDocument, rows: Sequence[tuple[str, ...]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for texts in rows:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, width in zip(row.cells, texts, WIDTHS, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            form = paragraph.paragraph_format
            form.first_line_indent, form.alignment = Pt(0), LEFT
            form.line_spacing_rule = WD_LINE_SPACING.SINGLE
            run = _run(paragraph, _UNFIT.sub("", text))
            run.font.size = SMALL
    marker = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(marker)


def _set_properties(document: WordDocument, year: int) -> None:
    properties, made = document.core_properties, datetime(year, 12, 31)
    properties.author, properties.last_modified_by = "dudao", "dudao"
    properties.title = document.paragraphs[0].text[:TITLE_LENGTH]
    properties.comments, properties.language = "", "zh-CN"
    properties.created, properties.modified, properties.revision = made, made, 1


def _set_mark(document: WordDocument, mark: str) -> None:
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.alignment = CENTRE
        _run(paragraph, mark)


def _number_pages(document: WordDocument) -> None:
    """Odd pages at the right, even ones at the left, one character from the edge: — 1 —."""
    section = document.sections[0]
    for footer, alignment in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = alignment
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = SIZE_FOUR
        _run(paragraph, "— ")
        _field(_run(paragraph, ""), "PAGE")
        _run(paragraph, " —")


def _run(paragraph, text: str):
    run = paragraph.add_run(text)
    run.font.name, run.font.size = "宋体", SIZE_FOUR
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    return run


def _field(run, instruction: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = instruction
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)


def _constant(document: WordDocument) -> bytes:
    """Return the file with fixed dates inside: same report, same bytes."""
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist()):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            target.writestr(entry, source.read(name))
    return packed.getvalue()
