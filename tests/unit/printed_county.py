"""A county of which nothing is known but what its report prints (虚构): rows of 报告所列数据."""

from __future__ import annotations

from pathlib import Path

import yaml

from dudao.case import Case, case_of
from dudao.facts import store
from dudao.facts.sheet_layout import CLAIMS
from dudao.law.topics import OVERVIEW
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.sheet_headers import OPTIONAL_SHEETS, SHEETS
from dudao_pipeline.intake.submission import Submission, read_submission
from tests.unit.county import write

COUNTY, NAME = "990971", "虚构县990971"
Row = tuple[str, str, int, str, str, str]  # name, stage, year, printed, unit, item


def submit(folder: Path, rows: list[Row], year: int, **meta: str) -> Submission:
    """Write and read a submission whose only figures are printed ones; 虚构."""
    made = folder / f"{COUNTY}-{year}"
    made.mkdir(parents=True, exist_ok=True)
    origin = {"county": COUNTY, "year": year, "county_name": NAME, "law_area": "34"}
    origin |= {"fictional": True, "title": "虚构的报告", "transcription": "虚构", **meta}
    text = yaml.safe_dump(origin, allow_unicode=True)
    (made / "source.meta.yml").write_text(text, encoding="utf-8")
    for sheet, declared in SHEETS.items():
        if sheet not in OPTIONAL_SHEETS:
            write(made, sheet, [list(declared.columns)])
    columns = list(SHEETS[CLAIMS].columns)
    listed = []
    for number, (name, stage, of_year, printed, unit, code) in enumerate(rows, 1):
        cells = {"序号": number, "位置": "虚构报告", "名称": name, "学段": stage, "年份": of_year}
        cells |= {"原文数字": printed, "单位": unit, "指标代码": code}
        listed.append([str(cells.get(column, "")) for column in columns])
    write(made, CLAIMS, [columns, *listed])
    return read_submission(made)


def case(folder: Path, rows: list[Row], year: int, notebook: str = OVERVIEW, **meta: str) -> Case:
    """Store such a submission and open it."""
    submission = submit(folder, rows, year, **meta)
    assert submission.acceptable, submission.findings
    storing.write(submission)
    return case_of(store.read(COUNTY, year), COUNTY, year, notebook)
