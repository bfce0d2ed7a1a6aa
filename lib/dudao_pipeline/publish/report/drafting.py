"""The text of the report as blocks, drafted from a county's results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dudao.law import framework_for
from dudao_pipeline.publish.report.closing import measures, problems
from dudao_pipeline.publish.report.draft import (
    ADDRESSEE,
    ATTACHMENT,
    BODY,
    FIRST,
    MARK,
    SECOND,
    SIGNATURE,
    THIRD,
    TITLE,
    Block,
    Draft,
    numeral,
)
from dudao_pipeline.publish.report.sentences import amount, point_sentences, supply_sentence


def blocks(draft: Draft) -> Iterator[Block]:
    """Yield the paragraphs of the report from title to signature."""
    yield from _beginning(draft)
    chapters = (_overall, _indicators, _comparison, problems, measures)
    number = 0
    for chapter in chapters:
        found = list(chapter(draft))
        if found:
            number += 1
            yield Block(FIRST, f"{numeral(number)}、{found[0].text}")
            yield from found[1:]
    signed = draft.words["signature"].format(county=draft.last["county_name"])
    yield Block(SIGNATURE, signed)
    yield Block(SIGNATURE, draft.words["date"])
    if draft.digests:
        yield Block(ATTACHMENT, draft.words["attachments_heading"])


def _beginning(draft: Draft) -> Iterator[Block]:
    last, words = draft.last, draft.words
    yield Block(TITLE, words["title"].format(county=last["county_name"], year=last["year"]))
    if last["fictional"]:
        yield Block(MARK, words["fictional_mark"])
    yield Block(ADDRESSEE, words["addressee"])
    opening = words["opening"].format(
        framework=last["framework_title"],
        year=last["year"],
        data_year=last["year"] - 1,
        data_version=last["data_version"],
    )
    yield Block(BODY, opening)


def _overall(draft: Draft) -> Iterator[Block]:
    counts = Counter(point["result"] for point in draft.points.values())
    told = [
        text.format(number=counts[result])
        for result, text in draft.words["tally"].items()
        if counts[result]
    ]
    yield Block(FIRST, draft.words["overall_heading"])
    yield Block(
        BODY, draft.words["overall"].format(points=len(draft.points), tally="，".join(told))
    )
    if counts["undecided"]:
        yield Block(BODY, draft.words["open_note"])


def _indicators(draft: Draft) -> Iterator[Block]:
    last = draft.last
    framework = framework_for(last["year"], last["county"])
    shown = [point for point in framework.points if point.id in draft.points]
    yield Block(FIRST, draft.words["indicators_heading"])
    primary = secondary = ""
    first = second = third = 0
    for point in shown:
        if point.primary != primary:
            primary, first, second = point.primary, first + 1, 0
            yield Block(SECOND, f"（{numeral(first)}）{framework.primary_titles[primary]}")
        if point.secondary != secondary:
            secondary, second, third = point.secondary, second + 1, 0
            yield Block(THIRD, f"{second}. {framework.secondary_titles[secondary]}")
        third += 1
        yield from _point(draft, draft.points[point.id], third)


def _point(draft: Draft, point: dict, number: int) -> Iterator[Block]:
    words = draft.words
    line = words["point"][point["result"]].format(number=number, title=point["title"])
    if point["basis"] == "attested" and point["result"] == "met":
        line += words["attested"]
    own = [check for check in draft.checks if check["point"] == point["id"]]
    yield Block(BODY, line + point_sentences(own, draft.changes, words))
    if point["to_supply"] and point["result"] == "undecided":
        yield Block(BODY, supply_sentence(point["to_supply"], words))


def _comparison(draft: Draft) -> Iterator[Block]:
    compared = [peer for peer in draft.overview.get("peers", ()) if peer["quartiles"]]
    if not compared:
        return
    yield Block(FIRST, draft.words["comparison_heading"])
    told = [
        draft.words["comparison"].format(
            label=peer["label"],
            value=amount(peer["value"], peer["unit"]),
            counties=peer["all"]["counties"],
            median=amount(peer["quartiles"]["median"], peer["unit"]),
        )
        for peer in compared
    ]
    yield Block(BODY, "；".join(told) + "。")
