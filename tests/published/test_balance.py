"""Back-tests of balanced development: what districts printed, from what they printed it of."""

from pathlib import Path

import pytest
import yaml

from dudao.base.rounding import fixed, round_half_up
from dudao.case import open_case
from dudao.indicators.measure import COMPUTED, named
from dudao.indicators.spread import composite
from dudao.judging.checks import judge
from dudao.judging.results import MET, NOT_MET
from dudao.law import EvaluationYear, law_for

HERE = Path(__file__).parent
CHANGCHUN = yaml.safe_load((HERE / "basic_balance_changchun.yaml").read_text(encoding="utf-8"))
JIUJIANG = yaml.safe_load((HERE / "balanced_jiujiang_2023.yaml").read_text(encoding="utf-8"))
DAY = EvaluationYear(2024)


def verdict(value, check="resource_cv_primary"):
    rule = law_for("340207")[check]
    measure = named(rule.item, rule.stage, 2023, value=value, basis=COMPUTED)
    return judge(measure, rule, DAY.law_date(rule.date_rule))


@pytest.mark.parametrize(("district", "stage", "eight", "printed"), CHANGCHUN["districts"])
def test_the_eight_of_basic_balance_give_the_printed_composite(district, stage, eight, printed):
    assert len(eight) == 8
    assert round_half_up(composite(eight), 3) == printed


@pytest.mark.parametrize(("item", "figures"), JIUJIANG["primary"].items())
def test_jiujiang_deviation_over_mean_is_the_printed_coefficient(item, figures):
    mean, deviation, printed = figures
    assert abs(deviation / mean - printed) < 1e-6, item


def test_jiujiang_composite_is_the_mean_of_its_seven():
    seven = [printed for _, _, printed in JIUJIANG["primary"].values()]
    assert fixed(composite(seven), 6) == "0.367503"
    assert composite(seven) < 0.5  # the mean hides the one that fails: each is judged


@pytest.mark.parametrize(("item", "figures"), JIUJIANG["primary"].items())
def test_jiujiang_each_of_the_seven_is_judged(item, figures):
    expected = NOT_MET if item == "backbone_teachers" else MET
    assert verdict(figures[2]).result == expected


def test_the_rounding_case_fails_at_three_decimals_and_says_what_it_hangs_on():
    backbone = JIUJIANG["primary"]["backbone_teachers"][2]
    assert (fixed(backbone, 3), fixed(backbone, 2)) == ("0.502", "0.50")
    assert verdict(backbone).result == NOT_MET
    hangs = verdict(0.500499)
    assert hangs.result == MET
    assert "四舍五入" in hangs.note
    assert "0.500499" in hangs.note
    assert verdict(0.5005).result == NOT_MET


INDEPENDENT = yaml.safe_load((HERE / "cv_independent.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("county", "stage", "seven"),
    [(c, stage, seven) for c, of in INDEPENDENT["counties"].items() for stage, seven in of.items()],
)
def test_the_coefficients_are_those_of_an_independent_implementation(county, stage, seven):
    case = open_case(county, 2024, "03_basic_education")
    measures = case.measures("03_basic_education")
    computed = [m.value for m in measures if (m.item, m.stage) == ("resource_cv", stage)]
    assert [round_half_up(value, 6) for value in computed] == seven
