"""Exemptions: which limit holds for one school, by when it was built, its kind, its pupils."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Exemption:
    """A limit that replaces the general one for schools that fulfil every given condition.

    built_until: built in this year or before. kinds, locations: one of these. pupils_below: fewer
    pupils. pupils_from: at least so many. class_below: a smaller largest class. share_above: a
    column of the school rows and the percentage of pupils that it must exceed. value None: the
    rule does not hold for such a school.
    """

    label: str
    value: float | None
    built_until: int = 0
    kinds: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    pupils_below: float = 0
    pupils_from: float = 0
    class_below: float = 0
    share_above: tuple[str, float] | None = None

    def _conditions(self, schools: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield for each given condition where it is known, and where it is fulfilled."""
        import numpy as np

        if self.built_until:
            built = schools["built"].to_numpy()
            yield built > 0, built <= self.built_until
        for column, words in (("kind", self.kinds), ("location", self.locations)):
            if words:
                given = schools[column]
                yield (given != "").to_numpy(), given.isin(words).to_numpy()
        for column, limit in (
            ("enrolment", self.pupils_below),
            ("largest_class", self.class_below),
        ):
            if limit:
                given = schools[column].to_numpy(float)
                yield ~np.isnan(given), given < limit
        if self.pupils_from:
            pupils = schools["enrolment"].to_numpy(float)
            yield ~np.isnan(pupils), pupils >= self.pupils_from
        if self.share_above:
            column, percentage = self.share_above
            part, whole = (schools[name].to_numpy(float) for name in (column, "enrolment"))
            yield ~np.isnan(part) & ~np.isnan(whole), part * 100 > percentage * whole

    def covers(self, schools: pd.DataFrame, *, unknown: bool = False) -> np.ndarray:
        """Say for each school whether the exemption covers it; `unknown`: what a gap counts as.

        schools: columns built, kind, location, enrolment, and those that the conditions name.
        """
        import numpy as np

        covered = np.ones(len(schools), bool)
        for is_known, fulfilled in self._conditions(schools):
            covered &= np.where(is_known, fulfilled, unknown)
        return covered


def exemptions_of(raw: list[dict[str, Any]]) -> tuple[Exemption, ...]:
    """Read the exemptions of a threshold; lists become tuples."""
    read: list[dict[str, Any]] = [
        {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()} for entry in raw
    ]
    return tuple(Exemption(**entry) for entry in read)


def limits_of_schools(
    general: float,
    exemptions: tuple[Exemption, ...],
    schools: pd.DataFrame,
    *,
    unknown: bool = False,
) -> pd.Series:
    """Return the limit of each school; NaN where the rule does not hold. The first fitting wins.

    schools: index school, columns that the conditions name. Result: same index.
    """
    import numpy as np
    import pandas as pd

    limits = np.full(len(schools), float(general))
    for exemption in reversed(exemptions) if len(schools) else ():
        value = float("nan") if exemption.value is None else exemption.value
        limits[exemption.covers(schools, unknown=unknown)] = value
    return pd.Series(limits, index=schools.index)
