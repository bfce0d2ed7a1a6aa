"""Primary 5, 特殊教育与教育公平: disabled children, children of migrants, dropouts."""

from __future__ import annotations

from dudao.facts.view import Facts
from dudao.indicators import rates
from dudao.indicators.declared import CENT, YUAN_PER_WAN, quotient
from dudao.indicators.measure import Measure, Remedy, with_remedy

STAGE = "compulsory"
SPECIAL_FUNDS = "special_operating_funds"
SPECIAL_PUPILS = ("disabled_in_special_schools", "disabled_in_mainstream_schools")


def special_operating_funds(facts: Facts) -> Measure:
    """Operating funds per disabled pupil (特殊教育生均公用经费), raised by money.

    Pupils of special schools and 随班就读; home teaching is in neither side.
    Source: 国发〔2015〕67号.
    """
    funds = facts.get(SPECIAL_FUNDS, STAGE).value
    pupils = sum(facts.get(code, STAGE).value for code in SPECIAL_PUPILS)

    remedy = Remedy(
        unit="万元",
        after=lambda amount: rates.ratio(funds + amount * YUAN_PER_WAN, pupils),
        step=CENT,
        item=SPECIAL_FUNDS,
        stage=STAGE,
        data_year=facts.year.data_year,
        per_unit=YUAN_PER_WAN,
    )
    return with_remedy(quotient(facts, "special_operating_funds_per_pupil", STAGE), remedy)
