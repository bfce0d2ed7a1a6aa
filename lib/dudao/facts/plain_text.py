"""Text in the characters that every machine types and shows."""

import unicodedata

_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
BLANKS = " \u00a0\u2007\u2009\u202f\u3000"
GETA = "〓"  # what printers set for a character that they do not have
PRIVATE = "Co"


def half_width(text: str) -> str:
    """Return a text with full-width letters, digits, marks and blanks in half width.

    Nothing else is folded: ① ² ㉓ ½ are signs of their own and no digits of a number.
    """
    return text if text.isascii() else text.translate(_FULL_WIDTH)


def replaced(text: str) -> str:
    """Return a text with 〓 for every character that only the machine of its writer can show."""
    return "".join(GETA if unicodedata.category(c) == PRIVATE else c for c in text)
