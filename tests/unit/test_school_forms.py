"""The forms, what schools lack, the pictures and the spreadsheet, as a reviewer meets them."""

import re

import openpyxl
import pytest

from dudao.base.rounding import fixed, plain
from dudao.case import open_case
from dudao.indicators import school_conditions as conditions
from dudao.indicators import schools, spread
from dudao.indicators.kindergartens import AREAS, area_per_child, area_shortfalls
from dudao.indicators.stage_schools import stage_schools
from dudao.law.forms import form_plans
from dudao.law.thresholds import all_thresholds
from dudao.show.schools import needs, school_charts, school_forms
from dudao.show.schools.school_charts import curve
from dudao_pipeline.publish.forms_workbook import write_forms


def opened(county):
    case = open_case(county, 2024, "10_schools")
    stages = [stage_schools(case.facts, s, case.school_rules) for s in schools.BALANCED_STAGES]
    cvs = schools.resource_cvs(case.facts, case.school_rules)
    return case, stages, school_forms.resource_forms(case, stages, cvs), cvs


@pytest.fixture(scope="module")
def failing():
    return opened("990102")


def test_the_forms_are_the_ones_a_reviewer_knows(failing):
    _, stages, forms, _ = failing
    assert [form.number for form in forms.forms] == ["表Ⅰ-1", "表Ⅰ-2", "表Ⅱ-1", "表Ⅱ-2", "表Ⅲ"]
    assert [len(form.rows) for form in forms.forms[:2]] == [len(found.schools) for found in stages]


def test_the_spread_form_prints_two_and_three_decimals_and_the_unweighted_beside(failing):
    _, _, forms, cvs = failing
    record = forms.forms[-1].record
    assert record["decimals"][2:5] == [2, 2, 3]
    for row, measure in zip(record["rows"], cvs, strict=True):
        assert fixed(row[4], 3) == fixed(measure.value, 3)
        assert row[8] != row[4]


def test_where_counting_schools_once_turns_the_verdict_it_is_said(failing):
    case, stages, forms, _ = failing
    turned = [row for row in forms.forms[-1].record["rows"] if "不加权会误判为达标" in row[-1]]
    assert [(row[0], row[1]) for row in turned] == [("初中", "体育艺术专任教师（人/百名学生）")]
    working = stages[1].spreads["pe_art_teachers"]
    limit = case.law.value("resource_cv_junior", case.year).value
    assert working.unweighted < limit < working.cv


def test_every_failing_school_has_a_reason_and_something_to_buy(failing):
    case, stages, _, _ = failing
    rows = {(row[0], row[1]): row for row in needs.needs_form(case, stages).rows}
    for found, stage in zip(stages, ("小学", "初中"), strict=True):
        for school in found.passes.index[found.passes == 0]:
            _, _, why, to_pass, _ = rows[found.names[school], stage]
            assert "＜" in why
            assert to_pass != "不缺"


def test_a_school_with_a_gap_in_its_data_gets_no_number():
    case, stages, _, _ = opened("990105")
    rows = needs.needs_form(case, stages).rows
    assert any("未填" in row[2] and row[3] == "缺数据，无法计算" for row in rows)


def test_the_last_row_meets_both_at_once_and_lies_below_the_two_lists_added_up(failing):
    case, stages, _, _ = failing
    for found in stages:
        plan = needs.stage_plan(case, found)
        limit = case.law.value(f"resource_cv_{found.stage}", case.year).value
        both = found.to_pass.copy()
        for code in both.columns:
            amount, pupils = found.schools[code], found.schools["enrolment"]
            both[code] += spread.whole_additions(amount, pupils, limit)
        assert (plan.additions.sum() <= both.sum()).all()
        assert (plan.additions.sum() >= found.to_pass.sum()).any()
        last = [row for row in needs.needs_form(case, stages).rows if row[0] == needs.TOGETHER]
        assert len(last) == len(stages)


def test_the_widest_coefficients_name_their_schools_and_the_least_additions(failing):
    case, stages, _, _ = failing
    table = needs.movers_table(case, stages)
    totals = [row for row in table.rows if row[2] == "合计"]
    assert len(totals) == 14  # all seven of both stages are above their limits
    assert all("全县共" in row[-1] for row in totals)


def test_one_school_a_stage_shows_pages_without_a_coefficient():
    case, stages, forms, _ = opened("990103")
    assert all(row[4] is None and "待定" in row[7] for row in forms.forms[-1].record["rows"])
    assert needs.movers_table(case, stages).rows == ()
    for draw in (school_charts.strip, school_charts.lorenz):
        assert draw(case, stages).svg


def test_a_curve_starts_at_nothing_ends_at_all_and_sags(failing):
    _, stages, _, _ = failing
    rows = stages[0].schools
    line = curve(rows["sports_area"], rows["enrolment"])
    assert line.iloc[0].tolist() == [0, 0]
    assert line.iloc[-1].tolist() == pytest.approx([100, 100])
    assert (line["amount"] <= line["pupils"] + 1e-9).all()
    even = curve(rows["enrolment"] * 3, rows["enrolment"])
    assert (even["amount"] - even["pupils"]).abs().max() == pytest.approx(0)


def test_the_spreadsheet_holds_the_forms_as_numbers_and_the_same_bytes_twice(failing, tmp_path):
    case, _, forms, _ = failing
    found = {
        **{"fictional": True, "county_name": case.name, "county": "990102", "year": 2024},
        **{"data_version": case.data_version, "forms": forms.records},
    }
    for name in ("a.xlsx", "b.xlsx"):
        write_forms(found, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [form.number for form in forms.forms]
    assert all("虚构" in sheet["A2"].value for sheet in book)
    for form, sheet in zip(forms.forms, book, strict=True):
        for row, cells in zip(form.record["rows"], sheet.iter_rows(min_row=5), strict=True):
            assert [_as_shown(cell) for cell in cells] == [_plain(value) for value in row]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    grades = book["表Ⅱ-1"]
    assert grades["B5"].value == 2.97 and grades["B5"].number_format == '0.00" ×"'
    assert grades.auto_filter.ref.startswith("A4:") and grades.freeze_panes == "B5"


def _as_shown(cell) -> str:
    """Return a cell as a reader sees it: number, and what its format writes behind it."""
    if isinstance(cell.value, str):
        return cell.value
    behind = "".join(cell.number_format.split('"')[1:2])
    return "" if cell.value is None else plain(cell.value) + behind


def _plain(value) -> str:
    """Return an entry of a form without the zeros that a format writes."""
    if isinstance(value, str) and (match := re.fullmatch(r"(-?[\d.]+)(.*)", value)):
        return plain(float(match[1])) + match[2] if match[1].count(".") < 2 else value
    return "" if value is None else value if isinstance(value, str) else plain(value)


def test_a_school_named_like_a_formula_stays_text(tmp_path):
    form = {"number": "表", "title": "试", "columns": ["学校"], "decimals": [None], "note": ""}
    found = {
        **{"fictional": True, "county_name": "虚构县", "county": "990102", "year": 2024},
        **{"data_version": "", "forms": [{**form, "rows": [["=1+1"], ["@SUM(A1)"]]}]},
    }
    write_forms(found, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [(sheet.cell(r, 1).value, sheet.cell(r, 1).data_type) for r in (5, 6)] == [
        ("=1+1", "s"),
        ("@SUM(A1)", "s"),
    ]


def test_the_condition_forms_show_the_verdicts_of_the_notebooks_that_compute_them(failing):
    case = failing[0]
    shown = school_forms.condition_forms(case, "balanced").forms
    assert [len(plan["entries"]) for plan in form_plans("balanced")] == [15, 9, 2]
    pay = next(row for row in shown[0].rows if row[1] == "教师平均工资收入水平")
    teachers = open_case("990102", 2024, "06_teachers")
    verdict = next(v for v in teachers.verdicts() if v.check == "teacher_pay_ratio")
    assert pay[5].mark == verdict.result
    people = next(row for row in shown[0].rows if row[1] == "编制和岗位县域统筹")
    assert (people[2], people[5].mark) == ("由评审人员按材料认定", "undecided")


@pytest.mark.parametrize("name", ["balanced", "preschool"])
def test_every_check_of_a_form_is_a_rule(name, failing):
    checks = [c for plan in form_plans(name) for entry in plan["entries"] for c in entry["checks"]]
    assert len(checks) == len(set(checks))
    assert set(checks) <= {rule.id for rule in all_thresholds()}


def test_the_forms_of_preschool_have_their_3_11_and_6_items():
    """Titles as two versions of a third-party program print them; recognition stands beside."""
    plans = form_plans("preschool")
    assert [len(plan["entries"]) for plan in plans] == [3, 11, 6, 1]
    titles = [[entry["title"] for entry in plan["entries"]] for plan in plans]
    assert (titles[1][0], titles[1][10]) == ("党的领导坚强有力", "无重大安全责任事故")
    assert titles[2][5] == "无“小学化”现象"


def test_public_children_are_counted_not_kindergartens(failing):
    case = failing[0]
    by_kind, each = school_forms.kindergarten_forms(case).forms
    public = next(row for row in by_kind.rows if row[0] == "公办")
    share = next(
        v
        for v in school_forms.verdicts_of(case, ["public_enrolment_share"])
        if v.stage == "preschool"
    )
    assert public[5] == pytest.approx(share.value)
    assert sum(row[1] for row in by_kind.rows) == len(each.rows)


def test_an_area_that_is_bought_is_enough_and_one_metre_less_is_not(failing):
    case = failing[0]
    rows = case.facts.schools("preschool", ("enrolment", *AREAS))
    needed = area_shortfalls(rows, case.school_rules, 2)
    assert (needed > 0).any(axis=None)
    for code in AREAS:
        own = needed[code] > 0
        bought = rows.assign(**{code: rows[code] + needed[code]})
        for table, met in ((bought, 1), (bought.assign(**{code: bought[code] - 1}), 0)):
            values = area_per_child(table)[code]
            assert (case.school_rules.meets(code, values, table)[own] == met).all()


@pytest.mark.parametrize("kind", ["music", "art"])
def test_rooms_that_are_added_are_enough_and_one_less_is_not(failing, kind):
    case, column = failing[0], f"{kind}_rooms"
    rules = case.school_rules
    rows = conditions.whole_schools(conditions.all_rows(case.facts, rules))
    needed = conditions.rooms_lacking(rows, kind, rules)
    own = rows[needed > 0]
    assert len(own)
    for more, met in ((needed, 1), (needed - 1, 0)):
        rooms = (own[column] + more[own.index]).where(lambda count: count > 0)
        found = rules.meets(f"classes_per_{kind}_room", own["classes"] / rooms, own)
        assert (found.fillna(0) == met).all()


def test_the_conditions_form_names_only_schools_that_lack_something(failing):
    form = needs.condition_needs_form(failing[0])
    assert form.rows
    assert all(any(row[1:]) for row in form.rows)
    assert len({row[0] for row in form.rows}) == len(form.rows)
