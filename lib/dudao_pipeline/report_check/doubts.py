"""What a reader should ask about although nothing contradicts it: each is 存疑, never 不相符."""

import re
from collections.abc import Iterator

import yaml

from dudao.base.rounding import plain
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import COUNT, LEVEL
from dudao_pipeline.report_check.printing import DOUBT, SUM, Printing, Relation
from dudao_pipeline.report_check.rules import rule_text, words
from dudao_pipeline.report_check.structure import Passage, group_of, is_summable

MISSING, TIMES = "missing", "times"
_RECRUITED = re.compile(r"招聘|招录|引进|补充|吸纳")
_FAR_APART = 5.0  # vocational and general senior schools spend on a pupil in the same order


def expected_but_missing(passage: Passage) -> Iterator[Relation]:
    """Name the totals that a report speaks of and does not print."""
    printing = passage.printing
    names = [name for index in range(len(printing.figures)) for name in _names(printing, index)]
    for rule in yaml.safe_load(rule_text("expected.yaml")):
        if not re.search(rule["says"], printing.text):
            continue
        if not any(re.search(rule["figure"], name) for name in names):
            yield Relation((), MISSING, DOUBT, "", rule["message"])


def _names(printing: Printing, index: int) -> tuple[str, str]:
    """Return the words of a figure, and those that its sentence begins with: 生均经费，小学为….

    The second are what a list by stage or year is of.
    """
    sentence = printing.sentence(index)
    begin = printing.sentence_ends[sentence - 1] + 1 if sentence else 0
    before = printing.text[begin : printing.figures[index].at]
    return printing.figures[index].what, before.partition("，")[0]


def recruits_of_two_sections(passage: Passage) -> Iterator[Relation]:
    """Compare the number of teachers recruited in a year with its parts in another section."""
    printing, figures = passage.printing, passage.figures
    totals = [
        i
        for i, one in enumerate(figures)
        if one.kind == COUNT
        and one.is_exact
        and re.search(r"招聘教师|招聘新教师|招录教师", one.what)
    ]
    for parts in _recruit_lists(passage):
        for total in totals:
            one = figures[total]
            if one.year != figures[parts[0]].year or total in parts:
                continue
            added = sum(figures[i].size for i in parts)
            if printing.sentence(total) != printing.sentence(parts[0]) and added != one.size:
                message = (
                    f"另一处分列{printing.shown(*parts)}，合计{plain(added)}人，此处为{one.shown}"
                )
                yield Relation((total, *parts), SUM, DOUBT, f"{plain(added)}人", message)


def _recruit_lists(passage: Passage) -> Iterator[tuple[int, ...]]:
    """Yield lists of at least two kinds of recruits in one sentence: 专任96人、特岗15人."""
    family = next(one for one in words().families if one.name == "招聘")
    for run in sorted({run for some in passage.runs for run in some}):
        groups = [group_of(family, passage.label(i)) for i in run]
        kinds = None in groups or len(set(groups)) < len(groups)
        if kinds or not all(is_summable(passage.figures[i]) for i in run):
            continue
        first = passage.figures[run[0]]
        before = passage.text[max(0, first.at - 24) : first.at]
        if _RECRUITED.search(before) and "拟" not in before:
            yield run


def spending_far_apart(passage: Passage) -> Iterator[Relation]:
    """Name what vocational schools spend on a pupil when it is many times that of 普通高中."""
    by_year: dict[tuple[int | None, str], dict[str, int]] = {}
    for index, one in enumerate(passage.figures):
        if one.kind == LEVEL and one.dimension == "money" and "生均" in one.what:
            key = (one.year, _without_stage(one))
            by_year.setdefault(key, {}).setdefault(one.stage, index)
    for (year, _), stages in by_year.items():
        pair = stages.get("中等职业学校"), stages.get("普通高中")
        if pair[0] is None or pair[1] is None:
            continue
        vocational, general = (passage.figures[i] for i in pair)
        times = vocational.size / general.size if general.size else 0.0
        if times >= _FAR_APART:
            named = f"{year}年" if year else ""
            message = f"{named}约为普通高中{general.shown}的{times:.1f}倍，请说明原因"
            yield Relation((pair[0], pair[1]), TIMES, DOUBT, "", message)


def _without_stage(one: Figure) -> str:
    return one.what[one.what.index("生均") :]


RULES = (expected_but_missing, recruits_of_two_sections, spending_far_apart)


def doubts(passage: Passage) -> tuple[Relation, ...]:
    """Return what to ask about, in the order of the rules."""
    return tuple(relation for rule in RULES for relation in rule(passage))
