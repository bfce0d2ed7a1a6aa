"""Reading the law's YAML files, with errors that name the file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dudao.base import yaml_text
from dudao.base.errors import LawError


@cache
def read_yaml(path: Path) -> dict[str, Any]:
    """Return the content of one YAML file; LawError names the file and the line at fault."""
    try:
        content: dict[str, Any] = yaml_text.load(path.read_text(encoding="utf-8"))
        return content
    except UnicodeDecodeError as error:
        raise LawError(f"法规文件 {path.name} 不是UTF-8编码。请另存为UTF-8。") from error
    except yaml.YAMLError as error:
        why = yaml_text.explain(error)
        raise LawError(f"法规文件 {path.name} 无法解析：{why}。请更正。") from error
