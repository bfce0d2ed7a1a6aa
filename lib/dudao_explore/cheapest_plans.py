"""The least that must be bought, at prices that the analyst states."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dudao.base.errors import ParameterError, nearest
from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import item
from dudao.indicators.least_cost import Plan
from dudao.indicators.schools import SCHOOL_RESOURCES
from dudao.indicators.stage_schools import StageSchools
from dudao.show.schools.needs import stage_plan
from dudao_explore.questions import whole
from dudao_explore.school_questions import amounts_text, schools_of

LIMITS = (
    "小学、初中分开计算；一贯制学校共用的资源按拆分后的数计算。"
    "一名教师可以同时是骨干教师、体艺教师，这里按各项分别计算，人数之和是上限。"
)


@dataclass(frozen=True)
class Prices:
    """单价表：七项资源各一单位多少元，必须写明来源。程序不附带任何单价。

    例：单价({"教学及辅助用房面积": 2500, …}, source="某县2023年校舍造价").
    """

    amounts: Mapping[str, float]
    source: str

    def by_code(self) -> dict[str, float]:
        """Return the price of each resource by item; ParameterError names what is wrong."""
        labels = {item(code).label: code for code in SCHOOL_RESOURCES}
        prices = {}
        for word, price in self.amounts.items():
            code = labels.get(word, word)
            if code not in SCHOOL_RESOURCES:
                raise ParameterError(f"单价表中的“{word}”不是七项资源{nearest(word, labels)}。")
            if not float(price) > 0:
                raise ParameterError(f"“{word}”的单价应大于零，写的是{price}。")
            prices[code] = float(price)
        if lacking := [label for label, code in labels.items() if code not in prices]:
            raise ParameterError(f"单价表缺少：{'、'.join(lacking)}。请补充，并写明来源。")
        if not self.source.strip():
            raise ParameterError("单价表没有写来源（source）。请写明单价从哪里来。")
        return prices


@dataclass(frozen=True)
class LeastPlan:
    """一个学段的最省方案：各校各项增加多少，合计，以及不可能更省的下界。"""

    stage: StageSchools
    plan: Plan
    prices: Prices | None

    @property
    def table(self) -> pd.DataFrame:
        """各校各项增加的数量，只列要增加的学校；末行为合计。"""
        labels = {code: f"{item(code).label}（{item(code).unit}）" for code in SCHOOL_RESOURCES}
        added = self.plan.additions.rename(columns=labels)
        frame = added[(added > 0).any(axis=1)].copy()
        frame.insert(0, "学校", [self.stage.names.get(s) or s for s in frame.index])
        total = {"学校": "合计", **added.sum().to_dict()}
        return whole(pd.concat([frame, pd.DataFrame([total], index=["合计"])]))

    @property
    def sentence(self) -> str:
        """一句话：一共要多少，下界是多少。"""
        if self.plan.missing:
            names = [self.stage.names.get(s) or s for s in self.plan.missing]
            return f"{'、'.join(names[:5])}等{len(names)}所学校缺数据或没有学生，无法计算。"
        what = amounts_text(self.plan.additions.sum()) or "不必增加"
        if self.prices is None:
            return f"每校过线、七项差异系数都不超过上限，至少需要：{what}。{LIMITS}"
        money = f"共{plain(self.plan.cost, 0)}元，任何方案不少于{plain(self.plan.bound, 0)}元"
        return f"至少需要：{what}；{money}（单价来源：{self.prices.source}）。{LIMITS}"

    def _repr_html_(self) -> str:
        body = "" if self.plan.missing else self.table.to_html(index=False)
        return f"<p>{self.sentence}</p>{body}"


def least_plan(case: Case, stage: str = "小学", prices: Prices | None = None) -> LeastPlan:
    """最少增加多少，才能每校过线、七项差异系数都达标。写了单价按最省钱，不写按供多少学生折算。

    例：最省(县案, "初中")；最省(县案, "小学", 单价({…}, source="……"))。
    """
    group = schools_of(case, stage)
    plan = stage_plan(case, group, prices.by_code() if prices else None)
    return LeastPlan(group, plan, prices)
