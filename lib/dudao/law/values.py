"""A legal number with the day it holds from and the document it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Reference:
    """The document a value comes from: title, number (文号), where it was read.

    A convention is no document: it is named without title marks.
    """

    title: str
    number: str = ""
    url: str = ""
    read_in: str = ""
    convention: bool = False


@dataclass(frozen=True)
class DatedValue:
    """A value from a day on; None says that the document or its number was not found."""

    start: date
    value: float | None
    reference: Reference
    clause: str = ""

    @property
    def citation(self) -> str:
        """Return 《title》 number clause, as a reader looks it up."""
        ref = self.reference
        title = ref.title if ref.convention else f"《{ref.title}》"
        return "".join((title, ref.number, self.clause))
