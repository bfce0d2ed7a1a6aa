"""Citations as numbered notes: a table holds the number, the end of the page the source."""

import re

CITATION = re.compile(r"<cite>(?P<source>.*?)</cite>", re.DOTALL)
PLACE = '<section class="notes"></section>'


def with_notes(page: str) -> str:
    """Give the sources numbers in the order of their first use, and list them once at the end."""
    numbers: dict[str, int] = {}

    def numbered(match: re.Match) -> str:
        number = numbers.setdefault(match["source"], len(numbers) + 1)
        return f'<a class="note" href="#note-{number}" aria-label="出处{number}">[{number}]</a>'

    page = CITATION.sub(numbered, page)
    items = "".join(f'<li id="note-{at}">{source}</li>\n' for source, at in numbers.items())
    listed = (
        '<section class="notes" aria-labelledby="notes-title"><h2 id="notes-title">出处</h2>\n'
        f"<ol>{items}</ol></section>"
    )
    return page.replace(PLACE, listed if items else "", 1)
