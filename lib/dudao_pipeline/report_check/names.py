"""Names of persons: patterns of names.yaml find them; every output masks them, length kept."""

from __future__ import annotations

import re
from functools import cache

import yaml

from dudao_pipeline.report_check.rules import HAN, rule_text


@cache
def _rules() -> tuple[tuple[tuple[re.Pattern[str], bool], ...], frozenset[str]]:
    """Return the patterns, each with whether its words leave no doubt, and what no name holds."""
    raw = yaml.safe_load(rule_text("names.yaml"))
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


def masked_names(text: str) -> str:
    """Return a text of the same length without the names of persons."""
    out = list(text)
    for start, end in name_spans(text):
        out[start:end] = "×" * (end - start)
    return "".join(out)
