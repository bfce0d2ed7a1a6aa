"""What holds at the other places of a table must hold here; the traps of real tables hold too."""

from __future__ import annotations

import pytest

from dudao_pipeline.report_check.checking import Check, check_report
from dudao_pipeline.report_check.lined_tables import tables_in_lines
from dudao_pipeline.report_check.text import Report


def check(text: str) -> Check:
    body, tables = tables_in_lines(text)
    return check_report(Report("虚构.txt", body, tables))


SCHOOLS = """虚构市教育基本情况 单位：所、人
项目 2018 2019
学校数
普通中等学校 137 133
  中专学校 20 18
   技术学校 9 8
   师范学校 11 10
  普通中学 98 97
   高中 21 22
   初中 77 75
  职业中学 19 18
专任教师
普通中等学校 9683 9743
  中专学校 1237 1246
   技术学校 893 897
   师范学校 344 349
  普通中学 7218 7310
   高中 2417 2508
   初中 4801 4802
  职业中学 1228 1187
"""
STAGES = """普通中小学情况 单位：万人
指标 | 2011年 | 2016年 | 2017年 |
在校学生数 | 212.46 | 187.35 | 181.92 |
# 高中 | 71.25 | 66.38 | 63.17 |
专任教师 | 15.83 | 16.94 | 17.28 |
高中 | 4.31 | 5.12 | 5.26 |
初中 | 11.52 | 11.82 | 12.02 |
"""
INTAKES = """毕业生与招生 单位：人
指标 | 2020年 | 2019年 |
毕业生 | 30541 | 31206 |
普通中学 | 8462 | 8717 |
初中 | 5318 | 5486 |
高中 | 3144 | 3231 |
小学 | 5622 | 5534 |
招生 | | |
普通中学 | 8553 | 8586 |
初中 | 5613 | 5521 |
高中 | 2940 | 3065 |
"""
BY_YEAR = """各级学校专任教师 单位：人
年份 | 普通中学 | 高中 | 初中 | 小学 |
2015 | 4127 | 1319 | 2808 | 6410 |
2016 | 4171 | 1362 | 2809 | 6388 |
2017 | 4246 | 1418 | 2828 | 6351 |
2018 | 4311 | 1467 | 2844 | 6349 |
2019 | 4398 | 1523 | 2875 | 6402 |
"""
CHANGES = """教育经费 单位：万元
乡镇 | 2023年 | 2022年 | 增减额 | 增减（%） |
东河镇 | 4318.62 | 4127.35 | 191.27 | 4.63 |
西山镇 | 3972.18 | 3861.40 | 110.78 | 2.87 |
南坪乡 | 2845.07 | 2911.93 | -66.86 | -2.30 |
北川乡 | 3126.44 | 2987.16 | 139.28 | 4.66 |
"""
RATIOS = """班额与师生比
学校 | 学生数（人） | 专任教师（人） | 生师比 | 女教师（人） | 女教师占比（%） |
一小 | 1284 | 73 | 17.59 | 51 | 69.86 |
二小 | 1436 | 79 | 18.18 | 57 | 72.15 |
三小 | 968 | 61 | 15.87 | 39 | 63.93 |
四小 | 1107 | 66 | 16.77 | 46 | 69.70 |
"""
TWO_SUMS = """资助情况 单位：万元
学段 | 春季 | 秋季 | 全年 |
小学 | 213.47 | 228.16 | 441.63 |
初中 | 187.25 | 193.38 | 380.63 |
高中 | 342.19 | 351.74 | 693.93 |
中职 | 118.64 | 127.95 | 246.59 |
"""
KINDERGARTENS = """学前教育 单位：人
指标 | 2019年 | 2020年 | 2021年 | 2022年 |
公办园 | 13127 | 13846 | 14502 | 14981 |
民办园 | 9216 | 8867 | 8124 | 7452 |
合计 | 22343 | 22713 | 22626 | 22433 |
"""
PLACES = """义务教育阶段在校生 单位：人
指标 城市 县镇 农村
小学 24318 41276 30953
  公办 22765 39127 30412
  民办 1553 2149 541
初中 13827 26514 8172
  公办 12614 24983 8026
  民办 1213 1531 146
"""

CLASSES = """各校基本情况
学校 | 班数 | 学生数 | 教师数 | 校舍面积 | 班均人数 | 生师比 | 生均面积 |
一小 | 24 | 1067 | 61 | 6871 | 44.5 | 17.5 | 6.4 |
二小 | 18 | 743 | 44 | 5216 | 41.3 | 16.9 | 7.0 |
三小 | 12 | 528 | 34 | 4138 | 44.0 | 15.5 | 7.8 |
四小 | 31 | 1412 | 79 | 8925 | 45.5 | 17.9 | 6.3 |
"""
BY_STAGE = """生均经费 单位：元
县区 | 2023年小学 | 初中 | 高中 | 2022年小学 | 初中 | 高中 | 增幅小学（%） | 初中（%） | 高中（%） |
东县 | 11286 | 15834 | 14327 | 10871 | 15102 | 13965 | 3.82 | 4.85 | 2.59 |
西县 | 12418 | 16207 | 15211 | 12093 | 15877 | 14648 | 2.69 | 2.08 | 3.84 |
南县 | 10953 | 14762 | 13884 | 10412 | 14358 | 13317 | 5.20 | 2.81 | 4.26 |
"""

WRONG = [
    # a sum in another column, by the digits and by the blocks of the same names
    (SCHOOLS, "897", "879"),
    (SCHOOLS, "1246", "1276"),
    (SCHOOLS, "4801", "4807"),
    (SCHOOLS, "7310", "7013"),
    (STAGES, "15.83", "15.63"),
    (STAGES, "5.12", "5.21"),
    (STAGES, "12.02", "1.202"),
    # any slip, where years enough hold
    (BY_YEAR, "2828", "2911"),
    (BY_YEAR, "4398", "4938"),
    (BY_YEAR, "1362", "1632"),
    # a column of differences, of growth, of quotients, of shares
    (CHANGES, "139.28", "193.28"),
    (CHANGES, "2.87", "2.78"),
    (CHANGES, "-2.30", "-3.20"),
    (CHANGES, "2987.16", "2897.16"),
    (RATIOS, "15.87", "18.57"),
    (RATIOS, "72.15", "75.12"),
    (RATIOS, "1107", "1170"),
    (CLASSES, "41.3", "43.1"),
    (CLASSES, "15.5", "18.5"),
    (CLASSES, "6.3", "3.6"),
    (BY_STAGE, "2.08", "2.80"),
    # the total last
    (TWO_SUMS, "380.63", "386.03"),
    (TWO_SUMS, "342.19", "324.19"),
    (KINDERGARTENS, "8124", "8214"),
    (KINDERGARTENS, "22713", "22731"),
    (PLACES, "2149", "2194"),
    (PLACES, "13827", "18327"),
]


@pytest.mark.parametrize(("table", "right", "wrong"), WRONG)
def test_what_holds_elsewhere_is_accused_where_it_fails(table, right, wrong):
    assert table.count(right) == 1
    result = check(table.replace(right, wrong))
    accused = [{result.figures[i].printed for i in one.figures} for one in result.findings]
    assert accused and all(wrong in some for some in accused)


# The staff of 初中 and 普通高中 stand in one cell of the printed table.
JOINED = """类别 | 学校数 | 在校学生数 | 教职工数 | 专任教师数 | 生师比 |
小学 | 33 | 37100 | 1697 | 1895 | 19.58 |
初中 | 14 | 17136 | 2489 | 1177 | 14.56 |
普通高中 | 5 | 8975 | 699 | 12.84 |
中职 | 1 | 3548 | 205 | 186 | 19.08 |
总计 | 53 | 66759 | 4391 | 3957 | 16.87 |
"""


@pytest.mark.parametrize(
    "table",
    [
        SCHOOLS,
        STAGES,
        INTAKES,
        BY_YEAR,
        CHANGES,
        RATIOS,
        TWO_SUMS,
        KINDERGARTENS,
        PLACES,
        CLASSES,
        BY_STAGE,
        JOINED,
    ],
)
def test_a_table_without_a_slip_is_not_accused(table):
    result = check(table)
    assert not result.findings
    assert [one for one in result.of_status("follows", "within_rounding") if len(one.figures) > 2]


@pytest.mark.parametrize(
    ("table", "changes", "slip"),
    [
        (
            INTAKES,
            {"初中 | 5613 | 5521": "初中 | 5613 | 3065", "2940 | 3065": "2940 | 5521"},
            "两行",
        ),
        (BY_YEAR, {"1418 | 2828": "2828 | 1418"}, "两列"),
    ],
)
def test_numbers_that_stand_in_each_others_line_are_named(table, changes, slip):
    for right, wrong in changes.items():
        assert table.count(right) == 1
        table = table.replace(right, wrong)
    assert {one.slip for one in check(table).findings} == {f"{slip}的数互换"}


TRAPS = {
    "persons are helped twice, in a row of totals": """资助情况
项目 | 春季金额（万元） | 秋季金额（万元） | 人数 |
国家助学金 | 59.15 | 57.93 | 1758 |
免学费 | 33.64 | 30.23 | 1423 |
生活补助 | 12.31 | 13.08 | 407 |
合计 | 105.10 | 101.24 | 2013 |
""",
    "shares of another whole": """教师年龄结构
年龄 | 人数 | 占比（%） |
35岁以下 | 412 | 33.9 |
36至45岁 | 387 | 31.8 |
46岁以上 | 338 | 27.8 |
""",
    "parts of parts beside a column of totals": """在校生情况 单位：人
类别 | 城区 | 乡村 | 合计 |
合计 | 9120 | 5190 | 14310 |
普通中学 | 4010 | 1310 | 5320 |
高中 | 1520 | 0 | 1520 |
初中 | 2490 | 1310 | 3800 |
小学 | 5110 | 3880 | 8990 |
公办 | 4870 | 3820 | 8690 |
民办 | 240 | 60 | 300 |
""",
    "其中 does not exhaust": """指标 | 2019年 | 2020年 | 2021年 |
专任教师 | 4127 | 4236 | 4318 |
其中：女 | 2816 | 2907 | 2983 |
少数民族 | 1102 | 1135 | 1176 |
""",
    "counts that are not printed": """学校数 单位：所
学校 | 2018年 | 2019年 | 2020年 | 2021年 |
普通中学 | 37 | 36 | 37 | 38 |
高中 | 9 | 9 | 9 | 9 |
初中 | 28 | 27 | 27 | 27 |
完全中学 |  |  | 1 | 2 |
""",
    "persons are helped twice": """项目 | 资助人数 | 春季金额（万元） | 秋季金额（万元） |
国家资助 | 1758 | 92.79 | 88.16 |
助学金 | 1758 | 59.15 | 57.93 |
免学费 | 1423 | 33.64 | 30.23 |
""",
    "averages": """乡镇 | 学生数 | 校舍面积 | 生均面积 |
东河镇 | 3898 | 97450 | 25.00 |
西山镇 | 2516 | 55352 | 22.00 |
合计 | 6414 | 152802 | 23.82 |
""",
    "another scope in one block": """指标 | 2021年 | 2022年 |
在校学生
普通中学 | 21563 | 21874 |
高中 | 7318 | 7425 |
初中 | 14245 | 14449 |
校舍面积
普通中学 | 318425 | 321867 |
高中 | 102366 | 104518 |
初中 | 187215 | 187933 |
""",
    "rounded by themselves": """指标 | 2018年 | 2019年 | 2020年 | 2021年 |
在校生（万人） | 12.47 | 12.63 | 12.72 | 12.80 |
小学 | 8.12 | 8.21 | 8.25 | 8.31 |
初中 | 4.36 | 4.41 | 4.47 | 4.50 |
""",
    "a fall without its sign": """乡镇 | 2023年 | 2022年 | 增减 | 增减幅度（%） |
东河镇 | 4318 | 4127 | 191 | 4.63 |
西山镇 | 3972 | 3861 | 111 | 2.87 |
南坪乡 | 2845 | 2911 | 66 | 2.27 |
北川乡 | 3126 | 2987 | 139 | 4.65 |
""",
    "points part thousands": """区名 初中 小学 合计 占比
南区 163 245 408 1.42%
北区 869 3.475 4.344 10.21%
东区 125 470 595 2.71%
西区 1.802 3.691 5.493 15.90%
""",
    "parties of a place change sides over the years": """在校生 单位：人
指标 | 2005年 | 2010年 | 2015年 | 2020年 |
合计 | 48217 | 48493 | 48305 | 48611 |
城镇 | 17326 | 24118 | 30856 | 35214 |
农村 | 30891 | 24375 | 17449 | 13397 |
""",
    "a share of numbers that are hardly any": """体育活动与近视
县 | 综合活动时间（小时/日） | 锻炼时间（小时/日） | 近视率（%） |
甲县 | 1 | 1 | 33.44 |
乙县 | 1 | 1 | 27.74 |
丙县 | 1 | 1 | 33.41 |
丁县 | 1 | 1 | 33.42 |
""",
    "sentences in cells": """序号 | 事项 | 数据 |
1 | 不足100人的小学按100人核定公用经费低于标准 | 现值90人，标准不低于100人 |
2 | 县城小学在校生1200人，镇区800人 | 两者合计3000人的计划另行下达 |
""",
    "a negative number in brackets": """学校往来款 单位：万元
单位 | 往来款 | 机构（个） | 职工（人） |
甲校 | 6725 | 11 | 301 |
乙校 | 1703 | 12 | 412 |
丙校 | 1084 | 13 | 523 |
抵销 | (1632) | | |
合计 | 7880 | 36 | 1236 |
""",
    "numbered rows of which 其中 divides one": """职工薪酬 单位：元
项目 | 期初 | 增加 | 减少 | 期末 |
1、工资 | 14320934.31 | 57249135.33 | 55549113.63 | 16020956.01 |
2、福利费 | | 2837673.74 | 2837673.74 | |
3、社会保险费 | | 2267443.25 | 2267443.25 | |
其中：医疗保险费 | | 1667767.22 | 1667767.22 | |
工伤保险费 | | 416842.14 | 416842.14 | |
生育保险费 | | 182833.89 | 182833.89 | |
4、住房公积金 | 13120.00 | 1306481.00 | 1319601.00 | |
5、工会经费 | 222967.15 | 935557.42 | 1137081.69 | 21442.88 |
合计 | 14557021.46 | 64596290.74 | 63110913.31 | 16042398.89 |
""",
    "a row that is of no subtotal": """助学贷款余额 单位：万元
项目 | 前年 | 上年 | 本年 |
中职贷款 | 9695 | 9716 | 11477 |
技校贷款 | 2384 | 2411 | 4025 |
小计 | 12079 | 12127 | 15502 |
垫付 | | | 10 |
本科贷款 | 5053 | 5164 | 6489 |
专科贷款 | 19756 | 19813 | 20843 |
小计 | 24809 | 24977 | 27332 |
合计 | 36888 | 37104 | 42844 |
""",
    "the last digit of a share that makes all 100": """校舍资产 单位：万元
项目 | 金额 | 占比（%） |
教学楼 | 269597 | 2.64 |
实验楼 | 147394 | 1.44 |
图书馆 | 9666308 | 94.62 |
其他 | 133407 | 1.30 |
合计 | 10216706 | 100.00 |
""",
    "rates of change whose heading is lost": """成本构成 单位：元
项目 | 上年 | 本年 | 变动 |
材料 | 164108 | 265207 | 61.60 |
包装 | 12092 | 20393 | 68.65 |
人工 | 59023 | 36735 | -37.76 |
小计 | 235223 | 322335 | 37.03 |
""",
    "a row with an empty cell": """  学校数 招生数 在校生 教职工 教师
  普通中学 54 20102 61151 4217 3752
      初中 44 14071 41382   2555
      高中 10 6031 19769   1197
  小学 71 12127 74649 3861 3553
""",
}


@pytest.mark.parametrize("name", TRAPS)
def test_what_real_tables_are_is_not_accused(name):
    assert not check(TRAPS[name]).findings


def test_a_unit_is_not_read_from_the_line_below_a_table():
    result = check("类别 合计 一年级 二年级\n听障 930 410 520\n视障 75 35 40\n班级12个，招生90人。")
    assert [one.unit for one in result.figures[-3:]] == ["", "个", "人"]


def test_a_line_with_a_mark_divides_the_one_before_it():
    table = """在校学生 2021 2022
合计 2183461 2238114
高校 912040 935466
中职 310527 301218
普通中学 624012 658305
# 高中 201133 210714
小学 336882 343125
"""
    assert not check(table).findings
    wrong = check(table.replace("935466", "535466"))
    assert "535466" in {wrong.figures[i].printed for one in wrong.findings for i in one.figures}


def test_columns_that_name_a_rate_and_its_two_numbers_need_few_rows():
    table = """年份|学龄儿童数（万人）|已入学学龄儿童数|入学率（%）
2001|301.4|298.6|99.1
2002|297.2|294.2|99.0
2003|291.8|286.9|98.3
2004|286.5|282.7|98.7
"""
    assert not check(table).findings
    wrong = check(table.replace("98.3", "99.2"))
    named = [{wrong.figures[i].printed for i in one.figures} for one in wrong.findings]
    assert named == [{"291.8", "286.9", "99.2"}]


def test_rows_below_one_that_names_a_unit_have_it_too():
    result = check(
        "办学条件\n项目 | 2022年 | 2023年 |\n图书（万册） | 42.61 | 46.28 |\n"
        " 中学 | 18.42 | 20.15 |\n 小学 | 24.19 | 26.13 |\n"
    )
    assert {one.unit for one in result.figures} == {"万册"}


def test_a_cell_with_a_bound_is_a_figure_with_a_qualifier():
    result = check(
        "目标\n指标 | 现状 | 目标 |\n入园率（%） | 91.4 | 95以上 |\n覆盖率（%） | 83.2 | 88以上 |\n"
    )
    bounds = [(one.value, one.unit, one.qualifier) for one in result.figures if one.qualifier]
    assert bounds == [(95.0, "%", "以上"), (88.0, "%", "以上")]


def test_a_column_of_money_takes_the_money_of_a_list_of_units():
    result = check(
        "资助情况（单位：人、万元）\n项目 | 人数 | 金额 |\n"
        "助学金 | 306 | 26.93 |\n免学费 | 154 | 12.32 |\n"
    )
    assert [one.unit for one in result.figures if one.decimals] == ["万元", "万元"]


RATES = """录取情况（单位：万人）
省份 | 报名 | 录取 | 录取率 |
甲 | 84.26 | 35.41 | 42.02% |
乙 | 71.38 | 40.17 | 56.28% |
丙 | 52.94 | 28.63 | 54.08% |
丁 | 31.72 | 17.05 | {rate} |
"""
MONEY = """伙食支出
项目 | 金额（元） |
粮食 | 2146 |
荤食 | 8357.42 |
蔬菜 | 5216.37 |
合计 | {total} |
"""
LEVELS = """毕业生数 单位：人
指标 | 2023年 | 2022年 |
普通中学 | 71846 | 73218 |
初中 | 45127 | 46083 |
高中 | {senior} | 27135 |
"""
GAPS = """资源配置
指标 | 标准 | 均值 | 差距 |
用房 | 4.5 | 4.86 | +0.36 |
场馆 | 7.5 | 7.12 | {gap} |
教师 | 0.9 | 0.82 | -0.08 |
骨干 | 1 | 1.17 | +0.17 |
图书 | 25 | 31.4 | +6.4 |
"""


@pytest.mark.parametrize(
    ("table", "right", "wrong", "slip"),
    [
        (RATES, {"rate": "53.75%"}, {"rate": "54.08%"}, ""),
        (LEVELS, {"senior": "26719"}, {"senior": "45127"}, "与相邻一格相同，疑为照抄"),
        (GAPS, {"gap": "-0.38"}, {"gap": "+0.38"}, "增减方向写反"),
    ],
)
def test_a_slip_in_a_small_table_is_named(table, right, wrong, slip):
    assert check(table.format(**right)).findings == ()
    result = check(table.format(**wrong))
    (finding,) = result.findings
    assert finding.slip == slip
    assert next(iter(wrong.values())).rstrip("%") in result.figures[finding.figures[0]].printed


STACKED = "虚构县支出预算\n项目\n上年数\n本年数\n增减数\n增减%\n" + "".join(
    "\n".join(row) + "\n"
    for row in (
        ("虚构科目甲", "19936", "22578", "2642", "13.3"),
        ("虚构科目乙", "35554", "36116", "562", "1.6"),
        ("虚构科目丙", "54001", "54763", "762", "1.4"),
        ("虚构科目丁", "20446", "23367", "2921", "14.3"),
        ("虚构科目戊", "12804", "14537", "1733", "13.5"),
        ("虚构科目己", "12032", "13635", "13.3", "14052"),
        ("虚构科目庚", "40982", "40982", "-9.5", "6.0"),
        ("虚构科目辛", "57108", "59195", "{}", "3.7"),
    )
)


def test_cells_of_a_page_that_stand_in_other_columns_are_not_accused():
    assert not check(STACKED.format("2087")).findings
    assert [one.figures[0] for one in check(STACKED.format("2078")).findings]
