"""What identifies a person has no place in a public document: find it in a page's text."""

from __future__ import annotations

import html
import re

from dudao.base.personal_data import traces

_PICTURE = re.compile(r'"data:[^"]*"')
_MARKUP = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


def page_text(page: str) -> str:
    """Return what a reader sees of a page, and the words that replace its pictures."""
    return html.unescape(_MARKUP.sub(" ", _PICTURE.sub('""', page)))


def words_of(page: str) -> str:
    """Return a page without its pictures: all that could name somebody, alternatives included."""
    return html.unescape(_PICTURE.sub('""', page))


def personal_data(page: str) -> list[str]:
    """List identity numbers, mobile numbers and persons named after a label, each shortened."""
    return list(dict.fromkeys(trace.short for trace in traces(page_text(page))))
