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
from dudao_pipeline.intake.findings import NOTICE, Finding
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


def _no_number(text: str, unit: str) -> tuple[str, str]:
    """Return what is wrong with a text that is no number of a unit, and what to do."""
    kind = f"以{unit}为单位的数字" if unit else "数字"
    what = f"“{cell_reading.shown(text)}”不是{kind}{_odd(text)}。"
    if converted := cell_reading.in_unit(text, unit):
        return what, f"按单位换算为{converted}，请核对后填这个数。"
    if STRUCK in text:
        return what, "请删去划掉的字，只留要报的数。"
    if cell_reading.odd_signs(text):
        return what, "请只填数字，注释写在备注中。"
    if sum(c.isdigit() for c in text) > cell_reading.LONGEST:
        return what, "位数过多，不会是报送的数，请更正。"
    if re.search(r"[0-9]\s+[0-9]", text):
        return what, "一格只填一个数字；请分开填报。"
    return what, "请填数字；没有数据请留空，不涉及请填“不涉及”。"


@dataclass(frozen=True)
class Reader:
    """A sheet and the findings that reading it adds to."""

    sheet: Sheet
    findings: list[Finding]

    def place(self, row: int, column: str) -> dict[str, str]:
        """Return file, sheet and cell of a value."""
        sheet = self.sheet
        return {"file": sheet.file, "sheet": sheet.name, "cell": sheet.cell(row, column)}

    def refuse(self, code: str, row: int, column: str, what: str, *, next_step: str) -> None:
        """Record an error at a cell."""
        self.findings.append(self.sheet.finding(code, what, next_step, row=row, column=column))

    def note(self, code: str, row: int, column: str, what: str, *, next_step: str) -> None:
        """Record a notice at a cell."""
        where = {"row": row, "column": column, "severity": NOTICE}
        self.findings.append(self.sheet.finding(code, what, next_step, **where))

    def number(self, row: int, column: str, text: str, unit: str) -> cell_reading.Cell | None:
        """Read a number in a unit; what was converted or taken as missing is a notice."""
        parsed = cell_reading.parse(text, unit)
        if parsed is None:
            what, step = _no_number(text, unit)
            self.refuse("T01", row, column, what, next_step=step)
        elif parsed.remark:
            is_missing = parsed.status == cells.MISSING
            step = "如为零请填0。" if is_missing else "请核对换算。"
            taken = "" if is_missing else f"，按{parsed.value:.15g}{unit}读取"
            self.note("H02", row, column, f"{parsed.remark}{taken}。", next_step=step)
        return parsed

    def standard(self, row: int, column: str, text: str) -> str:
        """Return the template's word for one that means the same; a notice says so."""
        word = standard_word(column, text)
        if word == text:
            return text
        self.note("H03", row, column, f"{column}“{text}”按“{word}”读取。", next_step="请核对。")
        return word

    def stage(self, row: int, label: str) -> str | None:
        """Read a stage by its Chinese name."""
        label = self.standard(row, "学段", label)
        if label not in STAGE_CODES:
            what = f"学段“{label}”不在学段表中{nearest(label, STAGE_CODES)}。"
            what = what if label else "缺少学段。"
            self.refuse("T02", row, "学段", what, next_step="请按模板选择。")
        return STAGE_CODES.get(label)

    def item(self, row: int, code: str, stage: str | None = None) -> str | None:
        """Read an item's code; with a stage, one that is reported for it."""
        listed = items().get(code)
        if listed is None:
            what = f"指标代码“{code}”不在指标字典中{nearest(code, items())}。"
            self.refuse("K02", row, "指标代码", what, next_step="请按模板更正。")
            return None
        if stage is not None and stage not in listed.stages:
            what = f"“{listed.label}”不在“{STAGES[stage]}”学段填报。"
            self.refuse("K02", row, "学段", what, next_step="请按模板更正。")
            return None
        return code

    def one_of(self, row: int, column: str, text: str, choices: Iterable[str]) -> str | None:
        """Read a word that must be one of some known ones."""
        choices = list(choices)
        if text in choices:
            return text
        what = f"{column}“{text}”不在表中{nearest(text, choices)}。"
        self.refuse("T04", row, column, what, next_step=f"请填{'、'.join(choices)}之一。")
        return None

    def whole(
        self, row: int, column: str, text: str, *, kind: str, code: str = "T05"
    ) -> int | None:
        """Read a whole number as its kind is written, 0 for an empty cell; None for what is none.

        A month beside the year of a building is a notice.
        """
        if not text:
            return 0
        if kind == "built" and cell_reading.is_missing(text):
            self.note("H02", row, column, f"原填“{text}”，按未报处理。", next_step="请核对。")
            return 0
        read, called = _WHOLE[kind]
        value = read(text)
        if value is None:
            what = f"{column}“{cell_reading.shown(text)}”不是{called}{_odd(text)}。"
            self.refuse(code, row, column, what, next_step=f"请填{called}。")
        elif kind == "built" and cell_reading.year_of(text) is None:
            self.note("H02", row, column, f"原填“{text}”，按{value}年读取。", next_step="请核对。")
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
