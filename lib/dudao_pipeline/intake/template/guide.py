"""The sheet 填写说明: origin of the data, rules, points with their evidence."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.county_names import OWN_CODES
from dudao.facts.sheet_layout import GUIDE, GUIDE_KEYS
from dudao_pipeline.intake.template import cell_rules, styles
from dudao_pipeline.intake.template.frame import FIRST_ROW, Frame, head

WIDTHS = {"项目": 22, "填写内容": 110}
GIVEN = frozenset({"county", "year", "framework"})  # change them only with a new template
HINTS = {
    "issuer": "填报单位全称，如：某县教育局。",
    "title": "本表数据的主要来源，如：教育事业统计报表、教育经费统计报表。必填。",
    "transcription": "如：填报单位直接填报；由报告文本摘录。必填。",
    "law_area": "适用哪一省份的地方标准，填区划代码前两位，如：23。",
    "fictional": "演示或测试数据填“是”，其余填“否”。",
}
RULES = (
    "深黄色单元格是必填的：现行标准按它判定，空着就是“待定”。浅黄色是选填的，不影响判定。"
    "“县级指标”“佐证材料”“自评”可按“填报要求”一列筛选。",
    "灰色单元格是固定内容或公式，已锁定；表头、代码、行列顺序请勿改动。",
    "空白表示“未报”。没有数据的请留空，不要填0，也不要填“—”或“无”。",
    "本县确实没有这类对象或事项的，填“不涉及”。",
    "数值为零的填0：0 就是 0，与空白、“不涉及”含义不同。",
    "原始数字带限定词的照填，如：90以上、2000余、近2000。"
    "可用：以上、余、多、以下、左右（写在数字后），近、不足、约（写在数字前）。",
    "只填数字，不写单位，按“单位”列或表头括号内的单位换算后填报；"
    "百分比只填数字，如：95.5表示95.5%。",
    "从其他表格粘贴时请用“选择性粘贴—数值”，不要带入公式和格式；数据单元格中的公式不予接收。",
    "同一学校有两个学段的分两行填报，学校代码相同。",
    "各表不得出现学生、教师等个人姓名、身份证号码和电话号码。",
)
HANDING_IN = (
    "交表前请运行检查：dudao ingest 报送表.xlsx。“错误”须改正后才能入库，“警告”须逐条核对。",
    "经核对情况属实的特殊情况，在“例外”表逐条登记事项、理由、依据文件和决定单位。",
    "对指标口径有疑问的，请联系下发本表的教育督导机构；请勿自行增删列、改表头或改代码。",
    "工作表保护未设密码，仅为防止误改；学校、幼儿园等清单表可排序、插入行和调整行高列宽。",
)


def _key_values(frame: Frame) -> dict[str, object]:
    is_official = not frame.county.startswith(OWN_CODES)
    return {
        "county": frame.county,
        "county_name": frame.county_name,
        "year": frame.year.year,
        "framework": frame.framework.title,
        "transcription": "填报单位直接填报",
        "law_area": frame.county[:2] if is_official else None,
        "fictional": "否",
    }


def _key_block(sheet: Worksheet, frame: Frame) -> int:
    """Write what the county says about itself; return the next free row."""
    values = _key_values(frame)
    for row, (label, key) in enumerate(GUIDE_KEYS.items(), start=FIRST_ROW):
        styles.dress(sheet.cell(row, 1, label), styles.FIXED)
        cell = sheet.cell(row, 2, values.get(key))
        look = styles.FIXED if key in GIVEN else styles.WORDS
        styles.dress(cell, look, styles.GENERAL if key == "year" else styles.TEXT)
        sheet.row_dimensions[row].height = 21
        if key == "fictional":
            cell_rules.choice(sheet, cell.coordinate, cell_rules.words("是", "否"), HINTS[key])
        elif key in HINTS:
            cell_rules.hint(sheet, cell.coordinate, label, HINTS[key])
    return FIRST_ROW + len(GUIDE_KEYS)


def _heading(sheet: Worksheet, row: int, text: str) -> int:
    sheet.merge_cells(f"A{row}:B{row}")
    sheet.cell(row, 1, text)
    for column in (1, 2):
        styles.dress(sheet.cell(row, column), styles.GROUP)
    sheet.row_dimensions[row].height = 24
    return row + 1


def _paragraphs(sheet: Worksheet, row: int, heading: str, texts: tuple[str, ...]) -> int:
    """Write a heading and its numbered paragraphs over both columns; return the next free row."""
    row = _heading(sheet, row, heading)
    for number, text in enumerate(texts, start=1):
        sheet.merge_cells(f"A{row}:B{row}")
        styles.dress(sheet.cell(row, 1, f"{number}．{text}"), styles.PARAGRAPH)
        sheet.row_dimensions[row].height = styles.height(text, sum(WIDTHS.values()), 12)
        row += 1
    return row


def _years(frame: Frame) -> str:
    base, data, progress = frame.years.values()
    return (
        f"年份：基准年{base}年，数据年{data}年，进展年{progress}年。{frame.year.year}年评价以数据年"
        "为准，与基准年比较；进展年填截至填报时的情况。学校、幼儿园两表填数据年。"
    )


def _points(sheet: Worksheet, row: int, frame: Frame) -> None:
    row = _heading(sheet, row, "三、评价要点与参考材料（“佐证材料”表按要点编号登记）")
    for point in frame.framework.points:
        evidence = f"（{'；'.join(point.evidence)}）" if point.evidence else ""
        text = f"{point.title}{evidence}"
        styles.dress(sheet.cell(row, 1, point.id), styles.CENTRED, styles.TEXT)
        styles.dress(sheet.cell(row, 2, text), styles.FIXED)
        styles.fit(sheet, row)
        row += 1


def add(frame: Frame) -> None:
    """Add the first sheet of the workbook."""
    year = frame.year.year
    title = f"{frame.county_name}履行教育职责评价数据报送表（{year}年评价）"
    remark = frame.framework.remark(year)
    hint = f"{f'{remark}。' if remark else ''}请先阅读填写规则，填写本页黄色单元格，再填各表。"
    sheet = head(frame, GUIDE, (title, hint), WIDTHS)
    row = _key_block(sheet, frame)
    row = _paragraphs(sheet, row, "一、填写规则", (_years(frame), *RULES))
    row = _paragraphs(sheet, row, "二、交表、例外与联系", HANDING_IN)
    _points(sheet, row, frame)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    styles.protect(sheet, rows_are_open=False)
