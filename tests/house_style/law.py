"""Rules for the law: cases at each boundary, and no legal number elsewhere."""

from __future__ import annotations

import ast

import yaml

from tests.house_style import Findings
from tests.house_style.source import Code

CASES = 3
SCALE_ENDS = {0, 100}  # nothing lies below 0 or above 100 %
HARMLESS = {0, 1}
COMPARING = {"between", "clip", "eq", "ge", "gt", "le", "lt", "ne"}


def rules_have_boundary_cases(file: Code) -> Findings:
    """A rule has `before` and 3 cases: just below, equal, just above; 2 at an end of the scale."""
    for name, entry in yaml.safe_load(file.text)["rules"].items():
        needed = CASES - bool(SCALE_ENDS & set(entry["cases"]))
        if len(entry["cases"]) < needed or "before" not in entry:
            yield f"{file.name}:{name}", f"{len(entry['cases'])} cases: {', '.join(entry)}"


def comparisons_hold_no_legal_number(code: Code) -> Findings:
    """Formulas, verdicts and notebooks compare with no number but 0 and 1: the law is data."""
    for node in ast.walk(code.tree):
        numbers = {n for part in _compared(node) for n in _literals(part)} - HARMLESS
        if numbers:
            yield code.at(node), f"line {node.lineno}: {ast.unparse(node)}"


def _compared(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in COMPARING:
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return []


def _literals(node: ast.AST) -> list[float]:
    """Return the numbers of an operand: also in sums, signs and lists, not in inner calls."""
    if isinstance(node, ast.Constant):
        number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return [node.value] if number else []
    if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Tuple | ast.List | ast.Set):
        return [n for child in ast.iter_child_nodes(node) for n in _literals(child)]
    return []
