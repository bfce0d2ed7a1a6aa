"""What is wrong with a YAML file by its JSON Schema: the first fault, in Chinese, and where it is.

Beside what JSON Schema knows, a schema may hold `title`, which names an entry to the reader (标准,
评价要点), and `message`, the words for a fault of this part; {key} and {value} are what stands in
the file. A number is finite, as in JSON: YAML also knows .inf and .nan.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from dudao.base.errors import nearest
from dudao.base.yaml_text import read_own

_ENTRY = "应写成“名称: 内容”的条目"
_FORMS = {
    "object": "应写成“名称: 内容”，至少一条",
    "array": "应是列表，至少一条",
    "string": "应是文字，请加引号",
    "number": "应是数字",
    "integer": "应是整数",
    "boolean": "应是 true 或 false",
}


@cache
def _validator(path: Path, name: str) -> Callable[[Any], Any]:
    validator: Callable[[Any], Any] = fastjsonschema.compile(_schema(path, name), use_default=False)
    return validator


@cache
def _schema(path: Path, name: str) -> dict[str, Any]:
    schemas = read_own(path)
    return {**schemas[name], "definitions": schemas["definitions"]}


def fault(path: Path, name: str, content: object) -> str:
    """Return the first fault of a file's content, or nothing.

    path: a file of schemas under their names, with the definitions that they share.
    """
    content = _as_json(content)
    try:
        _validator(path, name)(content)
    except fastjsonschema.JsonSchemaValueException as error:
        return _Way(_schema(path, name), content, error.path[1:]).fault(error)
    return ""


def _as_json(content: Any) -> Any:
    """Return a content with the numbers that JSON does not know as text."""
    if isinstance(content, dict):
        return {key: _as_json(part) for key, part in content.items()}
    if isinstance(content, list):
        return [_as_json(part) for part in content]
    return str(content) if isinstance(content, float) and not math.isfinite(content) else content


class _Way:
    """The way from the top of a file to a fault, with what a reader calls the entries on it."""

    def __init__(self, schema: Mapping[str, Any], content: Any, keys: list[str]):
        self.keys = keys
        self.names = [""]  # of the whole file, and of what each key leads to
        self.definitions = schema["definitions"]
        name, below = "", ""
        for key in keys:
            schema, content, label = self._step(schema, content, key)
            if title := schema.get("title"):
                name, below = f"{title}{label}", ""
            else:
                below += f"{key} "
            self.names.append(f"{name}的 {below}" if name and below else f"{name}{below}")

    def _step(self, schema: Mapping[str, Any], content: Any, key: str) -> tuple[Any, Any, str]:
        """Return the part of schema and content that a key leads to, and the entry's own name."""
        if isinstance(content, list):
            inner, part = schema.get("items", {}), content[int(key)]
            named = part.get("id") if isinstance(part, dict) else None
            label = f"第{int(key) + 1}个" if named is None else str(named)
        else:
            inner = schema.get("properties", {}).get(key) or schema.get("additionalProperties", {})
            part = next(value for name, value in content.items() if str(name) == key)
            label = f"“{key}”"
        reference = inner.get("$ref", "").rpartition("/")[2]
        return self.definitions[reference] if reference else inner, part, label

    def fault(self, error: fastjsonschema.JsonSchemaValueException) -> str:
        """Return the words for a fault at the end of the way."""
        here, rule, value = error.definition, error.rule, error.value
        if rule == "required":
            lacking = "、".join(key for key in here["required"] if key not in value)
            return f"{self.names[-1]}缺少“{lacking}”"
        if rule == "additionalProperties":
            odd = next(str(key) for key in value if key not in here["properties"])
            hint = nearest(odd, here["properties"]) or f"，可用：{'、'.join(here['properties'])}"
            return f"{self.names[-1]}有不认识的“{odd}”{hint}"
        if not self.keys or here.get("title"):
            return f"{self.names[-1]}{here.get('message', _ENTRY)}"
        within, key = self.names[-2], self.keys[-1]
        of = f"{within}的" if within else ""
        if "message" in here:
            return f"{of}{here['message'].format(key=key, value=value)}"
        if rule == "enum":
            choices = [str(choice) for choice in here["enum"]]
            listed = f"“{value}”只能是{'、'.join(choices)}{nearest(str(value), choices)}"
            return f"{of} {key}{listed}".lstrip()
        return f"{of}“{key}”{_FORMS[here['type']]}"
