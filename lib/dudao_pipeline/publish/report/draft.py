"""What the report is drafted from, and the blocks that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dudao.law.topics import OVERVIEW, annexed_topics
from dudao_pipeline.publish.report.wording import Words

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
