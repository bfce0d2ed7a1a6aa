"""Figures that may not be rewarded or publicised are named with the document that says so."""

from dudao.case import open_case
from dudao.show import sentences


def test_the_reported_county_is_told_of_its_admission_rate():
    told = repr(sentences.cautions(open_case("990001", 2024, "01_leadership")))
    assert "深化新时代教育评价改革总体方案" in told
    assert "一本上线率" in told


def test_a_county_that_prints_none_is_told_nothing():
    told = repr(sentences.cautions(open_case("410727", 2020, "01_leadership")))
    assert told == "没有需要提醒的数字。"


def test_another_notebook_does_not_repeat_it():
    assert "上线率" not in repr(sentences.cautions(open_case("990001", 2024, "02_funding")))
