"""A published report is read into figures; its arithmetic is checked, nobody accused wrongly."""

import json
import random
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dudao_pipeline.report_check import checking, names, rules
from dudao_pipeline.report_check.figures import read_figures
from dudao_pipeline.report_check.reading import ReportError, read_report
from dudao_pipeline.report_check.text import Report, plain
from tests.house_style import ROOT
from tests.report_check.scoring import score_file

SCHEMA = json.loads((ROOT / "docs/check-report.schema.json").read_text(encoding="utf-8"))


def figures(text):
    return read_figures(Report("", text))


def check(text):
    return checking.check_report(Report("", text))


@pytest.mark.parametrize("trap", rules.traps(), ids=lambda trap: trap.name)
def test_what_is_no_figure_is_left_out(trap):
    for example in trap.examples:
        printed = [one.printed for one in figures(example["text"])]
        assert printed == example.get("left", []), example["text"]


@pytest.mark.parametrize("name", ["sentences.txt", "sentences_apart.txt"])
def test_the_corpus_is_read_and_judged(name):
    score = score_file(name)
    assert score.rate("both", "marked") >= 0.95, score.wrong
    assert score.rate("both", "read") >= 0.97, score.wrong
    assert score.rate("right", "raised") >= 0.98, score.wrong
    assert score.rate("slips_seen", "slips") >= 0.9, score.wrong


def test_names_are_masked_at_their_length():
    raw = yaml.safe_load(rules.rule_text("names.yaml"))
    for example in (one for pattern in raw["patterns"] for one in pattern["examples"]):
        assert names.masked_names(example["text"]) == example["masked"]


def test_json_holds_to_its_schema_and_its_offsets():
    result = checking.as_json(
        check("2023年投入近2000余万元，比上年下降3.7%，全省排名41.2.教育投入")
    )
    jsonschema.validate(result, SCHEMA)
    assert [one["printed"] for one in result["figures"]] == ["2000", "3.7", "41"]
    assert result["figures"][1]["value"] == -3.7
    assert result["figures"][0]["qualifier"] == "近…余"
    assert result["doubts"][0]["figures"] == [0]


def test_characters_of_other_scripts_keep_their_places():
    text = "全縣教育經(jīng)費(fèi)總投入為１１５１１１萬元，比上年增長4.5%。"
    form = plain(text)
    one = read_figures(Report("", text), form)[0]
    assert (one.value, one.unit) == (115111, "万元")
    assert text[one.start : one.end] == "１１５１１１"


def test_a_line_that_only_wraps_does_not_part_number_and_unit():
    text = "全市中等职业技术学校共有各级各类合并后的学校26\n所，招生3 133人，在校生8 960人。"
    assert [(one.value, one.unit) for one in figures(text)] == [
        (26, "所"),
        (3133, "人"),
        (8960, "人"),
    ]


TEXT = st.text(
    st.sampled_from(
        list(
            "0123456789.,，。；、：%（）()-—至万亿元人所个百分点一二三十"
            "增长下降比上年的其中占为第前位\n \t[]〔〕年月日号＋+:：～"
        )
    )
    | st.characters(codec="utf-8"),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_any_text_is_read_without_an_exception(text):
    result = checking.as_json(check(text))
    jsonschema.validate(result, SCHEMA)
    for one in result["figures"]:
        assert text[one["start"] : one["end"]] == one["printed"]
    for one in result["findings"]:
        assert all(index < len(result["figures"]) for index in one["figures"])


def test_files_of_other_kinds_say_what_to_do(tmp_path: Path):
    for name, content, word in (
        ("报告.doc", b"x", "另存为"),
        ("报告.docx", b"x", "另存一份"),
        ("报告.txt", b"  \n", "没有文字"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ReportError, match=word):
            read_report(tmp_path / name)


def test_a_word_file_and_a_page_give_paragraphs_and_tables(tmp_path: Path):
    import docx

    document = docx.Document()
    document.add_paragraph("2023年，全县共有幼儿园54所。")
    table = document.add_table(rows=2, cols=2)
    for cell, value in zip(
        (c for row in table.rows for c in row.cells),
        ["学校", "数量（所）", "小学", "16"],
        strict=True,
    ):
        cell.text = value
    document.save(tmp_path / "a.docx")
    (tmp_path / "a.html").write_text(
        "<html><head><style>p{}</style></head><body><p>2023年，全县共有幼儿园54所。</p><table><tr><td>学校</td>"
        "<td>数量（所）</td></tr><tr><td>小学</td><td>16</td></tr></table></body></html>",
        encoding="utf-8",
    )
    word, page = read_report(tmp_path / "a.docx"), read_report(tmp_path / "a.html")
    assert word.text == page.text == "2023年，全县共有幼儿园54所。\n学校\t数量（所）\n小学\t16\n"
    cell = word.tables[0].cells[3]
    assert word.text[cell.start : cell.end] == "16"


def test_a_long_report_is_read_in_one_pass():
    random.seed(1)
    one = "全县小学在校生{}人，比上年的{}人增加{}人。"
    numbers = [random.randrange(1000, 9000) for _ in range(4000)]
    text = "\n".join(one.format(n + 50, n, 50) for n in numbers)
    result = check(text)
    assert len(result.figures) == 3 * len(numbers)
    assert not result.findings


def _run(*words) -> int:
    from dudao_pipeline.cli import main

    return main(["check-report", *map(str, words)])


WRONG = "2023年教育经费总投入9.12亿元，比上年的8.65亿元增长45.43%。由王某某同志负责。\n"
RIGHT = "2023年教育经费总投入9.12亿元，比上年的8.65亿元增长5.43%。\n"


def test_the_marked_copy_needs_no_script_and_names_nobody(tmp_path: Path):
    (tmp_path / "报告.txt").write_text(WRONG.replace("王某某", "王小明") + "<b>&", encoding="utf-8")
    page, book = tmp_path / "标记.html", tmp_path / "表.xlsx"
    assert _run(tmp_path / "报告.txt", "--html", page, "--xlsx", book) == 1
    text = page.read_text(encoding="utf-8")
    assert 'class="f contradicts" id="f3"' in text and "应为5.43%" in text
    assert "王小明" not in text and "×××" in text
    assert "<script" not in text and "http" not in text and "&lt;b&gt;&amp;" in text
    first = book.read_bytes()
    assert _run(tmp_path / "报告.txt", "--xlsx", book) == 1
    assert book.read_bytes() == first


def test_a_folder_gives_one_page_worst_first(tmp_path: Path, capsys):
    for name, text in (("甲.txt", RIGHT), ("乙.txt", WRONG), ("丙.docx", "x")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = tmp_path / "结果" / "index.html"
    assert _run(tmp_path, "--html", page) == 1
    text = page.read_text(encoding="utf-8")
    assert text.index("乙.txt") < text.index("甲.txt")
    assert "丙.docx" in text and (page.parent / "乙.txt.html").is_file()
    (tmp_path / "乙.txt").unlink()
    (tmp_path / "丙.docx").unlink()
    assert _run(tmp_path, "--html", page) == 0
    assert "已核对1份" in capsys.readouterr().out
