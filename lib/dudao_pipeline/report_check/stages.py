"""Identities over stages: 义务教育 = 小学 + 初中, 高中阶段 = 普高 + 中职, 全县 = 各学段之和.

They hold for what is counted or measured of schools and pupils, where a report prints each once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, FOLLOWS, RARE
from dudao_pipeline.report_check.contexts import COUNTY
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import COUNT, LEVEL
from dudao_pipeline.report_check.printing import DOUBT, SUM, Printing, Relation, in_unit
from dudao_pipeline.report_check.rules import pattern, words

_NARROW = pattern("narrow")
_NOUN = re.compile("|".join(f"(?P<{name}>{text})" for name, text in words().nouns.items()))
_SCHOOLS = "schools"
_LARGE = 10_000  # persons or amounts that a slip explains hardly by chance
_OF_A_PART = re.compile("生均|教学点")


def noun_of(what: str) -> str:
    """Return the kind of quantity that words name, where they name one and narrow it by nothing."""
    named = {match.lastgroup for match in _NOUN.finditer(what)}
    return (named.pop() or "") if len(named) == 1 and not _NARROW.search(what) else ""


def _table(printing: Printing) -> dict[tuple, dict[str, list[int]]]:
    """Return the figures by quantity, year and dimension, and among these by stage."""
    out: dict[tuple, dict[str, list[int]]] = {}
    for index, one in enumerate(printing.figures):
        if one.kind not in (COUNT, LEVEL) or not one.is_exact or _OF_A_PART.search(one.what):
            continue
        if noun := noun_of(one.what):
            stages = out.setdefault((noun, one.year, one.dimension), {})
            stages.setdefault(one.stage, []).append(index)
    return out


def _once(stages: dict[str, list[int]], figures: tuple[Figure, ...]) -> dict[str, int]:
    """Return the stages whose quantity is printed once, or everywhere alike."""
    return {
        stage: indices[0]
        for stage, indices in stages.items()
        if len({figures[i].size for i in indices}) == 1
    }


def _of_one_line(printing: Printing) -> Iterator[Relation]:
    """Check a total after its parts in one line: 小学专任教师…；初中专任教师…。其中专任教师….

    Of what does not follow, two digits exchanged among four or more numbers are accused, and one
    slip among large ones.
    """
    by_line: dict[tuple, list[int]] = {}
    for indices in _table(printing).values():
        for i in sorted(index for some in indices.values() for index in some):
            one = printing.figures[i]
            key = (printing.line(i), noun_of(one.what), one.dimension)
            earlier = by_line.setdefault(key, [])
            bare = one.stage == COUNTY and _NOUN.fullmatch(one.what)
            named = {printing.figures[k].what for k in earlier}
            if bare and len(named) == len(earlier) > 3:
                relation = _identity(printing, i, earlier)
                if relation.status not in (CONTRADICTS, DOUBT) or relation.slip == RARE[0]:
                    yield relation
                elif relation.slip and one.size >= _LARGE:
                    yield replace(relation, status=CONTRADICTS)
            earlier.append(i)


def over_stages(printing: Printing) -> Iterator[Relation]:
    """Check the quantity of a whole against those of its stages; what fails is mostly doubted.

    It is accused where another quantity of the same whole is the sum of its stages in this
    report, and a slip of the pen explains it.
    """
    sums = []
    for (noun, _, _), listed in _table(printing).items():
        stages = _once(listed, printing.figures)
        for whole, parts in _wholes(stages, listed):
            members = [stages[part] for part in parts]
            largest = max(printing.figures[i].size for i in members)
            wholes = [i for i in listed[whole] if printing.figures[i].size > largest]
            if len({printing.figures[i].size for i in wholes}) == 1:
                relation = _identity(printing, wholes[0], members)
                sums.append((noun, whole, relation))
    yield from _of_one_line(printing)
    added = {whole for _, whole, relation in sums if relation.status == FOLLOWS}
    for noun, whole, relation in sums:
        is_doubted = relation.status in (CONTRADICTS, DOUBT)
        if is_doubted and (noun == _SCHOOLS or (whole == COUNTY and relation.slip not in RARE)):
            continue  # other schools count, too: 九年一贯制, 特殊教育, 教师进修学校
        is_sure = relation.status == DOUBT and relation.slip and whole in added
        is_sure = is_sure and not _may_be_special(printing, relation)
        yield replace(relation, status=CONTRADICTS) if is_sure else relation


def _may_be_special(printing: Printing, relation: Relation) -> bool:
    """Say whether a few pupils or teachers of special schools explain what the stages lack."""
    whole = printing.figures[relation.of]
    parts = [printing.figures[i] for i in relation.figures if i != relation.of]
    missing = whole.size - sum(one.size for one in parts)
    return 0 < missing <= max(3.0, 0.01 * whole.size)


def _wholes(
    stages: dict[str, int], listed: dict[str, list[int]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for whole, parts in words().stage_sums.items():
        if whole in listed and all(part in stages for part in parts):
            yield whole, parts
    if COUNTY in stages:
        for parts in words().county_sums:
            if all(part in stages for part in parts):
                special = ("特殊教育",) if "特殊教育" in stages else ()
                yield COUNTY, (*parts, *special)
                return


def _identity(printing: Printing, whole: int, parts: list[int]) -> Relation:
    figures = printing.figures
    stated = printing.printed(whole)
    chosen = parts
    given = [printing.printed(i) for i in parts]
    status = arithmetic.compare(arithmetic.total, given, stated)
    if status == CONTRADICTS and figures[parts[-1]].stage == "特殊教育":
        fewer = arithmetic.compare(arithmetic.total, given[:-1], stated)
        if fewer != CONTRADICTS:
            status, chosen, given = fewer, parts[:-1], given[:-1]
    expected = in_unit(sum(figures[i].size for i in chosen), figures[whole])
    written = "+".join(f"#{i}" for i in chosen)
    if status != CONTRADICTS:
        return Relation((whole, *chosen), SUM, status, expected, "各学段之和", "", whole, written)
    slip = arithmetic.likely_slip(arithmetic.total, given, stated)
    name = slip[0] if slip else ""
    words = f"{figures[whole].stage}为{figures[whole].shown}"
    message = f"{printing.shown(*chosen)}之和为{expected}，文中{words}"
    members = (whole, *chosen)
    if name and slip:
        message += f"；可能：{name}"
        doubt = members[slip[1] + 1]
        members = (doubt, *(i for i in members if i != doubt))
    sure = name == RARE[0] and figures[whole].size >= 1000
    return Relation(
        members, SUM, CONTRADICTS if sure else DOUBT, expected, message, name, whole, written
    )
