"""Formulas of the notebooks in typst's notation: the few commands that they use."""

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[A-Za-z]|\d+(?:\.\d+)?|[\u3400-\u9fff]+|\s+|.", re.DOTALL)
_COMMANDS = {
    r"\times": "times",
    r"\le": "<=",
    r"\ge": ">=",
    r"\sum": "sum",
    r"\Delta": "Delta",
    r"\qquad": "quad quad",
    r"\quad": "quad",
    r"\left": "",
    r"\right": "",
    r"\cdot": "dot",
    r"\%": '"%"',
}
_FUNCTIONS = {r"\frac": ("frac", 2), r"\bar": ("macron", 1), r"\sqrt": ("sqrt", 1)}
_FUNCTIONS |= {r"\text": ("upright", 1), r"\hat": ("hat", 1)}
_PLAIN = set("+-=|()[]<>*!_^.'")


class UnknownCommandError(ValueError):
    """A formula uses what is not translated."""


def _group(tokens: list[str]) -> str:
    """Read one argument: a group in braces, or one token."""
    while tokens and tokens[0].isspace():
        tokens.pop(0)
    if not tokens:
        raise UnknownCommandError("argument")
    if tokens[0] != "{":
        return _one(tokens)
    tokens.pop(0)
    parts = []
    while tokens and tokens[0] != "}":
        parts.append(_one(tokens))
    if not tokens:
        raise UnknownCommandError("}")
    tokens.pop(0)
    return " ".join(part for part in parts if part)


def _one(tokens: list[str]) -> str:
    token = tokens.pop(0)
    if token in _FUNCTIONS:
        name, number = _FUNCTIONS[token]
        return f"{name}({', '.join(_group(tokens) for _ in range(number))})"
    if token in _COMMANDS:
        return _COMMANDS[token]
    if token in ("_", "^"):
        return f"{token}({_group(tokens)})"
    if token == "{":
        tokens.insert(0, token)
        return _group(tokens)
    if token.isspace() or token in _PLAIN or (token.isalnum() and token.isascii()):
        return token.strip()
    if token.startswith("\\"):
        raise UnknownCommandError(token)
    return f'"{token}"'


def typst_math(latex: str) -> str:
    """Return a LaTeX formula as typst sets it; UnknownCommandError where a command is not known."""
    tokens = _TOKEN.findall(latex)
    parts = []
    while tokens:
        parts.append(_one(tokens))
    return " ".join(part for part in parts if part)
