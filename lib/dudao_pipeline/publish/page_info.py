"""What an appendix says of itself: head, links to its neighbours, why it is a draft."""

from __future__ import annotations

from collections import Counter

from dudao.law.topics import OVERVIEW, notebook_title
from dudao.show.words import RESULTS as RESULT_WORDS
from dudao_pipeline.publish.html import PageInfo
from dudao_pipeline.publish.summary import label

FORMS, COUNTY_PAGE = "附表（xlsx）", "index.html"
INDEX = "../../index.html"


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


def _head(found: dict) -> dict:
    """Return what the head of a page says of its points: counted in the overview, else listed."""
    if found["notebook"] != OVERVIEW:
        title = f"{notebook_title(found['notebook'])}自查自评"
        listed = tuple((p["id"], p["title"], p["result"]) for p in found["points"])
        return {"title": title, "summary": listed}
    counts = Counter(point["result"] for point in found["points"])
    shown = tuple((result, counts[result]) for result in RESULT_WORDS if counts[result])
    return {"title": "自查自评总览", "counts": shown, "headline": tuple(found["headline"])}


def _scenario(found: dict) -> tuple[str, ...]:
    told = found.get("scenario")
    return (told["title"], told["note"]) if told else ()


def page_info(found: dict, links: tuple, blocked: tuple[str, ...]) -> PageInfo:
    """Return the head of an appendix; `blocked` says why it is only a draft."""
    forms = ((FORMS, f"{found['notebook']}.xlsx"),) if "forms" in found else ()
    return PageInfo(
        county_name=found["county_name"],
        county=found["county"],
        year=found["year"],
        notebook=label(found["notebook"]),
        framework_title=found["framework_title"],
        data_version=found["data_version"],
        fictional=found["fictional"],
        blocked=blocked,
        scenario=_scenario(found),
        links=(*links, *forms),
        **_head(found),
    )
