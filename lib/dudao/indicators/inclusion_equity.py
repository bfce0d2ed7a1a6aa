"""Primary 5, 特殊教育与教育公平: disabled children, children of migrants, dropouts."""

from __future__ import annotations

from dudao.facts.view import Facts
from dudao.indicators.declared import YUAN_PER_WAN, quotient
from dudao.indicators.measure import Measure, raised_in

STAGE = "compulsory"


def special_operating_funds(facts: Facts) -> Measure:
    """Operating funds per disabled pupil (特殊教育生均公用经费), raised by money.

    Pupils of special schools and 随班就读; home teaching is in neither side.
    Source: 国发〔2015〕67号.
    """
    measure = quotient(facts, "special_operating_funds_per_pupil", STAGE)
    return raised_in(measure, "万元", YUAN_PER_WAN)
