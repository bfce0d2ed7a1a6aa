"""Special education, equal access and teachers: formulas by hand, denominators told apart."""

import pytest

from dudao.facts import schema
from dudao.facts.cells import REPORTED
from dudao.facts.view import Fact, Facts
from dudao.indicators import single_measures
from dudao.judging.checks import judge
from dudao.law import EvaluationYear, law_for
from tests.unit import county

YEAR = EvaluationYear(2024)


class Given(Facts):
    """Facts of the data year from (item, stage) pairs, without a submission."""

    def __init__(self, values):
        super().__init__(schema.empty("facts"), schema.empty("claims"), YEAR)
        self.values = values

    def get(self, code, stage="all", data_year=None):
        year = data_year or YEAR.data_year
        if (code, stage) not in self.values:
            return Fact(code, stage, year)
        return Fact(code, stage, year, self.values[code, stage], REPORTED)


def _compulsory(**values):
    return {(code, "compulsory"): value for code, value in values.items()}


def _judged(measure, rule, year=YEAR):
    threshold = law_for()[rule]
    return judge(measure, threshold, year.law_date(threshold.date_rule))


DISABLED = _compulsory(
    school_age_disabled_children=200,
    disabled_in_special_schools=90,
    disabled_in_mainstream_schools=80,
    disabled_taught_at_home=20,
    special_operating_funds=1_003_000,
)


def test_children_taught_at_home_and_in_mainstream_schools_are_enrolled():
    rate, _ = county.group("05_inclusion_equity", "special", Given(DISABLED))
    assert rate.value == 95  # (90 + 80 + 20) / 200


def test_special_funds_leave_out_children_taught_at_home_and_lack_money_not_pupils():
    _, funds = county.group("05_inclusion_equity", "special", Given(DISABLED))
    assert funds.value == 5900  # 1003000 / (90 + 80)
    verdict = _judged(funds, "special_operating_funds_per_pupil")
    assert verdict.result == "not_met"
    assert verdict.gap.text == "尚差1.7万元"  # 100 元 for each of 170 pupils


@pytest.mark.parametrize(("year", "limit"), [(2024, 6000), (2025, 6000), (2026, 7000)])
def test_7000_holds_from_data_year_2025(year, limit):
    _, funds = county.group("05_inclusion_equity", "special", Given(DISABLED))
    verdict = _judged(funds, "special_operating_funds_per_pupil", EvaluationYear(year))
    assert verdict.threshold == limit


def test_purchased_places_count_for_children_of_migrants():
    known = _compulsory(
        migrant_children=1000, migrant_children_public=800, migrant_children_purchased=50
    )
    share = county.group("05_inclusion_equity", "access", Given(known))[0]
    assert share.value == 85
    assert _judged(share, "migrant_public_share").result == "met"


def test_backbone_teachers_are_counted_of_those_who_moved_not_of_the_eligible():
    known = _compulsory(
        rotation_eligible_teachers=1000, rotated_teachers=100, rotated_backbone_teachers=20
    )
    rotation, backbone = county.group("06_teachers", "rotation", Given(known))
    assert (rotation.value, backbone.value) == (10, 20)
    assert _judged(rotation, "rotation_rate").result == "met"
    assert _judged(backbone, "backbone_rotation_share").result == "met"


PAY = {("teacher_average_pay", "all"): 99_600, ("civil_servant_average_pay", "all"): 100_000}


def test_pay_a_little_below_is_not_rounded_up_and_the_gap_is_in_yuan():
    (ratio,) = single_measures.pay(Given(PAY))
    verdict = _judged(ratio, "teacher_pay_ratio")
    assert verdict.result == "not_met"
    assert verdict.gap.text == "尚差400元/人"
    assert verdict.note == "教师比公务员人均少400元"
    for average, result in ((99_996, "not_met"), (100_000, "met"), (100_001, "met")):
        (ratio,) = single_measures.pay(Given(PAY | {("teacher_average_pay", "all"): average}))
        assert _judged(ratio, "teacher_pay_ratio").result == result  # 0.99996 prints as 1.0000


def test_the_sum_for_all_teachers_is_told_where_they_are_known():
    known = PAY | {("full_time_teachers", "primary"): 300, ("full_time_teachers", "junior"): 200}
    (ratio,) = single_measures.pay(Given(known))
    assert ratio.note.endswith("小学、初中专任教师500人计合计20万元")  # 400 × 500 / 10000


def test_pay_without_civil_servants_says_what_to_supply():
    (ratio,) = single_measures.pay(Given({("teacher_average_pay", "all"): 99_600}))
    assert not ratio.is_known
    assert ratio.missing == ("2023年公务员年平均工资收入（县级指标）",)
    assert ratio.note == ""
