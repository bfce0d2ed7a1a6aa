"""Tables about several counties: what is the county's own, and nothing of the others or of all.

A table of a city has a row or a column for each county, or says of each school in which it lies.
"""

import re
from collections.abc import Iterable
from functools import cache

from dudao.base.reference import counties
from dudao_pipeline.importing.source_tables import Table
from dudao_pipeline.intake.headers import plain
from dudao_pipeline.intake.row_words import is_total

FEWEST = 2  # counties beside or below each other that make a table one of several
_HEAD = re.compile(
    r"(?:所[在属]|隶属)?(?:区县|县区|区\(县\)|县\(区\)|县市区|县\(市、?区\)|市\(县、?区\)|市县|行政区|区划|地区|城市|区域|县名?|市)"
    r"(?:名称|名)?"
)
_REGION = re.compile(r"[^\W\d_]{1,12}(?:[市县区旗盟州]|新区|开发区|地区)")
_KINDS_OF_PLACE = re.compile(
    r".*[校学片小社园教]区|[城镇郊县市农主乡]区|城[市镇]|主城区|中心城区|城乡结合区|镇乡结合区"
)
_NAMED_BY = 3  # characters of a name that is found within a text
_ANYWHERE = re.compile(r"新城区|城[中关东西南北]区|市[中南北]区|.?新区|市辖区|县|.*直辖.*")
_ENDS = re.compile(r"(?:[^\W\d_]族)*自治[县旗州]$|[县区市旗]$")


def is_region(text: str) -> bool:
    """Say whether a text is nothing but the name of a county, district or city."""
    bare = plain(text)
    return _REGION.fullmatch(bare) is not None and not _KINDS_OF_PLACE.fullmatch(bare)


def names(text: str, county: str) -> bool:
    """Say whether a text names a county, with or without what it belongs to and its last word."""
    bare, own = plain(text), plain(county)
    short = _ENDS.sub("", own)
    return bool(own) and (bare.endswith(own) or (len(short) > 1 and bare.endswith(short)))


def region_column(table: Table) -> int:
    """Return the column that says in which county each row is; 0 where none does."""
    for column in table.columns:
        texts = [text for text in table.values(column.at) if not is_total(text)]
        regions = [text for text in texts if is_region(text)]
        is_headed = _HEAD.fullmatch(plain(column.path[-1])) is not None
        if len(regions) * 2 > len(texts) and (is_headed or len(set(regions)) >= FEWEST):
            return column.at
    return 0


def rows_of(table: Table, column: int, county: str) -> list[int]:
    """Return the rows of a table that are about a county."""
    return [row for row in table.rows if names(table.text(row, column), county)]


def own_head(heads: Iterable[tuple[str, ...]], county: str) -> str | None:
    """Return which text of heads names the county, "" if none; None if they name no counties."""
    named = {text for path in heads for text in path if is_region(text)}
    if len(named) < FEWEST:
        return None
    return next((text for text in sorted(named) if names(text, county)), "")


@cache
def _official(*, larger: bool) -> re.Pattern[str]:
    """Return what finds the official names of counties, or of cities and provinces."""
    listed = counties().values()
    areas = {n for one in listed for n in (one.city, one.province)}
    official = areas if larger else {one.name for one in listed}
    kept = (
        n
        for n in official
        if len(n) >= _NAMED_BY and not _ANYWHERE.fullmatch(n) and not _KINDS_OF_PLACE.fullmatch(n)
    )
    return re.compile("|".join(sorted(map(re.escape, kept), key=lambda n: (-len(n), n))))


def other_place(texts: Iterable[str], county: str, *, larger: bool) -> str:
    """Return the place that what stands around a table names instead of the county; "" for none.

    larger: whether a city or province counts, too: its figures are not the county's.
    """
    joined, own = " ".join(map(plain, texts)), plain(county)
    if not own or own in joined:
        return ""
    hit = _official(larger=False).search(joined)
    hit = hit or (_official(larger=True).search(joined) if larger else None)
    return hit[0] if hit else ""
