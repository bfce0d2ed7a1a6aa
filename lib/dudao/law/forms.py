"""The forms of 优质均衡 and 普及普惠: which checks stand under which entry."""

from pathlib import Path
from typing import Any

from dudao.law.areas import read_yaml

FILE = Path(__file__).with_name("forms.yaml")


def form_plans(name: str) -> list[dict[str, Any]]:
    """Return the forms of "balanced" (优质均衡) or "preschool" (普及普惠), in order.

    Each has a number, a title, and entries with a title and the checks that decide them; an entry
    without checks is judged by people.
    """
    plans: list[dict[str, Any]] = read_yaml(FILE)[name]
    return plans
