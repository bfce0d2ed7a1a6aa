"""What was checked, not only what was wrong: of every group of checks the cells looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dudao_pipeline.intake.checks.common import Book
from dudao_pipeline.intake.findings import Finding, by_cell

READING = "单元格能否读懂"
# Title of a group -> its codes; what it looked at is counted under the first.
GROUPS = {
    "数值在可能的范围内": ("R01", "R02", "R03", "R08"),
    "学生、班级、教师相互合理": ("R04", "R05", "R09"),
    "学校建成年份": ("R06", "R07"),
    "单位没有填错": ("U01", "U02", "U03", "U04"),
    "分项之和等于合计": ("I01",),
    "部分不多于整体": ("I02", "I06"),
    "全县数与各校（园）之和一致": ("I03", "I04"),
    "三级资金": ("I05",),
    "规模较小的农村学校": ("I07",),
    "与上年相比": ("J01", "J03"),
    "生均经费与教育支出": ("J02",),
    "生均经费与全国、其他县": ("L01", "L03"),
    "学段之间": ("L02",),
    "学校代码、名称、类别": ("K03", "K04", "K05", "K06", "K07", "K08", "K10"),
    "没有个人号码": ("K09",),
    "佐证材料": ("E01", "E02", "E03", "E04", "E05", "E06", "E07", "E09"),
    "例外": ("X01", "X02", "X03", "X04"),
    "报告所列数据": ("C01", "C02", "C03"),
    "报告所列数的算式": ("C06", "C07"),
    "上轮问题": ("P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08"),
    "自评": ("P09", "P10", "P11", "P12"),
    "各要点所需数据齐全": ("Q01",),
}


@dataclass(frozen=True)
class Coverage:
    """A group of checks: how many cells it looked at, how many it could not judge, and findings."""

    title: str
    codes: tuple[str, ...]
    looked: int
    reported: int
    unjudged: int

    @property
    def passed(self) -> int:
        """Return how many cells were judged and found in order."""
        return max(self.looked - self.reported - self.unjudged, 0)


def coverage(book: Book, findings: Iterable[Finding], left: Collection[str]) -> list[Coverage]:
    """Count by group what was looked at, passed, found and not judged.

    left: codes that were not judged, since other cells could not be read.
    """
    counts = Counter(finding.code for finding in by_cell(findings))
    grouped = {code for codes in GROUPS.values() for code in codes}
    tables = book.tables
    registers = (tables.claims, tables.evidence, tables.exceptions, tables.last_round)
    cells = len(tables.facts) + sum(map(len, (*registers, tables.self_ratings)))
    unread = sorted(set(counts) - grouped)
    reading = sum(counts[code] for code in unread)
    rows = [Coverage(READING, tuple(unread), max(cells, reading), reading, 0)]
    for title, codes in GROUPS.items():
        looked, unjudged = book.looked[codes[0]], book.unjudged[codes[0]]
        if set(codes) <= set(left):
            unjudged = looked
        reported = sum(counts[code] for code in codes)
        rows.append(Coverage(title, codes, max(looked, reported + unjudged), reported, unjudged))
    return rows
