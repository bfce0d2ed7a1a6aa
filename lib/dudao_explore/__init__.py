"""分析用的函数：先写 `from dudao_explore import *`，再按 Tab 补全、Shift+Tab 看说明。

县() 有哪些县；打开() 一个县一个年度；数据() 报了什么；缺数据() 缺什么；判定() 各项检查；
要点() 各要点的结果和原因；先改() 先改什么；
学校表()、班额表()、离差表()、分组表()、共用表() 一校一校地看；
比较县()、比较年()、比较数据()、位次()；各县() 一项指标在各县；
来源() 一个数从哪来；依据() 一条标准的出处；
假如() 改几个数看哪些检查会变；
最省() 最少增加多少才能全部达标。每个函数都有英文别名。
"""

from dudao_explore.cheapest_plans import Prices, least_plan
from dudao_explore.questions import (
    all_counties,
    citations,
    compare_counties,
    compare_data,
    compare_peers,
    compare_years,
    counties,
    data,
    first_problems,
    judgements,
    missing,
    open_county,
    points,
    sources,
)
from dudao_explore.school_questions import (
    class_table,
    group_table,
    school_table,
    shared_table,
    spread_table,
)
from dudao_explore.what_if import WhatIf as WhatIf
from dudao_explore.what_if import what_if

县, 打开, 数据, 缺数据, 判定 = counties, open_county, data, missing, judgements
学校表, 班额表, 离差表 = school_table, class_table, spread_table
分组表, 共用表 = group_table, shared_table
比较县, 比较年, 比较数据, 位次 = compare_counties, compare_years, compare_data, compare_peers
来源, 依据, 要点, 先改 = sources, citations, points, first_problems
各县 = all_counties
假如, 最省, 单价 = what_if, least_plan, Prices

# Every name above, and no module: what `from dudao_explore import *` gives.
__all__ = [
    "Prices", "WhatIf", "all_counties", "citations", "class_table", "compare_counties",
    "compare_data", "compare_peers", "compare_years", "counties", "data", "first_problems",
    "group_table", "judgements", "least_plan", "missing", "open_county", "points", "school_table",
    "shared_table", "sources", "spread_table", "what_if",
    "位次", "依据", "假如", "先改", "共用表", "分组表", "判定", "单价", "县", "各县", "学校表",
    "打开", "数据", "最省", "来源", "比较县", "比较年", "比较数据", "班额表", "离差表", "缺数据",
    "要点",
]  # fmt: skip
