"""Rows that are sums of others by their figures, whatever they are called."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dudao_pipeline.intake import cell_reading

FEWEST_COLUMNS = 3  # that agree without being zero
FEWEST_ROWS = 3  # that a sum is of, however few its digits
FEWEST_DIGITS = 8  # of a sum of some rows only: two small schools make a third by chance
DIGITS_OF_TWO = 12  # of a sum of two rows
_NOISE = 1e-6  # of sums of decimals

Figures = dict[int, tuple[float, float]]  # column -> value, half of what its last digit counts


def figures_of(texts: Mapping[int, str]) -> Figures:
    """Return the numbers of a row by column."""
    figures = {}
    for column, text in texts.items():
        parsed = cell_reading.parse(text)
        if parsed is not None and parsed.value == parsed.value:
            decimals = len(text.strip().partition(".")[2])
            figures[column] = parsed.value, 0.5 * 10**-decimals
    return figures


def _added(rows: Iterable[Figures]) -> Counter:
    """Return the sum of every column."""
    sums: Counter = Counter()
    for row in rows:
        for column, (value, _) in row.items():
            sums[column] += value
    return sums


def _is_sum(row: Figures, others: Counter, digits: int = 0) -> bool:
    """Say whether every figure of a row is the sum of the others', and enough of them tell."""
    if any(abs(value - others[column]) > half + _NOISE for column, (value, half) in row.items()):
        return False
    values = [value for value, _ in row.values() if value]
    return len(values) >= FEWEST_COLUMNS and sum(len(f"{abs(v):.0f}") for v in values) >= digits


def _ends_run(row: Figures, run: Iterable[Figures]) -> bool:
    """Say whether a row is the sum of the first few rows of those that begin beside it."""
    leading = max(row, key=lambda column: row[column][0])
    value, half = row[leading]
    taken, reached = [], 0.0
    for other in run:
        taken.append(other)
        reached += other.get(leading, (0, 0))[0]
        if reached > value + half + _NOISE:
            return False
        counting = sum(one.get(leading, (0, 0))[0] > 0 for one in taken)
        if reached >= value - half - _NOISE and counting > 1:
            digits = FEWEST_DIGITS if counting >= FEWEST_ROWS else DIGITS_OF_TWO
            return _is_sum(row, _added(taken), digits)
    return False


def twins(rows: Mapping[int, Figures]) -> Iterator[tuple[int, int]]:
    """Yield rows with the first one that has the same figures, where enough of them tell."""
    first: dict[tuple, int] = {}
    for row, figures in rows.items():
        values = tuple(sorted((column, value) for column, (value, _) in figures.items() if value))
        digits = sum(len(f"{abs(value):.0f}") for _, value in values)
        if len(values) < FEWEST_COLUMNS or digits < FEWEST_DIGITS:
            continue
        if (other := first.setdefault(values, row)) != row:
            yield row, other


def sums_of_others(rows: Mapping[int, Figures], words: Mapping[int, tuple[str, ...]]) -> set[int]:
    """Return the rows that are the sum of those beside them, of all that say a word, or of all.

    words: what a row says beside its figures, such as its stage, by which rows may be summed up.
    """
    order, sums = list(rows), set()
    for at, row in enumerate(order):  # parts first: the whole counts none twice
        before = (rows[order[r]] for r in range(at - 1, -1, -1) if order[r] not in sums)
        after = (rows[order[r]] for r in range(at + 1, len(order)))
        if rows[row] and (_ends_run(rows[row], before) or _ends_run(rows[row], after)):
            sums.add(row)
    groups: dict[tuple, list[int]] = {}
    for row in order:
        for key in (*enumerate(words.get(row, ())), ()):
            groups.setdefault(key, []).append(row)
    for key in sorted(groups, key=len, reverse=True):  # all of them last
        members = [row for row in groups[key] if row not in sums]
        whole = _added(rows[row] for row in members)
        for row in members if len(members) > FEWEST_ROWS else ():
            if all(abs(whole[c] - 2 * v) <= half + _NOISE for c, (v, half) in rows[row].items()):
                others = _added(rows[other] for other in members if other != row)
                if _is_sum(rows[row], others, FEWEST_DIGITS if key else 0):
                    sums.add(row)
    return sums
