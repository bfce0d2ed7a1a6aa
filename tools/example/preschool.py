"""Preschool figures of a fictional county: sums over its kindergartens, staff, townships."""

from __future__ import annotations

import math

from tools.example import limits
from tools.example.kindergartens import INCLUSIVE, PUBLIC, Kindergarten
from tools.example.model import Model

Values = dict[tuple[str, str], float]
SEAT, STAGE = "城区", "preschool"
TOWNSHIPS = (8, 16)
LARGEST_CLASSES = ("age_3", "age_4", "age_5", "mixed")
STEP = 4  # children above the usual size of a class


def _part(model: Model, name: str, whole: int) -> int:
    return limits.part(name, whole, model.margin(name))


def _sites(all_: tuple[Kindergarten, ...], year: int) -> dict[str, float]:
    public = [k for k in all_ if k.kind(year) == PUBLIC]
    farm = sum(k.on_farm for k in public)
    seat = sum(k.location == SEAT and not k.on_farm for k in public)
    new = [k for k in all_ if k.since == year]
    return {
        "kindergartens": len(all_),
        "public_kindergartens": len(public),
        "private_kindergartens": len(all_) - len(public),
        "public_kindergartens_county_seat": seat,
        "public_kindergartens_farm": farm,
        "public_kindergartens_township": len(public) - farm - seat,
        "new_inclusive_private_kindergartens": len(new),
        "new_inclusive_places": sum(k.values(year)["enrolment"] for k in new),
    }


def _children(model: Model, year: int) -> dict[str, float]:
    rows = [(k.kind(year), k.values(year)) for k in model.kindergartens]
    children = sum(row["enrolment"] for _, row in rows)
    classes = sum(row["classes"] for _, row in rows)
    ratio = limits.rate("gross_enrolment_ratio", model.margin("gross_enrolment_ratio"))
    figures = {
        "enrolment": children,
        "population_3_5": int(children / ratio),
        "classes": classes,
        "classes_within_limit": _part(model, "class_size_compliance", classes),
        "full_time_teachers": sum(row["full_time_teachers"] for _, row in rows),
    }
    for code, wanted in (("public", PUBLIC), ("inclusive_private", INCLUSIVE)):
        own = (row["enrolment"] for kind, row in rows if kind == wanted)
        figures[f"{code}_enrolment"] = sum(own)
    return figures


def _staff(model: Model, drawn: dict[str, float]) -> dict[str, float]:
    """Heads, teachers, and all: as many as the children want, never fewer than their parts."""
    heads = int(drawn["full_time_teachers"] + drawn["kindergartens"])
    counts: dict[str, float] = {
        "heads_and_teachers": heads,
        "certified_heads_and_teachers": _part(model, "staff_certification", heads),
    }
    least = drawn["full_time_teachers"]
    for code in ("caring_staff", "staff"):
        name = f"children_per_{code}"
        children = limits.latest(name) * (1 - 0.2 * model.margin(name))
        least = max(math.ceil(drawn["enrolment"] / children), least)
        counts[f"kindergarten_{code}"] = least
        least = max(least, heads)
    return counts


def _others(model: Model) -> dict[str, float]:
    townships = model.rng("townships").randint(*TOWNSHIPS)
    counts: dict[str, float] = {
        "townships": townships,
        "townships_with_central_kindergarten": _part(
            model, "central_kindergarten_coverage", townships
        ),
    }
    for age in LARGEST_CLASSES:
        name = f"largest_class_{age}"
        counts[name] = limits.at_most(name, model.margin(name), STEP)
    return counts


def values(model: Model, year: int) -> Values:
    """Return the preschool figures of a calendar year."""
    drawn = {**_sites(model.kindergartens, year), **_children(model, year)}
    drawn |= {**_staff(model, drawn), **_others(model)}
    return {(code, STAGE): value for code, value in drawn.items()}
