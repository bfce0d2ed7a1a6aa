"""Items by the words that reports name them with."""

import csv
from functools import cache
from pathlib import Path

from dudao.facts.items import item, items

PRINTED_NAMES = Path(__file__).with_suffix(".csv")


@cache
def printed_names() -> dict[tuple[str, str], str]:
    """Return item code by the words of reports and stage; the dictionary's words come first.

    Words that two items of one stage bear name neither.
    """
    labels: dict[tuple[str, str], set[str]] = {}
    for code, entry in items().items():
        for stage in entry.stages:
            labels.setdefault((entry.label, stage), set()).add(code)
    others: dict[tuple[str, str], set[str]] = {}
    for row in csv.DictReader(PRINTED_NAMES.read_text(encoding="utf-8").splitlines()):
        for stage in item(row["item"]).stages:
            if (row["name"], stage) not in labels:
                others.setdefault((row["name"], stage), set()).add(row["item"])
    both = {**labels, **others}
    return {key: min(codes) for key, codes in both.items() if len(codes) == 1}
