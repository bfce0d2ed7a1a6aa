"""Rules for what a notebook's code cells may say, and for the outputs that are stored."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal

from dudao.base.mime import TABLES
from tests.house_style import Findings
from tests.house_style.source import Notebook, joined

SVG = "image/svg+xml"
LIBRARY_CODE = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While),
    *(ast.Try, ast.TryStar, ast.Assert),
)
PATH_MODULES = {"glob", "io", "os", "pathlib", "shutil", "subprocess", "sys"}
PATH_NAMES = {"Path", "_dh", "chdir", "open"}
PARAMETERS = (
    r'county: str = "\d{6}"  # .+',
    r"year: int = \d{4}  # .+",
    r'scenario: str = ""  # .+',
)

_PATH = re.compile(
    r"(\.{1,2}|~|[A-Z]:)?[/\\].*|[\w.-]+([/\\][\w.-]+)+|[\w.-]+\.(csv|xlsx?|json|ya?ml|parquet|ipynb)",
    re.ASCII | re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![A-Za-z\d._])(?:(?<!\d)[-−])?\d+(?:,\d{3})*(?:\.\d+)?(?!\.?\d)")


def cells_are_plain_python(book: Notebook) -> Findings:
    """A code cell is plain Python: no `%` magic, no `!` command, no syntax error."""
    for cell in book.code:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield cell.name, f"line {error.lineno}: {(error.text or '').strip()}"


def cells_hold_no_library_code(book: Notebook) -> Findings:
    """No def, class, for, while, try, assert or long lambda: that is library code, with tests."""
    for cell in book.code:
        for node in ast.walk(cell.code.tree):
            long = isinstance(node, ast.Lambda) and node.end_lineno > node.lineno
            if long or isinstance(node, LIBRARY_CODE):
                yield cell.name, f"line {node.lineno}: {type(node).__name__}"


def cells_name_no_path(book: Notebook) -> Findings:
    """A code cell opens no file and names no path, module of paths or sys.path: ask the case."""
    for cell in book.code:
        for node in ast.walk(cell.code.tree):
            if named := _path_in(node):
                yield cell.name, f"line {node.lineno}: {named}"


def _path_in(node: ast.AST) -> str:
    if isinstance(node, ast.Import | ast.ImportFrom):
        tops = [alias.name for alias in node.names]
        tops = [node.module or "."] if isinstance(node, ast.ImportFrom) else tops
        return ", ".join(sorted(PATH_MODULES & {top.split(".")[0] for top in tops}))
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name if name in PATH_NAMES else ""
    text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if text and _PATH.fullmatch(node.value) else ""


def imports_stand_in_one_cell(book: Notebook) -> Findings:
    """All imports stand in one cell, in chapter 0."""
    kinds = (ast.Import, ast.ImportFrom)
    cells = [c for c in book.code if any(isinstance(n, kinds) for n in ast.walk(c.code.tree))]
    if len(cells) != 1:
        yield book.name, f"imports in {len(cells)} cells: {', '.join(c.id for c in cells)}"


def parameters_are_county_year_and_scenario(book: Notebook) -> Findings:
    """One cell tagged `parameters`: county, year and an empty scenario, literal, with `#` help."""
    cells = [cell for cell in book.code if "parameters" in cell.tags]
    if len(cells) != 1:
        yield book.name, f"{len(cells)} cells are tagged parameters"
    for cell in cells:
        lines = cell.source.splitlines()
        same = len(lines) == len(PARAMETERS)
        if not same or not all(map(re.fullmatch, PARAMETERS, lines)):
            yield cell.name, "more or other than the three parameters"


def one_cell_is_tagged_results(book: Notebook) -> Findings:
    """One cell is tagged `results`: it serves the reader, the runner and the tests."""
    if (count := sum("results" in cell.tags for cell in book.code)) != 1:
        yield book.name, f"{count} cells are tagged results"


def cells_ran_from_top_to_bottom(book: Notebook) -> Findings:
    """Committed notebooks are executed, once, in order; nbval skips a cell without a count."""
    for number, cell in enumerate(book.code, 1):
        if (count := cell.raw.get("execution_count")) != number:
            yield cell.name, f"execution count {count} at place {number}: run `make refresh`"


def outputs_hold_no_error_and_no_warning(book: Notebook) -> Findings:
    """No stored output is an error or comes from stderr."""
    for cell in book.code:
        for output in cell.outputs:
            if output["output_type"] == "error" or output.get("name") == "stderr":
                yield cell.name, output.get("ename") or joined(output["text"]).strip()


def cells_have_ids(book: Notebook) -> Findings:
    """Every cell has an id of its own."""
    ids = [cell.id for cell in book.cells]
    for place, one in enumerate(ids):
        if not one or one in ids[:place]:
            yield f"{book.name}:{one}", f"cell {place} repeats the id or has none"


def numbers(text: str) -> set[str]:
    """Return the numbers of a text as text, without separators and trailing zeros."""
    plain = (found.replace(",", "").replace("−", "-") for found in _NUMBER.findall(text))
    return {f"{Decimal(one).normalize():f}" for one in plain}


def figures_repeat_a_table(book: Notebook) -> Findings:
    """A figure has an alt text, and every number in it stands in a table of an earlier cell."""
    printed = set()
    for cell in book.code:
        for output in cell.outputs:
            if SVG in output.get("data", {}):
                alt = output["metadata"].get(SVG, {}).get("alt", "")
                if not alt.strip():
                    yield cell.name, "a figure without alt text"
                elif lost := numbers(alt) - printed:
                    yield cell.name, f"in no table above: {', '.join(sorted(lost))}"
        for output in cell.outputs:
            tables = output.get("data", {}).get(TABLES, {}).get("tables", [])
            shown = [[table[part] for part in ("caption", "columns", "rows")] for table in tables]
            printed |= numbers(" ".join(_texts(shown)))


def _texts(part: object) -> Iterator[str]:
    """Yield every text of plain data."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _texts(inner)


RULES = (
    cells_are_plain_python,
    cells_hold_no_library_code,
    cells_name_no_path,
    imports_stand_in_one_cell,
    parameters_are_county_year_and_scenario,
    one_cell_is_tagged_results,
    cells_ran_from_top_to_bottom,
    outputs_hold_no_error_and_no_warning,
    cells_have_ids,
    figures_repeat_a_table,
)
