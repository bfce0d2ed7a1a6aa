"""What is wrong with a file of thresholds as it is written: file, rule and key are named."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dudao.base import schemas
from dudao.base.errors import LawError, nearest
from dudao.base.yaml_text import read_own
from dudao.law.areas import areas_of
from dudao.law.topics import notebook_of

SCHEMAS = Path(__file__).with_name("schemas.yaml")
HELP = "docs/load-your-scheme.md"
PASS, REFERENCE_LINE, VETO = "pass", "reference", "veto"
ROLES = {PASS: "达标线", VETO: "一票否决", REFERENCE_LINE: "参考线"}
LAW_STATUS = {"sourced": "有出处", "unconfirmed": "未经证实"}
OPERATORS = {">=": "不低于", "<=": "不高于", "==": "等于", ">": "高于", "<": "低于"}


def unknown_topic(topics: list[str], where: str) -> str:
    """Return which topic of an entry is none, or nothing."""
    try:
        [notebook_of(topic) for topic in topics]
    except LawError as error:
        return f"{where}：{str(error).rstrip('。')}"
    return ""


def is_partial(rule: dict[str, Any]) -> bool:
    """Say whether a rule of an overlay names only what it changes of a more general one."""
    whole = read_own(SCHEMAS)["thresholds"]["then"]["properties"]["thresholds"]
    return any(key not in rule for key in whole["additionalProperties"]["required"])


def _problems(raw: dict[str, Any]) -> Iterator[str]:
    yield schemas.fault(SCHEMAS, "thresholds", raw)
    for name, rule in raw["thresholds"].items():
        where = f"标准“{name}”"
        yield unknown_topic(list(areas_of(rule.get("topic", []))), where)
        for day, entry in rule.get("values", {}).items():
            if not isinstance(day, date):
                yield f"{where}的 values {day} 不是日期，应写成 2024-01-01"
            for reference in (entry["reference"], *entry.get("also", ())):
                if reference not in raw["references"]:
                    hint = nearest(reference, raw["references"])
                    yield f"{where}的 values {day} 的依据“{reference}”不在 references 中{hint}"


def rules_problem(raw: Any) -> str:
    """Return the first thing that is wrong with a file of thresholds, or nothing."""
    return next((problem for problem in _problems(raw) if problem), "")
