"""Bars: parts of a whole, and levels against their standards."""

import math
from collections.abc import Iterable, Sequence

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, item
from dudao.facts.view import Fact
from dudao.indicators.single_measures import RECRUITMENT
from dudao.judging.results import NOT_APPLICABLE, Verdict
from dudao.show import charts
from dudao.show.plot import INK, MUTED, Plot, steps
from dudao.show.results_cell import limit_of
from dudao.show.words import RESULTS, limit_words

CLEAR = 6.0  # percentage points between the middle of a number and a line
WHOLE = 100.0  # a longer bar would run into its number
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


def _programme(axes: Plot, position: int, by_tier: dict[str, Fact], line: float | None) -> str:
    """Draw one programme and return its name, with the tiers that it does not list."""
    amounts = {tier: f.value for tier, f in by_tier.items() if f.is_reported}
    _parts(axes, position, amounts, line)
    if line is not None:
        axes.line([line, line], [position - 0.42, position + 0.42], INK)
    lacking = "、".join(TIERS[tier] for tier, fact in by_tier.items() if not fact.is_reported)
    return f"\n（未列{lacking}）" if lacking else ""


def cost_sharing(case: Case, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw what each tier pays of every programme, with the legal central part as a mark."""
    lines = {v.item: v.threshold for v in verdicts if v.threshold is not None}
    labels: list[str] = []
    described: list[str] = []
    with charts.drawing(3.2) as axes:
        shares, rows = [], []
        for code, (title, stage) in PROGRAMMES.items():
            by_tier = {tier: case.facts.get(f"{code}_{tier}", stage) for tier in TIERS}
            if any(fact.value > 0 for fact in by_tier.values()):
                line = lines.get(f"{code}_central_share")
                labels.append(title + _programme(axes, len(labels), by_tier, line))
                described.append(f"{title}县级{plain(by_tier['county'].value, 2) or '未列'}万元")
                shares += _share(by_tier)
                rows.append(_sharing_row(title, by_tier, line))
        _finish_sharing(axes, labels)
        ends = dict.fromkeys(f"{fixed(end(shares), 1)}%" for end in (min, max) if shares)
        message = f"县级占{'至'.join(ends)}" if ends else ""
        title, note = "教育专项资金各级分担", "占各级已列资金之和，黑线为中央应承担（参考线）"
        return charts.finish(axes, title, message, described, case=case, rows=rows, rows_note=note)


def _sharing_row(title: str, by_tier: dict[str, Fact], line: float | None) -> charts.Row:
    amounts = {tier: fact.value for tier, fact in by_tier.items() if fact.is_reported}
    shares = {tier: amount / sum(amounts.values()) for tier, amount in amounts.items()}
    words = (
        f"{label}{fixed(shares[tier] * WHOLE, 2)}%" if tier in shares else f"未列{label}"
        for tier, label in TIERS.items()
    )
    parts = [(charts.TIERS[tier], share) for tier, share in shares.items()]
    return charts.Row(title, "，".join(words), parts, None if line is None else line / WHOLE)


def _share(by_tier: dict[str, Fact]) -> list[float]:
    """Return the county's part of what is listed of a programme, in percent."""
    listed = [fact.value for fact in by_tier.values() if fact.is_reported]
    county, total = by_tier["county"], sum(listed)
    return [county.value / total * 100] if county.is_reported and total else []


def _finish_sharing(axes: Plot, labels: list[str]) -> None:
    if not labels:
        axes.say_instead("没有报送各级分担的资金，无图可画")
        return
    axes.name_rows(labels)
    axes.set_across(0, 100)
    axes.scale(PERCENT)
    axes.sheet.add_key([(charts.TIERS[tier], label) for tier, label in TIERS.items()])
    axes.sheet.add_key([(INK, "中央应承担（参考线）")], linewidth=1.5)
    axes.sheet.explain("占各级已列资金之和（%）")


def about(case: Case, verdicts: Sequence[Verdict], *topics: str) -> list[Verdict]:
    """Return the verdicts on some topics."""
    checks = {rule.id for rule in case.law.about(topics)}
    return [verdict for verdict in verdicts if verdict.check in checks]


def _mark_standard(axes: Plot, position: int, row: Verdict) -> None:
    """Draw the standard of a bar across it; a reference line is dotted."""
    if row.threshold is not None:
        edges = [position - 0.4, position + 0.4]
        style = ":" if row.result == "reference" else "-"
        axes.line([row.threshold] * 2, edges, INK, linestyle=style, linewidth=1.8)


def _bar(axes: Plot, position: int, row: Verdict) -> None:
    colour, word = charts.RESULTS[row.result], RESULTS[row.result][0]
    if row.is_known:
        hatch = "///" if row.basis == "attested" else None
        axes.bar(
            position, min(row.value, WHOLE), colour, height=0.6, hatch=hatch, edgecolor="white"
        )
    text = f"{fixed(row.value, row.decimals)}%　{word}" if row.is_known else f"缺数据　{word}"
    axes.text(103, position, text, va="center", color=colour)
    _mark_standard(axes, position, row)


def _name_rows(axes: Plot, named: Iterable[tuple[str, str]]) -> None:
    """Name the rows of a plot, each with its limit."""
    axes.name_rows(f"{name}（{limit}）" if limit else name for name, limit in named)


def against_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw percentages as bars with their standard as a mark, coloured by result.

    What no standard is in force for stands in the table of verdicts alone.
    """
    rows = [v for v in verdicts if v.unit == "%" and v.result != NOT_APPLICABLE]
    with charts.drawing(0.9 + 0.28 * max(len(rows), 1)) as axes:
        for position, row in enumerate(rows):
            _bar(axes, position, row)
        _name_rows(axes, ((row.label, limit_of(row)) for row in rows))
        axes.set_across(0, 132)
        axes.scale(PERCENT)
        longer = "，超过100%的画到100%" if any(row.value > WHOLE for row in rows) else ""
        marks = f"单位：%（黑线为标准，虚线为参考线，斜纹为据报告陈述{longer}）"
        axes.sheet.explain(marks)
        message = charts.said_of(row.result for row in rows)
        shown = [f"{r.label}{plain(r.value, 2) or '缺数据'}，{RESULTS[r.result][0]}" for r in rows]
        note = f"单位：%（黑线为标准或参考线{longer}）"
        listed = list(map(_row, rows))
        return charts.finish(axes, title, message, shown, case=case, rows=listed, rows_note=note)


def _row(verdict: Verdict) -> charts.Row:
    """Return a percentage as a narrow screen lists it."""
    length = min(verdict.value, WHOLE) / WHOLE if verdict.is_known else 0.0
    mark = None if verdict.threshold is None else verdict.threshold / WHOLE
    return _listed(verdict, _value(verdict), length, mark)


def _listed(
    verdict: Verdict, value: str, length: float, mark: float | None, *, label: str = ""
) -> charts.Row:
    """Return a row with its limit, value and result; its bar has the colour of the result.

    label: where it is not the verdict's own.
    """
    limit, name = limit_of(verdict), label or verdict.label
    parts = [(charts.RESULTS[verdict.result], length)] if length > 0 else []
    stated = "（据报告陈述）" if verdict.basis == "attested" else ""
    words = f"{value}　{RESULTS[verdict.result][0]}{stated}"
    return charts.Row(f"{name}（{limit}）" if limit else name, words, parts, mark)


def _stack(axes: Plot, parts: dict[str, float]) -> float:
    left, shades = 0.0, (*charts.TIERS.values(), MUTED)
    for value, shade in zip(parts.values(), shades, strict=False):
        axes.bar(1, value, shade, height=0.55, left=left)
        if value:
            middle = left + value / 2
            axes.text(middle, 1, plain(value), ha="center", va="center", color="white")
        left += value
    axes.text(left, 1, f" 合计{plain(left)}" if parts else " 缺数据", va="center")
    return left


def total_and_parts(
    title: str, total: float, parts: dict[str, float], case: Case | None = None
) -> charts.Chart:
    """Draw a reported total above the sum of its reported parts, so that a gap is seen."""
    with charts.drawing(1.9) as axes:
        length = 0 if math.isnan(total) else total
        axes.bar(0, length, charts.COUNTY, height=0.55)
        axes.text(length, 0, f" {plain(total) or '缺数据'}", va="center")
        added = _stack(axes, parts)
        axes.name_rows(("报告所列合计", "报告所列分项"))
        longest, shades = max(length, added, 1), (*charts.TIERS.values(), MUTED)
        axes.set_across(0, longest * 1.15)
        axes.scale(steps(longest * 1.15))
        axes.sheet.add_key(zip(shades, parts, strict=False))
        listed = "、".join(f"{name}{plain(value)}" for name, value in parts.items()) or "缺数据"
        shown = (f"合计{plain(total) or '缺数据'}", f"分项{listed}，相加{plain(added)}")
        message = _agreement(total, added, parts)
        bars = [(s, part / longest) for s, part in zip(shades, parts.values(), strict=False)]
        words = f"{listed}，相加{plain(added)}" if parts else "缺数据"
        rows = [
            charts.Row(
                "报告所列合计", plain(total) or "缺数据", [(charts.COUNTY, length / longest)]
            ),
            charts.Row("报告所列分项", words, bars),
        ]
        return charts.finish(axes, title, message, shown, case=case, rows=rows)


def _agreement(total: float, added: float, parts: dict[str, float]) -> str:
    if math.isnan(total) or not parts:
        return ""
    if plain(total) == plain(added):
        return "合计与分项之和一致"
    return f"合计与分项之和相差{plain(abs(total - added))}"


def recruitment(case: Case) -> charts.Chart:
    """Draw teachers recruited: the printed total above the sum of its kinds."""
    total, *kinds = (case.facts.get(code) for code in RECRUITMENT)
    parts = {item(kind.item).label.removeprefix("其中："): kind.value for kind in kinds}
    reported = {name: value for name, value in parts.items() if not math.isnan(value)}
    title = f"{case.year.data_year}年招聘教师（人）"
    return total_and_parts(title, total.value, reported, case)


WIDEST = 2.0  # times the standard; a longer bar says no more


def _value(row: Verdict) -> str:
    text = fixed(row.value, row.decimals)
    return f"{text}{row.unit}" if text else "缺数据"


def against_own_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw each level in times of its own standard, coloured by result; goal lines are left out."""
    rows = [row for row in verdicts if row.role == "pass" and row.threshold]
    with charts.drawing(1.0 + 0.3 * max(len(rows), 1)) as axes:
        for position, row in enumerate(rows):
            colour = charts.RESULTS[row.result]
            if row.is_known and row.threshold:
                width = min(row.value / row.threshold, WIDEST)
                axes.bar(position, width, colour, height=0.55)
            text = f"{_value(row)}　{RESULTS[row.result][0]}"
            axes.text(WIDEST * 1.02, position, text, va="center", color=colour)
        axes.line([1, 1], [-0.5, max(len(rows), 1) - 0.5], INK, linewidth=1.8)
        _name_rows(axes, ((row.label, limit_of(row)) for row in rows))
        axes.set_across(0, WIDEST * 1.45)
        axes.write("below", {1: "标准"})
        axes.sheet.explain("条长为数值与标准之比，最长画到2倍；“≤”的指标越短越好")
        message = charts.said_of(row.result for row in rows)
        clauses = [f"{r.label}{_value(r)}，标准{limit_of(r)}，{RESULTS[r.result][0]}" for r in rows]
        none, listed = "没有施行中的标准", list(map(_times, rows))
        return charts.finish(axes, title, message, clauses, none=none, case=case, rows=listed)


def _times(row: Verdict) -> charts.Row:
    """Return a level in times of its standard as a narrow screen lists it."""
    length = row.value / row.threshold if row.is_known and row.threshold else 0.0
    return _listed(row, _value(row), min(length, WIDEST) / WIDEST, 1 / WIDEST)


def pupils_per_staff(case: Case, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw pupils for each member of staff, stage by stage, with the norm as a mark."""
    rows = [verdict for verdict in verdicts if verdict.item == "pupils_per_staff"]
    title = f"{case.year.data_year}年学生与教职工之比"
    values = [row.value for row in rows if row.is_known]
    longest = max([*values, *(row.threshold or 0 for row in rows)], default=0) or 1
    with charts.drawing(2.2) as axes:
        for position, row in enumerate(rows):
            colour, number = charts.RESULTS[row.result], row.value if row.is_known else 0
            axes.bar(position, number, colour, height=0.55)
            _mark_standard(axes, position, row)
            text = f"{plain(row.value, 2) or '缺数据'}　{RESULTS[row.result][0]}"
            right = max(number, row.threshold or 0)
            axes.text(right + 0.4, position, text, va="center", color=colour)
        _name_rows(axes, ((STAGES[r.stage], limit_words(r.compare, r.threshold)) for r in rows))
        axes.set_across(0, longest * 1.4)
        axes.scale(steps(longest * 1.4))
        axes.sheet.explain("每名教职工负担的学生（人），黑线为标准，不超过为达标")
        message = charts.said_of(row.result for row in rows)
        shown = (f"{STAGES[r.stage]}{plain(r.value, 2) or '缺数据'}" for r in rows)
        listed = [
            _listed(
                row,
                plain(row.value, 2) or "缺数据",
                row.value / longest if row.is_known else 0.0,
                row.threshold and row.threshold / longest,
                label=STAGES[row.stage],
            )
            for row in rows
        ]
        return charts.finish(axes, title, message, shown, case=case, rows=listed)
