"""dudao law: check every law file, and print the scheme and the rules of an area and year."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from dudao.base.errors import LawError, ParameterError, nearest
from dudao.law.areas import NATIONAL
from dudao_pipeline.exit_codes import DONE

LEVELS = ("一级指标", "二级指标", "评价要点")


def _unmeasured(rules: list) -> Iterator[str]:
    """Yield the rules whose item, stage or unit the dictionary does not have."""
    from dudao.facts.items import items

    for rule in rules:
        entry = items().get(rule.item)
        where = f"标准文件 {rule.file}：标准“{rule.id}”"
        if not rule.topics:
            continue
        if entry is None:
            yield f"{where}的指标“{rule.item}”不在指标字典中{nearest(rule.item, items())}"
        elif rule.stage not in entry.stages:
            yield f"{where}的学段“{rule.stage}”不对，该指标只有：{'、'.join(entry.stages)}"
        elif rule.unit != entry.unit:
            yield f"{where}的单位“{rule.unit}”与指标字典的“{entry.unit}”不同"


def _area(area: str) -> str:
    return "全国" if area == NATIONAL else area


def _scheme(framework, law) -> Iterator[str]:
    scoring = framework.scoring
    marks = f"，满分{scoring.total:g}分" if scoring.is_on else "，不计分"
    remark = f"；{framework.borrowed_note}" if framework.borrowed_for else ""
    yield f"评价方案：{framework.title}（{framework.scheme}，{framework.file}）"
    areas = "、".join(map(_area, framework.areas))
    yield f"  适用地区：{areas}；适用年度：{framework.stated_for}{remark}"
    sizes = (framework.primary_titles, framework.secondary_titles, framework.points)
    words = (f"{len(part)}个{name}" for part, name in zip(sizes, LEVELS, strict=True))
    yield f"  {'，'.join(words)}{marks}"
    for point in framework.points:
        rules = len(law.of_points([point]))
        full = f"，{point.full_marks:g}分" if point.full_marks else ""
        yield f"  {point.id} {point.title}{full}：{rules}条标准，{point.notebook}"


def _rule(rule, year) -> str:
    from dudao.facts.items import STAGES

    day = year.law_date(rule.date_rule)
    value = rule.at(day) if rule.in_force(day) else None
    if value is None:
        limit = f"{rule.values[0].start}起施行，尚不适用"
    elif value.value is None:
        limit = "未查到数值"
    else:
        limit = f"{rule.compare} {value.value:g}{rule.unit}"
    words = {"pass": "达标线", "veto": "一票否决", "reference": "参考线"}[rule.role]
    status = {"sourced": "有出处", "unconfirmed": "未经证实"}[rule.status]
    cited = (value or rule.values[0]).citation
    parts = (words, status, _area(rule.area), cited, rule.file)
    return f"  {rule.id}\t{rule.label}（{STAGES[rule.stage]}）{limit}\t" + "\t".join(parts)


def main(options: argparse.Namespace) -> int:
    """Check all law files, then print what an area and an evaluation year are judged by."""
    from dudao.law import EvaluationYear, framework_for
    from dudao.law.framework import frameworks
    from dudao.law.thresholds import all_thresholds, law_for
    from dudao_pipeline.commands.law_status import status_text

    if not re.fullmatch(r"(\d{2}){0,3}", options.area):
        raise ParameterError(f"--area“{options.area}”应是2、4或6位区划代码，如41、4107、410727。")
    for framework in frameworks():
        for area in framework.areas:
            framework_for(framework.stated_for, "" if area == NATIONAL else area)
    if wrong := list(_unmeasured(list(all_thresholds()))):
        raise LawError("\n".join(f"{text}。" for text in wrong))
    if options.status:
        print(status_text(), end="")
        return DONE
    law, framework = law_for(options.area), framework_for(options.year, options.area)
    year = EvaluationYear(options.year)
    print("\n".join(_scheme(framework, law)))
    rules = law.thresholds.values()
    print(f"标准：{len(rules)}条（编号、内容、性质、出处、地区、依据、文件）")
    for rule in rules:
        print(_rule(rule, year))
    return DONE
