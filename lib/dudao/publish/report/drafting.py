"""The text of the report as blocks, drafted from a county's results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dudao.law import framework_for
from dudao.law.topics import OVERVIEW, annexed_topics
from dudao.publish.report.sentences import amount, check_sentence, gap_text, supply_sentence
from dudao.publish.report.wording import Words
from dudao.publish.summary import label

TITLE, ADDRESSEE, BODY, SIGNATURE, MARK = "title", "addressee", "body", "signature", "mark"
FIRST, SECOND, THIRD, ATTACHMENT = "first", "second", "third", "attachment"
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Block:
    """One paragraph: what it is (its style) and what it says."""

    kind: str
    text: str


def numeral(number: int) -> str:
    """Return a number up to 99 as headings write it."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else NUMERALS[tens - 1]) + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


@dataclass(frozen=True)
class Draft:
    """What the report is drafted from: results by notebook, digests by file, words."""

    records: Mapping[str, dict]
    digests: Mapping[str, str]
    words: Words

    @property
    def last(self) -> dict:
        """Return any notebook's record, for what all have in common."""
        return self.records[max(self.records)]

    @property
    def overview(self) -> dict:
        """Return the overview's record; empty where it was not run."""
        return self.records.get(OVERVIEW, {})

    @property
    def points(self) -> dict[str, dict]:
        """Return every judged point by id."""
        own = (found for name, found in self.records.items() if not annexed_topics(name))
        found = {point["id"]: point for record in own for point in record["points"]}
        return found | {point["id"]: point for point in self.overview.get("points", ())}

    @property
    def checks(self) -> list[dict]:
        """Return every check once, in the order of the notebooks."""
        own = (found for name, found in self.records.items() if not annexed_topics(name))
        return [check for record in own for check in record["checks"]]

    @property
    def changes(self) -> dict[str, dict]:
        """Return the change against the year before, by check."""
        return {change["check"]: change for change in self.overview.get("changes", ())}


def blocks(draft: Draft) -> Iterator[Block]:
    """Yield the paragraphs of the report from title to signature."""
    last, words = draft.last, draft.words
    yield Block(TITLE, words["title"].format(county=last["county_name"], year=last["year"]))
    if last["fictional"]:
        yield Block(MARK, words["fictional_mark"])
    yield Block(ADDRESSEE, words["addressee"])
    yield Block(
        BODY,
        words["opening"].format(
            framework=last["framework_title"],
            year=last["year"],
            data_year=last["year"] - 1,
            data_version=last["data_version"],
        ),
    )
    chapters = (_overall, _indicators, _comparison, _problems, _measures)
    number = 0
    for chapter in chapters:
        found = list(chapter(draft))
        if found:
            number += 1
            yield Block(FIRST, f"{numeral(number)}、{found[0].text}")
            yield from found[1:]
    yield from _attachments(draft)
    yield Block(SIGNATURE, words["signature"].format(county=last["county_name"]))
    yield Block(SIGNATURE, words["date"])


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
    told = [check_sentence(check, draft.changes.get(check["check"]), words) for check in own]
    said = "；".join(text for text in told if text)
    yield Block(BODY, line + (f"{said}。" if said else ""))
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


def _problems(draft: Draft) -> Iterator[Block]:
    words = draft.words
    yield Block(FIRST, words["problems_heading"])
    for number, problem in enumerate(draft.overview.get("problems", ()), 1):
        said = words["problem"].format(
            what=problem["what"],
            points="、".join(problem["points"]),
            gap=gap_text(problem["gap"], words),
        )
        yield Block(BODY, f"{number}. {said}{words['cause']}")
    if not draft.overview.get("problems"):
        yield Block(BODY, words["no_problem"])


def _measures(draft: Draft) -> Iterator[Block]:
    words = draft.words
    yield Block(FIRST, words["measures_heading"])
    for number, problem in enumerate(draft.overview.get("problems", ()), 1):
        yield Block(BODY, f"{number}. {words['measure'].format(what=problem['what'])}")
    if not draft.overview.get("problems"):
        yield Block(BODY, words["no_measure"])


def _attachments(draft: Draft) -> Iterator[Block]:
    if not draft.digests:
        return
    yield Block(ATTACHMENT, draft.words["attachments_heading"])
    for number, (file, digest) in enumerate(sorted(draft.digests.items()), 1):
        title = label(file.rpartition(".")[0])
        text = draft.words["attachment"].format(
            number=number, title=title, file=file, digest=digest
        )
        yield Block(ATTACHMENT, text)
