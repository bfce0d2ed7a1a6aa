"""Rules for the words of library modules and tools."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from tests.house_style import Findings
from tests.house_style.source import FUNCTIONS, Code

POSITIONAL = 4
FORMULA_LINES = 15

_BARE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\()")


def functions_take_few_positional_arguments(code: Code) -> Findings:
    """A function takes at most 4 positional arguments; the others are keyword-only."""
    for one in filter(lambda one: one.is_function, code.definitions):
        taken = len(one.node.args.posonlyargs + one.node.args.args) - one.is_method
        if taken > POSITIONAL:
            yield f"{code.name}:{one.name}", f"{taken} positional arguments"


def no_bare_reminder_is_left(code: Code) -> Findings:
    """No bare TODO, FIXME, XXX or HACK: do it, or say in brackets where it is written down."""
    for line, comment in _comments(code.text):
        if found := _BARE.search(comment):
            yield code.name, f"line {line}: {found[0]}"


def _comments(text: str) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT]


def formulas_are_one_expression(code: Code) -> Findings:
    """A formula has at most 15 lines and ends in its one return; guards before it return NaN."""
    for one in code.definitions:
        if not (one.is_function and one.is_public):
            continue
        body = one.node.body[bool(ast.get_docstring(one.node)) :]
        lines = one.node.end_lineno - body[0].lineno + 1 if body else 0
        if lines > FORMULA_LINES:
            yield f"{code.name}:{one.name}", f"{lines} lines after the docstring"
        if not body or not isinstance(body[-1], ast.Return):
            yield f"{code.name}:{one.name}", "does not end in a return"
        elif any(not _is_guard(node) for node in _returns(one.node) if node is not body[-1]):
            yield f"{code.name}:{one.name}", "returns a computed value before its end"


def _returns(node: ast.AST) -> list[ast.Return]:
    own = [child for child in ast.iter_child_nodes(node) if not isinstance(child, FUNCTIONS)]
    found = [child for child in own if isinstance(child, ast.Return)]
    return found + [inner for child in own for inner in _returns(child)]


def _is_guard(node: ast.Return) -> bool:
    return isinstance(node.value, ast.Constant) or getattr(node.value, "attr", "") == "nan"


_SAY_NOTHING = {"found", "known", "said", "told"}


def names_say_what_they_hold(code: Code) -> Findings:
    """A name is a noun of the field or a verb; participles that fit anything are refused."""
    for node in ast.walk(code.tree):
        name = ""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            name = node.name
        if name.strip("_") in _SAY_NOTHING:
            yield f"{code.name}:{name}", f"line {node.lineno}: what is it?"


def private_names_are_used(code: Code) -> Findings:
    """A private name of a module is used in it: one that nothing reads is left over; delete it."""
    read = {
        node.id
        for node in ast.walk(code.tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    for node in code.tree.body:
        for name in _bound(node):
            is_private = name.startswith("_") and name.strip("_") and not name.startswith("__")
            if is_private and name not in read:
                yield f"{code.name}:{name}", "nothing in the module reads it"


def _bound(node: ast.stmt) -> list[str]:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return [node.name]
    return [
        inner.id
        for inner in ast.walk(node)
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(inner, ast.Name)
        and isinstance(inner.ctx, ast.Store)
    ]


RULES = (
    functions_take_few_positional_arguments,
    names_say_what_they_hold,
    no_bare_reminder_is_left,
    private_names_are_used,
)
