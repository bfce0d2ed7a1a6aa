"""A small clean submission (虚构), as tables, that tests of the checks bend."""

from __future__ import annotations

from dudao.facts import schema
from dudao.facts.items import TIERS
from dudao.facts.sheet_layout import (
    CLAIMS,
    COUNTY,
    EVIDENCE,
    EXCEPTIONS,
    FUNDS,
    KINDERGARTENS,
    LAST_ROUND,
    SCHOOLS,
    SELF_RATINGS,
    TABLE_OF,
    columns_of,
)
from dudao.law import EvaluationYear
from dudao_pipeline.intake.cell_reading import parse
from dudao_pipeline.intake.handed_in import Tables
from dudao_pipeline.intake.sheet import address, column_letters
from dudao_pipeline.intake.sheet_headers import SHEETS, number_columns

YEAR = EvaluationYear(2024)
PLACE = {"county": "990002", "year": 2024}
FILE = "990002-2024"
SCHOOL_ROWS = {
    ("1001", "primary"): ("东关小学", "小学", "城区", 2001, 1200, 30),
    ("1002", "primary"): ("河湾教学点", "教学点", "乡村", 1998, 120, 6),
    ("1003", "primary"): ("石桥学校", "九年一贯制学校", "镇区", 2010, 480, 12),
    ("1003", "junior"): ("石桥学校", "九年一贯制学校", "镇区", 2010, 300, 6),
    ("1004", "junior"): ("县第二中学", "初级中学", "城区", 1985, 900, 20),
}
KINDERGARTEN_ROWS = {
    "2001": ("县直幼儿园", "公办", "城区", 2005, 300, 10, 25),
    "2002": ("晨星幼儿园", "普惠性民办", "镇区", 2015, 150, 6, 12),
    "2003": ("小树幼儿园", "非普惠民办", "城区", 2018, 50, 3, 6),
}
COUNTY_ROWS = {
    ("education_expenditure", "all"): ("30000", "32000"),
    ("total_education_funding", "all"): ("40000", "41000"),
    ("fiscal_education_funding", "all"): ("35000", "36000"),
    ("per_pupil_expenditure", "primary"): ("12000", "12500"),
    ("per_pupil_expenditure", "junior"): ("17000", "17500"),
    ("enrolment", "preschool"): ("520", "500"),
    ("enrolment", "primary"): ("1850", "1800"),
    ("enrolment", "junior"): ("1180", "1200"),
    ("classes", "preschool"): ("19", "19"),
    ("classes", "primary"): ("48", "48"),
    ("classes", "junior"): ("26", "26"),
    ("full_time_teachers", "preschool"): ("43", "43"),
    ("public_enrolment", "preschool"): ("310", "300"),
    ("inclusive_private_enrolment", "preschool"): ("150", "150"),
    ("kindergartens", "preschool"): ("3", "3"),
    ("public_kindergartens", "preschool"): ("1", "1"),
    ("private_kindergartens", "preschool"): ("2", "2"),
    ("schools", "compulsory"): ("4", "4"),
    ("schools", "primary"): ("1", "1"),
    ("schools", "junior"): ("1", "1"),
    ("first_tier_admission_rate", "senior"): ("30", "31.5"),
    ("first_tier_rate_above_city", "senior"): ("-2", "-1.5"),
    ("sleep_hours", "primary"): ("10", "10"),
    ("pe_periods_senior", "senior"): ("3", "3"),
    ("homework_minutes_junior", "junior"): ("80", "80"),
}
ROW = {key: at for at, key in enumerate(COUNTY_ROWS, 2)}


def _fact(sheet: str, at: tuple[int, int], text: str, **key) -> dict:
    cell = parse(text)
    value = {"value": cell.value, "status": cell.status, "qualifier": cell.qualifier}
    place = {"file": FILE, "sheet": sheet, "cell": address(*at)}
    return {"data_year": 2023, "school": "", "note": "", **key, **value, **place}


def _unit_rows(sheet: str, row: int, key: dict, values: dict[str, int]) -> list[dict]:
    columns = SHEETS[sheet].columns
    return [
        _fact(sheet, (row, columns.index(label) + 1), str(values.get(code, "")), item=code, **key)
        for label, code in number_columns(sheet).items()
    ]


class County:
    """A small clean submission (虚构) that a test bends before it is checked."""

    def __init__(self):
        self.county = dict(COUNTY_ROWS)
        self.schools = {key: list(row) for key, row in SCHOOL_ROWS.items()}
        self.kindergartens = {key: list(row) for key, row in KINDERGARTEN_ROWS.items()}
        self.funds = {"operating_fund": ("100", "60", "40")}
        self.notes: dict[tuple, str] = {}
        self.more: list[dict] = []
        self.school_items = {"teaching_area": 4000}
        self.of_schools: dict[str, dict] = {}
        self.evidence = [{"point": "2.1.1", "title": "决算报表", "date": "2024-01-20"}]
        self.claims = [{"number": 1, "name": "支出", "item": "education_expenditure"}]
        self.last_round: list[dict] = []
        self.ratings: list[dict] = []
        self.exceptions = [
            {"school": "1001", "item": "sports_area", "reason": "老城区", "document": "〔2019〕8号"}
        ]

    def set(self, code: str, stage: str, *texts: str) -> None:
        """Set base year, data year and progress year of a county item."""
        self.county[code, stage] = texts

    def _facts(self) -> list[dict]:
        rows = list(self.more)
        for at, ((code, stage), texts) in enumerate(self.county.items(), 2):
            note = self.notes.get((code, stage), "")
            for offset, text in enumerate(texts):
                key = {"item": code, "stage": stage, "data_year": 2022 + offset, "note": note}
                rows.append(_fact(COUNTY, (at, 5 + offset), text, **key))
        for at, (name, texts) in enumerate(self.funds.items(), 2):
            for offset, (tier, text) in enumerate(zip(TIERS, texts, strict=True)):
                key = {"item": f"{name}_{tier}", "stage": "compulsory"}
                rows.append(_fact(FUNDS, (at, 3 + offset), text, **key))
        for at, ((code, stage), row) in enumerate(self.schools.items(), 2):
            own = {item: by_school[code, stage] for item, by_school in self.of_schools.items()}
            values = {"enrolment": row[4], "classes": row[5], **self.school_items, **own}
            rows += _unit_rows(SCHOOLS, at, {"school": code, "stage": stage}, values)
        for at, (code, row) in enumerate(self.kindergartens.items(), 2):
            values = dict(zip(("enrolment", "classes", "full_time_teachers"), row[4:], strict=True))
            rows += _unit_rows(KINDERGARTENS, at, {"school": code, "stage": "preschool"}, values)
        return rows

    def _attributes(self) -> list[dict]:
        names = ("name", "kind", "location", "built")
        listed = [(SCHOOLS, *key, row) for key, row in self.schools.items()]
        listed += [(KINDERGARTENS, key, "preschool", r) for key, r in self.kindergartens.items()]
        starts = {SCHOOLS: 2, KINDERGARTENS: 2 - len(self.schools)}
        return [
            {
                "school": code.split("#")[0],
                "stage": stage,
                "note": "",
                **dict(zip(names, row[:4], strict=True)),
                **{"file": FILE, "sheet": sheet, "cell": f"A{at + starts[sheet]}"},
            }
            for at, (sheet, code, stage, row) in enumerate(listed)
        ]

    def _register(self, sheet: str, rows: list[dict]):
        columns, printed = schema.TABLES[TABLE_OF[sheet]], SHEETS[sheet].columns
        anchor = columns_of(sheet, "anchor")[0].header
        letter = column_letters(printed.index(anchor) + 1)
        blank = {name: "" if kind == "str" else 0 for name, kind in columns.items()}
        placed = [
            {**blank, **row, "file": FILE, "sheet": sheet, "cell": f"{letter}{at}"}
            for at, row in enumerate(rows, 2)
        ]
        return schema.typed([{**row, **PLACE} for row in placed], columns, PLACE)

    def tables(self) -> Tables:
        """Return the tables as a reader would."""
        claims = [{"stage": "all", "data_year": 2023, **claim} for claim in self.claims]
        return Tables(
            county="990002",
            year=YEAR,
            file=FILE,
            facts=schema.typed(self._facts(), schema.FACTS, PLACE),
            claims=self._register(CLAIMS, claims),
            evidence=self._register(EVIDENCE, self.evidence),
            schools=schema.typed(self._attributes(), schema.TABLES["schools"], PLACE),
            exceptions=self._register(EXCEPTIONS, self.exceptions),
            last_round=self._register(LAST_ROUND, self.last_round),
            self_ratings=self._register(SELF_RATINGS, self.ratings),
        )
