"""Where a submission comes from: the origin file of a CSV twin, or a workbook's guide sheet."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from dudao.base import yaml_text
from dudao.base.errors import FactsError, nearest
from dudao.base.reference import counties
from dudao.facts.cells import year_of
from dudao.facts.layout import GUIDE_KEYS
from dudao.facts.text import half_width
from dudao.law import framework_for
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.sheet import Sheet

FOLDER_NAME = re.compile(r"(\d{6})-(\d{4})")
META_FILE = "source.meta.yml"
REQUIRED = ("county", "year", "county_name", "title", "transcription")
OWN_CODES = "99"  # anonymous or fictional counties, which no official table holds
YES = "是"


def code_of(given: object) -> str | None:
    """Read a county's code of six digits, full-width or not; None if it is none."""
    code = half_width(str(given)).strip()
    return code if re.fullmatch(r"[0-9]{6}", code) else None


def _checked(meta: object, place: str, labels: dict[str, str] | None = None) -> dict:
    """Refuse an origin without its required entries, of no county, or of a year without law."""
    entries = meta if isinstance(meta, dict) else {}
    if lacking := [key for key in REQUIRED if not entries.get(key)]:
        names = "、".join((labels or {}).get(key, key) for key in lacking)
        raise FactsError(f"{place} 缺少：{names}。请补上后重试。")
    county, year = code_of(meta["county"]), year_of(str(meta["year"]))
    if county is None:
        raise FactsError(f"{place}：县（区）代码“{meta['county']}”不是六位数字。请更正。")
    if year is None:
        raise FactsError(f"{place}：评价年度“{meta['year']}”不是四位年份。请更正。")
    if not county.startswith(OWN_CODES) and county not in counties():
        hint = nearest(county, counties())
        raise FactsError(f"{place}：区划代码表中没有{county}{hint}。匿名或虚构县用99开头。")
    area = half_width(str(meta.get("law_area") or "")).strip()
    framework_for(year, area or county)
    stated = {"law_area": area} if area else {}
    return {**meta, **stated, "county": county, "year": year}


def of_folder(folder: Path) -> dict:
    """Read the origin file of a folder `<county>-<year>`; both must say the same."""
    name, place = FOLDER_NAME.fullmatch(folder.name), f"{folder.name}/{META_FILE}"
    if name is None:
        raise FactsError(f"文件夹“{folder.name}”应命名为“六位代码-评价年度”，例如 990001-2024。")
    path = folder / META_FILE
    if not path.is_file():
        raise FactsError(f"{folder.name}：缺少 {META_FILE}。请写明数据来源后重试。")
    try:
        raw = yaml_text.load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f"第{line + 1}行附近"
        raise FactsError(f"{place} 无法解析{where}。请按样例更正，存为UTF-8。") from error
    meta = _checked(raw, place)
    if (meta["county"], meta["year"]) != (name[1], int(name[2])):
        raise FactsError(f"{place}：county、year 与文件夹名不一致，请改为 {name[1]} 和 {name[2]}。")
    return meta


def entries_of(sheet: Sheet) -> dict[str, str]:
    """Return what the guide sheet says of a submission, by key."""
    labels = {plain(label): key for label, key in GUIDE_KEYS.items()}
    first, second = sheet.header[:2]
    return {
        labels[plain(line[first])]: line[second]
        for _, line in sheet.rows
        if plain(line[first]) in labels
    }


def of_guide(sheet: Sheet | None, file: str) -> dict:
    """Read the origin from the guide sheet: labels in the first column, values in the second."""
    if sheet is None:
        raise FactsError(
            f"{file}：缺少工作表“填写说明”，不是用模板填报的表。请先运行 dudao template "
            "--county 六位代码 --year 评价年度 生成报送表，再把已有的数据按表头填入。"
        )
    found = entries_of(sheet)
    shown = {key: label for label, key in GUIDE_KEYS.items()}
    meta = _checked(found, f"{file}/填写说明", shown)
    return {**meta, "fictional": meta.get("fictional") == YES}
