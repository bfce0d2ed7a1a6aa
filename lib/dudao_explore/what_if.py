"""What-if in memory: the same checks as a scenario file, before and after, and the file itself."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
import yaml

from dudao import scenarios
from dudao.base import workspace
from dudao.base.errors import ScenarioError, nearest
from dudao.case import Case
from dudao.facts.items import STAGE_CODES, items
from dudao.indicators.measure import ATTESTED
from dudao.judging.results import Verdict
from dudao.scenarios.application import CLAIMS_LEFT_OUT
from dudao.show.words import RESULTS

NAME = "试算"
_NOTE = "在分析笔记本中试算，不是报送数据。"


@dataclass(frozen=True)
class WhatIf:
    """一次试算：改了什么，哪些检查和要点变了，可存为情景文件。"""

    before: Case
    after: Case
    raw: dict[str, Any]

    @cached_property
    def _verdicts(self) -> tuple[list[Verdict], list[Verdict]]:
        return self.before.verdicts(), self.after.verdicts()

    @cached_property
    def changed(self) -> pd.DataFrame:
        """数值或结果有变化的各项检查：原来、试算、原结果、试算结果。"""
        then, now = self._verdicts
        earlier = {(v.check, v.label): v for v in then}
        rows = []
        for v in now:
            old = earlier.get((v.check, v.label))
            pairs = (old.value_text if old else "", v.value_text)
            results = (RESULTS[old.result][0] if old else "", RESULTS[v.result][0])
            if pairs[0] != pairs[1] or results[0] != results[1]:
                rows.append(("、".join(v.points), v.label, *pairs, *results))
        columns = ["要点", "检查", "原来", "试算", "原结果", "试算结果"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def note(self) -> str:
        """一句话：只凭报告所列数据判定的检查，试算中为待定，与改动无关；没有这样的检查为空。"""
        then, now = self._verdicts
        unknown = {(v.check, v.label) for v in now if not v.is_known}
        attested = [v for v in then if v.basis == ATTESTED and (v.check, v.label) in unknown]
        if not attested:
            return ""
        return f"{CLAIMS_LEFT_OUT}；原来只凭报告判定的{len(attested)}项因此缺数据，与改动无关。"

    @cached_property
    def points(self) -> pd.DataFrame:
        """结果有变化的评价要点。"""
        then, now = (
            {point.point.id: point for point in case.judge_points(verdicts)}
            for case, verdicts in zip((self.before, self.after), self._verdicts, strict=True)
        )
        rows = [
            (code, point.point.title, RESULTS[then[code].result][0], RESULTS[point.result][0])
            for code, point in now.items()
            if then[code].result != point.result
        ]
        return pd.DataFrame(rows, columns=["要点", "名称", "原结果", "试算结果"])

    def save(self, name: str, title: str = "", *, overwrite: bool = False) -> str:
        """存为情景文件，之后可以 `dudao run --scenario 名称`，得到同样的数。"""
        scenarios.made({**self.raw, "title": title or name}, name)
        path = workspace.scenarios() / f"{name}.yaml"
        if path.exists() and not overwrite:
            raise ScenarioError(f"已有情景文件 {path.name}。请换一个名称，或写 overwrite=True。")
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {**self.raw, "title": title or name}
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return f"已存为 {path}"

    def _repr_html_(self) -> str:
        tables = (("变化的要点", self.points), ("变化的检查", self.changed))
        note = f"<p>{self.note}</p>" if self.note else ""
        return note + "".join(
            f"<p><b>{title}（试算，非实际数据）</b></p>"
            + (frame.to_html(index=False) if len(frame) else "<p>没有变化。</p>")
            for title, frame in tables
        )


def _item(word: str) -> str:
    if word in items():
        return word
    labels = {one.label: code for code, one in items().items() if not one.is_derived}
    if word in labels:
        return labels[word]
    # 在校生（在园幼儿） is also written by either of its names.
    named = {code for label, code in labels.items() if word in re.split("[（）]", label)}
    if word and len(named) == 1:
        return named.pop()
    raise ScenarioError(f"指标字典中没有“{word}”{nearest(word, labels)}。请核对名称。")


def _change(case: Case, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return one change with codes where the analyst wrote Chinese words."""
    chinese = {
        "指标": "item",
        "学段": "stage",
        "学校": "school",
        "年": "year",
        "改为": "set",
        "增加": "add",
        "乘以": "multiply",
    }
    change = {chinese.get(key, key): value for key, value in raw.items()}
    change["item"] = _item(str(change.get("item", "")))
    if "stage" in change:
        change["stage"] = STAGE_CODES.get(change["stage"], change["stage"])
    if school := change.get("school"):
        change["school"] = school_named(case, str(school))
    return change


def school_choices(case: Case) -> dict[str, str]:
    """Return the codes of schools by name; a name that several bear stands with each code."""
    names = case.facts.school_names()
    counts = Counter(names.values())
    return {
        f"{name}（{code}）" if counts[name] > 1 or not name else name: code
        for code, name in names.items()
    }


def school_named(case: Case, text: str) -> str:
    """Return the code of a school, given as such or by name; ScenarioError lists what is near."""
    names, choices = case.facts.school_names(), school_choices(case)
    if text in names:
        return text
    if text in choices:
        return choices[text]
    same = [code for code, name in names.items() if name == text]
    if same:
        raise ScenarioError(f"名为“{text}”的学校不止一所：{'、'.join(same)}。请写学校代码。")
    raise ScenarioError(f"本县没有学校“{text}”{nearest(text, choices)}。请写全名或学校代码。")


def what_if(
    case: Case,
    *changes: Mapping[str, Any],
    standards: Mapping[str, float] | None = None,
    title: str = NAME,
) -> WhatIf:
    """改几个数（或几条标准），看哪些检查和要点会变。改动与情景文件写法相同，也可写中文。

    例：假如(县案, {"指标": "专任教师", "学段": "小学", "增加": 30})；
    假如(县案, {"指标": "在校生", "学段": "初中", "学校": "虚构第一初级中学", "乘以": 1.05})；
    假如(县案, standards={"pupils_per_staff_primary": 18})。结果可以 .save("名称") 存为情景。
    """
    raw: dict[str, Any] = {"title": title, "note": _NOTE, "counties": [case.county]}
    if changes:
        raw["changes"] = [_change(case, change) for change in changes]
    if standards:
        raw["standards"] = [{"rule": rule, "value": value} for rule, value in standards.items()]
    return WhatIf(case, case.assuming(scenarios.made(raw, NAME)), raw)
