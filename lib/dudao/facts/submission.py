"""One county's filled workbook for one evaluation year, read sheet by sheet."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import yaml

from dudao.errors import FactsError, nearest
from dudao.facts import schema, sheets
from dudao.facts.findings import Finding, errors
from dudao.law.dates import EvaluationYear
from dudao.reference import counties

FOLDER_NAME = re.compile(r"(\d{6})-(\d{4})")
META_FILE = "source.meta.yml"
META_KEYS = ("county", "year", "county_name", "title", "transcription")
OWN_CODES = "99"  # anonymous or fictional counties, which no official table holds


@dataclass(frozen=True)
class Submission:
    """What one folder holds: its origin, three tables, and everything found wrong with it."""

    county: str
    year: int
    meta: dict
    facts: pd.DataFrame
    claims: pd.DataFrame
    evidence: pd.DataFrame
    digest: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def acceptable(self) -> bool:
        """Say whether nothing found keeps the submission out of the store."""
        return not errors(self.findings)


def _digest(folder: Path) -> str:
    """Return the sha256 over the folder's file names and bytes."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        digest.update(path.name.encode())
        digest.update(b"\0")
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()


def _meta(folder: Path, county: str, year: int) -> dict:
    path = folder / META_FILE
    if not path.is_file():
        raise FactsError(f"{folder.name}：缺少 {META_FILE}。请写明数据来源后重试。")
    try:
        meta = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FactsError(f"{folder.name}/{META_FILE} 无法解析：{error}。请按样例更正。") from error
    if not isinstance(meta, dict) or (lacking := [key for key in META_KEYS if not meta.get(key)]):
        names = "、".join(lacking if isinstance(meta, dict) else META_KEYS)
        raise FactsError(f"{folder.name}/{META_FILE} 缺少：{names}。请补上后重试。")
    if str(meta.get("county")) != county or int(meta.get("year", 0)) != year:
        raise FactsError(
            f"{folder.name}/{META_FILE}：county、year 与文件夹名不一致，请改为 {county} 和 {year}。"
        )
    return meta


def read_submission(folder: Path) -> Submission:
    """Read a folder `<county>-<year>` of the CSV twin; all findings of all sheets in one pass."""
    name = FOLDER_NAME.fullmatch(folder.name)
    if name is None:
        raise FactsError(f"文件夹“{folder.name}”应命名为“六位代码-评价年度”，例如 990001-2024。")
    county, year = name[1], int(name[2])
    if not county.startswith(OWN_CODES) and county not in counties():
        hint = nearest(county, counties())
        raise FactsError(f"{folder.name}：区划代码表中没有{county}{hint}。匿名或虚构县用99开头。")
    findings: list[Finding] = []
    place = {"county": county, "year": year}
    rows = sheets.fact_rows(folder, EvaluationYear(year), findings)
    facts = schema.typed(rows, schema.FACTS, place)
    claims = schema.typed(sheets.claim_rows(folder, findings), schema.CLAIMS, place)
    evidence = schema.typed(sheets.evidence_rows(folder, findings), schema.EVIDENCE, place)
    findings += schema.validate(facts, claims, evidence)
    return Submission(
        county=county,
        year=year,
        meta=_meta(folder, county, year),
        facts=facts,
        claims=claims,
        evidence=evidence,
        digest=_digest(folder),
        findings=findings,
    )
