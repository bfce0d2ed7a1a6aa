"""What a plan asks of a submission: read once for all notebooks of a county in a year."""

from __future__ import annotations

from dataclasses import dataclass, field

from dudao.facts import store
from dudao.law import framework_for
from dudao.law.areas import area_of
from dudao.law.framework import Framework
from dudao.law.version import Ruling, ruling_of


@dataclass(frozen=True)
class Submission:
    """A submission's content as a digest, the law that holds for it, and the items it reports.

    of_schools: the items reported by school; reported: these, those of the county and those that
    its report prints.
    """

    content: str
    scheme: Framework = field(repr=False)
    ruling: Ruling
    reported: frozenset[str] = field(repr=False)
    of_schools: frozenset[str] = field(repr=False)

    @classmethod
    def of(cls, county: str, year: int) -> Submission:
        """Read a submission; FactsError names what the store has instead."""
        manifest = store.meta(county, year)
        area, reported = area_of(manifest["meta"]), manifest["reported"]
        return cls(
            content=manifest["content"],
            scheme=framework_for(year, area),
            ruling=ruling_of(area),
            reported=frozenset().union(*reported.values()),
            of_schools=frozenset(reported["school"]),
        )
