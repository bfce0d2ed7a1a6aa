"""Read a published report: Word, PDF with text, HTML and plain text become one text.

Paragraphs are lines; a row of a table is a line whose cells stand between tabs, and the places of
its cells are kept. A scan has no text: the error says so.
"""

import zipfile
from collections.abc import Callable
from pathlib import Path

from dudao.base.errors import DudaoError
from dudao_pipeline.report_check.lined_tables import tables_in_lines
from dudao_pipeline.report_check.text import Cell, Report, Table

SUFFIXES = (".docx", ".pdf", ".html", ".htm", ".txt")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW = f"{_W}p", f"{_W}tbl", f"{_W}tr"
_LARGEST = 200 * 1024 * 1024
_SCANNED = 8  # characters per page below which a PDF is a scan


class ReportError(DudaoError):
    """The report cannot be read."""


class _Writer:
    """Collects lines and tables with the place of every cell."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.tables: list[Table] = []

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)

    def line(self, text: str) -> None:
        if text.strip():
            self.write(text.strip("\n") + "\n")

    def table(self, rows: list[list[str]]) -> None:
        start = self.length
        cells: list[Cell] = []
        for row_number, row in enumerate(rows):
            for column, value in enumerate(row):
                if column:
                    self.write("\t")
                shown = " ".join(value.split())
                cells.append(Cell(self.length, self.length + len(shown), row_number, column))
                self.write(shown)
            self.write("\n")
        if cells:
            self.tables.append(Table(start, self.length, tuple(cells)))

    def report(self, name: str) -> Report:
        return Report(name, "".join(self.pieces), tuple(self.tables))


def read_report(path: Path) -> Report:
    """Return a report as text.

    Raises ReportError with what to do next: no such file, an unknown kind, a scan, a broken file.
    """
    if not path.is_file():
        raise ReportError(f"没有这个文件：{path}。请核对文件名。")
    if path.stat().st_size > _LARGEST:
        raise ReportError(f"{path.name} 超过200 MB，请拆分后重试。")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ReportError(
            f"{path.name}：不能读取“{path.suffix}”文件。"
            "请用 Word 或 WPS 另存为 .docx，或导出为 .pdf。"
        )
    try:
        report = reader(path)
    except DudaoError:
        raise
    except Exception as error:
        raise ReportError(
            f"{path.name} 无法读取（{type(error).__name__}）。"
            "请用 Word、WPS 或浏览器打开后另存一份再试。"
        ) from error
    if not report.text.strip():
        raise ReportError(f"{path.name} 中没有文字。若是扫描件，请先做文字识别（OCR）并核对数字。")
    return report


def _read_text(path: Path) -> Report:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return Report(path.name, *tables_in_lines(_lines(raw.decode(encoding))))
        except UnicodeDecodeError:
            continue
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Report(path.name, *tables_in_lines(_lines(raw.decode("utf-16"))))
    raise ReportError(f"{path.name} 的文字编码无法识别。请另存为 UTF-8 文本。")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")


def _read_docx(path: Path) -> Report:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("word/document.xml")
        if info.file_size > _LARGEST:
            raise ReportError(f"{path.name} 解压后过大，请拆分后重试。")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root = etree.fromstring(archive.read(info), parser)
    writer = _Writer()
    for block in root.iter(_PARAGRAPH, _TABLE):  # a text box after the paragraph it hangs on
        around = [one.tag for one in block.iterancestors()]
        if _TABLE in around or any(tag.endswith("}Fallback") for tag in around):
            continue
        if block.tag == _TABLE:
            writer.table([_row_texts(row) for row in block.iter(_ROW)])
        else:
            writer.line(_paragraph_text(block))
    return writer.report(path.name)


def _paragraph_text(paragraph) -> str:
    """Return the text of a paragraph without that of the text boxes that hang on it."""
    pieces = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        if next(node.iterancestors(_PARAGRAPH)) is not paragraph:
            continue
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif node.tag == f"{_W}br" and node.get(f"{_W}type") is None:
            pieces.append("\n")
        elif node.getparent().tag == f"{_W}r":
            pieces.append(" ")
    return "".join(pieces)


def _row_texts(row) -> list[str]:
    """Return the cells of a row by column, an empty one for each that another is merged with."""
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    texts = [""] * int(before.get(f"{_W}val", 0) if before is not None else 0)
    for cell in row.iter(f"{_W}tc"):
        if next(cell.iterancestors(_ROW)) is not row:
            continue  # of a table in a cell
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        merged = int(span.get(f"{_W}val", 1)) if span is not None else 1
        text = " ".join(_paragraph_text(paragraph) for paragraph in cell.iter(_PARAGRAPH))
        texts += [text, *[""] * (merged - 1)]
    return texts


def _read_pdf(path: Path) -> Report:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pieces: list[str] = []
    try:
        for page in document:
            textpage = page.get_textpage()
            piece = _lines(textpage.get_text_range()).replace("\ufffe", "").strip("\n") + "\n"
            textpage.close()
            page.close()
            pieces.append(piece)
    finally:
        document.close()
    text = "".join(pieces)
    if len("".join(text.split())) < _SCANNED * max(1, len(pieces)):
        raise ReportError(
            f"{path.name} 是扫描件（图片），没有可读的文字。"
            "请用原 Word 文件，或先做文字识别（OCR）并核对数字。"
        )
    text, tables = tables_in_lines(text)
    return Report(path.name, text, tables, is_set=True)


_BLOCK_TAGS = {
    *("p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"),
    *("tr", "dd", "dt", "blockquote", "pre", "title", "header", "footer", "main", "hr", "center"),
    *("form", "figure", "figcaption"),
}
_MOST_SPANNED = 100


def _html_rows(table) -> list[list[str]]:
    """Return the cells of a table by row and column; merged ones leave empty cells."""
    rows: list[list[str]] = []
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(table.find_all("tr")):
        texts: list[str] = []
        for cell in row.find_all(["td", "th"]):
            while (at, len(texts)) in taken:
                texts.append("")
            down, across = (_span(cell, name) for name in ("rowspan", "colspan"))
            first = len(texts)
            texts += [cell.get_text(" ", strip=True), *[""] * (across - 1)]
            taken |= {(at + i, first + j) for i in range(1, down) for j in range(across)}
        rows.append(texts)
    return rows


def _span(cell, name: str) -> int:
    """Return how many rows or columns a cell spans; what a page says wrongly counts as one."""
    number = str(cell.get(name, "1"))
    return min(int(number), _MOST_SPANNED) if number.isdecimal() and number != "0" else 1


def _read_html(path: Path) -> Report:
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(path.read_bytes(), "lxml")
    for node in soup(["script", "style", "noscript", "template", "iframe"]):
        node.decompose()
    writer = _Writer()
    line: list[str] = []

    def flush() -> None:
        writer.line(" ".join("".join(line).split("\n")).strip())
        line.clear()

    def walk(node) -> None:
        for child in node.children:
            name = getattr(child, "name", None)
            if name is None:
                if type(child).__name__ == "NavigableString":
                    line.append(" ".join(str(child).split()) if str(child).strip() else "")
                continue
            if name == "table" and child.find("table") is None:
                flush()
                writer.table(_html_rows(child))
                continue
            if name in _BLOCK_TAGS:
                flush()
            walk(child)
            if name in _BLOCK_TAGS:
                flush()

    walk(soup)
    flush()
    return writer.report(path.name)


_READERS: dict[str, Callable[[Path], Report]] = {
    ".txt": _read_text,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
    ".html": _read_html,
    ".htm": _read_html,
}
