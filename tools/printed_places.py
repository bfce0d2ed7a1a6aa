"""Print where every figure of a published report stands in 报告所列数据, and how it is checked.

Usage: python -m tools.printed_places FILE.json...
A file holds `title` and `figures`: id, item_zh, stage, year, as_stated, unit, and derived_from
(op with parts, of, over, part, whole), as transcriptions of published reports do.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dudao.facts import printed_formulas
from dudao.facts.items import STAGES
from dudao.facts.view import Claim
from dudao_pipeline.report_check.contexts import stage_named
from dudao_pipeline.report_check.figures import Figure
from dudao_pipeline.report_check.numbers import dimension_of
from dudao_pipeline.report_check.registering import item_of

_STAGES = {
    **{"总体": "全县", "普通小学": "小学", "普通初中": "初中", "义务教育学校": "义务教育"},
    **{"普通小学(农村)": "小学", "普通初中(农村)": "初中", "普通高等学校": "全县"},
}
ITEM, FORMULA, ATTESTED = "指标", "算式", "照录（佐证）"


@dataclass(frozen=True)
class Place:
    """One printed figure: its row, its item or formula, and how it compares."""

    number: int
    name: str
    stage: str
    year: int | None
    printed: str
    unit: str
    item: str
    formula: str
    outcome: str
    is_part: bool = False

    @property
    def is_checked(self) -> bool:
        """Say whether an item judges it, or a formula takes it as its result or as a part."""
        return bool(self.item or self.formula or self.is_part)

    @property
    def kind(self) -> str:
        """Return by what the figure is kept: an item, a formula over rows, or as printed."""
        return ITEM if self.item else FORMULA if self.formula else ATTESTED


def _formula(derived: dict, rows: dict[str, int]) -> str:
    """Return a derivation as 算式; nothing where a member is not printed."""

    def row(key: str) -> str:
        return f"#{rows[derived[key]]}" if derived.get(key) in rows else ""

    parts = [f"#{rows[part]}" for part in derived.get("parts") or [] if part in rows]
    match derived.get("op"):
        case "sum" if len(parts) == len(derived.get("parts") or []) > 0:
            return "+".join(parts)
        case "mean" if len(parts) == len(derived.get("parts") or []) > 0:
            return f"({'+'.join(parts)})/{len(parts)}"
        case "difference" | "pp_difference" if row("of") and row("over"):
            return f"{row('of')}-{row('over')}"
        case "growth" if row("of") and row("over"):
            return f"{row('of')}/{row('over')}-1"
        case "share" if row("part") and row("whole"):
            return f"{row('part')}/{row('whole')}"
        case _:
            return ""


def places(published: dict) -> list[Place]:
    """Return a place for every figure of a published report, in its order."""
    figures = published["figures"]
    rows = {one["id"]: number for number, one in enumerate(figures, 1)}
    formulas = {one["id"]: _formula(one.get("derived_from") or {}, rows) for one in figures}
    claims = {rows[one["id"]]: _claim(one, rows, formulas) for one in figures}
    parts = {row for formula in formulas.values() for row in printed_formulas.rows_of(formula)}
    out = []
    for one in figures:
        basis = (one.get("check") or {}).get("agrees") == "not_comparable"
        claim = claims[rows[one["id"]]]
        out.append(
            Place(
                *(claim.number, claim.name, STAGES[claim.stage], claim.data_year or None),
                *(claim.printed, claim.unit, claim.item, claim.formula),
                "口径不同，不可比" if basis else _outcome(claim, claims),
                is_part=claim.number in parts,
            )
        )
    return out


def _claim(one: dict, rows: dict[str, int], formulas: dict[str, str]) -> Claim:
    stages = {label: code for code, label in STAGES.items()}
    stage = _STAGES.get(one.get("stage", ""), one.get("stage", ""))
    stage = stage if stage in stages else "全县"
    named = stage_named(one["item_zh"])
    stage = named if stage == "全县" and named in stages else stage
    printed = str(one["as_stated"])
    decimals = len(printed.partition(".")[2])
    unit = one.get("unit") or ""
    shape = Figure(
        0, 0, printed, 0.0, unit, what=one["item_zh"], stage=stage, dimension=dimension_of(unit)
    )
    year = str(one.get("year") or "")[:4]
    return Claim(
        *(rows[one["id"]], "", one["item_zh"], item_of(shape), stages[stage]),
        *(int(year) if year.isdigit() else 0, float(one["value"]), 0.5 * 10**-decimals),
        *(printed, decimals, unit, one.get("qualifier", ""), "", ""),
        formula=formulas[one["id"]],
        raw=float(one["value"]),
    )


def _outcome(claim: Claim, claims: dict[int, Claim]) -> str:
    if not claim.formula:
        return "与报送数据核对" if claim.item else "佐证"
    try:
        result = printed_formulas.evaluate(claim, claims)
    except printed_formulas.FormulaError as error:
        return f"无法核对：{error}"
    if printed_formulas.follows(claim, result):
        return "相符"
    return f"不相符，应为{result.value:.4g}"


def main(paths: list[str]) -> int:
    """Print the table of places of each file, and the shares with a place and with a check."""
    if not paths:
        print(__doc__)
        return 2
    everything: Counter[str] = Counter()
    for path in paths:
        published = json.loads(Path(path).read_text(encoding="utf-8"))
        table = places(published)
        print(f"\n{published.get('title', path)}")
        for one in table:
            by = one.item or one.formula or ATTESTED
            print(
                f"  {one.number}\t{one.name}\t{one.stage}\t{one.year or '未写明'}\t"
                f"{one.printed}{one.unit}\t{by}\t{one.outcome}"
            )
        counts = Counter(one.kind for one in table)
        counts["核对"] = sum(one.is_checked for one in table)
        everything.update(counts)
        _summary("  小计", counts)
    _summary("\n合计", everything)
    return 0


def _summary(title: str, counts: Counter[str]) -> None:
    total = sum(counts[kind] for kind in (ITEM, FORMULA, ATTESTED))
    share = 100 * counts["核对"] / total if total else 0.0
    parts = "，".join(f"{kind}{counts[kind]}" for kind in (ITEM, FORMULA, ATTESTED))
    print(f"{title}：数字{total}个，有位置{total}个（{parts}），可判定或核对{share:.1f}%")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
