"""One county in one evaluation year: what a notebook opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import pandas as pd

from dudao import scenarios
from dudao.base.errors import ParameterError
from dudao.facts import county_names, store
from dudao.facts.consistency import CrossCheck, cross_checks
from dudao.facts.items import items_about
from dudao.facts.measure_groups import computed_group, notebooks_with_measures
from dudao.facts.plain_text import half_width
from dudao.facts.view import Facts
from dudao.indicators.measure import Measure, MeasureTable, by_item_and_stage
from dudao.indicators.registry import measures_of, measures_of_notebook
from dudao.indicators.schools import SchoolRules
from dudao.judging.checks import judge
from dudao.judging.claims import ClaimCheck, check_claims
from dudao.judging.points import judge_point
from dudao.judging.results import PointVerdict, SelfRating, Verdict, self_ratings
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, Framework, Law, Point, Threshold, framework_for, law_for
from dudao.law.topics import OVERVIEW, notebook_of, topics_of
from dudao.law.version import ruling_of, version_used

# Of the dozens of rows of one county, texts of Arrow's cost more at every step.
pd.options.mode.string_storage = "python"
BY_SCHOOL = "03_basic_education"  # where the school sheet is worked out
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# A manifest, what it names and the view of it, see `prepare`.
_prepared: tuple[dict[str, Any], store.Stored, Facts] | None = None


@dataclass(frozen=True, repr=False)
class Case:
    """Facts, law and framework of one county and year, and the questions a notebook asks."""

    county: str
    year: EvaluationYear
    notebook: str
    stored: store.Stored
    framework: Framework
    law: Law
    points: tuple[Point, ...] = field(default=())
    scenario: scenarios.Applied | None = None

    def __repr__(self) -> str:
        """Return which county and year this is; all that it holds would fill pages."""
        return f"{self.name}（{self.county}）{self.year.year}年度"

    @property
    def meta(self) -> dict[str, Any]:
        """Return what is known of the submission's origin."""
        return self.stored.meta

    @property
    def name(self) -> str:
        """Return the county's name as a reader knows it."""
        return str(self.meta["county_name"])

    @property
    def is_fictional(self) -> bool:
        """Say whether every figure of this county is invented."""
        return bool(self.meta.get("fictional"))

    @cached_property
    def facts(self) -> Facts:
        """Return the county's facts and claims."""
        if _prepared and self.scenario is None:
            _, stored, facts = _prepared
            if stored is self.stored and facts.year == self.year:
                return facts
        stored = self.stored
        return Facts(
            stored.facts,
            stored.claims,
            self.year,
            schools=stored.schools,
            last_round=stored.last_round,
            exceptions=stored.exceptions,
        )

    @cached_property
    def school_rules(self) -> SchoolRules:
        """Return what the law says of single schools in this year."""
        return school_rules(self.law, self.year)

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Return what this notebook is about: its own topics, and those of its points."""
        listed = (topic for point in self.points for topic in point.topics)
        return tuple(dict.fromkeys((*topics_of(self.notebook), *listed)))

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Return the rules that judge or illustrate this notebook's points."""
        return self.law.of_points(self.points)

    @cached_property
    def claim_checks(self) -> list[ClaimCheck]:
        """Return every figure of the report, compared with the county's data."""
        return check_claims(self.facts, partial(self.measures, BY_SCHOOL))

    @cached_property
    def warnings(self) -> pd.DataFrame:
        """Return what was found wrong at ingest in the cells that this notebook uses.

        Columns of the table of findings, as `facts.schema` declares them.
        """
        facts, findings = self.stored.facts, self.stored.findings
        used = facts["item"].isin(items_about(self.topics))
        cells = set(zip(facts["sheet"][used], facts["cell"][used], strict=True))
        places = zip(findings["sheet"], findings["cell"], strict=True)
        return findings[[place in cells for place in places]]

    @cached_property
    def cross_checks(self) -> list[CrossCheck]:
        """Return the cross-checks that touch this notebook's topics."""
        wanted = set(self.topics)
        return [check for check in cross_checks(self.facts) if wanted & set(check.topics)]

    @cached_property
    def _titles_on_file(self) -> dict[str, list[str]]:
        titles: dict[str, list[str]] = {}
        evidence = self.stored.evidence
        for point, title in zip(evidence["point"], evidence["title"], strict=True):
            titles.setdefault(point, []).append(title)
        return titles

    def evidence_titles(self, point: str) -> list[str]:
        """Return the titles of the evidence on file for a point."""
        return self._titles_on_file.get(point, [])

    @cached_property
    def self_ratings(self) -> dict[str, SelfRating]:
        """Return what the county itself concludes, by point."""
        return self_ratings(self.stored.self_ratings)

    def assuming(self, scenario: scenarios.Scenario) -> Case:
        """Return the case with the figures and standards that a scenario assumes."""
        changed, effects = scenarios.applied(scenario, self.stored, self.year)
        values = {standard.rule: standard.value for standard in scenario.standards}
        law = self.law.assuming(values) if values else self.law
        supposed = replace(self, stored=changed, law=law, scenario=effects)
        if law is self.law:
            supposed.facts.take_over(self.facts)
        return supposed

    def in_data_year(self, data_year: int) -> Case:
        """Return the same submission as if another of its years were judged, by its law then."""
        stored = self.stored.with_claims_dated(self.year.data_year)
        dated = replace(self, year=EvaluationYear(data_year + 1), stored=stored)
        dated.facts.take_over(self.facts)
        return dated

    def measures(self, notebook: str) -> list[Measure]:
        """Return every measure of a notebook, without opening it; computed once."""
        return measures_of_notebook(self.facts, notebook, self.school_rules)

    def group(self, name: str) -> MeasureTable:
        """Return the measures of one table of this notebook, by its name in measures.yaml."""
        group = computed_group(self.notebook, name)
        measures = measures_of(group, self.facts, self.school_rules)
        return MeasureTable(measures, title=group.title, decimals=group.decimals)

    def all_measures(self) -> list[Measure]:
        """Return the measures of every notebook, in their order; one that two show, once."""
        homes = notebooks_with_measures()
        listed = (measure for notebook in homes for measure in self.measures(notebook))
        once = {(m.item, m.stage, m.data_year, m.detail): m for m in listed}
        return list(once.values())

    def _elsewhere(self, computed: Mapping[tuple[str, str], Any]) -> list[Measure]:
        """Return the measures of other notebooks that a point of this one needs."""
        lacking = [t for t in self.thresholds if (t.item, t.stage) not in computed]
        homes = {notebook_of(topic) for rule in lacking for topic in rule.topics}
        return [m for home in sorted(homes - {self.notebook}) for m in self.measures(home)]

    def judge(self, *groups: list[Measure]) -> list[Verdict]:
        """Judge measures by every rule of this notebook; a rule without a measure is an error."""
        measures = by_item_and_stage(measure for group in groups for measure in group)
        measures = {**by_item_and_stage(self._elsewhere(measures)), **measures}
        forgotten = [t.id for t in self.thresholds if (t.item, t.stage) not in measures]
        if forgotten:
            names = "、".join(forgotten)
            raise ParameterError(f"{self.notebook} 没有计算这些标准所需的数：{names}。")
        verdicts = [
            self.verdict_on(measure, rule)
            for rule in self.thresholds
            for measure in measures[rule.item, rule.stage]
        ]
        return self._in_order(verdicts)

    def verdict_on(self, measure: Measure, rule: Threshold) -> Verdict:
        """Judge one measure by one rule, as the rule stands in this year."""
        return judge(measure, rule, self.year.law_date(rule.date_rule))

    def _in_order(self, verdicts: list[Verdict]) -> list[Verdict]:
        """Name the points that each verdict decides, and follow the order of the tree."""
        order = {point.id: at for at, point in enumerate(self.points)}
        topics = {rule.id: rule.topics for rule in self.thresholds}
        placed = [
            replace(v, points=self.framework.points_of(topics[v.check], v.check)) for v in verdicts
        ]
        return sorted(placed, key=lambda v: min(order.get(p, len(order)) for p in v.points))

    def verdicts(self) -> list[Verdict]:
        """Judge everything that this notebook judges, without opening it."""
        if self.notebook == OVERVIEW:
            return self.judge(self.all_measures())
        return self.judge(self.measures(self.notebook))

    def judge_points(self, verdicts: list[Verdict]) -> list[PointVerdict]:
        """Roll the checks up to the points of this notebook."""
        papers, ratings = self.evidence_titles, self.self_ratings
        return [judge_point(p, verdicts, papers(p.id), ratings.get(p.id)) for p in self.points]

    @property
    def data_version(self) -> str:
        """Return the digest of the county's input files."""
        return self.stored.digest[:12]

    @property
    def law_version(self) -> str:
        """Return the digest of the scheme and rules that this notebook uses."""
        return version_used(self.framework.file, ruling_of(self.law.area), self.notebook)


def _county_code(given: object) -> str:
    """Return a county's code of six digits, given as such or by the county's name.

    papermill's -p makes a whole number of a code.
    """
    code = half_width(str(given)).strip()
    if not isinstance(given, bool) and _CHINESE.search(code):
        return county_names.code_in_store(code, county_names.names())
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{6}", code):
        step = "请填六位数字；以0开头的代码，papermill 请用 -r county 代码。"
        raise ParameterError(f"县（区）代码“{given}”不是六位数字。{step}")
    return code


def _evaluation_year(given: object) -> int:
    """Return an evaluation year, given as a whole number or as text."""
    text = half_width(str(given)).strip()
    if isinstance(given, bool) or not re.fullmatch(r"[0-9]{4}", text):
        raise ParameterError(f"评价年度“{given}”不是四位年份。请填如 2024。")
    return int(text)


def open_case(county: str, year: int, notebook: str, scenario: str = "") -> Case:
    """Open a county and evaluation year for a notebook; errors say what exists instead.

    county: six digits, as text or as the whole number that papermill makes of `-p county 990102`.

    scenario: the name of one whose changes are made first; empty for the data as reported.
    """
    county, year = _county_code(county), _evaluation_year(year)
    manifest = store.meta(county, year)
    if _prepared and _prepared[0] == manifest:
        stored = _prepared[1]
    else:
        stored = store.read_manifested(manifest)
    case = case_of(stored, county, year, notebook)
    return case.assuming(scenarios.read(str(scenario))) if scenario else case


def case_of(stored: store.Stored, county: str, year: int, notebook: str) -> Case:
    """Return the case of one version of a submission."""
    framework = framework_for(year, stored.area)
    is_overview = notebook == OVERVIEW
    return Case(
        county=county,
        year=EvaluationYear(year),
        notebook=notebook,
        stored=stored,
        framework=framework,
        law=law_for(stored.area),
        points=framework.points if is_overview else framework.shown_in(notebook),
    )


def prepare(county: str, year: int) -> None:
    """Read a county and compute its measures once, for the processes that are forked from this."""
    global _prepared
    manifest = store.meta(county, year)
    case = case_of(store.read_manifested(manifest), county, year, OVERVIEW)
    _prepared = manifest, case.stored, case.facts
    case.facts.get("")  # the figures by item, stage and year
    for notebook in notebooks_with_measures():
        with suppress(Exception):  # told by the notebook that computes it
            case.measures(notebook)
