"""The forms of 优质均衡 and 普及普惠: which checks stand under which entry."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dudao.law.areas import read_yaml

FILE = Path(__file__).with_name("forms.yaml")


@dataclass(frozen=True)
class FormEntry:
    """One entry of a form: its title and its checks; none where people judge it."""

    title: str
    checks: tuple[str, ...]


@dataclass(frozen=True)
class FormPlan:
    """One form: its number, its title, its entries in the order of the law."""

    number: str
    title: str
    entries: tuple[FormEntry, ...]


@cache
def form_plans(name: str) -> tuple[FormPlan, ...]:
    """Return the forms of "balanced" (优质均衡) or "preschool" (普及普惠), in order."""
    return tuple(
        FormPlan(
            raw["number"],
            raw["title"],
            tuple(FormEntry(entry["title"], tuple(entry["checks"])) for entry in raw["entries"]),
        )
        for raw in read_yaml(FILE)[name]
    )
