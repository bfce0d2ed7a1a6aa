"""Make the Word layout of the report: official papers (GB/T 9704-2012), with the report's fields.

Page 210 x 297 mm, margins 37 mm above and 28 mm at the left, type area 156 x 225 mm; text in
仿宋 of size three (16 pt), 22 lines to a page and 28 characters to a line. Language zh-CN.

    python tools/report_layout.py        # writes the layout that the program prints with
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from dudao_pipeline.publish.report import layout

BODY_FONT, TITLE_FONT, HEAD_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体"
KAI_FONT, LATIN = "楷体_GB2312", "Times New Roman"
SIZE_TWO, SIZE_THREE, SIZE_FOUR, SMALL, TINY = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)
LINE = Pt(225 / 25.4 * 72 / 22)  # 22 lines fill the type area
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFIED, LEFT = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
LANGUAGE = "zh-CN"
# Style -> font, size, alignment, indent of the first line in characters.
STYLES = {
    "Normal": (BODY_FONT, SIZE_THREE, JUSTIFIED, 2),
    "Title": (TITLE_FONT, SIZE_TWO, CENTRE, 0),
    "Salutation": (BODY_FONT, SIZE_THREE, LEFT, 0),
    "Heading 1": (HEAD_FONT, SIZE_THREE, LEFT, 2),
    "Heading 2": (KAI_FONT, SIZE_THREE, LEFT, 2),
    "Heading 3": (HEAD_FONT, SIZE_THREE, LEFT, 0),
    "List": (BODY_FONT, SIZE_THREE, LEFT, 2),
    "Signature": (BODY_FONT, SIZE_THREE, RIGHT, 0),
    "Caption": (BODY_FONT, SMALL, CENTRE, 0),
    "Picture": (BODY_FONT, SMALL, CENTRE, 0),
    "Cell": (BODY_FONT, SMALL, LEFT, 0),
    "Small Cell": (BODY_FONT, TINY, LEFT, 0),
    "Annex Title": (TITLE_FONT, SIZE_THREE, CENTRE, 0),
}
TIGHT = {"Caption", "Picture", "Cell", "Small Cell"}
DAY = datetime(2012, 7, 1)  # of the format


def _set_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance, section.header_distance = Mm(28), Mm(20)
    document.settings.odd_and_even_pages_header_footer = True


def _set_style(document: WordDocument, name: str) -> None:
    font, size, alignment, indent = STYLES[name]
    names = {style.name for style in document.styles}
    style = document.styles[name] if name in names else document.styles.add_style(name, 1)
    _set_font(style, font, size)
    form = style.paragraph_format
    form.alignment, form.space_before, form.space_after = alignment, Pt(0), Pt(0)
    form.first_line_indent, form.left_indent = size * indent, Pt(0)
    form.widow_control = False
    if name in TIGHT:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.SINGLE, 1.0
    else:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    if name == "Title":
        form.line_spacing, form.space_after = Pt(33), LINE
    if name == "Annex Title":
        form.line_spacing = Pt(22)
    if name == "Picture":
        form.keep_with_next, form.space_before = True, Pt(6)
    if name == "Caption":
        form.space_after = Pt(6)
    if name == "Signature":
        form.right_indent = SIZE_THREE * 4


def _set_font(style: ParagraphStyle, font: str, size: Pt) -> None:
    style.font.name, style.font.size = LATIN, size
    style.font.bold, style.font.italic = False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    fonts.set(qn("w:eastAsia"), font)
    border = style.element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)


def _set_language(document: WordDocument) -> None:
    """Every text is Chinese, by default, by the theme's language and by its fonts.

    Digits and letters stay in a western language: in Chinese they would be broken across lines.
    """
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), LANGUAGE)
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        settings.remove(old)
    theme = OxmlElement("w:themeFontLang")
    theme.set(qn("w:val"), "en-US")
    theme.set(qn("w:eastAsia"), LANGUAGE)
    after = settings.find(qn("w:clrSchemeMapping"))
    if after is not None:
        after.addprevious(theme)
    else:
        settings.append(theme)
    for part in document.part.package.iter_parts():
        if part.partname.endswith("theme1.xml"):
            part._blob = _chinese_theme(part.blob)


def _chinese_theme(blob: bytes) -> bytes:
    root = etree.fromstring(blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for group, font in (("majorFont", HEAD_FONT), ("minorFont", BODY_FONT)):
        for entry in root.iterfind(f".//a:{group}", space):
            entry.find("a:latin", space).set("typeface", LATIN)
            entry.find("a:ea", space).set("typeface", font)
            for script in entry.iterfind("a:font", space):
                if script.get("script") in ("Hans", "Hant"):
                    script.set("typeface", font)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _number_pages(document: WordDocument) -> None:
    """Odd pages at the right, even ones at the left, one character from the edge: — 1 —."""
    section = document.sections[0]
    for footer, alignment in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = alignment
        form = paragraph.paragraph_format
        form.first_line_indent = Pt(0)
        form.left_indent = form.right_indent = SIZE_FOUR
        _run(paragraph, "— ")
        _field(_run(paragraph, ""), "PAGE")
        _run(paragraph, " —")
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        paragraph.alignment, paragraph.paragraph_format.first_line_indent = CENTRE, Pt(0)
        _run(paragraph, "{{ 虚构标注 }}")


def _run(paragraph: Paragraph, text: str):
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


def _table(
    document: WordDocument,
    style: str,
    columns: Sequence[tuple[str, str, int]],
    *,
    rows: str,
    name: str,
) -> Table:
    """Add a table: heads, then a row for each entry. columns: head, field, width in mm."""
    table = document.add_table(rows=0, cols=len(columns), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    widths = [width for *_, width in columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _row(table, style, [head for head, *_ in columns], widths, is_head=True)
    _row(table, style, [f"{{%tr for {name} in {rows} %}}", *[""] * (len(columns) - 1)], widths)
    _row(table, style, [f"{{{{ {name}.{field} }}}}" for _, field, _ in columns], widths)
    _row(table, style, ["{%tr endfor %}", *[""] * (len(columns) - 1)], widths)
    return table


def _row(
    table: Table, style: str, texts: Sequence[str], widths: Sequence[int], *, is_head: bool = False
) -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))  # a row stays whole
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.style = table.part.document.styles[style]
        run = paragraph.add_run(text)
        if is_head:
            paragraph.paragraph_format.keep_with_next = True
            run.font.name = LATIN
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD_FONT)
            paragraph.alignment = CENTRE


def _annex(document: WordDocument, number: int, title: str) -> None:
    head = document.add_paragraph(f"附件{number}", style="Heading 3")
    if number == 1:
        head.paragraph_format.page_break_before = True
    head.paragraph_format.space_before = Pt(0 if number == 1 else 6)
    head.paragraph_format.keep_with_next = True
    head.paragraph_format.line_spacing = Pt(20)
    document.add_paragraph(title, style="Annex Title").paragraph_format.keep_with_next = True


def _pictures(document: WordDocument, name: str) -> None:
    document.add_paragraph(f"{{%p for 幅 in {name} %}}")
    document.add_paragraph("{{ 幅.图 }}", style="Picture")
    document.add_paragraph("{{ 幅.题 }}", style="Caption")
    document.add_paragraph("{%p endfor %}")


def _body(document: WordDocument) -> None:
    add = document.add_paragraph
    add("{{ 标题 }}", style="Title")
    add("{{ 主送 }}：", style="Salutation")
    add("{{ 依据 }}")
    add("一、自查自评情况", style="Heading 1")
    add("{{ 总体情况 }}")
    _pictures(document, "图")
    add("{%p for 章 in 自查自评 %}")
    add("{%p if 章.正文 %}")
    silent = add()
    silent.add_run("（{{ 章.序号 }}）{{ 章.名称 }}。").bold = True
    silent.add_run("{{ 章.正文 }}")
    add("{%p else %}")
    add("（{{ 章.序号 }}）{{ 章.名称 }}", style="Heading 2")
    add("{%p endif %}")
    add("{%p for 节 in 章.节 %}")
    add("{%p for 段 in 节.段落 %}")
    add("{%p if loop.first %}")
    run_in = add()
    run_in.add_run("{{ 节.序号 }}.{{ 节.名称 }}。").bold = True
    run_in.add_run("{{ 段 }}")
    add("{%p else %}")
    add("{{ 段 }}")
    add("{%p endif %}")
    add("{%p endfor %}")
    add("{%p endfor %}")
    _pictures(document, "章.图")
    add("{%p endfor %}")
    add("二、存在的主要问题", style="Heading 1")
    add("{%p if not 主要问题 %}")
    add("{{ 没有问题 }}")
    add("{%p endif %}")
    add("{%p for 项 in 主要问题 %}")
    problem = add()
    problem.add_run("（{{ 项.序号 }}）{{ 项.名称 }}。").bold = True
    problem.add_run("{{ 项.正文 }}")
    add("{%p endfor %}")
    add("三、下一步工作", style="Heading 1")
    add("{%p if 主要问题 %}")
    add("针对自查发现的问题，逐项落实整改措施、责任单位和完成时限，整改情况纳入教育督导。")
    columns = (("问题", "名称", 34), ("措施", "措施", 70), ("责任单位", "责任单位", 30))
    _table(document, "Cell", (*columns, ("时限", "时限", 22)), rows="主要问题", name="项")
    add("{%p else %}")
    add("巩固现有成果，健全长效机制，持续提高教育质量和群众满意度。")
    add("{%p endif %}")
    # The signature never stands alone on a page: the list of annexes goes with it.
    add("附件：1.要点结果一览表", style="List").paragraph_format.keep_with_next = True
    for number, title in ((2, "主要数据两年对照表"), (3, "问题清单")):
        line = add(f"{number}.{title}", style="List").paragraph_format
        line.first_line_indent, line.keep_with_next = SIZE_THREE * 5, True
    for text in ("", "{{ 署名 }}"):
        add(text, style="Signature").paragraph_format.keep_with_next = True
    add("　　年　　月　　日", style="Signature")


def _annexes(document: WordDocument) -> None:
    _annex(document, 1, "要点结果一览表")
    columns = (("编号", "序号", 14), ("评价要点", "名称", 100), ("结果", "结果", 15))
    _table(document, "Small Cell", (*columns, ("依据", "依据", 27)), rows="要点结果", name="行")
    _annex(document, 2, "主要数据两年对照表")
    years = (("{{ 基准年 }}年", "基准年数", 23), ("{{ 数据年 }}年", "数据年数", 23))
    columns = (("指标", "指标", 69), ("单位", "单位", 16), *years, ("增减", "增减", 25))
    _table(document, "Small Cell", columns, rows="主要数据", name="行")
    _annex(document, 3, "问题清单")
    columns = (("序号", "序号", 11), ("要点", "要点", 13), ("事项", "指标", 69))
    figures = (("现值", "现值", 21), ("规定标准", "标准", 21), ("差额", "尚差", 21))
    document.add_paragraph("{%p if 问题清单 %}")
    _table(document, "Small Cell", (*columns, *figures), rows="问题清单", name="行")
    document.add_paragraph("{%p if 清单说明 %}")
    document.add_paragraph("{{ 清单说明 }}", style="Small Cell")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("{{ 没有问题 }}")
    document.add_paragraph("{%p endif %}")


def make_layout() -> bytes:
    """Return the layout; the same bytes each time."""
    document = Document()
    _set_page(document)
    for name in STYLES:
        _set_style(document, name)
    _body(document)
    _annexes(document)
    _number_pages(document)
    _set_language(document)
    properties = document.core_properties
    properties.author, properties.last_modified_by, properties.comments = "dudao", "dudao", ""
    properties.title, properties.language = "自查自评报告版式", LANGUAGE
    properties.created, properties.modified, properties.revision = DAY, DAY, 1
    return layout.constant(document)


if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else layout.LAYOUT
    path.write_bytes(make_layout())
    print(path)
