"""What a report is drafted from, and what it is: chapters, problems, measures, annexes."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from dudao.base import reference
from dudao.facts.store import Stored
from dudao.facts.view import Facts
from dudao.judging.results import MET, NOT_MET, UNDECIDED
from dudao.law import EvaluationYear, Framework, Point, framework_for
from dudao.law.topics import OVERVIEW, is_topical
from dudao_pipeline.publish.amounts import failed
from dudao_pipeline.publish.report.judged import Judged
from dudao_pipeline.publish.report.narration import Narrator
from dudao_pipeline.publish.report.wording import Words

Rows = tuple[Mapping[str, str], ...]
NUMERALS = "一二三四五六七八九十"
REMARK = re.compile(r"（[^）]*）$")
ZONE = re.compile(r"(?:示范|开发|高新|管理|新技术产业|经济|试验|风景名胜)区$")
OWN_WORD = "自评"  # in the note of a point that people decide
LEVELS = ("旗", "市", "区", "县")  # by the last letter of the name; else 县


def numeral(number: int) -> str:
    """Return a number up to 99 as headings write it."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else NUMERALS[tens - 1]) + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


def number_of(text: str) -> int:
    """Return the number that a heading writes: the reverse of `numeral`."""
    return next((number for number in range(1, 100) if numeral(number) == text), 0)


@dataclass(frozen=True)
class CountyWords:
    """A county in its report. above: the city, or what stands for it where nobody knows."""

    name: str
    level: str
    above: str
    is_zone: bool

    @property
    def fields(self) -> dict[str, str]:
        """Return what sentences are filled with."""
        return {"reach": f"全{self.level}", "level": self.level, "we": f"我{self.level}"}

    def government(self, words: Words) -> str:
        """Return who signs."""
        kind = "zone" if self.is_zone else "county"
        return words["government"][kind].format(county=self.name)


def county_words(code: str, full_name: str, words: Words) -> CountyWords:
    """Return the words for a county; an anonymous one keeps what is known of its name."""
    county = reference.counties().get(code)
    name = REMARK.sub("", full_name)
    above = words["above_unknown"]
    if county:
        name = county.name.removeprefix(county.city) or county.name
        is_city = county.city.endswith(("市", "州", "盟", "地区")) and county.city != "市辖区"
        above = county.city if is_city else county.province
    level = next((letter for letter in LEVELS if name.rstrip("0123456789").endswith(letter)), "县")
    return CountyWords(name, level, above, bool(ZONE.search(name)))


@dataclass(frozen=True)
class Draft:
    """What a report is drafted from: results by notebook, what the county reported, words."""

    records: Mapping[str, dict]
    stored: Stored
    words: Words

    @cached_property
    def last(self) -> dict:
        """Return any notebook's record, for what all have in common."""
        return self.records[max(self.records)]

    @cached_property
    def facts(self) -> Facts:
        """Return what the county reported, and what its report prints."""
        stored, year = self.stored, EvaluationYear(self.last["year"])
        return Facts(
            stored.facts, stored.claims, year, schools=stored.schools, last_round=stored.last_round
        )

    @cached_property
    def framework(self) -> Framework:
        """Return the scheme whose points the report follows."""
        return framework_for(self.last["year"], self.stored.area)

    @cached_property
    def county(self) -> CountyWords:
        """Return what the county is called."""
        return county_words(self.last["county"], self.last["county_name"], self.words)

    @cached_property
    def narrator(self) -> Narrator:
        """Return what writes sentences from its facts."""
        return Narrator(self.facts, self.words, self.county.fields)

    @cached_property
    def judged(self) -> Judged:
        """Return what words its checks."""
        return Judged(self.words, self.facts, self.county.level)

    @cached_property
    def _topical(self) -> list[dict]:
        return [record for name, record in self.records.items() if is_topical(name)]

    @cached_property
    def points(self) -> dict[str, dict]:
        """Return every judged point by id."""
        points = {point["id"]: point for record in self._topical for point in record["points"]}
        overview = self.records.get(OVERVIEW, {})
        return points | {point["id"]: point for point in overview.get("points", ())}

    @cached_property
    def checks(self) -> list[dict]:
        """Return every check once, in the order of the notebooks."""
        return [check for record in self._topical for check in record["checks"]]

    @cached_property
    def failed(self) -> list[dict]:
        """Return the failed checks, the weightiest first: vetoes, then by relative shortfall."""
        return failed(self.checks)

    @cached_property
    def shown_points(self) -> list[Point]:
        """Return the points of the scheme that are judged, in its order."""
        return [point for point in self.framework.points if point.id in self.points]

    @cached_property
    def tally(self) -> Counter[str]:
        """Return how many points came to which result."""
        return Counter(point["result"] for point in self.points.values())

    @cached_property
    def papers(self) -> Mapping[str, list[str]]:
        """Return the titles of the documents on file, by point."""
        return _by_point(self.stored.evidence, "title")

    @cached_property
    def reasons(self) -> Mapping[str, list[str]]:
        """Return what the county says to its own ratings, by point."""
        return _by_point(self.stored.self_ratings, "reason")

    def ground(self, point: str) -> str:
        """Return what the result of a point rests on: data, report (printed only), rating, none."""
        judged = self.points[point]
        if judged["result"] == UNDECIDED or not judged["basis"]:
            return "none"
        decided = [c for c in self.checks_of(point) if c["result"] in (MET, NOT_MET)]
        is_rated = point in set(self.stored.self_ratings["point"])
        if is_rated and (OWN_WORD in judged["note"] or not decided):
            return "rating"
        return "report" if any(map(self._is_printed_only, decided)) else "data"

    def _is_printed_only(self, check: Mapping) -> bool:
        key = check["item"], check["stage"], check["data_year"]
        is_attested = check["basis"] == "attested" and check["stated"] is not None
        return is_attested and not self.facts.get(*key).is_reported

    def checks_of(self, point: str) -> list[dict]:
        """Return the checks that decide a point."""
        return [check for check in self.checks if point in check["points"]]


def _by_point(rows: pd.DataFrame, column: str) -> Mapping[str, list[str]]:
    """Return a column of a register by its points; rows: columns point and that one."""
    return defaultdict(list, rows.groupby("point")[column].agg(list).to_dict())


@dataclass(frozen=True)
class Section:
    """One secondary of the scheme: its heading runs into its first paragraph."""

    number: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """One primary of the scheme; text instead of sections where there is nothing to tell."""

    number: str
    title: str
    sections: tuple[Section, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ReportProblem:
    """One group of problems, with what the county means to do about it (empty: not entered)."""

    number: str
    title: str
    text: str
    measure: str = ""
    office: str = ""
    deadline: str = ""


@dataclass(frozen=True)
class Report:
    """The report: everything a layout can print."""

    title: str
    mark: str
    addressee: str
    opening: str
    overall: str
    chapters: tuple[Chapter, ...]
    problems: tuple[ReportProblem, ...]
    no_problem: str
    signature: str
    year: int
    base_year: int
    data_year: int
    results: Rows
    figures: Rows
    problem_list: Rows
    list_note: str
