"""Pictures of the schools of a county: a strip, and curves of how evenly things lie."""

from collections.abc import Sequence

import pandas as pd

from dudao.base.rounding import fixed
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.schools import SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BELOW, BETWEEN, UNKNOWN, StageSchools
from dudao.show import charts
from dudao.show.bar_charts import PERCENT
from dudao.show.plot import INK, MUTED, Plot
from dudao.show.schools.school_forms import SHORT

DOTS = {ABOVE: "#005a9c", BETWEEN: "#c9980a", BELOW: "#9b2a00", UNKNOWN: "#8a8a8a"}
STATES = {ABOVE: "达标", BETWEEN: "未达标、不低于下限", BELOW: "低于下限", UNKNOWN: "未填"}
SIGNS = {ABOVE: "√", BETWEEN: "○", BELOW: "×", UNKNOWN: "－"}  # the font has these
WIDEST = 2.5  # times the standard; what lies further out is drawn at the edge
EDGES, SIZES = (-1, 300, 800, 1e9), (3.0, 5.0, 8.0)  # pupils -> points across
NAMES = [SHORT[code] for code in SCHOOL_RESOURCES]
NO_SCHOOLS, ONE_SCHOOL = "没有可画的学校", "只有1所学校，无从比较"
NO_FIGURES = "缺少计算差异系数所需的数据"


def _strip(axes: Plot, group: StageSchools) -> None:
    limits = group.standards.limits
    ratios = (group.values[limits.index] / limits).clip(upper=WIDEST)
    sizes = pd.cut(group.schools["enrolment"], EDGES, labels=SIZES).astype(float)
    values, states = ratios.to_numpy(), group.states.to_numpy()
    for state, colour in DOTS.items():
        for size in SIZES:
            schools, rows = ((states == state) & (sizes.to_numpy() == size)[:, None]).nonzero()
            style = {"markersize": size, "alpha": 0.55, "markeredgewidth": 0, "linestyle": "none"}
            axes.line(values[schools, rows], rows, colour, marker="o", **style)
    ends = [-0.5, len(NAMES) - 0.5]
    axes.line([1, 1], ends, INK, linewidth=1.4)
    floor = group.standards.floor / 100
    axes.line([floor, floor], ends, INK, linewidth=1.2, linestyle=":")
    axes.set_up(*reversed(ends))
    axes.edge()
    axes.write("below", {0: "0", 1: "1", 2: "2"})
    axes.set_across(0, WIDEST + 0.08)  # half a dot more than the widest
    axes.head(f"{STAGES[group.stage]}（{len(ratios)}所）")


def _counted(group: StageSchools) -> str:
    counted = (
        f"{SHORT[code]}{int((group.states[code] == ABOVE).sum())}所达标"
        for code in SCHOOL_RESOURCES
    )
    return f"{STAGES[group.stage]}{len(group.schools)}所：{'，'.join(counted)}"


def _short_of(stages: Sequence[StageSchools]) -> str:
    """Say how many schools of each stage fall short of anything; what was not reported does not."""
    shown = [group for group in stages if len(group.schools)]
    short = {f.stage: int(f.states.isin((BETWEEN, BELOW)).any(axis=1).sum()) for f in shown}
    lacking = {f.stage: int((f.states == UNKNOWN).any(axis=1).sum()) for f in shown}
    names = {f.stage: f"{STAGES[f.stage]}{len(f.schools)}所" for f in shown}
    sentence = ""
    if any(short.values()):
        sentence = "、".join(f"{names[s]}中{n}所" for s, n in short.items()) + "有未达标项"
    elif shown and not any(lacking.values()):
        sentence = f"{'、'.join(names.values())}各项都达标"
    if any(lacking.values()):
        counted = "、".join(f"{names[s]}中{n}所" for s, n in lacking.items())
        sentence = f"{sentence}，另有未填项" if sentence else f"{counted}有未填项"
    return sentence


def strip(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw every school as a dot per resource, in times of its standard; its size is enrolment."""
    with charts.drawing(3.9, 1, len(stages)) as panels:
        for axes, group in zip(panels, stages, strict=True):
            _strip(axes, group)
        panels[0].name_rows(NAMES)
        key = ((DOTS[state], f"{SIGNS[state]} {words}") for state, words in STATES.items())
        panels[0].sheet.add_key(key, "o", markersize=5, linestyle="none")
        panels[0].sheet.explain(
            f"标准的倍数（实线为标准，点线为下限；超过{WIDEST:g}倍的画在{WIDEST:g}倍处）"
        )
        title, clauses = "各校七项资源是标准的几倍", map(_counted, stages)
        return charts.finish(panels[0], title, _short_of(stages), clauses, case=case)


def curve(amount: pd.Series, enrolment: pd.Series) -> pd.DataFrame:
    """Cumulative shares of pupils and of a resource, poorest schools first (洛伦兹曲线).

    Columns pupils and amount, in percent, from 0 to 100.
    """
    order = (amount / enrolment).to_numpy().argsort(kind="stable")
    shares = (part.iloc[order].cumsum() / part.sum() * 100 for part in (enrolment, amount))
    pupils, amounts = ([0.0, *share] for share in shares)
    return pd.DataFrame({"pupils": pupils, "amount": amounts})


def _curves(axes: Plot, group: StageSchools) -> str:
    cvs = pd.Series({code: group.spreads[code].cv for code in SCHOOL_RESOURCES}).dropna()
    axes.line([0, 100], [0, 100], MUTED, linewidth=0.8, linestyle=":")
    for code in cvs.sort_values().index:
        line = curve(group.schools[code], group.schools["enrolment"])
        widest = code == cvs.idxmax()
        colour = charts.COUNTY if widest else charts.TIERS["provincial"]
        axes.line(line["pupils"], line["amount"], colour, linewidth=1.8 if widest else 0.9)
    axes.set_across(0, 100)
    axes.set_up(0, 100)
    axes.write("below", PERCENT)
    axes.edge()
    axes.edge("left")
    if cvs.empty:
        why = {0: NO_SCHOOLS, 1: ONE_SCHOOL}.get(len(group.schools), NO_FIGURES)
        axes.head(f"{STAGES[group.stage]}：{why}")
        return f"{STAGES[group.stage]}{why}"
    message = f"{SHORT[cvs.idxmax()]}最不均（{fixed(cvs.max(), 3)}）"
    axes.head(f"{STAGES[group.stage]}：{message}")
    return f"{STAGES[group.stage]}{message}，{SHORT[cvs.idxmin()]}最均（{fixed(cvs.min(), 3)}）"


def lorenz(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw how each resource lies over the pupils; the widest coefficient is set off."""
    with charts.drawing(3.7, 1, len(stages)) as panels:
        messages = [_curves(axes, group) for axes, group in zip(panels, stages, strict=True)]
        panels[0].write("left", PERCENT)
        panels[0].sheet.explain("横向为学生累计（%，人均少的学校在前），竖向为资源累计（%）")
        title, marks = "资源在各校间的分布", "红线为最不均的一项，越弯越不均"
        return charts.finish(panels[0], title, marks, messages, case=case)
