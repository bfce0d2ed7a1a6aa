"""Registers of a fictional county: evidence, printed figures that agree, exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from dudao.base.rounding import fixed, plain
from dudao.facts.items import STAGES, describe, item
from dudao.facts.sheet_layout import RATED_MET, RATED_NOT_MET
from dudao.law import EvaluationYear, Threshold, framework_for, law_for
from dudao.law.rules_check import REFERENCE_LINE
from tools.example.flaws import is_blank
from tools.example.model import Model
from tools.example.words import FICTIONAL, county_name

Line = tuple[str, ...]
Values = dict[tuple[str, str], float]
# (section, item, stage, decimals); the year is the data year
LEVELS = (
    ("（二）1", "education_expenditure", "all", 2),
    ("（二）1", "per_pupil_expenditure", "primary", 2),
    ("（三）1", "enrolment", "preschool", 0),
    ("（三）1", "public_enrolment", "preschool", 0),
    ("（三）1", "kindergartens", "preschool", 0),
)
GROWTHS = (
    ("（二）1", "education_expenditure_growth", "all", 2),
    ("（二）1", "per_pupil_expenditure_growth", "primary", 2),
)
SHARES = (
    ("（三）1", "gross_enrolment_ratio", "preschool", 1),
    ("（三）1", "inclusive_coverage", "preschool", 1),
    ("（三）1", "public_enrolment_share", "preschool", 1),
    ("（三）4", "after_school_service_coverage", "compulsory", 1),
)


def _issuer(model: Model) -> str:
    return f"{county_name(model.code)}教育局"


def evidence(model: Model, year: EvaluationYear) -> Iterator[Line]:
    """Yield every paper the framework expects."""
    number = 0
    for point in framework_for(year.year, model.code).points:
        for title in point.evidence:
            number += 1
            if is_blank(model, "evidence", point.id, title, year.year):
                continue
            document = f"{FICTIONAL}教〔{year.progress_year}〕{number}号"
            date = f"{year.progress_year}-{number % 6 + 1:02}-{number % 28 + 1:02}"
            note = f"{FICTIONAL}材料，无附件"
            yield (point.id, title, _issuer(model), document, date, "", note)


def _sum(terms: str, value: Callable[[str], float]) -> float:
    return sum(value(code) for code in terms.split(" + "))


def _figures(now: Values, base: Values) -> Iterator[tuple[tuple, float]]:
    """Yield what the report prints; nothing where a denominator is zero."""
    for row in LEVELS:
        yield row, now[row[1], row[2]]
    for row in GROWTHS:
        key = (item(row[1]).inputs, row[2])
        if base[key]:
            yield row, (now[key] / base[key] - 1) * 100
    for row in SHARES:
        over, under = item(row[1]).inputs.split(" / ")
        whole = now[under, row[2]]
        if whole:
            yield row, _sum(over, lambda code, stage=row[2]: now[code, stage]) / whole * 100


def claims(model: Model, year: EvaluationYear, now: Values, base: Values) -> Iterator[Line]:
    """Yield the printed figures, each rounded from the county's own data."""
    if model.profile.blank:
        return
    for number, ((section, code, stage, decimals), value) in enumerate(_figures(now, base), 1):
        printed = fixed(value, decimals)
        place = (str(number), section, describe(code, stage), STAGES[stage], str(year.data_year))
        yield (*place, printed, item(code).unit, "", code, "", FICTIONAL)


def exceptions(model: Model, year: EvaluationYear) -> Iterator[Line]:
    """Yield an exception for every school that is weak on purpose."""
    weak = [unit for unit in model.units if unit.is_weak]
    for number, unit in enumerate(weak, 1):
        document = f"关于教学点运动场地使用的意见（{FICTIONAL}教〔{year.data_year}〕{number}号）"
        reason = "与中心小学相邻，共用其运动场地"
        matter = "体育运动场馆面积按共用场地计算"
        date = f"{year.data_year}-06-{number:02}"
        yield (unit.code, unit.name, "sports_area", matter, reason, document, _issuer(model), date)


def self_ratings(model: Model, year: EvaluationYear) -> Iterator[Line]:
    """Yield what the county concludes of itself: as its data stand, or better than they do."""
    if model.profile.blank:
        return
    framework, rules = framework_for(year.year, model.code), law_for(model.code)
    shortfalls = {p.id: _shortfalls(model, rules.of_points([p])) for p in framework.points}
    weak = [point for point, labels in shortfalls.items() if labels]
    flattered = set(weak[: model.profile.flattering])
    for point in framework.points:
        is_met = not shortfalls[point.id] or point.id in flattered
        score = plain(point.full_marks if is_met else 0) if point.full_marks else ""
        reason = "各项均已落实" if is_met else f"未达到：{'、'.join(shortfalls[point.id])}"
        rating = RATED_MET if is_met else RATED_NOT_MET
        date = f"{year.progress_year}-06-30"
        yield (point.id, rating, score, f"{FICTIONAL}：{reason}", _issuer(model), date)


def _shortfalls(model: Model, rules: Iterable[Threshold]) -> list[str]:
    """Return the words of the rules that a county is drawn to miss."""
    judging = (rule for rule in rules if rule.role != REFERENCE_LINE)
    return list(dict.fromkeys(rule.label for rule in judging if model.margin(rule.id) < 0))
