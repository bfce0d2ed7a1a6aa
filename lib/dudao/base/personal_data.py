"""What identifies a person: one detector for what is handed in and for what is published.

A file that passes ingest is not held back at publication for a number that ingest let through.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

IDENTITY, MOBILE, NAME = "身份证号", "手机号", "姓名"
MOBILE_DIGITS = 11  # without the code of the country
_KEPT = {IDENTITY: 6, MOBILE: 3}  # leading digits that a message may repeat
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z_.])[1-9]\d{5}[- ]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"[- ]?\d{3}[0-9Xx](?![0-9A-Za-z_])"
)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z_.])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\.?[0-9A-Za-z_]|\s*[元人])"
)
_NAMED = re.compile(
    r"(?:姓\s*名|联系人|填报人|填表人|审核人|负责人|校长|园长)\s*[：:]\s*"
    r"(?P<name>[\u4e00-\u9fff·]{2,6})"
)
_OFFICE = re.compile(r"[局科室股处办组校园站所委]$|学校|中心|小学|中学|政府")  # no person's name
_URL = re.compile(r"https?://\S+")
_PATTERNS = ((IDENTITY, _IDENTITY), (MOBILE, _MOBILE), (NAME, _NAMED))


@dataclass(frozen=True)
class Trace:
    """One piece of personal data: of which kind, as written, where in the narrowed text."""

    kind: str
    text: str
    span: tuple[int, int]

    @property
    def short(self) -> str:
        """Return what a message may say of it: never the whole number."""
        if self.kind == NAME:
            return self.text.replace(":", "：")
        digits = re.sub(r"[^0-9Xx]", "", self.text)
        national = digits[-MOBILE_DIGITS:] if self.kind == MOBILE else digits
        return f"{self.kind} {national[: _KEPT[self.kind]]}…"


def _narrow(text: str) -> str:
    """Return a text in half width, its web addresses blanked: no telephone stands in one."""
    narrow = unicodedata.normalize("NFKC", text)
    return _URL.sub(lambda match: " " * len(match[0]), narrow)


def _traces(narrow: str, code: bool) -> Iterator[Trace]:
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in () if code and kind == MOBILE else pattern.finditer(narrow):
            start, end = match.span()
            is_office = kind == NAME and _OFFICE.search(match["name"])
            if not is_office and all(end <= a or b <= start for a, b in taken):
                taken.append((start, end))
                yield Trace(kind, match[0], (start, end))


def traces(text: str, *, code: bool = False) -> list[Trace]:
    """Return the personal data in a text, each once; a school's code is never a telephone."""
    found = {(trace.kind, trace.text): trace for trace in _traces(_narrow(text), code)}
    return list(found.values())


def hide(text: str) -> str:
    """Return a text without the personal data in it; unchanged where there is none."""
    spans = sorted((t.span, t.kind) for t in _traces(_narrow(text), code=False))
    if not spans:
        return text
    narrow, at, parts = unicodedata.normalize("NFKC", text), 0, []
    for (start, end), kind in spans:
        word = "姓名" if kind == NAME else "号码"
        parts += [narrow[at:start], f"（{word}已隐去）"]
        at = end
    return "".join([*parts, narrow[at:]])
