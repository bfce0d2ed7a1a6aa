"""One detector: what ingest lets through, publication lets through; neither repeats a number."""

import csv
from pathlib import Path

import pytest
import yaml

from dudao_pipeline.intake.findings import errors
from dudao_pipeline.intake.personal_data import hide, traces
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.publish.checklist import personal_data
from tests.unit import county
from tests.unit.clean_county import County
from tests.unit.test_checks import EXPENDITURE, _found

TEXTS = [
    "联系138-0013-8000",
    "+86 13800138000",
    "１３８００１３８０００",
    "负责人：李四",
    "校长：王小明",
    "110105194912310021",
    "110105 19491231 0021",
    "资金13800012345.67元",
    "负责人：县教育局",
    "教财〔2022〕3号",
    "见 http://a.cn/13800138000.html",
]


@pytest.mark.parametrize("text", TEXTS)
def test_what_keeps_a_page_back_keeps_its_file_out(text):
    county = County()
    county.notes[EXPENDITURE] = text
    refused = any(finding.code == "K09" for finding in _found(county))
    assert refused == bool(personal_data(f"<p>{text}</p>"))


def test_what_is_hidden_holds_no_personal_data_any_more():
    text = "负责人：李四，电话138 0013 8000，证号11010519491231002X，资金2000万元"
    hidden = hide(text)
    assert traces(hidden) == []
    assert "2000万元" in hidden and "李四" not in hidden
    assert hide("资金2000万元　二○二三") == "资金2000万元　二○二三"


def test_a_school_s_code_is_no_telephone():
    assert traces("13800138000", code=True) == []
    assert traces("13800138000")


CORPUS = Path(__file__).parents[1] / "cases" / "personal_data.csv"
MISSED = {  # what no pattern of ours takes for a number or a name without taking others too
    *("1380-013-8000", "13 800 138 000", "1101051949 12310021", "110105491231002"),
    *("zhangsan#example.com", "教师李四老师", "王小明获全县优秀教师"),
}


def test_misses_and_false_alarms_are_counted():
    """Of 64 texts with personal data 7 are missed, of 75 without none raises an alarm."""
    missed, alarms, counts = set(), set(), [0, 0]
    with CORPUS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            wanted = set(filter(None, row["kinds"].split("；")))
            found = {trace.kind for trace in traces(row["text"])}
            counts[not wanted] += 1
            missed |= {row["text"]} if wanted - found else set()
            alarms |= {row["text"]} if found - wanted else set()
    assert (missed, alarms) == (MISSED, set())
    assert counts == [64, 75]


@pytest.mark.parametrize("kind", ["title", "notes"])
def test_an_origin_is_looked_at_too(tmp_path, kind):
    folder = county.copy(tmp_path)
    path = folder / "source.meta.yml"
    meta = yaml.safe_load(path.read_text(encoding="utf-8"))
    meta[kind] = ["校长：王小明"] if kind == "notes" else "联系 li@example.com"
    path.write_text(yaml.safe_dump(meta, allow_unicode=True), encoding="utf-8")
    found = [f for f in errors(read_submission(folder).findings) if f.code == "K09"]
    assert [f.sheet for f in found] == ["source.meta.yml"] and kind in found[0].what


def test_a_long_text_is_looked_through_quickly():
    for text in ("a" * 200_000, "1" * 200_000, "校长" * 100_000, "王" * 200_000, "0" * 200_000):
        traces(text)
