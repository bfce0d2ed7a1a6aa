"""One county in one evaluation year: what a notebook opens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from dudao.claims import ClaimCheck, check_claims
from dudao.errors import ParameterError
from dudao.facts import store
from dudao.facts.consistency import CrossCheck, cross_checks
from dudao.facts.items import items
from dudao.facts.view import Facts
from dudao.indicators.measure import Measure
from dudao.indicators.registry import MEASURES
from dudao.law import EvaluationYear, Framework, Law, Point, Threshold, framework_for, law_for
from dudao.verdict import PointVerdict, Verdict, in_scope, judge, judge_point, meets_k_of_n

LAW_FOLDER = Path(__file__).parent / "law"
SCHOOL_STANDARDS = "balanced_school"


@dataclass(frozen=True)
class Case:
    """Facts, law and framework of one county and year, and the questions a notebook asks."""

    county: str
    year: EvaluationYear
    notebook: str
    stored: store.Stored
    framework: Framework
    law: Law
    points: tuple[Point, ...] = field(default=())

    @property
    def meta(self) -> dict:
        """Return what is known of the submission's origin."""
        return self.stored.meta

    @property
    def name(self) -> str:
        """Return the county's name as a reader knows it."""
        return self.meta["county_name"]

    @property
    def is_fictional(self) -> bool:
        """Say whether every figure of this county is invented."""
        return bool(self.meta.get("fictional"))

    @cached_property
    def facts(self) -> Facts:
        """Return the county's facts and claims."""
        return Facts(self.stored.facts, self.stored.claims, self.year, self.stored.schools)

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Return the rules that judge or illustrate this notebook's points."""
        return self.law.for_points(point.id for point in self.points)

    @cached_property
    def claim_checks(self) -> list[ClaimCheck]:
        """Return every figure of the report, compared with the county's data."""
        return check_claims(self.facts)

    @cached_property
    def warnings(self) -> pd.DataFrame:
        """Return what was found wrong at ingest in the cells that this notebook uses."""
        own = {point.id for point in self.points}
        used = {code for code, item in items().items() if own & set(item.points)}
        facts = self.stored.facts
        cells = facts.loc[facts["item"].isin(used), ["sheet", "cell"]].drop_duplicates()
        return self.stored.findings.merge(cells, on=["sheet", "cell"])

    @cached_property
    def cross_checks(self) -> list[CrossCheck]:
        """Return the cross-checks that touch this notebook's points."""
        own = {point.id for point in self.points}
        return [check for check in cross_checks(self.facts) if own & set(check.points)]

    def evidence_titles(self, point: str) -> list[str]:
        """Return the titles of the evidence on file for a point."""
        evidence = self.stored.evidence
        return list(evidence.loc[evidence["point"] == point, "title"])

    def school_scope(self) -> Callable[[pd.DataFrame], pd.Series]:
        """Return the law's rule of which schools the comparison covers."""
        limit = self.law.value("teaching_point_pupils", self.year).value
        return lambda schools: in_scope(schools, limit)

    def school_rule(self) -> Callable[[pd.DataFrame, str], pd.Series]:
        """Return the law's rule for one school: at least k of n standards, the rest a floor."""
        rules = {(rule.item, rule.stage): rule for rule in self.law.of_group(SCHOOL_STANDARDS)}
        limits = {key: self.law.value(rule.id, self.year).value for key, rule in rules.items()}
        at_least = limits.pop(("standards_to_meet", "compulsory"))
        floor = limits.pop(("floor_of_the_rest", "compulsory"))
        limits.pop(("teaching_point_pupils", "compulsory"))
        decimals = max(rule.decimals for rule in rules.values())

        def judge_schools(values: pd.DataFrame, stage: str) -> pd.Series:
            own = pd.Series({code: limits[code, stage] for code in values.columns}, dtype=float)
            return meets_k_of_n(values, own, at_least, floor, decimals)

        return judge_schools

    def judge(self, *groups: list[Measure]) -> list[Verdict]:
        """Judge measures by every rule of this notebook; a rule without a measure is an error."""
        measures: dict[tuple[str, str], list[Measure]] = {}
        for measure in (measure for group in groups for measure in group):
            measures.setdefault((measure.item, measure.stage), []).append(measure)
        forgotten = [t.id for t in self.thresholds if (t.item, t.stage) not in measures]
        if forgotten:
            names = "、".join(forgotten)
            raise ParameterError(f"{self.notebook} 没有计算这些标准所需的数：{names}。")
        return [
            judge(measure, rule, self.year.law_date(rule.date_rule))
            for rule in sorted(self.thresholds, key=lambda rule: rule.point)
            for measure in measures[rule.item, rule.stage]
        ]

    def verdicts(self) -> list[Verdict]:
        """Judge everything that this notebook judges, without opening it."""
        rules = self.school_rule(), self.school_scope()
        return self.judge(MEASURES[self.notebook](self.facts, *rules))

    def judge_points(self, verdicts: list[Verdict]) -> list[PointVerdict]:
        """Roll the checks up to the points of this notebook."""
        return [
            judge_point(point, verdicts, self.evidence_titles(point.id)) for point in self.points
        ]

    @property
    def data_version(self) -> str:
        """Return the digest of the county's input files."""
        return self.stored.digest[:12]

    @property
    def law_version(self) -> str:
        """Return the digest of the law's files."""
        digest = hashlib.sha256()
        for path in sorted(LAW_FOLDER.rglob("*.yaml")):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:12]


def open_case(county: str, year: int, notebook: str) -> Case:
    """Open a county and evaluation year for a notebook; errors say what exists instead."""
    framework_for(year)
    return case_of(store.read(county, year), county, year, notebook)


def case_of(stored: store.Stored, county: str, year: int, notebook: str) -> Case:
    """Return the case of one version of a submission."""
    framework = framework_for(year)
    return Case(
        county=county,
        year=EvaluationYear(year),
        notebook=notebook,
        stored=stored,
        framework=framework,
        law=law_for(str(stored.meta.get("law_area") or county)),
        points=framework.of_notebook(notebook),
    )
