"""Reading cells of a sheet: every cell that cannot be known becomes a finding, never a guess."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dudao.base.errors import nearest
from dudao.facts import cells
from dudao.facts.items import STAGE_CODES, STAGES, items
from dudao_pipeline.intake.findings import NOTICE, Finding
from dudao_pipeline.intake.sheet import Sheet


@dataclass(frozen=True)
class Reader:
    """A sheet and the findings that reading it adds to."""

    sheet: Sheet
    findings: list[Finding]

    def place(self, row: int, column: str) -> dict[str, str]:
        """Return file, sheet and cell of a value."""
        sheet = self.sheet
        return {"file": sheet.file, "sheet": sheet.name, "cell": sheet.cell(row, column)}

    def refuse(self, code: str, row: int, column: str, what: str, next_step: str) -> None:
        """Record an error at a cell."""
        self.findings.append(self.sheet.finding(code, what, next_step, row=row, column=column))

    def number(self, row: int, column: str, text: str, unit: str) -> cells.Cell | None:
        """Read a number in a unit; what was converted or taken as missing is a notice."""
        parsed = cells.parse(text, unit)
        if parsed is None:
            what = f"“{text}”不是以{unit}为单位的数字。" if unit else f"“{text}”不是数字。"
            step = "请填数字；没有数据请留空，不涉及请填“不涉及”。"
            self.refuse("T01", row, column, what, step)
        elif parsed.remark:
            place = {"row": row, "column": column, "severity": NOTICE}
            step = "如为零请填0。" if parsed.status == cells.MISSING else "请核对换算。"
            self.findings.append(self.sheet.finding("H02", f"{parsed.remark}。", step, **place))
        return parsed

    def stage(self, row: int, label: str) -> str | None:
        """Read a stage by its Chinese name."""
        if label not in STAGE_CODES:
            what = f"学段“{label}”不在学段表中{nearest(label, STAGE_CODES)}。"
            self.refuse("T02", row, "学段", what, "请按模板选择。")
        return STAGE_CODES.get(label)

    def item(self, row: int, code: str, stage: str | None = None) -> str | None:
        """Read an item's code; with a stage, one that is reported for it."""
        known = items().get(code)
        if known is None:
            what = f"指标代码“{code}”不在指标字典中{nearest(code, items())}。"
            self.refuse("K02", row, "指标代码", what, "请按模板更正。")
            return None
        if stage is not None and stage not in known.stages:
            what = f"“{known.label}”不在“{STAGES[stage]}”学段填报。"
            self.refuse("K02", row, "学段", what, "请按模板更正。")
            return None
        return code

    def one_of(self, row: int, column: str, text: str, known: Iterable[str]) -> str | None:
        """Read a word that must be one of some known ones."""
        known = list(known)
        if text in known:
            return text
        what = f"{column}“{text}”不在表中{nearest(text, known)}。"
        self.refuse("T04", row, column, what, "请按模板填写。")
        return None

    def whole(self, row: int, column: str, text: str) -> int:
        """Read a whole number, 0 for an empty cell."""
        if text and not text.isdigit():
            self.refuse("T05", row, column, f"{column}“{text}”不是整数。", "请填整数。")
            return 0
        return int(text or 0)

    def year(self, row: int, column: str, text: str, default: int) -> int | None:
        """Read a year of four digits."""
        if not text:
            return default
        if not (text.isdigit() and len(text) == 4):
            self.refuse("T03", row, column, f"{column}“{text}”不是四位年份。", "请填四位年份。")
            return None
        return int(text)

    def fact(self, row: int, column: str, text: str, **key) -> dict | None:
        """Return the fact of a cell, or None where the cell was refused."""
        known = items().get(key["item"])
        parsed = self.number(row, column, text, known.unit if known else "")
        if parsed is None:
            return None
        value = {"value": parsed.value, "status": parsed.status, "qualifier": parsed.qualifier}
        note = "；".join(filter(None, (key.pop("note", ""), parsed.remark)))
        return {"school": "", **key, "note": note, **value, **self.place(row, column)}
