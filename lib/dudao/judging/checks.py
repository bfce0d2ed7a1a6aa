"""One check: a measure against a threshold as it stood on a day, and how much it lacks."""

from bisect import bisect_left
from datetime import date

from dudao.base.rounding import plain, round_half_up
from dudao.facts.items import STAGES, describe, item
from dudao.indicators.measure import CONTRADICTED, Measure, Remedy
from dudao.judging.compare import BY_SIGN, ROUNDED, UNROUNDED, compare, decided_by, holds, meets
from dudao.judging.results import MET, NOT_APPLICABLE, NOT_MET, REFERENCE, UNDECIDED, Gap, Verdict
from dudao.law import DatedValue, Threshold
from dudao.law.rules_check import REFERENCE_LINE, VETO

MOST_STEPS = 10**15  # more than any county can supply
_DIGITS = 9  # decimals of a value that is told unrounded
HOW_DECIDED = {
    ROUNDED: "结论取决于四舍五入",
    BY_SIGN: "增减按金额本身判定，不看舍入后的增长率",
    UNROUNDED: "须全部达到或不得低于，按原数判定，不看舍入后的数",
}


def _result(measure: Measure, rule: Threshold, value: DatedValue | None) -> str:
    if value is None or not measure.applies:
        return NOT_APPLICABLE
    if rule.role == REFERENCE_LINE:
        return REFERENCE
    if value.value is None or not measure.is_known:
        return UNDECIDED
    return compare(measure, rule, value.value)


def _note(measure: Measure, rule: Threshold, value: DatedValue | None) -> str:
    parts = [measure.partial, measure.note, rule.note, value.note if value else ""]
    if value is None:
        parts.append(f"标准自{rule.values[0].start}起施行，不适用于本评价年度")
    elif measure.is_known and value.value is not None:
        exact = holds(measure.value, rule.compare, value.value)
        rounded = holds(round_half_up(measure.value, rule.decimals), rule.compare, value.value)
        if exact != rounded:
            how = HOW_DECIDED[decided_by(measure, rule, value.value)]
            parts.append(f"{how}（未舍入值为{plain(measure.value, _DIGITS)}{measure.unit}）")
    if measure.bound:
        parts.append("原文只给出界限或约数")
    if measure.basis == CONTRADICTED:
        parts.append(f"报告所列为{plain(measure.stated, _DIGITS)}，与数据重算不符")
    return "；".join(filter(None, parts))


def _missing(measure: Measure) -> tuple[str, ...]:
    """Return what to supply for a check that is open: of an unknown value, or of one of a part."""
    return (measure.partial,) if measure.partial else () if measure.is_known else measure.missing


def _label(measure: Measure, rule: Threshold) -> str:
    """Name the check: the rule, its stage where the rule's words leave it open, its part."""
    stage = STAGES[rule.stage]
    several = len(item(rule.item).stages) > 1
    named = rule.label if not several or stage in rule.label else f"{rule.label}（{stage}）"
    return f"{named}·{measure.detail}" if measure.detail else named


def _remedy(measure: Measure, rule: Threshold, threshold: float) -> Remedy | None:
    falls_short = rule.compare in (">=", ">") or (
        rule.compare == "==" and measure.value < threshold
    )
    return measure.raised_by if falls_short else measure.lowered_by


def _decimals(measure: Measure, rule: Threshold, value: DatedValue | None, result: str) -> int:
    """Return the decimals to print: those of the rule, more where the result would look wrong."""
    if value is None or value.value is None or result not in (MET, NOT_MET):
        return rule.decimals
    for decimals in range(rule.decimals, _DIGITS):
        printed = round_half_up(measure.value, decimals)
        if holds(printed, rule.compare, value.value) == (result == MET):
            return decimals
    return rule.decimals


def gap_of(measure: Measure, rule: Threshold, threshold: float) -> Gap | None:
    """Return the least supply with which a failed check is met, judged by the comparer itself.

    None where nothing can be supplied, or where print gives a bound instead of the value.
    """
    remedy = _remedy(measure, rule, threshold)
    if remedy is None or measure.bound:
        return None
    step = 10**-rule.decimals if remedy.step is None else remedy.step

    def passes(steps: int) -> bool:
        return meets(remedy.after(steps * step), measure, rule, threshold)

    most = int(min(round(remedy.most / step, 6), MOST_STEPS))  # 0.29 are 29 cents, not 28
    steps = 1 + bisect_left(range(1, most + 1), True, key=passes)
    if steps > most:
        return None
    what = describe(remedy.item, remedy.stage) if remedy.item else ""
    return Gap(round(steps * step, 9), remedy.unit, remedy.per_unit < 0, what)


def judge(measure: Measure, rule: Threshold, day: date) -> Verdict:
    """Judge one measure by one threshold as it stood on a day.

    Not known, or no sourced value: undecided; not yet in force: not applicable; a goal line:
    reference. A veto has no gap: nothing makes up for a case that happened.
    """
    value = rule.at(day) if rule.in_force(day) else None
    threshold = value.value if value else None
    result = _result(measure, rule, value)
    has_gap = result == NOT_MET and threshold is not None and rule.role != VETO
    cited = value or rule.values[0]
    shared = ("item", "stage", "data_year", "value", "unit", "basis", "sources", "stated", "units")
    return Verdict(
        **{name: getattr(measure, name) for name in (*shared, "qualifier")},
        points=(),
        role=rule.role,
        check=rule.id,
        label=_label(measure, rule),
        threshold=threshold,
        compare=rule.compare,
        decimals=_decimals(measure, rule, value, result),
        result=result,
        gap=gap_of(measure, rule, threshold) if has_gap and threshold is not None else None,
        citation=cited.citation,
        url=cited.reference.url,
        law_status=rule.status,
        area=rule.area,
        missing=_missing(measure) if result == UNDECIDED else (),
        note=_note(measure, rule, value),
        starts=str(rule.values[0].start) if value is None and measure.applies else "",
    )
