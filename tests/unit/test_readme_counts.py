"""The counts that the README states come from the product."""

import re
from collections import Counter
from pathlib import Path

from dudao.case import open_case
from dudao.law.topics import OVERVIEW

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TEXT = " ".join(README.split())


def _judged():
    case = open_case("990001", 2024, OVERVIEW)
    verdicts = case.verdicts()
    return verdicts, case.judge_points(verdicts)


def test_the_points_of_the_reported_county():
    found = Counter(point.result for point in _judged()[1])
    stated = re.search(
        r"Of its (\d+) points (\d+) is met, (\d+) are not met, (\d+) are undec", TEXT
    )
    counts = (found["met"], found["not_met"], found["undecided"])
    assert tuple(map(int, stated.groups())) == (found.total(), *counts)


def test_every_undecided_check_of_the_reported_county_says_why():
    for verdict in _judged()[0]:
        if verdict.result == "undecided":
            assert verdict.missing or verdict.note, verdict.check
