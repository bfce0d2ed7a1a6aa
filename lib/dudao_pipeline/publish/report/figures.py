"""The pictures of a report: spending per pupil of two years, who pays, how the points came out.

Each is drawn only where it says more than a sentence: from several stages, funds or results.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dudao.base.rounding import fixed, plain
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, item
from dudao.show import charts
from dudao_pipeline.publish.report.draft import Draft

SPENDING = "per_pupil_expenditure"
GROWTH, SHARING = "expenditure_growth", "cost_sharing"  # topics
FEWEST = 2
DOTS = 200  # per inch: enough for print on A4
SIZE = 10  # points: 小五 beside the text


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
    found: list[Picture] = []
    kinds = (("points", "", _points), ("per_pupil", GROWTH, _spending), ("funds", SHARING, _funds))
    for kind, topic, make in kinds:
        with charts.house_style():
            made = make(draft)
        if made:
            figure, alt = made
            caption = draft.words["figure"][kind].format(
                number=len(found) + 1,
                base_year=draft.facts.year.base_year,
                data_year=draft.facts.year.data_year,
            )
            found.append(Picture(_png(figure, draft), caption, alt, _chapter(draft, topic)))
    return found


def _chapter(draft: Draft, topic: str) -> str:
    titles = draft.framework.primary_titles
    return next((titles[p.primary] for p in draft.shown_points if topic in p.topics), "")


def _png(figure: Figure, draft: Draft) -> bytes:
    written = io.BytesIO()
    with charts.house_style():
        if draft.last["fictional"]:
            figure.text(0.995, 0.99, charts.FICTIONAL, ha="right", va="top", color="#9a1a1a")
        FigureCanvasAgg(figure).print_png(
            written, metadata={"Software": None}, pil_kwargs={"optimize": True}
        )
    return written.getvalue()


def _new(height: float) -> Figure:
    figure = charts.new_figure(5.9, height)
    figure.set_dpi(DOTS)
    return figure


def _spending(draft: Draft) -> tuple[Figure, str] | None:
    """Draw the two years of every stage that has both side by side."""
    year, facts = draft.facts.year, draft.facts
    rows = [
        (STAGES[stage], *(facts.get(SPENDING, stage, y) for y in (year.base_year, year.data_year)))
        for stage in item(SPENDING).stages
    ]
    rows = [row for row in rows if row[1].is_reported and row[2].is_reported]
    if len(rows) < FEWEST:
        return None
    figure = _new(0.35 + 0.28 * len(rows))
    axes = figure.subplots()
    _pairs(axes, rows, draft)
    figure.legend(loc="outside upper left", ncols=2, frameon=False)
    told = [f"{name}{plain(before.value)}、{plain(now.value)}" for name, before, now in rows]
    return figure, f"生均支出（元），依次为两年：{'；'.join(told)}"


def _pairs(axes: Axes, rows: list, draft: Draft) -> None:
    year, most = draft.facts.year, max(max(b.value, n.value) for _, b, n in rows)
    shades = ((year.base_year, charts.TIERS["provincial"]), (year.data_year, charts.NATION))
    for at, (years, shade) in enumerate(shades):
        for position, row in enumerate(rows):
            place = position + (at - 0.5) * 0.38
            label = f"{years}年" if position == 0 else None
            axes.barh(place, row[1 + at].value, height=0.36, color=shade, label=label)
            axes.text(
                row[1 + at].value + most * 0.01,
                place,
                plain(row[1 + at].value, 2),
                va="center",
                fontsize=8,
            )
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, most * 1.15)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)


def _funds(draft: Draft) -> tuple[Figure, str] | None:
    """Draw the part of each tier in every programme that lists at least two of them."""
    rows = []
    for code, (title, stage) in PROGRAMMES.items():
        found = {tier: draft.facts.get(f"{code}_{tier}", stage) for tier in TIERS}
        known = {tier: fact.value for tier, fact in found.items() if fact.is_reported}
        if len(known) >= FEWEST and sum(known.values()) > 0:
            lacking = "、".join(TIERS[tier] for tier in TIERS if tier not in known)
            rows.append((title, known, f"〔未列{lacking}〕" if lacking else ""))
    if len(rows) < FEWEST:
        return None
    figure = _new(0.35 + 0.22 * len(rows))
    axes = figure.subplots()
    for position, (_, known, _) in enumerate(rows):
        _shares(axes, position, known)
    axes.set_yticks(
        range(len(rows)),
        [f"{title}（{plain(sum(known.values()), 2)}）{lacking}" for title, known, lacking in rows],
        fontsize=8,
    )
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.tick_params(length=0)
    axes.xaxis.set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)
    for tier, label in TIERS.items():
        axes.barh(0, 0, color=charts.TIERS[tier], label=label)
    figure.legend(loc="outside upper left", ncols=3, frameon=False)
    told = [
        title + "、".join(f"{TIERS[tier]}{plain(value)}万元" for tier, value in known.items())
        for title, known, _ in rows
    ]
    return figure, f"各级资金：{'；'.join(told)}"


def _shares(axes: Axes, position: int, known: dict[str, float]) -> None:
    left, total = 0.0, sum(known.values())
    for tier, amount in known.items():
        width = amount / total * 100
        axes.barh(position, width, left=left, color=charts.TIERS[tier], height=0.66)
        if width > 7:
            ink = charts.INK if tier == "provincial" else "white"
            axes.text(
                left + width / 2,
                position,
                fixed(width, 1),
                color=ink,
                ha="center",
                va="center",
                fontsize=8,
            )
        left += width


def _points(draft: Draft) -> tuple[Figure, str] | None:
    """Draw how many points of each primary came to which result, where several failed."""
    titles, words = draft.framework.primary_titles, draft.words["result"]
    kinds = ("met", "not_met", "undecided", "not_applicable")
    counts = {
        primary: {
            kind: sum(
                draft.points[p.id]["result"] == kind
                for p in draft.shown_points
                if p.primary == primary
            )
            for kind in kinds
        }
        for primary in dict.fromkeys(p.primary for p in draft.shown_points)
    }
    if sum(row["not_met"] for row in counts.values()) < FEWEST:
        return None
    figure = _new(0.35 + 0.19 * len(counts))
    axes = figure.subplots()
    for position, row in enumerate(counts.values()):
        left = 0
        for kind in kinds:
            axes.barh(position, row[kind], left=left, color=charts.RESULTS[kind], height=0.62)
            if row[kind]:
                axes.text(
                    left + row[kind] / 2,
                    position,
                    str(row[kind]),
                    color="white",
                    ha="center",
                    va="center",
                    fontsize=8,
                )
            left += row[kind]
    axes.set_yticks(range(len(counts)), [titles[primary] for primary in counts], fontsize=9)
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.xaxis.set_visible(False)
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)
    for kind in kinds:
        if any(row[kind] for row in counts.values()):
            axes.barh(0, 0, color=charts.RESULTS[kind], label=words[kind])
    figure.legend(loc="outside upper left", ncols=4, frameon=False)
    told = [
        titles[primary] + "、".join(f"{words[kind]}{row[kind]}个" for kind in kinds if row[kind])
        for primary, row in counts.items()
    ]
    return figure, "；".join(told)
