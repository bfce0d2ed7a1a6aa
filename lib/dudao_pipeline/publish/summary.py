"""What the site shows of a county: the short form of its results, kept beside its pages."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dudao.base import reference
from dudao.law import framework_for
from dudao.law.topics import OVERVIEW, is_topical, notebook_title
from dudao_pipeline.publish.review import reason, review_items

WITHHELD = "所在附件（{}）未发布，原因见“未发布的附件”"
NOT_FILLED = "没有填报，见补充资料清单"
NO_PROVINCE, INVENTED, ANONYMOUS = "虚构与匿名", "虚构县", "匿名县"
SHOWN = (
    *("points", "check", "label", "unit", "compare", "threshold", "decimals", "value"),
    *("result", "result_text"),
)


def label(notebook: str) -> str:
    """Return number and title of a notebook, as in 02 教育经费保障."""
    return f"{notebook[:2]} {notebook_title(notebook)}"


def _area(record: dict) -> dict[str, str]:
    listed = reference.counties().get(record["county"])
    if listed is None:
        city = INVENTED if record["fictional"] else ANONYMOUS
        return {"name": record["county_name"], "city": city, "province": NO_PROVINCE}
    short = listed.name.removeprefix(listed.city)
    return {"name": short or listed.name, "city": listed.city, "province": listed.province}


def county_summary(
    records: Mapping[str, dict],
    *,
    warnings: Sequence[str] = (),
    blocked: int = 0,
    kept_back: Mapping[str, Sequence[str]] | None = None,
    unpublished: Mapping[str, dict] | None = None,
    drafts: Sequence[str] = (),
) -> dict:
    """Return the points, checks and pages of a county and year, from its notebooks' results.

    warnings: what ingest warned of; blocked: how many faults keep pages back or mark them drafts;
    kept_back: the faults of each notebook whose page is not published; unpublished: their results,
    of which no more is told than what is in doubt. held: the points of these notebooks of which
    nothing published tells. unlisted: how many points of the scheme none of the published
    notebooks tells of. drafts: the notebooks whose pages are marked as drafts.
    """
    last = records[max(records)]
    topical = {name: record for name, record in records.items() if is_topical(name)}
    scheme = framework_for(last["year"], last["area"]).points
    withheld = {
        point.id: WITHHELD.format(label(point.notebook))
        for point in scheme
        if point.notebook in (kept_back or {})
    }
    points = _points(topical, records.get(OVERVIEW), withheld)
    shown = {point["id"] for point in points}
    return {
        **{name: last[name] for name in ("county", "year", "fictional", "framework_title")},
        "data_version": last["data_version"],
        **_area(last),
        "points": points,
        "unlisted": len(scheme) - len(points),
        "held": [
            {"id": point.id, "title": point.title, "reason": withheld[point.id]}
            for point in scheme
            if point.id in withheld and point.id not in shown
        ],
        "kept_back": {name: list(texts) for name, texts in (kept_back or {}).items()},
        "headline": list(records.get(OVERVIEW, {}).get("headline", ())),
        "review": review_items(records, warnings, unpublished),
        "blocked": blocked,
        "drafts": list(drafts),
        "pages": {
            name: dict(Counter(point["result"] for point in record["points"]))
            for name, record in records.items()
        },
        "checks": {
            name: [{key: check[key] for key in SHOWN} for check in record["checks"]]
            for name, record in topical.items()
        },
    }


def _lack(point: dict) -> str:
    """Say why a point is open whose notebook did not run, for want of any figure."""
    if point["result"] != "undecided":
        return ""
    return NOT_FILLED if point["to_supply"] else point["note"] or NOT_FILLED


def _points(
    topical: Mapping[str, dict], whole: dict | None, withheld: Mapping[str, str]
) -> list[dict]:
    """Return every point once, in the tree's order, with the notebook that judges it if any.

    withheld: why the page of a point is not there, by point.
    An annex tells of a part of a point: without overview and notebook the point is not told of.
    """
    judged = {p["id"]: (p, name) for name, record in topical.items() for p in record["points"]}
    of_all = whole["points"] if whole else [p for p, _ in judged.values()]
    in_order = {p["id"]: (p, judged.get(p["id"], (p, ""))[1]) for p in of_all}
    return [
        {
            "id": point["id"],
            "title": point["title"],
            "result": point["result"],
            "notebook": name,
            "reason": reason(topical[name], point)
            if name
            else withheld.get(point["id"]) or _lack(point),
        }
        for point, name in ({**in_order, **judged} | in_order).values()
    ]
