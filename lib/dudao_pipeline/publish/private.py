"""What identifies a person has no place in a public document: find it in a page's text."""

import html
import re

_PICTURE = re.compile(r'"data:[^"]*"')
_MARKUP = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
_IDENTITY = re.compile(
    r"(?<![A-Za-z0-9_.])[1-9]\d{5}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d{4}[\dXx](?![A-Za-z0-9_])"
)
_MOBILE = re.compile(r"(?<![A-Za-z0-9_.])1[3-9]\d{9}(?![A-Za-z0-9_.]|\s*[元人])")
_NAMED = re.compile(
    r"(?:姓\s*名|联系人|填报人|填表人|审核人|负责人|校长|园长)\s*[：:]\s*[\u4e00-\u9fff·]{2,6}"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def _is_identity_number(text: str) -> bool:
    """Hold the check digit of GB 11643: a long number of another kind rarely passes it."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == text[17].upper()


def page_text(page: str) -> str:
    """Return what a reader sees of a page, and the words that replace its pictures."""
    return html.unescape(_MARKUP.sub(" ", _PICTURE.sub('""', page)))


def words_of(page: str) -> str:
    """Return a page without its pictures: all that could name somebody, alternatives included."""
    return html.unescape(_PICTURE.sub('""', page))


def personal_data(page: str) -> list[str]:
    """List identity numbers, mobile numbers and persons named after a label, each shortened."""
    shown = page_text(page)
    numbers = [f"身份证号 {n[:6]}…" for n in _IDENTITY.findall(shown) if _is_identity_number(n)]
    mobiles = [f"手机号 {number[:3]}…" for number in _MOBILE.findall(shown)]
    return list(dict.fromkeys([*numbers, *mobiles, *_NAMED.findall(shown)]))
