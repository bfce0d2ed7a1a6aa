"""The county among the counties in the store: a table of places, and a strip of shares."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.comparison.peers.ranks import DECIMALS, FEWEST, MARKED
from dudao.comparison.peers.standing import HIGHER, LOWER, Rank, Standing
from dudao.show import charts
from dudao.show.bar_charts import PERCENT
from dudao.show.plot import MUTED, Plot
from dudao.show.tables import Table, tabulate

DIRECTIONS = {HIGHER: "越高越好", LOWER: "越低越好", "": "不分优劣"}
MOST = 12  # rows of the strip
_TOO_FEW = f"各项填报的县都不足{FEWEST}个"
MIDDLE = "#d5dfe9"  # colour of the half of the counties in the middle


def _value(standing: Standing, value: float) -> str:
    written = fixed if standing.unit == "%" else plain
    return f"{written(value, DECIMALS)}{standing.unit}"


def _rank_cells(rank: Rank) -> tuple[str, ...]:
    if rank.percentile is None:
        return (f"填报不足{FEWEST}县（{rank.counties}县）",)
    among = f"第{rank.rank}位，共{rank.counties}县" if rank.rank else f"共{rank.counties}县"
    return among, f"百分位{plain(rank.percentile, 0)}"


def _quartiles(standing: Standing) -> tuple[str, ...]:
    three = standing.quartiles
    if three is None:
        return ()
    spread = f"{plain(three.first, DECIMALS)}—{plain(three.third, DECIMALS)}"
    return f"中位数{_value(standing, three.median)}", f"四分位{spread}"


def _table(caption: str, shown: Sequence[Standing]) -> Table:
    columns = {
        "指标": lambda one: (one.label, DIRECTIONS[one.direction]),
        "本县": lambda one: _value(one, one.value),
        "在本市": lambda one: _rank_cells(one.city),
        "在本省": lambda one: _rank_cells(one.province),
        "在入库各县": lambda one: (_rank_cells(one.all)[0], *_quartiles(one)),
    }
    return tabulate(caption, shown, columns, numbers=("本县",), empty=f"{_TOO_FEW}，不列位置")


def _ranked(standings: Sequence[Standing]) -> list[Standing]:
    """Return what a rule ranks and enough counties report, unless all report the same; last first.

    Of equal places the one farther from the median, beside it, comes first.
    """
    ranked = [one for one in standings if one.all.rank and one.marks[0] != one.marks[-1]]
    return sorted(
        ranked, key=lambda one: (-(one.all.rank or 0) / one.all.counties, -_distance(one))
    )


def _distance(standing: Standing) -> float:
    median = standing.quartiles.median if standing.quartiles else 0.0
    return abs(standing.value - median) / abs(median) if median else 0.0


def behind_table(standings: Sequence[Standing]) -> Table:
    """Show where the county stands last: in its city, its province, among all in the store."""
    return _table(f"本县位次最靠后的指标（至多{MOST}项）", _ranked(standings)[:MOST])


def ahead_table(standings: Sequence[Standing]) -> Table:
    """Show where the county stands first; nothing that stands among the last twelve."""
    ahead = _ranked(standings)[MOST:][::-1][:MOST]
    return _table(f"本县位次最靠前的指标（至多{MOST}项）", ahead)


def lines_table(standings: Sequence[Standing]) -> Table:
    """Show the national and provincial figures that are known beside the county's."""

    def lines(one: Standing, area: str) -> tuple[str, ...]:
        of_area = (line for line in one.lines if line.area == area)
        return tuple(f"{_value(one, line.value)}（{line.year}年）" for line in of_area)

    columns = {
        "指标": lambda one: one.label,
        "本县": lambda one: _value(one, one.value),
        "全国": lambda one: lines(one, "全国"),
        "全省": lambda one: lines(one, "全省"),
    }
    shown = [one for one in standings if one.lines]
    caption = "全国、全省的数字（参考，不评判县级）"
    return tabulate(caption, shown, columns, numbers=("本县", "全国", "全省"))


def _strip(axes: Plot, position: int, one: Standing) -> None:
    if box := one.quartiles:
        width = box.third - box.first
        axes.bar(position, width, MIDDLE, height=0.5, left=box.first)
        edges = [position - 0.25, position + 0.25]
        axes.line([box.median] * 2, edges, charts.NATION, linewidth=1.8)
    marks = {"linestyle": "none", "marker": "|", "markersize": 7}
    axes.line(one.marks, [position] * len(one.marks), MUTED, **marks)
    axes.line([one.value], [position], charts.COUNTY, marker="D", markersize=6)
    place = f"{fixed(one.value, DECIMALS)}%　第{one.all.rank}位／{one.all.counties}县"
    axes.text(103, position, place, va="center")


def _finish(axes: Plot, shown: Sequence[Standing], why_empty: str) -> None:
    if not shown:
        axes.say_instead(f"{why_empty}，无图可画")
        return
    axes.name_rows(f"{one.label}（{DIRECTIONS[one.direction]}）" for one in shown)
    axes.set_across(0, 140)
    axes.scale(PERCENT)
    many = any(one.all.counties > MARKED for one in shown)
    lines = "最低、各十分位和最高" if many else "各县"
    marks = f"菱形为本县，竖线为{lines}，浅框为中间一半的县，粗线为中位数"
    axes.sheet.explain(f"单位：%（{marks}）")


def peers_strip(case: Case, standings: Sequence[Standing]) -> charts.Chart:
    """Draw the county among the others: the shares of which it stands last."""
    ranked = _ranked(standings)
    shares = [x for x in ranked if x.unit == "%" and all(0 <= value <= 100 for value in x.marks)]
    shown = shares[:MOST]
    with charts.drawing(1.2 + 0.36 * max(len(shown), 1)) as axes:
        for position, one in enumerate(shown):
            _strip(axes, position, one)
        _finish(axes, shown, "没有各县都在0至100%之间的比率" if ranked else _TOO_FEW)
        last = sum(one.all.rank == one.all.counties for one in shown)
        message = f"{len(shown)}项中{last}项列末位" if shown else ""
        listed = [f"{x.label}{plain(x.value, DECIMALS)}%，第{x.all.rank}位" for x in shown]
        return charts.finish(axes, "本县位次最靠后的比率", message, listed, case=case)


def standing_record(standing: Standing) -> dict[str, Any]:
    """Return a standing as plain data, without the other counties' values."""
    entry = asdict(standing)
    entry.pop("marks")
    entry["lines"] = list(entry["lines"])
    return {**entry, "label": standing.label, "unit": standing.unit}
