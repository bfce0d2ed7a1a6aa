"""What the checklist finds in a county's results and evidence: where, what, what to do next."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

import pandas as pd

from dudao.base.short_lists import name_first
from dudao.facts.county_names import OWN_CODES
from dudao.law.topics import OVERVIEW

REFUSED = "refused"  # kind of the remark on a county that could not be published
LISTED = 3  # names in one remark; the page has them all
NOTED = 4  # letters that a note must share with what it explains
_Told = tuple[str, list[str], str]  # kind, names, text of a reminder


@dataclass(frozen=True, order=True)
class Remark:
    """One finding in Chinese; a blocking one keeps its page from being published.

    page: evaluation year, county and notebook, as in 2024/990100/02_funding. kind: of GROUPS;
    names: what the finding is about, by which those of a kind are counted.
    """

    page: str
    text: str
    blocking: bool = True
    kind: str = ""
    names: Sequence[str] = field(default=(), compare=False)

    def __str__(self) -> str:
        """Return the line that a user reads."""
        return f"{'必须改正' if self.blocking else '提醒'}　{self.page}：{self.text}"


# Reminders of many counties, one line a kind; law is the same for all, so that its rules are named.
GROUPS = {
    "vetoes": "一票否决事项没有填报，相关要点待定：{counties}。请填报有无发生（没有发生填0）。",
    "points": "待定要点：{counties}。补充各县页面所列数据后可以判定。",
    "law": "判定用了{number}条未经证实的标准：{listed}。请核对原文后再报送。",
    "papers": "佐证材料没有登记文件：{counties}。请放入附件文件夹后重新导入。",
    "peers": "同类各县的汇总变了，结果不是最新的：{counties}。请重新运行 dudao run，再发布。",
}
_UNITS = {"vetoes": "项", "points": "个", "papers": "件", "peers": "册"}
_COUNTIES = 6  # named in a line


def grouped(remarks: Sequence[Remark], county_names: Mapping[str, str]) -> list[str]:
    """Return reminders as lines that a person reads: of several counties, those of a kind in one.

    county_names: by code.
    """
    at = {remark: tuple(remark.page.split("/")[:2]) for remark in remarks}
    is_alone, many_years = len(set(at.values())) < 2, len({year for year, _ in at.values()}) > 1
    lines = [str(remark) for remark in remarks if is_alone or remark.kind not in GROUPS]
    for kind, form in {} if is_alone else GROUPS.items():
        of_kind = [remark for remark in remarks if remark.kind == kind]
        names: dict[tuple[str, ...], set[str]] = {}
        for remark in of_kind:
            names.setdefault(at[remark], set()).update(remark.names)
        named = [
            f"{f'{year}年' if many_years else ''}{county_names.get(code, code)}"
            f"（{len(listed)}{_UNITS.get(kind, '')}）"
            for (year, code), listed in sorted(names.items(), key=lambda one: -len(one[1]))
        ]
        every = [name for name, _ in Counter(chain(*map(sorted, names.values()))).most_common()]
        if named:
            text = form.format(
                counties=name_first(named, _COUNTIES, "个县（区）"),
                number=len(every),
                listed=_some(every),
            )
            lines.append(f"提醒　{text}")
    return lines


# What reading adds to a note itself explains nothing: how a converted cell was written.
_ADDED_BY_READING = re.compile(r"原填“[^”]*”(?:，按未报处理)?")
_CELL = re.compile(r"[^（）、\s]+![A-Z]+\d+")  # of 县级指标!F304（报告第4项）
_EXPLAINED_IN = {"disagrees": "其中一格的“备注”", "contradicted": "该行的“口径”"}


def noted_cells(facts: pd.DataFrame) -> frozenset[str]:
    """Return the cells beside which the county wrote a note, as sheet!cell.

    facts: one row per fact, columns sheet, cell and note.
    """
    noted = facts[facts["note"].astype(str) != ""]
    return frozenset(
        f"{row.sheet}!{row.cell}"
        for row in noted.itertuples()
        if _ADDED_BY_READING.sub("", str(row.note)).strip("；，。 ")
    )


def record_remarks(
    record: dict, page: str, notes: Sequence[str], noted: Collection[str] = ()
) -> list[Remark]:
    """Say what in one notebook's results keeps it from publication, then what to look at.

    notes: of the whole submission; noted: the cells beside which a note stands.
    """
    blocking = [*_misplaced(record), *_unexplained(record, notes, noted)]
    warned = [*_unreported_vetoes(record), *_unconfirmed(record), *_undecided(record)]
    warned = [] if record["notebook"] == OVERVIEW else warned
    return [
        *(Remark(page, text) for text in blocking),
        *(Remark(page, text, blocking=False, kind=k, names=names) for k, names, text in warned),
    ]


def _misplaced(record: dict) -> Iterator[str]:
    if record["fictional"] and not record["county"].startswith(OWN_CODES):
        yield (
            f"虚构数据放在真实县（区）代码{record['county']}下。"
            "请改用99开头的代码，或导入真实数据后重新运行。"
        )


def _unreported_vetoes(record: dict) -> Iterator[_Told]:
    """Name the cells of veto items that are not reported: their points stay undecided."""
    open_ones = [
        check
        for check in record["checks"]
        if check["role"] == "veto" and check["result"] == "undecided"
    ]
    if open_ones:
        labels = list(dict.fromkeys(check["label"] for check in open_ones))
        cells = dict.fromkeys(text for check in open_ones for text in check["missing"])
        text = (
            f"一票否决事项没有填报，相关要点待定：{_some(labels)}（{_some(list(cells))}）。"
            "请填报有无发生（没有发生填0），重新导入并运行。"
        )
        yield "vetoes", labels, text


def _unexplained(record: dict, notes: Sequence[str], noted: Collection[str]) -> Iterator[str]:
    """Name what does not fit, unless its note says why, one that begins as it does, or a cell's."""
    for doubt in record["contradictions"]:
        cells = [cell for text in doubt["places"] for cell in _CELL.findall(text)]
        is_noted = (
            doubt["note"]
            or any(cell in noted for cell in cells)
            or any(doubt["label"][:NOTED] in note for note in notes)
        )
        if doubt["kind"] in _EXPLAINED_IN and not is_noted:
            yield (
                f"数字自相矛盾而没有说明：{doubt['label']}，{doubt['working']}"
                f"（{'、'.join(doubt['places'])}）。"
                f"请改正数据，或在{_EXPLAINED_IN[doubt['kind']]}写明原因，再重新导入并运行。"
            )


def _unconfirmed(record: dict) -> Iterator[_Told]:
    used = [
        check["label"]
        for check in record["checks"]
        if check["law_status"] == "unconfirmed" and check["result"] in ("met", "not_met")
    ]
    if used:
        text = f"判定用了{len(used)}条未经证实的标准：{_some(used)}。请核对原文后再报送。"
        yield "law", used, text


def _undecided(record: dict) -> Iterator[_Told]:
    open_ones = [point for point in record["points"] if point["result"] == "undecided"]
    if open_ones:
        named = [f"{point['id']} {point['title']}" for point in open_ones]
        text = f"待定要点{len(open_ones)}个：{_some(named)}。补充页中所列数据后可以判定。"
        yield "points", named, text


def evidence_remarks(evidence: Sequence[Mapping], page: str) -> list[Remark]:
    """Say which registered evidence has no file on record."""
    absent = [row["title"] for row in evidence if not row["sha256"]]
    if not absent:
        return []
    text = f"{len(absent)}件佐证材料没有登记文件：{_some(absent)}。请放入附件文件夹后重新导入。"
    return [Remark(page, text, blocking=False, kind="papers", names=absent)]


def _some(names: Sequence[str]) -> str:
    return name_first(names, LISTED, "项")
