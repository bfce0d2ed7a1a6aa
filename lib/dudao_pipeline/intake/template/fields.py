"""The columns of the list sheets: width, format, what they accept, what the user is told."""

from __future__ import annotations

from dataclasses import dataclass

from dudao.facts.items import PROGRAMMES, STAGES
from dudao.facts.layout import (
    CLAIMS,
    DEMAND,
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    KINDERGARTEN_KINDS,
    KINDERGARTENS,
    LAST_ROUND,
    LOCATIONS,
    NO_PAPER,
    ON_FILE,
    POINT_TITLE,
    RATED_MET,
    RATED_NOT_MET,
    RECTIFICATION,
    SCHOOL_KINDS,
    SCHOOLS,
    SELF_RATINGS,
    TICK,
)
from dudao_pipeline.intake.template import styles
from dudao_pipeline.intake.template.frame import CODE_COLUMN, POINT_COLUMN
from dudao_pipeline.intake.template.rules import words

OLDEST, LATEST = 1900, 2100  # years that a date of building or a figure can bear
YEARS, ORDINALS = (OLDEST, LATEST), (1, 99_999)
SCHOOL_STAGES = tuple(
    STAGES[code] for code in ("primary", "junior", "senior", "vocational", "special")
)
QUALIFIER_HINT = "原文数字前后的限定词，如：近、约、以上、余；没有的留空。"


@dataclass(frozen=True)
class Field:
    """One column: its choices are a drop-down's source, or a column letter of the hidden sheet."""

    width: float
    number_format: str = styles.GENERAL
    choices: str = ""
    limits: tuple[int, int] | None = None
    prompt: str = ""


@dataclass(frozen=True)
class ListSheet:
    """One list sheet: title, hint, the column right of which it scrolls, the columns."""

    title: str
    hint: str
    scrolls_from: str
    fields: dict[str, Field]
    has_total_row: bool = False


CODE = Field(15, styles.TEXT, prompt="文本。全县唯一，历年不变。同一学校各行填同一代码。")
NOTE = Field(22)
POINT = Field(10, styles.TEXT, POINT_COLUMN, prompt="名称见“填写说明”末尾。")
ITEM = Field(
    *(34, styles.TEXT, CODE_COLUMN),
    prompt="从下拉表选择；中文名称见“县级指标”表，或隐藏工作表“选项”。不对应指标的留空。",
)
LOCATION = Field(9, choices=words(*LOCATIONS), prompt="按统计用城乡分类填报。")
BUILT = Field(
    12, styles.YEAR, limits=YEARS, prompt="学校规划或建成的年份，四位数字；不清楚的留空。"
)
DATE = Field(13, styles.DAY, prompt="填到日，如：2024-03-05。")

SHEETS = {
    SCHOOLS: ListSheet(
        "义务教育学校资源配置报送表",
        "一校一行；九年一贯制、完全中学等按学段分行填报，学校代码相同。空白表示未报，"
        "不涉及填“不涉及”，0 就是 0。从第5行起逐行填写，可一次粘贴多行（只粘贴数值）。",
        "C",
        {
            "学校代码": CODE,
            "学校名称": Field(26),
            "办学类型": Field(16, choices=words(*SCHOOL_KINDS)),
            "学段": Field(8, choices=words(*SCHOOL_STAGES), prompt="一校两段分两行填报。"),
            "城乡": LOCATION,
            "规划建成年份": BUILT,
            "备注": NOTE,
        },
        has_total_row=True,
    ),
    KINDERGARTENS: ListSheet(
        "幼儿园基本情况报送表",
        "一园一行。空白表示未报，不涉及填“不涉及”，0 就是 0。"
        "从第5行起逐行填写，可一次粘贴多行（只粘贴数值）。",
        "C",
        {
            "园所代码": CODE,
            "园所名称": Field(30),
            "办园性质": Field(15, choices=words(*KINDERGARTEN_KINDS)),
            "城乡": LOCATION,
            "规划建成年份": BUILT,
            "备注": Field(30),
        },
        has_total_row=True,
    ),
    FUNDS: ListSheet(
        "教育专项资金分担情况报送表",
        "单位：万元。空白表示未报；某一级不承担的填“不涉及”；承担但当年为零的填0。"
        "其他年度的资金在下方空行另起一行填报。",
        "B",
        {
            "项目": Field(42, choices=words(*(title for title, _ in PROGRAMMES.values()))),
            "资金年度": Field(11, styles.YEAR, limits=YEARS, prompt="资金所属年度，四位数字。"),
            "合计（万元）": Field(17, styles.MONEY),
            "备注": Field(34),
        },
    ),
    EVIDENCE: ListSheet(
        "佐证材料登记表",
        "已列出评价方案的参考材料：备好一份，在“已备”选“√”，没有勾选的不登记；可在下方添行。"
        "标“必填”的要点由评审人员认定，材料不齐不会判为达标。",
        "C",
        {
            "评价要点": POINT,
            "材料名称": Field(46),
            "出具单位": Field(24),
            "文号": Field(20, styles.TEXT),
            "日期": DATE,
            "文件": Field(28, styles.TEXT, prompt="随表报送的文件名；未附的留空。"),
            DEMAND: Field(10),
            ON_FILE: Field(8, choices=words(TICK, NO_PAPER), prompt=f"已备好的选“{TICK}”。"),
            "备注": NOTE,
        },
    ),
    CLAIMS: ListSheet(
        "自查自评报告所列数据登记表",
        "报告正文印出的每个数字一行，照原文抄录（保留小数位，如12.30不改成12.3），不换算、不改正。",
        "D",
        {
            "序号": Field(7, styles.YEAR, limits=ORDINALS),
            "位置": Field(14, prompt="数字在报告中的章节，如：（二）1。"),
            "名称": Field(28),
            "学段": Field(13, choices=words(*STAGES.values())),
            "年份": Field(9, styles.YEAR, limits=YEARS, prompt="四位数字；原文未写年份的留空。"),
            "原文数字": Field(13, styles.TEXT, prompt="照原文抄录，保留小数位，不带单位。"),
            "单位": Field(10),
            "限定词": Field(9, prompt=QUALIFIER_HINT),
            "指标代码": ITEM,
            "口径": Field(18, prompt="与“县级指标”口径不同时写明；相同的留空。"),
            "算式": Field(
                18,
                styles.TEXT,
                prompt="由本表其他行得出的写明：#9+#10、#1-#2、#12/(#12+#13)、同 #31。",
            ),
            "备注": Field(26),
        },
    ),
    EXCEPTIONS: ListSheet(
        "例外事项登记表",
        "检查提示为“警告”而情况属实的，在此登记理由和依据文件；按规定可另行计入的，填学校代码、指标代码和计入数量。没有例外的不填。不得出现个人姓名。",
        "C",
        {
            "对象代码": Field(15, styles.TEXT, prompt="学校或园所代码；全县性的填县（区）代码。"),
            "对象名称": Field(26),
            "指标代码": ITEM,
            "事项": Field(28),
            "理由": Field(34),
            "依据文件": Field(26),
            "决定单位": Field(22),
            "计入数量": Field(11, prompt="按规定另行计入的数量，如走教教师人数、租赁场地㎡。"),
            "日期": DATE,
        },
    ),
    LAST_ROUND: ListSheet(
        "上轮评价问题整改登记表",
        "上一轮评价反馈的问题，一个一行，写明整改情况；灰字为上年所报，请核实。没有问题的不填。不得出现个人姓名。",
        "D",
        {
            "序号": Field(6, styles.YEAR, limits=ORDINALS),
            "评价要点": POINT,
            "问题": Field(34),
            "涉及单位": Field(18, prompt="学校、幼儿园或部门；多个用顿号隔开。"),
            "整改措施": Field(30),
            "责任单位": Field(15),
            "整改时限": DATE,
            "整改状态": Field(10, choices=words(*RECTIFICATION)),
            "完成日期": DATE,
            "佐证材料": Field(24, prompt="与“佐证材料”表登记的材料名称一致；没有的留空。"),
            "备注": Field(16),
        },
    ),
    SELF_RATINGS: ListSheet(
        "自评结论登记表",
        "已列出各评价要点：在“自评结论”选达标或未达标，留空即没有自评。标“必填”的要点由评审人员认定，"
        "没有自评结论和佐证材料不会判为达标。方案计分的再填自评得分。不得出现个人姓名。",
        "C",
        {
            "评价要点": POINT,
            POINT_TITLE: Field(34),
            DEMAND: Field(10),
            "自评结论": Field(11, choices=words(RATED_MET, RATED_NOT_MET)),
            "自评得分": Field(11, styles.GENERAL, prompt="方案计分的才填，不超过该要点满分。"),
            "说明": Field(46),
            "责任单位": Field(22),
            "日期": DATE,
        },
    ),
}
