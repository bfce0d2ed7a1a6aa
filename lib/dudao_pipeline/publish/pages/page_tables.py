"""Tables of a page, each in its frame: sources are notes at its end, places of cells are links."""

import re
from collections.abc import Callable, Mapping
from html import escape

from dudao.facts import sheet_layout
from dudao.show.tables import Record, to_html

REGION = 'tabindex="0" role="region"'
DATA_PAGE = "data.html"
SLUGS = {
    sheet_layout.COUNTY: "county",
    sheet_layout.SCHOOLS: "schools",
    sheet_layout.KINDERGARTENS: "kindergartens",
    sheet_layout.FUNDS: "funds",
    sheet_layout.EVIDENCE: "evidence",
    sheet_layout.CLAIMS: "claims",
    sheet_layout.EXCEPTIONS: "exceptions",
    sheet_layout.LAST_ROUND: "last-round",
    sheet_layout.SELF_RATINGS: "self-ratings",
}
_PLACE = re.compile(rf"({'|'.join(SLUGS)})!([A-Z]{{1,3}})(\d{{1,6}})(?![^<>]*>)")


def with_links(text: str) -> str:
    """Turn every place of a cell in a text, tags around it or not, into a link to its row."""
    if "!" not in text:
        return text
    return _PLACE.sub(lambda m: f'<a href="{DATA_PAGE}#{SLUGS[m[1]]}-{m[3]}">{m[0]}</a>', text)


class PageTables:
    """The tables of one page: numbered, with their sources as notes at its end.

    text: makes HTML of a text; a page may turn the places of cells in it into links.
    """

    def __init__(self, text: Callable[[str], str] = escape) -> None:
        """Begin a page."""
        self.text = text
        self.number = 0
        self.sources: dict[str, int] = {}

    def html(self, record: Record) -> str:
        """Return one table within the frame that scrolls and that the keyboard reaches."""
        if "left_out" in record:
            return escape(record["left_out"])
        self.number += 1
        name = f"table-{self.number}"
        table = to_html(record, text=self.text, cite=self._note, name=name)
        return f'<div class="table-wrap" {REGION} aria-labelledby="{name}">{table}</div>'

    def _note(self, source: str) -> str:
        number = self.sources.setdefault(source, len(self.sources) + 1)
        return f"<a class=note href=#note-{number} aria-label=出处{number}>[{number}]</a>"

    def notes(self) -> str:
        """Return the list of sources, in the order of their first use; "" where there are none."""
        items = "".join(
            f'<li id="note-{at}">{source}</li>\n' for source, at in self.sources.items()
        )
        return items and (
            '<section class="notes" aria-labelledby="notes-title">'
            f'<h2 id="notes-title">出处</h2>\n<ol>{items}</ol></section>\n'
        )


def rows_shown(record: Mapping) -> int:
    """Return how many lines a table has, its head among them; rows with an anchor do not count."""
    rows = 0 if record.get("anchors") else len(record["rows"])
    return 1 + rows + ("empty" in record) + ("note" in record)
