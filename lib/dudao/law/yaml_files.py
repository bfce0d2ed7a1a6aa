"""Reading the law's YAML files, with errors that name the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from dudao.base.errors import LawError
from dudao.base.yaml_text import read_given


@cache
def read_yaml(path: Path) -> dict[str, Any]:
    """Return the content of one YAML file; LawError names the file and the line at fault."""
    content: dict[str, Any] = read_given(path.read_bytes(), f"法规文件 {path.name}", LawError)
    return content
