"""Find every figure that a text prints: number, unit, sign, qualifier, what, stage, year, kind.

What no rule knows is left alone.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from dudao_pipeline.report_check.bare_numbers import complete
from dudao_pipeline.report_check.contexts import (
    WHAT_DROP,
    Context,
    clause_start,
    context_of,
    stage_named,
    stage_of,
    what_of,
    with_marks,
    year_of,
)
from dudao_pipeline.report_check.numbers import (
    CHANGE,
    COUNT,
    GROWTH,
    LEVEL,
    LIST_GAP,
    POINTS,
    RANK,
    RATIO,
    SHARE,
    Number,
    dimension_of,
    factor_of,
    masked,
    numbers_in,
    qualify,
    ranks_in,
    sentence_start,
)
from dudao_pipeline.report_check.rules import macro, pattern
from dudao_pipeline.report_check.text import Plain, Report, plain


@dataclass(frozen=True)
class Figure:
    """One printed figure: where it stands in the text as read, and what it says.

    `value` is in `unit` as printed (1.2 and 亿元), negative for a fall; `size` is the same in
    the base unit of its dimension, and `step` half of its last printed digit, in that unit too.
    """

    start: int
    end: int
    printed: str
    value: float
    unit: str
    qualifier: str = ""
    what: str = ""
    stage: str = ""
    year: int | None = None
    kind: str = LEVEL
    decimals: int = 0
    dimension: str = ""
    factor: float = 1.0
    at: int = 0  # in the plain text
    until: int = 0  # in the plain text, with unit and qualifier
    table: int = -1
    row: int = -1
    column: int = -1

    @property
    def size(self) -> float:
        """Return the value in the base unit of its dimension."""
        return self.value * self.factor

    @property
    def step(self) -> float:
        """Return half of the last printed digit, in the base unit; 0 for counted things."""
        if self.is_counted or self.value == 0:  # 项目支出0元: none at all
            return 0.0
        return 0.5 * 10.0**-self.decimals * self.factor

    @property
    def is_counted(self) -> bool:
        """Say whether the figure counts whole things one by one."""
        return (
            self.decimals == 0
            and self.factor == 1
            and self.dimension
            not in ("money", "percent", "points", "times", "square_metres", "mu", "")
        )

    @property
    def is_exact(self) -> bool:
        """Say whether the figure is printed without 余, 近, 以上 and the like; 约40602 is."""
        is_fine = self.qualifier == "约" and len(re.sub(r"\D", "", self.printed).strip("0")) > 3
        return is_fine or not self.qualifier

    @property
    def shown(self) -> str:
        """Return the figure as a reader would say it."""
        return self.printed if ":" in self.printed else f"{self.printed}{self.unit}"


_NEGATIVE = macro("negative")
_FILLER = macro("filler")
_DIRECTION = pattern("direction")
_LOWER_RATE = pattern("lower_rate")
_COMPARED_LEVELS = (
    (pattern("lower"), re.compile(rf"(?:低|少|慢|落后){_FILLER}$"), -1),
    (pattern("higher"), re.compile(rf"(?:高出?|多|快){_FILLER}$"), 1),
)
_TO = pattern("to")


_FALL_IS = pattern("fall_is")
_BESIDE = re.compile("([多少高低])[了出]?")


def _directions(text: str, numbers: list[Number]) -> list[int]:
    """Return -1, 0 or 1 for every number: falls, is a level, rises; a list keeps its direction."""
    out: list[int] = []
    for index, one in enumerate(numbers):
        last_end = numbers[index - 1].until if index else 0
        start = max(clause_start(text, one.at), last_end)
        before = text[start : one.at]
        direction = _direction(before, one)
        if (
            direction == 0
            and index
            and out[-1]
            and one.kind not in (RANK, RATIO)
            and LIST_GAP.match(text[last_end : one.at])
            and dimension_of(one.unit) == dimension_of(numbers[index - 1].unit)
        ):
            direction = out[-1]
        out.append(direction)
    return out


def _direction(before: str, one: Number) -> int:
    if one.kind == RANK:
        return 0
    if _FALL_IS.search(before):
        return -1
    if _TO.search(before):
        return 0
    if one.unit.endswith("百分点") and _LOWER_RATE.search(before):
        return -1
    if beside := _BESIDE.fullmatch(before):  # 教职工1200人，多12人
        return 1 if beside[1] in "多高" else -1
    match = _DIRECTION.search(before)
    if match:
        return -1 if re.fullmatch(_NEGATIVE, match["word"] or match["word2"]) else 1
    if one.kind != RATIO and (one.unit or one.decimals):
        for pattern_of_words, last_word, direction in _COMPARED_LEVELS:
            is_told = one.unit.endswith("百分点") or last_word.search(before)
            if is_told and pattern_of_words.search(before):
                return direction
    return 0


def _named_in_lists(text: str, figures: list[Figure], words: str) -> list[Figure]:
    """Give the members of 小学、初中分别为1204人、788人 their own name, stage and year.

    `words` is the text with the years that are masked in `text`. Further lists of the line that
    name no years are of those of the list before: 人均支出分别为….
    """
    out = list(figures)
    ends = [match.start() for match in re.finditer("[。！？\n]", text)]
    names: list[str] = []
    listed_before: list[int] = []
    named_sentence = line_of_years = -1
    index = 0
    while index < len(out):
        last = index
        while last + 1 < len(out) and LIST_GAP.match(text[out[last].until : out[last + 1].at]):
            last += 1
        count = last - index + 1
        if count > 1:
            start = sentence_start(text, out[index].at)
            before = text[max(start, out[index - 1].until if index else 0) : out[index].at]
            listed = _listed_names(before, count)
            period = bisect_left(ends, out[index].at)
            if listed:
                names, named_sentence = listed, period
            elif not (_EACH.search(before) and len(names) == count and named_sentence == period):
                names = []
            heading = words[out[index].at - len(before) : out[index].at]
            years = listed_years(heading)
            line = text.rfind("\n", 0, out[index].at)
            if years:
                listed_before, line_of_years = years, line
            elif (
                line == line_of_years and _EACH.search(heading) and not _NAMED_YEAR.search(heading)
            ):
                years = listed_before
            if len(years) == count:
                for offset, year in enumerate(years):
                    out[index + offset] = replace(out[index + offset], year=year)
            if len(names) == count:
                for offset, name in enumerate(names):
                    stage = stage_named(name) or out[index + offset].stage
                    out[index + offset] = replace(out[index + offset], what=name, stage=stage)
        index = last + 1
    return out


_NAMED_YEAR = re.compile(r"(?:19|20)\d{2}|今年|去年")
_YEARS_LISTED = re.compile(
    r"(?P<first>(?:19|20)\d{2})(?:年度?)?\s*(?:[-—~至]{1,2}|到)\s*(?P<last>(?:19|20)\d{2})年"
    r"|(?P<listed>(?:(?:19|20)\d{2}(?:年度?)?\s*[、和及与,]\s*)+(?:19|20)\d{2}年)"
)


def listed_years(before: str) -> list[int]:
    """Return the years that a clause names before 分别: 2021—2023年, 2021年、2022年."""
    head = _EACH.split(before)
    clause = re.split("[；。]", head[-2])[-1] if len(head) > 1 else ""
    lists = list(_YEARS_LISTED.finditer(clause))
    if len(lists) != 1:
        return []
    if lists[0]["listed"]:
        return [int(year) for year in re.findall(r"(?:19|20)\d{2}", lists[0]["listed"])]
    first, last = int(lists[0]["first"]), int(lists[0]["last"])
    return list(range(first, last + 1)) if 0 < last - first < 20 else []


def _listed_names(before: str, count: int) -> list[str]:
    """Return as many names as a clause lists before 分别; 教师与学生之比 may be one of them."""
    head = _EACH.split(before)
    if len(head) < 2:
        return []
    clause = re.split(r"[，；：。]", head[-2])[-1]
    for stops in ("、", "[、和及与]"):
        names = [WHAT_DROP.sub("", name) for name in re.split(stops, clause) if name]
        if len(names) == count and all(len(name) > 1 for name in names):
            return names
    return []


_EACH = re.compile("分别|依次|顺次|各(?=为|达|是|占)")
_GROWTH_LEVEL = pattern("growth_level")


def _kind_of(text: str, one: Number, direction: int) -> str:
    if one.kind:
        return one.kind
    dimension = dimension_of(one.unit)
    clause = text[max(clause_start(text, one.at), one.at - 90) : one.at]
    if dimension == "points":
        return POINTS
    if dimension == "percent":
        return GROWTH if direction or _GROWTH_LEVEL.search(clause) else SHARE
    if dimension in ("times", "doublings"):
        return GROWTH if direction or dimension == "doublings" else RATIO
    if direction:
        return CHANGE
    return COUNT if dimension in _COUNTED else LEVEL


_COUNTED = {
    *("persons", "person_times", "schools", "institutions", "classes"),
    *("pieces", "copies", "entries"),
}


def _unit_shown(one: Number) -> str:
    return re.sub(r"\s", "", f"{one.multiple}{one.unit}{one.per}")


def read_figures(report: Report, form: Plain | None = None) -> tuple[Figure, ...]:
    """Return the figures of a report, in the order of its text."""
    form = form or plain(report.text)
    text, with_ordinals = masked(form.text)
    numbers = numbers_in(text, ranks_in(with_ordinals))
    complete(text, numbers)
    kept = [one for one in numbers if one.accepted]
    for one in kept:
        qualify(text, one)
    directions = _directions(text, kept)
    context = context_of(form.text)
    wording = with_marks(text, kept)
    out = [
        _figure(form, text, one, context=context, direction=direction, wording=wording)
        for one, direction in zip(kept, directions, strict=True)
    ]
    return tuple(_named_in_lists(text, out, form.text))


def _figure(
    form: Plain, text: str, one: Number, *, context: Context, direction: int, wording: str
) -> Figure:
    unit = _unit_shown(one)
    start, end = form.original(one.at, one.end)
    value = -abs(one.value) if direction < 0 and one.kind != RANK else one.value
    dimension = one.unit if one.kind == RATIO else dimension_of(unit)
    return Figure(
        start=start,
        end=end,
        printed=form.text[one.at : one.end],
        value=value,
        unit=unit,
        qualifier=one.qualifier,
        what=what_of(context, wording, one),
        stage=stage_of(context, form.text, one),
        year=year_of(context, form.text, one),
        kind=_kind_of(text, one, direction),
        decimals=one.decimals,
        dimension=dimension,
        factor=factor_of(unit) if one.kind != RATIO else 1.0,
        at=one.at,
        until=one.until,
    )
