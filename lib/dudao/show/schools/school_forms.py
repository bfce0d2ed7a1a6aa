"""The official forms of schools and kindergartens: numbers stay numbers.

表Ⅰ to 表Ⅲ: what each school has, what it has per pupil, how far schools lie apart; 表Ⅳ and its
like entry by entry; kindergartens by kind and one by one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from dudao.base.rounding import fixed, plain, round_half_up
from dudao.case import Case
from dudao.facts.items import STAGES, item
from dudao.facts.sheet_layout import KINDERGARTEN_KINDS
from dudao.indicators import rates
from dudao.indicators.kindergartens import AREAS, area_per_child, area_shortfalls
from dudao.indicators.measure import Measure
from dudao.indicators.schools import BALANCED_STAGES, PUPILS, SCHOOL_RESOURCES
from dudao.indicators.stage_schools import ABOVE, BELOW, BETWEEN, UNKNOWN, StageSchools
from dudao.judging.results import UNDECIDED, Verdict
from dudao.law.forms import form_plans
from dudao.law.rules_check import LAW_STATUS
from dudao.law.topics import notebook_of
from dudao.show.results_cell import limit_of
from dudao.show.tables import Marked, Table, Value, bundle, table
from dudao.show.words import RESULTS, marked

MARKS = {ABOVE: "met", BETWEEN: "reference", BELOW: "not_met", UNKNOWN: "undecided"}
_NAMES = (
    *("高于规定学历教师", "骨干教师", "体育艺术教师", "教学用房"),
    *("运动场馆", "仪器设备", "多媒体教室"),
)
SHORT = dict(zip(SCHOOL_RESOURCES, _NAMES, strict=True))
COUNTED = ("enrolment", "classes", "full_time_teachers")
BY_PEOPLE = "由评审人员按材料认定"
Entry = str | float | Marked


@dataclass(frozen=True)
class Form:
    """One official form. columns: name -> decimals of its numbers, None for text or whole numbers.

    rows: text, numbers (NaN: not known) and marked cells, as many as columns.
    """

    number: str
    title: str
    columns: dict[str, int | None]
    rows: tuple[tuple[Entry, ...], ...]
    note: str = ""

    def _shown(self, entry: Entry, decimals: int | None) -> Value:
        if not isinstance(entry, float):
            return entry
        if math.isnan(entry):
            return "缺数据"
        return plain(entry) if decimals is None else fixed(entry, decimals)

    @property
    def table(self) -> Table:
        """Return the form as a table of the page."""
        rows = [
            tuple(self._shown(*pair) for pair in zip(row, self.columns.values(), strict=True))
            for row in self.rows
        ]
        numeric = [
            name
            for at, name in enumerate(self.columns)
            if any(isinstance(row[at], float) for row in self.rows)
        ]
        caption = f"{self.number}　{self.title}" + (f"（{self.note}）" if self.note else "")
        return table(caption, tuple(self.columns), rows, numbers=numeric, empty="没有学校")

    @property
    def record(self) -> dict[str, Any]:
        """Return the form as plain data: what the spreadsheet is written from."""
        return {
            "number": self.number,
            "title": self.title,
            "columns": list(self.columns),
            "decimals": list(self.columns.values()),
            "rows": [
                [_plain(*p) for p in zip(r, self.columns.values(), strict=True)] for r in self.rows
            ],
            "note": self.note,
        }


def _plain(entry: Entry, decimals: int | None) -> str | float | None:
    if isinstance(entry, Marked):
        return f"{entry.text} {RESULTS[entry.mark][1]}"
    if not isinstance(entry, float):
        return entry
    if math.isnan(entry):
        return None
    return entry if decimals is None else round_half_up(entry, decimals)


@dataclass(frozen=True)
class Forms:
    """Several forms on one page."""

    forms: tuple[Form, ...]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Return the forms as plain data."""
        return [form.record for form in self.forms]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return bundle([form.table for form in self.forms], repr(self))

    def __repr__(self) -> str:
        return "；".join(f"{form.number}（{len(form.rows)}行）" for form in self.forms)


def _per(code: str) -> str:
    return f"{item(code).unit}/{'百名学生' if PUPILS[code] == 100 else '生'}"


def summary_table(stages: Sequence[StageSchools]) -> Table:
    """Count the schools of each stage that are compared, pass, and meet each resource."""
    rows = [
        (
            STAGES[group.stage],
            str(len(group.schools)),
            str(int((group.passes == 1).sum())),
            str(int((group.states != ABOVE).any(axis=1).sum())),
            *(str(int((group.states[code] == ABOVE).sum())) for code in SCHOOL_RESOURCES),
            group.note,
        )
        for group in stages
    ]
    counted = ("学校", "单校达标", "有未达标项", *SHORT.values())
    return table("纳入比较的学校（所）", ("学段", *counted, "说明"), rows, numbers=counted)


def raw_form(group: StageSchools) -> Form:
    """表Ⅰ: what each school reports, shared resources split."""
    rows = [
        (
            group.names.get(code) or code,
            row["kind"],
            row["location"],
            *(float(row[name]) for name in ("enrolment", *SCHOOL_RESOURCES)),
        )
        for code, row in group.schools.iterrows()
    ]
    labels = (f"{SHORT[code]}（{item(code).unit}）" for code in SCHOOL_RESOURCES)
    columns = dict.fromkeys(("学校", "办学类型", "城乡", "在校生（人）", *labels))
    title = f"{STAGES[group.stage]}基础数据"
    return Form("表Ⅰ", title, columns, tuple(rows), group.note)


def per_school_form(group: StageSchools) -> Form:
    """表Ⅱ: the seven of each school at two decimals, how many are met, whether it passes."""
    number = f"表Ⅱ-{BALANCED_STAGES.index(group.stage) + 1}"
    decimals, rows = group.standards.decimals, []
    for school, values in group.values.iterrows():
        states = group.states.loc[school]
        cells = [
            Marked(fixed(values[c], decimals) or "—", MARKS[states[c]]) for c in SCHOOL_RESOURCES
        ]
        met = float((states == ABOVE).sum())
        name = group.names.get(school) or school
        passes = group.passes[school]
        result = "undecided" if math.isnan(passes) else "met" if passes else "not_met"
        conclusion = marked(result)
        rows.append((name, *cells, met, conclusion))
    limits = group.standards.limits
    heads = {f"{SHORT[c]}（≥{plain(limits[c])}{_per(c)}）": None for c in SCHOOL_RESOURCES}
    columns: dict[str, int | None] = {"学校": None, **heads, "达标项数": None, "结论": None}
    floor = plain(group.standards.floor)
    note = f"✓达标，○未达标但不低于{floor}%，×低于{floor}%；至少{group.standards.at_least}项达标"
    return Form(number, f"{STAGES[group.stage]}各校达标情况", columns, tuple(rows), note)


def _spread_row(case: Case, group: StageSchools, code: str, measure: Measure) -> tuple[Any, ...]:
    """Return one coefficient; a remark where rounding decides, or equal weights would turn it."""
    working, rule = group.spreads[code], case.law[f"resource_cv_{group.stage}"]
    verdict = case.verdict_on(replace(measure, note=""), rule)
    unweighted = case.verdict_on(replace(measure, value=working.unweighted), rule)
    turned = unweighted.is_known and unweighted.result != verdict.result
    warning = f"不加权会误判为{RESULTS[unweighted.result][0]}" if turned else ""
    return (
        STAGES[group.stage],
        f"{item(code).label}（{_per(code)}）",
        float(working.mean * PUPILS[code]),
        float(working.deviation * PUPILS[code]),
        float(working.cv),
        plain(working.cv, 6) or "缺数据",
        verdict.threshold if verdict.threshold is not None else math.nan,
        marked(verdict.result),
        float(working.unweighted),
        "；".join(filter(None, (verdict.note, warning))),
    )


def spread_form(case: Case, stages: Sequence[StageSchools], cvs: Sequence[Measure]) -> Form:
    """表Ⅲ: county means at two decimals, coefficients at three, the unweighted ones beside them."""
    measures = {(m.stage, m.detail): m for m in cvs}
    rows = [
        _spread_row(case, group, code, measures[group.stage, item(code).label])
        for group in stages
        for code in SCHOOL_RESOURCES
    ]
    columns = {
        **{"学段": None, "指标": None, "全县平均值": 2, "标准差": 2, "差异系数": 3},
        **{"未舍入值": None, "上限": 2, "结果": None, "不加权的差异系数": 3, "说明": None},
    }
    notes = {f"{STAGES[m.stage]}{m.note}" for m in cvs if m.note}
    note = "；".join(("按在校生加权，逐项判定", *sorted(notes)))
    return Form("表Ⅲ", "资源配置校际差异系数", columns, tuple(rows), note)


def resource_forms(case: Case, stages: Sequence[StageSchools], cvs: Sequence[Measure]) -> Forms:
    """Return 表Ⅰ, 表Ⅱ-1, 表Ⅱ-2 and 表Ⅲ."""
    raw = [replace(raw_form(group), number=f"表Ⅰ-{at}") for at, group in enumerate(stages, 1)]
    return Forms((*raw, *map(per_school_form, stages), spread_form(case, stages, cvs)))


def by_kind_form(rows: pd.DataFrame) -> Form:
    """Count kindergartens, children, classes and teachers by kind; unknown if one is missing.

    rows: index kindergarten, columns kind and COUNTED; NaN is unknown.
    """
    children = rows["enrolment"].sum(skipna=False)
    lines: list[tuple[str | float | Marked, ...]] = []
    for kind in KINDERGARTEN_KINDS:
        of_kind = rows[rows["kind"] == kind]
        sums = [float(of_kind[code].sum(skipna=False)) for code in COUNTED]
        share = rates.share_percent(sums[0], children)
        ratios = (rates.ratio(sums[0], sums[1]), rates.ratio(sums[0], sums[2]))
        lines.append((kind, float(len(of_kind)), *sums, float(share), *map(float, ratios)))
    counts = ("办园性质", "园数", "在园幼儿（人）", "班级（个）", "专任教师（人）")
    rounded = {"占在园幼儿（%）": 2, "平均班额（人）": 1, "幼儿与专任教师之比": 1}
    columns = dict.fromkeys(counts) | rounded
    return Form("幼儿园-1", "各类幼儿园", columns, tuple(lines), "占比按幼儿计，不按园数计")


def _area(value: float, lacking: float, decimals: int) -> Marked:
    if math.isnan(lacking):
        return Marked(fixed(value, decimals) or "—", "undecided")
    more = (f"差{plain(lacking)}㎡",) if lacking else ()
    return Marked(fixed(value, decimals), "not_met" if lacking else "met", more)


def per_kindergarten_form(case: Case, rows: pd.DataFrame) -> Form:
    """List every kindergarten: year of planning, class size, staffing, three areas per child.

    rows: index kindergarten, columns of the sheet 幼儿园 by item code; NaN is unknown.
    """
    decimals = {code: case.law[code].decimals for code in AREAS}
    lacking = area_shortfalls(rows, case.school_rules, max(decimals.values()))
    values, names = area_per_child(rows), case.facts.school_names()
    lines = [
        (
            names.get(code) or code,
            row["kind"],
            str(row["built"] or "未填"),
            float(row["enrolment"]),
            float(rates.ratio(row["enrolment"], row["classes"])),
            float(rates.ratio(row["enrolment"], row["full_time_teachers"])),
            *(_area(values.loc[code, a], lacking.loc[code, a], decimals[a]) for a in AREAS),
        )
        for code, row in rows.iterrows()
    ]
    heads = {f"{item(a).label.removesuffix('面积')}（㎡/生）": None for a in AREAS}
    columns = dict.fromkeys(("幼儿园", "办园性质", "规划年份", "在园幼儿（人）"))
    columns |= {"平均班额（人）": 1, "幼儿与专任教师之比": 1, **heads}
    return Form(
        "幼儿园-2", "各园班额、师资与生均面积", columns, tuple(lines), "“差”为还需的最少面积"
    )


def kindergarten_forms(case: Case) -> Forms:
    """Return the kindergartens by kind, and one by one."""
    rows = case.facts.schools("preschool", (*COUNTED, *AREAS))
    return Forms((by_kind_form(rows), per_kindergarten_form(case, rows)))


def verdicts_of(case: Case, checks: Sequence[str]) -> list[Verdict]:
    """Judge some rules by name, wherever their measures are computed; a rule of others' law not."""
    in_law = case.law.thresholds
    rules = [in_law[check] for check in checks if check in in_law]
    homes = sorted({notebook_of(topic) for rule in rules for topic in rule.topics})
    measures = [measure for home in homes for measure in case.measures(home)]
    return [
        case.verdict_on(measure, rule)
        for rule in rules
        for measure in measures
        if (measure.item, measure.stage) == (rule.item, rule.stage)
    ]


def _of_entry(
    number: int, entry: dict[str, Any], verdicts: Sequence[Verdict]
) -> list[tuple[Any, ...]]:
    of_entry = [verdict for verdict in verdicts if verdict.check in entry["checks"]]
    if not of_entry:
        return [(str(number), entry["title"], BY_PEOPLE, "", "", marked(UNDECIDED), "")]
    return [
        (
            str(number),
            entry["title"],
            verdict.label,
            verdict.value_text,
            limit_of(verdict, " ") or "尚未施行或未查到",
            marked(verdict.result, verdict.law_status),
            "" if verdict.law_status == "sourced" else LAW_STATUS[verdict.law_status],
        )
        for verdict in of_entry
    ]


def condition_forms(case: Case, name: str) -> Forms:
    """Return the forms of "balanced" or "preschool", judged where they are computed."""
    plans = form_plans(name)
    wanted = [check for plan in plans for entry in plan["entries"] for check in entry["checks"]]
    verdicts = verdicts_of(case, wanted)
    columns = dict.fromkeys(("序号", "内容", "检查", "数值", "标准", "结果", "标准出处"))
    note, forms = "内容按公开摘引整理，未见原表", []
    for plan in plans:
        rows = (_of_entry(at, entry, verdicts) for at, entry in enumerate(plan["entries"], 1))
        of_all = tuple(row for of_entry in rows for row in of_entry)
        forms.append(Form(plan["number"], plan["title"], columns, of_all, note))
    return Forms(tuple(forms))
