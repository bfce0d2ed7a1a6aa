"""Setting the booklet: pages of a county, in order, behind a title page and contents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typst

from dudao.show import font
from dudao_pipeline.publish.booklet.markup import BookletPage, text
from dudao_pipeline.publish.summary import label

FORM = Path(__file__).with_name("booklet.typ")
ACCESSIBLE = "ua-1"  # PDF/UA-1: tagged, with title, language and text alternatives
FOLDED = "各附件折叠的部分（数据、依据与口径、数据检查、计算等）没有印出，见电子版。"
FICTIONAL = "虚构数据，仅供演示，不得引用"


def _title(results: dict) -> str:
    lines = f"{results['county_name']}履行教育职责自查自评", f"附件（{results['year']}年度）"
    name, shown = "".join(lines), " #linebreak() ".join(map(text, lines))
    mark = text(FICTIONAL) if results["fictional"] else ""
    header = f"#set page(header: align(center, {mark}))".replace(", #", ", ") if mark else ""
    return "\n".join(
        (
            f"#set document(title: {text(name)[1:]}, date: none)",
            header,
            f"#align(center, text(size: 20pt, weight: 700)[#v(40mm) {shown} #v(8mm)])",
            f"#align(center)[{text(results['framework_title'])} #linebreak() {mark}]",
            f"#align(center)[#v(4mm) {text(FOLDED)}]",
            '#pagebreak()\n#outline(title: "目录", depth: 2)',
        )
    )


def compile_booklet(pages: Sequence[BookletPage], results: dict) -> bytes:
    """Return one PDF of pages in order; same pages, same bytes.

    results: the results of any of them, for the title page.
    """
    parts, files = [FORM.read_text(encoding="utf-8"), _title(results)], {}
    for page in pages:
        parts += [f"#heading(level: 1)[{text(label(page.name))}]", page.markup()]
        files |= page.files
    sources = {"main.typ": "\n".join(parts).encode(), **files}
    return typst.compile(
        sources,
        font_paths=[str(font.folder())],
        ignore_system_fonts=True,
        pdf_standards=[ACCESSIBLE],
    )
