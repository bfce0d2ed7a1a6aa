"""Reading a scenario file: every mistake is named with file, entry and what to do next."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dudao.base import schemas, workspace
from dudao.base.errors import ScenarioError, nearest
from dudao.base.yaml_text import read_given
from dudao.facts.items import STAGE_CODES, STAGES, items
from dudao.facts.sheet_layout import COUNTY, FUNDS
from dudao.law.thresholds import all_thresholds

SCHEMAS = Path(__file__).with_name("scenario_schema.yaml")
SET, ADD, MULTIPLY = "set", "add", "multiply"
OPERATIONS = (SET, ADD, MULTIPLY)
YEARS = {"data": "data_year", "base": "base_year", "progress": "progress_year"}
_NAME = re.compile(r"[A-Za-z0-9_\-\u3400-\u9fff]+")


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
        return _error(self.file, what, _entry(change.number) if change else "")


def _entry(number: int) -> str:
    return f"changes 第{number}条"


def _error(file: str, what: str, entry: str = "") -> ScenarioError:
    return ScenarioError(f"情景文件 {f'{file} {entry}'.rstrip()}：{what}")


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
    called, step = f"情景文件 {path.name}", "请检查缩进和冒号。"
    raw = read_given(content, called, ScenarioError, step)
    return made(raw, name, hashlib.sha256(content).hexdigest()[:12])


def made(raw: Any, name: str, digest: str = "") -> Scenario:
    """Return a scenario of what a file would hold, after the same checks.

    raw: title, note, changes or standards, and counties where it is not for all.
    """
    file = f"{name}.yaml"
    _raise_first(file, _file_problems(raw))
    counties = raw.get("counties", [])
    changes, standards = raw.get("changes") or [], raw.get("standards") or []
    return Scenario(
        name=name,
        title=str(raw["title"]).strip(),
        note=str(raw["note"]).strip(),
        counties=tuple(counties if isinstance(counties, list) else [counties]),
        changes=tuple(_change(file, *entry) for entry in enumerate(changes, 1)),
        digest=digest,
        standards=tuple(_standard(file, *entry) for entry in enumerate(standards, 1)),
    )


def _raise_first(file: str, problems: Iterator[str], entry: str = "") -> None:
    if problem := next(filter(None, problems), ""):
        raise _error(file, problem, entry)


def _fault(kind: str, raw: Any) -> str:
    fault = schemas.fault(SCHEMAS, kind, raw)
    return fault and f"{fault}。请对照 README.zh-CN.md“情景推演”一节改正。"


def _file_problems(raw: Any) -> Iterator[str]:
    yield _fault("scenario", raw)
    if not raw.get("changes") and not raw.get("standards"):
        yield "“changes”应是列表，每条以“- item: …”开始。请补充。"


def _standard(file: str, number: int, raw: Any) -> AssumedStandard:
    _raise_first(file, _standard_problems(raw), f"standards 第{number}条")
    return AssumedStandard(number, raw["rule"], float(raw["value"]))


def _standard_problems(raw: Any) -> Iterator[str]:
    yield _fault("standard", raw)
    ids, rule = {one.id for one in all_thresholds()}, str(raw["rule"])
    if rule not in ids:
        yield f"没有名为“{rule}”的标准{nearest(rule, ids)}。可用 dudao law 查看。"


def _change(file: str, number: int, raw: Any) -> Change:
    _raise_first(file, _change_problems(raw), _entry(number))
    operation = next(name for name in OPERATIONS if name in raw)
    return Change(
        number=number,
        item=raw["item"],
        stage=_stage(raw),
        school=raw.get("school", ""),
        year=YEARS[raw.get("year", "data")],
        operation=operation,
        amount=float(raw[operation]),
    )


def _stage(raw: dict[str, Any]) -> str:
    given = str(raw.get("stage") or "")
    return STAGE_CODES.get(given, given)


def _change_problems(raw: Any) -> Iterator[str]:
    yield _fault("change", raw)
    listed, code, stage = items(), str(raw["item"] or ""), _stage(raw)
    if code not in listed:
        hint = f"指标代码“{code}”不在指标字典中{nearest(code, listed)}。请查 docs/glossary.md。"
        yield hint if code else "缺少“item”。请写指标代码。"
    entry = listed[code]
    called = f"“{code}”（{entry.label}）"
    if entry.is_derived:
        inputs = f"（{entry.inputs}）" if entry.inputs else ""
        yield f"{called}由其他数算出，不能直接改。请改所据的数{inputs}。"
    given = [name for name in OPERATIONS if name in raw]
    if len(given) != 1:
        written = f"写了{'、'.join(given)}" if given else "一个也没写"
        yield f"set（改为）、add（增加）、multiply（乘以）须且只须写一个，{written}。请改正。"
    if stage and stage not in STAGES:
        yield f"没有学段“{stage}”{nearest(stage, STAGES)}。可用：{'、'.join(entry.stages)}。"
    if stage and stage not in entry.stages:
        allowed = "、".join(f"{code}（{STAGES[code]}）" for code in entry.stages)
        yield f"{called}没有学段“{stage}”。请改用：{allowed}。"
    if not raw.get("school") and not {COUNTY, FUNDS} & set(entry.sheets):
        yield f"{called}按校填报。请用 school 写明学校代码。"
