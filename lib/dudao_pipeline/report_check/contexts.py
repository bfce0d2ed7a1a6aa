"""What a number is about: the stage, the year and the words that the text around it names.

The nearest words count: those of the number itself, its clause, sentence, line and section.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import chain

from dudao_pipeline.report_check.numbers import COUNTED_THINGS, Number, dimension_of
from dudao_pipeline.report_check.rules import (
    HAN,
    MASK,
    pattern,
    word_pattern,
    words,
)

COUNTY = "全县"
_FIGURE = "\ue002"  # stands for a character of a figure or its unit
_SENTENCE = pattern("sentence")


def clause_start(text: str, at: int) -> int:
    """Return where the clause of a place begins, not more than 80 characters before."""
    start = max(0, at - 80)
    return (
        max((match.end() for match in re.finditer(r"[，。；！？\n]", text[start:at])), default=0)
        + start
    )


_STAGE_OF_NAME = {name: stage for stage, names in words().stages.items() for name in names}
_STAGE_PATTERN = re.compile(word_pattern(_STAGE_OF_NAME))


def stage_named(text: str) -> str:
    """Return the stage that a text names last, or nothing."""
    named = _stages_in(text)
    special = [stage for stage in named if stage != COUNTY]
    return special[-1] if special else COUNTY if named else ""


_SECTION = pattern("section")
_INHERITS = pattern("inherits")
_CONNECTORS = pattern("connectors")
_YEAR = pattern("year")
_FIRST_OF_TWO = re.compile(r"((?:19|20)\d{2})\s*[-—－~～/至]+\s*$")
_LAST_YEAR = pattern("last_year")
_YEAR_OF_ALL = pattern("year_of_all")


@dataclass(frozen=True)
class Context:
    """Where sections start, which years the text names, and the year of what names none."""

    sections: tuple[int, ...]
    last_year_named: tuple[bool, ...]  # of each section
    years: tuple[tuple[int, int], ...]
    year: int | None
    sentences: tuple[int, ...]
    stages: tuple[str, ...]
    brackets: dict[str, list[int]]  # where they stand

    def count(self, bracket: str, start: int, end: int) -> int:
        """Return how many brackets of a kind stand between two places."""
        return bisect_left(self.brackets[bracket], end) - bisect_left(self.brackets[bracket], start)


def context_of(text: str) -> Context:
    """Return where the sections of a text start, which years it names, and its own year."""
    years = tuple(
        (match.start(), int(match[1]))
        for match in _YEAR.finditer(text)
        if not _ends_school_year(text, match)
    )
    title = (match for match in _YEAR.finditer(text[:400]))
    named = next((m for m in title if not _COMPARED_YEAR.search(text, 0, m.start())), None)
    sections = (0, *(match.start() for match in _SECTION.finditer(text)))
    sentences = (0, *(match.end() for match in _SENTENCE.finditer(text)))
    stages = tuple(_heading_stage(text, start) for start in sections)
    year = int(named[1]) if named else None
    if declared := _YEAR_OF_ALL.search(text):  # it names the year of what names none
        year = int(declared["year"])
    ends = (*sections[1:], len(text))
    last_year_named = tuple(
        bool(_LAST_YEAR.search(text, *both)) for both in zip(sections, ends, strict=True)
    )
    brackets: dict[str, list[int]] = {"（": [], "）": []}
    for match in re.finditer("[（）]", text):
        brackets[match[0]].append(match.start())
    return Context(sections, last_year_named, years, year, sentences, stages, brackets)


def _ends_school_year(text: str, match: re.Match[str]) -> bool:
    """Say whether a year is the second of a school year: 2023—2024学年 is 2023."""
    if not text.startswith("学年", match.end()):
        return False
    before = _FIRST_OF_TWO.search(text[max(0, match.start() - 8) : match.start()])
    return before is not None and int(match[1]) - int(before[1]) == 1


def _heading_stage(text: str, start: int) -> str:
    """Return the one stage that a heading names; its first words, up to a stop."""
    heading = re.split(r"[：。；\n，]", text[start : start + 40].strip())[0]
    if not start and not _SECTION.match(text) and not re.match(rf"\s*{re.escape(heading)}\n", text):
        return ""  # the report begins with a sentence
    if re.search(rf"[{HAN}][^年]{{0,12}}\d+(?!\d|年)", heading):
        return ""  # a sentence that prints a figure, no heading
    named = _stages_in(heading)
    return named[0] if len(named) == 1 else ""


_STANDARD = pattern("standard")


_COMPARED_YEAR = re.compile(r"(?:比|较|与|由|从|自|是|受|因|扣除|剔除)\s*$")
_SINCE = re.compile(r"年(?:以来|起|开始|之后|以后)")


def _is_year_of(text: str, at: int) -> bool:
    """Say whether a year that stands here is one that figures are of: no base, no beginning."""
    before = text[max(0, at - 4) : at]
    return not (_COMPARED_YEAR.search(before) or _SINCE.match(text, at + 4))


_BASE_YEAR = re.compile(r"，\d{4}年(?:为|是|仅)")  # 2009年13.8万所，2005年为12.4万所；…


def year_of(context: Context, text: str, one: Number) -> int | None:
    """Return the year that a number is of, or none where the text names none."""
    sentence = context.sentences[bisect_right(context.sentences, one.at) - 1]
    section_index = bisect_right(context.sections, one.at) - 1
    section = context.sections[section_index]
    section_end = (
        context.sections[section_index + 1]
        if section_index + 1 < len(context.sections)
        else len(text)
    )
    clause = text[max(sentence, one.at - 24) : one.at]
    last_year = 0
    tail = re.split(r"[，。；]", clause)[-1]
    if _LAST_YEAR.search(tail) and not re.search(
        r"(?:增|减|提高|下降|上升|降低|多|少|高|低)", tail[_LAST_YEAR.search(tail).end() :]
    ):
        last_year = 1
    first, here, last = (
        bisect_left(context.years, (place,)) for place in (section, one.at, section_end)
    )
    since = max(first, bisect_left(context.years, (sentence,)))
    inside = context.years[max(since, here - 1) : here]  # the last year of the sentence
    money = dimension_of(one.unit).startswith("money")
    if (
        money
        and (one.per or re.search(r"定额|补助标准|收费标准|资助标准", text[sentence : one.at]))
        and not inside
    ):
        return None
    around = text[max(0, one.at - 3) : one.at], text[one.until : one.until + 2]
    if (_STANDARD.search(around[0]) or around[1] == "标准") and not inside:
        return None
    direct = inside[-1:] if inside and text[inside[-1][0] + 4 : one.at].count("，") == 0 else []
    if direct and not re.search(
        r"(?:增|减|提高|下降|上升|降低|多|少|高|低|翻|相比|以来|年起)",
        text[direct[0][0] : one.at],
    ):
        return direct[0][1]
    for number in chain(range(here - 1, first - 1, -1), range(here, last)):
        at, year = context.years[number]
        closed, opened = (context.count(bracket, at, one.at) for bracket in "）（")
        bracketed = at < one.at and closed > opened
        is_base = at < one.at and _BASE_YEAR.match(text, at - 1) and "；" in text[at : one.at]
        if not (bracketed or is_base) and _is_year_of(text, at):
            return year - last_year
    if context.year is None or (money and not context.last_year_named[section_index]):
        return None
    return context.year - last_year


def stage_of(context: Context, text: str, one: Number) -> str:
    """Return the stage that the nearest words name: those of the figure, its sentence, its section.

    A clause with a subject of its own does not take the stage of the clause before it.
    """
    if dimension_of(one.unit) in COUNTED_THINGS and (noun := _NOUN_AFTER.match(text, one.until)):
        own = re.split("[，。；：（）\n]", text[max(0, one.at - 40) : one.at])[-1]
        is_staff = re.match(f"[{HAN}]{{0,4}}(?:教师|老师|校长)", noun[0])
        of_school = stage_named(own) if is_staff else ""
        return stage_named(noun[0]) or of_school or _section_stage(context, one.at)
    if one.unit == "%" and (noun := _SHARE_OF_NOUN.match(text, one.until)):
        return stage_named(noun[1]) or _section_stage(context, one.at)
    sentence = context.sentences[bisect_right(context.sentences, one.at) - 1]
    before = _without_brackets(text[max(sentence, one.at - 150) : one.at])
    segments = re.split("；", before)
    clauses = re.split("，", segments[-1].rpartition("：")[2])
    piece = re.split(r"[、（）]", clauses[-1])[-1]
    if stage := stage_named(piece):
        return stage
    is_member = piece != clauses[-1]
    if (not is_member or _has_no_subject(piece)) and (stage := stage_named(clauses[-1])):
        return stage
    if len(clauses) > 1 and clauses[-2].endswith("中") and (stage := stage_named(clauses[-2])):
        return stage
    if _has_no_subject(clauses[-1]):
        for clause in reversed(clauses[:-1]):
            if stage := stage_named(clause):
                return stage
    named = _stages_in(clauses[0])
    if len(named) == 1:
        return named[0]
    if not named and text[sentence - 1 : sentence] == "；" and _has_no_subject(clauses[0]):
        before = re.split("[。！？\n]", text[max(0, sentence - 90) : sentence - 1])[-1]
        named = _stages_in(
            re.split("[；，]", _without_brackets(before))[-1 if "；" in before else 0]
        )
        if len(named) == 1:
            return named[0]
    return (
        _line_stage(text, one.at)
        or _stage_gone_on_with(context, text, one.at)
        or _section_stage(context, one.at)
    )


_BARE_NOUN = re.compile(
    "(?:共有|现有|有)?(?:在校|在籍)?(?:学生|招生|毕业|教职工|专任教师|班级|教学班|校舍|占地|图书)"
)
_GOES_ON = 5  # sentences back to the one that names the stage


def _stage_gone_on_with(context: Context, text: str, at: int) -> str:
    """Return the one stage of the sentence that sentences without a subject go on with.

    小学83所，教学班1642个。招生9709人，毕业7465人。教职工4001人: of 小学 all of them.
    """
    here = bisect_right(context.sentences, at) - 1
    for index in range(here, max(0, here - _GOES_ON), -1):
        start, end = context.sentences[index - 1 : index + 1]
        own = re.split(rf"[，\d{MASK}]", text[end : end + 40])[0]
        if text[end - 1] not in "。；" or not _BARE_NOUN.match(own):
            return ""
        if named := _stages_in(_without_brackets(text[start:end])):
            return named[0] if len(named) == 1 else ""
    return ""


_SHARE_OF_NOUN = re.compile(rf"的([{HAN}]{{2,10}})")


def _has_no_subject(clause: str) -> bool:
    """Say whether a clause is about what the clause before it is about: 比上年增加, 教职工."""
    subject = re.sub(rf"[\d.%{MASK}\s]", "", clause)
    is_compared = not re.search(f"[{HAN}]", _CONNECTORS.sub("", subject))
    is_short = len(re.findall(f"[{HAN}]", subject)) <= 2
    return bool(is_compared or is_short or _INHERITS.match(subject))


def _line_stage(text: str, at: int) -> str:
    """Return the stage that a line begins with, where it names no other before the figure.

    义务教育学校55所，其中小学38所；在校学生… is about 义务教育: its own parts are no others.
    """
    start = text.rfind("\n", 0, at) + 1
    if at - start > 300:
        return ""
    line = _without_brackets(text[start:at])
    lead = _stages_in(re.split("[，。；：]", line)[0])
    inside = {*lead, *(words().stage_sums.get(lead[0], ()) if lead else ())}
    return lead[0] if len(lead) == 1 and set(_stages_in(line)) <= inside else ""


def _without_brackets(text: str) -> str:
    """Return a text without what stands in brackets that are closed again."""
    return re.sub(r"（[^（）]*）", "", text)


def _stages_in(text: str) -> list[str]:
    names = [_STAGE_OF_NAME[name] for name in _STAGE_PATTERN.findall(text)]
    return [name for n, name in enumerate(names) if name not in names[n + 1 :]]


def _section_stage(context: Context, at: int) -> str:
    return context.stages[bisect_right(context.sections, at) - 1] or COUNTY


WHAT_DROP = pattern("what_drop")
_WHAT_TAIL = pattern("what_tail")


def what_of(context: Context, wording: str, one: Number) -> str:
    """Return the words before a figure that say what it measures, without fillers.

    `wording` is the masked text in which every figure with its unit is a mark, too.
    """
    if dimension_of(one.unit) in COUNTED_THINGS and (noun := _NOUN_AFTER.match(wording, one.until)):
        return noun[0]
    sentence = context.sentences[bisect_right(context.sentences, one.at) - 1]
    before = re.sub(rf"（[^（）{_FIGURE}]*）", "", wording[max(sentence, one.at - 80) : one.at])
    pieces = re.split(rf"[，；：（）、{_FIGURE}]", before)
    for piece in reversed(pieces):
        shown = _WHAT_TAIL.sub("", WHAT_DROP.sub("", piece.replace(MASK, "").strip()))
        is_of_share = one.unit != "%" and re.match("占(?!地)", shown)  # the name of its whole
        if len(re.findall(f"[{HAN}]", shown)) >= 2 and not is_of_share:
            return shown[-30:]
    after = re.match(rf"[{HAN}]{{2,10}}", wording[one.until : one.until + 10])
    return after[0] if after else ""


_NOUN_AFTER = pattern("noun_after")


def with_marks(text: str, numbers: list[Number]) -> str:
    """Return a text in which every figure with its unit is a mark."""
    out = list(text)
    for one in numbers:
        out[one.at : one.until] = _FIGURE * (one.until - one.at)
    return "".join(out)
