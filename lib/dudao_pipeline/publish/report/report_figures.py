"""The pictures of a report: how the points came out, spending per pupil, who pays.

Each is drawn only where it says more than a sentence: of several stages, funds or failed points.
It is as wide as a page of text; same data, same bytes.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

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
HEAD, PAD = 0.35, 0.05  # inches for the key, and around everything
BESIDE, SIGN = 0.05, 0.25  # inches from a name to its bars, and of a colour in the key
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
    """Draw rows of bars, the first on top, under a key.

    size: of the names in points. heights: of a row in inches, of a bar in rows.
    """
    tall = HEAD + heights[0] * len(names)
    most = max(max(map(sum, zip(one.lefts, one.lengths, strict=True))) for one in series)
    most *= 1 if series[0].ink else 1.15  # room for texts behind the bars
    with charts.house_style():
        figure = Figure(figsize=(WIDTH, tall), dpi=DOTS)
        canvas = FigureCanvasAgg(figure)
        renderer, row_height = canvas.get_renderer(), (tall - HEAD - PAD) / tall / len(names)
        beside = {"ha": "right", "va": "center_baseline", "fontsize": size}
        written = [figure.text(0, 0, name, **beside) for name in names]
        left = max(text.get_window_extent(renderer).width for text in written) / DOTS + 2 * PAD
        scale = (WIDTH - PAD - left) / WIDTH / most

        def place(length: float, row: float) -> tuple[float, float]:
            """Return where something stands in the figure, the first row on top."""
            return left / WIDTH + length * scale, 1 - HEAD / tall - (row + 0.5) * row_height

        for row, text in enumerate(written):
            text.set_position(((left - BESIDE) / WIDTH, place(0, row)[1]))
        for one in series:
            middle = {"color": one.ink, "ha": "center", "fontsize": SMALL}
            how = middle if one.ink else {"fontsize": TINY}
            bars = zip(one.lefts, one.lengths, one.texts, strict=True)
            for row, (start, length, text) in enumerate(bars):
                x, low = place(start, row + one.level + heights[1] / 2)
                style = {"facecolor": one.colour, "linewidth": 0}
                bar = Rectangle((x, low), length * scale, heights[1] * row_height, **style)
                figure.add_artist(bar)
                at = start + length / 2 if one.ink else length + most * 0.01
                if text:
                    figure.text(*place(at, row + one.level), text, va="center", **how)
        _add_key(figure, series, 1 - HEAD / 2 / tall)
        if mark:
            figure.text(0.995, 0.99, mark, ha="right", va="top", color="#9a1a1a")
        picture = io.BytesIO()
        canvas.print_png(picture, metadata={"Software": None})
        return picture.getvalue()


def _add_key(figure: Figure, series: Sequence[_Series], middle: float) -> None:
    """Say in one line on top what the colours mean; middle: its height as a share of the figure."""
    renderer, at = figure.canvas.get_renderer(), PAD
    for one in series:
        ends = [at / WIDTH, (at + SIGN) / WIDTH]
        style = {"color": one.colour, "linewidth": 6.3, "solid_capstyle": "butt"}
        figure.add_artist(Line2D(ends, [middle] * 2, **style))
        word = figure.text((at + SIGN + 2 * PAD) / WIDTH, middle, one.label, va="center")
        at += SIGN + word.get_window_extent(renderer).width / DOTS + 6 * PAD
