"""Bars: parts of a whole, and levels against their standards."""

import math
from collections.abc import Sequence

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.facts.items import PROGRAMMES, TIERS, item
from dudao.indicators.single_measures import RECRUITMENT
from dudao.judging.results import NOT_APPLICABLE, Verdict
from dudao.show import charts
from dudao.show.plot import INK, MUTED, Plot, steps
from dudao.show.results_cell import limit_of
from dudao.show.words import RESULTS

CLEAR = 6.0  # percentage points between the middle of a number and a line
WHOLE = 100.0  # a longer bar would run into its number
WIDEST = 2.0  # times the standard; a longer bar says no more
PERCENT = {float(at): f"{at}" for at in range(0, 101, 20)}


def _parts(axes: Plot, position: int, amounts: dict[str, float], line: float | None) -> None:
    """Draw the parts of a whole with their shares; a share keeps clear of the line."""
    left, total = 0.0, sum(amounts.values())
    for tier, amount in amounts.items():
        width = amount / total * 100
        axes.bar(position, width, charts.TIERS[tier], height=0.62, left=left)
        if width > 6:
            middle = left + width / 2
            if line is not None and abs(middle - line) < CLEAR:
                middle = line - CLEAR if line - 2 * CLEAR > left else line + CLEAR
            ink = INK if tier == "provincial" else "white"
            axes.text(middle, position, fixed(width, 2), color=ink, ha="center", va="center")
        left += width


def cost_sharing(case: Case, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw what each tier pays of every programme, with the legal central part as a mark."""
    lines = {v.item: v.threshold for v in verdicts if v.threshold is not None}
    labels: list[str] = []
    described: list[str] = []
    shares: list[float] = []
    with charts.drawing(3.2) as axes:
        for code, (title, stage) in PROGRAMMES.items():
            by_tier = {tier: case.facts.get(f"{code}_{tier}", stage) for tier in TIERS}
            paid = {tier: fact.value for tier, fact in by_tier.items() if fact.is_reported}
            if not any(amount > 0 for amount in paid.values()):
                continue
            position, line = len(labels), lines.get(f"{code}_central_share")
            _parts(axes, position, paid, line)
            if line is not None:
                axes.line([line, line], [position - 0.42, position + 0.42], INK)
            lacking = "、".join(label for tier, label in TIERS.items() if tier not in paid)
            labels.append(title + (f"\n（未列{lacking}）" if lacking else ""))
            described.append(f"{title}县级{plain(paid.get('county'), 2) or '未列'}万元")
            if "county" in paid:
                shares.append(paid["county"] / sum(paid.values()) * 100)
        if labels:
            axes.name_rows(labels)
            axes.set_across(0, 100)
            axes.scale(PERCENT)
            axes.sheet.add_key([(charts.TIERS[tier], label) for tier, label in TIERS.items()])
            axes.sheet.add_key([(INK, "中央应承担（参考线）")], linewidth=1.5)
            axes.sheet.explain("占各级已列资金之和（%）")
        else:
            axes.say_instead("没有报送各级分担的资金，无图可画")
        ends = dict.fromkeys(f"{fixed(end(shares), 1)}%" for end in (min, max) if shares)
        message = f"县级占{'至'.join(ends)}" if ends else ""
        return charts.finish(axes, "教育专项资金各级分担", message, described, case=case)


def about(case: Case, verdicts: Sequence[Verdict], *topics: str) -> list[Verdict]:
    """Return the verdicts on some topics."""
    checks = {rule.id for rule in case.law.about(topics)}
    return [verdict for verdict in verdicts if verdict.check in checks]


def _bars(axes: Plot, rows: Sequence[Verdict], lengths: Sequence[float], words_at: float) -> str:
    """Draw a bar of each verdict in the colour of its result; return what they say together.

    lengths: NaN where there is no bar. words_at: where value and result stand.
    """
    for position, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        colour = charts.RESULTS[row.result]
        if not math.isnan(length):
            hatch = "///" if row.basis == "attested" else None
            axes.bar(position, length, colour, height=0.6, hatch=hatch, edgecolor="white")
        text = f"{row.value_text}　{RESULTS[row.result][0]}"
        axes.text(words_at, position, text, va="center", color=colour)
    named = ((row.label, limit_of(row)) for row in rows)
    axes.name_rows(f"{name}（{limit}）" if limit else name for name, limit in named)
    return charts.said_of(row.result for row in rows)


def against_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw percentages as bars with their standard as a mark, coloured by result.

    What no standard is in force for stands in the table of verdicts alone.
    """
    rows = [v for v in verdicts if v.unit == "%" and v.result != NOT_APPLICABLE]
    with charts.drawing(0.9 + 0.28 * max(len(rows), 1)) as axes:
        message = _bars(axes, rows, [min(row.value, WHOLE) for row in rows], 103)
        for position, row in enumerate(rows):
            if row.threshold is not None:
                edges = [position - 0.4, position + 0.4]
                style = ":" if row.result == "reference" else "-"
                axes.line([row.threshold] * 2, edges, INK, linestyle=style, linewidth=1.8)
        axes.set_across(0, 132)
        axes.scale(PERCENT)
        longer = "，超过100%的画到100%" if any(row.value > WHOLE for row in rows) else ""
        marks = f"单位：%（黑线为标准，虚线为参考线，斜纹为据报告陈述{longer}）"
        axes.sheet.explain(marks)
        shown = [f"{r.label}{plain(r.value, 2) or '缺数据'}，{RESULTS[r.result][0]}" for r in rows]
        return charts.finish(axes, title, message, shown, case=case)


def against_own_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw each level in times of its own standard, coloured by result; goal lines are left out."""
    rows = [row for row in verdicts if row.role == "pass" and row.threshold]
    with charts.drawing(1.0 + 0.3 * max(len(rows), 1)) as axes:
        times = [min(row.value / (row.threshold or math.nan), WIDEST) for row in rows]
        message = _bars(axes, rows, times, WIDEST * 1.02)
        axes.line([1, 1], [-0.5, max(len(rows), 1) - 0.5], INK, linewidth=1.8)
        axes.set_across(0, WIDEST * 1.45)
        axes.write("below", {1: "标准"})
        axes.sheet.explain("条长为数值与标准之比，最长画到2倍；“≤”的指标越短越好")
        clauses = [
            f"{r.label}{r.value_text}，标准{limit_of(r)}，{RESULTS[r.result][0]}" for r in rows
        ]
        return charts.finish(axes, title, message, clauses, none="没有施行中的标准", case=case)


def total_and_parts(
    title: str, total: float, parts: dict[str, float], case: Case | None = None
) -> charts.Chart:
    """Draw a reported total above the sum of its reported parts, so that a gap is seen."""
    with charts.drawing(1.9) as axes:
        length, added = 0 if math.isnan(total) else total, 0.0
        axes.bar(0, length, charts.COUNTY, height=0.55)
        axes.text(length, 0, f" {plain(total) or '缺数据'}", va="center")
        shades = (*charts.TIERS.values(), MUTED)
        for value, shade in zip(parts.values(), shades, strict=False):
            axes.bar(1, value, shade, height=0.55, left=added)
            if value:
                style = {"ha": "center", "va": "center", "color": "white"}
                axes.text(added + value / 2, 1, plain(value), **style)
            added += value
        axes.text(added, 1, f" 合计{plain(added)}" if parts else " 缺数据", va="center")
        axes.name_rows(("报告所列合计", "报告所列分项"))
        longest = max(length, added, 1)
        axes.set_across(0, longest * 1.15)
        axes.scale(steps(longest * 1.15))
        axes.sheet.add_key(zip(shades, parts, strict=False))
        listed = "、".join(f"{name}{plain(value)}" for name, value in parts.items()) or "缺数据"
        shown = (f"合计{plain(total) or '缺数据'}", f"分项{listed}，相加{plain(added)}")
        message = ""
        if parts and not math.isnan(total):
            difference = plain(abs(total - added))
            is_same = plain(total) == plain(added)
            message = f"合计与分项之和{'一致' if is_same else f'相差{difference}'}"
        return charts.finish(axes, title, message, shown, case=case)


def recruitment(case: Case) -> charts.Chart:
    """Draw teachers recruited: the printed total above the sum of its kinds."""
    total, *kinds = (case.facts.get(code) for code in RECRUITMENT)
    parts = {item(kind.item).label.removeprefix("其中："): kind.value for kind in kinds}
    reported = {name: value for name, value in parts.items() if not math.isnan(value)}
    title = f"{case.year.data_year}年招聘教师（人）"
    return total_and_parts(title, total.value, reported, case)
