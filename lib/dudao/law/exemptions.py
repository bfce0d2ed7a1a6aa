"""Exemptions: which limit holds for one school, by when it was built, its kind, its pupils."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd


@dataclass(frozen=True)
class Exemption:
    """A limit that replaces the general one for schools that fulfil every given condition.

    built_until: built in this year or before. kinds, locations: one of these. pupils_below: fewer
    pupils. share_above: a column of the school rows and the percentage that it must exceed.
    value None: the rule does not hold for such a school at all.
    """

    label: str
    value: float | None
    built_until: int = 0
    kinds: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    pupils_below: float = 0
    share_above: tuple[str, float] | None = None

    def covers(self, schools: pd.DataFrame) -> pd.Series:
        """Say for each school whether the exemption covers it; an unknown condition does not.

        schools: columns built, kind, location, enrolment, and the one of `share_above`.
        """
        found = pd.Series(True, index=schools.index)
        if self.built_until:
            found &= (schools["built"] > 0) & (schools["built"] <= self.built_until)
        if self.kinds:
            found &= schools["kind"].isin(self.kinds)
        if self.locations:
            found &= schools["location"].isin(self.locations)
        if self.pupils_below:
            found &= schools["enrolment"] < self.pupils_below
        if self.share_above:
            column, limit = self.share_above
            found &= schools[column] / schools["enrolment"] * 100 > limit
        return found


def exemptions_of(raw: list[dict]) -> tuple[Exemption, ...]:
    """Read the exemptions of a threshold; lists become tuples."""
    names = {field.name for field in fields(Exemption)}
    if unknown := {key for entry in raw for key in entry} - names:
        raise KeyError("、".join(sorted(unknown)))
    return tuple(
        Exemption(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
        for entry in raw
    )


def limits_of_schools(
    general: float, exemptions: tuple[Exemption, ...], schools: pd.DataFrame
) -> pd.Series:
    """Return the limit of each school; NaN where the rule does not hold. The first fitting wins."""
    limits = pd.Series(float(general), index=schools.index)
    for exemption in reversed(exemptions):
        value = float("nan") if exemption.value is None else exemption.value
        limits = limits.mask(exemption.covers(schools), value)
    return limits
