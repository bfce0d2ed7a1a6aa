"""Hold a report's figures against the county's facts in the store, and against its last report."""

from collections.abc import Iterator

from dudao.base.rounding import plain
from dudao.facts.items import STAGE_CODES, describe, item
from dudao.facts.units import factor
from dudao.facts.view import Facts
from dudao_pipeline.report_check import arithmetic
from dudao_pipeline.report_check.arithmetic import CONTRADICTS, Printed
from dudao_pipeline.report_check.checking import Check
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import COUNT, LEVEL, SHARE
from dudao_pipeline.report_check.printing import DOUBT, UNCHECKED, Relation
from dudao_pipeline.report_check.registering import item_of

FACTS, LAST_YEAR = "facts", "last_year"
_KINDS = (COUNT, LEVEL, SHARE)


def against_facts(check: Check, facts: Facts) -> Iterator[Relation]:
    """Compare each figure of a dictionary item with the county's own value: agrees, or not."""
    for index, one in enumerate(check.figures):
        code = item_of(one) if one.kind in _KINDS and one.is_exact else ""
        stage = STAGE_CODES.get(one.stage, "all")
        if not code or stage not in item(code).stages:
            continue
        year = one.year or facts.year.data_year
        fact = facts.get(code, stage, year)
        label = f"{year}年{describe(code, stage)}"
        if not fact.is_reported:
            yield Relation((index,), FACTS, UNCHECKED, message=f"报送数据没有{label}")
            continue
        times = factor(one.unit, item(code).unit)
        if times is None:
            continue
        stated = Printed(one.value * times, 0.5 * 10**-one.decimals * times)
        status = arithmetic.compare(arithmetic.total, [Printed(fact.value, 0.0)], stated)
        expected = f"{plain(fact.value)}{item(code).unit}"
        if status == CONTRADICTS:
            message = f"报送数据{label}为{expected}（{fact.cell}），报告为{one.shown}"
            yield Relation((index,), FACTS, CONTRADICTS, expected, message)
        else:
            yield Relation((index,), FACTS, status, expected, f"与报送数据{label}相符")


def against_last_report(check: Check, last: Check) -> Iterator[Relation]:
    """Compare what two reports of one county print for the same thing and the same year."""
    printed: dict[tuple, Figure] = {}
    for one in last.figures:
        if (key := _key(one)) is not None:
            printed.setdefault(key, one)
    for index, one in enumerate(check.figures):
        key = _key(one)
        before = printed.get(key) if key else None
        if before is None:
            continue
        inputs = [Printed(before.size, before.step)]
        status = arithmetic.compare(arithmetic.total, inputs, Printed(one.size, one.step))
        if status == CONTRADICTS:
            message = (
                f"{last.report.name}所列{one.year}年数为{before.shown}，口径可能有调整，请核对"
            )
            yield Relation((index,), LAST_YEAR, DOUBT, before.shown, message)
        else:
            yield Relation((index,), LAST_YEAR, status, before.shown, f"与{last.report.name}相符")


def _key(one: Figure) -> tuple | None:
    if one.kind not in _KINDS or not one.is_exact or one.year is None or len(one.what) < 3:
        return None
    return one.what, one.stage, one.year, one.dimension, one.kind
