"""One detector: what ingest lets through, publication lets through; neither repeats a number."""

import pytest

from dudao.base.personal_data import hide, traces
from dudao_pipeline.publish.private import personal_data
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
