"""What single schools lack beside the seven resources: classes, rooms, places."""

from __future__ import annotations

import pandas as pd

from dudao.base.rounding import plain
from dudao.case import Case
from dudao.facts.items import STAGES
from dudao.indicators.condition_needs import classes_lacking, pupils_above, rooms_lacking
from dudao.indicators.school_conditions import ROOMS, all_rows, whole_schools
from dudao.indicators.schools import BALANCED_STAGES
from dudao.show.schools.form import Form


def _parts(case: Case) -> dict[str, pd.Series]:
    """Return what each school lacks, by the words that say it; index school."""
    rows, rules = all_rows(case.facts, case.school_rules), case.school_rules
    schools = whole_schools(rows)
    parts = {}
    for stage in BALANCED_STAGES:
        of_stage = rows[rows["stage"] == stage]
        parts[f"{STAGES[stage]}增加班级（个）"] = classes_lacking(of_stage, stage, rules)
    for kind, label in ROOMS.items():
        parts[f"增加{label}（间）"] = rooms_lacking(schools, kind, rules)
    return parts | {"超过规模（人）": pupils_above(schools, rules)}


def condition_needs_form(case: Case) -> Form:
    """List the schools that lack classes or rooms, or are too large, with the least to mend."""
    parts = _parts(case)
    table = pd.DataFrame(parts)
    short = table[(table > 0).any(axis=1)]
    names = case.facts.school_names()
    rows = [
        (names.get(code) or code, *(plain(value) if value > 0 else "" for value in row))
        for code, row in zip(short.index, short.to_numpy(), strict=True)
    ]
    title, note = "各校班级、专用教室和规模的缺口", "班级按在校生与班额上限计；空白为不缺或待定"
    return Form("条件缺口", title, dict.fromkeys(("学校", *parts)), tuple(rows), note)
