"""The forms of 优质均衡 and 普及普惠: which checks stand under which entry."""

from pathlib import Path
from typing import Any

from dudao.law.areas import read_yaml

FILE = Path(__file__).with_name("forms.yaml")


def form_plans(name: str) -> list[dict[str, Any]]:
    """Return the forms of "balanced" (优质均衡) or "preschool" (普及普惠), in order.

    Each has number, title and entries in the order of the law; an entry has title and checks, none
    where people judge it.
    """
    plans: list[dict[str, Any]] = read_yaml(FILE)[name]
    return plans
