"""Lines pasted from a spreadsheet as recipients: a column of addresses, and names."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LOOKED_AT = 30  # lines that say whether it is a table
_CELL_MOST = 300
_NAME_CELLS = 2
_LINE_MOST = 3000
_LINES = re.compile(r"[^\r\n]+")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"\Z')


def columns(text: str) -> Iterator[tuple[str | None, str]] | None:
    """(name, address) for each line, or (None, line) for one of another shape; None for no table.

    The first line may hold the names of the columns; it is left out then.
    """
    first = [found[0] for _, found in zip(range(_LOOKED_AT), _LINES.finditer(text), strict=False)]
    first = [line for line in first if line.strip()]
    if any(len(line) > _LINE_MOST for line in first):
        return None
    for separator in ("\t", ";", ","):
        if _fits(first, separator):
            return _rows(text, separator)
    return None


def _fits(lines: list[str], separator: str) -> bool:
    if len(lines) < (1 if separator == "\t" else 2) or any("<" in line for line in lines):
        return False
    cut = [_cells(line, separator) for line in lines]
    width = len(cut[0])
    if width < 2 or any(len(cells) != width for cells in cut):
        return False
    rest = cut[1:] if not _addresses(cut[0]) else cut
    return (
        bool(rest)
        and all(_addresses(cells) == 1 for cells in rest)
        and any(_named(cells) for cells in rest)
    )


def _rows(text: str, separator: str) -> Iterator[tuple[str | None, str]]:
    for number, found in enumerate(_LINES.finditer(text)):
        line = found[0]
        cells = _cells(line, separator)
        if _addresses(cells) == 1 and "<" not in line:
            yield " ".join(_named(cells)), next(cell for cell in cells if "@" in cell)
        elif number or _addresses(cells):
            yield None, line


def _cells(line: str, separator: str) -> list[str]:
    """The cells of a line; a separator between quotes is none."""
    cells: list[str] = []
    whole = ""
    for piece in line.split(separator):
        whole = f"{whole}{separator}{piece}" if whole else piece
        if whole.lstrip().startswith('"') and whole.count('"') % 2 and len(whole) < _CELL_MOST:
            continue
        cells.append(_unquoted(whole.strip()[:_CELL_MOST]))
        whole = ""
    return [*cells, whole.strip()] if whole else cells


def _unquoted(cell: str) -> str:
    quoted = _QUOTED.match(cell)
    return quoted[1].replace('""', '"') if quoted else cell


def _addresses(cells: list[str]) -> int:
    return sum("@" in cell for cell in cells)


def _named(cells: list[str]) -> list[str]:
    """The first cells of words, which are likely to be a name."""
    # Not a number, a telephone, a date, a house in its street
    words = [cell for cell in cells if cell[:1].isalpha() and "@" not in cell]
    return words[:_NAME_CELLS]
