"""The official forms as a spreadsheet beside the page: numbers are numbers, with filters."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dudao_pipeline.files import write
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.workbooks import Content, Numeral, add_sheet, new_workbook, subtitle_of

# A number with what stands behind it: a unit, a sign of its result. Names of schools are no such.
_NUMBER = re.compile(r"(-?\d+(?:\.\d+)?)((?:%|[^\d\s%]{1,3})?(?: [✓×○？－])?)")


def _content(value: Content, decimals: int | None) -> Content:
    """Return a number as a number: 2.97 × keeps its sign by the format of its cell."""
    if value == "":
        return None
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        decimals_shown = len(match[1].partition(".")[2])
        shown = Numeral.of(float(match[1]), decimals_shown)
        return replace(shown, form=f'{shown.form}"{match[2]}"') if match[2] else shown
    if value is None or decimals is None:
        return value
    return Numeral.of(value, decimals)


def _columns(form: dict) -> list[bool]:
    """Say of each column whether all its texts are numbers; the first names the row."""
    texts = (
        [row[at] for row in form["rows"] if isinstance(row[at], str) and row[at]]
        for at in range(len(form["columns"]))
    )
    return [at > 0 and all(map(_NUMBER.fullmatch, column)) for at, column in enumerate(texts)]


def _rows(form: dict) -> list[Sequence[Content]]:
    numeric = _columns(form)
    return [
        [
            _content(value, decimals) if is_number or not isinstance(value, str) else value
            for value, decimals, is_number in zip(row, form["decimals"], numeric, strict=True)
        ]
        for row in form["rows"]
    ]


def write_forms(record: dict, path: Path, *, public: bool = False) -> None:
    """Write one sheet per form of a results record: A4 landscape, heads repeated, no formula.

    A number that is not known is an empty cell; same record, same bytes. The public does not get
    the version of the data.
    """
    book = new_workbook(record["year"])
    for form in record["forms"]:
        version = "" if public else f"　数据版本{record['data_version']}"
        named = f"{form['number']}　{form['title']}"
        title = (named, subtitle_of(record), f"{form['note']}{version}")
        add_sheet(book, form["number"], form["columns"], _rows(form), title=title)
    write(path, to_bytes(book))
