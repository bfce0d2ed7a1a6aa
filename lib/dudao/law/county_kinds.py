"""Kinds of county (民族县、扩权县) that a document sets apart: which counties, from a file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.base import schemas
from dudao.base.errors import LawError
from dudao.law.areas import chain, law_files, read_yaml
from dudao.law.rules_check import HELP, SCHEMAS


@dataclass(frozen=True)
class CountyKind:
    """One kind: the area whose list it is, its members by code or first digits of it.

    complete: every member is listed, so a county that is not listed does not belong to it.
    """

    name: str
    area: str
    members: tuple[str, ...]
    complete: bool


@dataclass(frozen=True)
class Membership:
    """Which kinds a county belongs to, as far as lists say; a kind on no list is open."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()

    def belongs(self, kind: str) -> bool | None:
        """Return whether the county is of a kind; None where no list says so."""
        if kind in self.yes:
            return True
        return False if kind in self.no else None


@cache
def _kinds(path: Path) -> tuple[CountyKind, ...]:
    raw = read_yaml(path)
    if problem := schemas.fault(SCHEMAS, "county_kinds", raw):
        raise LawError(f"县类名单 {path.name}：{problem}。请对照 {HELP} 更正后重试。")
    return tuple(
        CountyKind(
            name=name,
            area=raw["area"],
            members=tuple(entry["counties"]),
            complete=bool(entry["complete"]),
        )
        for name, entry in raw["kinds"].items()
    )


def membership(area: str) -> Membership:
    """Return which kinds a county belongs to; an area that is no county belongs to none for sure.

    A province or city (2 or 4 digits) is of a kind only if all of it is.
    """
    return _membership(area, law_files("county_kinds"))


@cache
def _membership(area: str, files: tuple[Path, ...]) -> Membership:
    yes, no = set(), set()
    for kind in (kind for path in files for kind in _kinds(path)):
        if kind.area not in chain(area):
            continue
        if any(area.startswith(member) for member in kind.members):
            yes.add(kind.name)
        elif kind.complete and not any(member.startswith(area) for member in kind.members):
            no.add(kind.name)
    return Membership(frozenset(yes), frozenset(no - yes))
