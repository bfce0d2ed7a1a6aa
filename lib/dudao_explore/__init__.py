"""分析用的函数：先写 `from dudao_explore import *`，再按 Tab 补全、Shift+Tab 看说明。

县() 有哪些县；打开() 一个县一个年度；数据() 报了什么；学校表() 各校各项；判定() 各项检查；
比较县()、比较年()；来源() 一个数从哪来；依据() 一条标准的出处；假如() 改几个数看哪些检查会变；
最省() 最少增加多少才能全部达标。每个函数都有英文别名。
"""

from dudao_explore.cheapest_plans import Prices, least_plan
from dudao_explore.questions import (
    citations,
    compare_counties,
    compare_years,
    counties,
    data,
    judgements,
    open_county,
    school_table,
    sources,
)
from dudao_explore.what_if import WhatIf, what_if

县, 打开, 数据, 学校表, 判定 = counties, open_county, data, school_table, judgements
比较县, 比较年, 来源, 依据 = compare_counties, compare_years, sources, citations
假如, 最省, 单价 = what_if, least_plan, Prices

__all__ = [
    "Prices",
    "WhatIf",
    "citations",
    "compare_counties",
    "compare_years",
    "counties",
    "data",
    "judgements",
    "least_plan",
    "open_county",
    "school_table",
    "sources",
    "what_if",
    "依据",
    "假如",
    "判定",
    "单价",
    "县",
    "学校表",
    "打开",
    "数据",
    "最省",
    "来源",
    "比较县",
    "比较年",
]
