"""The pictures of a report: how the points came out, spending per pupil, who pays.

Each is drawn only where it says more than a sentence: of several stages, funds or failed points.
It is as wide as a page of text; same data, same bytes.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dudao.base.rounding import fixed, plain
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, item
from dudao.judging.results import NOT_MET
from dudao.show import charts
from dudao.show.plot import INK
from dudao_pipeline.publish.report.draft import Draft

SPENDING = "per_pupil_expenditure"
GROWTH, SHARING = "expenditure_growth", "cost_sharing"  # topics
FEWEST = 2
WIDTH, DOTS = 5.9, 200  # inches; dots per inch, enough for A4
BODY, SMALL, TINY = 9, 8, 6.5  # points
HEAD, PAD = 0.35, 0.05  # inches for the legend, and around everything
NARROW = 7  # percent: a narrower part has no number in it
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


@dataclass(frozen=True)
class _Series:
    """One colour of a picture: what it stands for, its bars by row, and the text of each.

    level: how far its bars stand from the middle of their row, in rows. ink: of texts inside the
    bars; without it they stand behind them.
    """

    label: str
    colour: str
    lefts: Sequence[float]
    lengths: Sequence[float]
    texts: Sequence[str]
    level: float = 0
    ink: str = ""


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
    """Draw two years of every stage whose two years are reported, side by side."""
    facts, years = draft.facts, (draft.facts.year.base_year, draft.facts.year.data_year)
    rows = []
    for stage in item(SPENDING).stages:
        before, now = (facts.get(SPENDING, stage, year) for year in years)
        if before.is_reported and now.is_reported:
            rows.append((STAGES[stage], before.value, now.value))
    if len(rows) < FEWEST:
        return None
    shades = (charts.TIERS["provincial"], charts.NATION)
    columns = ([row[1 + at] for row in rows] for at in range(len(years)))
    series = [
        _Series(f"{year}年", shade, [0] * len(rows), values, [plain(v, 2) for v in values], level)
        for year, shade, values, level in zip(years, shades, columns, (-0.19, 0.19), strict=True)
    ]
    clauses = [f"{name}{plain(before)}、{plain(now)}" for name, before, now in rows]
    png = _png([row[0] for row in rows], series, BODY, heights=(0.29, 0.36), mark=mark)
    return png, f"生均支出（元），依次为两年：{'；'.join(clauses)}"


def _funds(draft: Draft, mark: str) -> Drawn | None:
    """Draw who pays what part of every programme that lists at least two tiers.

    What it does not list is said.
    """
    rows, clauses = {}, []
    for code, (title, stage) in PROGRAMMES.items():
        facts_of = {tier: draft.facts.get(f"{code}_{tier}", stage) for tier in TIERS}
        by_tier = {tier: fact.value for tier, fact in facts_of.items() if fact.is_reported}
        whole = sum(by_tier.values())
        if len(by_tier) < FEWEST or whole <= 0:
            continue
        lacking = "、".join(TIERS[tier] for tier in TIERS if tier not in by_tier)
        name = f"{title}（{plain(whole, 2)}）" + (f"〔未列{lacking}〕" if lacking else "")
        rows[name] = [by_tier.get(tier, 0) / whole * 100 for tier in TIERS]
        amounts = "、".join(f"{TIERS[tier]}{plain(value)}万元" for tier, value in by_tier.items())
        clauses.append(f"{title}{amounts}")
    if len(rows) < FEWEST:
        return None
    series = [
        _Series(
            label,
            charts.TIERS[tier],
            lefts=[sum(row[:at]) for row in rows.values()],
            lengths=[row[at] for row in rows.values()],
            texts=[fixed(row[at], 1) if row[at] > NARROW else "" for row in rows.values()],
            ink=INK if tier == "provincial" else "white",
        )
        for at, (tier, label) in enumerate(TIERS.items())
    ]
    png = _png(list(rows), series, SMALL, heights=(0.22, 0.66), mark=mark)
    return png, f"各级资金：{'；'.join(clauses)}"


def _points(draft: Draft, mark: str) -> Drawn | None:
    """Draw how many points of every primary came to which result, where several failed."""
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
    series = [
        _Series(
            word,
            charts.RESULTS[kind],
            lefts=[sum([*row.values()][:at]) for row in rows.values()],
            lengths=[row[kind] for row in rows.values()],
            texts=[str(row[kind] or "") for row in rows.values()],
            ink="white",
        )
        for at, (kind, word) in enumerate(words.items())
        if any(row[kind] for row in rows.values())
    ]
    png = _png(list(rows), series, BODY, heights=(0.19, 0.62), mark=mark)
    return png, "；".join(clauses)


def _png(
    names: Sequence[str],
    series: Sequence[_Series],
    size: float,
    *,
    heights: tuple[float, float],
    mark: str,
) -> bytes:
    """Draw rows of bars, the first on top, under a legend.

    size: of the names in points. heights: of a row in inches, of a bar in rows.
    """
    tall, rows = HEAD + heights[0] * len(names), range(len(names))
    most = max(max(map(sum, zip(one.lefts, one.lengths, strict=True))) for one in series)
    with charts.house_style():
        figure = Figure(figsize=(WIDTH, tall), dpi=DOTS)
        renderer = FigureCanvasAgg(figure).get_renderer()
        axes = figure.add_axes((0, 0, 1, 1))
        for one in series:
            at = [row + one.level for row in rows]
            axes.barh(at, one.lengths, heights[1], one.lefts, color=one.colour, label=one.label)
            for left, length, y, text in zip(one.lefts, one.lengths, at, one.texts, strict=True):
                middle = {"color": one.ink, "ha": "center", "fontsize": SMALL}
                how = middle if one.ink else {"fontsize": TINY}
                x = left + length / 2 if one.ink else length + most * 0.01
                if text:
                    axes.text(x, y, text, va="center", **how)
        axes.set_xlim(0, most if series[0].ink else most * 1.15)  # room for texts behind the bars
        axes.set_yticks(rows, names, fontsize=size)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.tick_params(length=0)
        axes.xaxis.set_visible(False)
        axes.spines[["bottom", "left"]].set_visible(False)
        widest = max(one.get_window_extent(renderer).width for one in axes.get_yticklabels())
        left = (widest / DOTS + 2 * PAD) / WIDTH
        axes.set_position((left, PAD / tall, 1 - left - PAD / WIDTH, 1 - (HEAD + PAD) / tall))
        corner = {"loc": "upper left", "bbox_to_anchor": (PAD / WIDTH, 1 - PAD / tall)}
        figure.legend(ncols=len(series), frameon=False, borderaxespad=0, **corner)
        if mark:
            figure.text(0.995, 0.99, mark, ha="right", va="top", color="#9a1a1a")
        written = io.BytesIO()
        FigureCanvasAgg(figure).print_png(written, metadata={"Software": None})
        return written.getvalue()
