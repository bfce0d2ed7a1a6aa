"""What every school needs beside the seven resources, and must add: classes, places, rooms."""

import pandas as pd

from dudao.base.rounding import plain
from dudao.facts.sheet_layout import SCHOOL_ATTRIBUTES
from dudao.facts.view import Facts, once_per_county, once_per_schools
from dudao.indicators import rates
from dudao.indicators.measure import Measure, Remedy
from dudao.indicators.schools import (
    BALANCED_STAGES,
    SchoolRules,
    lacking_columns,
    share_of_schools,
)

COLUMNS = (
    *("enrolment", "classes", "largest_class", "music_rooms", "art_rooms"),
    *("music_room_area", "art_room_area", "migrant_pupils"),
)
ADDED = ["enrolment", "classes", "music_rooms", "art_rooms", "migrant_pupils"]
KEPT = [*SCHOOL_ATTRIBUTES]
ROOMS = {"music": "音乐专用教室", "art": "美术专用教室"}


@once_per_schools
def covered_rows(facts: Facts, stage: str, rules: SchoolRules) -> pd.DataFrame:
    """Return the rows of a stage that the rules cover."""
    rows = facts.schools(stage, COLUMNS)
    return rows[rules.scope(rows)].assign(stage=stage)


@once_per_schools
def all_rows(facts: Facts, rules: SchoolRules) -> pd.DataFrame:
    """Return the rows of all stages that the rules cover, one a school and stage."""
    return pd.concat([covered_rows(facts, stage, rules) for stage in BALANCED_STAGES])


@once_per_schools
def covered_whole(facts: Facts, rules: SchoolRules) -> pd.DataFrame:
    """Return the same rows with the stages of one school added.

    Index school, columns as `whole_schools` gives them.
    """
    return whole_schools(all_rows(facts, rules))


def whole_schools(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a school: pupils, classes and rooms of its stages added, NaN if one is missing.

    rows: index school, COLUMNS and the attributes. Result: columns ADDED and the attributes.
    """
    grouped = rows.groupby(level=0)
    added = grouped[ADDED].sum(skipna=False)
    return added.join(grouped[KEPT].first()) if len(rows) else rows[[*ADDED, *KEPT]]


def _lacking(rows: pd.DataFrame, *codes: str) -> tuple[str, ...]:
    by_stage = ((stage, rows[rows["stage"] == stage]) for stage in BALANCED_STAGES)
    return tuple(
        text for stage, at_stage in by_stage for text in lacking_columns(at_stage, stage, codes)
    )


def _open(met: pd.Series) -> tuple[str, ...]:
    """Say at how many schools an exemption would decide, and what it needs is missing."""
    number = int(met.isna().sum())
    return (
        (f"放宽条件（规划建成年份、随迁子女、最大班额）：{number}所学校未填（学校）",)
        if number
        else ()
    )


def _class_size(facts: Facts, stage: str, rules: SchoolRules) -> Measure:
    rows = covered_rows(facts, stage, rules)
    met = within_class_size(rows, stage, rules)
    classes = classes_lacking(rows, stage, rules).sum()
    return share_of_schools(
        facts,
        "schools_within_class_size",
        stage,
        met,
        missing=lacking_columns(rows, stage, ("largest_class",)),
        note=f"按在校生计至少需增加{plain(classes)}个班" if classes > 0 else "",
    )


@once_per_county
def class_sizes(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Every class within the limit (班额): share of schools, by their largest class.

    A school whose average class is larger than its largest one is judged by the average.
    Source: 教督〔2017〕6号.
    """
    return [_class_size(facts, stage, rules) for stage in BALANCED_STAGES]


@once_per_county
def school_sizes(facts: Facts, rules: SchoolRules) -> Measure:
    """School size (学校规模): pupils of all compulsory stages of a school, exemptions included.

    Source: 教督〔2017〕6号.
    """
    rows, schools = all_rows(facts, rules), covered_whole(facts, rules)
    met = within_size(schools, rules)
    over = pupils_above(schools, rules).sum()
    lacking = _lacking(rows, "enrolment")
    return share_of_schools(
        facts,
        "schools_within_size",
        "compulsory",
        met,
        missing=lacking or _open(met),
        note=f"共超出{plain(over)}人" if over else "",
    )


def _rooms(facts: Facts, kind: str, rules: SchoolRules) -> Measure:
    """Rooms of a kind for the classes of each school; more rooms raise it."""
    rows, schools = all_rows(facts, rules), covered_whole(facts, rules)
    met, needed = enough_rooms(schools, kind, rules), rooms_lacking(schools, kind, rules)

    rooms, share = needed.sum(), rates.share_percent(met.sum(), len(met))
    remedy = Remedy("间", lambda amount: 100.0 if amount >= rooms else share)
    lacking = _lacking(rows, "classes", f"{kind}_rooms")
    code = f"schools_with_{kind}_rooms"
    return share_of_schools(facts, code, "compulsory", met, missing=lacking, raised_by=remedy)


def _areas(facts: Facts, kind: str, rules: SchoolRules) -> Measure:
    """Smallest room of a kind at each stage of a school; a row without such a room is left out."""
    rooms, area = f"{kind}_rooms", f"{kind}_room_area"
    rows = all_rows(facts, rules)
    having = rows[rows[rooms] != 0]
    parts = {stage: having[having["stage"] == stage] for stage in BALANCED_STAGES}
    judged = pd.concat(
        [rules.meets(f"{area}_{stage}", part[area], part) for stage, part in parts.items()]
    )
    met = judged.groupby(level=0).min(skipna=False)
    given = [lacking_columns(part, stage, (area,)) for stage, part in parts.items() if len(part)]
    lacking = (*_lacking(rows, rooms), *(text for texts in given for text in texts))
    return share_of_schools(
        facts,
        f"schools_with_{kind}_room_area",
        "compulsory",
        met,
        missing=lacking or _open(judged),
        note=f"各校都没有{ROOMS[kind]}" if len(rows) and having.empty else "",
    )


@once_per_county
def special_rooms(facts: Facts, rules: SchoolRules) -> list[Measure]:
    """Music and art rooms (音乐、美术专用教室): enough for the classes, and each large enough.

    Source: 教督〔2017〕6号.
    """
    enough = [_rooms(facts, kind, rules) for kind in ROOMS]
    return [*enough, *(_areas(facts, kind, rules) for kind in ROOMS)]


def within_class_size(rows: pd.DataFrame, stage: str, rules: SchoolRules) -> pd.Series:
    """Say of each row of a stage whether its largest class is within the limit: 1, 0, NaN."""
    # No largest class is smaller than the average: what the other two columns prove counts.
    average = rates.round_up(rows["enrolment"] / rows["classes"].where(rows["classes"] > 0))
    largest = rows["largest_class"].where(~(average > rows["largest_class"]), average)
    return rules.meets(f"class_size_limit_{stage}", largest, rows)


def classes_lacking(rows: pd.DataFrame, stage: str, rules: SchoolRules) -> pd.Series:
    """Least classes that rows of a stage must add so that the average class is within the limit.

    NaN for a school that meets the limit or is not decided: nothing is asked of it.
    """
    needed = rates.round_up(rows["enrolment"] / rules.limit(f"class_size_limit_{stage}", rows))
    lacking = (needed - rows["classes"]).clip(lower=0)
    return lacking.where(within_class_size(rows, stage, rules) == 0)


def enough_rooms(schools: pd.DataFrame, kind: str, rules: SchoolRules) -> pd.Series:
    """Say of each whole school whether its rooms of a kind serve its classes: 1, 0, NaN.

    schools: index school, columns classes, <kind>_rooms and the attributes. Result: index school.
    """
    classes, rooms = schools["classes"], schools[f"{kind}_rooms"]
    met = rules.meets(f"classes_per_{kind}_room", classes / rooms.where(rooms > 0), schools)
    return met.mask((rooms == 0) & (classes > 0), 0.0).mask(classes == 0, 1.0)


def rooms_lacking(schools: pd.DataFrame, kind: str, rules: SchoolRules) -> pd.Series:
    """Least rooms of a kind that whole schools must add for their classes.

    NaN for a school that has enough or is not decided.

    schools: index school, columns classes and <kind>_rooms. Result: index school, in rooms.
    """
    needed = rates.round_up(schools["classes"] / rules.limit(f"classes_per_{kind}_room", schools))
    lacking = (needed - schools[f"{kind}_rooms"]).clip(lower=0)
    return lacking.where(enough_rooms(schools, kind, rules) == 0)


def within_size(schools: pd.DataFrame, rules: SchoolRules) -> pd.Series:
    """Say of each whole school whether it is within the limit of size: 1, 0, NaN.

    schools: index school, columns enrolment and the attributes. Result: index school.
    """
    return rules.meets("school_size_limit", schools["enrolment"], schools)


def pupils_above(schools: pd.DataFrame, rules: SchoolRules) -> pd.Series:
    """Pupils of whole schools above the limit of school size, exemptions included.

    NaN for a school within the limit, and for one whose exemption is not decided.

    schools: index school, columns enrolment and the attributes. Result: index school, in pupils.
    """
    over = schools["enrolment"] - rules.limit("school_size_limit", schools)
    return over.clip(lower=0).where(within_size(schools, rules) == 0)
