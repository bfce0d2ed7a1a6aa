"""dudao diff: what changed between two versions of a submission, in figures and in verdicts."""

import argparse
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from dudao.base.errors import ParameterError
from dudao.base.rounding import plain
from dudao.case import case_of
from dudao.facts import store
from dudao.facts.cells import REPORTED
from dudao.facts.items import STAGES, describe, item
from dudao.facts.measure_groups import notebooks_with_measures
from dudao.facts.sheet_layout import columns_of
from dudao.facts.store import Stored
from dudao.show.words import RESULTS, reported_text
from dudao_pipeline.commands.targets import stored_county
from dudao_pipeline.exit_codes import DONE

_KEY = ["data_year", "item", "stage", "school"]
_ABSENT = "（无）"
# What tells the rows of a sheet apart; rows that agree in it are told apart by their order.
_NAMED_BY = {
    "claims": ("number", "name", "stage", "data_year"),
    "evidence": ("point", "title"),
    "schools": ("school", "stage"),
    "exceptions": ("school", "item", "matter"),
    "last_round": ("number", "point"),
    "self_ratings": ("point",),
}
_OF_A_FILE = ("size", "sha256")  # of an attachment: its content


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
    if row is None:
        return _ABSENT
    unit = item(row["item"]).unit if row["status"] == REPORTED else ""
    return f"{reported_text(row)}{unit}"


def changed_figures(before: Stored, after: Stored) -> list[tuple[str, str]]:
    """Return sheet and line of every figure that differs between two versions."""
    old, new = (stored.facts.set_index(_KEY).sort_index() for stored in (before, after))
    lines = []
    for key in old.index.union(new.index):
        rows = [table.loc[key] if key in table.index else None for table in (old, new)]
        for row in rows:
            if row is not None:
                row["item"] = key[1]
        first, second = map(_figure, rows)
        row = rows[1] if rows[1] is not None else rows[0]
        data_year, code, stage, school = key
        name = f"{data_year}年 {f'{school} ' if school else ''}{describe(code, stage)}"
        if first != second:
            lines.append((row["sheet"], f"{row['cell']} {name}：{first} → {second}"))
        notes = [_ABSENT if one is None else one["note"] or _ABSENT for one in rows]
        if notes[0] != notes[1]:
            lines.append((row["sheet"], f"{row['cell']} {name}备注：{notes[0]} → {notes[1]}"))
    return lines


def changed_rows(before: Stored, after: Stored) -> list[tuple[str, str]]:
    """Return sheet and line of all that differs in the registers and in what schools are."""
    lines = []
    for table, named_by in _NAMED_BY.items():
        old, new = (_by_name(getattr(stored, table), named_by) for stored in (before, after))
        for key in dict.fromkeys((*old, *new)):
            lines += _of_row(old.get(key), new.get(key), named_by)
    return lines


def _by_name(rows: pd.DataFrame, named_by: Sequence[str]) -> dict[tuple, dict]:
    """Return the rows of a table by what names them, and by a number where names repeat."""
    times: Counter[tuple] = Counter()
    named = {}
    for row in rows.to_dict("records"):
        name = tuple(row[column] for column in named_by)
        named[*name, times[name]] = row
        times[name] += 1
    return named


def _of_row(old: dict | None, new: dict | None, named_by: Sequence[str]) -> list[tuple[str, str]]:
    row = new or old
    columns = {one.name: one.header for one in columns_of(row["sheet"]) if one.name}
    name = " ".join(filter(None, (_shown(row, one) for one in named_by if one in columns)))
    place = f"{row['cell']} {name}"
    if old is None or new is None:
        kept = [
            f"{header}“{_shown(row, one)}”"
            for one, header in columns.items()
            if one not in named_by and _shown(row, one)
        ]
        return [
            (row["sheet"], f"{place}：{'新增' if new else '删去'}　{'，'.join(kept)}".rstrip("　"))
        ]
    lines = [
        f"{place} {header}：{_shown(old, one) or _ABSENT} → {_shown(new, one) or _ABSENT}"
        for one, header in columns.items()
        if _shown(old, one) != _shown(new, one)
    ]
    if not lines and any(old.get(one) != new.get(one) for one in _OF_A_FILE):
        lines = [f"{place}：所附文件的内容变了"]
    return [(row["sheet"], line) for line in lines]


def _shown(row: dict, column: str) -> str:
    """Return a cell of a row in words; nothing where it is empty."""
    value = row[column]
    if isinstance(value, str):
        return STAGES.get(value, value) if column == "stage" else value
    return "" if value != value or (value == 0 and column != "amount") else plain(value)


def _verdicts(stored: Stored, county: str, year: int) -> dict[tuple[str, str], tuple[str, str]]:
    """Return result and value of every check, and the result of every point, without a value."""
    words = {}
    for notebook in notebooks_with_measures():
        case = case_of(stored, county, year, notebook)
        verdicts = case.verdicts()
        for of_point in case.judge_points(verdicts):
            words[of_point.point.id, "评价要点"] = RESULTS[of_point.result][0], ""
        for verdict in verdicts:
            result = RESULTS[verdict.result][0]
            words[verdict.points_text, verdict.label] = result, verdict.value_text
    return words


def changed_verdicts(
    county: str, year: int, before: Stored, after: Stored
) -> tuple[list[str], list[str]]:
    """Return a line for every check and point whose result differs, and for values alone."""
    old, new = (_verdicts(stored, county, year) for stored in (before, after))
    results, values = [], []
    for key in sorted({**old, **new}):
        was, now = old.get(key, (_ABSENT, "")), new.get(key, (_ABSENT, ""))
        if was == now:
            continue
        point, label = key
        if was[0] != now[0]:
            texts = [f"{word}（{value}）" if value else word for word, value in (was, now)]
            results.append(f"{point} {label}：{texts[0]} → {texts[1]}")
        else:
            values.append(f"{point} {label}：{was[1]} → {now[1]}（仍为{now[0]}）")
    return results, values


def main(options: argparse.Namespace) -> int:
    """Print every figure, entry and verdict that differs, sheet by sheet."""
    county = stored_county(options.county)
    numbers = _versions(county, options)
    pair = [store.read_version(county, options.year, number) for number in numbers]
    by_sheet: dict[str, list[str]] = {}
    for sheet, line in (*changed_figures(*pair), *changed_rows(*pair)):
        by_sheet.setdefault(sheet, []).append(line)
    results, values = changed_verdicts(county, options.year, *pair)
    print(f"{county}-{options.year}：第{numbers[0]}版与第{numbers[1]}版")
    print(f"数据变化{sum(map(len, by_sheet.values()))}处")
    sections = {
        **{f"“{sheet}”表{len(lines)}处": lines for sheet, lines in by_sheet.items()},
        f"结果变化{len(results)}处": results,
        f"仅数值变化{len(values)}处": values,
    }
    for title, lines in sections.items():
        print(f"{title}{'：' if lines else ''}")
        for line in lines:
            print(f"  {line}")
    return DONE
