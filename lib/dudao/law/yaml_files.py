"""Reading the law's YAML files, with errors that name the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from dudao.base import yaml_text
from dudao.base.errors import LawError


@cache
def read_yaml(path: Path) -> dict:
    """Return the content of one YAML file; LawError names the file and the line at fault."""
    try:
        return yaml_text.load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LawError(f"法规文件 {path.name} 无法解析，请检查：{error}") from error
