"""Sentences from facts: levels of two years, wholes with parts, funds by tier, counts.

Which sentences a topic has is data (contents.yaml), and so are their words (wording.yaml).
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from dudao.base.yaml_text import read_own
from dudao.facts.items import PROGRAMMES, STAGES, TIERS, item, items
from dudao.facts.view import Claim, Facts
from dudao_pipeline.publish.report.amount_words import (
    MINUS,
    Amount,
    Printer,
    change_words,
    in_words,
    with_unit,
)
from dudao_pipeline.publish.report.wording import Words

CONTENTS = Path(__file__).with_name("contents.yaml")
FEW = 3  # stages that each have a clause of their own
LOWEST = 9  # rank of what no entry of the contents asks for
ALWAYS = 0  # rank of what the county's own report prints
Key = tuple[str, str]


def contents() -> dict:
    """Return what the report says of each topic, as declared."""
    return read_own(CONTENTS)


@dataclass(frozen=True)
class Sentence:
    """One sentence without its full stop, what it tells of, and how long it is kept (0: always).

    year: that of its figures, to be named where the sentence before is about another; 0: none.
    """

    text: str
    rank: int = LOWEST
    tells: frozenset[Key] = field(default=frozenset())
    year: int = 0


@dataclass(frozen=True)
class Wanted:
    """One quantity of the contents: what to tell of, and how it is called in its sentence."""

    code: str
    stage: str
    say: str = ""

    @property
    def key(self) -> Key:
        """Return item and stage."""
        return self.code, self.stage


def wanted(entry: object) -> list[Wanted]:
    """Read an entry of the contents: item (all its stages), [item, stage], or a mapping."""
    if isinstance(entry, str):
        return [Wanted(entry, stage) for stage in STAGES if stage in item(entry).stages]
    if isinstance(entry, list):
        return [Wanted(*entry)]
    stage = entry.get("stage") or item(entry["item"]).stages[0]
    return [Wanted(entry["item"], stage, entry.get("say", ""))]


@dataclass(frozen=True)
class Narrator:
    """Writes the sentences of one county.

    county: what it is called (reach: 全县; level: 县; unit: 县).
    """

    facts: Facts
    words: Words
    county: dict[str, str]

    @property
    def printer(self) -> Printer:
        """Return what prints its figures."""
        return Printer(self.facts, self.words)

    def of_topics(self, topics: Iterable[str]) -> list[Sentence]:
        """Return the sentences about some topics."""
        specs = (spec for topic in topics for spec in contents()["topics"].get(topic, ()))
        return [self._ranked(one) for spec in specs for one in self.of_topic(spec)]

    def of_topic(self, spec: Mapping) -> list[Sentence]:
        """Return the sentences of one entry of the contents; none where nothing is known."""
        kinds: dict[str, Callable[[Mapping], Iterable[Sentence]]] = {
            "levels": self._levels,
            "whole": self._whole,
            "funds": self._funds,
            "counts": self._counts,
            "progress": self._progress,
        }
        kind = next(name for name in kinds if name in spec)
        return [one for one in kinds[kind](spec) if one.tells]

    def _ranked(self, sentence: Sentence) -> Sentence:
        printed = any((claim.item, claim.stage) in sentence.tells for claim in self.facts.claims)
        return replace(sentence, rank=ALWAYS) if printed else sentence

    def _level(self, one: Wanted, label: str, form: str) -> str:
        """Return the clause of one level; empty where neither year is reported."""
        year, printer, words = self.facts.year, self.printer, self.words["levels"]
        before, now = printer.two_years(*one.key)
        change = printer.change(*one.key)
        fields = {
            "label": label,
            "stage": STAGES[one.stage],
            "base_year": year.base_year,
            "data_year": year.data_year,
            "before": before.text if before else "",
            "now": now.text if now else "",
            "change": change,
        }
        kind = _level_case(before, now, change, form)
        other = self.printer.same_basis(*one.key)
        if not kind:
            return f"{fields['stage']}{label}{other}" if other else ""
        return _about(words[kind].format(**fields)) + other

    def _levels(self, spec: dict) -> Iterator[Sentence]:
        for code in spec["levels"]:
            label = spec.get("label") or item(code).label
            asked = [w for w in wanted(code) if self._is_known(w, two_years=True)]
            if len(asked) <= FEW:
                named = [(w, f"{_stage(w)}{label}") for w in asked]
                clauses = [self._level(w, name, "full") for w, name in named]
                text = "；".join(filter(None, clauses))
            else:
                is_told = any(c.item == code for c in self.facts.claims)
                form = "brief" if spec.get("brief") and not is_told else "many"
                clauses = [self._level(w, label, form) for w in asked]
                listed = ("、" if form == "brief" else "；").join(filter(None, clauses))
                many = self.words["levels"]["many"].format(label=label, listed=listed)
                text = many if listed else ""
            if asked and text:
                yield Sentence(text, spec["rank"], _keys(asked))

    def _is_known(self, one: Wanted, *, two_years: bool = False) -> bool:
        year = self.facts.year
        years = (year.base_year, year.data_year) if two_years else (self.printer.year_of(*one.key),)
        has_figure = any(self.printer.amount(*one.key, y) for y in years)
        rate = (self.printer.change(*one.key), self.printer.same_basis(*one.key))
        return has_figure or (two_years and any(rate))

    def _figure(self, one: Wanted, year: int) -> Amount | None:
        return self.printer.amount(*one.key, year)

    def _whole(self, spec: dict) -> Iterator[Sentence]:
        (whole,) = wanted(spec["whole"])[:1]
        parts = [part for entry in spec["parts"] for part in wanted(entry)]
        year = self.printer.year_of(*whole.key)
        if not self._figure(whole, year):
            year = self.printer.year_of(*parts[0].key)
        total = self._figure(whole, year)
        reported = [(part, figure) for part in parts if (figure := self._figure(part, year))]
        if spec.get("rest") and any(figure.value for _, figure in reported):
            reported = [(part, figure) for part, figure in reported if figure.value]
        if not total and not reported:
            return
        lead = spec.get("say", item(whole.code).label).format(**self.county)
        form = "rest" if spec.get("rest") and reported else _whole_case(total, reported, len(parts))
        text = self.words["whole"][form].format(
            lead=lead,
            reach=self.county["reach"],
            label=label_of(*whole.key),
            whole=total.text if total else "",
            part=next((part.say for part, figure in reported if figure.value), ""),
            parts="、".join(f"{part.say}{figure.text}" for part, figure in reported),
        )
        asked = [*([whole] if total else []), *(part for part, _ in reported)]
        yield Sentence(text, spec["rank"], _keys(asked), year)

    def _funds(self, spec: dict) -> Iterator[Sentence]:
        words = self.words["funds"]
        for code in spec["funds"]:
            title, stage = PROGRAMMES[code]
            asked = [Wanted(f"{code}_{tier}", stage, words[tier]) for tier in TIERS]
            figures = ((w, self._figure(w, self.printer.year_of(*w.key))) for w in asked)
            reported = [(w, figure) for w, figure in figures if figure]
            if not reported:
                continue
            if not any(figure.value for _, figure in reported):
                tiers = "、".join(w.say.format(**self.county) for w, _ in reported)
                form = words["none" if len(reported) == 1 else "none_of_all"]
                text = form.format(programme=title, tiers=tiers)
            else:
                if not reported[0][1].value:  # 落实 asks for an amount: what is zero comes last
                    reported.sort(key=lambda one: not one[1].value)
                parts = [
                    (words["part"] if figure.value else words["nothing"]).format(
                        tier=w.say.format(**self.county), amount=figure.text
                    )
                    for w, figure in reported
                ]
                text = words["one"].format(programme=title, parts="，".join(parts))
            yield Sentence(text, spec["rank"], _keys(w for w, _ in reported))

    def _counts(self, spec: dict) -> Iterator[Sentence]:
        asked = [w for entry in spec["counts"] for w in wanted(entry) if self._is_known(w)]
        lead, form = spec.get("lead", "").format(**self.county), self.words["counts"]
        in_order = sorted(asked, key=lambda w: self.printer.year_of(*w.key))
        for year, of_year in groupby(in_order, key=lambda w: self.printer.year_of(*w.key)):
            group = list(of_year)
            codes = frozenset(w.code for w in group)
            figures = [(w, self._figure(w, year)) for w in group]
            if lead:
                staged = (
                    form["staged"].format(stage=STAGES[w.stage], n=f.text) for w, f in figures
                )
                text = form["with_lead"].format(lead=lead, listed="、".join(staged))
            else:
                text = "，".join(self.say(w, figure, codes) for w, figure in figures)
            yield Sentence(text, spec["rank"], _keys(group), year)

    def _progress(self, spec: dict) -> Iterator[Sentence]:
        """Yield what has become of figures in the year after the data year, once."""
        year = self.facts.year.progress_year
        asked = [w for entry in spec["progress"] for w in wanted(entry)]
        later = [w for w in asked if self.printer.year_of(*w.key) != year]
        figures = [(w, figure) for w in later if (figure := self._figure(w, year))]
        if figures:
            codes = frozenset(w.code for w, _ in figures)
            text = "，".join(self.say(w, figure, codes) for w, figure in figures)
            tells = frozenset((f"{w.code}@{year}", w.stage) for w, _ in figures)
            yield Sentence(text, spec["rank"], tells, year)

    def say(self, one: Wanted, figure: Amount, covered: frozenset[str]) -> str:
        """Return a figure with its name, as the contents say it or by its unit.

        covered: the items of its sentence, on which a phrase may lean.
        """
        return _about(self._say(one, figure, covered))

    def _say(self, one: Wanted, figure: Amount, covered: frozenset[str]) -> str:
        declared, form = contents(), self.words["counts"]
        if figure.value < 0 and one.code in declared["say_negative"]:
            return declared["say_negative"][one.code].format(n=figure.text.removeprefix(MINUS))
        alone = declared["say_alone"].get(one.code)
        if alone and alone["beside"] not in covered:
            return alone["say"].format(n=figure.text)
        if not figure.value and one.code in declared["say_zero"]:
            return declared["say_zero"][one.code].format(n=figure.text)
        if one.code in declared["say"]:
            return declared["say"][one.code].format(n=figure.text)
        label = label_of(*one.key)
        if not figure.value:
            return form["zero"].format(label=label)
        if sentence := difference(label, figure, self.words):
            return sentence
        kind = "rate" if item(one.code).unit in ("%", "", "元", "元/生/年") else "plain"
        return form[kind].format(label=label, n=figure.text)

    def remaining(self, claims: Sequence[Claim], covered: frozenset[Key]) -> list[Sentence]:
        """Return a sentence by year on figures of the report that nothing else has told of."""
        by_year: dict[int, list[tuple[Key, Amount]]] = {}
        for claim in claims:
            key = (claim.item, claim.stage)
            year = claim.data_year or self.facts.year.data_year
            if (
                key in covered
                or not claim.item
                or not claim.is_comparable
                or item(claim.item).formula == "growth"
            ):
                continue
            if figure := self._figure(Wanted(*key), year):
                by_year.setdefault(year, []).append((key, figure))
        made = []
        for year, figures in by_year.items():
            beside = frozenset(code for (code, _), _ in figures)
            texts = [self.say(Wanted(*key), figure, beside) for key, figure in figures]
            made.append(Sentence("，".join(texts), ALWAYS, frozenset(k for k, _ in figures), year))
        return made


def difference(name: str, figure: Amount, words: Words) -> str:
    """Return which of two is how far ahead, where a figure is one less the other; else empty."""
    match = _DIFFERENCE.fullmatch(name)
    if not match or not figure.value:
        return ""
    form = words["counts"]["lower" if figure.value < 0 else "higher"]
    return form.format(first=match[1], second=match[2], n=figure.text.removeprefix(MINUS))


def label_of(code: str, stage: str) -> str:
    """Return what a quantity of a stage is called in the text."""
    declared = contents()
    labels = {**declared["labels"], **declared.get(f"labels_{stage}", {})}
    label = labels.get(code, item(code).label.removeprefix("其中："))
    named = _stage(Wanted(code, stage))
    return label if named and label.startswith(named) else f"{named}{label}"


def _stage(one: Wanted) -> str:
    return STAGES[one.stage] if len(item(one.code).stages) > 1 else ""


def _keys(listed: Iterable[Wanted]) -> frozenset[Key]:
    """Return what is told of: the levels, and their growth."""
    keys = {one.key for one in listed}
    grown = {(f"{code}_growth", stage) for code, stage in keys if f"{code}_growth" in items()}
    return frozenset(keys | grown)


def _level_case(before: Amount | None, now: Amount | None, change: str, form: str) -> str:
    """Return which template fits; empty where nothing can be said."""
    if form == "brief" and change:
        return "brief"
    zero = before and now and not before.value and not now.value
    if form in ("many", "brief"):
        if before and now:
            unlike = "one_of_many_zero" if zero else "one_of_many_unlike"
            return "one_of_many" if change else unlike
        if now:
            return "one_and_change" if change else "one_alone"
        return "one_before" if before else ""
    if now and before:
        unlike = "both_zero" if zero else "both_unlike"
        return "both" if change else unlike
    if now:
        return "now_and_change" if change else "only_now"
    if before:
        return "only_before"
    return "only_change" if change else ""


def _about(text: str) -> str:
    """Return a clause as an office says it: 约为 and not 为约."""
    return text.replace("为约", "约为")


def _whole_case(total: Amount | None, reported: Sequence[tuple[Wanted, Amount]], parts: int) -> str:
    if total is None:
        return "no_whole"
    if not total.value and not any(figure.value for _, figure in reported):
        return "zero"
    if not reported:
        return "no_parts"
    values = [figure.value for _, figure in reported]
    is_bound = bool(total.qualifier) or any(figure.qualifier for _, figure in reported)
    if sum(1 for value in values if value) == 1 and math.isclose(sum(values), total.value):
        return "all" if len(reported) == parts and not is_bound else "full"
    is_whole = len(reported) == parts and not is_bound
    exceeds = sum(values) > total.value + 1e-9
    return "unlike" if exceeds and is_whole else "full"


_DIFFERENCE = re.compile("(.+)与(.+)之差")
_SUFFIXES = ("增长率", "增减额", "起始年级", "年级")
_MONTH = re.compile(r"(\d{1,2})月")
_OFTEN = re.compile(r"([周月天年日])/次")
_QUOTED_NUMBER = re.compile(r"“[^”]*[一二三四五六七八九十两][^”]*”")
_START, _END = "（起）", "（止）"


@dataclass(frozen=True)
class Narrated:
    """Words for the figures that a county's report prints and no item stands for."""

    words: Words
    data_year: int
    notes: Mapping[int, str] = field(default_factory=dict)  # by number of the figure

    def sentences(self, claims: Sequence[Claim]) -> list[Sentence]:
        """Return one sentence per figure, or per series of two years with its growth."""
        series: dict[tuple[str, str], list[Claim]] = {}
        for claim in claims:
            series.setdefault((_series_name(claim.name), claim.stage), []).append(claim)
        texts = [self._text(name, own) for (name, _), own in series.items()]
        return [Sentence(text, ALWAYS, frozenset({("", text)})) for text in texts if text]

    def _text(self, name: str, claims: Sequence[Claim]) -> str:
        if len(claims) > 1 or _series_name(claims[0].name) != claims[0].name:
            return self._series(name, claims)
        return self._single(claims[0])

    def _series(self, name: str, claims: Sequence[Claim]) -> str:
        if len(claims) == 2 and all(c.unit == "日" for c in claims):
            first, last = claims
            month = self._month(first)
            return self._say("days", name=name, n=first.printed, end=last.printed, month=month)
        if all(c.unit == "年级" for c in claims):
            listed = "、".join(f"{c.printed}年级" for c in claims)
            stage = STAGES[claims[0].stage] if claims[0].stage != "all" else ""
            return self._say("grade", name=name, listed=listed, stage=stage)
        levels = {c.data_year: self._amount(c) for c in claims if c.name == name}
        if len(levels) < sum(c.name == name for c in claims):
            return "；".join(map(self._single, claims))
        rates = [c for c in claims if c.name.endswith("增长率")]
        steps = [c for c in claims if c.name.endswith("增减额")]
        change = "".join(change_words(self.words, c.value, c.decimals) for c in rates[:1])
        by_how_much = [self._step(c) for c in steps[:1]]
        if levels:
            return "，".join((self._levels(name, levels, change), *by_how_much))
        changes = (change, *by_how_much) if change else by_how_much
        year = (rates if change else steps)[0].data_year or self.data_year
        only = self.words["levels"]["only_change"]
        return "，".join((only.format(label=name, data_year=year, change=changes[0]), *changes[1:]))

    def _levels(self, name: str, levels: Mapping[int, str], change: str) -> str:
        """Return the clause of the newest level, beside the one before it where there is one."""
        words, (*earlier, year) = self.words["levels"], sorted(levels)
        if earlier:
            before = {"base_year": earlier[-1], "before": levels[earlier[-1]]}
            form = words["both" if change else "both_unlike"]
            now = {"data_year": year, "now": levels[year]}
        else:
            form, before = words["now_and_change" if change else "only_now"], {}
            now = {"data_year": year or self.data_year, "now": levels[year]}
        return form.format(label=name, change=change, **before, **now)

    def _month(self, claim: Claim) -> str:
        """Return the month of a day, where the note beside the figure names it."""
        match = _MONTH.search(self.notes.get(claim.number, ""))
        return self._say("month_of", n=match[1]) if match else ""

    def _step(self, claim: Claim) -> str:
        word = "减少" if claim.value < 0 else "增加"
        return word + self._amount(claim).removeprefix(MINUS)

    def _amount(self, claim: Claim) -> str:
        number = in_words(claim.printed)
        return with_unit(number, claim.unit, self.words, claim.qualifier)

    def _say(self, kind: str, **fields: object) -> str:
        return self.words["narrated"][kind].format(**fields)

    def _single(self, claim: Claim) -> str:
        name, number, year = claim.name, claim.printed, claim.data_year or self.data_year
        plain_fields = {"name": name, "n": number, "year": year}
        if claim.unit == "届":
            return self._say("session", name=name.removesuffix("届次"), n=number)
        if claim.unit == "月":
            return self._say("month", **plain_fields)
        if claim.unit == "日":
            kind = "day" if claim.value <= 31 and "日期" in name else "near"
            number = number if kind == "day" else f"{number}日"
            bare = name.removesuffix(_START).removesuffix(_END)
            return self._say(kind, name=bare, n=number, month=self._month(claim))
        if claim.unit == "年" and claim.value > 1900:
            return self._say("year", name=name.removesuffix("年份"), n=number)
        if match := _OFTEN.fullmatch(claim.unit):
            return self._say("often", name=name.removesuffix("频次"), n=number, unit=match[1])
        if _QUOTED_NUMBER.search(name):
            return self._say("named", name=name)
        amount = self._amount(claim)
        if sentence := difference(name, Amount(amount, claim.value), self.words):
            return sentence
        is_rate = claim.unit in ("%", "", "元") and re.search(r"\d", amount)  # not 开齐开足
        return self._say("rate" if is_rate else "plain", name=name, n=amount)


def _series_name(name: str) -> str:
    for suffix in (*_SUFFIXES, _START, _END):
        name = name.removesuffix(suffix)
    return name
