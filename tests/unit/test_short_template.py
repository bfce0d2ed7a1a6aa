"""What the workbook asks for: only what decides, said beside the cell, and listed to be ticked."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from dudao.case import case_of
from dudao.facts import store
from dudao.facts.items import describe, item
from dudao.facts.sheet_layout import COUNTY, EVIDENCE, FUNDS, KINDERGARTENS, SCHOOLS, SELF_RATINGS
from dudao.facts.submission_tables import TABLES
from dudao.law import EvaluationYear, framework_for
from dudao_pipeline.intake import template
from dudao_pipeline.intake.checks.required import RECORDED_ONLY, deciding
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.submission import Submission, read_submission
from dudao_pipeline.intake.template.grid import Grid

EXAMPLE = Path(__file__).parents[2] / "data/example"
MOST_ASKED = 210
YEAR = EvaluationYear(2024)


@cache
def submission(county: str) -> Submission:
    return read_submission(EXAMPLE / f"{county}-2024")


def results(tables: Tables) -> list[tuple[str, str]]:
    sub = submission(tables.county)
    named = {name: getattr(tables, name) for name in TABLES}
    stored = store.Stored(meta=sub.meta, digest=sub.digest, findings=sub.findings_table(), **named)
    case = case_of(stored, tables.county, 2024, "00_overview")
    return [(one.point.id, one.result) for one in case.judge_points(case.verdicts())]


def blanked(tables: Tables, is_kept) -> Tables:
    facts = tables.facts.copy()
    blank = ~np.array([is_kept(row) for row in facts.itertuples()])
    facts.loc[blank, "status"], facts.loc[blank, "value"] = "missing", np.nan
    return replace(tables, facts=facts)


def open_cells(sheet) -> int:
    rows = (row for row in sheet.iter_rows(min_row=4) if row[0].value)
    return sum(not cell.protection.locked for row in rows for cell in row[4:7])


@pytest.mark.parametrize("county", ["990100", "990102"])
def test_what_the_short_template_leaves_out_decides_nothing(county):
    tables, asked = submission(county).tables, deciding(county, YEAR)

    def is_kept(row) -> bool:
        if row.sheet in (COUNTY, FUNDS):
            return (row.item, row.stage, row.data_year) in asked
        return row.item not in RECORDED_ONLY[row.sheet]

    short = blanked(tables, is_kept)
    assert (short.facts["status"] == "missing").sum() > (tables.facts["status"] == "missing").sum()
    assert results(short) == results(tables)


def test_the_short_template_asks_for_few_cells_of_the_county():
    long, short = (template.build("990100", "虚构县", 2024, short=s) for s in (False, True))
    asked = {key for key in deciding("990100", YEAR) if COUNTY in item(key[0]).sheets}
    manual = (EXAMPLE.parents[1] / "README.zh-CN.md").read_text(encoding="utf-8")
    assert f"“县级指标”{open_cells(long[COUNTY])}格中{len(asked)}格必填" in manual
    assert open_cells(short[COUNTY]) == len(asked) <= MOST_ASKED
    demands = {row[8] for row in short[COUNTY].iter_rows(min_row=4, values_only=True) if row[0]}
    assert demands == {"必填"}
    assert short[COUNTY].auto_filter.ref and not short[COUNTY].protection.autoFilter


def test_cells_that_decide_are_darker_and_stand_beside_the_national_value():
    sheet = template.build("990100", "虚构县", 2024)[COUNTY]
    asked = deciding("990100", YEAR)
    grid = Grid(sheet)
    fills = {}
    for row, code, stage in grid.triples("指标代码", "学段"):
        for at, year in zip((5, 6, 7), (2022, 2023, 2024), strict=True):
            is_asked = any(key[0] == code and key[2] == year for key in asked)
            fills.setdefault(sheet.cell(row, at).fill.fgColor.rgb, set()).add(is_asked)
        if (code, stage) == ("operating_fund_quota", "小学"):
            standard = sheet.cell(row, grid.columns["适用标准"]).value
    assert fills["FFFFE58A"] == {True}
    assert "720元/生/年" in standard


def test_papers_and_points_are_listed_and_count_only_when_ticked(tmp_path):
    book = template.build("990002", "虚构县", 2024)
    papers, ratings = Grid(book[EVIDENCE]), Grid(book[SELF_RATINGS])
    points = framework_for(2024).points
    listed = list(papers.triples("评价要点", "材料名称"))
    assert [(p, t) for _, p, t in listed] == [(p.id, t) for p in points for t in p.evidence]
    assert [p for _, p, _ in ratings.triples("评价要点", "评价要点")] == [p.id for p in points]
    papers.put(listed[2][0], {"已备": "√"})
    papers.put(listed[4][0], {"文号": "虚政〔2023〕1号"})
    papers.put(listed[5][0], {"已备": "无", "文号": "虚政〔2023〕2号"})
    ratings.put(ratings.first + 1, {"自评结论": "达标"})
    Grid(book["填写说明"]).put(9, {"填写内容": "虚构"})
    template.save(book, tmp_path / "报送表.xlsx")
    read = read_submission(tmp_path / "报送表.xlsx")
    assert list(read.tables.evidence["title"]) == [listed[2][2], listed[4][2]]
    assert list(read.tables.self_ratings["point"]) == [points[1].id]
    told = [f.what for f in read.findings if f.sheet == EVIDENCE]
    assert any("103份材料没有勾选“已备”，未登记" in what for what in told)
    assert any("没有勾选“已备”，但填了“虚政〔2023〕1号”" in what for what in told)


def test_an_exported_workbook_keeps_its_papers_and_lists_the_others_to_be_ticked(tmp_path):
    sub = submission("990100")
    book = template.build("990100", "虚构县", 2024)
    assert template.fill(book, sub.tables) == []
    template.fill_origin(book, sub.meta)
    template.save(book, tmp_path / "报送表.xlsx")
    again = read_submission(tmp_path / "报送表.xlsx")
    assert list(again.tables.evidence["title"]) == list(sub.tables.evidence["title"])
    assert list(again.tables.self_ratings["rating"]) == list(sub.tables.self_ratings["rating"])


def test_a_figure_that_is_improbable_after_last_year_is_asked_about_and_not_refused(tmp_path):
    last = submission("990100").tables
    book = template.build("990100", "虚构县", 2025, short=True)
    template.fill_last_year(book, last)
    template.save(book, tmp_path / "报送表.xlsx")
    sheet = load_workbook(tmp_path / "报送表.xlsx")[COUNTY]
    row = next(c.row for c in sheet["A"] if c.value == "education_expenditure")
    before = sheet.cell(row, 5).value
    found = [v for v in sheet.data_validations.dataValidation if f"F{row}" in v.sqref]
    assert [rule.errorStyle for rule in found] == ["warning"]
    assert f"F{row}>={before / 2:.7g},F{row}<={before * 1.5:.7g}" in found[0].formula1
    assert len(found[0].formula1) < 255
    assert any(f"F{row}" in str(area.sqref) for area in sheet.conditional_formatting)


def test_a_school_that_is_improbable_after_last_year_is_shaded_wherever_its_row_moves(tmp_path):
    last = submission("990100").tables
    book = template.build("990100", "虚构县", 2025)
    template.fill_last_year(book, last)
    template.save(book, tmp_path / "报送表.xlsx")
    saved = load_workbook(tmp_path / "报送表.xlsx")
    for name, stage in ((SCHOOLS, "primary"), (KINDERGARTENS, "preschool")):
        sheet, hidden = saved[name], saved[f"{name}上年范围"]
        assert hidden.sheet_state == "hidden"
        assert "与上年相差较大" in sheet["A2"].value
        header = [cell.value for cell in hidden[1]]
        low = header.index(f"{item('enrolment').label}下限")
        fact = next(
            f
            for f in last.facts.itertuples()
            if (f.item, f.stage) == ("enrolment", stage) and f.school
        )
        key = f"{fact.school}|小学" if name == SCHOOLS else fact.school
        bounds = {row[0]: row[low : low + 2] for row in hidden.iter_rows(values_only=True)}
        assert bounds[key] == (pytest.approx(fact.value * 0.7), pytest.approx(fact.value * 1.3))
        letter = next(c.column_letter for c in sheet[3] if c.value == "在校生（在园幼儿）（人）")
        areas = {str(area.sqref): area.rules for area in sheet.conditional_formatting}
        rule = next(rules[0] for area, rules in areas.items() if area.startswith(f"{letter}5:"))
        row_key = '$A5&"|"&$D5&""' if name == SCHOOLS else '$A5&""'
        assert f"VLOOKUP({row_key},'{name}上年范围'!$A:" in rule.formula[0]
    read = read_submission(tmp_path / "报送表.xlsx")
    assert not [f for f in read.findings if "上年范围" in f.sheet]


def test_names_are_those_that_people_say():
    assert describe("schools", "vocational") == "中等职业学校"
    assert describe("schools", "primary") == "小学"
    assert describe("enrolment", "preschool") == "在园幼儿"
    assert describe("enrolment", "junior") == "初中在校生"
    assert describe("migrant_children_public", "compulsory") == "公办学校就读随迁子女"
    book = template.build("990002", "虚构县", 2024, short=True)
    names = [row[1] for row in book[COUNTY].iter_rows(min_row=4, values_only=True)]
    for above, name in pairwise(names):
        assert not str(name).startswith("其中：") or above, name
    for sheet in (SCHOOLS, KINDERGARTENS):
        hidden = [d for d in book[sheet].column_dimensions.values() if d.hidden]
        assert len(hidden) == len(RECORDED_ONLY[sheet])
