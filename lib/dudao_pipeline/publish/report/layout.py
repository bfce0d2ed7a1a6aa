"""A drafted report as a Word file, by a layout that an office edits in Word.

The layout is a .docx with fields of docxtpl (jinja2 in its sandbox); ours is in the format of
official papers (GB/T 9704-2012). Same report, same bytes.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from dudao.base.errors import ParameterError
from dudao.base.yaml_text import read_own
from dudao_pipeline.files import write
from dudao_pipeline.intake.template.saving import Archive
from dudao_pipeline.publish.report.draft import Draft, Report
from dudao_pipeline.publish.report.drafting import report_of
from dudao_pipeline.publish.report.report_figures import Picture, pictures_of

LAYOUT = Path(__file__).with_name("layout.docx")
WIDTH = Mm(150)
LAYOUTS = 64  # texts: a layout has a handful, in body, headers, footers and properties
UNFIT = "草稿，不得报送"
LARGEST = 20_000_000  # bytes of an unpacked layout
TITLE_LENGTH = 255  # more than this no property may hold
# What XML cannot hold, and marks that turn the direction of the text around them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


class _Described(InlineImage):
    """A picture in the text with its text alternative."""

    def __init__(self, layout: DocxTemplate, picture: Picture, number: int) -> None:
        super().__init__(layout, io.BytesIO(picture.png), width=WIDTH)
        self.picture, self.number = picture, number

    def _insert_image(self) -> str:
        part = self.tpl.current_rendering_part
        inline = part.new_pic_inline(self.image_descriptor, self.width, self.height)
        properties = inline.find(qn("wp:docPr"))
        properties.set("descr", self.picture.alt)
        properties.set("name", f"图{self.number}")
        xml = etree.tostring(inline, encoding="unicode")
        return f'</w:t></w:r><w:r><w:drawing>{xml}</w:drawing></w:r><w:r><w:t xml:space="preserve">'


def check_layout(path: Path) -> None:
    """Refuse a layout that cannot be used, before anything is written.

    ParameterError: no Word file, too large, with macros, or with a fault in a field.
    """
    why = _fault(path)
    if why:
        raise ParameterError(f"版式文件 {path}：{why}。可从程序自带的版式另存一份后在Word中修改。")
    undeclared = _fields(path) - set(_names())
    if undeclared:
        listed = "、".join(sorted(_names()))
        raise ParameterError(
            f"版式文件 {path} 用了没有的字段“{sorted(undeclared)[0]}”。可用字段：{listed}。"
        )


def _fault(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
    except (OSError, zipfile.BadZipFile):
        return "不是Word文件（.docx），或读不了"
    if sum(entry.file_size for entry in entries) > LARGEST:
        return "解开后过大"
    names = {entry.filename for entry in entries}
    if "word/document.xml" not in names:
        return "不是Word文件（.docx）"
    return "含有宏" if any(name.endswith("vbaProject.bin") for name in names) else ""


class _Environment(SandboxedEnvironment):
    """Reads the fields of a layout once for all counties."""

    @lru_cache(LAYOUTS)  # noqa: B019 - there is one environment
    def from_string(self, source: str) -> Template:
        """Return what a text of the layout says, ready to be filled in."""
        return super().from_string(source)


@cache
def _environment() -> SandboxedEnvironment:
    return _Environment(autoescape=True, undefined=StrictUndefined)


def _fields(path: Path) -> set[str]:
    try:
        return DocxTemplate(path).get_undeclared_template_variables(_environment())
    except (PackageNotFoundError, KeyError, ValueError):
        raise ParameterError(f"版式文件 {path} 不是Word文件（.docx），或读不了。") from None
    except TemplateError as error:
        raise ParameterError(f"版式文件 {path} 中的字段有误：{error}。") from None


NAMES = read_own(Path(__file__).with_name("layout_names.yaml"))
PICTURES = "图"


def _names() -> tuple[str, ...]:
    return (*NAMES["fields"], PICTURES)


def _named(value: object) -> object:
    """Return the same structure by Chinese names, without what XML cannot hold."""
    if isinstance(value, str):
        return _UNFIT.sub("", value)
    if isinstance(value, dict):
        return {NAMES["parts"][name]: _named(one) for name, one in value.items()}
    return [*map(_named, value)] if isinstance(value, list | tuple) else value


def to_docx(
    report: Report,
    pictures: Sequence[Picture],
    layout: Path | None = None,
    *,
    is_unfit: bool = False,
) -> bytes:
    """Return the Word file of a report, laid out by ours or an office's own layout.

    is_unfit: the report rests on pages that did not pass the checks; every page says so.
    """
    path = layout or LAYOUT
    made = DocxTemplate(path)
    made.init_docx()
    if is_unfit:  # before the fields are filled in, which puts new headers beside those read
        _mark_unfit(made)
    parts = asdict(report)
    context = {name: _named(parts[field]) for name, field in NAMES["fields"].items()}
    _add_pictures(context, made, pictures)
    try:
        made.render(context, _environment())
    except TemplateError as error:
        raise ParameterError(
            f"版式文件 {path} 中的字段有误：{error}。请对照程序自带的版式更正。"
        ) from None
    _set_properties(made, report)
    return constant(made)


def write_report(path: Path, draft: Draft, layout: Path | None, *, is_unfit: bool = False) -> None:
    """Draft the report from a county's facts and results and write it as a Word file."""
    write(path, to_docx(report_of(draft), pictures_of(draft), layout, is_unfit=is_unfit))


def _mark_unfit(made: DocxTemplate) -> None:
    """Write above every page that it must not be handed in, beside what an office has there."""
    first = made.docx.sections[0].header
    first.is_linked_to_previous = False  # a layout without a header gets an empty one
    for section in made.docx.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            if not header.is_linked_to_previous:
                header.paragraphs[0].insert_paragraph_before(UNFIT)


def _add_pictures(context: dict, made: DocxTemplate, pictures: Sequence[Picture]) -> None:
    """Put each picture into its chapter, or beside the overall result."""
    by_chapter: dict[str, list[dict]] = {"": []}
    for chapter in context["自查自评"]:
        chapter[PICTURES] = by_chapter.setdefault(chapter["名称"], [])
    for number, picture in enumerate(pictures, 1):
        entry = {"图": _Described(made, picture, number), "题": _named(picture.caption)}
        by_chapter.get(picture.chapter, by_chapter[""]).append(entry)
    context[PICTURES] = by_chapter[""]


def _set_properties(made: DocxTemplate, report: Report) -> None:
    properties, day = made.docx.core_properties, datetime(report.year, 12, 31)
    properties.author, properties.last_modified_by = "dudao", "dudao"
    properties.title = _UNFIT.sub("", report.title)[:TITLE_LENGTH]
    properties.comments, properties.language = "", "zh-CN"
    properties.created, properties.modified, properties.revision = day, day, 1


def constant(made: DocxTemplate | Document) -> bytes:
    """Return a Word file with fixed dates inside: same content, same bytes."""
    written, packed = io.BytesIO(), io.BytesIO()
    made.save(written)
    with zipfile.ZipFile(written) as source, Archive(packed, "w") as target:
        for name in sorted(source.namelist()):
            target.writestr(name, source.read(name))
    return packed.getvalue()
