"""The report of a county, drafted from its facts and results; nothing undecided is claimed."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from dudao.facts.items import items
from dudao.facts.view import Claim
from dudao.judging.results import MET, UNDECIDED
from dudao.law import Point
from dudao.law.framework import RECONSTRUCTED
from dudao_pipeline.publish.report.draft import Chapter, Draft, Report, Section, number_of, numeral
from dudao_pipeline.publish.report.last_round import open_problems
from dudao_pipeline.publish.report.narration import ALWAYS, Key, Narrated, Sentence, contents
from dudao_pipeline.publish.report.problem_section import (
    UNMET_WORDS,
    figures_annex,
    list_note,
    no_problem,
    problems_annex,
    problems_of,
    results_annex,
)
from dudao_pipeline.publish.report.wording import Words

LONGEST = 4000  # letters of the first chapter: with headings and pictures some nine pages
RECTIFICATION = "rectification"  # the topic of what became of the last round's problems
SCHEME_FIGURES = "导言"
SECTION = re.compile(r"（([一二三四五六七八九十]+)）(\d+)?")
FICTION = re.compile(r"^虚构[：:，,]?")
NUMBER = re.compile(r"〔\d{4}〕")


@dataclass
class _PointText:
    """The paragraph of a point: sentences by how long they are kept, and its closing clause."""

    point: Point
    sentences: list[Sentence] = field(default_factory=list)
    closing: str = ""

    def text(self, lead: str, dated: str, data_year: int) -> str:
        """Return the paragraph; a year is named where it is another than of the sentence before."""
        texts, at = [], data_year
        for one in self.sentences:
            is_other = one.year and one.year != at
            texts.append(dated.format(year=one.year, listed=one.text) if is_other else one.text)
            at = one.year or at
        return f"{lead}{'。'.join((*texts, self.closing))}。"


def report_of(draft: Draft) -> Report:
    """Draft the report of a county."""
    last, words, county = draft.last, draft.words, draft.county
    year = draft.facts.year
    points = _trimmed([_point_text(draft, point) for point in draft.shown_points], draft)
    signed = county.government(words)
    return Report(
        title=words["title"].format(county=signed, year=last["year"]),
        mark=words["fictional_mark"] if last["fictional"] else "",
        addressee=words["addressee"].format(above=county.above),
        opening=_opening(draft),
        overall=_overall(draft),
        chapters=tuple(_chapters(draft, points)),
        problems=tuple(problems_of(draft)),
        no_problem=no_problem(draft),
        signature=signed,
        year=last["year"],
        base_year=year.base_year,
        data_year=year.data_year,
        results=results_annex(draft),
        figures=figures_annex(draft),
        problem_list=problems_annex(draft),
        list_note=list_note(draft),
    )


def _opening(draft: Draft) -> str:
    framework, words, year = draft.framework, draft.words, draft.last["year"]
    number = f"（{framework.number}）" if NUMBER.search(framework.number) else ""
    kind = "own" if framework.stated_for == year else "borrowed"
    grounds = words["grounds"][kind].format(framework=f"《{framework.title}》{number}")
    opening = words["opening"].format(
        grounds=grounds,
        counted="、".join(_counted(draft)),
        year=year,
        data_year=draft.facts.year.data_year,
        **draft.county.fields,
    )
    return opening + _drafting_note(draft)


def _drafting_note(draft: Draft) -> str:
    """Return in brackets what of the scheme nobody has read, to be settled and struck out."""
    framework, words = draft.framework, draft.words["drafting_note"]
    rebuilt = sum(point.origin == RECONSTRUCTED for point in framework.points)
    read = {"number": len(framework.points), "read": len(framework.points) - rebuilt}
    clauses = [words["rebuilt"].format(rebuilt=rebuilt, **read)] if rebuilt else []
    if framework.stated_for != draft.last["year"]:
        clauses.append(words["borrowed"].format(year=draft.last["year"], of=framework.stated_for))
    return words["note"].format(clauses="；".join(clauses)) if clauses else ""


def _counted(draft: Draft) -> Iterator[str]:
    framework, words = draft.framework, draft.words["counted"]
    counts = (
        ("primary", len(framework.primary_titles), words["unit_indicator"]),
        ("secondary", len(framework.secondary_titles), words["unit_indicator"]),
        ("point", len(framework.points), words["unit_point"]),
    )
    for kind, number, unit in counts:
        yield words["parts"].format(number=number, unit=unit, name=words[kind])


def _overall(draft: Draft) -> str:
    counts, words = draft.tally, draft.words
    clauses = [
        form.format(number=counts[kind]) for kind, form in words["tally"].items() if counts[kind]
    ]
    unlisted = len(draft.framework.points) - len(draft.points)
    rest = words["unlisted"].format(number=unlisted) if unlisted else ""
    return words["overall"].format(points=len(draft.points), tally="，".join(clauses)) + rest


def _point_text(draft: Draft, point: Point) -> _PointText:
    """Gather what is said of one point, in order: facts, papers, checks, its conclusion."""
    sentences: list[Sentence] = draft.narrator.of_topics(point.topics)
    claims, judged = claims_by_point(draft)[point.id], draft.points[point.id]
    met = draft.judged.met(draft.checks_of(point.id), _keys(sentences))
    failed = [check for check in draft.failed if point.id in check["points"]]
    closed = frozenset((check["item"], check["stage"]) for check in failed)
    judged_by = judged | {"ground": draft.ground(point.id)}
    closing = draft.judged.closing(judged_by, failed, _keys(sentences))
    sentences += draft.narrator.remaining(claims, _keys([*sentences, *met]) | closed)
    printed = draft.facts.claim_table
    notes = dict(zip(printed["number"], printed["note"], strict=True))
    narrated = Narrated(draft.words, draft.facts.year.data_year, notes)
    sentences += narrated.sentences([claim for claim in claims if not claim.item])
    sentences += [*_last_round(draft, point), *_papers(draft, point), *_reason(draft, point), *met]
    return _PointText(point, sentences, closing)


def _keys(sentences: Sequence[Sentence]) -> frozenset[Key]:
    return frozenset().union(*(one.tells for one in sentences))


def claims_by_point(draft: Draft) -> dict[str, list[Claim]]:
    """Return the printed figures by the point that tells of them.

    One of an item goes to the first point that is about it; one of none to the point, of those
    that its section names (without a section: of those about its stage), whose words it shares,
    else to that of the figure before it.
    """
    points = draft.shown_points
    by_point: dict[str, list[Claim]] = {point.id: [] for point in points}
    at = points[0].id
    for claim in draft.facts.claims:
        topics = set(items()[claim.item].topics) if claim.item else set()
        told_at = next((p.id for p in points if topics & set(p.topics)), "")
        near = _section_points(draft, claim.section)
        if not claim.section and claim.stage:
            near = _stage_points(draft, claim.stage)
        at = told_at or _kindred(claim.name, near, at)
        if not claim.section.startswith(SCHEME_FIGURES) or claim.item:
            by_point[at].append(claim)
    return by_point


def _section_points(draft: Draft, section: str) -> list[Point]:
    """Return the points that a section such as （三）2 is about, by its place in the scheme."""
    match = SECTION.match(section)
    if not match:
        return []
    primaries, at = list(draft.framework.primary_titles), number_of(match[1])
    of_primary = [p for p in draft.shown_points if primaries[at - 1 : at] == [p.primary]]
    secondaries, nth = list(dict.fromkeys(p.secondary for p in of_primary)), int(match[2] or 1)
    return [p for p in of_primary if secondaries[nth - 1 : nth] == [p.secondary]]


def _stage_points(draft: Draft, stage: str) -> list[Point]:
    """Return the points of the secondary that is about a stage; of the county, the first of all."""
    topic = contents()["of_stage"].get(stage)
    about = {point.secondary for point in draft.shown_points if topic in point.topics}
    points = [point for point in draft.shown_points if point.secondary in about]
    return points if topic else draft.shown_points[:1]


def _kindred(name: str, points: Sequence[Point], before: str) -> str:
    """Return the point whose title and papers share most pairs of letters with a name."""
    pairs = {name[at : at + 2] for at in range(len(name) - 1)}
    texts = {point.id: "".join((point.title, *point.evidence)) for point in points}
    shared = {point: sum(pair in text for pair in pairs) for point, text in texts.items()}
    best = max(shared, key=shared.__getitem__, default=before)
    if shared.get(best):
        return best
    return before if before in texts or not texts else next(iter(texts))


def _papers(draft: Draft, point: Point) -> list[Sentence]:
    """Name the documents on file: those that the county made, and those of a higher level."""
    declared, words = contents(), draft.words["documents"]
    names = [title.lstrip("*某") for title in dict.fromkeys(draft.papers[point.id])]
    is_higher = tuple(declared["higher"])
    higher = [
        name
        for name in names
        if name.startswith(is_higher) and name.endswith(tuple(declared["documents_higher"]))
    ]
    made_here = [
        name
        for name in names
        if not name.startswith(is_higher) and name.endswith(tuple(declared["documents"]))
    ]
    kinds = (("own" if len(made_here) > 1 else "one", made_here), ("higher", higher))
    texts = [
        words[kind].format(listed="".join(f"《{name}》" for name in listed))
        for kind, listed in kinds
        if listed
    ]
    return [Sentence("，".join(texts), 2, frozenset({("", point.id)}))] if texts else []


def _last_round(draft: Draft, point: Point) -> list[Sentence]:
    """Count the problems of the last round, where a point is about them; name the open ones."""
    number, words = len(draft.stored.last_round), draft.words["last_round"]
    if RECTIFICATION not in point.topics or not number:
        return []
    still_open = open_problems(draft)
    form = words["some" if still_open else "all"]
    text = form.format(number=number, done=number - len(still_open))
    if still_open:
        text += words["open"].format(listed="、".join(one.text(words) for one in still_open))
    return [Sentence(text, 1, frozenset({("", text)}))]


def _reason(draft: Draft, point: Point) -> list[Sentence]:
    """Repeat what the county says it did, more than a phrase; of a point not met it says why."""
    given = draft.reasons[point.id][-1:]
    reason = FICTION.sub("", *given).rstrip("。；") if given else ""
    every = Counter(text for of_point in draft.reasons.values() for text in of_point)
    is_met, is_why_not = draft.points[point.id]["result"] == MET, UNMET_WORDS in reason
    is_open = draft.points[point.id]["result"] == UNDECIDED and not is_why_not
    if not reason or every[given[0]] > 1 or not (is_met or is_open):
        return []
    return [Sentence(reason, 1, frozenset({("", reason)}))]


def _trimmed(texts: list[_PointText], draft: Draft) -> list[_PointText]:
    """Leave out what is of the lowest rank until the chapter has its length; nothing printed.

    A point keeps one sentence: that a point is met says nothing without a figure.
    """
    left = [
        (sentence.rank, at, nth)
        for at, text in enumerate(texts)
        for nth, sentence in enumerate(text.sentences)
        if sentence.rank != ALWAYS
    ]
    length = sum(len(sentence.text) + 1 for text in texts for sentence in text.sentences)
    length += sum(len(text.closing) for text in texts)
    dropped: set[tuple[int, int]] = set()
    kept = [len(text.sentences) for text in texts]
    for _, at, nth in sorted(left, key=lambda entry: (-entry[0], -entry[1], -entry[2])):
        if length <= LONGEST:
            break
        if kept[at] == 1:
            continue
        kept[at] -= 1
        length -= len(texts[at].sentences[nth].text) + 1
        dropped.add((at, nth))
    for at, text in enumerate(texts):
        text.sentences = [s for nth, s in enumerate(text.sentences) if (at, nth) not in dropped]
    return texts


def _chapters(draft: Draft, texts: list[_PointText]) -> Iterator[Chapter]:
    """Yield the primaries; those that nothing can be said of stand together."""
    scheme, number = draft.framework, 0
    titles, subtitles = scheme.primary_titles, scheme.secondary_titles

    def is_silent(group: Sequence[_PointText]) -> bool:
        results = (draft.points[text.point.id]["result"] for text in group if not text.sentences)
        return [*results] == [UNDECIDED] * len(group)

    groups = [list(group) for _, group in groupby(texts, key=lambda t: t.point.primary)]
    for silent, parts in groupby(groups, key=is_silent):
        chapters = list(parts)
        if silent:
            number += 1
            title = "、".join(titles[chapter[0].point.primary] for chapter in chapters)
            text = draft.words["closing"]["silent"] + "。"
            yield Chapter(numeral(number), title, text=text)
            continue
        for chapter in chapters:
            number += 1
            by_secondary = groupby(chapter, key=lambda t: t.point.secondary)
            sections = (
                Section(str(at), subtitles[key], tuple(_paragraphs(draft, list(group))))
                for at, (key, group) in enumerate(by_secondary, 1)
            )
            yield Chapter(numeral(number), titles[chapter[0].point.primary], tuple(sections))


def _paragraphs(draft: Draft, section: Sequence[_PointText]) -> Iterator[str]:
    words: Words = draft.words
    for text in section:
        lead = words["point_lead"].format(title=text.point.title) if len(section) > 1 else ""
        dated = words["counts"]["dated"]
        yield text.text(lead, dated, draft.facts.year.data_year)
