"""Rules for who may import whom. Arrows point one way; the tables are the whole of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house_style import Findings
from tests.house_style.source import Code

LIBRARY = "lib/dudao/"
NOTEBOOK = "notebook"
_PURE_FACTS = {"facts.cells", "facts.items", "facts.layout", "facts.view"}  # no file is opened
_BASE = {"errors", "failures", "rounding", "workspace"}

# Part of dudao -> what it may import, besides itself: a part, or one module of a part.
MAY_IMPORT = {
    "__init__": set(),
    "errors": set(),
    "failures": {"errors", "workspace"},
    "rounding": set(),
    "workspace": set(),
    "versions": {"workspace"},
    "reference": {"errors", "workspace"},
    "law": {"errors", "workspace"},
    "facts": {*_BASE, "law", "reference"},
    "indicators": {*_PURE_FACTS, "errors", "rounding"},
    "claims": {*_PURE_FACTS, "indicators", "rounding"},
    "ratings": {"errors", "facts.layout"},
    "scores": {"law", "ratings", "rounding", "verdict"},
    "verdict": {*_PURE_FACTS, "indicators", "law", "ratings", "rounding"},
    "school_rules": {*_PURE_FACTS, "errors", "indicators", "law", "rounding", "verdict"},
    "case": {
        *(*_BASE, "claims", "facts", "indicators", "law", "ratings", "reference"),
        *("scenarios", "school_rules", "verdict"),
    },
    "scenarios": {*_BASE, "facts", "law"},
    "peers": {
        *("case", "errors", "facts", "indicators", "law", "reference", "rounding", "versions"),
        "workspace",
    },
    "problems": {"law", "rounding", "verdict"},
    "years": {"case", "verdict"},
    "show": {
        *("case", "errors", "facts", "indicators", "law", "peers", "problems", "ratings"),
        *("reference", "rounding", "scenarios", "scores", "verdict", "years"),
    },
    "verdict_diff": {"case", "facts", "indicators", "rounding", "show", "verdict"},
    "example": {*_BASE, "facts", "indicators", "law"},
    # A zygote loads a notebook's parts by name.
    "kernel": {"law", "reference", "versions", "workspace"},
    "batch": {*_BASE, "facts", "law", "peers", "reference", "scenarios", "versions"},
    "publish": {*_BASE, "facts", "law", "reference", "show"},
    "commands": {
        *(*_BASE, "batch", "case", "example", "facts", "law", "peers", "publish", "reference"),
        *("verdict_diff", "cli"),  # only the exit codes of cli, which loads commands by name
    },
    "cli": {"commands", "errors", "failures"},
    NOTEBOOK: {"case", "indicators", "peers", "problems", "reference", "show", "years"},
}
# Package -> the only parts that import it.
ONLY_IN = {
    "bs4": {"publish"},
    "jinja2": {"publish"},
    "matplotlib": {"show"},
    "nbclient": {"kernel"},
    "nbconvert": {"publish"},
    "nbformat": {"batch", "kernel", "publish"},
    "openpyxl": {"facts", "publish"},
    "distributed": {"batch"},
    "papermill": {"batch", "kernel"},
}
OUTSIDE_WORLD = {
    *("csv", "glob", "io", "json", "logging", "os", "pathlib", "random", "shutil", "socket"),
    *("subprocess", "sys", "tempfile", "time", "urllib", "warnings", "yaml"),
}
OUTSIDE_CALLS = {"input", "now", "open", "print", "read_bytes", "read_text", "today", "utcnow"}
OUTSIDE_PREFIXES = ("read_csv", "read_excel", "read_parquet", "to_csv", "to_excel", "to_parquet")


def part_of(name: str) -> str:
    """Return the part of dudao that a module belongs to; a notebook is a part of its own."""
    inside = name.startswith(LIBRARY)
    return name.removeprefix(LIBRARY).split("/")[0].removesuffix(".py") if inside else NOTEBOOK


def imported(code: Code) -> Iterator[tuple[ast.AST, str]]:
    """Yield every imported module or name, dotted in full, also inside functions."""
    folder = code.name.removeprefix("lib/").split("/")[:-1]
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) + 1 - node.level] if node.level else []
            start = [*above, *filter(None, [node.module])]
            yield from ((node, ".".join([*start, alias.name])) for alias in node.names)


def _allowed(target: str, part: str) -> bool:
    names = {part, *MAY_IMPORT[part]}
    return any(target == name or target.startswith(f"{name}.") for name in names)


def imports_point_one_way(code: Code) -> Findings:
    """A part of dudao imports only what MAY_IMPORT in tests/house_style/layers.py allows it."""
    part = part_of(code.name)
    if part not in MAY_IMPORT:
        yield code.name, f"“{part}” is no part yet: say in MAY_IMPORT what it may import"
        return
    for node, target in imported(code):
        inner = target.removeprefix("dudao.")
        if inner != target and inner != "__version__" and not _allowed(inner, part):
            yield code.name, f"line {node.lineno}: {part} must not import {target}"


def packages_stay_in_their_part(code: Code) -> Findings:
    """A package for drawing, running or converting is imported where ONLY_IN says, nowhere else."""
    part = part_of(code.name)
    for node, target in imported(code):
        if part not in ONLY_IN.get(target.split(".")[0], {part}):
            yield code.name, f"line {node.lineno}: {part} must not import {target}"


def formulas_touch_nothing(code: Code) -> Findings:
    """indicators/ and verdict.py read no file and no clock, print nothing and draw no chance."""
    for node, target in imported(code):
        if target.split(".")[0] in OUTSIDE_WORLD:
            yield code.name, f"line {node.lineno}: imports {target}"
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in OUTSIDE_CALLS or called.startswith(OUTSIDE_PREFIXES):
                yield code.at(node), f"line {node.lineno}: calls {called}"


RULES = (imports_point_one_way, packages_stay_in_their_part)
