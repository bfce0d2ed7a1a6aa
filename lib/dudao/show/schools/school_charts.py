"""Pictures of the schools of a county: a strip, a heat map, curves of how evenly things lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dudao.base.rounding import fixed
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.schools import SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BELOW, BETWEEN, UNKNOWN, StageSchools
from dudao.show import charts
from dudao.show.schools.resource_forms import SHORT

COLOURS = {ABOVE: "#9cc6e6", BETWEEN: "#f3dc7a", BELOW: "#d2774f", UNKNOWN: "#e9e9e9"}
DOTS = {ABOVE: "#005a9c", BETWEEN: "#c9980a", BELOW: "#9b2a00", UNKNOWN: "#8a8a8a"}
STATES = {ABOVE: "达标", BETWEEN: "未达标、不低于下限", BELOW: "低于下限", UNKNOWN: "未填"}
SIGNS = {ABOVE: "√", BETWEEN: "○", BELOW: "×", UNKNOWN: "－"}  # the font has these
TILE_SIGNS = {BETWEEN: "ring", BELOW: "cross", UNKNOWN: "dash"}
WIDEST = 2.5  # times the standard; what lies further out is drawn at the edge
EDGES, SIZES = (-1, 300, 800, 1e9), (3.0, 5.0, 8.0)  # pupils -> points across
MOST = 30  # schools in the heat map of a stage; those with the most shortfalls first
NAMES = [SHORT[code] for code in SCHOOL_RESOURCES]
NO_SCHOOLS, ONE_SCHOOL = "没有可画的学校", "只有1所学校，无从比较"
NO_FIGURES = "缺少计算差异系数所需的数据"


def _ratios(group: StageSchools) -> pd.DataFrame:
    return group.values[group.standards.limits.index] / group.standards.limits


def _strip(panel: charts.Panel, group: StageSchools) -> None:
    ratios = _ratios(group).clip(upper=WIDEST).to_numpy()
    states = group.states[group.standards.limits.index].to_numpy()
    sizes = pd.cut(group.schools["enrolment"], EDGES, labels=SIZES).astype(float).to_numpy()
    for state, colour in DOTS.items():
        for size in SIZES:
            drawn = (states == state) & (sizes == size)[:, None] & ~np.isnan(ratios)
            rows = np.nonzero(drawn)[1]
            panel.marks(ratios[drawn], rows, "dot", size=size, ink=colour, alpha=0.55)
    panel.y.name(NAMES, room=0.5)
    panel.x.end = WIDEST + 0.05
    panel.x.number(6)
    panel.x.title = "标准的倍数（实线为标准，点线为下限）"
    panel.y.has_line = False
    ends = panel.y.start, panel.y.end
    panel.line((1, 1), ends, width=1.4)
    floor = group.standards.floor / 100
    panel.line((floor, floor), ends, width=1.2, dashes=charts.DOTTED)
    panel.title = f"{STAGES[group.stage]}（{len(ratios)}所）"


def _counted(group: StageSchools) -> str:
    counted = (
        f"{SHORT[code]}{int((group.states[code] == ABOVE).sum())}所达标"
        for code in SCHOOL_RESOURCES
    )
    return f"{STAGES[group.stage]}{len(group.schools)}所：{'，'.join(counted)}"


def _legend(figure: charts.Figure, colours: dict[str, str], shape: str) -> None:
    figure.keys = [
        charts.Key(f"{SIGNS[state]} {words}", colours[state], shape)
        for state, words in STATES.items()
    ]


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


def _panels(height: float, stages: Sequence[StageSchools]) -> charts.Figure:
    return charts.new_figure(height, len(stages), len(stages))


def strip(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw every school as a dot per resource, in times of its standard; its size is enrolment."""
    figure = _panels(3.9, stages)
    for panel, group in zip(figure.panels, stages, strict=True):
        _strip(panel, group)
    for panel in figure.panels[1:]:  # the rows are those of the first
        panel.y.ticks = ()
    _legend(figure, DOTS, "dot")
    title = charts.entitle(figure, "各校七项资源是标准的几倍", _short_of(stages))
    alt = f"{title}。{'；'.join(map(_counted, stages))}"
    return charts.render(figure, alt, mark=charts.mark_of(case))


def _ranked(group: StageSchools) -> pd.DataFrame:
    """Return the states of the schools, those with the most shortfalls first."""
    order = {ABOVE: 0, UNKNOWN: 1, BETWEEN: 2, BELOW: 4}
    weight = group.states.apply(lambda column: column.map(order)).sum(axis=1)
    return group.states.loc[weight.sort_values(ascending=False, kind="stable").index][:MOST]


def _heat(panel: charts.Panel, group: StageSchools) -> None:
    """Draw a tile with its sign for every school and resource."""
    states = _ranked(group)
    for state, colour in COLOURS.items():
        rows, columns = np.nonzero(states.to_numpy() == state)
        panel.marks(columns, rows, "square", size=10.5, ink=colour)
        if sign := TILE_SIGNS.get(state):
            panel.marks(columns, rows, sign, size=4.5, ink=charts.INK)
    panel.y.name([group.names.get(school) or school for school in states.index])
    panel.x.name(NAMES)
    panel.x.turn, panel.x.is_far = 60, True
    panel.x.size = panel.y.size = 8
    panel.x.has_line = panel.y.has_line = False
    left = len(group.schools) - len(states)
    more = f"，另有{left}所见表" if left else ""
    panel.x.title = f"{STAGES[group.stage]}{len(group.schools)}所{more}"


def heat_map(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw school by resource: met, above the floor or below it, by colour and by sign."""
    tallest = max((min(len(group.schools), MOST) for group in stages), default=1)
    figure = _panels(2.2 + 0.18 * max(tallest, 4), stages)
    for panel, group in zip(figure.panels, stages, strict=True):
        _heat(panel, group)
    _legend(figure, COLOURS, "square")
    title = charts.entitle(figure, "各校各项是否达标，未达标项多的在上", _short_of(stages))
    return charts.render(figure, f"{title}。", mark=charts.mark_of(case))


def curve(amount: pd.Series, enrolment: pd.Series) -> pd.DataFrame:
    """Cumulative shares of pupils and of a resource, poorest schools first (洛伦兹曲线).

    Columns pupils and amount, in percent, from 0 to 100.
    """
    order = (amount / enrolment).sort_values(kind="stable").index
    shares = pd.DataFrame({"pupils": enrolment[order], "amount": amount[order]})
    added = (shares.cumsum() / shares.sum() * 100).reset_index(drop=True)
    return pd.concat([pd.DataFrame({"pupils": [0.0], "amount": [0.0]}), added], ignore_index=True)


def _curves(panel: charts.Panel, group: StageSchools) -> str:
    """Draw the curves of a stage and title them; return what they say."""
    cvs = pd.Series({code: group.spreads[code].cv for code in SCHOOL_RESOURCES}).dropna()
    panel.line((0, 100), (0, 100), charts.MUTED, width=0.8, dashes=charts.DOTTED)
    for code in cvs.sort_values().index:
        line = curve(group.schools[code], group.schools["enrolment"])
        widest = code == cvs.idxmax()
        colour = charts.COUNTY if widest else charts.TIERS["provincial"]
        panel.line(line["pupils"], line["amount"], colour, width=1.8 if widest else 0.9)
    panel.x.end = panel.y.start = 100
    panel.y.end = 0
    for axis in (panel.x, panel.y):
        axis.number(5)
        axis.has_ticks = True
    panel.x.title = "学生累计（%，人均少的学校在前）"
    stage = STAGES[group.stage]
    if cvs.empty:
        why = {0: NO_SCHOOLS, 1: ONE_SCHOOL}.get(len(group.schools), NO_FIGURES)
        panel.title = f"{stage}：{why}"
        return f"{stage}{why}"
    message = f"{SHORT[cvs.idxmax()]}最不均（{fixed(cvs.max(), 3)}）"
    panel.title = f"{stage}：{message}"
    return f"{stage}{message}，{SHORT[cvs.idxmin()]}最均（{fixed(cvs.min(), 3)}）"


def lorenz(case: Case, stages: Sequence[StageSchools]) -> charts.Chart:
    """Draw how each resource lies over the pupils; the widest coefficient is set off."""
    figure = _panels(3.7, stages)
    messages = [_curves(panel, group) for panel, group in zip(figure.panels, stages, strict=True)]
    figure.panels[0].y.title = "资源累计（%）"
    title = charts.entitle(figure, "资源在各校间的分布", "红线为最不均的一项，越弯越不均")
    return charts.render(figure, f"{title}。{'；'.join(messages)}", mark=charts.mark_of(case))
