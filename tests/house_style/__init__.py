"""The counted house style: each rule is a function that yields where it is broken, and how.

A rule's docstring is what a contributor reads when it fails. `exceptions.yaml` is the only list
of what a rule lets pass; `tests/test_house_style.py` fails for an entry that is no longer needed.
"""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

Findings = Iterator[tuple[str, str]]
