"""Tables as offices keep them (虚构): forms, yearbooks and lists, every figure invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

SCHOOLS = (
    ("虚构县东关小学", "小学", "主城区", 1240, 28, 62),
    ("虚构县石桥学校", "九年一贯制学校", "镇中心区", 0, 0, 0),
    ("虚构县第二中学", "初级中学", "主城区", 960, 20, 80),
    ("虚构县河湾教学点", "教学点", "村庄", 36, 4, 5),
)


def sheet_of(rows: list[tuple], merges: tuple[str, ...] = (), title: str = "Sheet1") -> Workbook:
    """Return a workbook of one sheet with some rows, and some cells merged."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for merge in merges:
        sheet.merge_cells(merge)
    return book


def school_list() -> Workbook:
    """Return a list of schools: title, 序号, codes, persons, telephones; notes and signatures."""
    rows = [
        ("虚构县2023年中小学校基本信息一览表（虚构）",),
        ("填报单位：虚构县教育局", None, "2023年9月1日"),
    ]
    rows += [
        (
            "序号",
            "学校（机构）标识码",
            "学校名称",
            "办学类型",
            "驻地城乡类型",
            "建校年月",
            "校长姓名",
            "联系电话",
        )
    ]
    for number, (name, kind, place, *_) in enumerate(SCHOOLS, start=1):
        code = f"99010000{number:02d}"
        rows += [(number, code, name, kind, place, "1998年9月", "赵某某", "13900000000")]
    rows += [("填表人：钱某某", None, "审核人：孙某某"), ("注：教学点单列。",)]
    return sheet_of(rows, ("A1:H1",))


def conditions() -> Workbook:
    """Conditions school by school: two rows of head, merged; men and women beside the total."""
    rows = [
        ("表Ⅱ-2 义务教育学校办学条件（2023年，虚构）",),
        (
            "序号",
            "学校名称",
            "学校类别",
            "教学班数",
            "在校学生数（人）",
            None,
            None,
            "其中：体育、艺术专任教师数",
            "教学及辅助用房面积（平方米）",
            "教学仪器设备值（万元）",
            "网络多媒体教室数（间）",
            "校园绿化面积",
        ),
        (None, None, None, None, "合计", "男", "女"),
        ("甲", "乙", "丙", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9"),
        ("合计", None, None, "=SUM(D6:D9)", 2236, 1200, 1036, None, None, None, None, None),
    ]
    for number, (name, kind, _, pupils, classes, _) in enumerate(SCHOOLS, start=1):
        rows += [
            (number, name, kind, classes or 26, pupils or 900, 500, 400, 4, 5200.5, 186.42, 22, 300)
        ]
    rows += [("说明：1.校舍按产权填报；2.设备值为年末数。",)]
    merges = ("A1:L1", *(f"{c}2:{c}3" for c in "ABCDHIJKL"), "E2:G2", "A5:C5", "A10:L10")
    return sheet_of(rows, merges)


def kindergartens() -> Workbook:
    """Kindergartens: groups by kind as rows of their own, units behind a comma."""
    rows = [
        ("虚构县幼儿园情况统计表（虚构）",),
        ("单位：人、平方米",),
        (
            "幼儿园名称",
            "办园性质",
            "城乡",
            "班数",
            "在园幼儿数",
            "专任教师数",
            "户外游戏场地面积（㎡）",
            "园长",
            "手机号码",
        ),
        ("一、公办园",),
        ("虚构县直属机关幼儿园", "公办", "城区", 12, 340, 26, 1530, "李某", "13800000000"),
        ("石桥镇中心幼儿园", "公办", "镇区", 6, 158, 12, 700.5, "周某", "13700000000"),
        ("二、民办园",),
        ("虚构县晨星幼儿园", "普惠性民办", "城区", 5, 130, 10, 400, "吴某", "13600000000"),
        ("小树幼儿园", "民办", "城区", 3, 60, 6, 210, "郑某", "13500000000"),
    ]
    return sheet_of(rows, ("A1:I1", "A4:I4", "A7:I7"))


def funds_by_stage() -> Workbook:
    """Funds per pupil by stage, two years and the growth beside each other under merged heads."""
    rows = [
        ("虚构县2023年教育经费执行情况统计表（虚构）",),
        ("单位：元",),
        ("学段", "生均一般公共预算教育经费", None, None, "生均一般公共预算公用经费", None, None),
        (None, "2022年", "2023年", "增长（%）", "2022年", "2023年", "增长（%）"),
        ("幼儿园", 9120.5, 9350.25, 2.52, 2100, 2150, 2.38),
        ("普通小学", 12050, 12310.4, 2.16, 2480, 2520.8, 1.65),
        ("普通初中", 16880, 17102, 1.32, 3120, 3205, 2.72),
        ("普通高中", 15300, 15900, 3.92, 3300, 3350, 1.52),
        ("中职学校", 14210, 14800, 4.15, 3900, 4010, 2.82),
        ("普通高校", 22000, 22100, 0.45, 8000, 8100, 1.25),
    ]
    return sheet_of(rows, ("A1:G1", "A3:A4", "B3:D3", "E3:G3"))


def funds_down() -> Workbook:
    """County totals down the side, this year and last across, each with its own unit."""
    rows = [
        ("2023年教育投入情况（虚构）",),
        ("指标名称", "计量单位", "上年", "本年", "增减（%）"),
        ("一般公共预算教育支出", "万元", 32110.4, 34020.8, 5.95),
        ("国家财政性教育经费", "亿元", 3.6, 3.81, 5.83),
        ("教育经费总投入", "万元", 41000, 42800, 4.39),
        ("地方教育附加", "万元", 800, 820, 2.5),
    ]
    return sheet_of(rows, ("A1:E1",))


def budget() -> Workbook:
    """Return a budget by programme and tier, with totals and a column that no sheet has."""
    rows = [
        ("虚构县2023年义务教育等补助资金预算执行情况表（虚构）",),
        ("金额单位：万元",),
        ("项目", "合计", "中央", "省级", "县级", "执行率（%）"),
        ("城乡义务教育公用经费", 1000, 600, 240, 160, 98.5),
        ("校舍安全保障长效机制", 300, 150, 90, 60, 100),
        ("义务教育家庭经济困难学生生活补助", 120, 60, 36, 24, 100),
        ("普通高中国家助学金", 80, 48, 20, 12, 100),
        ("乡村教师生活补助", 50, None, None, 50, 100),
        ("总计", 1550, 858, 386, 306, 99),
    ]
    return sheet_of(rows, ("A1:F1",))


def yearbook() -> Workbook:
    """Return a yearbook's table: persons and ten thousands of them side by side, stages down."""
    rows = [
        ("5-3 各级学校基本情况（2023年）（虚构）",),
        (
            "项目",
            "学校数（所）",
            "在校学生数（人）",
            "在校学生数（万人）",
            "专任教师数（人）",
            "教职工数（人）",
        ),
        ("普通高中", 2, 3120, 0.31, 260, 300),
        ("初中", 5, 6240, 0.62, 520, 560),
        ("小学", 14, 12380, 1.24, 830, 870),
        ("幼儿园", 30, 5230, 0.52, 380, 720),
        ("特殊教育", 1, 86, 0.01, 22, 25),
    ]
    return sheet_of(rows, ("A1:F1",))


def split_columns() -> Workbook:
    """One row a school with its primary and junior figures beside each other."""
    rows = [
        ("学校名称", "小学部", None, "初中部", None, "备注"),
        (None, "在校生数", "班级数", "在校生数", "班级数", None),
        ("虚构县石桥学校", 480, 12, 300, 6, "虚构"),
        ("虚构县东关小学", 1240, 28, None, None, None),
        ("虚构县第二中学", None, None, 960, 20, None),
    ]
    return sheet_of(rows, ("A1:A2", "B1:C1", "D1:E1", "F1:F2"), "2023年")


def two_sheets() -> Workbook:
    """One sheet a stage, as reports are handed on, and a third that holds no table."""
    book = sheet_of(
        [("学校", "在校学生数", "教学班"), ("虚构县东关小学", "1,240", 28), ("新村学校", 88, 6)],
        title="小学",
    )
    junior = book.create_sheet("初中")
    for row in [("学校", "在校学生数", "教学班"), ("虚构县第二中学", 960, 20)]:
        junior.append(row)
    book.create_sheet("填表说明").append(("本表由各校填报，虚构。",))
    return book


def doubtful() -> Workbook:
    """Heads that leave doubts: no unit, two columns for one item, nearly a name, a wrong kind."""
    rows = [
        (
            "学校名称",
            "学段",
            "学生数",
            "学生总数",
            "教学仪器设备值",
            "体育运动场馆面积（亩）",
            "多媒体教师数",
            "专任教师学历合格率",
            "骨干教师数",
        ),
        ("虚构县东关小学", "小学", 1240, 1250, 86.5, 12, 22, 100, 3.5),
        ("虚构县第二中学", "初中", 960, 960, 120.8, 15, 20, 99.1, 4),
    ]
    return sheet_of(rows)


MADE: dict[str, Callable[[], Workbook]] = {
    make.__name__: make
    for make in (
        *(school_list, conditions, kindergartens, funds_by_stage, funds_down, budget),
        *(yearbook, split_columns, two_sheets, doubtful),
    )
}


def write(name: str, folder: Path) -> Path:
    """Write one of the tables as a file and return its path."""
    path = folder / f"{name}.xlsx"
    MADE[name]().save(path)
    return path
