"""Notebooks and results as the public sees them; what is left out is said in its place."""

from __future__ import annotations

import copy
import re

from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode
from nbformat.v4 import new_output

from dudao.facts.sheet_layout import SHEETS
from dudao_pipeline.publish.public.hidden import AT_LEAST, Hidden

INTERNAL, OF_SCHOOLS = "internal", "schools"  # tags of cells
SCHOOL_HEADS = frozenset({"学校", "幼儿园", "学校（园）"})
KIND_HEAD, TOTAL = "办园性质", "合计"
NOT_SHOWN = "供内部使用，公开版不列。"
PICTURE_LEFT_OUT = "公开版不列这幅图：图中有不公开的学校。"
TOO_FEW = "本县有的学段（办园性质）学校过少，达不到这一要求，发布前请斟酌。"
TABLE_LEFT_OUT = "公开版不列这张表：由它可以推出不公开的幼儿园的数字。"


_CELLS = re.compile(rf"({'|'.join(SHEETS)})!\$?[A-Z]{{1,3}}\$?\d+(?::\$?[A-Z]{{1,3}}\$?\d+)?")


def without_cells(text: str) -> str:
    """Name the sheet that a figure comes from, not its cell: 县级指标!F16 is 县级指标."""
    return _CELLS.sub(r"\1", text)


def _rows_left_out(number: int) -> str:
    return f"按公开规则另有{number}所学校（园）不列，合计一并不列"


def rule(hidden: Hidden, fewest: int) -> str:
    """Say to the reader what the public edition leaves out, and why."""
    some = "本县有这样的学校（园），相应的行、名称和图已略去。"
    left_out = some if hidden.names else "本县没有这样的学校（园）。"
    return (
        f"在校生（在园幼儿）不足{fewest}人或未填的学校（园）不列；为防止由合计反推，"
        f"同一学段（幼儿园为同一办园性质）不列的至少{AT_LEAST}所，除最大的一所外共{fewest}人以上，"
        f"不足的由规模次小的补足：即使知道其中一所的准确人数，对其他小规模学校也只能知道不足{fewest}人。"
        f"{TOO_FEW if hidden.exposed else ''}"
        f"{left_out}入库检查与佐证材料清单供内部使用，不在公开版中。"
    )


def public_notebook(notebook: NotebookNode, hidden: Hidden) -> NotebookNode:
    """Leave out internal cells, hidden schools, and pictures that would show them."""
    shown = copy.deepcopy(notebook)
    shown.cells = [cell for cell in map(_cell, shown.cells) if cell]
    for cell in shown.cells:
        of_schools = OF_SCHOOLS in cell.metadata.get("tags", ())
        if cell.cell_type == "code":
            cell.outputs = [_output(output, hidden, of_schools) for output in cell.outputs]
    return shown


def _cell(cell: NotebookNode) -> NotebookNode | None:
    """Leave out an internal cell; the sentence before it says so, and its heading stays."""
    if INTERNAL not in cell.metadata.get("tags", ()):
        return cell
    if cell.cell_type != "markdown":
        return None
    first = cell.source.partition("\n")[0]
    cell.source = "\n\n".join(filter(None, (first if first.startswith("#") else "", NOT_SHOWN)))
    return cell


def _output(output: NotebookNode, hidden: Hidden, of_schools: bool) -> NotebookNode:
    if output.output_type == "stream":
        output.text = without_cells(hidden.without(output.text))
        return output
    data = output.get("data", {})
    if of_schools and hidden.names and "image/svg+xml" in data:
        return new_output("display_data", {"text/markdown": PICTURE_LEFT_OUT})
    for kind, content in data.items():
        if kind == "text/html":
            data[kind] = without_cells(public_html(content, hidden))
        elif isinstance(content, str) and not kind.startswith("image/"):
            data[kind] = without_cells(hidden.without(content))
    return output


def public_html(fragment: str, hidden: Hidden) -> str:
    """Return tables without the rows of hidden schools, and text without their names."""
    if not hidden.in_text(fragment) and not (hidden.exposed and KIND_HEAD in fragment):
        return fragment
    soup = BeautifulSoup(fragment, "html.parser")
    for table in soup.find_all("table"):
        _public_table(table, hidden, soup)
    for text in soup.find_all(string=True):
        if hidden.in_text(text):
            text.replace_with(hidden.without(text))
    return str(soup)


def _public_table(table: Tag, hidden: Hidden, soup: BeautifulSoup) -> None:
    heads = [head.get_text(strip=True) for head in table.select("thead th")]
    if hidden.exposed and heads[:1] == [KIND_HEAD]:
        table.replace_with(TABLE_LEFT_OUT)
        return
    at = next((n for n, head in enumerate(heads) if head in SCHOOL_HEADS), None)
    body = table.find("tbody")
    if at is None or body is None:
        return
    rows = {row: row.find_all(["td", "th"])[at].get_text(strip=True) for row in body("tr")}
    left_out = [row for row, name in rows.items() if name in hidden.names]
    if not left_out:
        return
    for row, name in rows.items():
        if row in left_out or name.endswith(TOTAL):
            row.decompose()
    cell = soup.new_tag("td", attrs={"colspan": str(len(heads))})
    cell.string = _rows_left_out(len(left_out))
    line = soup.new_tag("tr")
    line.append(cell)
    body.append(line)


def public_record(found: dict, hidden: Hidden) -> dict:
    """Return the results of a notebook without hidden schools: rows of forms, names in texts."""
    forms = [_public_form(form, hidden) for form in found.get("forms", ())]
    kept = {"forms": [form for form in forms if form]} if "forms" in found else {}
    return _without(found | kept, hidden)


def _public_form(form: dict, hidden: Hidden) -> dict | None:
    head = form["columns"][0]
    if hidden.exposed and head == KIND_HEAD:
        return None
    if head not in SCHOOL_HEADS:
        return form
    rows = [row for row in form["rows"] if row[0] not in hidden.names]
    number = len(form["rows"]) - len(rows)
    if not number:
        return form
    rows = [row for row in rows if not str(row[0]).endswith(TOTAL)]
    note = "；".join(filter(None, (form["note"], _rows_left_out(number))))
    return form | {"rows": rows, "note": note}


def _without(value: object, hidden: Hidden) -> object:
    """Return the same structure with hidden names and cells out of every text."""
    if isinstance(value, str):
        return without_cells(hidden.without(value))
    if isinstance(value, dict):
        return {name: _without(one, hidden) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, hidden) for one in value]
    return value
