"""What a county is called in a report: its short name, what it is, and whom it reports to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dudao.base import reference
from dudao_pipeline.publish.report.wording import Words

REMARK = re.compile(r"（[^）]*）$")
ZONE = re.compile(r"(?:示范|开发|高新|管理|新技术产业|经济|试验|风景名胜)区$")
LEVELS = ("旗", "市", "区", "县")  # by the last letter of the name; else 县


@dataclass(frozen=True)
class CountyWords:
    """A county in its report. above: the city, or what stands for it where nobody knows."""

    name: str
    level: str
    above: str
    is_zone: bool

    @property
    def fields(self) -> dict[str, str]:
        """Return what sentences are filled with."""
        return {"reach": f"全{self.level}", "level": self.level, "we": f"我{self.level}"}

    def government(self, words: Words) -> str:
        """Return who signs."""
        kind = "zone" if self.is_zone else "county"
        return words["government"][kind].format(county=self.name)


def county_words(code: str, full_name: str, words: Words) -> CountyWords:
    """Return the words for a county; an anonymous one keeps what is known of its name."""
    county = reference.counties().get(code)
    name = REMARK.sub("", full_name)
    above = words["above_unknown"]
    if county:
        name = county.name.removeprefix(county.city) or county.name
        is_city = county.city.endswith(("市", "州", "盟", "地区")) and county.city != "市辖区"
        above = county.city if is_city else county.province
    level = next((letter for letter in LEVELS if name.rstrip("0123456789").endswith(letter)), "县")
    return CountyWords(name, level, above, bool(ZONE.search(name)))
