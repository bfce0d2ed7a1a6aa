"""What a point's checks come to, in words: what is met, what falls short by how much, what is open.

Nothing undecided is claimed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dudao.base.rounding import fixed, plain
from dudao.facts.items import item, items
from dudao.facts.view import Facts
from dudao.judging.points import OWN_RATING, PAPER
from dudao.judging.results import MET, NOT_APPLICABLE, UNCONFIRMED, UNDECIDED
from dudao.judging.shortfall_list import level_label
from dudao.law.rules_check import VETO
from dudao_pipeline.publish.report.amount_words import with_unit, worded_gap
from dudao_pipeline.publish.report.narration import ALWAYS, Key, Sentence, contents, label_of
from dudao_pipeline.publish.report.wording import Words

SHOWN_MET, SHOWN_FAILED, SHOWN_BRIEFLY = 4, 2, 2  # the annexes have them all
LIMIT_DECIMALS = 4
OF_CHECKS = 3  # rank of what is met: shorter reports leave it to the annex
EACH = "（逐项）·"  # between what a rule asks of several things and one of them
PERIODS = ("每天", "每周", "每月")  # said by a label, and not again by its figures
POINTS = "百分点"
RATES = ("%", POINTS)
MET_BY = {"rating": "attested", "report": "printed"}  # ground of a point that is met: its clause


@dataclass(frozen=True)
class Judged:
    """Words about the checks of one county."""

    words: Words
    facts: Facts
    unit: str  # what the county is: 县, 区, 市, 旗

    def value(self, check: dict) -> str:
        """Return the value of a check as printed: by the county's report where it says the same."""
        claim = self.facts.claim(check["item"], check["stage"], check["data_year"])
        if claim and claim.is_comparable and check["stated"] == check["value"]:
            qualifier = "" if claim.qualifier == "全部" else claim.qualifier
            return with_unit(claim.printed, claim.unit, self.words, qualifier)
        decimals = claim.decimals if self._agrees(check, claim) else check["decimals"]
        number = fixed(check["value"], decimals)
        if not self._agrees(check, claim):
            is_exact = check["basis"] == "attested" and check["unit"] not in RATES
            number = plain(check["value"] if is_exact else float(number))
        return with_unit(number, check["unit"], self.words)

    @staticmethod
    def _agrees(check: dict, claim: object) -> bool:
        return (
            claim is not None
            and claim.is_comparable
            and check["basis"] != "contradicted"
            and abs(claim.value - float(fixed(check["value"], claim.decimals))) < 1e-9
        )

    @staticmethod
    def label(check: dict) -> str:
        """Return what a check is called; one that says its rule, by its quantity."""
        if _is_fall(check):
            return _level_label(check)
        if (parts := check["label"].partition(EACH))[1]:
            return f"{parts[0]}（{parts[2]}）"
        words = contents()["rule_words"]
        has_rule = any(word in check["label"] for word in words)
        if _should_be_zero(check) and check["value"]:
            return check["label"].removeprefix("无")
        return label_of(check["item"], check["stage"]) if has_rule else check["label"]

    def limit(self, check: dict) -> str:
        """Return the limit of a check with its unit."""
        return with_unit(plain(check["threshold"], LIMIT_DECIMALS), check["unit"], self.words)

    def rule(self, check: dict) -> str:
        """Return what a check asks for: 不低于85%, 应达到100%, 应为零."""
        words, is_share = self.words["not_met"]["briefly"], check["unit"] == "%"
        is_whole = is_share and check["threshold"] == 100 and check["compare"] == ">="
        kind = "whole" if is_whole else "zero" if _should_be_zero(check) else check["compare"]
        return words[kind].format(limit=_once(self.label(check), self.limit(check)))

    def row_label(self, check: dict) -> str:
        """Return what a check is called in a table, where no sentence says that a level rose."""
        form = self.words["table"]["rise"] if _is_fall(check) else "{label}"
        return form.format(label=self.label(check))

    def quantity(self, check: dict) -> str:
        """Return what a gap is of: of a growth that is behind another, the amount that grows."""
        label = self.label(check)
        of_gap = check["gap"]["what"] if check["gap"] and self._behind(check) else ""
        return of_gap or label

    def failure(self, check: dict) -> str:
        """Return what fails and how much is missing, and that its standard is unverified."""
        return self._failure(check) + self.unproven(check)

    def _failure(self, check: dict) -> str:
        words = self.words["not_met"]
        if check["role"] == VETO:
            form = self.words["checks"][_kind_of_veto(check["label"])]
            return form.format(label=check["label"], value=self.value(check))
        if _is_fall(check):
            value = self.value(check).lstrip("-")
            text = words["fall"].format(label=_level_label(check), value=value)
            return text + self._gap(check)
        if behind := self._behind(check):
            return behind + self._gap(check)
        label = self.label(check)
        fields = {"label": label, "value": _once(label, self.value(check))}
        if _should_be_zero(check):
            return words["zero"].format(**fields)
        limit = _once(label, self.limit(check))
        return words[check["compare"]].format(limit=limit, **fields) + self._gap(check)

    def unproven(self, check: dict, form: str = "unproven") -> str:
        """Return what marks a standard that no document was read for; empty for others."""
        is_unproven = check.get("law_status") == UNCONFIRMED
        return self.words["not_met"][form] if is_unproven else ""

    def _behind(self, check: dict) -> str:
        """Return how far one growth stays behind another, or that both are equal; else empty."""
        label = self.label(check)
        if check["unit"] != POINTS or check["threshold"] or "高于" not in label:
            return ""
        first, _, second = label.partition("高于")
        words = self.words["not_met"]
        if not check["value"]:
            return words["even"].format(first=first, second=second)
        value = self.value(check).lstrip("-")
        return words["behind"].format(first=first, second=second, value=value)

    def _gap(self, check: dict) -> str:
        """Return how much is missing, or what is too much: of a share or level above its limit."""
        gap = _once(self.label(check), self.gap(check))
        return self.words["not_met"]["gap"].format(gap=gap) if gap else ""

    def gap(self, check: dict) -> str:
        """Return the gap of a check; of a share of schools, of how many: 尚差35所（共36所）."""
        text, whole = worded_gap(check, self.words), whole_of(check)
        return self.words["not_met"]["of_whole"].format(whole=whole, gap=text) if whole else text

    def briefly(self, check: dict) -> str:
        """Return what fails in few words, for the chapter of a point."""
        if check["role"] == VETO or _is_fall(check) or self._behind(check):
            return self.failure(check)
        words, label = self.words["not_met"], self.label(check)
        limit = self.rule(check)
        gap = self.gap(check) if check["compare"] == ">=" else ""
        kind = "brief_gap" if gap else "brief"
        return words[kind].format(
            label=label,
            value=_once(label, self.value(check)),
            limit=limit,
            gap=_once(label, gap),
            mark=self.unproven(check, "mark"),
        )

    def failures(self, failed: Sequence[dict]) -> str:
        """Return the weightiest of what fails, and how many there are."""
        listed = "；".join(self.failure(check) for check in failed[:SHOWN_FAILED])
        if len(failed) <= SHOWN_FAILED:
            return listed
        return self.words["not_met"]["many"].format(listed=listed, number=len(failed))

    def met(self, checks: Iterable[dict], covered: frozenset[Key]) -> list[Sentence]:
        """Return one sentence on what is met and not said before, one on what did not occur."""
        passed = [c for c in checks if c["result"] == MET]
        vetoes = list(dict.fromkeys(c["label"] for c in passed if _is_absence(c)))
        counted = [c for c in passed if not _is_absence(c) and _key(c) not in covered]
        worded = [c for c in counted if not re.search(r"\d", self.value(c))]  # 全面推行
        plain_ones = [c for c in counted if c not in worded]
        sentences = []
        if worded:
            form = self.words["checks"]
            each = (
                form["worded_one"].format(label=self.label(c), value=self.value(c)) for c in worded
            )
            text = form["worded"].format(listed="、".join(each))
            sentences.append(Sentence(text, ALWAYS, frozenset(map(_key, worded))))
        if plain_ones:
            form = self.words["checks"]
            text = form["met"].format(listed=self._listed(plain_ones))
            rank = ALWAYS if any(map(self._is_claimed, plain_ones)) else OF_CHECKS
            sentences.append(Sentence(text, rank, frozenset(map(_key, plain_ones))))
        if vetoes:
            named = [label.removeprefix("无") for label in vetoes]
            form = self.words["checks"]["veto_met" if named[1:] else "veto_met_one"]
            text = form.format(listed="、".join(named))
            sentences.append(Sentence(text, OF_CHECKS, frozenset({("", text)})))
        return sentences

    def _is_claimed(self, check: dict) -> bool:
        return self.facts.claim(check["item"], check["stage"], check["data_year"]) is not None

    def _listed(self, checks: Sequence[dict]) -> str:
        form = self.words["checks"]
        by_rule: dict[str, list[dict]] = {}
        for check in sorted(checks, key=lambda c: not self._is_claimed(c)):
            by_rule.setdefault(check["label"].partition("·")[0], []).append(check)
        claimed = sum(any(map(self._is_claimed, of_rule)) for of_rule in by_rule.values())
        most = max(SHOWN_MET, claimed)
        groups = list(by_rule.items())[:most]
        listed = "、".join(self._check_sentence(label, of_rule) for label, of_rule in groups)
        if len(by_rule) <= most:
            return listed
        return form["many"].format(listed=listed, number=len(checks))

    def _check_sentence(self, label: str, checks: Sequence[dict]) -> str:
        """Return one check with its value, or those that one rule asks of several things."""
        form = self.words["checks"]
        kind = "rise" if _is_fall(checks[0]) else "one"
        if len(checks) == 1:
            label = self.label(checks[0])
            if kind == "rise" and not checks[0]["value"]:
                return form["same"].format(label=label)
            value = self.value(checks[0])
            if checks[0]["unit"] == POINTS and "高于" in label:
                kind = "ahead"
            elif not checks[0]["value"]:
                kind = "zero"
            return form[kind].format(label=label, value=_once(label, value))
        low, high = (pick(checks, key=lambda c: c["value"]) for pick in (min, max))
        values = {"low": self.value(low), "high": self.value(high)}
        if kind == "rise":
            return form["rise_span"].format(label=item(item(low["item"]).inputs).label, **values)
        return form["span"].format(label=label.removesuffix("（逐项）"), **values)

    def closing(self, point: dict, failed: Sequence[dict], covered: frozenset[Key]) -> str:
        """Return the clause that closes a point: met, what is missing, or what to supply.

        covered: what the sentences before it said; of spending that fell only the number is left.
        """
        words, result = self.words["closing"], point["result"]
        if result == MET:
            return words[MET_BY.get(point["ground"], "met")].format(unit=self.unit)
        if result == NOT_APPLICABLE:
            return words["not_applicable"].format(unit=self.unit)
        if result == UNDECIDED:
            return words["undecided"].format(lacking=self.lacking(point))
        if not failed:
            return words["not_met_own"]
        if all(_is_fall(check) and _key(check) in covered for check in failed):
            return words["falls"].format(number=len(failed))
        first = sorted(failed, key=lambda check: not self._is_claimed(check))
        most = max(SHOWN_BRIEFLY, sum(map(self._is_claimed, failed)))
        listed = "；".join(map(self.briefly, first[:most]))
        kind = "not_met_more" if len(failed) > most else "not_met"
        return words[kind].format(listed=listed, number=len(failed))

    def lacking(self, point: dict) -> str:
        """Return what kinds of things a point needs to be decided."""
        words, kinds = self.words["lacking"], lacks_of(point)
        named = [words[kind] for kind in ("data", "papers", "law", "rating") if kind in kinds]
        return words["join"].join(("、".join(named[:-1]), named[-1])) if named[1:] else named[0]


def lacks_of(point: dict) -> set[str]:
    """Return the kinds of things a point waits for: law is not the county's to supply."""
    kinds = {lack_of(text) for text in point["to_supply"]}
    return kinds | {"law"} if point["law"] else kinds or {"data"}


def lack_of(text: str) -> str:
    """Return which kind of thing a county is to supply: data, papers, rating."""
    if text.startswith(PAPER):
        return "papers"
    return "rating" if text == OWN_RATING else "data"


def _key(check: dict) -> Key:
    return check["item"], check["stage"]


def _is_absence(check: dict) -> bool:
    """Say whether a check that is met says that something did not occur."""
    return check["role"] == VETO or (check["value"] == 0 and check["label"].startswith("无"))


def _should_be_zero(check: dict) -> bool:
    return check["compare"] in ("==", "<=") and check["threshold"] == 0


def _once(label: str, text: str) -> str:
    """Return an amount without the period that its label has said: 每周…天数为4天."""
    return next((text.removeprefix(word) for word in PERIODS if word in label), text)


def _is_fall(check: dict) -> bool:
    return items()[check["item"]].formula == "growth" and check["threshold"] == 0


def _level_label(check: dict) -> str:
    return level_label(check["item"], check["stage"])


def whole_of(check: dict) -> str:
    """Return of how many schools some are lacking, where all should be counted; else empty.

    The county may have more: only those that the rule is about are counted.
    """
    gap, is_all = check["gap"], check["unit"] == "%" and check["threshold"] == 100
    if not gap or not is_all or gap["unit"] != "所" or check["value"] is None:
        return ""
    whole = gap["amount"] / (1 - check["value"] / 100)
    return f"{round(whole)}所" if abs(whole - round(whole)) < 1e-6 * whole else ""


def _kind_of_veto(label: str) -> str:
    declared = contents()
    if label.startswith(tuple(declared["acts"])):
        return "veto_done"
    return "veto_happened" if label.endswith(tuple(declared["happenings"])) else "veto_not_met"
