"""The pictures of a report: how the points came out, spending per pupil, who pays.

Each is drawn only where it says more than a sentence: of several stages, funds or failed points.
"""

from __future__ import annotations

from dataclasses import dataclass

from dudao.base.rounding import plain
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, item
from dudao.judging import NOT_MET
from dudao.show import charts
from dudao_pipeline.publish.report import report_pictures
from dudao_pipeline.publish.report.draft import Draft

SPENDING = "per_pupil_expenditure"
GROWTH, SHARING = "expenditure_growth", "cost_sharing"  # topics
FEWEST = 2
Drawn = tuple[bytes, str]


@dataclass(frozen=True)
class Picture:
    """A drawn figure: PNG, caption, the sentence that says what it shows, and its chapter.

    chapter: the title of the primary that it belongs to; empty beside the overall result.
    """

    png: bytes
    caption: str
    alt: str
    chapter: str = ""


def pictures_of(draft: Draft) -> list[Picture]:
    """Return the pictures of a report, numbered in order."""
    pictures: list[Picture] = []
    kinds = (("points", "", _points), ("per_pupil", GROWTH, _spending), ("funds", SHARING, _funds))
    for kind, topic, draw in kinds:
        if made := draw(draft, charts.FICTIONAL if draft.last["fictional"] else ""):
            png, alt = made
            caption = draft.words["figure"][kind].format(
                number=len(pictures) + 1,
                base_year=draft.facts.year.base_year,
                data_year=draft.facts.year.data_year,
            )
            pictures.append(Picture(png, caption, alt, _chapter(draft, topic)))
    return pictures


def _chapter(draft: Draft, topic: str) -> str:
    titles = draft.framework.primary_titles
    return next((titles[p.primary] for p in draft.shown_points if topic in p.topics), "")


def _spending(draft: Draft, mark: str) -> Drawn | None:
    """Draw every stage whose two years are reported."""
    facts, years = draft.facts, (draft.facts.year.base_year, draft.facts.year.data_year)
    rows = []
    for stage in item(SPENDING).stages:
        before, now = (facts.get(SPENDING, stage, year) for year in years)
        if before.is_reported and now.is_reported:
            rows.append((STAGES[stage], before.value, now.value))
    if len(rows) < FEWEST:
        return None
    clauses = [f"{name}{plain(before)}、{plain(now)}" for name, before, now in rows]
    return (
        report_pictures.pairs(rows, years, mark=mark),
        f"生均支出（元），依次为两年：{'；'.join(clauses)}",
    )


def _funds(draft: Draft, mark: str) -> Drawn | None:
    """Draw every programme that lists at least two tiers; what it does not list is said."""
    rows, clauses = [], []
    for code, (title, stage) in PROGRAMMES.items():
        facts_of = {tier: draft.facts.get(f"{code}_{tier}", stage) for tier in TIERS}
        by_tier = {tier: fact.value for tier, fact in facts_of.items() if fact.is_reported}
        if len(by_tier) < FEWEST or sum(by_tier.values()) <= 0:
            continue
        lacking = "、".join(TIERS[tier] for tier in TIERS if tier not in by_tier)
        total = plain(sum(by_tier.values()), 2)
        rows.append((f"{title}（{total}）" + (f"〔未列{lacking}〕" if lacking else ""), by_tier))
        amounts = "、".join(f"{TIERS[tier]}{plain(value)}万元" for tier, value in by_tier.items())
        clauses.append(f"{title}{amounts}")
    if len(rows) < FEWEST:
        return None
    return report_pictures.shares(rows, mark=mark), f"各级资金：{'；'.join(clauses)}"


def _points(draft: Draft, mark: str) -> Drawn | None:
    """Draw the results of every primary, where several points failed."""
    titles, words = draft.framework.primary_titles, draft.words["result"]
    rows = {title: dict.fromkeys(words, 0) for title in titles.values()}
    for point in draft.shown_points:
        rows[titles[point.primary]][draft.points[point.id]["result"]] += 1
    rows = {title: row for title, row in rows.items() if any(row.values())}
    if sum(row[NOT_MET] for row in rows.values()) < FEWEST:
        return None
    clauses = [
        title + "、".join(f"{words[kind]}{number}个" for kind, number in row.items() if number)
        for title, row in rows.items()
    ]
    return report_pictures.counts(rows, words, mark=mark), "；".join(clauses)
