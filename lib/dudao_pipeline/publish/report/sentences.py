"""Sentences of the report about single checks; nothing undecided is claimed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dudao.base.rounding import plain
from dudao_pipeline.publish.report.wording import Words

LISTED = 6  # items to supply in one sentence; the appendix has them all
MOST = 4  # decimals of a standard
ORDER = ("not_met", "met", "undecided", "reference")


def amount(value: float, unit: str, decimals: int = 2) -> str:
    """Return a figure with its unit as the report prints it."""
    return f"{plain(value, decimals)}{unit}"


def gap_text(gap: Mapping | None, words: Words) -> str:
    """Return how much is missing, or nothing."""
    return words["gap"].format(gap=amount(gap["amount"], gap["unit"])) if gap else ""


def _limit(check: dict, words: Words) -> str:
    threshold = amount(check["threshold"], check["unit"], MOST)
    return words["limit"][check["compare"]].format(threshold=threshold)


def growth(check: dict, change: dict | None, words: Words) -> str:
    """Return the figure of the year before with rise or fall, where there is one to compare."""
    before = (change or {}).get("before")
    if not before or before["value"] is None or check["value"] is None:
        return ""
    decimals = check["decimals"]
    step = round(check["value"], decimals) - round(before["value"], decimals)
    kind = "up" if step > 0 else "down" if step < 0 else "same"
    unit = "个百分点" if check["unit"] == "%" else check["unit"]
    return words["growth"][kind].format(
        year=before["year"],
        before=amount(before["value"], check["unit"], decimals),
        change=amount(abs(step), unit, decimals),
    )


def _kind(check: dict) -> str:
    result = check["result"]
    if result in ("met", "not_met"):
        return f"{result}_veto" if check["role"] == "veto" else result
    return "undecided_value" if result == "undecided" else result


def check_sentence(check: dict, change: dict | None, words: Words) -> str:
    """Return what one check says: figure, standard, result, the year before; empty if nothing."""
    kind = _kind(check)
    if kind not in words["check"] or check["value"] is None:
        return ""
    text = words["check"][kind].format(
        label=check["label"],
        value=amount(check["value"], check["unit"], check["decimals"]),
        limit=_limit(check, words) if check["threshold"] is not None else "",
        gap=gap_text(check["gap"], words),
    )
    is_judged = check["result"] in ("met", "not_met")
    doubt = words["unconfirmed"] if is_judged and check["law_status"] == "unconfirmed" else ""
    return text + growth(check, change, words) + doubt


def point_sentences(checks: Sequence[dict], changes: Mapping[str, dict], words: Words) -> str:
    """Return what the checks of a point say: what fails first, what is open last."""
    told = []
    for result in ORDER:
        own = [check for check in checks if check["result"] == result]
        said = [check_sentence(check, changes.get(check["check"]), words) for check in own]
        told.append("；".join(text for text in said if text))
    absent = [c["label"] for c in checks if c["result"] == "undecided" and c["value"] is None]
    if absent:
        told.append(words["undecided"].format(listed="、".join(absent)))
    return "".join(f"{text}。" for text in told if text)


def supply_sentence(listed: Sequence[str], words: Words) -> str:
    """Return what is to be supplied so that a point can be decided."""
    text = "；".join(listed[:LISTED])
    if len(listed) > LISTED:
        text = words["more_to_supply"].format(listed=text, number=len(listed))
    return words["to_supply"].format(listed=text)
