"""Reading cells of a sheet: every cell that cannot be known becomes a finding, never a guess."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dudao.base.errors import nearest
from dudao.base.yaml_text import read_own
from dudao.facts import cells
from dudao.facts.items import STAGE_CODES, STAGES, items
from dudao.facts.sheet_layout import Column, columns_of
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.clean_text import STRUCK, named
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.sheet import Sheet

# Column -> word of an office -> the template's word.
SYNONYMS = {
    column: {plain(word): of for of, words in listed.items() for word in words}
    for column, listed in read_own(Path(__file__).with_name("synonyms.yaml")).items()
}
# How whole numbers are read, and what they are called.
_WHOLE = {
    "serial": (cell_reading.serial_of, "整数"),
    "year": (cell_reading.year_of, "四位年份"),
    "built": (cell_reading.built_of, "四位年份"),
}
_CODED = re.compile(r"^\d{2,3}[-.、:]?(?=\D)")  # 111主城区: the statistics write code and word


def standard_word(column: str, text: str) -> str:
    """Return the template's word of a column for one that means the same, else the text."""
    synonyms = SYNONYMS.get(column, {})
    bare = _CODED.sub("", plain(text)) if synonyms else text
    return synonyms.get(bare, bare if bare in synonyms.values() else text)


def _odd(text: str) -> str:
    """Return the signs that keep a text from being a number, as a message goes on."""
    odd = cell_reading.odd_signs(text)
    return f"，其中有{'、'.join(map(named, odd))}" if odd else ""


def _why_no_number(text: str, converted: str) -> str:
    """Return which finding tells what to do about a text that is no number of its unit."""
    if converted:
        return "number_in_other_unit"
    if STRUCK in text:
        return "number_struck"
    if cell_reading.odd_signs(text):
        return "number_with_signs"
    if sum(c.isdigit() for c in text) > cell_reading.LONGEST:
        return "number_too_long"
    return "several_numbers" if re.search(r"[0-9]\s+[0-9]", text) else "no_number"


@dataclass(frozen=True)
class Reader:
    """A sheet and the findings that reading it adds to."""

    sheet: Sheet
    findings: list[Finding]

    def place(self, row: int, column: str) -> dict[str, str]:
        """Return file, sheet and cell of a value."""
        sheet = self.sheet
        return {"file": sheet.file, "sheet": sheet.name, "cell": sheet.cell(row, column)}

    def tell(self, name: str, row: int, column: str, /, **words: object) -> None:
        """Record a finding at a cell."""
        self.findings.append(self.sheet.finding(name, (row, column), header=column, **words))

    def number(self, row: int, column: str, text: str, unit: str) -> cell_reading.Cell | None:
        """Read a number in a unit; what was converted or taken as missing is a notice."""
        parsed = cell_reading.parse(text, unit)
        if parsed is None:
            converted, odd = cell_reading.in_unit(text, unit), _odd(text)
            words = {
                "text": cell_reading.shown(text),
                "kind": f"以{unit}为单位的数字" if unit else "数字",
            }
            why = _why_no_number(text, converted)
            self.tell(why, row, column, odd=odd, converted=converted, **words)
        elif parsed.remark:
            kind = "number_missing" if parsed.status == cells.MISSING else "number_converted"
            value = f"{parsed.value:.15g}{unit}"
            self.tell(kind, row, column, remark=parsed.remark, value=value)
        return parsed

    def standard(self, row: int, column: str, text: str) -> str:
        """Return the template's word for one that means the same; a notice says so."""
        word = standard_word(column, text)
        if word != text:
            self.tell("word_read_as", row, column, text=text, word=word)
        return word

    def stage(self, row: int, label: str) -> str | None:
        """Read a stage by its Chinese name."""
        label = self.standard(row, "学段", label)
        if label not in STAGE_CODES:
            hint = nearest(label, STAGE_CODES)
            self.tell("stage_unknown" if label else "no_stage", row, "学段", text=label, hint=hint)
        return STAGE_CODES.get(label)

    def item(self, row: int, code: str, stage: str | None = None) -> str | None:
        """Read an item's code; with a stage, one that is reported for it."""
        listed = items().get(code)
        if listed is None:
            self.tell("item_unknown", row, "指标代码", text=code, hint=nearest(code, items()))
            return None
        if stage is not None and stage not in listed.stages:
            words = {"label": listed.label, "stage": STAGES[stage]}
            self.tell("item_of_other_stage", row, "学段", **words)
            return None
        return code

    def one_of(self, row: int, column: str, text: str, choices: Iterable[str]) -> str | None:
        """Read a word that must be one of some known ones."""
        choices = list(choices)
        if text in choices:
            return text
        hint, listed = nearest(text, choices), "、".join(choices)
        self.tell("no_choice", row, column, text=text, hint=hint, listed=listed)
        return None

    def whole(
        self, row: int, column: str, text: str, *, kind: str, fault: str = "no_serial"
    ) -> int | None:
        """Read a whole number as its kind is written, 0 for an empty cell; None for what is none.

        A month beside the year of a building is a notice.
        """
        if not text:
            return 0
        if kind == "built" and cell_reading.is_missing(text):
            self.tell("year_missing", row, column, text=text)
            return 0
        read, called = _WHOLE[kind]
        value = read(text)
        if value is None:
            words = {"text": cell_reading.shown(text), "kind": called, "odd": _odd(text)}
            self.tell(fault, row, column, **words)
        elif kind == "built" and cell_reading.year_of(text) is None:
            self.tell("year_read_as", row, column, text=text, year=value)
        return value

    def value(self, row: int, column: Column, text: str) -> object:
        """Read a cell as its column is declared; None where it was refused."""
        kind, _, unit = column.reads.partition(" ")
        if kind == "number":
            parsed = self.number(row, column.header, text, unit)
            return None if parsed is None else parsed.value
        if kind in ("one_of", "one_of_or_none"):
            blank = ("",) if kind == "one_of_or_none" else ()
            return self.one_of(row, column.header, text, (*blank, *column.choices))
        if kind == "word":
            return self.standard(row, column.header, text)
        if kind in ("serial", "built"):
            return self.whole(row, column.header, text, kind=kind) or 0
        return text

    def line(self, row: int, line: dict[str, str]) -> dict | None:
        """Read a row of a register as its columns are declared; None where a cell was refused."""
        declared = [column for column in columns_of(self.sheet.name) if column.name]
        anchor = next(column.header for column in declared if "anchor" in column.marks)
        values = {c.name: self.value(row, c, line.get(c.header, "")) for c in declared}
        is_refused = any(value is None for value in values.values())
        return None if is_refused else {**values, **self.place(row, anchor)}

    def fact(self, row: int, column: str, text: str, **key) -> dict | None:
        """Return the fact of a cell, or None where the cell was refused."""
        declared = items().get(key["item"])
        parsed = self.number(row, column, text, declared.unit if declared else "")
        if parsed is None:
            return None
        value = {"value": parsed.value, "status": parsed.status, "qualifier": parsed.qualifier}
        note = "；".join(filter(None, (key.pop("note", ""), parsed.remark)))
        return {"school": "", **key, "note": note, **value, **self.place(row, column)}
