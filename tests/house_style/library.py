"""Rules for the size and the words of library modules and tools."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from tests.house_style import Findings
from tests.house_style.source import FUNCTIONS, Code

FUNCTION_LINES, PARSER_LINES, MODULE_LINES = 25, 40, 200
POSITIONAL = 4
COMMENT_SHARE, COMMENTS = 0.08, 2  # two comments are few in the shortest module
FORMULA_LINES = 15

_PARSER = {"add_argument", "add_parser", "ArgumentParser"}
_BARE = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?!\()")


def functions_are_short(code: Code) -> Findings:
    """A function has at most 25 lines, one that builds a parser at most 40."""
    for one in filter(lambda one: one.is_function, code.definitions):
        lines = one.node.end_lineno - one.node.lineno + 1
        called = (n.func for n in ast.walk(one.node) if isinstance(n, ast.Call))
        names = {getattr(func, "attr", getattr(func, "id", "")) for func in called}
        if lines > (PARSER_LINES if names & _PARSER else FUNCTION_LINES):
            yield f"{code.name}:{one.name}", f"{lines} lines"


def functions_take_few_positional_arguments(code: Code) -> Findings:
    """A function takes at most 4 positional arguments; the others are keyword-only."""
    for one in filter(lambda one: one.is_function, code.definitions):
        taken = len(one.node.args.posonlyargs + one.node.args.args) - one.is_method
        if taken > POSITIONAL:
            yield f"{code.name}:{one.name}", f"{taken} positional arguments"


def modules_are_short(code: Code) -> Findings:
    """A module has at most 200 lines."""
    if (lines := len(code.text.splitlines())) > MODULE_LINES:
        yield code.name, f"{lines} lines"


def public_names_have_docstrings(code: Code) -> Findings:
    """Modules and public classes, functions and methods have a docstring; line 1 is the rule."""
    if code.tree.body and not ast.get_docstring(code.tree):
        yield code.name, "the module has none"
    for one in code.definitions:
        if one.is_public and not ast.get_docstring(one.node):
            yield f"{code.name}:{one.name}", "has none"


def no_bare_reminder_is_left(code: Code) -> Findings:
    """No bare TODO, FIXME, XXX or HACK: do it, or say in brackets where it is written down."""
    for line, comment in _comments(code.text):
        if found := _BARE.search(comment):
            yield code.name, f"line {line}: {found[0]}"


def comments_are_rare(code: Code) -> Findings:
    """At most 8 % of a module's lines carry a comment: say why, not what."""
    comments = len(_comments(code.text))
    share = comments / max(sum(bool(line.strip()) for line in code.text.splitlines()), 1)
    if comments > COMMENTS and share > COMMENT_SHARE:
        yield code.name, f"{comments} comments, {share:.0%} of its lines"


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


RULES = (
    functions_are_short,
    functions_take_few_positional_arguments,
    modules_are_short,
    public_names_have_docstrings,
    no_bare_reminder_is_left,
    comments_are_rare,
)
