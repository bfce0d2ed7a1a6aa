"""补充资料清单: what an analyst has to supply, check or write before the report is signed.

Cells, digests and versions stand here and not in the report.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dudao.law.topics import notebook_title
from dudao.show.supply_tables import PLACE
from dudao.show.words import DOUBTS
from dudao_pipeline.files import write
from dudao_pipeline.intake.template.saving import to_bytes
from dudao_pipeline.publish.report.draft import Draft
from dudao_pipeline.publish.report.judged import lack_of
from dudao_pipeline.publish.report.problem_section import problems_of
from dudao_pipeline.publish.workbooks import Content, add_sheet, new_workbook, subtitle_of

OPEN_FIELDS, OPEN_HEADS = "报告待填", ("位置", "内容")
DAY = "成文日期"  # which nobody can write before the report is signed


def write_supply_list(path: Path, draft: Draft, digests: Mapping[str, str]) -> None:
    """Write the list beside the report; digests: of the appendices, by file."""
    last = draft.last
    book = new_workbook(last["year"])
    versions = f"数据版本{last['data_version']}，法规版本{last['law_version']}"
    sealed = [(notebook_title(f.rpartition(".")[0]), f, d) for f, d in sorted(digests.items())]
    sheets = (
        ("需补充", ("序号", "要点", "要点名称", "类别", "内容", "位置"), _lacking(draft)),
        ("需核实", ("序号", "事项", "年度", "算式", "性质", "位置", "说明"), _doubtful(draft)),
        (OPEN_FIELDS, ("序号", *OPEN_HEADS), _open_fields(draft)),
        ("附件校验", ("序号", "名称", "文件", "校验值（sha256）"), sealed),
    )
    for name, heads, rows in sheets:
        numbered = [(at, *row) for at, row in enumerate(rows, 1)]
        title = (f"补充资料清单：{name}", subtitle_of(last), versions)
        add_sheet(book, name, heads, numbered, title=title)
    write(path, to_bytes(book))


def _lacking(draft: Draft) -> Iterator[Sequence[Content]]:
    """Yield what each point lacks to be decided: kind, what, and the cell where it goes."""
    words = draft.words["lacking"]
    for point in draft.shown_points:
        for text in dict.fromkeys(draft.points[point.id]["to_supply"]):
            match = PLACE.search(text)
            where = match[1] if match and lack_of(text) == "data" else ""
            what = text[: match.start()] if where else text
            yield point.id, point.title, words[lack_of(text)], what, where
        for text in draft.points[point.id]["law"]:
            yield point.id, point.title, words["law"], text, ""


def _doubtful(draft: Draft) -> Iterator[Sequence[Content]]:
    """Yield what does not fit together, each once, with every place."""
    listed = set()
    for record in draft.records.values():
        for doubt in record["contradictions"]:
            row = (
                doubt["label"],
                str(doubt["year"] or "未写明"),
                doubt["working"],
                DOUBTS[doubt["kind"]],
                "、".join(doubt["places"]),
                doubt["note"],
            )
            if row not in listed:
                listed.add(row)
                yield row


def _open_fields(draft: Draft) -> Iterator[Sequence[Content]]:
    """Yield what the report leaves to be written by hand."""
    yield DAY, "签发时填写"
    if draft.words["above_unknown"] == draft.county.above:
        yield "主送", "填写上级人民政府教育督导委员会的全称"
    for problem in problems_of(draft):
        entries = {"责任单位": problem.office, "时限": problem.deadline}
        if empty := [name for name, text in entries.items() if not text]:
            yield f"三、下一步工作：{problem.title}", f"填写{'、'.join(empty)}，核对措施"
