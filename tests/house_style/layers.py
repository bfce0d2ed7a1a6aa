"""Rules for who may import whom. Arrows point one way; the tables are the whole of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house_style import Findings
from tests.house_style.source import Code

LIBRARY = "lib/"
NOTEBOOK = "notebook"
PACKAGES = {"dudao", "dudao_explore", "dudao_pipeline", "warm_kernels"}
UNDIVIDED = {"dudao_explore", "warm_kernels"}  # a package of one room
_READING_FACTS = {
    "dudao.facts.cells",
    "dudao.facts.measure_groups",
    "dudao.facts.items",
    "dudao.facts.sheet_layout",
    "dudao.facts.view",
}
_BASE = {"dudao.base"}
_WHOLE_LIBRARY = {"dudao"}
_FILES = {"dudao_pipeline.digests", "dudao_pipeline.files"}
_COUNTIES = {"dudao_pipeline.boundary", "dudao_pipeline.county_years"}

# Room -> what it may import, besides itself: a room, or one module of a room. `dudao` is what a
# result depends on and imports nothing of the pipeline; `dudao_explore` is what an analyst uses in
# the lab, and no result depends on it; `warm_kernels` knows none of them.
MAY_IMPORT = {
    "dudao.__init__": set(),
    "dudao.__main__": set(),  # it finds the command by its entry point
    "dudao.base": set(),
    "dudao.law": _BASE,
    "dudao.facts": {*_BASE, "dudao.law"},
    "dudao.indicators": {*_READING_FACTS, "dudao.base.errors", "dudao.base.rounding"},
    "dudao.judging": {
        *(*_BASE, *_READING_FACTS, "dudao.facts.printed_formulas", "dudao.indicators"),
        "dudao.law",
    },
    "dudao.scenarios": {*_BASE, "dudao.facts", "dudao.law"},
    "dudao.case": {
        *(*_BASE, "dudao.facts", "dudao.indicators", "dudao.judging", "dudao.law"),
        "dudao.scenarios",
    },
    "dudao.comparison": {
        *(*_BASE, "dudao.case", "dudao.facts", "dudao.indicators", "dudao.judging", "dudao.law"),
    },
    "dudao.show": {
        *(*_BASE, "dudao.__init__", "dudao.case", "dudao.comparison", "dudao.facts"),
        *("dudao.indicators", "dudao.judging", "dudao.law", "dudao.scenarios"),
    },
    "dudao_explore": _WHOLE_LIBRARY,
    "dudao_pipeline.__init__": set(),
    "dudao_pipeline.exit_codes": set(),
    "dudao_pipeline.preload": _WHOLE_LIBRARY,
    "dudao_pipeline.boundary": _BASE,
    "dudao_pipeline.county_years": _BASE,
    "dudao_pipeline.lab": {*_BASE, "dudao_pipeline.files"},
    "dudao_pipeline.files": _BASE,
    "dudao_pipeline.digests": {"dudao_pipeline.files"},
    "dudao_pipeline.intake": {
        *(*_BASE, "dudao.facts", "dudao.indicators", "dudao.law", *_FILES),
    },
    "dudao_pipeline.runner": {
        *(*_BASE, "dudao.comparison", "dudao.facts", "dudao.law", "dudao.scenarios"),
        *("dudao.__init__", "dudao_pipeline.intake", *_FILES, *_COUNTIES),
        *("warm_kernels.cell_runner", "warm_kernels.preload", "warm_kernels.zygotes"),
    },
    "dudao_pipeline.publish": {
        *(*_BASE, "dudao.__init__", "dudao.comparison", "dudao.facts", "dudao.indicators"),
        *("dudao.judging", "dudao.law", "dudao.show", "dudao_pipeline.intake"),
        *("dudao_pipeline.runner", *_FILES, *_COUNTIES),
    },
    "dudao_pipeline.report_check": {*_BASE, *_FILES, "dudao.facts", "dudao_pipeline.intake"},
    "dudao_pipeline.importing": {
        *(*_BASE, "dudao.facts", "dudao.law", "dudao_pipeline.intake"),
        "dudao_pipeline.report_check",
    },
    "dudao_pipeline.commands": {*_WHOLE_LIBRARY, "dudao_pipeline"},
    "dudao_pipeline.cli": {
        *("dudao.base", "dudao_pipeline.boundary"),
        "dudao_pipeline.commands",
        "dudao_pipeline.exit_codes",
        "dudao_pipeline.runner.limits",
    },
    "warm_kernels": set(),
    NOTEBOOK: {
        *("dudao.base.reference", "dudao.case", "dudao.comparison", "dudao.indicators"),
        *("dudao.judging", "dudao.show"),
    },
}
# Package -> the only rooms that import it.
ONLY_IN = {
    "bs4": {"dudao_pipeline.publish", "dudao_pipeline.report_check"},
    "docxtpl": {"dudao_pipeline.publish"},
    "jinja2": {
        *("dudao_pipeline.importing", "dudao_pipeline.publish", "dudao_pipeline.report_check"),
    },
    "matplotlib": {"dudao.show", "dudao_pipeline.publish"},
    "mistune": {"dudao_pipeline.publish"},
    "nbclient": {"warm_kernels"},
    "nbformat": {"dudao_pipeline.publish", "dudao_pipeline.runner", "warm_kernels"},
    "openpyxl": {
        *("dudao_pipeline.intake", "dudao_pipeline.publish", "dudao_pipeline.report_check"),
        *("dudao_pipeline.commands", "dudao_pipeline.importing"),
    },
    "distributed": {"dudao_pipeline.runner"},
    "papermill": {"dudao_pipeline.runner", "warm_kernels"},
}
OUTSIDE_WORLD = {
    *("csv", "glob", "io", "json", "logging", "os", "pathlib", "random", "shutil", "socket"),
    *("subprocess", "sys", "tempfile", "time", "urllib", "warnings", "yaml"),
}
OUTSIDE_CALLS = {"input", "now", "open", "print", "read_bytes", "read_text", "today", "utcnow"}
OUTSIDE_PREFIXES = ("read_csv", "read_excel", "read_parquet", "to_csv", "to_excel", "to_parquet")


def part_of(name: str) -> str:
    """Return the room that a module belongs to; a notebook is a room of its own."""
    if not name.startswith(LIBRARY):
        return NOTEBOOK
    package, *inner = name.removeprefix(LIBRARY).removesuffix(".py").split("/")
    return package if package in UNDIVIDED else f"{package}.{inner[0]}"


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
    """A room imports only what MAY_IMPORT in tests/house_style/layers.py allows it."""
    part = part_of(code.name)
    if part not in MAY_IMPORT:
        yield code.name, f"“{part}” is no room yet: say in MAY_IMPORT what it may import"
        return
    for node, target in imported(code):
        ours = target.split(".")[0] in PACKAGES
        if ours and target not in ("dudao", "dudao.__version__") and not _allowed(target, part):
            yield code.name, f"line {node.lineno}: {part} must not import {target}"


def packages_stay_in_their_part(code: Code) -> Findings:
    """A package for drawing, running or converting is imported where ONLY_IN says, nowhere else."""
    part = part_of(code.name)
    for node, target in imported(code):
        if part not in ONLY_IN.get(target.split(".")[0], {part}):
            yield code.name, f"line {node.lineno}: {part} must not import {target}"


def formulas_touch_nothing(code: Code) -> Findings:
    """indicators/ and judging/ read no file and no clock, print nothing and draw no chance."""
    for node, target in imported(code):
        if target.split(".")[0] in OUTSIDE_WORLD:
            yield code.name, f"line {node.lineno}: imports {target}"
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in OUTSIDE_CALLS or called.startswith(OUTSIDE_PREFIXES):
                yield code.at(node), f"line {node.lineno}: calls {called}"


RULES = (imports_point_one_way, packages_stay_in_their_part)
