"""The figures of the notebooks: trends, parts of a whole, values against their standard."""

from __future__ import annotations

from collections.abc import Sequence

from dudao.base.rounding import fixed, plain
from dudao.case import Case
from dudao.facts.items import PROGRAMMES, TIERS, item
from dudao.facts.view import Fact
from dudao.indicators.leadership import RECRUITMENT
from dudao.judging import NOT_APPLICABLE, Verdict
from dudao.show import charts
from dudao.show.words import OPERATORS, RESULTS

CLEAR = 6.0  # percentage points between the middle of a number and a line
WHOLE = 100.0  # a longer bar would run into its number


def _parts(panel: charts.Panel, row: int, amounts: dict[str, float], line: float | None) -> None:
    """Draw the parts of a whole with their shares; a share keeps clear of the line."""
    left, total = 0.0, sum(amounts.values())
    for tier, amount in amounts.items():
        width = amount / total * 100
        panel.bar(row, left, left + width, charts.TIERS[tier], height=0.62)
        if width > 6:
            middle = left + width / 2
            if line is not None and abs(middle - line) < CLEAR:
                middle = line - CLEAR if line - 2 * CLEAR > left else line + CLEAR
            ink = charts.INK if tier == "provincial" else "#fff"
            panel.write(middle, row, fixed(width, 2), ink, across="center")
        left += width


def _programme(panel: charts.Panel, row: int, by_tier: dict[str, Fact], line: float | None) -> str:
    """Draw one programme and return its name, with the tiers that it does not list."""
    amounts = {tier: f.value for tier, f in by_tier.items() if f.is_reported}
    _parts(panel, row, amounts, line)
    if line is not None:
        panel.limit(row, line, half=0.42, width=1.5)
    lacking = "、".join(TIERS[tier] for tier, fact in by_tier.items() if not fact.is_reported)
    return f"\n（未列{lacking}）" if lacking else ""


def cost_sharing(case: Case, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw what each tier pays of every programme, with the legal central part as a mark."""
    lines = {v.item: v.threshold for v in verdicts if v.threshold is not None}
    labels: list[str] = []
    described: list[str] = []
    shares: list[float] = []
    figure = charts.new_figure(3.2)
    (panel,) = figure.panels
    for code, (title, stage) in PROGRAMMES.items():
        by_tier = {tier: case.facts.get(f"{code}_{tier}", stage) for tier in TIERS}
        if any(fact.value > 0 for fact in by_tier.values()):
            line = lines.get(f"{code}_central_share")
            labels.append(title + _programme(panel, len(labels), by_tier, line))
            described.append(f"{title}县级{plain(by_tier['county'].value, 2) or '未列'}万元")
            shares += _share(by_tier)
    _finish_sharing(figure, labels)
    alt = "；".join(described) or "没有可画的数据"
    ends = dict.fromkeys(f"{fixed(end(shares), 1)}%" for end in (min, max) if shares)
    message = f"县级占{'至'.join(ends)}" if ends else ""
    title = charts.entitle(figure, "教育专项资金各级分担", message)
    return charts.render(figure, f"{title}。{alt}", mark=charts.mark_of(case))


def _share(by_tier: dict[str, Fact]) -> list[float]:
    """Return the county's part of what is listed of a programme, in percent."""
    listed = [fact.value for fact in by_tier.values() if fact.is_reported]
    county, total = by_tier["county"], sum(listed)
    return [county.value / total * 100] if county.is_reported and total else []


def _finish_sharing(figure: charts.Figure, labels: list[str]) -> None:
    (panel,) = figure.panels
    if not labels:
        panel.say_only("没有报送各级分担的资金，无图可画")
        return
    panel.y.name(labels)
    panel.x.end, panel.x.title = 100, "占各级已列资金之和（%）"
    panel.x.number(5)
    panel.frame_rows()
    figure.keys = [charts.Key(label, charts.TIERS[tier]) for tier, label in TIERS.items()]
    figure.keys.append(charts.Key("中央应承担（参考线）", charts.INK, "line"))


def about(case: Case, verdicts: Sequence[Verdict], *topics: str) -> list[Verdict]:
    """Return the verdicts on some topics."""
    checks = {rule.id for rule in case.law.about(topics)}
    return [verdict for verdict in verdicts if verdict.check in checks]


def _bar(panel: charts.Panel, at: int, row: Verdict) -> None:
    colour, word = charts.RESULTS[row.result], RESULTS[row.result][0]
    text = f"缺数据　{word}"
    if row.value == row.value:
        end, is_attested = min(row.value, WHOLE), row.basis == "attested"
        panel.bar(at, 0, end, colour, is_hatched=is_attested)
        text = f"{fixed(row.value, row.decimals)}%　{word}"
    panel.write(103, at, text, colour)
    if row.threshold is not None:
        panel.limit(at, row.threshold, dashes=charts.DOTTED if row.result == "reference" else "")


def _bar_name(row: Verdict) -> str:
    if row.threshold is None:
        return row.label
    return f"{row.label}（{OPERATORS[row.compare]}{plain(row.threshold)}%）"


def against_standard(case: Case, title: str, verdicts: Sequence[Verdict]) -> charts.Chart:
    """Draw percentages as bars with their standard as a mark, coloured by result.

    What no standard is in force for stands in the table of verdicts alone.
    """
    rows = [v for v in verdicts if v.unit == "%" and v.result != NOT_APPLICABLE]
    figure = charts.new_figure(0.9 + 0.28 * max(len(rows), 1))
    (panel,) = figure.panels
    for at, row in enumerate(rows):
        _bar(panel, at, row)
    panel.y.name([_bar_name(row) for row in rows])
    panel.x.end, panel.x.ticks = 132, [(at, f"{at}") for at in range(0, 101, 20)]
    panel.frame_rows()
    longer = "，超过100%的画到100%" if any(row.value > WHOLE for row in rows) else ""
    figure.note = f"单位：%（黑线为标准，虚线为参考线，斜纹为据报告陈述{longer}）"
    title = charts.entitle(figure, title, charts.said_of(row.result for row in rows))
    shown = [f"{r.label}{plain(r.value, 2) or '缺数据'}，{RESULTS[r.result][0]}" for r in rows]
    return charts.render(figure, f"{title}。{'；'.join(shown)}", mark=charts.mark_of(case))


def _stack(figure: charts.Figure, parts: dict[str, float]) -> float:
    left, shades = 0.0, (*charts.TIERS.values(), charts.MUTED)
    (panel,) = figure.panels
    for (name, value), shade in zip(parts.items(), shades, strict=False):
        panel.bar(1, left, left + value, shade, height=0.55)
        figure.keys.append(charts.Key(name, shade))
        if value:
            panel.write(left + value / 2, 1, plain(value), "#fff", across="center")
        left += value
    panel.write(left, 1, f" 合计{plain(left)}" if parts else " 缺数据")
    return left


def total_and_parts(
    title: str, total: float, parts: dict[str, float], *, mark: str = ""
) -> charts.Chart:
    """Draw a reported total above the sum of its reported parts, so that a gap is seen."""
    whole, end = plain(total) or "缺数据", total if total == total else 0
    figure = charts.new_figure(1.9)
    (panel,) = figure.panels
    panel.bar(0, 0, end, charts.COUNTY, height=0.55)
    panel.write(end, 0, f" {whole}")
    added = _stack(figure, parts)
    panel.y.name(["报告所列合计", "报告所列分项"])
    panel.x.end = max(end, added, 1) * 1.15
    panel.x.number(8)
    panel.frame_rows()
    title = charts.entitle(figure, title, _agreement(total, added, parts))
    listed = "、".join(f"{name}{plain(value)}" for name, value in parts.items()) or "缺数据"
    alt = f"{title}。合计{whole}；分项{listed}，相加{plain(added)}"
    return charts.render(figure, alt, mark=mark)


def _agreement(total: float, added: float, parts: dict[str, float]) -> str:
    if total != total or not parts:
        return ""
    if plain(total) == plain(added):
        return "合计与分项之和一致"
    return f"合计与分项之和相差{plain(abs(total - added))}"


def recruitment(case: Case) -> charts.Chart:
    """Draw teachers recruited: the printed total above the sum of its kinds."""
    total, *kinds = (case.facts.get(code) for code in RECRUITMENT)
    parts = {item(kind.item).label.removeprefix("其中："): kind.value for kind in kinds}
    reported = {name: value for name, value in parts.items() if value == value}
    title = f"{case.year.data_year}年招聘教师（人）"
    return total_and_parts(title, total.value, reported, mark=charts.mark_of(case))
