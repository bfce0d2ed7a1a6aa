"""Spreadsheet addresses: row and column numbers as A1."""


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1 (1 is A, 27 is AA)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the A1 address of a row and column, both counted from 1."""
    return f"{column_letters(column)}{row}"
