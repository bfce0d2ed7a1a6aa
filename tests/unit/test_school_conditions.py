"""Limits of single schools: dated exemptions at their boundary, rooms, classes, gaps."""

import math

import pandas as pd
import pytest

from dudao.facts.view import Facts
from dudao.indicators import school_conditions as conditions
from dudao.indicators.schools import share_of_schools
from dudao.judging.checks import judge
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from dudao_pipeline.intake.submission import read_submission
from tests.unit import county

RULES = school_rules(law_for(), EvaluationYear(2024))
PLAIN = {
    **{"kind": "小学", "location": "城区", "built": 2018, "enrolment": 1000, "largest_class": 40},
    "migrant_pupils": 0,
}
NINE = "九年一贯制学校"


def limit(check, **school):
    return RULES.limit(check, pd.DataFrame([{**PLAIN, **school}])).iloc[0]


def met(check, value, **school):
    rows = pd.DataFrame([{**PLAIN, **school}])
    return RULES.meets(check, pd.Series([float(value)]), rows).iloc[0]


@pytest.mark.parametrize(
    ("kind", "built", "expected"),
    [
        *(("小学", 2009, 2400), ("小学", 2010, 2400), ("小学", 2011, 2000)),
        *((NINE, 2009, 3000), (NINE, 2010, 3000), (NINE, 2011, 2500)),
        *(("初级中学", 2011, 2000), ("十二年一贯制学校", 2011, 2500), ("完全中学", 2010, 2400)),
    ],
)
def test_size_is_relaxed_by_year_built_and_kind(kind, built, expected):
    assert limit("school_size_limit", kind=kind, built=built) == expected


@pytest.mark.parametrize(("migrants", "expected"), [(1099, 2000), (1100, 2000), (1101, 2400)])
def test_migrant_children_relax_size_only_above_half_of_the_pupils(migrants, expected):
    assert limit("school_size_limit", enrolment=2200, migrant_pupils=migrants) == expected


@pytest.mark.parametrize(("pupils", "result"), [(2000, 1), (2001, 0)])
def test_a_new_school_keeps_the_general_size(pupils, result):
    assert met("school_size_limit", pupils, enrolment=pupils) == result


def test_a_condition_that_is_missing_decides_nothing():
    unknown = {"built": 0, "migrant_pupils": math.nan}
    assert met("school_size_limit", 1999, **unknown) == 1
    assert math.isnan(met("school_size_limit", 2200, **unknown))
    assert met("school_size_limit", 2401, **unknown) == 0


@pytest.mark.parametrize(
    ("check", "built", "expected"),
    [
        *((f"music_room_area_{stage}", 2015, 73) for stage in ("primary", "junior")),
        *(("music_room_area_primary", 2016, 73), ("music_room_area_primary", 2017, 96)),
        *(("art_room_area_junior", 2016, 67), ("art_room_area_junior", 2017, 90)),
    ],
)
def test_rooms_of_schools_built_by_2016_may_be_smaller(check, built, expected):
    assert limit(check, built=built) == expected


@pytest.mark.parametrize(
    ("check", "place", "largest", "expected"),
    [
        *(("music_room_area_primary", "乡村", n, x) for n, x in ((29, 54), (30, 96), (31, 96))),
        *(("art_room_area_junior", "乡村", 29, 61), ("art_room_area_junior", "镇区", 29, 90)),
    ],
)
def test_rooms_of_rural_schools_with_small_classes_may_be_smaller(check, place, largest, expected):
    assert limit(check, location=place, largest_class=largest) == expected


HEADER = county.rows(county.PLAIN, "学校")[0]
COLUMNS = ("largest_class", "music_rooms", "art_rooms", "music_room_area", "art_room_area")


def row(code, stage, pupils, classes, *conditions, kind="小学", migrants=0, built=2018):
    """Return a line of the school sheet; conditions in the order of COLUMNS."""
    place = [code, f"虚构{code}", kind, stage, "城区", str(built), str(pupils), str(classes)]
    return [
        *place,
        *["10"] * 3,
        "5000",
        "5000",
        "200000",
        "10",
        *map(str, conditions),
        str(migrants),
        "",
    ]


OTHER = row("B", "初中", 90, 2, 45, 1, 1, 96, 90, kind="初级中学")


def measures(tmp_path, lines):
    folder = county.copy(tmp_path)
    county.write(folder, "学校", [HEADER, *lines])
    read = read_submission(folder)
    assert read.acceptable
    facts = Facts(
        read.tables.facts, read.tables.claims, EvaluationYear(2024), schools=read.tables.schools
    )
    found = [*conditions.class_sizes(facts, RULES), conditions.school_sizes(facts, RULES)]
    return {(m.item, m.stage): m for m in [*found, *conditions.special_rooms(facts, RULES)]}


@pytest.fixture
def found(tmp_path):
    return measures(
        tmp_path,
        [
            row("A", "小学", 560, 12, 47, 1, 1, 96, 90),
            row("B", "小学", 585, 13, 45, 1, 2, 95, 90),
            row("C", "小学", 1500, 36, 45, 3, 3, 96, 90, kind=NINE),
            row("C", "初中", 1001, 21, 50, 1, 2, 96, 90, kind=NINE),
            row("D", "初中", 60, 2, 30, 0, 0, "", "", kind="初级中学"),
        ],
    )


def test_class_size_names_the_schools_and_the_classes_to_add(found):
    primary, junior = (found["schools_within_class_size", s] for s in ("primary", "junior"))
    assert primary.value == pytest.approx(200 / 3)
    assert primary.units == ("虚构A",)
    assert "至少需增加1个班" in primary.note  # 560 / 45 is 12.4
    assert junior.value == 100


def test_a_nine_year_school_is_as_large_as_both_its_stages(found):
    size = found["schools_within_size", "compulsory"]
    assert (size.value, size.units) == (75, ("虚构C",))
    assert county.gap(size, "schools_within_size", 100) == (1, "所")
    assert "共超出1人" in size.note


def test_rooms_are_counted_for_every_twelve_classes_and_the_gap_is_in_rooms(found):
    music, art = (found[f"schools_with_{kind}_rooms", "compulsory"] for kind in ("music", "art"))
    assert music.units == ("虚构B", "虚构C", "虚构D")  # 13 classes, 57 classes, 2 classes
    assert county.gap(music, "schools_with_music_rooms", 100) == (3, "间")
    assert (art.units, county.gap(art, "schools_with_art_rooms", 100)) == (("虚构D",), (1, "间"))


def test_areas_are_judged_where_there_is_a_room(found):
    music, art = (
        found[f"schools_with_{kind}_room_area", "compulsory"] for kind in ("music", "art")
    )
    assert (music.units, art.value) == (("虚构B",), 100)
    assert music.value == pytest.approx(200 / 3)


def test_what_is_not_filled_in_leaves_it_open(tmp_path):
    lines = [row("A", "小学", 560, 12, "", "", 1, "", 90), OTHER]
    found = measures(tmp_path, lines)
    assert (
        "小学最大班额：1所学校未填（学校）" in found["schools_within_class_size", "primary"].missing
    )
    assert found["schools_with_music_rooms", "compulsory"].missing
    assert not found["schools_with_art_rooms", "compulsory"].missing


def test_a_largest_class_below_the_average_does_not_hide_a_full_one(tmp_path):
    lines = [row("A", "小学", 500, 10, 40, 1, 1, 96, 90), OTHER]
    assert measures(tmp_path, lines)["schools_within_class_size", "primary"].units == ("虚构A",)


def test_a_list_of_a_few_schools_fails_a_rule_and_meets_none():
    """The county has 15,100 pupils; a list of 1,200 says nothing of the other schools.

    94 % of the pupils is not the whole, 95 % is.
    """
    rule, day = law_for()["schools_on_standard_primary"], EvaluationYear(2024).law_date()

    def result(listed: int, met: float) -> tuple[str, tuple[str, ...]]:
        schools = [("A", "小学", "primary", {"enrolment": listed})]
        facts = county.facts_of_schools(schools, {("enrolment", "primary"): 15100})
        passing = pd.Series([met], index=["A"])
        share = share_of_schools(facts, "schools_on_standard", "primary", passing)
        verdict = judge(share, rule, day)
        return verdict.result, verdict.missing

    assert result(1200, 1.0)[0] == "undecided"
    assert "各校小学在校生共1200人，全县15100人" in result(1200, 1.0)[1][0]
    assert result(1200, 0.0)[0] == "not_met"
    assert result(14344, 1.0)[0] == "undecided"
    assert result(14345, 1.0) == ("met", ())
