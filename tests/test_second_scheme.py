"""The same notebooks answer a scheme of another shape (虚构): real kernels, real pages."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import dudao

ROOT = Path(__file__).parents[1]
LAW = ROOT / "tests" / "cases" / "law"
COUNTY, FLATTERED = "990100", "B1-1"


def _rewrite(path: Path, change) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([rows[0], *map(change, rows[1:])])


def _fall(row: list[str]) -> list[str]:
    """Let total spending fall in the data year; the rating stays 达标, full marks."""
    if row[0] == "education_expenditure":
        row[5] = f"{float(row[4]) * 0.97:.2f}"
    return row


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    base = tmp_path_factory.mktemp("scheme")
    paths = {"DUDAO_LAW": LAW, "DUDAO_STORE": base / "store", "DUDAO_OUTPUTS": base / "out"}
    environment = {name: str(path) for name, path in paths.items()}
    submission = base / "example" / f"{COUNTY}-2024"
    made = [sys.executable, "-m", "tools.example", "--counties", "1", "-o", str(submission.parent)]
    subprocess.run(made, check=True, cwd=ROOT, env=os.environ | environment)
    _rewrite(submission / "县级指标.csv", _fall)
    (submission / "报告所列数据.csv").write_text(
        (submission / "报告所列数据.csv").read_text(encoding="utf-8").splitlines()[0] + "\n",
        encoding="utf-8",
    )
    done = dudao("ingest", str(submission), **environment)
    assert done.returncode == 0, done.stderr
    done = dudao("run", "--county", COUNTY, "--notebook", "00,02", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    done = dudao("publish", "--draft", **environment)
    assert done.returncode == 0, done.stderr
    return base / "out" / "2024" / COUNTY


@pytest.fixture(scope="module")
def records(home):
    return json.loads((home / "results.json").read_text(encoding="utf-8"))


def test_the_notebooks_answer_the_points_of_the_other_tree(records):
    funding = records["02_funding"]
    assert funding["framework"] == "hundred-marks-2024"
    points = [point["id"] for point in funding["points"]]
    assert points == [f"B1-{n}" for n in (1, 2)] + [f"B2-{n}" for n in (1, 2, 3)] + [
        f"B{item}-{n}" for item in (3, 4) for n in (1, 2)
    ]
    assert all(point.startswith("B") for check in funding["checks"] for point in check["points"])
    everywhere = {point["id"]: point for point in records["00_overview"]["points"]}
    assert len(everywhere) == 61
    assert everywhere["C1-1"]["result"] == "met"
    assert everywhere["B1-1"]["result"] == "not_met"


def test_evidence_and_self_ratings_stand_under_the_other_ids(records, home):
    people = next(p for p in records["00_overview"]["points"] if p["id"] == "C3-1")
    assert (people["result"], people["basis"]) == ("met", "attested")
    assert "自评" in people["note"]
    assert "支出进度材料" in (home / "02_funding.html").read_text(encoding="utf-8")


def test_marks_above_what_the_data_support_are_shown_as_such(records, home):
    scores = {score["point"]: score for score in records["02_funding"]["scores"]["points"]}
    fallen = scores[FLATTERED]
    assert (fallen["own"], fallen["supported"], fallen["overrated"]) == (2, 0, True)
    assert not any(score["overrated"] for name, score in scores.items() if name != FLATTERED)
    kinds = [doubt["kind"] for doubt in records["02_funding"]["contradictions"]]
    assert "overrated" in kinds
    page = (home / "02_funding.html").read_text(encoding="utf-8")
    assert "自评得分与数据支持的得分" in page and "自评高于数据" in page
    assert "总分与等级" not in page, "one notebook does not hold the whole scheme"


def test_an_undecided_point_has_no_ceiling_and_reviewers_marks_are_not_computed(records):
    scores = {score["point"]: score for score in records["02_funding"]["scores"]["points"]}
    for point in ("B1-2", "B3-1"):
        assert scores[point]["supported"] is None and scores[point]["at_most"] is None


def test_the_overview_grades_the_whole_scheme_and_lowers_it_by_the_downgrade(records, home):
    found = records["00_overview"]["scores"]["grading"]
    assert found["totals"]["own"] == 98
    assert found["totals"]["least"] < found["totals"]["most"] < 98
    assert found["grades"]["own"] == "良好", "优秀 by its total, one step lower by the fall"
    assert [event["result"] for event in found["downgrades"]] == ["not_met", "met"]
    page = (home / "00_overview.html").read_text(encoding="utf-8")
    assert "总分与等级" in page and "降档：教育支出总额下降" in page
