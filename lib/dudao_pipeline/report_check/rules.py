"""The rules of reading, as data: units, what is no figure, and the words that rules look for."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from dudao.facts.units import plain, table

HAN = "\u3400-\u9fff"
MASK = "\ue000"  # stands for a character of what is no figure
OPEN, CLOSE = "\ue010", "\ue011"  # around the mark of a figure in the text of a frame
_CHARACTERS = {
    "han": HAN,
    "mask": MASK,
    "open": OPEN,
    "close": CLOSE,
    "figure": rf"{OPEN}\w+(?:\+\d+)?{CLOSE}",
}


def rule_text(name: str) -> str:
    """Return the text of a file of rules."""
    return (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Unit:
    """A unit as printed: what it measures, of how many base units; whether no 三 counts it."""

    unit: str
    dimension: str
    factor: float
    is_never_numeral: bool


@dataclass(frozen=True)
class Trap:
    """A pattern of what is no figure, with the examples that test it."""

    name: str
    pattern: re.Pattern[str]
    unless_before: re.Pattern[str] | None
    examples: tuple[dict, ...]


@dataclass(frozen=True, eq=False)
class Family:
    """Words that divide one whole: `words` lists the synonyms of each part.

    `exhaustive`: sets of parts that leave nothing out. `apart`: parts of which two different words
    are two parts, not one.
    """

    name: str
    words: tuple[tuple[str, ...], ...]
    exhaustive: tuple[frozenset[int], ...]
    apart: frozenset[int]


@dataclass(frozen=True)
class Kinds:
    """What names all of a stage, and what names only some of it, by the dimension counted."""

    dimension: str
    all: re.Pattern[str]
    kinds: re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """The word lists of words.yaml."""

    characters: dict[str, str]
    stages: dict[str, tuple[str, ...]]
    families: tuple[Family, ...]
    overlaps: tuple[tuple[str, ...], ...]
    wholes: dict[str, tuple[str, ...]]
    stage_sums: dict[str, tuple[str, ...]]
    county_sums: tuple[tuple[str, ...], ...]
    counted: dict[str, str]
    counted_before: dict[str, re.Pattern[str]]
    not_comparable: tuple[str, ...]
    kinds: tuple[Kinds, ...]


def word_pattern(names: Iterable[str]) -> str:
    """Return the alternatives of words, longest first; 其中小学 names 小学, not 中小学.

    全省 and 全县 name no source: a word of one character stands after no 全.
    """
    longest = sorted(names, key=len, reverse=True)
    return "|".join(
        ("(?<!其)" if name[0] == "中" else "(?<![全我本])" if len(name) == 1 else "")
        + re.escape(name)
        for name in longest
    )


@cache
def _counted() -> tuple[dict[str, str], ...]:
    """Return what a report counts or measures by each unit: it adds schools to schools alone.

    factor: of a unit that the table of units lacks. no_numeral: 1 where 两条 and the like count
    nothing. not_before: what may not follow the unit, as 人 is none before 均.
    """
    return tuple(csv.DictReader(rule_text("counted.csv").splitlines()))


@cache
def units() -> dict[str, Unit]:
    """Return the units by the word that prints them."""
    return {
        row["unit"]: Unit(
            *(row["unit"], row["thing"], float(row["factor"] or table()[plain(row["unit"])][1])),
            is_never_numeral=bool(row["no_numeral"]),
        )
        for row in _counted()
    }


@cache
def unit_pattern() -> str:
    """Return the alternatives of a unit, longest first, each without the words it only begins."""
    rows = sorted(_counted(), key=lambda row: -len(row["unit"]))
    return "|".join(
        re.escape(row["unit"]) + (f"(?!{row['not_before']})" if row["not_before"] else "")
        for row in rows
    )


@cache
def traps() -> tuple[Trap, ...]:
    """Return what is no figure, in the order of the file."""
    unit = "|".join(re.escape(word) for word in sorted(units(), key=len, reverse=True))

    def compiled(pattern: str) -> re.Pattern[str]:
        filled = pattern.replace("{unit}", f"(?:{unit})").replace("{hans}", HAN)
        return re.compile(filled.replace("{han}", f"[{HAN}]"))

    return tuple(
        Trap(
            row["name"],
            compiled(row["pattern"]),
            compiled(f"(?:{row['unless_before']})") if row.get("unless_before") else None,
            tuple(row["examples"]),
        )
        for row in yaml.safe_load(rule_text("traps.yaml"))
    )


def _family(name: str, raw: dict) -> Family:
    parts = tuple(tuple(part) for part in raw["words"])
    number = {part[0]: index for index, part in enumerate(parts)}
    return Family(
        name,
        parts,
        tuple(frozenset(number[word] for word in one) for one in raw["exhaustive"]),
        frozenset(number[word] for word in raw.get("apart", ())),
    )


@cache
def words() -> Words:
    """Return the word lists."""
    raw = yaml.safe_load(rule_text("words.yaml"))
    table = raw["characters"]
    return Words(
        {
            **dict(zip(table["from_rare"], table["to_rare"], strict=True)),
            **dict(zip(table["from"], table["to"], strict=True)),
            **table["more"],
        },
        {stage: tuple(names) for stage, names in raw["stages"].items()},
        tuple(_family(name, one) for name, one in raw["families"].items()),
        tuple(tuple(pair) for pair in raw["overlaps"]),
        {whole: tuple(parts) for whole, parts in raw["whole_words"].items()},
        {whole: tuple(parts) for whole, parts in raw["stage_sums"].items()},
        tuple(tuple(parts) for parts in raw["county_sums"]),
        dict(raw["counted"]),
        {unit: re.compile(like) for unit, like in raw["counted_before"].items()},
        tuple(raw["not_comparable"]),
        tuple(
            Kinds(one["dimension"], re.compile(one["all"]), re.compile(one["kinds"]))
            for one in raw["kinds"]
        ),
    )


@cache
def _patterns() -> dict[str, dict[str, str]]:
    return yaml.safe_load(rule_text("patterns.yaml"))


def macro(name: str) -> str:
    """Return a part of patterns, with the parts in it filled in."""
    if name == "unit":
        return unit_pattern()
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    return filled(_patterns()["macros"][name])


def filled(text: str) -> str:
    """Return the text of a pattern with the macros in it filled in."""
    return re.sub(r"<<(\w+)>>", lambda match: macro(match[1]), text)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a pattern of patterns.yaml, compiled."""
    return re.compile(filled(_patterns()["patterns"][name]["pattern"]))
