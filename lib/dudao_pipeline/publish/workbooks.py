"""Cells of a workbook that goes back to a user: text is never taken for a formula."""

from __future__ import annotations

import re

from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What a template's totals are made of: these functions over cells of the same sheet.
_HARMLESS = re.compile(
    r"=(?:(?:SUM|SUBTOTAL|COUNT|COUNTA|IF|ROUND)\(|[A-Z$]{1,5}\d++|[A-Z]{1,3}:[A-Z]{1,3}"
    r'|""|[\d.]++|[-+*/(),:=<> ])++'
)


def as_text(cell: Cell, text: str) -> Cell:
    """Write a text that no spreadsheet takes for a formula, even when it is edited."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(STARTS_FORMULA)
    return cell


def defuse(sheet: Worksheet) -> None:
    """Turn every formula but plain totals into the text that it is."""
    for row in sheet.iter_rows():
        for cell in row:
            value = cell.value
            if cell.data_type == "f" and not _HARMLESS.fullmatch(str(value)):
                as_text(cell, str(getattr(value, "text", None) or value))
            elif isinstance(value, str) and cell.data_type == "s":
                cell.quotePrefix = value.startswith(STARTS_FORMULA)
