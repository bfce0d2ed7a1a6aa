"""Pictures of the schools of a county: a strip, a heat map, curves of how evenly things lie."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from dudao.base.rounding import fixed
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.schools import SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BELOW, BETWEEN, UNKNOWN, StageSchools
from dudao.show import charts
from dudao.show.schools.school_forms import SHORT

COLOURS = {ABOVE: "#9cc6e6", BETWEEN: "#f3dc7a", BELOW: "#d2774f", UNKNOWN: "#e9e9e9"}
DOTS = {ABOVE: "#005a9c", BETWEEN: "#c9980a", BELOW: "#9b2a00", UNKNOWN: "#8a8a8a"}
STATES = {ABOVE: "达标", BETWEEN: "未达标、不低于下限", BELOW: "低于下限", UNKNOWN: "未填"}
SIGNS = {ABOVE: "√", BETWEEN: "○", BELOW: "×", UNKNOWN: "－"}  # the font has these
TILE_SIGNS = {ABOVE: "None", BETWEEN: "o", BELOW: "x", UNKNOWN: "_"}
WIDEST = 2.5  # times the standard; what lies further out is drawn at the edge
EDGES, SIZES = (-1, 300, 800, 1e9), (3.0, 5.0, 8.0)  # pupils -> points across
MOST = 30  # schools in the heat map of a stage; those with the most shortfalls first
NAMES = [SHORT[code] for code in SCHOOL_RESOURCES]
NO_SCHOOLS, ONE_SCHOOL = "没有可画的学校", "只有1所学校，无从比较"
NO_FIGURES = "缺少计算差异系数所需的数据"


def _strip(axes: Axes, group: StageSchools) -> None:
    limits = group.standards.limits
    ratios = (group.values[limits.index] / limits).clip(upper=WIDEST)
    sizes = pd.cut(group.schools["enrolment"], EDGES, labels=SIZES).astype(float)
    for state, colour in DOTS.items():
        for size in SIZES:
            drawn = (group.states == state).mul(sizes == size, axis=0)
            dots = ratios.where(drawn).set_axis(range(len(NAMES)), axis=1).stack()
            style = {"color": colour, "markersize": size, "alpha": 0.55, "markeredgewidth": 0}
            axes.plot(dots, dots.index.get_level_values(1), "o", **style)
    axes.axvline(1, color=charts.INK, linewidth=1.4)
    axes.axvline(group.standards.floor / 100, color=charts.INK, linewidth=1.2, linestyle=":")
    axes.set_yticks(range(len(NAMES)), NAMES)
    axes.set_ylim(len(NAMES) - 0.5, -0.5)
    axes.set_xlim(0, WIDEST + 0.08)  # half a dot more than the widest
    axes.set_title(f"{STAGES[group.stage]}（{len(ratios)}所）")
    axes.tick_params(length=0)
    axes.spines["left"].set_visible(False)


def _counted(group: StageSchools) -> str:
    counted = (
        f"{SHORT[code]}{int((group.states[code] == ABOVE).sum())}所达标"
        for code in SCHOOL_RESOURCES
    )
    return f"{STAGES[group.stage]}{len(group.schools)}所：{'，'.join(counted)}"


def _legend(axes: Axes, colours: dict[str, str], marker: str) -> None:
    for state, words in STATES.items():
        axes.scatter([], [], c=colours[state], s=24, marker=marker, label=f"{SIGNS[state]} {words}")
    axes.figure.legend(loc="outside lower left", ncols=4, frameon=False)


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
    with charts.drawing(3.9, 1, len(stages), sharey=True) as panels:
        for axes, group in zip(panels, stages, strict=True):
            _strip(axes, group)
            axes.set_xlabel("标准的倍数（实线为标准，点线为下限）", loc="left")
        _legend(panels[0], DOTS, "o")
        title, clauses = "各校七项资源是标准的几倍", map(_counted, stages)
        return charts.finish(panels[0], title, _short_of(stages), clauses, case=case)


def _ranked(group: StageSchools) -> pd.DataFrame:
    """Return the states of the schools, those with the most shortfalls first."""
    order = {ABOVE: 0, UNKNOWN: 1, BETWEEN: 2, BELOW: 4}
    weight = group.states.apply(lambda column: column.map(order)).sum(axis=1)
    return group.states.loc[weight.sort_values(ascending=False, kind="stable").index][:MOST]


def _tiles(axes: Axes, states: pd.DataFrame) -> None:
    """Draw a tile with its sign for every school and resource; one path per state is small."""
    sign = {"color": charts.INK, "markersize": 4.5, "markerfacecolor": "none"}
    for state, colour in COLOURS.items():
        at = (states == state).set_axis(range(len(NAMES)), axis=1).reset_index(drop=True).stack()
        rows, columns = (at[at].index.get_level_values(level) for level in (0, 1))
        tile = {"color": colour, "markersize": 10.5, "markeredgewidth": 0}
        axes.plot(columns, rows, "s", **tile)
        axes.plot(columns, rows, linestyle="none", marker=TILE_SIGNS[state], **sign)


def _heat(axes: Axes, group: StageSchools) -> None:
    states = _ranked(group)
    _tiles(axes, states)
    names = [group.names.get(school) or school for school in states.index]
    axes.set_yticks(range(len(names)), names, fontsize=8)
    leaning = {"rotation": 60, "rotation_mode": "anchor", "ha": "left", "fontsize": 8}
    axes.set_xticks(range(len(NAMES)), NAMES, **leaning)
    axes.xaxis.tick_top()
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.set_xlim(-0.6, len(NAMES) - 0.4)
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    left = len(group.schools) - len(states)
    more = f"，另有{left}所见表" if left else ""
    axes.set_xlabel(f"{STAGES[group.stage]}{len(group.schools)}所{more}", loc="left")


def heat_map(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw school by resource: met, above the floor or below it, by colour and by sign."""
    tallest = max((min(len(group.schools), MOST) for group in stages), default=1)
    with charts.drawing(2.2 + 0.18 * max(tallest, 4), 1, len(stages)) as panels:
        for axes, group in zip(panels, stages, strict=True):
            _heat(axes, group)
        _legend(panels[0], COLOURS, "s")
        title = "各校各项是否达标，未达标项多的在上"
        return charts.finish(panels[0], title, _short_of(stages), (), none="", case=case)


def curve(amount: pd.Series, enrolment: pd.Series) -> pd.DataFrame:
    """Cumulative shares of pupils and of a resource, poorest schools first (洛伦兹曲线).

    Columns pupils and amount, in percent, from 0 to 100.
    """
    order = (amount / enrolment).sort_values(kind="stable").index
    shares = pd.DataFrame({"pupils": enrolment[order], "amount": amount[order]})
    added = (shares.cumsum() / shares.sum() * 100).reset_index(drop=True)
    return pd.concat([pd.DataFrame({"pupils": [0.0], "amount": [0.0]}), added], ignore_index=True)


def _curves(axes: Axes, group: StageSchools) -> str:
    cvs = pd.Series({code: group.spreads[code].cv for code in SCHOOL_RESOURCES}).dropna()
    axes.plot([0, 100], [0, 100], color=charts.MUTED, linewidth=0.8, linestyle=":")
    for code in cvs.sort_values().index:
        line = curve(group.schools[code], group.schools["enrolment"])
        widest = code == cvs.idxmax()
        style = {"color": charts.COUNTY if widest else charts.TIERS["provincial"]}
        axes.plot(line["pupils"], line["amount"], linewidth=1.8 if widest else 0.9, **style)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.set_xlabel("学生累计（%，人均少的学校在前）", loc="left")
    if cvs.empty:
        why = {0: NO_SCHOOLS, 1: ONE_SCHOOL}.get(len(group.schools), NO_FIGURES)
        axes.set_title(f"{STAGES[group.stage]}：{why}")
        return f"{STAGES[group.stage]}{why}"
    message = f"{SHORT[cvs.idxmax()]}最不均（{fixed(cvs.max(), 3)}）"
    axes.set_title(f"{STAGES[group.stage]}：{message}")
    return f"{STAGES[group.stage]}{message}，{SHORT[cvs.idxmin()]}最均（{fixed(cvs.min(), 3)}）"


def lorenz(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw how each resource lies over the pupils; the widest coefficient is set off."""
    with charts.drawing(3.7, 1, len(stages), sharey=True) as panels:
        messages = [_curves(axes, group) for axes, group in zip(panels, stages, strict=True)]
        panels[0].set_ylabel("资源累计（%）")
        title, marks = "资源在各校间的分布", "红线为最不均的一项，越弯越不均"
        return charts.finish(panels[0], title, marks, messages, case=case)
