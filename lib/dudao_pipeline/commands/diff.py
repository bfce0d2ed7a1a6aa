"""dudao diff: what changed between two versions of a submission, in figures and in verdicts."""

import argparse

import pandas as pd

from dudao.base.errors import ParameterError
from dudao.base.rounding import fixed
from dudao.case import case_of
from dudao.facts import store
from dudao.facts.items import describe
from dudao.facts.measure_groups import notebooks_with_measures
from dudao.facts.store import Stored
from dudao.show.words import RESULTS, reported_text
from dudao_pipeline.commands.targets import stored_county
from dudao_pipeline.exit_codes import DONE

_KEY = ["data_year", "item", "stage", "school"]
_ABSENT = "（无）"


def _versions(county: str, options: argparse.Namespace) -> tuple[int, int]:
    stored = store.versions(county, options.year)
    if len(options.versions) == 2:
        return tuple(options.versions)
    if options.versions:
        raise ParameterError("请给出两个版次，例如 1 2；不给则比较最后两版。")
    if len(stored) < 2:
        store.meta(county, options.year)
        raise ParameterError(f"{county}-{options.year} 只有一版，没有可比较的更正。")
    return stored[-2], stored[-1]


def _figure(row: pd.Series | None) -> str:
    return _ABSENT if row is None else reported_text(row)


def changed_figures(before: Stored, after: Stored) -> list[str]:
    """Return a line for every figure that differs between two versions, by year and item."""
    old, new = (stored.facts.set_index(_KEY).sort_index() for stored in (before, after))
    lines = []
    for key in old.index.union(new.index):
        rows = [table.loc[key] if key in table.index else None for table in (old, new)]
        first, second = map(_figure, rows)
        if first != second:
            data_year, item, stage, school = key
            row = rows[1] if rows[1] is not None else rows[0]
            name = f"{f'{school} ' if school else ''}{describe(item, stage)}"
            change = f"{first} → {second}（{row['sheet']}!{row['cell']}）"
            lines.append(f"{data_year}年 {name}：{change}")
    return lines


def _verdicts(stored: Stored, county: str, year: int) -> dict[tuple[str, str], str]:
    """Return result and value of every check, and the result of every point."""
    words = {}
    for notebook in notebooks_with_measures():
        case = case_of(stored, county, year, notebook)
        verdicts = case.verdicts()
        for of_point in case.judge_points(verdicts):
            words[of_point.point.id, "评价要点"] = RESULTS[of_point.result][0]
        for verdict in verdicts:
            value = fixed(verdict.value, verdict.decimals) or "缺数据"
            words[verdict.points_text, verdict.label] = f"{RESULTS[verdict.result][0]}（{value}）"
    return words


def changed_verdicts(county: str, year: int, before: Stored, after: Stored) -> list[str]:
    """Return a line for every check and point that differs, in the order of the tree."""
    old, new = (_verdicts(stored, county, year) for stored in (before, after))
    return [
        f"{point} {label}：{old.get(key, _ABSENT)} → {new.get(key, _ABSENT)}"
        for key in sorted({**old, **new})
        if old.get(key) != new.get(key)
        for point, label in (key,)
    ]


def main(options: argparse.Namespace) -> int:
    """Print every figure and every verdict that differs."""
    county = stored_county(options.county)
    numbers = _versions(county, options)
    pair = [store.read_version(county, options.year, number) for number in numbers]
    changes = {
        "数据变化": changed_figures(*pair),
        "判定变化": changed_verdicts(county, options.year, *pair),
    }
    print(f"{county}-{options.year}：第{numbers[0]}版与第{numbers[1]}版")
    for title, lines in changes.items():
        print(f"{title}{len(lines)}处：")
        for line in lines:
            print(f"  {line}")
    return DONE
