"""Primary 1, 党对教育工作的全面领导: what the county invested, recruited, awarded, achieved."""

from __future__ import annotations

from dudao.facts.items import items
from dudao.facts.view import Facts
from dudao.indicators.declared import level
from dudao.indicators.measure import Measure

TOPIC = "education_strategy"
RECRUITMENT = (
    "teachers_recruited",
    "full_time_teachers_recruited",
    "special_post_teachers_recruited",
    "exam_recruited_teachers",
)


def stated_levels(facts: Facts) -> list[Measure]:
    """Return the point's figures as the county states them: data year, then progress year.

    No document sets a pass line for any of them; each is attested only.
    """
    codes = [code for code, item in items().items() if TOPIC in item.topics]
    years = (facts.year.data_year, facts.year.progress_year)
    return [
        level(facts, code, stage, year)
        for year in years
        for code in codes
        for stage in items()[code].stages
        if facts.get(code, stage, year).is_reported
    ]
