"""What the rules read: Python modules and notebooks, as text and syntax tree."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.house_style import ROOT

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Definition:
    """A function or class, and the definitions that it stands in, outermost first."""

    node: ast.AST
    around: tuple[ast.AST, ...] = ()

    @property
    def name(self) -> str:
        """Return the dotted name inside the module."""
        return ".".join(node.name for node in (*self.around, self.node))

    @property
    def is_function(self) -> bool:
        """Say whether it is a function or method."""
        return isinstance(self.node, FUNCTIONS)

    @property
    def is_method(self) -> bool:
        """Say whether its first argument is self or cls."""
        names = {ast.unparse(decorator) for decorator in getattr(self.node, "decorator_list", ())}
        inside = self.around and isinstance(self.around[-1], ast.ClassDef)
        return bool(self.is_function and inside and "staticmethod" not in names)

    @property
    def is_public(self) -> bool:
        """Say whether others may use it: no underscore, and not inside a function."""
        local = any(isinstance(node, FUNCTIONS) for node in self.around)
        return not local and not any(n.name.startswith("_") for n in (*self.around, self.node))


@dataclass(frozen=True)
class Code:
    """Python text under the name that findings and exceptions use."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree; empty for text that is not Python (a rule of its own)."""
        try:
            return ast.parse(self.text)
        except SyntaxError:
            return ast.Module([], [])

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Return every function and class, outer before inner."""
        return tuple(_definitions(self.tree, ()))

    def at(self, node: ast.AST) -> str:
        """Return `name:function` of the innermost function around a node, else the name."""
        around = [
            one.name
            for one in self.definitions
            if one.is_function and one.node.lineno <= node.lineno <= one.node.end_lineno
        ]
        return f"{self.name}:{around[-1]}" if around else self.name


def _definitions(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[Definition]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (*FUNCTIONS, ast.ClassDef)):
            yield Definition(child, around)
            yield from _definitions(child, (*around, child))
        else:
            yield from _definitions(child, around)


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook, as it is stored."""

    notebook: str
    raw: dict

    @property
    def id(self) -> str:
        """Return the stored id, or none."""
        return self.raw.get("id", "")

    @property
    def name(self) -> str:
        """Return the name that findings and exceptions use."""
        return f"{self.notebook}:{self.id}"

    @property
    def source(self) -> str:
        """Return the text of the cell."""
        return joined(self.raw["source"])

    @property
    def is_code(self) -> bool:
        """Say whether the cell runs."""
        return self.raw["cell_type"] == "code"

    @property
    def is_markdown(self) -> bool:
        """Say whether the cell is prose."""
        return self.raw["cell_type"] == "markdown"

    @property
    def tags(self) -> list[str]:
        """Return the tags."""
        return self.raw["metadata"].get("tags", [])

    @property
    def outputs(self) -> list[dict]:
        """Return the stored outputs."""
        return self.raw.get("outputs", [])

    @cached_property
    def code(self) -> Code:
        """Return the source as Python."""
        return Code(self.name, self.source)


@dataclass(frozen=True)
class Notebook:
    """A notebook as it is stored: read as JSON, because nbformat would mend what is missing."""

    name: str
    cells: tuple[Cell, ...]

    @property
    def code(self) -> list[Cell]:
        """Return the cells that run."""
        return [cell for cell in self.cells if cell.is_code]

    @property
    def markdown(self) -> list[Cell]:
        """Return the cells of prose."""
        return [cell for cell in self.cells if cell.is_markdown]


def joined(text: str | list[str]) -> str:
    """Return text that the notebook format may store in lines."""
    return text if isinstance(text, str) else "".join(text)


def notebook(name: str, text: str) -> Notebook:
    """Return the notebook that a JSON text holds."""
    return Notebook(name, tuple(Cell(name, raw) for raw in json.loads(text)["cells"]))


def notebook_paths() -> list[Path]:
    """Return the files of the committed notebooks: two digits and a name."""
    return sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def notebooks() -> list[Notebook]:
    """Return the committed notebooks."""
    paths = notebook_paths()
    return [notebook(path.stem, path.read_text(encoding="utf-8")) for path in paths]


def modules(folder: str) -> list[Code]:
    """Return every Python module below a folder, named by its path."""
    return [source(path) for path in sorted((ROOT / folder).rglob("*.py"))]


def source(path: Path) -> Code:
    """Return a file, Python or not, named by its path in the repository."""
    return Code(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
