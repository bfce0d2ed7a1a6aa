"""Reference tables: each says where it comes from, and is what it says."""

import csv
import hashlib

import pytest
import yaml

from dudao import reference, workspace

FOLDER = workspace.data() / "reference"
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv"))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_one_its_origin_describes(name):
    content = (FOLDER / f"{name}.csv").read_bytes()
    origin = yaml.safe_load((FOLDER / f"{name}.meta.yml").read_text(encoding="utf-8"))
    assert origin["sha256"] == hashlib.sha256(content).hexdigest()
    assert origin["rows"] == len(list(csv.reader(content.decode().splitlines()))) - 1
    assert all(origin[key] for key in ("title", "origin", "licence", "date"))


def test_a_county_code_is_text_and_a_name_is_whole():
    assert reference.counties()["230221"].full_name == "黑龙江省齐齐哈尔市龙江县"
    assert reference.census("990001") is None
    assert reference.census("410324")["population"] > 0


def test_national_spending_of_2022_is_as_announced():
    assert reference.national_per_pupil("per_pupil_expenditure", "senior")[2022] == 19117.92
