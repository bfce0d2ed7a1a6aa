"""Reading a scenario file: every mistake is named with file, entry and what to do next."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from dudao.base import workspace, yaml_text
from dudao.base.errors import ScenarioError, nearest
from dudao.facts.items import STAGE_CODES, STAGES, Item, items
from dudao.facts.sheet_layout import COUNTY, FUNDS
from dudao.law.thresholds import all_thresholds

SET, ADD, MULTIPLY = "set", "add", "multiply"
OPERATIONS = (SET, ADD, MULTIPLY)
YEARS = {"data": "data_year", "base": "base_year", "progress": "progress_year"}
_REQUIRED = ("title", "note")
_KEYS = (*_REQUIRED, "counties", "changes", "standards")
_STANDARD_KEYS = ("rule", "value")
_CHANGE_KEYS = ("item", "stage", "school", "year", *OPERATIONS)
_NAME = re.compile(r"[A-Za-z0-9_\-\u3400-\u9fff]+")
_CODE = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Change:
    """One entry: which figure, and what is done to it; an empty stage means every stage."""

    number: int
    item: str
    stage: str
    school: str
    year: str
    operation: str
    amount: float


@dataclass(frozen=True)
class AssumedStandard:
    """A threshold that a scenario assumes instead of the one in force, such as a draft's."""

    number: int
    rule: str
    value: float


@dataclass(frozen=True)
class Scenario:
    """What a file assumes; no counties: for any county. digest: of the file's content."""

    name: str
    title: str
    note: str
    counties: tuple[str, ...]
    changes: tuple[Change, ...]
    digest: str
    standards: tuple[AssumedStandard, ...] = ()

    @property
    def file(self) -> str:
        """Return the file's name."""
        return f"{self.name}.yaml"

    def error(self, what: str, change: Change | None = None) -> ScenarioError:
        """Return an error that says where in the file the fault is."""
        return _error(self.file, what, change.number if change else 0)


def _error(file: str, what: str, entry: int = 0) -> ScenarioError:
    where = f" changes 第{entry}条" if entry else ""
    return ScenarioError(f"情景文件 {file}{where}：{what}")


def names() -> list[str]:
    """Return the names of the scenarios that exist."""
    return sorted(path.stem for path in workspace.scenarios().glob("*.yaml"))


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ScenarioError(f"情景名称“{name}”只能用字母、数字、汉字、-和_。请改文件名后重试。")
    path = workspace.scenarios() / f"{name}.yaml"
    if not path.is_file():
        listed = names()
        hint = nearest(name, listed) or f"，已有：{'、'.join(listed) or '无'}"
        raise ScenarioError(
            f"没有名为“{name}”的情景{hint}。请核对名称，或新建 data/scenarios/{name}.yaml。"
        )
    return path


def read(name: str) -> Scenario:
    """Return the scenario of a name; ScenarioError says what is wrong with it."""
    path = _path(name)
    content = path.read_bytes()
    try:
        raw = yaml_text.load(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise _error(path.name, "不是UTF-8编码。请另存为UTF-8。") from None
    except yaml.YAMLError as error:
        why = yaml_text.explain(error)
        raise _error(path.name, f"无法解析：{why}。请检查缩进和冒号。") from None
    return made(raw, name, hashlib.sha256(content).hexdigest()[:12])


def made(raw: Any, name: str, digest: str = "") -> Scenario:
    """Return a scenario of what a file would hold, after the same checks.

    raw: title, note, changes or standards, and counties where it is not for all.
    """
    file = f"{name}.yaml"
    _check_keys(file, raw, _KEYS)
    if lacking := [key for key in _REQUIRED if not raw.get(key)]:
        raise _error(file, f"缺少“{'、'.join(lacking)}”。请补充。")
    changes, standards = raw.get("changes") or [], raw.get("standards") or []
    if not isinstance(changes, list) or not (changes or standards):
        raise _error(file, "“changes”应是列表，每条以“- item: …”开始。请改正。")
    if not isinstance(standards, list):
        raise _error(file, "“standards”应是列表，每条以“- rule: …”开始。请改正。")
    return Scenario(
        name=name,
        title=str(raw["title"]).strip(),
        note=str(raw["note"]).strip(),
        counties=_counties(file, raw.get("counties", [])),
        changes=tuple(_change(file, *entry) for entry in enumerate(changes, 1)),
        digest=digest,
        standards=tuple(_standard(file, *entry) for entry in enumerate(standards, 1)),
    )


def _standard(file: str, number: int, raw: Any) -> AssumedStandard:
    _check_keys(file, raw, _STANDARD_KEYS, number)
    ids, rule = {one.id for one in all_thresholds()}, str(raw.get("rule") or "")
    if rule not in ids:
        what = f"没有名为“{rule}”的标准{nearest(rule, ids)}。可用 dudao law 查看。"
        raise _error(file, what, number)
    value = raw.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _error(file, f"标准“{rule}”的 value 应是数字。请改正。", number)
    return AssumedStandard(number, rule, float(value))


def _check_keys(file: str, raw: Any, allowed: Iterable[str], entry: int = 0) -> None:
    if not isinstance(raw, dict):
        raise _error(file, "应写成“名称: 内容”的条目。请对照 README.zh-CN.md 改正。", entry)
    if unknown := [str(key) for key in raw if key not in allowed]:
        hint = nearest(unknown[0], allowed) or f"，可用：{'、'.join(allowed)}"
        raise _error(file, f"有不认识的“{unknown[0]}”{hint}。请改正或删去。", entry)


def _counties(file: str, raw: Any) -> tuple[str, ...]:
    codes = raw if isinstance(raw, list) else [raw]
    for code in codes:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            what = f"counties 中的“{code}”不是六位代码。请加引号写成列表，如 ['990102']。"
            raise _error(file, what)
    return tuple(codes)


def _change(file: str, number: int, raw: Any) -> Change:
    _check_keys(file, raw, _CHANGE_KEYS, number)
    entry = _item(file, number, raw.get("item"))
    operation = _operation(file, number, raw)
    return Change(
        number=number,
        item=entry.item,
        stage=_stage(file, number, raw.get("stage", ""), entry),
        school=_school(file, number, raw.get("school", ""), entry),
        year=_year(file, number, raw.get("year", "data")),
        operation=operation,
        amount=_amount(file, number, operation, raw[operation]),
    )


def _item(file: str, number: int, code: object) -> Item:
    listed, code = items(), str(code or "")
    if code not in listed:
        what = f"指标代码“{code}”不在指标字典中{nearest(code, listed)}。请查 docs/glossary.md。"
        raise _error(file, what if code else "缺少“item”。请写指标代码。", number)
    if listed[code].is_derived:
        inputs = f"（{listed[code].inputs}）" if listed[code].inputs else ""
        what = f"“{code}”（{listed[code].label}）由其他数算出，不能直接改。请改所据的数{inputs}。"
        raise _error(file, what, number)
    return listed[code]


def _stage(file: str, number: int, given: object, entry: Item) -> str:
    stage = STAGE_CODES.get(str(given or ""), str(given or ""))
    if stage and stage not in STAGES:
        what = f"没有学段“{stage}”{nearest(stage, STAGES)}。可用：{'、'.join(entry.stages)}。"
        raise _error(file, what, number)
    if stage and stage not in entry.stages:
        allowed = "、".join(f"{code}（{STAGES[code]}）" for code in entry.stages)
        what = f"“{entry.item}”（{entry.label}）没有学段“{stage}”。请改用：{allowed}。"
        raise _error(file, what, number)
    return stage


def _school(file: str, number: int, school: object, entry: Item) -> str:
    if not isinstance(school, str):
        what = f"学校代码“{school}”须加引号，如 school: '9901020001'。请改正。"
        raise _error(file, what, number)
    if not school and not {COUNTY, FUNDS} & set(entry.sheets):
        what = f"“{entry.item}”（{entry.label}）按校填报。请用 school 写明学校代码。"
        raise _error(file, what, number)
    return school


def _year(file: str, number: int, year: object) -> str:
    if str(year) not in YEARS:
        what = f"year“{year}”应为 data（数据年）、base（基准年）或 progress（进展年）。请改正。"
        raise _error(file, what, number)
    return YEARS[str(year)]


def _operation(file: str, number: int, raw: dict[str, Any]) -> str:
    given = [name for name in OPERATIONS if name in raw]
    if len(given) != 1:
        written = f"写了{'、'.join(given)}" if given else "一个也没写"
        what = f"set（改为）、add（增加）、multiply（乘以）须且只须写一个，{written}。请改正。"
        raise _error(file, what, number)
    return given[0]


def _amount(file: str, number: int, operation: str, amount: Any) -> float:
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    if not is_number or not math.isfinite(amount):
        raise _error(file, f"{operation} 的“{amount}”不是数。请写成数字，如 12 或 1.05。", number)
    return float(amount)
