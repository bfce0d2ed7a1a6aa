"""Notebooks and results as the public sees them; what is left out is said in its place."""

import re
from collections.abc import Mapping

from dudao.base.mime import TABLES
from dudao.show.tables import KINDS, OWNERSHIP, SCHOOL, TOTAL, Record
from dudao_pipeline.intake.sheet_headers import SHEETS
from dudao_pipeline.publish.public.hidden import AT_LEAST, Hidden
from dudao_pipeline.publish.runs import Notebook, Run, has_tag

INTERNAL, OF_SCHOOLS = "internal", "schools"  # tags of cells
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


def public_run(run: Run, hidden: Hidden) -> Run:
    """Return an executed notebook and its results as the public sees them."""
    return Run(run.name, public_notebook(run.notebook, hidden), public_record(run.results, hidden))


def public_notebook(notebook: Notebook, hidden: Hidden) -> Notebook:
    """Leave out internal cells, hidden schools, and pictures that would show them."""
    cells = [cell for cell in map(_cell, notebook["cells"]) if cell]
    return {**notebook, "cells": [_with_public_outputs(cell, hidden) for cell in cells]}


def _cell(cell: Mapping) -> Mapping | None:
    """Leave out an internal cell; the sentence before it says so, and its heading stays."""
    if not has_tag(cell, INTERNAL):
        return cell
    if cell["cell_type"] != "markdown":
        return None
    first = cell["source"].partition("\n")[0]
    heading = first if first.startswith("#") else ""
    return {**cell, "source": "\n\n".join(filter(None, (heading, NOT_SHOWN)))}


def _with_public_outputs(cell: Mapping, hidden: Hidden) -> Mapping:
    if cell["cell_type"] != "code":
        return cell
    of_schools = has_tag(cell, OF_SCHOOLS)
    return {**cell, "outputs": [_output(output, hidden, of_schools) for output in cell["outputs"]]}


def _output(output: Mapping, hidden: Hidden, of_schools: bool) -> Mapping:
    if output["output_type"] == "stream":
        return {**output, "text": _without(output["text"], hidden)}
    data = output.get("data", {})
    if of_schools and hidden.names and "image/svg+xml" in data:
        left_out = {"text/markdown": PICTURE_LEFT_OUT}
        return {"output_type": "display_data", "metadata": {}, "data": left_out}
    if TABLES in data:
        tables = [public_table(table, hidden) for table in data[TABLES]["tables"]]
        return {**output, "data": {**data, TABLES: {"tables": tables}, "text/html": ""}}
    shown = {
        kind: content if kind.startswith("image/") else _foreign(kind, content, hidden)
        for kind, content in data.items()
    }
    return {**output, "data": shown}


def _foreign(kind: str, content: object, hidden: Hidden) -> object:
    """Return what no table of ours stands for; a table among it that names a hidden school goes."""
    if kind == "text/html" and "<table" in content and hidden.in_text(content):
        return TABLE_LEFT_OUT
    return _without(content, hidden)


def public_table(table: Record, hidden: Hidden) -> Record:
    """Return a table without the rows of hidden schools, its texts without their names.

    Where rows go, totals go too, and the last line says so.
    """
    kinds = [column.get("kind") for column in table["columns"]]
    if hidden.exposed and kinds[:1] == [OWNERSHIP]:
        return {"left_out": TABLE_LEFT_OUT}
    at = kinds.index(SCHOOL) if SCHOOL in kinds else None
    rows = table["rows"]
    left_out = {n for n, row in enumerate(rows) if at is not None and row[at] in hidden.names}
    if left_out:
        gone = left_out | set(table.get("totals", ()))
        shown = [n for n in range(len(rows)) if n not in gone]
        table = {**table, "rows": [rows[n] for n in shown], "note": _rows_left_out(len(left_out))}
        if "anchors" in table:
            table["anchors"] = [table["anchors"][n] for n in shown]
        table.pop("totals", None)
    return _without(table, hidden)


def public_record(record: dict, hidden: Hidden) -> dict:
    """Return the results of a notebook without hidden schools: rows of forms, names in texts."""
    forms = [_public_form(form, hidden) for form in record.get("forms", ())]
    kept = {"forms": [form for form in forms if form]} if "forms" in record else {}
    return _without(record | kept, hidden)


def _public_form(form: dict, hidden: Hidden) -> dict | None:
    kind = KINDS.get(form["columns"][0])
    if hidden.exposed and kind == OWNERSHIP:
        return None
    if kind != SCHOOL:
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
