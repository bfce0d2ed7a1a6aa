"""dudao diff: what changed between two versions of a submission, in figures and in verdicts."""

from __future__ import annotations

import argparse

from dudao.base.errors import ParameterError
from dudao_pipeline.exit_codes import DONE


def _versions(county: str, options: argparse.Namespace) -> tuple[int, int]:
    from dudao.facts import store

    stored = store.versions(county, options.year)
    if len(options.versions) == 2:
        return tuple(options.versions)
    if options.versions:
        raise ParameterError("请给出两个版次，例如 1 2；不给则比较最后两版。")
    if len(stored) < 2:
        store.meta(county, options.year)
        raise ParameterError(f"{county}-{options.year} 只有一版，没有可比较的更正。")
    return stored[-2], stored[-1]


def main(options: argparse.Namespace) -> int:
    """Print every figure and every verdict that differs."""
    from dudao.facts import store
    from dudao.facts.county_names import code_of
    from dudao_pipeline.commands.verdict_diff import changed_verdicts
    from dudao_pipeline.intake.version_diff import changed_figures

    county = code_of(options.county, {county for county, _ in store.submissions()})
    first, second = _versions(county, options)
    pair = [store.read_version(county, options.year, n) for n in (first, second)]
    figures = changed_figures(*pair)
    verdicts = changed_verdicts(county, options.year, *pair)
    print(f"{county}-{options.year}：第{first}版与第{second}版")
    print(f"数据变化{len(figures)}处：")
    for change in figures:
        print(f"  {change}")
    print(f"判定变化{len(verdicts)}处：")
    for change in verdicts:
        print(f"  {change}")
    return DONE
