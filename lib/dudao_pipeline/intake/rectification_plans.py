"""What a county plans to do about its problems: cause, measure, office and date, as entered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dudao.base import workspace

FIELDS = {"cause": "原因", "measure": "整改措施", "office": "责任单位", "deadline": "整改时限"}


@dataclass(frozen=True)
class Plan:
    """The county's entries for one problem; an empty text was left free."""

    key: str
    cause: str = ""
    measure: str = ""
    office: str = ""
    deadline: str = ""


def problem_key(problem: Mapping[str, Any]) -> str:
    """Return a short name of a problem of the overview's record; its figures do not enter it."""
    points = "、".join(problem["points"])
    what = problem["what"].partition("：")[0]
    text = f"{problem['check']}|{points}|{what}"
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def plans_path(county: str, year: int) -> Path:
    """Return where the entries of a county and year are kept."""
    return workspace.store() / "plans" / f"{county}-{year}.json"


def plans_of(county: str, year: int) -> dict[str, Plan]:
    """Return the entries by the key of their problem; nothing where none was handed in."""
    path = plans_path(county, year)
    if not path.is_file():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    return {entry["key"]: Plan(**entry) for entry in entries}
