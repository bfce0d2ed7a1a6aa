"""Figures as a report prints them: number, unit, and what print says around a number."""

import math
from dataclasses import dataclass

from dudao.base.rounding import fixed, plain, round_half_up
from dudao.facts.cells import UNIVERSAL, VAGUE, bound, words_around
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
MINUS = "负"
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


def in_words(number: str) -> str:
    """Return a printed number as a sentence says it: 负10.42; what is above zero has no sign."""
    bare = number.lstrip("+-−－")
    return f"{MINUS}{bare}" if number[:1] in ("-", "−", "－") else bare


def with_qualifier(number: str, qualifier: str) -> str:
    """Return a number with its qualifier where the unit stands elsewhere: 约11000, 200余."""
    return number if qualifier in UNIVERSAL else with_unit(number, "", {"unit": {}}, qualifier)


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
        text = self._with(claim.printed, claim.unit, claim.qualifier)
        return Amount(text, claim.value, claim.qualifier)

    def _with(self, number: str, unit: str, qualifier: str) -> str:
        shown = "" if qualifier == "全部" else qualifier
        return with_unit(in_words(number), unit, self.words, shown)

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
        return "" if math.isnan(rate) else change_words(self.words, rate)

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


def change_words(words: Words, rate: float, decimals: int | None = None, unit: str = "") -> str:
    """Return a change in percent, or in points for a level that is itself in percent.

    decimals: as the county prints it; without them two at most.
    """
    kind = "same" if rate == 0 else "up" if rate > 0 else "down"
    places = CENTS if decimals is None else decimals
    while rate and not round_half_up(rate, places) and places < _FINEST:
        places += 1  # a fall that prints as 0.00 is still a fall
    if kind != "same" and unit in ("%", "百分点"):
        kind = f"points_{kind}"
    shown = fixed(abs(rate), places)
    return words["change"][kind].format(rate=plain(float(shown)) if decimals is None else shown)


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
