"""The checks: every slip is named at its cell, and a clean submission is left in peace."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dudao.facts.sheet_layout import (
    CLAIMS,
    COUNTY,
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    KINDERGARTENS,
    LAST_ROUND,
    SCHOOLS,
    SELF_RATINGS,
)
from dudao.law import framework_for
from dudao_pipeline.intake import checks
from dudao_pipeline.intake.checks import register_checks
from dudao_pipeline.intake.findings import ERROR, NOTICE, WARNING
from dudao_pipeline.intake.sheet import column_letters
from dudao_pipeline.intake.sheet_headers import SHEETS
from tests.unit.clean_county import COUNTY_ROWS, FILE, ROW, County


def _set(code, stage, *texts):
    return lambda county: county.set(code, stage, *texts)


def _school(key, at, value):
    return lambda county: county.schools[key].__setitem__(at, value)


def _kindergarten(key, at, value):
    return lambda county: county.kindergartens[key].__setitem__(at, value)


def _note(text):
    return lambda county: county.notes.update({("education_expenditure", "all"): text})


def _add(register, **row):
    return lambda county: getattr(county, register).append(row)


def _twice(register, row):
    return lambda county: getattr(county, register).extend([row, row])


def _all_stages_known(county):
    for stage in ("preschool", "senior", "vocational", "special"):
        county.set("per_pupil_expenditure", stage, "", "不涉及")
    county.set("education_expenditure", "all", "1200", "1300")


def _no_pupils(county):
    county.set("enrolment", "senior", "", "0")
    county.set("full_time_teachers", "senior", "", "80")


def _school_no_pupils(county):
    county.school_items["backbone_teachers"] = 3
    county.schools["1004", "junior"][4] = 0


def _same_code(county):
    county.schools["1001#2", "primary"] = ["西关小学", "小学", "城区", 2001, 400, 10]


def _same_name(county):
    county.schools["1009", "primary"] = ["东关小学", "小学", "城区", 2001, 400, 10]


def _copied(county):
    county.kindergartens["2001"][4:] = [1300, 40, 125]
    county.kindergartens["2009"] = ["又一园", *county.kindergartens["2001"][1:]]


def _dashed_code(county):
    county.kindergartens["20-4"] = ["新园", "公办", "城区", 0, 0, 0, 0]


def _equipment(*values):
    """Give each school of the list, in its order, a value of teaching equipment in yuan."""

    def bend(county):
        county.of_schools["equipment_value"] = dict(zip(county.schools, values, strict=True))

    return bend


def _no_funds(county):
    county.funds["operating_fund"] = ("0", "0", "0")


EXPENDITURE, AT = ("education_expenditure", "all"), ROW["education_expenditure", "all"]
EQUIPMENT = column_letters(SHEETS[SCHOOLS].columns.index("教学仪器设备值（元）") + 1)
NEW = len(COUNTY_ROWS) + 2  # the row of the first item that a test adds
RATE = ("first_tier_admission_rate", "senior")
GRANTED = {"school": "990002", "item": "sports_area", "reason": "山区", "document": "〔2019〕8号"}
MENDED = {
    "number": 1,
    "point": "2.1.1",
    "problem": "支出偏慢",
    "state": "已整改",
    "done": "2024-05-01",
}
RATED = {"point": "2.1.1", "rating": "达标", "score": math.nan}
SAMPLE = "monitoring_sample_pupils"


def _sample_parts(county):
    county.set(SAMPLE, "compulsory", "", "", "668")
    county.set(SAMPLE, "primary", "", "", "406")
    county.set(SAMPLE, "junior", "", "", "200")


def _cell(key, column="F"):
    return f"{COUNTY}!{column}{ROW[key]}"


# fmt: off
CASES = [
    ("a negative amount", _set(*EXPENDITURE, "30000", "-32000"), "R01", ERROR, f"{COUNTY}!F{AT}"),
    ("half a class", _school(("1001", "primary"), 5, "30.5"), "R02", ERROR, f"{SCHOOLS}!H2"),
    ("a rate above the whole", _set(*RATE, "30", "103"), "R03", ERROR, _cell(RATE)),
    ("a rate below zero", _set(*RATE, "-3", "30"), "R03", ERROR, _cell(RATE, "E")),
    ("a class of 240", _school(("1001", "primary"), 5, 5), "R04", WARNING, f"{SCHOOLS}!H2"),
    ("three a class", _school(("1004", "junior"), 4, 40), "R04", WARNING, f"{SCHOOLS}!H6"),
    ("teachers of nobody", _no_pupils, "R05", WARNING, f"{COUNTY}!F{NEW}"),
    ("a school of nobody", _school_no_pupils, "R05", WARNING, f"{SCHOOLS}!G6"),
    ("not yet built", _school(("1001", "primary"), 3, 2025), "R06", ERROR, f"{SCHOOLS}!F2"),
    ("built in 189", _kindergarten("2002", 3, 189), "R07", WARNING, f"{KINDERGARTENS}!E3"),
    ("sleep in minutes", _set("sleep_hours", "primary", "10", "600"),
     "R08", ERROR, _cell(("sleep_hours", "primary"))),
    ("pupils, no class", _school(("1001", "primary"), 5, 0), "R09", WARNING, f"{SCHOOLS}!H2"),
    ("parts do not add up", _sample_parts, "I01", WARNING, f"{COUNTY}!G{NEW}"),
    ("more public than all children", _set("public_enrolment", "preschool", "310", "510"),
     "I02", ERROR, _cell(("public_enrolment", "preschool"))),
    ("inclusive above all", _set("inclusive_private_enrolment", "preschool", "150", "201"),
     "I02", ERROR, _cell(("public_enrolment", "preschool"))),
    ("pupils of schools", _set("enrolment", "primary", "1850", "1801"),
     "I03", WARNING, _cell(("enrolment", "primary"))),
    ("teachers of kindergartens", _kindergarten("2001", 6, 20),
     "I03", WARNING, _cell(("full_time_teachers", "preschool"))),
    ("children of public kindergartens", _set("public_enrolment", "preschool", "310", "290"),
     "I03", WARNING, _cell(("public_enrolment", "preschool"))),
    ("a public kindergarten missing", _set("public_kindergartens", "preschool", "1", "2"),
     "I04", WARNING, _cell(("public_kindergartens", "preschool"))),
    ("a school not listed", _set("schools", "compulsory", "4", "5"),
     "I04", WARNING, _cell(("schools", "compulsory"))),
    ("no funds of any tier", _no_funds, "I05", WARNING, f"{FUNDS}!C2"),
    ("fiscal above total", _set("fiscal_education_funding", "all", "35000", "41001"),
     "I06", WARNING, _cell(("fiscal_education_funding", "all"))),
    ("a small rural school", _school(("1002", "primary"), 4, 60), "I07", NOTICE, f"{SCHOOLS}!G3"),
    ("money leaps", _set(*EXPENDITURE, "20000", "32000"), "J01", WARNING, f"{COUNTY}!F{AT}"),
    ("pupils vanish", _set("enrolment", "senior", "1000", "600"),
     "J01", WARNING, f"{COUNTY}!F{NEW}"),
    ("spending too low", _all_stages_known, "J02", WARNING, f"{COUNTY}!F{AT}"),
    ("yuan for 万元", _set(*EXPENDITURE, "30000", "320000000"), "J03", ERROR, f"{COUNTY}!F{AT}"),
    ("万元 for yuan", _set(*EXPENDITURE, "30000", "3.2"), "J03", ERROR, f"{COUNTY}!F{AT}"),
    ("both years in yuan", _set(*EXPENDITURE, "300000000", "320000000"),
     "U01", ERROR, [f"{COUNTY}!E{AT}", f"{COUNTY}!F{AT}"]),
    ("pay in 万元", _set("teacher_average_pay", "all", "9.6", "9.8"),
     "U01", ERROR, [f"{COUNTY}!E{NEW}", f"{COUNTY}!F{NEW}"]),
    ("revenue in 亿元", _set("recurrent_fiscal_revenue", "all", "0.21", "0.22"),
     "U01", ERROR, [f"{COUNTY}!E{NEW}", f"{COUNTY}!F{NEW}"]),
    ("a column in 万元", _equipment(400, 30, 160, 90, 300),
     "U01", ERROR, f"{SCHOOLS}!{EQUIPMENT}2"),
    ("one school in 万元", _equipment(4e6, 30e4, 160e4, 90e4, 300),
     "U02", WARNING, f"{SCHOOLS}!{EQUIPMENT}6"),
    ("pay of a pauper", _set("teacher_average_pay", "all", "", "15000"),
     "U03", WARNING, f"{COUNTY}!F{NEW}"),
    ("a fraction for a share", _set(*RATE, "30", "0.351"), "U04", WARNING, _cell(RATE)),
    ("fractions in both years", _set(*RATE, "0.3", "0.351"),
     "U04", WARNING, [_cell(RATE, "E"), _cell(RATE)]),
    ("far below the nation", _set("per_pupil_expenditure", "senior", "", "4000"),
     "L01", WARNING, f"{COUNTY}!F{NEW}"),
    ("juniors below pupils", _set("per_pupil_expenditure", "junior", "8500", "8600"),
     "L02", WARNING, _cell(("per_pupil_expenditure", "junior"))),
    ("one code, two schools", _same_code, "K03", ERROR, f"{SCHOOLS}!A7"),
    ("one name, two codes", _same_name, "K04", WARNING, f"{SCHOOLS}!B7"),
    ("other name at the other stage", _school(("1003", "junior"), 0, "石桥中学"),
     "K10", WARNING, f"{SCHOOLS}!A5"),
    ("one row copied to another", _copied, "K13", WARNING, f"{KINDERGARTENS}!B5"),
    ("a code with a dash", _dashed_code, "K05", ERROR, f"{KINDERGARTENS}!A5"),
    ("unknown kind", _school(("1001", "primary"), 1, "中心校"), "K06", ERROR, f"{SCHOOLS}!C2"),
    ("unknown nature", _kindergarten("2001", 1, "集体"), "K06", ERROR, f"{KINDERGARTENS}!C2"),
    ("unknown place", _school(("1001", "primary"), 2, "郊区"), "K06", ERROR, f"{SCHOOLS}!E2"),
    ("kind and stage", _school(("1001", "primary"), 1, "初级中学"), "K07", ERROR, f"{SCHOOLS}!C2"),
    ("no kind", _school(("1001", "primary"), 1, ""), "K08", WARNING, f"{SCHOOLS}!C2"),
    ("identity number", _note("联系人410727199001011234"), "K09", ERROR, f"{COUNTY}!H{AT}"),
    ("full-width mobile", _note("电话１３８ ０００１ ２３４５"), "K09", ERROR, f"{COUNTY}!H{AT}"),
    ("no such point", _add("evidence", point="2.9", title="文件"), "E01", ERROR, f"{EVIDENCE}!A3"),
    ("no date", _add("evidence", point="2.1.1", title="通报", date="2024-02-30"),
     "E02", ERROR, f"{EVIDENCE}!E3"),
    ("a date to come", _add("evidence", point="2.1.1", title="通报", date="2026年1月1日"),
     "E03", WARNING, f"{EVIDENCE}!E3"),
    ("a path", _add("evidence", point="2.1.1", title="通报", attachment="..\\密\\a.pdf"),
     "E04", ERROR, f"{EVIDENCE}!F3"),
    ("a drive", _add("evidence", point="2.1.1", title="通报", attachment="D:a.pdf"),
     "E04", ERROR, f"{EVIDENCE}!F3"),
    ("no title", _add("evidence", point="2.1.1"), "E05", ERROR, f"{EVIDENCE}!B3"),
    ("the same title", _add("evidence", point="2.1.1", title="决算报表"),
     "E06", WARNING, f"{EVIDENCE}!B3"),
    ("exception of nobody", _add("exceptions", **{**GRANTED, "school": "1999"}),
     "X01", ERROR, f"{EXCEPTIONS}!A3"),
    ("exception from nothing", _add("exceptions", **{**GRANTED, "item": "sport_area"}),
     "X02", ERROR, f"{EXCEPTIONS}!C3"),
    ("no reason", _add("exceptions", **{**GRANTED, "reason": ""}),
     "X03", ERROR, f"{EXCEPTIONS}!E3"),
    ("no document", _add("exceptions", **{**GRANTED, "document": ""}),
     "X04", ERROR, f"{EXCEPTIONS}!F3"),
    ("number twice", _add("claims", number=1, name="投入"), "C01", WARNING, f"{CLAIMS}!A3"),
    ("a year long ago", _add("claims", number=2, data_year=2018), "C02", NOTICE, f"{CLAIMS}!E3"),
    ("a claim of no stage", _add("claims", number=2, item="education_expenditure", stage="primary"),
     "C03", ERROR, f"{CLAIMS}!D3"),
    ("a formula of no row", _add("claims", number=2, formula="#9+#1"),
     "C06", WARNING, f"{CLAIMS}!L3"),
    ("a figure that does not follow", _add("claims", number=2, value=5.0, formula="#2*2"),
     "C07", WARNING, f"{CLAIMS}!L3"),
    ("a problem of no point", _add("last_round", **{**MENDED, "point": "2.1"}),
     "P01", ERROR, f"{LAST_ROUND}!B2"),
    ("a rating of no point", _add("ratings", **{**RATED, "point": ""}),
     "P01", ERROR, f"{SELF_RATINGS}!A2"),
    ("no problem", _add("last_round", **{**MENDED, "problem": ""}),
     "P02", ERROR, f"{LAST_ROUND}!C2"),
    ("mended, no day", _add("last_round", **{**MENDED, "done": ""}),
     "P03", WARNING, f"{LAST_ROUND}!I2"),
    ("due some day", _add("last_round", **MENDED, deadline="年底前"),
     "P04", ERROR, f"{LAST_ROUND}!G2"),
    ("rated some day", _add("ratings", **RATED, date="2024-13-01"),
     "P04", ERROR, f"{SELF_RATINGS}!F2"),
    ("done before the register's years", _add("last_round", **{**MENDED, "done": "2021-12-31"}),
     "P05", WARNING, f"{LAST_ROUND}!I2"),
    ("due far off", _add("last_round", **MENDED, deadline="2042-06-30"),
     "P05", WARNING, f"{LAST_ROUND}!G2"),
    ("done and not done", _add("last_round", **{**MENDED, "state": "整改中"}),
     "P06", WARNING, f"{LAST_ROUND}!H2"),
    ("a paper of nowhere", _add("last_round", **MENDED, paper="决算报表、整改报告"),
     "P07", WARNING, f"{LAST_ROUND}!J2"),
    ("a problem's number twice", _twice("last_round", MENDED), "P08", WARNING, f"{LAST_ROUND}!A3"),
    ("a point rated twice", _twice("ratings", RATED), "P09", ERROR, f"{SELF_RATINGS}!A3"),
    ("marks where there are none", _add("ratings", **{**RATED, "score": 5.0}),
     "P10", NOTICE, f"{SELF_RATINGS}!C2"),
    ("met without a paper", _add("ratings", **{**RATED, "point": "3.1.1"}),
     "P12", NOTICE, f"{SELF_RATINGS}!B2"),
]
# fmt: on


def _found(county: County) -> list:
    return checks.run_on(checks.Book(county.tables()))


def test_a_clean_submission_has_neither_errors_nor_warnings():
    assert [str(f) for f in _found(County()) if f.severity != NOTICE] == []


@pytest.mark.parametrize(
    ("bend", "code", "severity", "place"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_every_slip_is_named_at_its_cell(bend, code, severity, place):
    county = County()
    bend(county)
    found = [f for f in _found(county) if f.code == code]
    places = [place] if isinstance(place, str) else place
    assert [(f.severity, f.place) for f in found] == [(severity, f"{FILE}/{at}") for at in places]
    assert all(text.endswith("。") for f in found for text in (f.what, f.why, f.next_step))


def test_every_code_has_a_case_and_every_bound_a_reason():
    # Below, and in tests/test_workbook.py and the tests of reading.
    elsewhere = {"P11", "Q01", "L03", "C04", "E08", "K11", "K12"}
    assert {case[2] for case in CASES} | elsewhere == set(checks.codes())
    mappings = {"kind_stages"}
    assert all("why" in rule for name, rule in checks.limits().items() if name not in mappings)


@pytest.mark.parametrize(("score", "codes"), [(10, []), (0, []), (10.5, ["P11"]), (-1, ["P11"])])
def test_marks_of_a_scheme_that_gives_them_stay_within_full_marks(monkeypatch, score, codes):
    scheme = framework_for(2024)
    marked = [replace(p, full_marks=10.0) if p.id == "2.1.1" else p for p in scheme.points]
    monkeypatch.setattr(
        register_checks, "scheme", lambda book: replace(scheme, points=tuple(marked))
    )
    county = County()
    county.ratings.append({**RATED, "score": float(score)})
    assert [f.code for f in _found(county) if f.code in ("P10", "P11")] == codes


def test_a_paper_whose_title_holds_a_comma_is_one_paper():
    county = County()
    county.evidence.append({"point": "2.1.1", "title": "通报、台账"})
    county.last_round.append({**MENDED, "paper": "通报、台账"})
    assert not [f for f in _found(county) if f.code == "P07"]


def test_missing_inputs_are_counted_once_a_point():
    found = {f.what[2:7]: f for f in _found(County()) if f.code == "Q01"}
    assert "缺" in found["2.1.1"].what and "2022年幼儿园生均" in found["2.1.1"].what
    assert len(found) == len([f for f in _found(County()) if f.code == "Q01"])
    assert all(f.severity == NOTICE for f in found.values())


def test_a_point_with_all_its_inputs_is_not_listed():
    county = County()
    county.set("population_3_5", "preschool", "", "600")
    assert "3.1.1" not in {f.what[2:7] for f in _found(county) if f.code == "Q01"}


def test_spending_progress_is_asked_for_the_evaluation_year():
    county, progress = County(), "一季度当年预算教育支出进度"
    assert [text for text in _missing(county) if progress in text] == [
        f"2024年{progress}未填，要点2.1.1需要。"
    ]
    county.set("budget_progress_q1", "all", "", "", "26.2")
    assert not any(progress in text for text in _missing(county))


def _missing(county) -> list[str]:
    return [part.what for f in _found(county) if f.code == "Q01" for part in f.parts]


@pytest.mark.parametrize("number", ["410727199001011234", "13800012345"])
def test_a_personal_number_is_not_repeated_by_any_finding(number):
    county = County()
    county.evidence += [{"point": "2.1.1", "title": f"证明{number}"}] * 2
    found = _found(county)
    assert {"K09", "E06"} <= {f.code for f in found}
    assert not any(number in str(f) for f in found)


@pytest.mark.parametrize(
    "text",
    ["http://a.cn/html/202601/202601121030067259.shtml", "教财〔2022〕3号", "资金13800012345.67元"],
)
def test_long_numbers_that_are_nobody_s_pass(text):
    county = County()
    county.notes[EXPENDITURE] = text
    county.evidence[0]["attachment"] = "http://a.cn/13800012345.html"
    assert not [f for f in _found(county) if f.code in ("K09", "E04")]


def test_a_qualified_or_missing_part_is_not_added_up():
    county = County()
    county.schools["1001", "primary"][4] = "1300余"
    county.kindergartens["2001"][4] = ""
    assert not [f for f in _found(county) if f.code == "I03"]


def test_moved_columns_give_the_row_s_own_cell_not_a_wrong_one():
    county = County()
    county.schools["1001", "primary"][1] = "中心校"
    tables = county.tables()
    tables.schools["cell"] = tables.schools["cell"].str.replace("A", "C")
    assert "C2" in {f.cell for f in checks.run_on(checks.Book(tables)) if f.code == "K06"}


def test_an_unknown_item_or_year_stops_no_other_check():
    county = County()
    county.set("no_such_item", "all", "1", "2")
    county.set(*EXPENDITURE, "30000", "-1")
    assert "R01" in {f.code for f in _found(county)}
