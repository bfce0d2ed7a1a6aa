"""Places of cells in what was submitted, as links to the rows of its page."""

import re

from dudao.facts import sheet_layout

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
