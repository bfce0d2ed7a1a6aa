"""Which checks and points a scenario moves: from the real data's result to the scenario's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dudao.base.rounding import plain
from dudao.law.topics import OVERVIEW, annexed_topics

_ATTESTED, _UNDECIDED = "attested", "undecided"
_SAME_BASIS = ("data_version", "law_version")


def scenario_changes(real: Mapping[str, dict], supposed: Mapping[str, dict]) -> dict:
    """Return checks and points with another result, and how many checks only changed in value.

    A notebook that the real data lack, or have in another version of data or law, is not compared
    and is named. What the report alone attests has no value in a scenario, which leaves the
    report's figures out: that is no move of a check, nor of the point that lacks it.
    """
    own = [name for name in supposed if name != OVERVIEW and not annexed_topics(name)]
    both = [name for name in own if _is_comparable(real.get(name), supposed[name])]
    pairs = [pair for name in both for pair in _pairs(name, real[name], supposed[name])]
    compared = [pair for pair in pairs if not _is_lost(*pair[1:])]
    lost = {point for _, *pair in pairs if _is_lost(*pair) for point in pair[0]["points"]}
    return {
        "checks": [_check(*pair) for pair in compared if pair[1]["result"] != pair[2]["result"]],
        "points": [move for name in both for move in _points(real[name], supposed[name], lost)],
        "only_values": sum(_only_value(before, after) for _, before, after in compared),
        "not_compared": [name for name in own if name not in both],
    }


def _is_comparable(real: dict | None, supposed: dict) -> bool:
    return real is not None and all(real[name] == supposed[name] for name in _SAME_BASIS)


def _pairs(name: str, real: dict, supposed: dict) -> Iterator[tuple[str, dict, dict]]:
    """Yield every check of a notebook that both have, with the notebook's name."""
    before = {(check["check"], check["label"]): check for check in real["checks"]}
    for after in supposed["checks"]:
        was = before.get((after["check"], after["label"]))
        if was:
            yield name, was, after


def _is_lost(before: dict, after: dict) -> bool:
    """Say whether only the report stated the figure of a check."""
    return before["basis"] == _ATTESTED and after["value"] is None


def _only_value(before: dict, after: dict) -> bool:
    return before["result"] == after["result"] and before["value"] != after["value"]


def _value(check: dict) -> str:
    value = check["value"]
    return "" if value is None else f"{plain(value, check['decimals'])}{check['unit']}"


def _check(notebook: str, before: dict, after: dict) -> dict:
    return {
        "notebook": notebook,
        "point": "、".join(after["points"]),
        "label": after["label"],
        "from": before["result"],
        "to": after["result"],
        "value_from": _value(before),
        "value_to": _value(after),
    }


def _points(real: dict, supposed: dict, lost: set[str]) -> Iterator[dict]:
    before = {point["id"]: point for point in real["points"]}
    for after in supposed["points"]:
        was = before.get(after["id"], after)
        is_lost = after["result"] == _UNDECIDED and after["id"] in lost
        if was["result"] != after["result"] and not is_lost:
            named = {"point": after["id"], "label": f"要点：{after['title']}"}
            moved = {"from": was["result"], "to": after["result"]}
            yield {**named, **moved, "value_from": "", "value_to": ""}
