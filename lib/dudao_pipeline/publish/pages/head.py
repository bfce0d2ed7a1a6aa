"""What an appendix says of itself: head, links to its neighbours, why it is a draft."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dudao.law.topics import OVERVIEW, notebook_title
from dudao.show.results_cell import check_anchors
from dudao.show.words import RESULTS as RESULT_WORDS
from dudao_pipeline.intake.problem_plans import NAME, SHEET
from dudao_pipeline.publish.amounts import by_weight, gap_text, limit_text
from dudao_pipeline.publish.pages.page import PageInfo
from dudao_pipeline.publish.summary import label

FORMS, COUNTY_PAGE = "附表（xlsx）", "index.html"
INDEX = "../../index.html"
GAPS_SHOWN = 6


def links_of(names: list[str], at: int, up: str = "") -> tuple[tuple[str, str], ...]:
    """Return the links of a page: up to index and county, and to its neighbours.

    up: the way from the page to its county's folder, where it lies deeper.
    """
    links = [("目录", up + INDEX), ("本县", up + COUNTY_PAGE)]
    if at > 0:
        links.append((f"上一篇：{label(names[at - 1])}", f"{names[at - 1]}.html"))
    if at + 1 < len(names):
        links.append((f"下一篇：{label(names[at + 1])}", f"{names[at + 1]}.html"))
    return tuple(links)


def _counts(points: Iterable[dict]) -> tuple[tuple[str, int], ...]:
    counts = Counter(point["result"] for point in points)
    return tuple((result, counts[result]) for result in RESULT_WORDS if counts[result])


def _head(record: dict) -> dict:
    """Return what the head of a page says: results of the points, what they rest on, gaps."""
    counts = _counts(record["points"])
    if record["notebook"] == OVERVIEW:
        rests = ("结果取自各分册，数据、标准和出处见各分册。",)
        headline = tuple(record["headline"])
        return {"title": "自查自评总览", "counts": counts, "headline": headline, "rests": rests}
    gaps = _gaps(record["checks"])
    return {
        "title": f"{notebook_title(record['notebook'])}自查自评",
        "summary": tuple((p["id"], p["title"], p["result"]) for p in record["points"]),
        "counts": counts,
        "rests": tuple(_rests(record)),
        "gaps": tuple(gaps[:GAPS_SHOWN]),
        "more_gaps": max(len(gaps) - GAPS_SHOWN, 0),
    }


def _rests(record: dict) -> Iterable[str]:
    """Say what the results of a page rest on: checks by basis, what is missing, what is open."""
    checks = record["checks"]
    if not checks:
        return
    judged = [check for check in checks if check["result"] in ("met", "not_met")]
    basis = Counter(check["basis"] for check in judged)
    words = (
        ("computed", "按本县报送的数据计算"),
        ("attested", "据本县陈述，待评审认定"),
        ("contradicted", "报告与数据不符，以数据为准"),
    )
    listed = "，".join(f"{basis[name]}项{word}" for name, word in words if basis[name])
    yield f"共{len(checks)}项检查，判定{len(judged)}项" + (f"：{listed}。" if listed else "。")
    lacking = sum(check["result"] == "undecided" and check["value"] is None for check in checks)
    unconfirmed = sum(check["law_status"] == "unconfirmed" for check in judged)
    more = (
        f"{lacking}项缺数据，待定" if lacking else "",
        f"{unconfirmed}项所用标准未经证实" if unconfirmed else "",
        f"{len(record['contradictions'])}处矛盾或存疑" if record["contradictions"] else "",
    )
    if sentence := "；".join(filter(None, more)):
        yield f"{sentence}。"


def _gaps(checks: Sequence[dict]) -> list[tuple[str, str, str, str, str]]:
    """Return what falls short with an amount, the largest part of its standard first."""
    placed = zip(checks, check_anchors(check["check"] for check in checks), strict=True)
    short = [(check, at) for check, at in placed if check["gap"] and check["result"] == "not_met"]
    return [
        (check["label"], check["value_text"], limit_text(check), gap_text(check), at)
        for check, at in sorted(short, key=lambda entry: by_weight(entry[0]))
    ]


def page_info(
    record: dict,
    links: tuple,
    blocked: tuple[str, ...],
    *,
    is_internal: bool = False,
) -> PageInfo:
    """Return the head of an appendix; `blocked` says why it is only a draft.

    is_internal: the county's problem list, and the page of what it submitted, lie beside.
    """
    scenario = record.get("scenario")
    forms = ((FORMS, f"{record['notebook']}.xlsx"),) if "forms" in record else ()
    if record["notebook"] == OVERVIEW and is_internal:
        forms = ((f"{SHEET}（xlsx）", NAME),)
    return PageInfo(
        county_name=record["county_name"],
        county=record["county"],
        year=record["year"],
        notebook=label(record["notebook"]),
        framework_title=record["framework_title"],
        data_version=record["data_version"],
        fictional=record["fictional"],
        blocked=blocked,
        scenario=(scenario["title"], scenario["note"]) if scenario else (),
        has_data=is_internal,
        links=(*links, *forms),
        **_head(record),
    )
