"""A legal number with the day it holds from and the documents it comes from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dudao.law.county_kinds import Membership

UNSEEN = "未见条文"  # the clause of a document whose text was not read


@dataclass(frozen=True)
class Reference:
    """The document a value comes from: title, number (文号), where it was read.

    A convention is no document: it is named without title marks. clause: where every value that
    refers to it stands in the document.
    """

    title: str
    number: str = ""
    url: str = ""
    read_in: str = ""
    convention: bool = False
    clause: str = ""

    def cited(self, clause: str = "") -> str:
        """Return 《title》 number clause, as a reader looks it up."""
        title = self.title if self.convention else f"《{self.title}》"
        clauses = clause or self.clause
        return "".join((title, self.number, f"（{clauses}）" if clauses == UNSEEN else clauses))


@dataclass(frozen=True)
class DatedValue:
    """A value from a day on; None says that the document or its number was not found.

    also: further documents that say the same, or that would be needed. kinds: the value for each
    kind of county that has one of its own, the first that fits wins. note: what its choice by kind
    rests on.
    """

    start: date
    value: float | None
    reference: Reference
    clause: str = ""
    also: tuple[Reference, ...] = ()
    kinds: tuple[tuple[str, float | None], ...] = ()
    note: str = ""

    @property
    def citation(self) -> str:
        """Return 《title》 number clause of every document, as a reader looks them up."""
        return "、".join((self.reference.cited(self.clause), *(one.cited() for one in self.also)))

    def for_county(self, membership: Membership) -> DatedValue:
        """Return the value that holds for a county, by what is known of its kinds.

        Where an unlisted kind would change the value, there is none, and a note names the kind.
        """
        if not self.kinds:
            return self
        open_values, open_kinds = [], []
        for kind, value in (*self.kinds, ("", self.value)):
            belongs = membership.belongs(kind) if kind else True
            if belongs is None:
                open_kinds.append(kind)
            if belongs is not False:
                open_values.append(value)
            if belongs:
                chosen = kind
                break
        if any(value != open_values[0] for value in open_values):
            listed = "、".join(open_kinds)
            note = f"标准按县的类别分定，本县是否属于{listed}未列明（县类名单）"
            return replace(self, value=None, note=note)
        note = f"本县按“{chosen}”取值" if chosen and not open_kinds else ""
        return replace(self, value=open_values[0], note=note)
