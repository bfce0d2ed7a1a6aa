"""Which law a result rests on: a digest over every file, or over what one notebook uses."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dudao.law.areas import law_files
from dudao.law.county_kinds import Membership, membership
from dudao.law.framework import Framework, frameworks
from dudao.law.thresholds import Threshold, law_for, levels
from dudao.law.topics import FILE as TOPICS
from dudao.law.topics import OVERVIEW, notebook_of, topics_of

DIGITS = 12
SINGLE_SCHOOLS = "balanced_resources"


@dataclass(frozen=True)
class Ruling:
    """What makes the law of an area: areas with rules of their own, kinds of county; one example.

    Counties that share both share one law, and its digest is made once.
    """

    levels: tuple[str, ...]
    kinds: Membership
    area: str = field(compare=False)


def ruling_of(area: str) -> Ruling:
    """Return what makes the law of an area."""
    return Ruling(levels(area), membership(area), area)


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:DIGITS]


def law_version() -> str:
    """Return the digest of the law's files, added ones included."""
    paths = (TOPICS, *law_files("framework"), *law_files("thresholds"))
    paths = (*paths, *law_files("county_kinds"))
    return _digest(path.read_bytes() for path in paths)


def rules_used(framework: Framework, area: str, notebook: str) -> tuple[Threshold, ...]:
    """Return the rules that a notebook may consult: those about its topics, all in the overview.

    A rule without a topic is a part of the rules for single schools and kindergartens: it is
    consulted where their topics are.
    """
    rules = tuple(law_for(area).thresholds.values())
    if notebook == OVERVIEW:
        return rules
    points = framework.shown_in(notebook)
    topics = {*topics_of(notebook), *(topic for point in points for topic in point.topics)}
    used = tuple(rule for rule in rules if topics & set(rule.topics))
    topics.update(topic for rule in used for topic in rule.topics)
    if notebook_of(SINGLE_SCHOOLS) in map(notebook_of, topics):
        used += tuple(rule for rule in rules if not rule.topics)
    return used


def version_used(scheme_file: str, ruling: Ruling, notebook: str) -> str:
    """Return the digest of the law that a notebook uses for an area: its scheme and its rules.

    scheme_file: the name of the scheme's file.
    """
    files = (*law_files("framework"), *law_files("thresholds"))
    return _version_used(scheme_file, ruling, notebook, files)


@cache
def _version_used(scheme_file: str, ruling: Ruling, notebook: str, files: tuple[Path, ...]) -> str:
    framework = next(one for one in frameworks() if one.file == scheme_file)
    rules = rules_used(framework, ruling.area, notebook)
    return _digest(repr(part).encode() for part in (framework, *rules))
