"""Single faults in the filled workbook of fictional county 990100: what is typed, what is found.

Each row: sheet, row (first column, with the stage where it is needed), column, what is typed, and
the findings that this one fault gives: code@sheet!cell, or code@sheet!item/stage for its figure of
the data year; a code alone stands for the typed cell, `...` for more of the last one.
"""

COUNTY, SCHOOLS, KINDERGARTENS, FUNDS = "县级指标", "学校", "幼儿园", "专项资金"
EVIDENCE, CLAIMS, EXCEPTIONS = "佐证材料", "报告所列数据", "例外"
LAST_ROUND, SELF_RATINGS = "上轮问题", "自评"
SCHOOL, SECOND, GARDEN = "9901000001", "9901000002", "9901005001"
PUPILS = "在校生（在园幼儿）（人）"
OPERATING = "义务教育公用经费补助资金"
FUNDED = "small_school_funded_enrolment/义务教育"

HABITS = [
    (COUNTY, "teachers_rewarded/全县", "数据年", "１２０", []),
    (COUNTY, "teachers_rewarded/全县", "数据年", " 120 ", []),
    (COUNTY, "teachers_rewarded/全县", "数据年", "120人", []),
    (COUNTY, "education_investment/全县", "数据年", "2,442.77", []),
    (COUNTY, "education_investment/全县", "数据年", "2442.77万元", []),
    (COUNTY, "first_tier_admission_rate/普通高中", "数据年", "35.4%", []),
    (COUNTY, "education_investment/全县", "数据年", "近2400余", []),
    (COUNTY, "education_investment/全县", "数据年", "—", ["H02"]),
    (COUNTY, "education_investment/全县", "数据年", "无", ["H02"]),
    (COUNTY, "education_investment/全县", "数据年", "暂无", ["H02"]),
    (COUNTY, "education_investment/全县", "数据年", "不涉及", []),
    (COUNTY, "education_investment/全县", "数据年", "0.24亿元", ["H02"]),
    (COUNTY, "education_investment/全县", "数据年", "0.24亿", ["H02"]),
    (COUNTY, "education_investment/全县", "数据年", "2 442.77", ["H02"]),
    (COUNTY, "education_investment/全县", "数据年", "2442.77\u200b", ["H04"]),
    (COUNTY, "education_investment/全县", "单位", "万 元", []),
    (SCHOOLS, SCHOOL, "学段", "\u2f29学", ["H04"]),
    (SCHOOLS, SCHOOL, "规划建成年份", "1983年", []),
    (SCHOOLS, SCHOOL, "规划建成年份", "1983.9", ["H02"]),
    (SCHOOLS, SCHOOL, "城乡", "城市", ["H03"]),
    (SCHOOLS, SCHOOL, "办学类型", "完小", ["H03"]),
    (FUNDS, OPERATING, "资金年度", "2023年度", []),
    (LAST_ROUND, "1", "序号", "（1）", []),
    (LAST_ROUND, "1", "序号", "①", []),
    (COUNTY, "teachers_rewarded/全县", "数据年", "0.01万", ["H02"]),
]
TYPES = [
    (COUNTY, "education_investment/全县", "数据年", "2442.77①", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "9" * 40, ["T01"]),
    (SCHOOLS, SCHOOL, PUPILS, "1135²", ["T01"]),
    (SCHOOLS, SCHOOL, PUPILS, "㉓", ["T01"]),
    (SCHOOLS, SCHOOL, PUPILS, "1135 1254", ["T01"]),
    (SCHOOLS, SCHOOL, PUPILS, "1135\n1254", ["T01"]),
    (SCHOOLS, SCHOOL, "规划建成年份", "2010②", ["T05"]),
    (FUNDS, OPERATING, "资金年度", "202³", ["T03"]),
    (CLAIMS, "1", "年份", "202³", ["T05"]),
    (CLAIMS, "1", "原文数字", "9.39亿", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "两千余", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "1.2万", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "2442.77元", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "24%", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "24,42", ["T01"]),
    (COUNTY, "education_investment/全县", "数据年", "=2400+42", ["T08"]),
    (COUNTY, "education_investment/全县", "数据年", "#DIV/0!", ["T09"]),
    (COUNTY, "education_investment/全县", "学段", "全市", ["T02"]),
    (COUNTY, "education_investment/全县", "单位", "亿元", ["T07"]),
    (COUNTY, "education_investment/全县", "指标代码", "education_investments", ["K02"]),
    (COUNTY, "education_investment/全县", "学段", "小学", ["K02"]),
    (FUNDS, OPERATING, "资金年度", "去年", ["T03"]),
    (FUNDS, OPERATING, "项目", "公用经费", ["T04"]),
    (FUNDS, OPERATING, "县级（万元）", "足额", ["T01"]),
    (SCHOOLS, SCHOOL, "学校代码", "", ["T06"]),
    (SCHOOLS, SCHOOL, "学段", "高小", ["T02"]),
    (SCHOOLS, SCHOOL, "规划建成年份", "八十年代", ["T05"]),
    (SCHOOLS, SCHOOL, PUPILS, "一千", ["T01"]),
    (KINDERGARTENS, GARDEN, "园所代码", "", ["T06"]),
    (CLAIMS, "1", "原文数字", "八亿", ["T01"]),
    (CLAIMS, "1", "年份", "上年", ["T05"]),
    (CLAIMS, "1", "学段", "全市", ["T02"]),
    (CLAIMS, "1", "序号", "甲", ["T05"]),
]
RANGES = [
    (COUNTY, "teachers_rewarded/全县", "数据年", "-1", ["R01"]),
    (COUNTY, "teachers_rewarded/全县", "数据年", "120.5", ["R02"]),
    (COUNTY, "first_tier_admission_rate/普通高中", "数据年", "135.4", ["R03"]),
    (COUNTY, "sleep_hours/小学", "数据年", "25", ["R08"]),
    (COUNTY, "homework_minutes_junior/初中", "数据年", "900", ["R08"]),
    (SCHOOLS, SCHOOL, "规划建成年份", "2031", ["R06"]),
    (SCHOOLS, SCHOOL, "规划建成年份", "1801", ["R07"]),
    (SCHOOLS, SCHOOL, "班级（个）", "5", ["R04", "I03@县级指标!classes/小学"]),
    (SCHOOLS, SCHOOL, "班级（个）", "0", ["R09", "I03@县级指标!classes/小学"]),
]
TOTALS = [
    (COUNTY, "teachers_recruited/全县", "数据年", "130", ["I01"]),
    (COUNTY, "monitoring_sample_schools/义务教育", "进展年", "99", ["I01"]),
    (COUNTY, "public_enrolment/幼儿园", "数据年", "9999", ["I02", "I03", "J01"]),
    (COUNTY, "classes_within_limit/幼儿园", "数据年", "9999", ["I02"]),
    (COUNTY, "schools_with_space/全县", "数据年", "9999", ["I02"]),
    (SCHOOLS, SCHOOL, PUPILS, "1136", ["I03@县级指标!enrolment/小学"]),
    (
        KINDERGARTENS,
        GARDEN,
        PUPILS,
        "363",
        ["I03@县级指标!enrolment/幼儿园", "I03@县级指标!public_enrolment/幼儿园"],
    ),
    (COUNTY, "schools/小学", "数据年", "3", ["I04", "J01"]),
    (
        COUNTY,
        "total_education_funding/全县",
        "数据年",
        "80000",
        ["I06@县级指标!fiscal_education_funding/全县"],
    ),
    (
        COUNTY,
        "small_school_funded_enrolment/义务教育",
        "数据年",
        "80",
        ["I07@学校!G22", "I07@学校!G23", "I07@学校!G26", "..."],
    ),
]
TRENDS = [
    (COUNTY, "education_investment/全县", "数据年", "9000", ["J01"]),
    (COUNTY, "education_investment/全县", "数据年", "24427700", ["J03"]),
    (
        COUNTY,
        "per_pupil_expenditure/特殊教育",
        "数据年",
        "900",
        ["I06@县级指标!per_pupil_operating_expenditure/特殊教育", "J01"],
    ),
]
IDENTITIES = [
    (SCHOOLS, SECOND, "学校代码", "9901000001", ["K01"]),
    (SCHOOLS, SECOND, "学校名称", "虚构第一小学", ["K04"]),
    (SCHOOLS, SCHOOL, "学校代码", "一小", ["K05"]),
    (SCHOOLS, SCHOOL, "办学类型", "中小学", ["K06"]),
    (SCHOOLS, SCHOOL, "学校名称", "\ue863村小学", ["K11@学校!B5"]),
    (SCHOOLS, SCHOOL, "城乡", "郊区", ["K06"]),
    (SCHOOLS, SCHOOL, "办学类型", "初级中学", ["K07"]),
    (SCHOOLS, SCHOOL, "城乡", "", ["K08"]),
    (KINDERGARTENS, GARDEN, "办园性质", "民办", ["K06"]),
    (COUNTY, "education_investment/全县", "备注", "联系13800001111", ["K09"]),
    (SCHOOLS, SCHOOL, "备注", "110101199003071234", ["K09"]),
]
REGISTERS = [
    (EVIDENCE, "1.1.1", "评价要点", "1.1.9", ["E01"]),
    (EVIDENCE, "1.1.1", "材料名称", "", ["E05"]),
    (EVIDENCE, "1.1.1", "日期", "去年三月", ["E02"]),
    (EVIDENCE, "1.1.1", "日期", "1988-01-01", ["E03"]),
    (EVIDENCE, "1.1.1", "文件", "../凭证.pdf", ["E04"]),
    (EVIDENCE, "1.1.1", "文件", "决算表.pdf；批复.pdf", ["E04"]),
    (EVIDENCE, "1.1.1", "文件", "意见" * 50 + ".pdf", ["E04"]),
    (EVIDENCE, "1.1.1", "日期", "2024年3月", ["E08"]),
    (EVIDENCE, "1.1.1", "文件", "没有这个文件.pdf", ["E07"]),
    (EVIDENCE, "1.1.1", "材料名称", "表彰奖励文件", ["E06@佐证材料!B6"]),
    (EXCEPTIONS, "9901000030", "对象代码", "9999", ["X01"]),
    (EXCEPTIONS, "9901000030", "指标代码", "no_such_item", ["X02"]),
    (EXCEPTIONS, "9901000030", "理由", "", ["X03"]),
    (EXCEPTIONS, "9901000030", "依据文件", "", ["X04"]),
    (CLAIMS, "2", "序号", "1", ["C01"]),
    (CLAIMS, "1", "年份", "2015", ["C02"]),
    (CLAIMS, "1", "学段", "小学", ["C03"]),
    (CLAIMS, "1", "单位", "万册", ["C04"]),
    (CLAIMS, "1", "单位", "千元", []),
    (CLAIMS, "1", "指标代码", "no_such_item", ["K02"]),
]
ROUNDS = [
    (LAST_ROUND, "1", "评价要点", "3.2.9", ["P01"]),
    (LAST_ROUND, "1", "问题", "", ["P02"]),
    (LAST_ROUND, "1", "完成日期", "", ["P03"]),
    (LAST_ROUND, "1", "整改时限", "上半年", ["P04"]),
    (LAST_ROUND, "1", "完成日期", "2021-07-12", ["P05"]),
    (LAST_ROUND, "1", "整改状态", "整改中", ["P06"]),
    (LAST_ROUND, "1", "整改状态", "已完成", ["T04"]),
    (LAST_ROUND, "1", "佐证材料", "整改情况说明", ["P07"]),
    (LAST_ROUND, "2", "序号", "1", ["P08"]),
    (SELF_RATINGS, "1.1.1", "评价要点", "1.1.9", ["P01"]),
    (SELF_RATINGS, "1.1.1", "评价要点", "2.1.1", ["P09@自评!A5"]),
    (SELF_RATINGS, "1.1.1", "自评得分", "5", ["P10"]),
    (SELF_RATINGS, "1.1.1", "自评得分", "五分", ["T01"]),
    (SELF_RATINGS, "1.1.1", "自评结论", "基本达标", ["T04"]),
    (SELF_RATINGS, "1.1.1", "日期", "去年六月", ["P04"]),
]
FAULTS = [*HABITS, *TYPES, *RANGES, *TOTALS, *TRENDS, *IDENTITIES, *REGISTERS, *ROUNDS]
