"""Figures as a report prints them: number, unit, and what print says around a number."""

import math
from dataclasses import dataclass

from dudao.base.rounding import fixed, plain, round_half_up
from dudao.facts.cells import VAGUE, bound, words_around
from dudao.facts.items import item, items
from dudao.facts.view import Claim, Facts
from dudao.indicators import rates
from dudao.indicators.declared import growth
from dudao.indicators.measure import CONTRADICTED
from dudao_pipeline.publish.amounts import gap_text
from dudao_pipeline.publish.report.wording import Words

ABOUT = "约"
MOST = 4  # decimals that a figure keeps
CENTS = 2
_FINEST = 9  # decimals of the smallest change there is


def decimals_of(*values: float, unit: str = "") -> int:
    """Return how many decimals figures that stand together are printed with.

    As many as the longest needs; an amount in 元 that is not whole has two.
    """
    texts = [plain(value, MOST) for value in values if not math.isnan(value)]
    longest = max((len(text.partition(".")[2]) for text in texts), default=0)
    return max(longest, CENTS) if longest and unit.startswith("元") else longest


def with_unit(number: str, unit: str, words: Words, qualifier: str = "") -> str:
    """Return a printed number with its unit and qualifier: 近2000万元, 200余个, 90%以上.

    A qualifier that contradicts itself (近…余) says no more than 约.
    """
    if bound(qualifier) == VAGUE and not qualifier.endswith("左右"):
        qualifier = ABOUT
    before, between, after = words_around(qualifier)
    form = words["unit"].get(unit, f"{{n}}{unit}")
    return form.format(n=f"{before}{number}{between}") + after


@dataclass(frozen=True)
class Amount:
    """One printed figure with its value, for comparing it with another."""

    text: str
    value: float
    qualifier: str = ""


@dataclass(frozen=True)
class Printer:
    """Prints the facts of one county, with the number and unit of its own report where it agrees.

    Of the figures of the report only those on the same basis as the data count.
    """

    facts: Facts
    words: Words

    def amount(self, code: str, stage: str, year: int, *others: float) -> Amount | None:
        """Return a reported level; None where nothing is reported. others: printed beside it."""
        fact = self.facts.get(code, stage, year)
        claim = self.claim(code, stage, year)
        if not fact.is_reported:
            return self._claimed(claim) if claim else None
        if claim and abs(claim.value - fact.value) <= claim.half_width + 1e-9:
            return self._claimed(claim)
        unit = item(code).unit
        number = fixed(fact.value, decimals_of(fact.value, *others, unit=unit))
        return Amount(self._with(number, unit, fact.qualifier), fact.value, fact.qualifier)

    def two_years(self, code: str, stage: str) -> tuple[Amount | None, Amount | None]:
        """Return a level of the base year and of the data year, printed alike."""
        years = (self.facts.year.base_year, self.facts.year.data_year)
        values = [self.facts.get(code, stage, year).value for year in years]
        before, now = (self.amount(code, stage, year, *values) for year in years)
        return before, now

    def _claimed(self, claim: Claim) -> Amount:
        number = claim.printed.lstrip("+-") if claim.value < 0 else claim.printed
        return Amount(self._with(number, claim.unit, claim.qualifier), claim.value, claim.qualifier)

    def _with(self, number: str, unit: str, qualifier: str) -> str:
        return with_unit(number, unit, self.words, "" if qualifier == "全部" else qualifier)

    def claim(self, code: str, stage: str, year: int) -> Claim | None:
        """Return the figure that the county's report prints, on the same basis as its data."""
        printed = self.facts.claim(code, stage, year)
        return printed if printed and printed.is_comparable else None

    def year_of(self, code: str, stage: str) -> int:
        """Return the year that is told of a figure: what the report prints, or the data year.

        Nothing in the data year: the year after it, then the one before.
        """
        year = self.facts.year
        in_order = (year.data_year, year.progress_year, year.base_year)
        printed = [y for y in in_order if self.claim(code, stage, y)]
        reported = [y for y in in_order if self.facts.get(code, stage, y).is_reported]
        return next(iter((*printed, *reported)), year.data_year)

    def change(self, code: str, stage: str) -> str:
        """Return how a level changed against the year before, in words; empty if nobody knows.

        The report's own rate is said where the data agree with it, or give none.
        """
        year = self.facts.year
        now, before = (self.facts.get(code, stage, y) for y in (year.data_year, year.base_year))
        if grown := _growth_item(code):
            measure, claim = (
                growth(self.facts, grown, stage),
                self.claim(grown, stage, year.data_year),
            )
            if claim and measure.is_known and measure.basis != CONTRADICTED:
                return change_words(self.words, claim.value, claim.decimals)
        if not (now.is_reported and before.is_reported) or now.qualifier or before.qualifier:
            return ""
        unit = item(code).unit
        if unit in ("%", "百分点"):
            step, decimals = now.value - before.value, decimals_of(now.value, before.value)
            return change_words(self.words, step, decimals, unit)
        rate = rates.growth_percent(now.value, before.value)
        return "" if math.isnan(rate) else change_words(self.words, rate, CENTS)

    def same_basis(self, code: str, stage: str) -> str:
        """Return the growth that the report prints on another basis than its two levels."""
        grown, year = _growth_item(code), self.facts.year.data_year
        printed = [
            claim
            for claim in self.facts.claims
            if (claim.item, claim.stage) == (grown, stage)
            and claim.basis_note
            and claim.data_year in (0, year)
        ]
        if not grown or not printed:
            return ""
        change = change_words(self.words, printed[0].value, printed[0].decimals)
        return self.words["change"]["same_basis"].format(basis=printed[0].basis_note, change=change)


def change_words(words: Words, rate: float, decimals: int, unit: str = "") -> str:
    """Return a change in percent, or in points for a level that is itself in percent."""
    kind = "same" if rate == 0 else "up" if rate > 0 else "down"
    while rate and not round_half_up(rate, decimals) and decimals < _FINEST:
        decimals += 1  # a fall that prints as 0.00 is still a fall
    if kind != "same" and unit in ("%", "百分点"):
        kind = f"points_{kind}"
    return words["change"][kind].format(rate=fixed(abs(rate), decimals))


def _growth_item(code: str) -> str:
    """Return the item that is the growth of a level; empty where the dictionary has none."""
    name = f"{code}_growth"
    return name if name in items() else ""


def worded_gap(check: dict, words: Words) -> str:
    """Return the gap with its unit as an office writes it: 平方米, not ㎡; 每周尚差1课时."""
    text = gap_text(check)
    unit = check["gap"]["unit"] if text else ""
    before, is_known, after = words["unit"].get(unit, "").partition("{n}")
    return f"{before}{text.removesuffix(unit)}{after}" if is_known else text
