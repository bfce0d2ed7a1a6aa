"""Children with disabilities, of migrants, left behind or at risk in a fictional county."""

from __future__ import annotations

from tools.example import limits
from tools.example.model import Model

Values = dict[tuple[str, str], float]
STAGE, FEWEST = "compulsory", 4
IN_SPECIAL_SCHOOLS, AT_HOME = 0.42, 0.08  # of the disabled children who are enrolled
PURCHASED = 0.1  # of the migrants' children who are in public or purchased places
ROOM = 0.1  # how far above a standard of money the best county is


def _special(model: Model, year: int, drawn: Values) -> Values:
    """Disabled children: not more in special schools than these have pupils."""
    pupils = drawn["enrolment", "special"]
    children = max(FEWEST, round(pupils / IN_SPECIAL_SCHOOLS))
    name = "special_enrolment_rate"
    enrolled = limits.part(name, children, model.margin(name))
    special = min(int(pupils), round(enrolled * IN_SPECIAL_SCHOOLS))
    at_home = round(enrolled * AT_HOME)
    return {
        "school_age_disabled_children": children,
        "disabled_in_special_schools": special,
        "disabled_in_mainstream_schools": enrolled - special - at_home,
        "disabled_taught_at_home": at_home,
        "special_operating_funds": _funds(model, year, enrolled - at_home),
    }


def _funds(model: Model, year: int, pupils: int) -> float:
    name = "special_operating_funds_per_pupil"
    level = limits.in_force(name, year) * (1 + ROOM * model.margin(name))
    return round(level) * pupils


def _migrants(model: Model, pupils: float) -> Values:
    name = "migrant_public_share"
    children = round(pupils * model.rng("migrants").uniform(0.05, 0.12))
    placed = limits.part(name, children, model.margin(name))
    purchased = round(placed * PURCHASED)
    return {
        "migrant_children": children,
        "migrant_children_public": placed - purchased,
        "migrant_children_purchased": purchased,
    }


def _others(model: Model, pupils: float, leavers: float) -> Values:
    margin = model.margin("dropouts")
    left_behind = round(pupils * model.rng("left behind").uniform(0.06, 0.15))
    cared = left_behind if margin >= 0 else round(left_behind * (1 + margin))
    entrants = round(leavers / model.rng("retention").uniform(0.97, 0.995))
    return {
        "left_behind_children": left_behind,
        "left_behind_children_cared": cared,
        "dropouts": 0 if margin >= 0 else 3,
        "ninth_graders": leavers,
        "first_grade_entrants": entrants,
    }


def values(model: Model, year: int, drawn: Values) -> Values:
    """Return the figures of special education and equal access in a calendar year."""
    pupils = drawn["enrolment", "primary"] + drawn["enrolment", "junior"]
    figures = {
        **_special(model, year, drawn),
        **_migrants(model, pupils),
        **_others(model, pupils, drawn["junior_graduates", "junior"]),
    }
    return {(code, STAGE): value for code, value in figures.items()}
