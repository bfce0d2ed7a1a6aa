"""Findings: everything that is wrong with an input, each with its place and the next step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dudao.base.yaml_text import read_own

ERROR, WARNING, NOTICE = "错误", "警告", "提示"
SEVERITIES = (ERROR, WARNING, NOTICE)
_READING = Path(__file__).with_name("reading.yaml")


@dataclass(frozen=True)
class Finding:
    """One thing a check found: code, severity, place, what, what to do, and why it matters.

    column: the header of the cell, where a check says which of its row it means.
    parts: of a finding about several cells, one finding per cell; they stand in lists and marked
    copies, not in the store.
    """

    code: str
    severity: str
    file: str
    sheet: str
    cell: str
    what: str
    next_step: str
    why: str = ""
    column: str = ""
    parts: tuple[Finding, ...] = ()

    @property
    def place(self) -> str:
        """Return file/sheet!cell as a user finds it."""
        sheet = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        return f"{self.file}/{sheet}" if sheet else self.file

    def __str__(self) -> str:
        return f"[{self.severity} {self.code}] {self.place}：{self.what}{self.why}{self.next_step}"


def of_reading(name: str, file: str, sheet: str, cell: str = "", /, **words: object) -> Finding:
    """Return a finding of reading; name: its entry of reading.yaml, which the words fill in."""
    entry = read_own(_READING)[name]
    what, step = (entry[part].format_map(words) for part in ("what", "next"))
    severity, why = entry.get("severity", ERROR), entry.get("why", "")
    return Finding(entry["code"], severity, file, sheet, cell, what, step, why)


def by_cell(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with those that have parts replaced by them, each cell once."""
    return list(dict.fromkeys(one for finding in findings for one in (finding.parts or (finding,))))


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that keep a file out of the store."""
    return [finding for finding in findings if finding.severity == ERROR]
