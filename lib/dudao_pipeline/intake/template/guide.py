"""The sheet 填写说明: origin of the data, rules, points with their evidence."""

from collections.abc import Iterable

from openpyxl.worksheet.worksheet import Worksheet

from dudao.facts.county_names import OWN_CODES
from dudao.facts.sheet_layout import GUIDE
from dudao_pipeline.intake.sheet_headers import GUIDE_KEYS
from dudao_pipeline.intake.template import cell_rules, styles
from dudao_pipeline.intake.template.fields import TEXTS
from dudao_pipeline.intake.template.frame import FIRST_ROW, Frame, head

WIDTHS = {"项目": 22, "填写内容": 110}
GIVEN = frozenset({"county", "year", "framework"})  # change them only with a new template


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
    values, hints = _key_values(frame), TEXTS["hints"]
    for row, (label, key) in enumerate(GUIDE_KEYS.items(), start=FIRST_ROW):
        styles.dress(sheet.cell(row, 1, label), styles.FIXED)
        cell = sheet.cell(row, 2, values.get(key))
        look = styles.FIXED if key in GIVEN else styles.WORDS
        styles.dress(cell, look, styles.GENERAL if key == "year" else styles.TEXT)
        sheet.row_dimensions[row].height = 21
        if key == "fictional":
            cell_rules.choice(sheet, cell.coordinate, cell_rules.words("是", "否"), hints[key])
        elif key in hints:
            cell_rules.hint(sheet, cell.coordinate, label, hints[key])
    return FIRST_ROW + len(GUIDE_KEYS)


def _heading(sheet: Worksheet, row: int, text: str) -> int:
    styles.band(sheet, row, text, styles.GROUP, columns=(1, 2))
    sheet.row_dimensions[row].height = 24
    return row + 1


def _paragraphs(sheet: Worksheet, row: int, heading: str, texts: Iterable[str]) -> int:
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
    row = _paragraphs(sheet, row, "一、填写规则", (_years(frame), *TEXTS["rules"]))
    row = _paragraphs(sheet, row, "二、交表、例外与联系", TEXTS["handing_in"])
    _points(sheet, row, frame)
    sheet.freeze_panes = f"A{FIRST_ROW}"
    styles.protect(sheet, rows_are_open=False)
