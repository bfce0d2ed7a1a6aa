"""Where a submission comes from: the origin file of a CSV twin, or a workbook's guide sheet."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dudao.base.errors import FactsError, nearest
from dudao.base.reference import counties
from dudao.base.yaml_text import read_given
from dudao.facts.county_names import OWN_CODES
from dudao.facts.plain_text import half_width
from dudao.law import framework_for
from dudao.law.areas import area_of
from dudao_pipeline.intake.cell_reading import code_text, year_of
from dudao_pipeline.intake.clean_text import named
from dudao_pipeline.intake.findings import Finding
from dudao_pipeline.intake.headers import guide_key, plain
from dudao_pipeline.intake.personal_data import traces
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import GUIDE_KEYS

FOLDER_NAME = re.compile(r"(\d{6})-(\d{4})")
META_FILE = "source.meta.yml"
REQUIRED = ("county", "year", "county_name", "title", "transcription")
FLAGS, LISTS = ("fictional", "anonymous"), ("notes", "left_out")
LONGEST = 1000  # characters of an entry
LEAST_NAME = 3  # characters of a county's name that no other name ends with by chance
UNKNOWN = "000000"  # stands for a code that no county has; nothing is stored under it
YES, NO = "是", "否"


def code_of(given: object) -> str | None:
    """Read a county's code of six digits, full-width or not; None if it is none."""
    code = code_text(str(given))
    return code if re.fullmatch(r"[0-9]{6}", code) else None


def plain_key(county: object, year: object) -> tuple[str, str]:
    """Return county and evaluation year as text in plain writing, or as given where they are none.

    2024年 and ２０２４ are the year 2024; 990102.0 is the county 990102.
    """
    stated = "" if year is None else str(year)
    return code_of(county) or str(county or ""), str(year_of(stated) or stated)


@dataclass(frozen=True)
class Origin:
    """What a submission says of itself; faults keep it out of the store.

    meta: of a county whose code is wrong, the code is UNKNOWN: no local law is taken for its own.
    """

    meta: dict
    faults: list[Finding]


def _text_fault(value: object) -> str:
    """Say why an entry is no text of a line, "" if it is one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        return "应为一行文字"
    text = str(value)
    if len(text) > LONGEST:
        return f"超过{LONGEST}字"
    odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cn", "Cs") and c not in "\t\r\n"]
    return f"含不能使用的字符{named(odd[0])}" if odd else ""


def _kind_fault(key: str, value: object) -> str:
    """Say why an entry is not of its kind, "" if it is."""
    if value is None:
        return ""
    if key in FLAGS:
        return "" if isinstance(value, bool) else "应为 true 或 false，不加引号"
    if key in LISTS:
        is_list = isinstance(value, list)
        faults = [_text_fault(one) for one in value] if is_list else ["应为若干行，每行以“- ”开头"]
        return next(filter(None, faults), "")
    if key == "url" and not re.match(r"https?://", str(value)):
        return "应以 http:// 或 https:// 开头"
    return _text_fault(value)


class _Checking:
    """The entries of an origin under check; faults name the place of each."""

    def __init__(self, sheet: Sheet, meta: object, labels: dict[str, str], cells: dict[str, int]):
        self.sheet, self.labels, self.cells = sheet, labels, cells
        self.faults: list[Finding] = []
        if not isinstance(meta, dict):
            self.tell("no_entries")
        self.entries = dict(meta) if isinstance(meta, dict) else {}

    def label(self, key: str) -> str:
        """Return what an entry is called where it stands."""
        return self.labels.get(key, key)

    def tell(self, name: str, key: str = "", /, **words: object) -> None:
        """Record a fault at an entry, or at the whole origin."""
        row = self.cells.get(key)
        at = (row, self.sheet.header[1]) if row else None
        self.faults.append(self.sheet.finding(name, at, **words))

    def check_kinds(self) -> None:
        """Record what lacks, and drop what is not of its kind."""
        if lacking := [key for key in REQUIRED if self.entries.get(key) in (None, "")]:
            self.tell("entries_missing", listed="、".join(map(self.label, lacking)))
        for key, value in list(self.entries.items()):
            if fault := _kind_fault(str(key), value):
                self.tell("entry_unfit", str(key), label=self.label(str(key)), fault=fault)
                del self.entries[key]
                continue
            texts = map(str, value if isinstance(value, list) else [value])
            if kinds := dict.fromkeys(trace.kind for text in texts for trace in traces(text)):
                label, listed = self.label(str(key)), "、".join(kinds)
                self.tell("entry_personal", str(key), label=label, kinds=listed)

    def county(self) -> str:
        """Return the county's code, UNKNOWN of none."""
        given = self.entries.get("county")
        if given in (None, ""):
            return UNKNOWN
        code = code_of(given)
        if code is None:
            self.tell("no_county_code", "county", text=given)
        elif not code.startswith(OWN_CODES) and code not in counties():
            self.tell("county_unknown", "county", text=code, hint=nearest(code, counties()))
        elif other := self._other_county(code):
            name = counties()[code].full_name
            self.tell("county_other", "county", text=code, county=name, other=other)
        else:
            return code
        return UNKNOWN

    def _other_county(self, code: str) -> str:
        """Return the county's name where it is the official one of another county only."""
        official, stated = counties(), plain(str(self.entries.get("county_name") or ""))
        if code not in official or official[code].name in stated:
            return ""
        others = {one.name for one in official.values() if len(one.name) >= LEAST_NAME}
        return stated if stated.endswith(tuple(others)) else ""

    def year(self) -> int | None:
        """Return the evaluation year, None of none."""
        given = self.entries.get("year")
        if given in (None, ""):
            return None
        year = year_of(str(given))
        if year is None:
            self.tell("no_evaluation_year", "year", text=given)
        return year

    def origin(self, folder_year: int | None = None) -> Origin:
        """Return the origin; without a year nothing else can be read: all is refused."""
        self.check_kinds()
        county, year = self.county(), self.year() or folder_year
        area = half_width(str(self.entries.get("law_area") or "")).strip()
        stated = {"law_area": area} if area else {}
        if year is None:
            step = "评价年度更正后才能检查其余各表，请更正后重试。"
            raise FactsError("\n".join([*map(str, self.faults), f"{self.sheet.file}：{step}"]))
        framework_for(year, area_of({"county": county, **stated}))
        return Origin({**self.entries, **stated, "county": county, "year": year}, self.faults)


def of_folder(folder: Path) -> Origin:
    """Read the origin file of a folder `<county>-<year>`; both must say the same."""
    name, file = FOLDER_NAME.fullmatch(folder.name), f"{folder.name}/{META_FILE}"
    if name is None:
        raise FactsError(f"文件夹“{folder.name}”应命名为“六位代码-评价年度”，例如 990001-2024。")
    path = folder / META_FILE
    if not path.is_file():
        raise FactsError(f"{folder.name}：缺少 {META_FILE}。请写明数据来源后重试。")
    raw = read_given(path.read_bytes(), file, FactsError, "请按样例更正，存为UTF-8。")
    checking = _Checking(Sheet(folder.name, META_FILE, (), ()), raw, {}, {})
    origin = checking.origin(int(name[2]))
    stated = (origin.meta["county"], origin.meta["year"])
    if origin.meta["county"] != UNKNOWN and stated != (name[1], int(name[2])):
        checking.tell("folder_other", county=name[1], year=name[2])
    return origin


def _labelled(sheet: Sheet) -> Iterator[tuple[str, int, str]]:
    """Yield key, row and text of the entries of a guide sheet."""
    first, second = sheet.header[:2]
    for row, line in sheet.rows:
        if key := guide_key(line[first]):
            yield key, row, line[second]


def entries_of(sheet: Sheet) -> dict[str, str]:
    """Return what the guide sheet says of a submission, by key."""
    return {key: text for key, _, text in _labelled(sheet)}


def of_guide(sheet: Sheet | None, file: str) -> Origin:
    """Read the origin from the guide sheet: labels in the first column, values in the second."""
    if sheet is None:
        raise FactsError(
            f"{file}：缺少工作表“填写说明”，不是用模板填报的表。请先运行 dudao template "
            "--county 六位代码 --year 评价年度 生成报送表，再把已有的数据按表头填入。"
        )
    entries = entries_of(sheet)
    labels = {key: label for label, key in GUIDE_KEYS.items()}
    cells = {key: row for key, row, text in _labelled(sheet) if text}
    meta = {**entries, "fictional": entries.get("fictional") == YES}
    checking = _Checking(sheet, meta, labels, cells)
    if (given := entries.get("fictional", "")) not in ("", YES, NO):
        checking.tell("no_flag", "fictional", text=given, yes=YES, no=NO)
    return checking.origin()
