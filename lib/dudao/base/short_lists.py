"""Lists that may be long: the first are said, and how many there are."""

from collections.abc import Iterator, Sequence


def name_first(names: Sequence[str], most: int, unit: str = "", between: str = "、") -> str:
    """Join the first names, “甲、乙、丙等12所” where there are more.

    unit: counts the names, with its measure word; without one 等 stands alone.
    """
    joined = between.join(names[:most])
    if len(names) <= most:
        return joined
    return f"{joined}等{len(names)}{unit}" if unit else f"{joined}等"


def tell_first(lines: Sequence[object], most: int, rest: str) -> Iterator[str]:
    """Yield the first lines, and a last one that says how many more there are.

    rest: the last line, `{}` for the number.
    """
    yield from map(str, lines[:most])
    if len(lines) > most:
        yield rest.format(len(lines) - most)
