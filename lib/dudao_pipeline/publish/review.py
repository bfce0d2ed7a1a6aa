"""What a reviewer looks at first in a county: what is in doubt or fails, by severity and place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dudao.base.short_lists import name_first
from dudao.judging.points import PAPER
from dudao.judging.results import NOT_APPLICABLE, NOT_MET, UNDECIDED
from dudao.law.rules_check import VETO
from dudao.law.topics import is_topical
from dudao.show.results_cell import check_anchors
from dudao_pipeline.publish.amounts import failed, gap_text, limit_text

CONTRADICTION, OVERRATED, WARNING, EVIDENCE = "contradiction", "overrated", "warning", "evidence"
SEVERITIES = {
    VETO: "一票否决",
    CONTRADICTION: "数据矛盾",
    OVERRATED: "自评高于数据",
    NOT_MET: "未达标",
    WARNING: "警告、存疑",
    EVIDENCE: "材料未登记",
}
_KINDS = {
    "disagrees": CONTRADICTION,
    "contradicted": CONTRADICTION,
    "overrated": OVERRATED,
    "implausible": WARNING,
}
KEPT_BACK = "index.html#kept-back"  # where the first page of a county names what is unpublished
REASONS = 2  # named for a point; further ones are counted


def _shortfall(check: dict) -> str:
    gap = gap_text(check)
    more = f"，{gap}" if gap else ""
    return f"{check['label']}：{check['value_text']}（标准{limit_text(check)}{more}）"


def reason(record: dict, point: dict) -> str:
    """Say in words why a point is not met or open; nothing for one that is met."""
    if point["result"] == NOT_MET:
        failing = failed(check for check in record["checks"] if point["id"] in check["points"])
        if not failing:
            return point["note"] or "本县自评未达标"
        more = f"；共{len(failing)}项" if len(failing) > REASONS else ""
        return "；".join(map(_shortfall, failing[:REASONS])) + more
    if point["result"] == UNDECIDED:
        lacking = point["to_supply"]
        listed = name_first(lacking, REASONS, "项", between="；")
        return f"需补充：{listed}" if lacking else point["note"]
    return point["note"] if point["result"] == NOT_APPLICABLE else ""


def _of_record(name: str, record: dict) -> Iterator[dict]:
    page = f"{name}.html"
    anchors = check_anchors(check["check"] for check in record["checks"])
    for check, at in zip(record["checks"], anchors, strict=True):
        if check["role"] == VETO and check["result"] == NOT_MET:
            what = f"{check['label']}：{check['value_text']}"
            yield _item(VETO, "、".join(check["points"]), what, f"{page}#{at}")
    yield from _doubts(record, page)
    for point in record["points"]:
        place = f"{page}#point-{point['id']}"
        if point["result"] == NOT_MET:
            what = f"{point['title']}：{reason(record, point)}"
            yield _item(NOT_MET, point["id"], what, place)
        for text in point["to_supply"]:
            if text.startswith(PAPER):
                yield _item(EVIDENCE, point["id"], text.removeprefix(PAPER), place)


def _doubts(record: dict, page: str) -> Iterator[dict]:
    for doubt in record["contradictions"]:
        year = f"{doubt['year']}年" if doubt["year"] else ""
        what = f"{year}{doubt['label']}：{doubt['working']}"
        yield _item(_KINDS[doubt["kind"]], "", what, page)


def _item(severity: str, point: str, what: str, place: str) -> dict:
    return {"severity": severity, "point": point, "what": what, "place": place}


def review_items(
    records: Mapping[str, dict],
    warnings: Iterable[str] = (),
    unpublished: Mapping[str, dict] | None = None,
) -> list[dict]:
    """Return what to review of a county, by severity, each thing once.

    records: results by notebook. warnings: what the checks at ingest warned of, in words.
    unpublished: results whose page is kept back; what is in doubt in them is why.
    """
    topical = [(name, record) for name, record in sorted(records.items()) if is_topical(name)]
    items = [item for name, record in topical for item in _of_record(name, record)]
    for record in (unpublished or {}).values():
        items += _doubts(record, KEPT_BACK)
    first = next(iter(records), "")
    items += [_item(WARNING, "", text, f"{first}.html" if first else "") for text in warnings]
    unique = {(item["severity"], item["point"], item["what"]): item for item in items}
    order = list(SEVERITIES)
    return sorted(unique.values(), key=lambda item: order.index(item["severity"]))


def counts_by_severity(items: Sequence[dict]) -> dict[str, int]:
    """Return how many things there are to review of each severity."""
    return {name: sum(item["severity"] == name for item in items) for name in SEVERITIES}
