"""Rules for a notebook's shape and prose."""

from __future__ import annotations

import ast
import re

from tests.house_style import Findings
from tests.house_style.source import Notebook

BASIS = "1 依据与口径"
CHAPTERS = (
    *("0 准备", BASIS, "2 数据", "3 数据检查", "4 计算"),
    *("5 判定", "6 图", "7 解读与局限", "8 运行记录"),
)
PROSE_PER_CODE, PROSE_WORDS = 0.8, 120
CHARACTERS_PER_WORD = 1.5  # Chinese has no spaces; a word is one and a half characters on average

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.'-][A-Za-z0-9]+)*")
_FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
_HEADING_CODE = re.compile(r"^#+\s+\d+(\.\d+)*\s")
_RESULT = re.compile(r"\d\s*[%％‰]|百分之|(?<![\d.])\d+\.\d+(?![.\d])")


def words(text: str) -> float:
    """Count words: Chinese by characters, the rest by spaces; a formula is not prose."""
    prose = _FORMULA.sub(" ", text)
    return len(_HAN.findall(prose)) / CHARACTERS_PER_WORD + len(_WORD.findall(prose))


def chapters_stand_in_order(book: Notebook) -> Findings:
    """Every notebook has the same `##` chapters in the same order."""
    lines = [line for cell in book.markdown for line in cell.source.splitlines()]
    found = tuple(line.removeprefix("## ") for line in lines if line.startswith("## "))
    if found != CHAPTERS:
        yield book.name, f"has {', '.join(found)}; must have {', '.join(CHAPTERS)}"


def prose_accompanies_code(book: Notebook) -> Findings:
    """A notebook has at least 0.8 markdown cells for each code cell."""
    if len(book.markdown) < PROSE_PER_CODE * len(book.code):
        yield book.name, f"{len(book.markdown)} markdown cells for {len(book.code)} code cells"


def prose_is_brief(book: Notebook) -> Findings:
    """A markdown cell has at most 120 words (180 Chinese characters)."""
    for cell in book.markdown:
        if (count := words(cell.source)) > PROSE_WORDS:
            yield cell.name, f"about {count:.0f} words"


def no_result_is_typed_in_prose(book: Notebook) -> Findings:
    """Markdown holds no percentage and no decimal outside chapter 1: prose serves every county."""
    chapter = ""
    for cell in book.markdown:
        for line in cell.source.splitlines():
            chapter = line.removeprefix("## ") if line.startswith("## ") else chapter
            found = _RESULT.search(_HEADING_CODE.sub("", line))
            if found and chapter != BASIS:
                yield cell.name, f"“{found[0]}” in “{line}”"


def code_is_announced(book: Notebook) -> Findings:
    """A markdown cell stands directly before each code cell that does not continue the last one."""
    for before, cell in zip((None, *book.cells), book.cells, strict=False):
        if not cell.is_code or (before and before.is_markdown):
            continue
        made = _names(before.code.tree, ast.Store) if before and before.is_code else set()
        if not made & _names(cell.code.tree, ast.Load):
            yield cell.name, "no markdown before it, and it uses nothing of the cell before"


def _names(tree: ast.AST, context: type) -> set[str]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in found if isinstance(node.ctx, context)}


RULES = (
    chapters_stand_in_order,
    prose_accompanies_code,
    prose_is_brief,
    no_result_is_typed_in_prose,
    code_is_announced,
)
