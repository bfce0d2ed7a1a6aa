"""Areas of kindergartens: new and old apart, missing named, none of a kind is no failure."""

import math

import pandas as pd
import pytest

from dudao.facts import schema
from dudao.facts.view import Facts
from dudao.indicators.kindergartens import area_compliance, area_per_child
from dudao.judging.school_rules import school_rules
from dudao.law import EvaluationYear, law_for
from tests.unit import county

YEAR = EvaluationYear(2024)
RULES = school_rules(law_for(), YEAR)
ITEMS = ("enrolment", "outdoor_area", "activity_room_area", "kindergarten_building_area")
# name: (year, children, outdoor, rooms, building); 100 children want 400, 817 and 1044 ㎡
GOOD, TIGHT = (400, 817, 1044), (399, 817, 1044)


def facts_of(kindergartens):
    place = {"county": "990002", "year": 2024, "file": "f", "sheet": "幼儿园", "cell": "A2"}
    listed, values = [], []
    for name, (built, *numbers) in kindergartens.items():
        kind = {"school": name, "name": name, "stage": "preschool", "built": built}
        listed.append(kind | dict.fromkeys(("kind", "location", "note"), ""))
        for code, number in zip(ITEMS, numbers, strict=True):
            status = "missing" if number is None else "reported"
            value = math.nan if number is None else float(number)
            row = {"school": name, "stage": "preschool", "data_year": YEAR.data_year}
            row |= {"item": code, "value": value, "status": status}
            values.append(row | {"qualifier": "", "note": ""})
    facts = schema.typed(values, schema.FACTS, place)
    return Facts(
        facts,
        schema.empty("claims"),
        YEAR,
        schools=schema.typed(listed, schema.TABLES["schools"], place),
    )


def compliance(kindergartens):
    return {m.item: m for m in area_compliance(facts_of(kindergartens), RULES)}


def test_area_per_child_is_unknown_without_children():
    rows = pd.DataFrame([[50, 200, 400, 500], [0, 1, 1, 1]], columns=ITEMS)
    assert list(area_per_child(rows).iloc[0]) == [4, 8, 10]
    assert area_per_child(rows).iloc[1].isna().all()


def test_new_and_old_kindergartens_are_shared_out_apart_and_named():
    found = compliance(
        {
            "新园": (2017, 100, *GOOD),
            "挤新园": (2020, 100, *TIGHT),
            "老园": (2016, 100, *GOOD),
            "无人园": (2001, 0, *GOOD),
        }
    )
    new = found["outdoor_area_compliance_new"]
    assert (new.value, new.units) == (50, ("挤新园",))
    assert county.gap(new, "outdoor_area_compliance_new", 100) == (1, "所")
    assert found["outdoor_area_compliance_old"].value == 100
    assert found["activity_room_area_compliance_new"].value == 100


def test_a_county_without_new_kindergartens_is_not_judged_by_them():
    found = compliance({"老园": (1999, 100, *TIGHT), "另一老园": (2003, 100, *GOOD)})
    assert not found["outdoor_area_compliance_new"].applies
    assert found["outdoor_area_compliance_old"].value == 50


@pytest.mark.parametrize(
    ("kindergarten", "lacking"),
    [
        ((2001, 100, None, 817, 1044), "室外游戏场地面积：1所幼儿园未填（幼儿园）"),
        ((0, 100, *GOOD), "规划建成年份：1所幼儿园未填（幼儿园）"),
    ],
)
def test_what_a_kindergarten_lacks_is_named_and_leaves_the_share_open(kindergarten, lacking):
    found = compliance({"老园": (1999, 100, *GOOD), "缺园": kindergarten})
    old = found["outdoor_area_compliance_old"]
    assert math.isnan(old.value)
    assert old.missing == (lacking,)


def test_an_empty_sheet_asks_for_the_areas():
    found = compliance({})
    assert found["outdoor_area_compliance_old"].missing == ("各园室外游戏场地面积（幼儿园）",)
