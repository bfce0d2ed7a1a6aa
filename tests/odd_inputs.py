"""Anything at all, as hypothesis makes it: what no reader may fall over."""

from __future__ import annotations

import csv
import io
import json
import math
import tempfile
from pathlib import Path

import jsonschema
import yaml
from hypothesis import strategies as st

from dudao.base.errors import DudaoError
from dudao.facts import cells, units
from dudao.law import EvaluationYear
from dudao_pipeline.intake import cell_reading
from dudao_pipeline.intake.csv_twin import read_folder
from dudao_pipeline.intake.headers import match, unread, year_header
from dudao_pipeline.intake.sheet import Sheet
from dudao_pipeline.intake.sheet_headers import SHEETS
from dudao_pipeline.intake.submission import read_submission
from dudao_pipeline.report_check import checking
from dudao_pipeline.report_check.lined_tables import tables_in_lines
from dudao_pipeline.report_check.text import Report
from tests.house_style import ROOT

REPORT_SCHEMA = json.loads((ROOT / "docs/check-report.schema.json").read_text(encoding="utf-8"))

SIGNS = st.sampled_from(
    list("0123456789.,，。、-+%％①②³²½㉓〇一万亿元人年月日（）() \t\n")
    + list("以上余近约\u200b\u00a0\ue863\u2f29")
)
NUMBERS = st.floats(allow_nan=True, allow_infinity=True).map(str) | st.integers().map(str)
TEXTS = st.lists(SIGNS, max_size=14).map("".join) | st.text(max_size=12) | NUMBERS
UNITS = st.sampled_from(["", "万元", "元", "人", "%", "㎡", "个", "册", "元/生/年"]) | TEXTS
WORDS = st.sampled_from(
    ["", "小学", "全县", "education_investment", "不涉及", "—", "1.1.1", "合计"]
)
NEAR = st.sampled_from(["2023年", "2022年（基准年）", "数据年", "市级（万元）"])
BYTES = st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b""])
NAMES = st.sampled_from(list(SHEETS))
REPORTS = st.text(
    st.sampled_from(
        list(
            "0123456789.,，。；、：%（）()-—至万亿元人所个百分点一二三十"
            "增长下降比上年的其中占为第前位\n \t[]〔〕年月日号＋+:：～|"
        )
    )
    | st.characters(codec="utf-8"),
    max_size=120,
)


def check_cell(text: str, unit: str) -> None:
    """A cell is read or not; what is read is a number of a county, and the same again."""
    cell = cell_reading.parse(text, unit)
    if cell is None:
        return
    assert math.isnan(cell.value) == (cell.status != cells.REPORTED)
    assert not abs(cell.value) >= cell_reading.LARGEST
    if cell.status == cells.REPORTED:  # no sign but a digit makes a figure
        digits = "".join(c for c in text if c in "0123456789０１２３４５６７８９")
        assert digits, text
        again = cell_reading.parse(str(cell.value), "")
        assert again is None or again.value == cell.value


def check_dates(text: str) -> None:
    """A day, a month, a year, a serial number are read or not."""
    for read in (
        cells.day_of,
        cell_reading.month_of,
        cell_reading.year_of,
        cell_reading.built_of,
        cell_reading.serial_of,
    ):
        read(text)
    year_header(text)
    assert units.factor(text, text) == 1


def check_header(name: str, header: list[str], year: int) -> None:
    """Every required column is read once, or named as missing."""
    matching = match(Sheet("虚构", name, tuple(header), ()), EvaluationYear(year))
    lacking = [c for c in SHEETS[name].required if c not in matching.header]
    findings = matching.findings + unread(matching, [dict.fromkeys(header, "1")])
    said = " ".join(finding.what for finding in findings)
    assert all(f"“{column}”" in said for column in lacking)


@st.composite
def headers(draw) -> tuple[str, list[str], int]:
    """A sheet's header with columns changed, lost and added, and an evaluation year."""
    name = draw(NAMES)
    columns = list(draw(st.permutations(SHEETS[name].required)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(columns) - 1))
        columns[at] = draw(
            TEXTS | st.sampled_from(["2023年", "2022年（基准年）", "数据年", "市级（万元）"])
        )
    return name, columns, draw(st.integers(2018, 2030))


def check_csv(content: bytes, name: str) -> None:
    """A file is read as a sheet, or what is wrong with it is found."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.csv").write_bytes(content)
        sheets, findings = read_folder(Path(folder))
        assert name in sheets or findings


@st.composite
def csv_files(draw) -> tuple[bytes, str]:
    """A file near to a CSV twin, in some encoding, with bytes changed."""
    name = draw(NAMES)
    written = io.StringIO()
    lines = draw(st.lists(st.lists(TEXTS | WORDS, max_size=12), max_size=5))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    csv.writer(written, lineterminator=end).writerows([SHEETS[name].required, *lines])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
    content = bytearray(written.getvalue().encode(encoding, "replace"))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(content) - 1))
        content[at : at + 1] = draw(
            st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b""])
        )
    return bytes(content), name


@st.composite
def submissions(draw) -> tuple[dict, dict[str, list[list[str]]]]:
    """The origin and the sheets of a whole submission, some cells of them anything."""
    meta = {"county": "990109", "year": 2024, "county_name": "虚构县"}
    meta |= {"title": "虚构", "transcription": "虚构", "fictional": True}
    for key in draw(st.lists(st.sampled_from(sorted(meta)), max_size=2)):
        meta[key] = draw(TEXTS | st.integers() | st.none() | st.booleans())
    sheets = {}
    for name in draw(st.lists(NAMES, unique=True, min_size=1)):
        width = len(SHEETS[name].required)
        row = st.lists(WORDS | TEXTS, min_size=width, max_size=width)
        sheets[name] = [list(SHEETS[name].required), *draw(st.lists(row, max_size=3))]
    return meta, sheets


def check_submission(meta: dict, sheets: dict[str, list[list[str]]]) -> None:
    """A submission is read with findings, or refused in a sentence; nothing else is raised."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "990109-2024"
        folder.mkdir()
        text = yaml.safe_dump(meta, allow_unicode=True)
        (folder / "source.meta.yml").write_text(text, encoding="utf-8", errors="replace")
        for name, lines in sheets.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", errors="replace") as file:
                csv.writer(file).writerows(lines)
        try:
            submission = read_submission(folder)
        except DudaoError as error:
            assert str(error).endswith(("。", "）"))
            return
        reported = submission.tables.facts.query("status == 'reported'")
        assert reported["value"].notna().all()


def check_report(text: str) -> None:
    """Figures stand where the result says, and findings are about figures of the result."""
    text, tables = tables_in_lines(text)
    result = checking.as_json(checking.check_report(Report("", text, tables)))
    jsonschema.validate(result, REPORT_SCHEMA)
    for one in result["figures"]:
        assert text[one["start"] : one["end"]] == one["printed"]
    for one in result["findings"]:
        assert all(index < len(result["figures"]) for index in one["figures"])
