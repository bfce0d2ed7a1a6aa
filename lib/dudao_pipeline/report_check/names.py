"""Names of persons: patterns of names.yaml find them; every output masks them, length kept."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import yaml

from dudao_pipeline.report_check.rules import HAN, rule_text
from dudao_pipeline.report_check.text import Table


@cache
def _rules() -> tuple[tuple[tuple[re.Pattern[str], bool], ...], frozenset[str]]:
    """Return the patterns, each with whether its words leave no doubt, and what no name holds."""
    raw = _raw()
    name = f"(?:[{raw['surnames']}][{HAN}]{{1,2}})"
    patterns = tuple(
        (
            re.compile(
                one["pattern"]
                .replace("{name}", name)
                .replace("{hans}", HAN)
                .replace("{han}", f"[{HAN}]")
            ),
            bool(one.get("sure")),
        )
        for one in raw["patterns"]
    )
    return patterns, frozenset(raw["not_names"])


@cache
def _raw() -> dict[str, Any]:
    return yaml.safe_load(rule_text("names.yaml"))


def name_spans(text: str) -> list[tuple[int, int]]:
    """Return where a text names persons."""
    patterns, never = _rules()
    spans = []
    for pattern, is_sure in patterns:
        for match in pattern.finditer(text):
            start = match.start("n")
            for name in match["n"].split("、"):
                if is_sure or not never & set(name[1:]):
                    spans.append((start, start + len(name)))
                start += len(name) + 1
    return sorted(set(spans))


def names_in_cells(text: str, tables: Iterable[Table]) -> list[tuple[int, int]]:
    """Return where cells under a heading of persons (负责人, 姓名) hold names and nothing else."""
    raw, never = _raw(), _rules()[1]
    name = re.compile(f"[{raw['surnames']}][{HAN}]{{1,2}}")
    several = re.compile(rf"(?:{name.pattern})(?:[、，,\s]+(?:{name.pattern}))*")
    spans = []
    for table in tables:
        heads = {c.column for c in table.cells if re.search(raw["headings"], text[c.start : c.end])}
        for cell in table.cells:
            shown = text[cell.start : cell.end].strip()
            if cell.column in heads and several.fullmatch(shown):
                matches = name.finditer(text, cell.start, cell.end)
                spans += [m.span() for m in matches if not never & set(m[0][1:])]
    return spans


def masked_names(text: str, tables: Iterable[Table] = ()) -> str:
    """Return a text of the same length without the names of persons."""
    out = list(text)
    for start, end in (*name_spans(text), *names_in_cells(text, tables)):
        out[start:end] = "×" * (end - start)
    return "".join(out)
