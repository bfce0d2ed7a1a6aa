"""What one school must add beside the seven resources: classes, rooms, places."""

from __future__ import annotations

import pandas as pd

from dudao.indicators import rates
from dudao.indicators.schools import SchoolRules


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
