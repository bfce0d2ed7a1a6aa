"""Schemes of another shape, overlays and marks: precedence, errors that name what is wrong."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
import yaml

from dudao.base import schemas
from dudao.base.errors import LawError
from dudao.indicators.measure import ATTESTED, COMPUTED, Measure
from dudao.judging.checks import judge
from dudao.judging.marks import grading, score_points
from dudao.judging.points import judge_point
from dudao.judging.results import PointVerdict, SelfRating
from dudao.law import EvaluationYear, framework_for, law_for
from dudao.law.areas import law_files
from dudao.law.framework import ALL_OR_NOTHING, ORIGINS, PER_CHECK, REVIEWER, WAYS, scheme_problem
from dudao.law.rules_check import OPERATORS, SCHEMAS, rules_problem
from dudao.law.topics import notebooks
from dudao.show.words import area_mark
from dudao_pipeline.cli import main

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "load-your-scheme.md").read_text(encoding="utf-8")
SCHEME, OVERLAY, FILLED, *_ = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
HUNDRED = ROOT / "tests" / "cases" / "law"
COUNTY = "990100"
YEAR = EvaluationYear(2024)


def _add(folder: Path, kind: str, name: str, text: str) -> None:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / name).write_text(text, encoding="utf-8")


@pytest.fixture
def law(tmp_path, monkeypatch):
    monkeypatch.setenv("DUDAO_LAW", str(tmp_path))
    return tmp_path


def _scheme(name, area, **fields):
    raw = {**yaml.safe_load(SCHEME), "scheme": name, "area": area, **fields}
    return yaml.safe_dump(raw, allow_unicode=True)


def test_the_scheme_of_the_document_loads_as_it_stands_there(law):
    _add(law, "framework", "sample.yaml", SCHEME)
    found = framework_for(2024, COUNTY)
    assert (found.scheme, [point.id for point in found.points]) == ("sample-2024", ["1", "2", "3"])
    assert [point.notebook[:2] for point in found.points] == ["02", "03", "03"]
    assert framework_for(2025, COUNTY).remark(2025).startswith("2025年方案未取得")
    assert framework_for(2024, "230221").scheme == "county-duty-2024"


def test_the_overlay_of_the_document_loads_as_it_stands_there(law):
    _add(law, "thresholds", "sample.yaml", OVERLAY)
    assert law_for(COUNTY).value("gross_enrolment_ratio", YEAR).value == 92
    assert law_for("230221").value("gross_enrolment_ratio", YEAR).value == 85


def test_a_standard_that_was_not_on_file_decides_as_soon_as_its_file_is(law):
    rule, day = law_for(COUNTY)["heating_quota"], YEAR.law_date()
    paid = Measure(rule.item, rule.stage, YEAR.data_year, 175, rule.unit, ATTESTED)
    before = judge(paid, rule, day)
    point = next(p for p in framework_for(2024).points if p.takes(rule.id, rule.topics))
    open_point = judge_point(point, [replace(before, points=(point.id,))])
    assert (before.result, open_point.result, open_point.to_supply) == (
        "undecided",
        "undecided",
        (),
    )
    assert before.citation in open_point.law[0]
    _add(law, "thresholds", "heating.yaml", FILLED)
    after = judge(paid, law_for(COUNTY)[rule.id], day)
    assert (after.result, after.threshold) == ("not_met", 180)
    assert judge_point(point, [replace(after, points=(point.id,))]).result == "not_met"
    assert law_for("230221")[rule.id].values != law_for(COUNTY)[rule.id].values


def test_the_more_local_scheme_wins_then_the_stated_one_then_the_added_one(law):
    for name, area in (("b", "national"), ("c", "99"), ("d", "9901"), ("e", COUNTY)):
        before = framework_for(2024, COUNTY).scheme
        _add(law, "framework", f"{name}.yaml", _scheme(name, area))
        assert framework_for(2024, COUNTY).scheme == name != before
    _add(law, "framework", "f.yaml", _scheme("f", COUNTY, stated_for=2023, borrowed_for=[2024]))
    assert framework_for(2024, COUNTY).scheme == "e"
    assert framework_for(2023, COUNTY).scheme == "f"
    assert framework_for(2024, "990200").scheme == "c"


def _overlay(area, value):
    raw = yaml.safe_load(OVERLAY)
    raw["area"] = area
    raw["thresholds"]["gross_enrolment_ratio"]["values"] = {
        "2020-01-01": {"value": value, "reference": "sample_document"}
    }
    return yaml.safe_dump(raw, allow_unicode=True).replace("'2020-01-01'", "2020-01-01")


def test_the_more_local_rule_wins_whatever_the_name_of_its_file(law):
    for name, area, value in (("z", "national", 86), ("y", "99", 87), ("x", "9901", 88)):
        _add(law, "thresholds", f"{name}.yaml", _overlay(area, value))
        assert law_for(COUNTY).value("gross_enrolment_ratio", YEAR).value == value
    _add(law, "thresholds", "a.yaml", _overlay(COUNTY, 89))
    _add(law, "thresholds", "b.yaml", _overlay(COUNTY, 90))
    assert law_for(COUNTY).value("gross_enrolment_ratio", YEAR).value == 90


def _judge(area, value, year=YEAR):
    rule = law_for(area)["gross_enrolment_ratio"]
    measure = Measure(rule.item, rule.stage, year.data_year, value, rule.unit, basis=COMPUTED)
    return judge(measure, rule, year.law_date(rule.date_rule))


def test_henan_asks_for_more_and_only_henan_and_only_since_its_plan():
    assert _judge("410727", 88.0).result == "not_met"
    assert "河南省" in _judge("410727", 88.0).citation
    assert area_mark(_judge("410727", 88.0).area) == "【河南省标准】"
    for elsewhere in ("230221", "331121", COUNTY):
        assert _judge(elsewhere, 88.0).result == "met"
        assert area_mark(_judge(elsewhere, 88.0).area) == ""
    assert _judge("410727", 88.0, EvaluationYear(2022)).result == "met"


BROKEN = [
    (lambda raw, point: point.update(id="2"), "编号重复：2"),
    (lambda raw, point: point.update(id=1.1), "评价要点1.1的编号须加引号"),
    (lambda raw, point: point.update(topics=["preschool_acces"]), "最接近的是：preschool_access"),
    (lambda raw, point: point.update(topics=[]), "“topics”应是列表"),
    (lambda raw, point: point.update(checks=["no_such_rule"]), "检查“no_such_rule”不在标准中"),
    (lambda raw, point: point.update(checks=["gross_enrolment_ratio"]), "属于主题preschool_access"),
    (lambda raw, point: point.update(full_marks=39), "满分之和为99，总分写为100"),
    (lambda raw, point: point.update(full_marks="四十"), "full_marks“四十”应是"),
    (lambda raw, point: point.update(scoring="half"), "计分方式“half”不在"),
    (lambda raw, point: point.update(titel="x"), "不认识的“titel”，最接近的是：title"),
    (lambda raw, point: point.pop("title"), "评价要点1缺少“title”"),
    (lambda raw, point: raw.pop("stated_for"), "缺少“stated_for”"),
    (lambda raw, point: raw.update(area=9901), "加引号的区划代码"),
    (lambda raw, point: raw["primaries"][0].pop("secondaries"), "一级指标一缺少“secondaries”"),
    (lambda raw, point: raw["scoring"]["grades"].pop(), "最低一级的 at_least 写 0"),
    (
        lambda raw, point: raw["scoring"]["downgrades"][0].update(check="x"),
        "降档“教育支出总额下降”所列检查“x”不在标准中",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), BROKEN, ids=[message for _, message in BROKEN])
def test_a_broken_scheme_says_which_file_what_and_what_next(law, capsys, spoil, message):
    raw = yaml.safe_load(SCHEME)
    spoil(raw, raw["primaries"][0]["secondaries"][0]["points"][0])
    text = yaml.safe_dump(raw, allow_unicode=True)
    _add(law, "framework", "broken.yaml", text)
    with pytest.raises(LawError, match=re.escape(message)) as error:
        framework_for(2024, COUNTY)
    assert "broken.yaml" in str(error.value) and "docs/load-your-scheme.md" in str(error.value)
    assert main(["law", "--area", COUNTY]) == 2
    assert message in capsys.readouterr().err


ODD = [None, 5, "x", [], {}, [1], {"a": 1}, True, -1.5, date(2024, 1, 1), {5: 6}, [[]], ""]
CHECKS = {
    "thresholds": rules_problem,
    "framework": scheme_problem,
    "county_kinds": lambda raw: schemas.fault(SCHEMAS, "county_kinds", raw),
}


def _ways(content, way=()):
    """Yield the way to every part of a file's content."""
    yield way
    parts = content if isinstance(content, dict) else dict(enumerate(content))
    for key, part in parts.items():
        if isinstance(part, dict | list):
            yield from _ways(part, (*way, key))
        else:
            yield (*way, key)


def _spoil(raw, rng):
    """Return a content with one part replaced, left out or added."""
    *way, last = rng.choice([way for way in _ways(raw) if way])
    inner = raw
    for key in way:
        inner = inner[key]
    kind = rng.choice(["replaced", "left out", "added"])
    if kind == "left out":
        del inner[last]
    elif kind == "added" and isinstance(inner, dict):
        inner[rng.choice(["x", 7, date(2020, 1, 1)])] = rng.choice(ODD)
    else:
        inner[last] = rng.choice(ODD)
    return raw


@pytest.mark.parametrize("kind", CHECKS)
def test_whatever_is_wrong_with_a_law_file_is_said_in_a_sentence(kind):
    rng, sentences, paths = Random(0), [], law_files(kind)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert CHECKS[kind](yaml.safe_load(text)) == ""
        sentences += [
            CHECKS[kind](_spoil(yaml.safe_load(text), rng)) for _ in range(60 // len(paths))
        ]
    assert sum(map(bool, sentences)) > len(sentences) / 3
    assert all(re.search("[\u4e00-\u9fff]", sentence) for sentence in filter(None, sentences))


def test_the_schemas_know_the_words_that_the_program_knows():
    definitions = yaml.safe_load(SCHEMAS.read_text(encoding="utf-8"))["definitions"]
    rule, point = definitions["rule"]["properties"], definitions["point"]["properties"]
    assert rule["compare"]["enum"] == list(OPERATORS)
    assert point["scoring"]["enum"] == list(WAYS)
    assert definitions["origin"]["enum"] == list(ORIGINS)
    for date_rule in rule["date_rule"]["enum"]:
        assert YEAR.law_date(date_rule).year == YEAR.data_year


RELAXED = {"label": "老校", "value": 80}
BROKEN_RULES = [
    (lambda rule: rule.update(titel="x"), "不认识的“titel”"),
    (lambda rule: rule.update(compare="=>"), "compare“=>”只能是"),
    (lambda rule: rule.update(role="passed"), "role“passed”只能是"),
    (lambda rule: rule.update(topic="preschool"), "没有名为“preschool”的主题"),
    (lambda rule: rule.update(values={}), "没有一个“施行日: 数值”"),
    (lambda rule: next(iter(rule["values"].values())).update(value="九十"), "数值“九十”应是数字"),
    (lambda rule: next(iter(rule["values"].values())).update(value=math.nan), "数值“nan”应是数字"),
    (lambda rule: next(iter(rule["values"].values())).update(reference="x"), "依据“x”不在"),
    (lambda rule: rule.update(exemptions=[RELAXED | {"kind": ["小学"]}]), "不认识的“kind”"),
    (
        lambda rule: rule.update(exemptions=[RELAXED | {"built_until": "早年"}]),
        "放宽第1个的“built_until”应是整数",
    ),
    (lambda rule: rule.update(exemptions=[RELAXED | {"share_above": 50}]), "share_above“50”应是"),
]


@pytest.mark.parametrize(("spoil", "message"), BROKEN_RULES, ids=[m for _, m in BROKEN_RULES])
def test_a_broken_overlay_names_file_rule_and_key(law, capsys, spoil, message):
    raw = yaml.safe_load(OVERLAY)
    spoil(raw["thresholds"]["gross_enrolment_ratio"])
    _add(law, "thresholds", "broken.yaml", yaml.safe_dump(raw, allow_unicode=True))
    with pytest.raises(LawError, match=r"broken\.yaml") as error:
        law_for(COUNTY)
    assert message in str(error.value)
    assert main(["law"]) == 2
    assert message in capsys.readouterr().err


def test_an_overlay_names_only_what_it_changes(law):
    general = law_for("")["gross_enrolment_ratio"]
    raw = yaml.safe_load(OVERLAY)
    entry = {"2022-01-01": {"value": 93, "reference": next(iter(raw["references"]))}}
    values = {date.fromisoformat(day): value for day, value in entry.items()}
    raw["thresholds"] = {"gross_enrolment_ratio": {"values": values}}
    _add(law, "thresholds", "changes.yaml", yaml.safe_dump(raw, allow_unicode=True))
    local = law_for(COUNTY)["gross_enrolment_ratio"]
    same = ("label", "item", "stage", "topics", "compare", "unit", "decimals", "role", "status")
    assert [getattr(local, name) for name in same] == [getattr(general, name) for name in same]
    assert (local.file, local.at(date(2022, 1, 1)).value) == ("changes.yaml", 93)
    assert local.at(date(2021, 12, 31)).value == general.at(date(2021, 12, 31)).value
    assert law_for("")["gross_enrolment_ratio"].at(date(2023, 1, 1)).value != 93


def test_an_overlay_of_a_rule_that_nobody_states_whole_is_refused(law):
    raw = yaml.safe_load(OVERLAY)
    rule = raw["thresholds"].pop("gross_enrolment_ratio")
    rule.pop("unit")
    raw["thresholds"]["a_rule_of_its_own"] = rule
    _add(law, "thresholds", "broken.yaml", yaml.safe_dump(raw, allow_unicode=True))
    with pytest.raises(LawError, match=r"broken\.yaml.*a_rule_of_its_own.*没有写全"):
        law_for(COUNTY)


@pytest.mark.parametrize(("key", "word"), [("item", "x"), ("stage", "junior"), ("unit", "人")])
def test_the_command_refuses_a_rule_that_no_item_answers(law, capsys, key, word):
    raw = yaml.safe_load(OVERLAY)
    raw["thresholds"]["gross_enrolment_ratio"][key] = word
    _add(law, "thresholds", "odd.yaml", yaml.safe_dump(raw, allow_unicode=True))
    assert main(["law", "--area", COUNTY]) == 2
    assert re.search(f"odd.yaml：标准“gross_enrolment_ratio”.*{word}", capsys.readouterr().err)


def test_the_command_prints_scheme_points_and_rules_of_an_area(law, capsys):
    assert main(["law", "--area", "41", "--year", "2024"]) == 0
    printed = capsys.readouterr().out
    assert "9个一级指标，22个二级指标，29个评价要点，不计分" in printed
    line = next(line for line in printed.splitlines() if "学前三年毛入园率" in line)
    assert all(word in line for word in ("不低于90%", "河南省"))


@pytest.mark.parametrize(("area", "year"), [("4x", "2024"), ("41", "1999")])
def test_the_command_refuses_an_area_or_year_that_is_none(area, year):
    assert main(["law", "--area", area, "--year", year]) == 2


@pytest.fixture
def hundred(monkeypatch):
    monkeypatch.setenv("DUDAO_LAW", str(HUNDRED))
    return framework_for(2024, COUNTY)


def test_the_other_scheme_has_its_own_depth_and_marks(hundred):
    sizes = (hundred.primary_titles, hundred.secondary_titles, hundred.points)
    assert [len(part) for part in sizes] == [8, 32, 61]
    assert sum(point.full_marks for point in hundred.points) == 100 == hundred.scoring.total


def test_every_point_of_any_scheme_is_answered_by_exactly_one_notebook(hundred):
    for framework in (hundred, framework_for(2024)):
        answered = [point.id for name in notebooks() for point in framework.of_notebook(name)]
        assert sorted(answered) == sorted(point.id for point in framework.points)


def test_a_point_may_take_single_rules_of_its_topic_or_none(hundred):
    points, rules = {point.id: point for point in hundred.points}, law_for(COUNTY)
    assert [rule.id for rule in rules.of_points([points["C1-1"]])] == ["gross_enrolment_ratio"]
    assert rules.of_points([points["C3-1"]]) == ()
    assert hundred.points_of(("preschool_access",), "inclusive_coverage") == ("C1-2",)


def _verdicts(point, *results, **fields):
    base = replace(_judge(COUNTY, 90.0), points=(point.id,), role="pass")
    return [replace(base, result=result, **fields) for result in results]


def _scored(way, results, own, whole=None, full=4.0):
    point = replace(framework_for(2024).points[0], full_marks=full, scoring=way)
    order = ("not_met", "undecided", "met")
    found = PointVerdict(point, whole or next(w for w in order if w in results), COMPUTED, ())
    rating = SelfRating(point.id, "达标", own, "", "自评!B2")
    return score_points([found], _verdicts(point, *results), {point.id: rating})[0]


@pytest.mark.parametrize(
    ("way", "results", "own", "supported", "at_most", "overrated"),
    [
        (ALL_OR_NOTHING, ("met",), 4, 4, 4, False),
        (ALL_OR_NOTHING, ("met", "not_met"), 1, 0, 0, True),
        (ALL_OR_NOTHING, ("undecided",), 4, None, None, False),
        (PER_CHECK, ("met", "met", "not_met", "not_met"), 2, 2, 2, False),
        (PER_CHECK, ("met", "met", "not_met", "not_met"), 2.5, 2, 2, True),
        (PER_CHECK, ("met", "met", "not_met"), 2.67, 2.67, 2.67, False),
        (PER_CHECK, ("met", "undecided"), 4, None, None, False),
        (PER_CHECK, ("not_met", "undecided"), 2, None, 2, False),
        (PER_CHECK, ("not_met", "undecided"), 3, None, 2, True),
        (REVIEWER, ("met",), 4, None, None, False),
        (REVIEWER, ("not_met",), 4, None, None, True),
        (REVIEWER, ("not_met",), 3, None, None, False),
        (REVIEWER, ("met",), 5, None, None, True),
    ],
)
def test_marks_are_stated_only_where_the_declared_way_and_the_data_decide_them(
    way, results, own, supported, at_most, overrated
):
    score = _scored(way, results, own)
    stated = [None if math.isnan(value) else value for value in (score.supported, score.at_most)]
    assert (stated, score.is_overrated) == ([supported, at_most], overrated)


def _graded(marks, events=(), vetoes=()):
    """Grade a scheme of one point that the county gives `marks` and the data leave open."""
    scoring = replace(framework_for(2024, COUNTY).scoring, total=100)
    point = replace(framework_for(2024).points[0], full_marks=100, scoring=REVIEWER)
    framework = replace(framework_for(2024), points=(point,), scoring=scoring)
    found = PointVerdict(point, "met", COMPUTED, ())
    rating = SelfRating(point.id, "达标", marks, "", "自评!B2")
    checks = [event.check for event in scoring.downgrades]
    verdicts = [
        verdict
        for check, result in zip(checks, (*events, "met", "met"), strict=False)
        for verdict in _verdicts(point, result, check=check)
    ]
    verdicts += [replace(v, role="veto", check="veto") for v in _verdicts(point, *vetoes)]
    return grading(framework, score_points([found], verdicts, {point.id: rating}), verdicts)


@pytest.mark.parametrize(
    ("marks", "events", "vetoes", "grade"),
    [
        (90, (), (), "优秀"),
        (89.99, (), (), "良好"),
        (95, ("not_met",), (), "良好"),
        (95, ("not_met", "not_met"), (), "合格"),
        (65, ("not_met", "not_met"), (), "不合格"),
        (95, ("undecided",), (), "优秀"),
        (100, (), ("not_met",), "不合格"),
        (100, (), ("undecided",), "优秀"),
        (math.nan, (), (), ""),
    ],
)
def test_grades_follow_the_total_the_downgrades_and_the_vetoes(
    hundred, marks, events, vetoes, grade
):
    found = _graded(marks, events, vetoes)
    assert found.grades["own"] == grade
    undecided = "undecided" in (*events, *vetoes)
    assert any(e.result == "undecided" for e in (*found.downgrades, *found.vetoes)) == undecided


def test_a_grade_is_given_for_a_whole_scheme_only(hundred):
    assert grading(hundred, (), []) is None
    assert grading(framework_for(2024), (), []) is None
