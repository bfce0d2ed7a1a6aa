"""What the checklist finds in a county's results and evidence: where, what, what to do next."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import pandas as pd

from dudao.base.short_lists import name_first
from dudao.base.yaml_text import read_own
from dudao.facts.county_names import OWN_CODES
from dudao.law.topics import OVERVIEW

REFUSED = "refused"  # kind of the remark on a county that could not be published
LISTED = 3  # names in one remark; the page has them all
NOTED = 4  # letters that a note must share with what it explains
KINDS = read_own(Path(__file__).with_name("reminders.yaml"))


@dataclass(frozen=True, order=True)
class Remark:
    """One finding in Chinese; a blocking one keeps its page from being published.

    page: evaluation year, county and notebook, as in 2024/990100/02_funding. kind: of KINDS;
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


_COUNTIES = 6  # named in a line


def reminder(page: str, kind: str, names: Sequence[str], **words: str) -> Remark:
    """Return what is to be looked at on a page, in the words of its kind."""
    text = KINDS[kind]["alone"].format(number=len(names), listed=_some(names), **words)
    return Remark(page, text, blocking=False, kind=kind, names=names)


def grouped(remarks: Sequence[Remark], county_names: Mapping[str, str]) -> list[str]:
    """Return reminders as lines that a person reads: of several counties, those of a kind in one.

    county_names: by code.
    """
    at = {remark: tuple(remark.page.split("/")[:2]) for remark in remarks}
    is_alone, many_years = len(set(at.values())) < 2, len({year for year, _ in at.values()}) > 1
    lines = [str(remark) for remark in remarks if is_alone or remark.kind not in KINDS]
    for kind, words in {} if is_alone else KINDS.items():
        of_kind = [remark for remark in remarks if remark.kind == kind]
        names: dict[tuple[str, ...], set[str]] = {}
        for remark in of_kind:
            names.setdefault(at[remark], set()).update(remark.names)
        named = [
            f"{f'{year}年' if many_years else ''}{county_names.get(code, code)}"
            f"（{len(listed)}{words['unit']}）"
            for (year, code), listed in sorted(names.items(), key=lambda one: -len(one[1]))
        ]
        every = [name for name, _ in Counter(chain(*map(sorted, names.values()))).most_common()]
        if named:
            text = words["together"].format(
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
    reminders = () if record["notebook"] == OVERVIEW else _reminders(record, page)
    return [*(Remark(page, text) for text in blocking), *reminders]


def _misplaced(record: dict) -> Iterator[str]:
    if record["fictional"] and not record["county"].startswith(OWN_CODES):
        yield (
            f"虚构数据放在真实县（区）代码{record['county']}下。"
            "请改用99开头的代码，或导入真实数据后重新运行。"
        )


def _reminders(record: dict, page: str) -> Iterator[Remark]:
    """Yield what is open in a notebook: veto items without a figure, law nobody read, points."""
    checks, points = record["checks"], record["points"]
    vetoes = [one for one in checks if one["role"] == "veto" and one["result"] == "undecided"]
    if labels := list(dict.fromkeys(check["label"] for check in vetoes)):
        cells = dict.fromkeys(text for check in vetoes for text in check["missing"])
        yield reminder(page, "vetoes", labels, cells=_some(list(cells)))
    judged = [one for one in checks if one["result"] in ("met", "not_met")]
    if used := [check["label"] for check in judged if check["law_status"] == "unconfirmed"]:
        yield reminder(page, "law", used)
    if named := [f"{one['id']} {one['title']}" for one in points if one["result"] == "undecided"]:
        yield reminder(page, "points", named)


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


def evidence_remarks(evidence: Sequence[Mapping], page: str) -> list[Remark]:
    """Say which registered evidence has no file on record."""
    absent = [row["title"] for row in evidence if not row["sha256"]]
    return [reminder(page, "papers", absent)] if absent else []


def _some(names: Sequence[str]) -> str:
    return name_first(names, LISTED, "项")
