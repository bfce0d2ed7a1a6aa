"""What belongs together among the figures of a passage: sentences, brackets, lists, bases, names.

A rule asks here how a figure stands to others; what the words of a relation are is data.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import pairwise, takewhile

from dudao_pipeline.report_check.contexts import COUNTY, stage_named
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import (
    CHANGE,
    COUNT,
    GROWTH,
    LEVEL,
    POINTS,
    RANK,
    SHARE,
)
from dudao_pipeline.report_check.printing import Printing
from dudao_pipeline.report_check.rules import Family, pattern, word_pattern, words

_LETTERS = {COUNT: "A", LEVEL: "A", CHANGE: "C", SHARE: "S", POINTS: "P", RANK: "K"}
_NARROW = pattern("narrow")
_SCOPE = pattern("scope")
_COMPARING = pattern("comparing")
_IS_BASE = pattern("is_base")
_FROM = pattern("from_base")
_APART = pattern("apart_tail")
_MORE, _COMPARES = re.compile("(?<!最)[多少]$"), re.compile("[比较]$")
_OF_LAST_YEAR = pattern("of_last_year")
TO = pattern("reached")
_NO_PUPILS = pattern("no_pupils")
_PUPIL = re.compile("学生|在校生|在园|在籍|幼儿")
_RATIO_NAME = re.compile("比(?:例|值)?(?:为|是|约|达到?)*$")  # 师生比1:16
_COMPARED = re.compile("(?:[高低快慢多少]于|[高超]出)[^，。；]*")
_STAGE = re.compile(
    "其中|，|普通中学|中学|学校|高等学校|高校|本专科|"
    + word_pattern([*words().stages, *(n for some in words().stages.values() for n in some)])
)
_PLAIN_STEP = re.compile(r"[，。；、：\s（]{0,3}[^，。；：、\d]{1,10}")
_ITEM = re.compile(r"\A\s*(?:（\d{1,2}）|\d{1,2}[）.、．](?!\d))\s*")  # the number of a paragraph
_OPENED_BASE = pattern("opened_base")
_COMPARED_WITH = pattern("compared_with")
_EARLIER = re.compile(r"，(?:而)?((?:19|20)\d{2})年(?:同期)?(?:为|是|仅为?)")
_NAMED_CHANGE = pattern("named_change")
_FLOWS_CHANGED = pattern("flows_changed")
_FLOW_TOTAL = pattern("flow_total")
_BARE = pattern("bare_gap")
_LABELLED = pattern("labelled_gap")

COLUMN_NOUN = pattern("column_noun")
# A number without a unit, no year.
UNREAD = re.compile(r"(?<![\d.])(?!(?:19|20)\d\d(?!\d))\d{3,}(?:\.\d+)?(?![\d年级届号])")
_OF_WHOLE = re.compile("占|完成[^，。；]{0,6}(?:预算|计划|任务)$")
PUPILS = "学生"
NUMERALS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
NOUN_CLASSES = {
    **dict.fromkeys(("在校", "在园", "在籍", "学生", "幼儿"), PUPILS),
    **dict.fromkeys(("入园", "新生"), "招生"),
    **dict.fromkeys(("离园",), "毕业"),
    **dict.fromkeys(("教师",), "专任教师"),
}

Run = tuple[int, ...]  # the figures of one list


def letter_of(one: Figure) -> str:
    """Return the letter of a kind of figures, small where it is not exact: A an amount or count.

    C a change, D one without a sign (多出), G growth in %, S a share or rate, P points, M times as
    much, N more by times, R a ratio to one, K a rank.
    """
    letter = _LETTERS.get(one.kind, "R")
    if one.dimension in ("times", "doublings"):
        letter = "N" if one.kind == GROWTH else "M"
    elif one.kind == GROWTH:
        letter = "G"
    return letter if one.is_exact else letter.lower()


def core_of(label: str) -> str:
    """Return words without 全县, 总数 and what else says only that all is meant."""
    return _SCOPE.sub("", label)


_EACH_OF = re.compile("、[^，。；：（]*(?:分别|依次)")


class Passage:
    """The figures of a text with what the words between them say of their standing."""

    def __init__(self, printing: Printing) -> None:
        """Look at every figure once."""
        self.printing, self.figures, self.text = printing, printing.figures, printing.text
        self.depths = _depths(self.text)
        ends = [m.start() for m in re.finditer(r"[。！？\n]", self.text)]
        self.begins, at = [], 0
        for one in self.figures:
            while at < len(ends) and ends[at] < one.at:
                at += 1
            self.begins.append(ends[at - 1] + 1 if at else 0)
        self.gaps = [self._gap(i) for i in range(len(self.figures))]
        self.tails = [re.split(r"[，；：（、]", gap)[-1] for gap in self.gaps]
        self.letters = [
            "D" if letter == "A" and self._is_apart(index) else letter
            for index, letter in enumerate(map(letter_of, self.figures))
        ]

    def _is_apart(self, index: int) -> bool:
        """Say whether a figure says how far two others are apart: 多出, 比A多."""
        tail = self.tails[index]
        is_more = index > 0 and _MORE.search(tail) and _COMPARES.search(self.gaps[index - 1])
        return bool(_APART.search(tail) or is_more)

    def _gap(self, index: int) -> str:
        since = self.figures[index - 1].until if index else 0
        begin = max(self.begins[index], since, self.figures[index].at - 120)
        gap = self.text[begin : self.figures[index].at]
        return _ITEM.sub("", gap) if begin == self.begins[index] else gap

    def is_level(self, index: int, letters: str = "A") -> bool:
        """Say whether a figure is an exact amount above zero (or one of other letters)."""
        return self.letters[index] in letters and self.figures[index].size > 0

    def between(self, first: int, last: int) -> str:
        """Return the text between two figures, other figures in it as numbers."""
        return self.text[self.figures[first].until : self.figures[last].at]

    def text_before(self, index: int) -> str:
        """Return the text since the figure before, whatever sentences it goes over."""
        since = self.figures[index - 1].until if index else 0
        return self.text[since : self.figures[index].at]

    def is_of_whole(self, index: int) -> bool:
        """Say whether a figure stands after 占: it is a whole, or counts what the whole is of."""
        begin = self.begins[index]
        for i in range(index - 1, max(-1, index - 6), -1):
            if self.letters[i] == "S":  # 公办园6820人（占54.7%）、民办园5640人
                begin = max(begin, self.figures[i].until)
                break
        at = self.figures[index].at
        stop = max(self.text.rfind(stop, begin, at) for stop in "，。；")
        return bool(_OF_WHOLE.search(self.text[max(begin, stop + 1) : at]))

    def is_plain_list(self, parts: Sequence[int]) -> bool:
        """Say whether nothing stands between parts but their names, whatever stops part them."""
        steps = all(after - before == 1 for before, after in pairwise(parts))
        return steps and all(_PLAIN_STEP.fullmatch(self.text_before(i)) for i in parts)

    def after(self, index: int, length: int = 30) -> str:
        """Return what a clause goes on with after a figure."""
        until = self.figures[index].until
        return re.split(r"[，。；！？\n]", self.text[until : until + length])[0]

    def clause(self, index: int) -> str:
        """Return the words of a clause before a figure, from the last stop."""
        at = self.figures[index].at
        return re.split(r"[，。；！？：\n]", self.text[max(0, at - 60) : at])[-1]

    def same_sentence(self, one: int, other: int) -> bool:
        """Say whether two figures stand in one sentence."""
        return self.begins[one] == self.begins[other]

    @cached_property
    def sentences(self) -> list[range]:
        """Return the figures of each sentence."""
        out, first = [], 0
        for index in range(1, len(self.figures) + 1):
            if index == len(self.figures) or self.begins[index] != self.begins[first]:
                out.append(range(first, index))
                first = index
        return out

    def sentence(self, index: int) -> range:
        """Return the figures of the sentence of a figure."""
        return self._of_sentence[index]

    @cached_property
    def _of_sentence(self) -> list[range]:
        return [sentence for sentence in self.sentences for _ in sentence]

    @cached_property
    def bases(self) -> list[bool]:
        """Say of each figure whether the words before it make it the base of a comparison."""
        out = [self._is_base(index) for index in range(len(self.figures))]
        for index in range(1, len(out)):  # 上年分别为40338人、17084人; 小学A（2021年B）、初中C（D）
            listed = re.fullmatch(r"\s*[、和及]\s*", self.gaps[index])
            bracketed = index > 1 and self.gaps[index] == "（" and self.gaps[index - 2][:1] == "（"
            out[index] = out[index] or bool(out[index - 1] and listed)
            out[index] = out[index] or bool(bracketed and out[index - 2])
        return out

    def _is_base(self, index: int) -> bool:
        if self.letters[index] in "GCP":
            return False
        is_named = self.letters[index] == "R" and _RATIO_NAME.search(self.tails[index])
        if _IS_BASE.search(self.tails[index]) and not is_named:
            return True
        opened = _OPENED_BASE.search(self.gaps[index])
        if opened or _COMPARED_WITH.match(self.text, self.figures[index].until):
            return True
        if self._is_of_year_before(index):
            return True
        segment = self.text[self.begins[index] : self.figures[index].at].rpartition("；")[2]
        if self.letters[index] in "AS" and _OF_LAST_YEAR.fullmatch(segment):
            return True
        if index + 1 == len(self.figures) or not self.same_sentence(index, index + 1):
            return False
        is_compared = self.letters[index + 1] == "M" and self.gaps[index + 1] == "的"
        run = next((run for run in self.runs[index] if len(run) > 1), (index,))
        after = run[-1] + 1
        is_from = _FROM.search(self.tails[run[0]]) and after < len(self.figures)
        return bool(is_compared or (is_from and TO.search(self.gaps[after])))

    def _is_of_year_before(self, index: int) -> bool:
        """Say whether a level is of a year before that of the one beside it: A，2022年为B."""
        earlier = _EARLIER.fullmatch(self.gaps[index])
        year = self.figures[index - 1].year if index else None
        alike = self.letters[index] in "AS" and self._is_alike(index)
        return bool(earlier and year and alike and int(earlier[1]) < year)

    @cached_property
    def runs(self) -> list[tuple[Run, ...]]:
        """Return for each figure the lists of like figures that it is a member of."""
        out: list[list[Run]] = [[] for _ in self.figures]
        for run in dict.fromkeys(run for gap in (_BARE, _LABELLED) for run in self._joined(gap)):
            for index in run:
                out[index].append(run)
        return [tuple(some) for some in out]

    def _joined(self, gap: re.Pattern[str]) -> Iterator[Run]:
        for sentence in self.sentences:
            first = sentence[0]
            for index in range(first + 1, sentence[-1] + 2):
                is_end = index > sentence[-1]
                if is_end or not (self._is_alike(index) and gap.fullmatch(self.gaps[index])):
                    if index - first > 1:
                        yield tuple(range(first, index))
                    first = index

    def _is_alike(self, index: int) -> bool:
        one, before = self.figures[index], self.figures[index - 1]
        same = (self.letters[index], one.dimension) == (self.letters[index - 1], before.dimension)
        return same and ("占" not in self.gaps[index] or one.kind == SHARE)

    @cached_property
    def only_pupils(self) -> int:
        """Return a figure of pupils, where all that are no part of others are the same; else -1."""
        pupils = [
            i
            for i, one in enumerate(self.figures)
            if self.is_level(i)
            and one.dimension == "persons"
            and "其中" not in self.gaps[i]
            and not _NO_PUPILS.search(self.label(i) + one.what)
            and not is_narrow(self.label(i))
        ]
        named = [i for i in pupils if _PUPIL.search(self.label(i))]
        most = max((self.figures[i].size for i in pupils), default=0.0)
        pupils = named if any(self.figures[i].size == most for i in named) else pupils
        return pupils[0] if len({self.figures[i].size for i in pupils}) == 1 else -1

    def label(self, index: int) -> str:
        """Return the words before a figure since the one before it, without bracketed ones."""
        return self._labels[index]

    @cached_property
    def _labels(self) -> list[str]:
        return [self._label(index) for index in range(len(self.figures))]

    def _label(self, index: int) -> str:
        if _EACH_OF.search(self.gaps[index]):
            return self.figures[index].what  # 小学、初中分别为1204人、788人
        bare = re.sub(r"[\d.,%]+|（[^（）]*）", "", self.gaps[index])
        piece = re.split(r"[，；：。（]", bare)[-1]
        return piece if re.search(r"[^，；、和及与\s]", piece) else self.figures[index].what

    def words_of(self, index: int) -> str:
        """Return all words that name a figure: its label, what it measures, its stage."""
        one = self.figures[index]
        return f"{self.label(index)}{one.what}{one.stage}{self.after(index, 14)}"

    def noun(self, index: int) -> str:
        """Return what is counted, without its stage; of a member of a list, that of its total.

        寄宿生6028人，其中小学1000人、初中2800人: both are 寄宿生.
        """
        first, dimension = index, self.figures[index].dimension
        while True:
            name = _STAGE.sub("", core_of(self.label(first)))
            if name or not first or dimension == "schools":
                return name
            if not self.same_sentence(first - 1, index):
                return name
            first -= 1
            while first and self.figures[first].dimension != dimension:
                first -= 1

    def subject(self, index: int) -> str:
        """Return the words of the clause of a figure that say more than a comparison does."""
        bare = re.sub(r"(?:19|20)\d{2}年?|\d+(?:\.\d+)?", "", self.tails[index])
        return _COMPARING.sub("", bare)

    def misfit(self, result: int, level: int) -> int:
        """Return 0 where a result has no subject of its own or that of a level; 3; 4 of stages."""
        named = self.subject(result)
        if len(named) < 2:
            return 0
        around = self.words_of(level)
        stage = stage_named(named)
        if (
            stage
            and stage != COUNTY
            and stage not in (self.figures[level].stage, stage_named(around))
        ):
            return 4
        if set(named) <= set("收支入出总合计"):
            return 0 if set(named) & set("收支") & set(around) else 3
        short = len(named) < 5 and named[:2] in around
        ends_alike = named[-2:] in around and (
            len(named) < 4 or any(a + b in around for a, b in pairwise(named[:-2]))
        )
        return 0 if named in around or ends_alike or short else 3

    def misfit_of_levels(self, one: int, other: int) -> int:
        """Return 3 where the words of two levels share nothing: 净利润, 营业收入; else 0."""
        named = [self.subject(i) for i in (one, other)]
        alike = any(a + b in named[1] for a, b in pairwise(named[0]))
        kinds = {NOUN_CLASSES.get(name[-2:], name[-2:]) for name in named}
        return 0 if min(map(len, named)) < 2 or alike or len(kinds) < 2 else 3

    def are_words_of(self, words: str, *levels: int) -> bool:
        """Say whether the words of levels hold words, two characters by two.

        In 增长5.4%、高于全国1.9个百分点 全国 is not what the 5.4% is of.
        """
        around = "".join(_COMPARED.sub("", self.words_of(i)) for i in levels)
        return all(a + b in around for a, b in pairwise(words))

    def level_told_before(self, index: int) -> int:
        """Return the level of the sentence before that a change names; -1 if none.

        支出预算225.12万元，其中教育支出110万元，…。支出较去年增加23.95万元. Or the one level of a
        sentence: 收入总计87.50万元，支出总计87.50万元。收支较上年决算数增加7.50万元.
        """
        named = _NAMED_CHANGE.search(self.gaps[index])
        sentence = self.sentence(index)
        if self.letters[index] != "C" or sentence[0] != index or not index:
            return -1
        if _FLOWS_CHANGED.search(self.gaps[index]):
            before = self.sentence(index - 1)
            levels = [i for i in before if self.figures[i].dimension == "money"]
            is_one = len({self.figures[i].size for i in levels}) == 1
            is_one = is_one and all(self.is_level(i) and not self.bases[i] for i in levels)
            if is_one and all(_FLOW_TOTAL.search(self.gaps[i]) for i in levels):
                return levels[-1]
        if not named:
            return -1
        level = self.sentence(index - 1)[0]
        one, other = self.figures[index], self.figures[level]
        is_divided = level + 1 < index and "其中" in self.gaps[level + 1]
        is_named = named["name"] in self.gaps[level] and self.is_level(level)
        same = one.dimension == other.dimension
        same = same and self.printing.line(level) == self.printing.line(index)
        return level if is_divided and is_named and same else -1


def _depths(text: str) -> list[int]:
    depth, out = 0, []
    for character in text:
        depth += character == "（"
        out.append(depth)
        if character == "）":
            depth = max(0, depth - 1)
        elif character == "\n":
            depth = 0
    return out


def is_summable(one: Figure) -> bool:
    """Say whether a figure may be a part of a total or a total: an exact count or amount."""
    has_unit = bool(one.unit) or one.value >= _LEAST_WITHOUT_UNIT
    return one.kind in (COUNT, LEVEL) and one.is_exact and one.value >= 0 and has_unit


_LEAST_WITHOUT_UNIT = 100  # smaller numbers without a unit are coefficients and marks


AT_LEAST = re.compile(r"[在正]读(?!生|学生)|以上|以下|以内|不含|包含|含$|除外")
_OVERLAPS = tuple(frozenset(pair) for pair in words().overlaps)


@cache
def _finder(family: Family) -> tuple[dict[str, int], re.Pattern[str]]:
    numbers = {word: n for n, part in enumerate(family.words) for word in part}
    return numbers, re.compile(word_pattern(numbers))


def group_of(family: Family, label: str) -> tuple[int, str] | None:
    """Return which part of a family a label names; -1 for 其他; None for none or several.

    The word matters only where two words are two parts (职业中学 and 中等专业学校).
    """
    numbers, finder = _finder(family)
    named = {
        (numbers[word], word if numbers[word] in family.apart else "")
        for word in finder.findall(label)
    }
    if not named:
        return (-1, "") if "其他" in label or "其它" in label else None
    return named.pop() if len(named) == 1 else None


def family_of(labels: Sequence[str]) -> Family | None:
    """Return the family of which the labels are different, not overlapping, parts."""
    if any(AT_LEAST.search(label) for label in labels):
        return None
    for family in words().families:
        named = takewhile(bool, (group_of(family, label) for label in labels))
        groups = [group for group in named if group]
        if len(groups) < len(labels) or len(set(groups)) < len(groups):
            continue
        numbers = [group[0] for group in groups if group[0] >= 0]
        if len(set(numbers)) < 2:
            continue
        heads = {family.words[number][0] for number in numbers}
        synonyms = {word for number in numbers for word in family.words[number]}
        if not any(pair <= (heads | synonyms & pair) for pair in _OVERLAPS):
            return family
    return None


def leaves_nothing_out(family: Family, labels: Sequence[str], stage: str = "") -> bool:
    """Say whether the labels name every part of their family that a total must have.

    Of 义务教育 and 高中阶段 those are two stages only.
    """
    named = {group for label in labels if (group := group_of(family, label))}
    groups = {number for number, _ in named}
    heads = {family.words[number][0] for number in groups if number >= 0}
    if family.name == "学段" and heads == set(words().wholes.get(stage, ())):
        return True
    return any(needed <= groups for needed in family.exhaustive)


def is_narrow(label: str) -> bool:
    """Say whether words name only some of a kind: 骨干, 普惠, 农村."""
    return bool(_NARROW.search(label))
