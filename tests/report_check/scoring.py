"""Score the reader on sentences whose figures and slips are marked in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from dudao_pipeline.report_check.arithmetic import FOLLOWS
from dudao_pipeline.report_check.checking import Check, check_report
from dudao_pipeline.report_check.text import Report

FOLDER = Path(__file__).parent
_MARK = re.compile(r"\{([^{}|]*)\|([^{}|]*)(?:\|([^{}|]*))?\}")


@dataclass(frozen=True)
class Marked:
    """One sentence: its text, its figures as (start, value, unit), the starts of its slips."""

    kind: str
    text: str
    figures: tuple[tuple[int, float, str], ...]
    slips: tuple[int, ...]


def parse(line: str) -> Marked:
    """Return a line of a corpus without its marks."""
    kind, marked = line.rstrip("\n").split("\t", 1)
    pieces: list[str] = []
    figures, slips, length, last = [], [], 0, 0
    for match in _MARK.finditer(marked):
        before = marked[last : match.start()]
        pieces.append(before)
        length += len(before)
        last = match.end()
        printed, unit, flags = match[1], match[2], match[3] or ""
        printed, _, value = printed.partition("=")
        number = float(re.match(r"[\d.]+", (value or printed).replace(",", "").replace(" ", ""))[0])
        figures.append((length, -number if "-" in flags else number, unit))
        if "!" in flags:
            slips.append(length)
        after = marked[match.end() :]
        shown = printed + _unit_as_printed(printed, unit, after)
        pieces.append(shown)
        length += len(shown)
    pieces.append(marked[last:])
    return Marked(kind, "".join(pieces), tuple(figures), tuple(slips))


def _unit_as_printed(printed: str, unit: str, after: str) -> str:
    """Return what stands in the text for a unit: nothing where the number or the text has it."""
    if (
        unit in ("比1", "1比", "位")
        or printed.endswith(("成", "人"))
        or re.match("百分之", printed)
    ):
        return ""
    if re.match(r"余|多", after) and unit and after[1:].startswith(unit[-1:]):
        return unit[:-1] if len(unit) > 1 else ""
    if unit == "番":
        return unit
    return unit


@dataclass
class Score:
    """Counts over a corpus; `misses` and `extras` name what was wrong."""

    counts: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def rate(self, over: str, under: str) -> float:
        """Return one count over another; 1 where there is nothing to count."""
        return self.counts[over] / self.counts[under] if self.counts[under] else 1.0

    def summary(self) -> str:
        """Return the four rates as one line."""
        c = self.counts
        return (
            f"sentences {c['sentences']} (traps {c['traps']}); figures {c['marked']}: "
            f"recall {self.rate('both', 'marked'):.4f} precision {self.rate('both', 'read'):.4f}; "
            f"slips {c['slips']}: recall {self.rate('slips_seen', 'slips'):.4f} "
            f"precision {self.rate('right', 'raised'):.4f}"
        )


def score_sentence(score: Score, marked: Marked) -> Check:
    """Read one sentence and add what was right and wrong."""
    check = check_report(Report("", marked.text))
    read = Counter((one.start, one.value, one.unit) for one in check.figures)
    want = Counter(marked.figures)
    both = sum((read & want).values())
    score.counts.update(
        sentences=1,
        traps=marked.kind == "T",
        marked=sum(want.values()),
        read=sum(read.values()),
        both=both,
        slips=len(marked.slips),
    )
    for one in want - read:
        score.wrong.append(f"missed {one} in {marked.text}")
    for one in read - want:
        score.wrong.append(f"extra {one} in {marked.text}")
    members = [{check.figures[i].start for i in one.figures} for one in check.findings]
    seen = [slip for slip in marked.slips if any(slip in starts for starts in members)]
    right = [starts for starts in members if starts & set(marked.slips)]
    score.counts.update(slips_seen=len(seen), raised=len(members), right=len(right))
    for slip in set(marked.slips) - set(seen):
        score.wrong.append(f"slip not seen at {slip} in {marked.text}")
    for one in check.findings:
        if not {check.figures[i].start for i in one.figures} & set(marked.slips):
            score.wrong.append(f"wrong accusation {one.message} in {marked.text}")
    return check


def score_file(name: str) -> Score:
    """Return the score over a corpus file of this folder."""
    score = Score()
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            score_sentence(score, parse(line))
    return score


def changed_digits(name: str, every: int = 1) -> Iterator[tuple[str, int]]:
    """Yield each `every`th sentence without a slip, a digit of it changed, and where that is.

    The figure is one of a relation that holds as printed; two neighbouring digits are exchanged, or
    one is raised by three, in turn.
    """
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    plain = [parse(line) for line in lines if line and not line.startswith("#")]
    for number, marked in enumerate(one for one in plain if not one.slips):
        if number % every:
            continue
        check = check_report(Report("", marked.text))
        held = sorted({i for one in check.of_status(FOLLOWS) for i in one.figures if one.formula})
        for index in held[-1:]:
            start, end = check.figures[index].start, check.figures[index].end
            printed = marked.text[start:end]
            if not re.fullmatch(r"\d[\d.]+\d", printed):
                continue
            if other := _exchanged(printed) if number % 2 else _raised(printed):
                yield marked.text[:start] + other + marked.text[end:], start


def _exchanged(printed: str) -> str:
    """Return a number with its first two neighbouring digits that differ exchanged, or nothing."""
    for at, (one, other) in enumerate(pairwise(printed)):
        if one.isdigit() and other.isdigit() and one != other and other != "0":
            return printed[:at] + other + one + printed[at + 2 :]
    return ""


def _raised(printed: str) -> str:
    """Return a number with its second digit raised by three."""
    at = 1 if printed[1].isdigit() else 2
    return f"{printed[:at]}{(int(printed[at]) + 3) % 10}{printed[at + 1 :]}"


def score_changed_digits(name: str, every: int = 1) -> Counter:
    """Count the changed figures, those that are named, and findings that name another figure."""
    counts: Counter = Counter()
    for text, at in changed_digits(name, every):
        check = check_report(Report("", text))
        members = [{check.figures[i].start for i in one.figures} for one in check.findings]
        named = any(at in starts for starts in members)
        counts.update(changed=1, named=named, others=sum(at not in starts for starts in members))
    return counts


if __name__ == "__main__":
    import sys

    for name in [one for one in sys.argv[1:] if one != "--show"] or [
        "sentences.txt",
        "sentences_apart.txt",
    ]:
        result = score_file(name)
        print(name, result.summary())
        if "apart" not in name or "--show" in sys.argv:
            print("\n".join(f"  {line}" for line in result.wrong))
