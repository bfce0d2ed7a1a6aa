"""dudao law: check every law file; print scheme and rules of an area and year, or all on record."""

import argparse
import re
from collections.abc import Iterator

from dudao.base.errors import LawError, ParameterError, nearest
from dudao.base.rounding import plain
from dudao.facts.items import STAGES, items
from dudao.law import EvaluationYear, Law, framework_for
from dudao.law.areas import NATIONAL
from dudao.law.framework import Framework, frameworks
from dudao.law.rules_check import LAW_STATUS, OPERATORS, PASS, REFERENCE_LINE, ROLES
from dudao.law.thresholds import Threshold, all_thresholds, law_for
from dudao.law.topics import notebook_of, notebook_title
from dudao.law.values import UNSEEN, DatedValue
from dudao.show.words import area_name
from dudao_pipeline.exit_codes import DONE

LATEST = 2024  # the scheme whose points are named
HEADER = ("编号", "内容", "标准", "起始日", "依据", "条文", "性质", "出处", "用于")
HEAD = """# 标准的依据一览

本表由 `dudao law --status` 写成，不手工修改；一条标准的每个数值一行。

- “条文”：见到的写条号，没有见到原文的写“未见条文”。
- “未经证实”的标准单独不能使要点未达标。
- “未查到”：知道有文件而没有见到数值，取得后按 [加载标准](load-your-scheme.md) 补入。
- “用于”：依靠它的评价要点；只用于单校、单园判定的写明。
"""
LEVELS = ("一级指标", "二级指标", "评价要点")


def _unmeasured(rules: list) -> Iterator[str]:
    """Yield the rules whose item, stage or unit the dictionary does not have."""
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
    return "全国" if area == NATIONAL else area_name(area)


def _scheme(framework: Framework, year: EvaluationYear) -> Iterator[str]:
    scoring = framework.scoring
    marks = f"，满分{scoring.total:g}分" if scoring.is_on else "，不计分"
    remark = framework.remark(year.year)
    yield f"评价方案：{framework.title}（{framework.scheme}，{framework.file}）"
    areas = "、".join(map(_area, framework.areas))
    yield f"  适用地区：{areas}；适用年度：{framework.stated_for}{f'；{remark}' if remark else ''}"
    sizes = (framework.primary_titles, framework.secondary_titles, framework.points)
    words = (f"{len(part)}个{name}" for part, name in zip(sizes, LEVELS, strict=True))
    yield f"  {'，'.join(words)}{marks}"


def _by_point(framework: Framework, law: Law, year: EvaluationYear) -> Iterator[str]:
    """Yield every point with its standards, then the standards that no point rests on."""
    rests = list(law.thresholds.values())
    for point in framework.points:
        rules = law.of_points([point])
        full = f"，{point.full_marks:g}分" if point.full_marks else ""
        title = notebook_title(point.notebook)
        yield f"{point.id} {point.title}{full}（{title}）：{len(rules)}条标准"
        yield from (_rule(rule, year) for rule in rules)
        rests = [rule for rule in rests if rule not in rules]
    if rests:
        yield f"不归单个要点，用于分册列示或单校（园）判定：{len(rests)}条标准"
        yield from (_rule(rule, year) for rule in rests)


def _rule(rule: Threshold, year: EvaluationYear) -> str:
    value = rule.in_year(year)
    if value is None:
        limit = f"{rule.values[0].start}起施行，尚不适用"
    elif value.value is None:
        limit = "未查到数值"
    else:
        limit = _limit(rule, value)
    stage = STAGES[rule.stage]
    name = rule.label if stage in rule.label else f"{rule.label}（{stage}）"
    cited = (value or rule.values[0]).citation
    usual = (ROLES[PASS], LAW_STATUS["sourced"], _area(NATIONAL))  # is not said of every line
    kinds = (ROLES[rule.role], LAW_STATUS[rule.status], _area(rule.area))
    marks = "".join(f"【{word}】" for word in kinds if word not in usual)
    return f"  {name}：{limit}{marks}　{cited}"


def _number(rule: Threshold, value: float | None) -> str:
    return "未查到" if value is None else f"{OPERATORS[rule.compare]}{plain(value)}{rule.unit}"


def _limit(rule: Threshold, value: DatedValue) -> str:
    kinds = [f"{kind}{_number(rule, number)}" for kind, number in value.kinds]
    general = _number(rule, value.value)
    return "；".join((*kinds, f"其余{general}")) if kinds else general


def _document(value: DatedValue) -> str:
    papers = (value.reference, *value.also)
    return "、".join(
        f"{p.title}{p.number}" if p.convention else f"《{p.title}》{p.number}" for p in papers
    )


def _clause(value: DatedValue) -> str:
    if value.reference.convention:
        return "无文件条文"
    return value.clause or value.reference.clause or UNSEEN


def _reliance(rule: Threshold, framework: Framework) -> str:
    points = framework.points_of(rule.topics, rule.id)
    if points:
        return "、".join(points)
    if rule.topics:
        return "、".join(dict.fromkeys(notebook_of(topic) for topic in rule.topics))
    return "单校（园）判定"


def _rows(rule: Threshold, framework: Framework) -> Iterator[tuple[str, ...]]:
    for value in rule.values:
        yield (
            f"`{rule.id}`",
            rule.label,
            _limit(rule, value),
            value.start.isoformat(),
            _document(value),
            _clause(value),
            ROLES[rule.role],
            LAW_STATUS[rule.status],
            _reliance(rule, framework),
        )


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(HEADER)} |"
    yield f"|{'---|' * len(HEADER)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def status_text() -> str:
    """Return docs/law-status.md: one table for each law file, one row for each dated value."""
    framework = framework_for(LATEST)
    rules = all_thresholds()
    files = dict.fromkeys(rule.file for rule in rules)
    judging = [rule for rule in rules if rule.role != REFERENCE_LINE]
    unconfirmed = sum(rule.status == "unconfirmed" for rule in judging)
    lines = [HEAD, f"共{len(rules)}条，其中判定{len(judging)}条，未经证实的{unconfirmed}条。"]
    for name in files:
        of_file = [rule for rule in rules if rule.file == name]
        areas = of_file[0].areas
        where = "全国" if areas == (NATIONAL,) else f"区划代码{'、'.join(areas)}"
        lines += ["", f"## {name}（{where}）", ""]
        lines += _table([row for rule in of_file for row in _rows(rule, framework)])
    return "\n".join(lines) + "\n"


def main(options: argparse.Namespace) -> int:
    """Check all law files, then print what an area and an evaluation year are judged by."""
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
    print("\n".join(_scheme(framework, year)))
    print(f"标准：{len(law.thresholds)}条。一条用于几个要点的，在各要点下都列；编号见 --status。")
    print("\n".join(_by_point(framework, law, year)))
    return DONE
