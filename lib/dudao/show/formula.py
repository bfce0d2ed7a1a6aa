"""Showing the formula that really runs: its source, so that reader and test notice an edit."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any


@dataclass(frozen=True)
class Formula:
    """The source of a formula, shown as code."""

    name: str
    source: str

    def _repr_html_(self) -> str:
        return f'<pre class="formula"><code>{escape(self.source)}</code></pre>'

    def __repr__(self) -> str:
        return f"公式：{self.name}"


def show_formula(function: Callable[..., Any]) -> Formula:
    """Show the source of the function that computes, not a copy of it."""
    return Formula(function.__qualname__, inspect.getsource(function).rstrip())
