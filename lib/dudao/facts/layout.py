"""The sheets of the workbook and their columns: declared once for template, readers and export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from dudao.facts.items import TIERS, items

GUIDE, COUNTY, SCHOOLS, KINDERGARTENS = "填写说明", "县级指标", "学校", "幼儿园"
FUNDS, EVIDENCE, CLAIMS, EXCEPTIONS = "专项资金", "佐证材料", "报告所列数据", "例外"
LAST_ROUND, SELF_RATINGS = "上轮问题", "自评"
OPTIONAL_SHEETS = (EXCEPTIONS, LAST_ROUND, SELF_RATINGS)

GUIDE_KEYS = {
    "县（区）代码": "county",
    "县（区）名称": "county_name",
    "评价年度": "year",
    "评价方案": "framework",
    "填报单位": "issuer",
    "数据来源": "title",
    "录入方式": "transcription",
    "适用省份代码": "law_area",
    "是否虚构": "fictional",
}
YEAR_COLUMNS = ("基准年", "数据年", "进展年")
TIER_COLUMNS = {f"{label}（万元）": tier for tier, label in TIERS.items()}
TEACHING_POINT = "教学点"
OUT_OF_SCOPE = ("中等职业学校", "特殊教育学校")  # of the comparison of compulsory schools
SCHOOL_KINDS = (
    *("小学", TEACHING_POINT, "初级中学", "九年一贯制学校", "完全中学", "十二年一贯制学校"),
    *("普通高中", *OUT_OF_SCOPE),
)
COMBINED_STAGES = {
    "九年一贯制学校": ("primary", "junior"),
    "完全中学": ("junior", "senior"),
    "十二年一贯制学校": ("primary", "junior", "senior"),
}
RECTIFIED, RECTIFYING, UNRECTIFIED = "已整改", "整改中", "未整改"
RECTIFICATION = (RECTIFIED, RECTIFYING, UNRECTIFIED)
RATED_MET, RATED_NOT_MET = "达标", "未达标"
# Words that offices use for those of the template: one meaning each, else they stay errors.
SYNONYMS = {
    "学段": {
        **{"全县（区）": "全县", "县级": "全县", "学前": "幼儿园", "学前教育": "幼儿园"},
        **{"小学阶段": "小学", "小学段": "小学", "初中阶段": "初中", "初中段": "初中"},
        **{"初级中学": "初中", "高中": "普通高中", "普高": "普通高中", "高级中学": "普通高中"},
        **{"中职": "中等职业学校", "职业高中": "中等职业学校", "职高": "中等职业学校"},
        **{"特教": "特殊教育", "特殊教育学校": "特殊教育", "义务教育阶段": "义务教育"},
    },
    "城乡": {
        **{"城": "城区", "城市": "城区", "镇": "镇区"},
        **{"农村": "乡村", "乡": "乡村", "村": "乡村"},
        # 统计用城乡划分代码的七类（国家统计局）
        **dict.fromkeys(("主城区", "城乡结合区"), "城区"),
        **dict.fromkeys(("镇中心区", "镇乡结合区", "特殊区域"), "镇区"),
        **dict.fromkeys(("乡中心区", "村庄"), "乡村"),
    },
    "办学类型": {
        **{"完小": "小学", "完全小学": "小学", "中心小学": "小学", "初中": "初级中学"},
        **{"初中学校": "初级中学", "九年一贯制": "九年一贯制学校", "完中": "完全中学"},
        **{"十二年一贯制": "十二年一贯制学校", "高中": "普通高中", "高级中学": "普通高中"},
        **{"中职": "中等职业学校", "职业高中": "中等职业学校", "职高": "中等职业学校"},
        **{"特教学校": "特殊教育学校", "小学教学点": TEACHING_POINT},
    },
    "办园性质": {"公立": "公办", "公办园": "公办", "普惠民办": "普惠性民办"},
}
KINDERGARTEN_KINDS = ("公办", "普惠性民办", "非普惠民办")
LOCATIONS = ("城区", "镇区", "乡村")
TOTAL = "合计"
# What the template says of a row: whether it decides, by which standard, and that a paper is there.
DEMAND, STANDARD, ON_FILE, POINT_TITLE = "填报要求", "适用标准", "已备", "要点名称"
DEMANDED, OPTIONAL = "必填", "选填"
TICK, NO_PAPER = "√", "无"


@dataclass(frozen=True)
class SheetLayout:
    """One sheet: the columns a reader needs, the numbers among them, what only Excel shows."""

    name: str
    required: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    behind: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return every column: those that a reader needs first, as a CSV twin has them."""
        return (*self.required, *self.optional)

    @property
    def printed(self) -> tuple[str, ...]:
        """Return every column as the workbook shows them.

        An optional one stands behind the column that `behind` names, else before the last.
        """
        columns = list(self.required)
        for column in self.optional:
            before = self.behind.get(column)
            columns.insert(columns.index(before) + 1 if before else len(columns) - 1, column)
        return tuple(columns)


def number_columns(sheet: str) -> dict[str, str]:
    """Return the number columns of a school sheet: header text to item code."""
    return {
        f"{item.label}（{item.unit}）": code
        for code, item in items().items()
        if sheet in item.sheets
    }


def _layouts() -> dict[str, SheetLayout]:
    schools, kindergartens = number_columns(SCHOOLS), number_columns(KINDERGARTENS)
    beside = (DEMAND, STANDARD, "定义", "用于要点")
    described = ("指标代码", "指标名称", "学段", "单位", *YEAR_COLUMNS, "备注")
    school = ("学校代码", "学校名称", "办学类型", "学段", "城乡", "规划建成年份")
    kindergarten = ("园所代码", "园所名称", "办园性质", "城乡", "规划建成年份")
    claims = ("序号", "位置", "名称", "学段", "年份", "原文数字", "单位", "限定词")
    layouts = (
        SheetLayout(
            COUNTY,
            described,
            YEAR_COLUMNS,
            beside,
            {new: old for old, new in pairwise(("备注", *beside))},
        ),
        SheetLayout(SCHOOLS, (*school, *schools, "备注"), tuple(schools)),
        SheetLayout(KINDERGARTENS, (*kindergarten, *kindergartens, "备注"), tuple(kindergartens)),
        SheetLayout(
            FUNDS,
            ("项目", "资金年度", *TIER_COLUMNS, "备注"),
            tuple(TIER_COLUMNS),
            ("合计（万元）",),
        ),
        SheetLayout(
            EVIDENCE,
            ("评价要点", "材料名称", "出具单位", "文号", "日期", "文件", "备注"),
            optional=(DEMAND, ON_FILE),
            behind={DEMAND: "材料名称", ON_FILE: DEMAND},
        ),
        SheetLayout(CLAIMS, (*claims, "指标代码", "口径", "备注"), ("原文数字",), ("算式",)),
        SheetLayout(
            EXCEPTIONS,
            ("对象代码", "对象名称", "指标代码", "事项", "理由", "依据文件", "决定单位", "日期"),
            optional=("计入数量",),
        ),
        SheetLayout(
            LAST_ROUND,
            (
                *("序号", "评价要点", "问题", "涉及单位", "整改措施", "责任单位", "整改时限"),
                *("整改状态", "完成日期", "佐证材料", "备注"),
            ),
        ),
        SheetLayout(
            SELF_RATINGS,
            ("评价要点", "自评结论", "自评得分", "说明", "责任单位", "日期"),
            ("自评得分",),
            optional=(POINT_TITLE, DEMAND),
            behind={POINT_TITLE: "评价要点", DEMAND: POINT_TITLE},
        ),
    )
    return {layout.name: layout for layout in layouts}


SHEETS = _layouts()
