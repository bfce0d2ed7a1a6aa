"""A published report is read into figures; its arithmetic is checked, nobody accused wrongly."""

import random
import sys
from pathlib import Path

import jsonschema
import openpyxl
import pytest
import yaml
from hypothesis import given, settings

from dudao.facts import store
from dudao_pipeline.exit_codes import REFUSED
from dudao_pipeline.report_check import arithmetic, checking, names, rules
from dudao_pipeline.report_check.figures import read_figures
from dudao_pipeline.report_check.lined_tables import tables_in_lines
from dudao_pipeline.report_check.reading import ReportError, read_report
from dudao_pipeline.report_check.registering import rows
from dudao_pipeline.report_check.text import Report, plain
from tests.house_style import ROOT
from tests.odd_inputs import REPORT_SCHEMA, REPORTS, check_report
from tests.report_check.scoring import score_changed_digits, score_file


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


def test_a_changed_digit_of_a_relation_that_held_is_named():
    counts = score_changed_digits("sentences.txt", every=3)
    assert counts["changed"] > 50
    assert counts["named"] >= 0.85 * counts["changed"]
    assert counts["others"] <= 0.02 * counts["changed"]


def test_names_are_masked_at_their_length():
    raw = yaml.safe_load(rules.rule_text("names.yaml"))
    for example in (one for pattern in raw["patterns"] for one in pattern["examples"]):
        assert names.masked_names(example["text"]) == example["masked"]


def test_names_in_a_table_are_masked(tmp_path: Path):
    rows = ("任务|负责人|班数（个）", "甲|王某某、李某|12", "乙|高中部|8")
    (tmp_path / "a.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    shown = checking.check_file(tmp_path / "a.txt").report.text
    assert "王某某" not in shown and "×××" in shown and "李某" not in shown and "高中部" in shown


def test_json_holds_to_its_schema_and_its_offsets():
    result = checking.as_json(
        check("2023年投入近2000余万元，比上年下降3.7%，全省排名41.2.教育投入")
    )
    jsonschema.validate(result, REPORT_SCHEMA)
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


def test_a_growth_of_a_level_below_its_rise_is_not_said_to_follow():
    seen = check("基金收入5万元，比上年增加8万元，增长20%。").relations
    assert [one.status for one in seen] == [arithmetic.CONTRADICTS]


def test_a_line_break_before_the_point_does_not_part_a_number():
    assert [one.shown for one in figures("安排教育资金18\n.2亿元，其中校舍7亿元。")] == [
        "18.2亿元",
        "7亿元",
    ]


def test_a_line_that_only_wraps_does_not_part_number_and_unit():
    text = "全市中等职业技术学校共有各级各类合并后的学校26\n所，招生3 133人，在校生8 960人。"
    assert [(one.value, one.unit) for one in figures(text)] == [
        (26, "所"),
        (3133, "人"),
        (8960, "人"),
    ]


@settings(max_examples=50, deadline=None)  # many more in `make soak`
@given(REPORTS)
def test_any_text_is_read_without_an_exception(text):
    check_report(text)


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
    numbers = [random.randrange(1000, 9000) for _ in range(500)]
    text = "\n".join(one.format(n + 50, n, 50) for n in numbers)
    result = check(text)
    assert len(result.figures) == 3 * len(numbers)
    assert not result.findings


LONG = {
    "sentences": "小学{0}所，在校生{1}人，其中男生{2}人、女生{3}人；中央资金{2}万元。\n",
    "rows of a table": "第{0}学校\t{1}\t{2}\t{3}\n",
    "short lines": "教育支出\n学生\n",
}


@pytest.mark.parametrize("line", LONG.values(), ids=LONG)
def test_a_text_twice_as_long_takes_about_twice_the_calls(line):
    def calls(count: int) -> int:
        lines = (line.format(n, 2 * n + 300, n + 100, n + 200) for n in range(count))
        text, tables = tables_in_lines("".join(lines))
        seen = [0]

        def profile(_frame, event: str, _arg) -> None:
            seen[0] += event == "call"

        sys.setprofile(profile)
        try:
            checking.check_report(Report("", text, tables))
            tables_in_lines(text)
        finally:
            sys.setprofile(None)
        return seen[0]

    calls(20)  # patterns are compiled once
    assert calls(120) < 2.3 * calls(60)


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
    rows = list(openpyxl.load_workbook(book)["数字"].iter_rows(values_only=True))
    assert rows[1][7] is None and rows[1][4] == "9.12"  # no qualifier is an empty cell


def test_a_folder_gives_one_page_worst_first(tmp_path: Path, capsys):
    doubted = f"{RIGHT}落实“两个只增不减”。"  # what is missing is doubted at no figure
    for name, text in (("甲.txt", doubted), ("乙.txt", WRONG), ("丙.docx", "x")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = tmp_path / "结果" / "index.html"
    assert _run(tmp_path, "--html", page) == 1
    text = page.read_text(encoding="utf-8")
    assert text.index("乙.txt") < text.index("甲.txt")
    assert "丙.docx" in text and (page.parent / "乙.txt.html").is_file()
    (tmp_path / "乙.txt").unlink()
    (tmp_path / "丙.docx").unlink()
    for overview in (page, tmp_path / "总览.html", tmp_path / "结果"):  # own pages are no reports
        assert _run(tmp_path, "--html", overview) == 0
        assert "已核对1份" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("option", "target", "why"),
    [
        ("--text", "甲.txt", "会覆盖它"),
        ("--html", "乙.txt", "以.html"),
        ("--xlsx", "乙.txt", "以.xlsx"),
    ],
)
def test_no_report_is_written_over(tmp_path: Path, capsys, option, target, why):
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    assert _run(tmp_path / "甲.txt", option, tmp_path / target) == REFUSED
    assert why in capsys.readouterr().err
    assert {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {RIGHT}


def test_what_to_ask_about_is_doubted_and_accuses_nobody():
    text = (
        "（一）2023年招聘教师111人，落实“两个只增不减”。（二）2023年普通高中生均一般公共预算教育经费支出"
        "为10421.07元，中等职业学校生均一般公共预算教育经费支出为77275.23元。（三）2023年共吸纳专任教师96人、"
        "特岗教师15人、省联考事业单位招聘4人。"
    )
    result = check(text)
    assert not result.findings
    said = " ".join(one.message for one in result.doubts)
    assert "合计115人" in said and "7.4倍" in said and "没有列一般公共预算教育支出的总额" in said


def test_two_reports_of_a_county_are_held_against_each_other(tmp_path: Path, capsys):
    for name, text in (
        ("2022.txt", "2022年，全县教育经费总投入为8.12亿元。"),
        (
            "2023.txt",
            "2023年，全县教育经费总投入为8.46亿元。2022年，全县教育经费总投入为8.21亿元。",
        ),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert _run(tmp_path / "2023.txt", "--last", tmp_path / "2022.txt") == 0
    assert "2022.txt所列2022年数为8.12亿元" in capsys.readouterr().out


def test_a_report_is_held_against_what_the_county_submitted(tmp_path: Path, capsys):
    (value,) = [
        one.value
        for one in store.read("990001", 2024).facts.itertuples()
        if (one.item, one.data_year) == ("kindergartens", 2023)
    ]
    report = tmp_path / "报告.txt"
    for count, code in ((value, 0), (value + 10, 1)):
        report.write_text(f"2023年，全县共有幼儿园{count:.0f}所。", encoding="utf-8")
        assert _run(report, "--county", "990001", "--year", 2024) == code
    assert f"{value:.0f}所" in capsys.readouterr().out
    assert _run(report, "--county", "990001") == REFUSED


def test_figures_are_held_against_the_facts_of_the_county():
    import pandas as pd

    from dudao.facts import schema
    from dudao.facts.cells import REPORTED
    from dudao.facts.view import Facts
    from dudao.law import EvaluationYear
    from dudao_pipeline.report_check.against_facts import against_facts

    shared = {"school": "", "data_year": 2023, "status": REPORTED, "qualifier": ""}
    shared |= {"sheet": "县级指标", "cell": "F5"}
    cells = [
        {"item": "kindergartens", "stage": "preschool", "value": 54.0, **shared},
        {"item": "enrolment", "stage": "primary", "value": 1234567.0, **shared},
    ]
    table = pd.DataFrame(cells).reindex(columns=schema.empty("facts").columns)
    facts = Facts(table, schema.empty("claims"), EvaluationYear(2024))
    right = list(against_facts(check("2023年，全县共有幼儿园54所。"), facts))
    wrong = list(against_facts(check("2023年，全县共有幼儿园45所。"), facts))
    assert [one.status for one in right] == ["follows"]
    assert [(one.status, one.expected) for one in wrong] == [("contradicts", "54所")]
    large = list(against_facts(check("2023年，全县小学在校生1234576人。"), facts))
    assert [(one.status, one.expected) for one in large] == [("contradicts", "1234567人")]


def test_a_large_number_in_words_keeps_its_digits_in_the_workbook():
    (line,) = rows(check("小学在校生一百二十三万四千五百六十七人。"))
    assert (line["原文数字"], line["单位"]) == ("1234567", "人")


def test_the_workbook_receives_the_figures_and_their_formulas(tmp_path: Path):
    book = tmp_path / "报送表.xlsx"
    (tmp_path / "报告.txt").write_text(
        "（一）党的领导。2023年教育经费总投入9.12亿元，比上年的8.65亿元增长5.43%，扣减后减少3人。",
        encoding="utf-8",
    )
    from dudao_pipeline.cli import main

    assert main(["template", "--county", "990001", "--year", "2024", "-o", str(book)]) == 0
    assert _run(tmp_path / "报告.txt", "--to-workbook", book) == 0
    rows = openpyxl.load_workbook(book)["报告所列数据"].iter_rows(values_only=True)
    lines = [row for row in rows if isinstance(row[0], int)]
    assert [row[5] for row in lines] == ["9.12", "8.65", "5.43", "-3"]
    assert lines[2][10] == "#1/#2-1" and lines[0][1] == "（一）" and lines[1][4] == 2022


def test_a_figure_of_two_stages_is_none_of_the_county():
    text = "2023年，全县小学共有教职工326人。高中阶段招生805人，在校生2939人。"
    lines = [(one["名称"], one["学段"], one["指标代码"]) for one in rows(check(text))]
    assert lines == [
        ("小学共有教职工", "小学", "staff"),
        ("高中阶段招生", "全县", ""),
        ("高中阶段在校生", "全县", "senior_phase_enrolment"),
    ]


TABLE = """<p>附表 单位：万元</p><table><tr><th>学段</th>
<th>2023年</th><th>2022年</th><th>增长（%）</th>
<th>学生数（人）</th></tr><tr><td>幼儿园</td><td>2340.5</td><td>2200.1</td><td>6.38</td><td>4372</td></tr>
<tr><td>小学</td><td>8123.4</td><td>7900.2</td><td>2.83</td><td>8800</td></tr>
<tr><td>初中</td><td>6100.0</td><td>6000.0</td><td>7.67</td><td>4100</td></tr>
<tr><td>合计</td><td>16563.9</td><td>16100.3</td><td>2.88</td><td>17272</td></tr></table><p>2023年，共有幼儿园54所。</p>"""


def test_cells_of_a_table_have_the_unit_of_their_heading_and_are_checked(tmp_path: Path):
    (tmp_path / "a.html").write_text(f"<html><body>{TABLE}</body></html>", encoding="utf-8")
    result = checking.check_file(tmp_path / "a.html")
    read = {(one.printed, one.unit, one.stage, one.year) for one in result.figures}
    assert {("2340.5", "万元", "幼儿园", 2023), ("4372", "人", "幼儿园", None)} <= read
    assert ("54", "所", "幼儿园", 2023) in read
    assert [one.expected for one in result.findings] == ["1.67%"]
    assert "16563.9" in [
        result.figures[one.figures[0]].printed for one in result.of_status("follows")
    ]


AREAS = (
    ("学段", "城区", "镇区", "乡村", "合计"),
    ("幼儿园", 1204, 2210, 986, 4400),
    ("小学", 3120, 4180, 2210, 9510),
    ("初中", 1680, 2310, 940, 4930),
    ("总计", 6004, 8700, 4136, 18840),
)
TOWNS = (
    ("乡镇", "学生数（人）", "其中：女生", "生师比"),
    ("甲镇", 320, 150, 15.2),
    ("乙镇", 410, 198, 13.7),
    ("小计", 730, 348, 14.3),
    ("丙镇", 210, 101, 14),
    ("丁镇", 330, 162, 15),
    ("小计", 540, 263, 14.6),
    ("全县", 1270, 611, 14.4),
)
DISTRICTS = (
    ("项目", "全市", "东区", "西区", "甲县", "乙县", "丙县", "丁县", "市区"),
    ("园数", 216, 42, 25, 33, 48, 27, 41, 67),
    ("班级数", 2578, 543, 383, 403, 506, 344, 399, 926),
    ("在园幼儿数", 78053, 16247, 10963, 10909, 15967, 12860, 11107, 27210),
    ("保健员", 198, 64, 22, 42, 16, 37, 17, 86),
)
YEARS = (
    ("毕业生数", "2014年", "2013年"),
    ("中等职业学校", 43736, 40338),
    ("中专", 18233, 17084),
    ("成人中专", 11039, 6959),
    ("技工学校", 14464, 16295),
)


@pytest.mark.parametrize(
    ("rows", "at", "printed", "doubted"),
    [
        (AREAS, None, None, None),
        (DISTRICTS, None, None, None),
        (DISTRICTS, (4, 8), 68, "68"),  # of two columns that stand far from it
        (YEARS, None, None, None),
        (YEARS, (1, 1), 40338, "40338"),  # copied from the cell beside it
        (AREAS, (2, 2), 4810, "4810"),
        (AREAS, (4, 4), 18480, "18480"),
        (TOWNS, None, None, None),
    ],
)
def test_rows_and_columns_of_totals_are_checked(tmp_path: Path, rows, at, printed, doubted):
    cells = [list(row) for row in rows]
    if at:
        cells[at[0]][at[1]] = printed
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in cells)
    table = "".join(f"<tr>{line}</tr>" for line in lines)
    page = f"<html><body><p>单位：人</p><table>{table}</table></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    result = checking.check_file(tmp_path / "a.html")
    accused = [result.figures[one.figures[0]].printed for one in result.findings]
    assert accused == ([doubted] if doubted else [])


MERGED = """<p>单位：人</p><table><tr><td rowspan="2">学段</td><td colspan="2">2022年</td>
<td colspan="2">2023年</td></tr><tr><td>学生</td><td>教师</td><td>学生</td><td>教师</td></tr>
<tr><td>小学</td><td>3120</td><td>180</td><td>3040</td><td>182</td></tr>
<tr><td>初中</td><td>1680</td><td>120</td><td>1710</td><td>121</td></tr>
<tr><td>合计</td><td>4800</td><td>300</td><td>4750</td><td>330</td></tr></table>"""


def test_cells_under_merged_headings_have_their_year_and_total(tmp_path: Path):
    import docx

    (tmp_path / "a.html").write_text(f"<html><body>{MERGED}</body></html>", encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("单位：人")
    table = document.add_table(rows=5, cols=5)
    rows = ("学段 2022年 - 2023年 -", "- 学生 教师 学生 教师", "小学 3120 180 3040 182")
    rows = (*rows, "初中 1680 120 1710 121", "合计 4800 300 4750 330")
    for row, line in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, line.split(), strict=True):
            cell.text = text.strip("-")
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 3).merge(table.cell(0, 4))
    table.cell(0, 0).merge(table.cell(1, 0))
    document.save(tmp_path / "a.docx")
    for name in ("a.html", "a.docx"):
        result = checking.check_file(tmp_path / name)
        years = {one.printed: one.year for one in result.figures}
        assert (years["180"], years["3040"], years["182"]) == (2022, 2023, 2023)
        assert [one.expected for one in result.findings] == ["303人"]


@pytest.mark.parametrize(
    "name", sorted(yaml.safe_load(rules.rule_text("patterns.yaml"))["patterns"])
)
def test_a_pattern_matches_its_examples_and_no_other(name):
    declared = yaml.safe_load(rules.rule_text("patterns.yaml"))["patterns"][name]
    assert declared["matches"], "a pattern without an example"
    for text in declared["matches"]:
        assert rules.pattern(name).search(text), text
    for text in declared["others"]:
        assert not rules.pattern(name).search(text), text


EXAMPLES = yaml.safe_load(rules.rule_text("relations.yaml"))["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_a_relation_is_seen_where_the_passage_states_it(example):
    def statuses(text):
        return {one.status for one in check(text).relations}

    assert example["holds"] and example["fails"], "a relation without an example"
    for text in example["holds"]:
        assert statuses(text) & {"follows", "within_rounding"}, text
        assert "contradicts" not in statuses(text), text
    for text in example["fails"]:
        assert "contradicts" in statuses(text), text
    for text in example.get("silent", ()):
        assert "contradicts" not in statuses(text), text


def test_a_self_evaluation_is_read_with_stage_and_year():
    folder = ROOT / "tests/report_check"
    text = (folder / "self_evaluation.txt").read_text(encoding="utf-8")
    said = (folder / "self_evaluation_figures.txt").read_text(encoding="utf-8").split()
    read = [one for one in figures(text) if one.table < 0]
    exact = [f"{one.printed}{one.unit}{one.stage}{one.year}" for one in read]
    right = sum(1 for one in exact if one in said)
    assert len(read) == len(said)
    assert right >= 0.95 * len(said), sorted(set(said) - set(exact))
    result = check(text)
    assert not result.findings
    assert "41.2" not in [one.printed for one in result.figures]


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("全县学校12所，其中小学9所，初中3所。", ["全县", "小学", "初中"]),
        ("全县高中段教育（包括普通高中和中职）共有学校6所。", ["高中阶段"]),
        ("高中段教育\n普通高中学校5所；毕业生2158人；招生2500人。", ["普通高中"] * 3),
        ("全县94.6%的小学、97.2%的初中达标。", ["小学", "初中"]),
        (
            "普通小学生均8445元，比上年度增长6%，普通初中生均9664元，比上年度增长2%。",
            ["小学"] * 2 + ["初中"] * 2,
        ),
        (
            "教职工其中小学658人、初中618人、成人教育29人、其他单位24人。",
            ["小学", "初中", "全县", "全县"],
        ),
        ("全县小学任教教师中，本科以上学历教师占78%，比上年提高4个百分点。", ["小学"] * 2),
        ("各类学校和幼儿园53所，教师进修学校1所，全县中小学幼儿园教师3120人。", ["全县"] * 3),
        ("小学83所。招生9709人。教职工4001人，毕业7465人。初中40所。", ["小学"] * 4 + ["初中"]),
        ("小学83所、初中10所。招生9709人。", ["小学", "初中", "全县"]),
    ],
)
def test_a_figure_has_the_stage_of_its_own_words(text, stages):
    assert [one.stage for one in figures(text)] == stages


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022年全县生均情况是：\n1.幼儿园为2299元，比上年的2210元增长4%。", [2022, 2021, 2022]),
        ("二、生均经费\n1.小学为7216元，比上年的6890元增长5%。", [2022, 2021, 2022]),
        ("自2012年以来连续做到只增不减，教育支出增长3%。", [2022]),
        ("幼儿园29所，与2010年相比翻了一倍。", [2022, 2022]),
        ("2021-2022学年（以下简称2021年），学校167所，在校生1311人。", [2021, 2021]),
        ("2020—2022学年扩班3个。", [2022]),
        ("在此基础上按照寄宿生年生均300元标准补助。", [None]),
    ],
)
def test_a_figure_has_the_year_it_is_of(text, years):
    title = "某县2022年教育经费公告\n"
    assert [one.year for one in figures(title + text)] == years


def test_lines_of_a_text_file_whose_cells_are_parted_are_a_table(tmp_path: Path):
    path = tmp_path / "a.txt"
    for edge in ("\t", " | "):
        rows = (
            ("填报单位：某县教育局", "单位：万元"),
            ("2022年学段", "金额", "人数（人）"),
            ("小学", "213.33", "981"),
            ("初中", "109.08", "1070"),
        )
        path.write_text("\n".join(edge.join(row) for row in rows) + "\n说明：略。\n", "utf-8")
        result = checking.check_file(path)
        read = [(one.printed, one.unit, one.stage, one.year) for one in result.figures]
        assert read == [
            ("213.33", "万元", "小学", 2022),
            ("981", "人", "小学", 2022),
            ("109.08", "万元", "初中", 2022),
            ("1070", "人", "初中", 2022),
        ]


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        (  # cells one below another, the labels of two lines
            "类别 |\n性质 |\n学校数 |\n在校学生数 |\n生师比 |\n小 学 |\n公办 |\n12 |\n4318 |\n16.20"
            " |\n初中 |\n公办 |\n7 |\n2210 |\n12.10 |\n备注：略。",
            [
                ("12", "所"),
                ("4318", "人"),
                ("16.20", ""),
                ("7", "所"),
                ("2210", "人"),
                ("12.10", ""),
            ],
        ),
        (  # blanks between cells, thousands not joined
            "项目 2022 2023\n学校数\n  小 学 71 127\n  幼 儿 园 68 830",
            [("71", ""), ("127", ""), ("68", ""), ("830", "")],
        ),
        ("公用经费\n8059.35\n万元，学生\n3600\n人次。", [("8059.35", "万元"), ("3600", "人次")]),
    ],
)
def test_cells_that_lines_set_are_figures(tmp_path: Path, lines, read):
    path = tmp_path / "a.txt"
    path.write_text(lines, "utf-8")
    result = checking.check_file(path)
    assert [(one.printed, one.unit) for one in result.figures] == read
    if "2023" in lines:
        assert [(one.year, one.stage) for one in result.figures] == [
            (2022, "小学"),
            (2023, "小学"),
            (2022, "幼儿园"),
            (2023, "幼儿园"),
        ]


def test_a_share_beside_the_figure_it_is_of_has_no_wrong_base():
    text = (
        "全区幼儿园341所。民办幼儿园196所（占比57.48%）。民办普惠性幼儿园172所（占比87.8%）。"
        "民办营利性幼儿园24所（占比12.2%）。"
    )
    result = check(text)
    assert not result.findings and not result.doubts


def test_a_decimal_that_a_line_cuts_is_one_number():
    assert [(one.value, one.unit) for one in figures("下拨资金579.\n413万元，惠及12人。")] == [
        (579.413, "万元"),
        (12, "人"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "总投入比上年的4883万元增加141万元，增长2.89%。",  # the level of now is not printed
        "民办小学在校学生112人。其中小学1210人，初中1320人，高中980人。",  # of another total
        "全县学校113所，其中幼儿园52所，小学30所，初中14所，高中5所，特教学校1所。",
        "总投入2466.09亿元。其中国家财政性教育经费1954.08亿元，全省公共预算教育经费1594亿元。",
        "投入500万元，比上年的400万元增长25%。其中，中央200万元，省级150万元，县级150万元。",
        "党支部171个（公办学校党支部111个，民办学校党支部28个，退休党支部31个）。",
        "适龄残疾儿童318人，其中特殊教育学校就读128人、随班就读150人、送教上门30人。",  # 10 at none
    ],
)
def test_what_is_no_slip_for_sure_is_not_accused(text):
    assert not check(text).findings


def test_the_mean_of_many_numbers_is_checked_without_trying_all_their_ends():
    amounts = "、".join(f"{1200 + year}.5" for year in range(40))
    text = f"2000年至2039年，全县投入分别为{amounts}万元，年均投入1220.0万元。"
    (mean,) = checking.check_report(Report("", text)).relations
    assert (mean.status, mean.formula[-3:]) == ("follows", "/40")


def test_a_growth_over_the_base_alone_is_checked():
    wrong = check("总投入比上年的4883万元增加141万元，增长2.98%。")
    assert [one.expected for one in wrong.findings] == ["2.89%"]


def test_a_part_and_its_share_imply_the_whole_that_is_not_printed():
    result = check("公办园在园幼儿2453人，占全县在园幼儿的56.1%。")
    implied = [one for one in result.of_status("unchecked") if one.expected]
    assert [one.expected for one in implied] == ["4369人—4376人"]
    assert not result.findings and not result.doubts


EXCHANGED = """<p>2023年，全县一般公共预算教育经费比上年增长6.00%，财政经常性收入比上年增长4.10%。
2023年，小学生均公用经费2410.5元，初中生均公用经费3125.8元。</p>
<table><tr><th>年份</th><th>一般公共预算教育经费增长（%）</th><th>财政经常性收入增长（%）</th></tr>
<tr><td>2023年</td><td>4.10</td><td>6.00</td></tr><tr><td>2022年</td><td>3.2</td><td>2.9</td></tr></table>
<table><tr><th>学段</th><th>2023年生均公用经费（元）</th></tr><tr><td>小学</td><td>2410.5</td></tr>
<tr><td>初中</td><td>3152.8</td></tr></table>"""


def test_tables_are_held_against_the_text(tmp_path: Path):
    (tmp_path / "a.html").write_text(f"<html><body>{EXCHANGED}</body></html>", encoding="utf-8")
    result = checking.check_file(tmp_path / "a.html")
    assert not result.findings
    assert [one.expected for one in result.doubts] == ["4.10%", "6.00%", "3152.8元"]


def test_one_table_of_units_serves_workbook_and_report():
    from dudao.facts.units import factor

    assert factor("万元", "元") == 10000 and factor("亩", "平方米") == pytest.approx(
        666.667, abs=1e-3
    )
    assert factor("栋", "所") is None  # a unit of reports only is converted to nothing
    assert rules.units()["公顷"].factor == pytest.approx(15 * rules.units()["亩"].factor)


COLUMNS = """2023年，全县地方教育经费总投入为98765.43万
元，比上年增加4321.10万元，增长4.58%。全县
共有教师4123人，其中高级教师812人，占
19.7%；一级教师1562人，占37.9%；二级及以
下1749人，占42.4%。学前教育毛入园率达
96.5%，小学适龄儿童入学率100%。
附表（单位：万元）
学段 2023 年 2022年 增长（%）
幼儿园 2340.5 2200.1 6.38
小学 8123.4 7900.2 2.83
初中 6100.0 6000.0 7.67
合计 16563.9 16100.3 2.88
"""


def test_lines_of_two_columns_and_tables_of_a_page_are_put_together():
    text, tables = tables_in_lines(COLUMNS)
    assert len(text) == len(COLUMNS) and len(tables) == 1
    result = checking.check_report(Report("虚构.pdf", text, tables, is_set=True))
    assert [one.expected for one in result.findings] == ["1.67%"]
    followed = {one.relation for one in result.of_status("follows")}
    assert {"growth", "share", "sum", "table_growth"} <= followed
    rate = next(one for one in result.figures if one.printed == "96.5")
    assert (rate.what, rate.stage) == ("学前教育毛入园率", "幼儿园")


def test_a_word_file_of_another_program_is_read(tmp_path: Path):
    """Content controls, another prefix, and runs cut within a number, as WPS writes them."""
    import zipfile

    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    run = "<x:r><x:rPr><x:lang x:eastAsia='zh-CN'/></x:rPr><x:t xml:space='preserve'>{}</x:t></x:r>"
    body = "".join(
        run.format(part) for part in ("2023年，共有幼儿园5", "4所", "，其中公办", "20所。")
    )
    cells = "".join(
        f"<x:tr>{''.join(f'<x:tc><x:p>{run.format(c)}</x:p></x:tc>' for c in row)}</x:tr>"
        for row in (("学段", "数量（所）"), ("小学", "16"))
    )
    xml = (
        f"<x:document xmlns:x='{word}'><x:body><x:sdt><x:sdtContent><x:p>{body}</x:p>"
        f"</x:sdtContent></x:sdt><x:tbl>{cells}</x:tbl></x:body></x:document>"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", xml)
    report = read_report(tmp_path / "a.docx")
    assert [(one.value, one.unit) for one in figures(report.text)] == [(54, "所"), (20, "所")]
    assert report.tables[0].cells[3].column == 1


@pytest.mark.parametrize(
    "text",
    [
        "小学总班数7647个，其中大班765个，比上年减少847个，占总班数的比例10.0%，比上年下降1.18%。",
        "报名人数共有28.48万人，其中，文史类9.49万人；理工类16.39万人；中职生2.6万人。",
        "实有人员53人，其中财政供养在职人员53人，离退休人员13人。",
        "留守儿童1275人；小学留守儿童919人，中学留守儿童356人；寄宿生647人，非寄宿生628人。",
        "学校现有专任教师1443人、外聘教师681人，折合教师总数为1784人。",
        "安排资金32800万元，占全国5个省、42个县投资总额的21%。",
        "占地面积1153161.10㎡，其中小学611942.62㎡，初中占地面积541218.48 校舍建筑面702862.84㎡。",
        "全县有幼儿园270所，包括县直幼儿园3所、乡镇公办幼儿园38所和民办幼儿园229所。",
        "1958年教师总共1292人（中学153人，小学1139人），比1949年的555人增加了1.3倍。",
        "智力残疾儿童76万人，占30.89%；多重残疾儿童75万人，占30.49%，共246万人。",
        "列入项目39所，新建11所，改扩建28所，其中基础施工6所，主体在建10所，封顶9所，已竣工13所，1所办理手续。",
        "小学高级47人，小学一级6人，未评职称16人。",
        "预算支出4172万元。其中：基本支出3772万元；项目支出400万元。按功能分：教育3635.9万元；社保426万元；医疗110.1万元。",
        "教职员工67名，本科39名，占教职员工的58%，大专22名，占教职员工的33%，中专5名，占教职员工的8%。",
        "专职教师26人，教勤人员（职工）4人，其中中学高级教师2人，中学一级教师8人。",
        "财政拨款收入170.81万元，占比10.12%；事业收入0万元，占比0%，收入合计1687.45万元。",
    ],
)
def test_what_looks_wrong_but_is_right_is_not_accused(text):
    assert not check(text).findings


def test_a_count_of_persons_with_decimals_has_lost_its_unit():
    (finding,) = check("招生21.36万人，比上年减少1.24人；生师比16.8人。").findings
    assert finding.expected == "1.24万人"


def test_blanks_beside_numbers_and_in_words_part_nothing():
    read = figures("学生 823 人，占地面 积 15260 平方米， 生均 18.54 平方米。")
    assert [(one.printed, one.unit) for one in read] == [
        ("823", "人"),
        ("15260", "平方米"),
        ("18.54", "平方米"),
    ]
    assert read[1].what == "占地面积"


def test_a_letter_before_a_point_is_read_as_zero():
    assert [one.value for one in figures("文盲率由0.52%下降到O.13%。")] == [0.52, 0.13]


def test_a_number_in_the_head_of_a_table_moves_no_relation_of_the_sentences(tmp_path: Path):
    head = "<tr><td>项目</td><td>其中：1类学校</td></tr>"
    table = f"<table>{head}<tr><td>学生数</td><td>320</td></tr></table>"
    after = "<p>全县在校生7644人，其中小学4120人、初中3254人。</p>"
    (tmp_path / "a.html").write_text(f"<html><body>{table}{after}</body></html>", encoding="utf-8")
    result = checking.check_file(tmp_path / "a.html")
    (finding,) = result.findings
    printed = {result.figures[index].printed for index in finding.figures}
    assert printed == {"7644", "4120", "3254"}


def test_the_year_that_a_report_declares_for_the_rest_is_the_year_of_the_rest():
    text = "县人民政府2024年自评报告\n除注明年份的外，所列为2023年数据。\n全县在校生3764人。"
    assert [one.year for one in check(text).figures if one.printed == "3764"] == [2023]


def test_a_standard_per_pupil_is_no_part_of_a_rate():
    text = "生活补助标准为每生每年500元、营养补助标准为每生每天5元、免费教科书覆盖率为100%。"
    assert check(text).findings == ()


def test_a_finding_says_whether_a_growth_is_a_fall():
    text = "支出合计3812.44万元，较上年决算数减少361.18万元，下降3.7%。"
    (found,) = checking.check_report(Report("", text)).findings
    assert found.expected == "-8.65%"
    assert "应为下降8.65%，文中为下降3.7%" in found.message


def test_a_share_of_many_parts_is_spanned_over_both_ends_of_the_others():
    numbers = [arithmetic.Printed(10.0, 0.5)] * 10
    low, high = arithmetic.span(lambda part, *whole: part / sum(whole), numbers)
    assert (low, high) == (pytest.approx(9.5 / 94.5), pytest.approx(10.5 / 85.5))


@pytest.mark.parametrize(
    "text",
    [
        "学生0人，其中小学0人、初中0人。教师50人，其中小学30人、初中25人。",
        "按1:13.5核定编制0人，小学在校生1971人，按1:13.5核定编制0人。占地0平方米，生均0平方米。",
        "男生0人，女生0人，男女比例为0:100。出国费0万元，占0%；公务用车0万元，占0%。",
    ],
)
def test_zeros_end_no_check(text):
    assert check(text).relations is not None


def test_quantities_of_stages_add_up_to_those_of_the_whole():
    text = (
        "全县义务教育在校生33262人，专任教师2384人。\n——小学。在校生22250人；专任教师1512人。\n"
        "——初中。在校生11012人；专任教师872人。"
    )
    sums = [one for one in check(text).relations if one.message == "各学段之和"]
    assert [one.formula for one in sums] == ["#2+#4", "#3+#5"]
    wrong = check(text.replace("22250", "22520"))
    assert not [one for one in wrong.findings if one.slip != "相邻两位数字颠倒"]
    assert "小学" in wrong.figures[2].stage and wrong.findings[0].figures[0] == 2


def test_a_sum_over_stages_is_accused_where_another_holds():
    text = (
        "义务教育毕业生14440人，招生18089人，专任教师3959人。\n小学。毕业生7596人，招生10349人，专任教师2354人。\n"
        "初中。毕业生6844人，招生7440人，专任教师1600人。"
    )
    result = check(text)
    assert [one.expected for one in result.findings] == ["10649人"]  # of 小学, the one in doubt
    assert [one.expected for one in result.doubts] == ["3954人"]  # teachers of a special school
    alone = check(text.replace("毕业生14440人", ""))
    assert not alone.findings
