"""The grid of a table: where its cells begin, and how wide its columns are."""

from __future__ import annotations

from PySide6.QtGui import QTextLength, QTextTable


def begins(table: QTextTable, row: int, column: int) -> bool:
    """Whether a cell begins there, and none reaches into it."""
    cell = table.cellAt(row, column)
    return (cell.row(), cell.column()) == (row, column)


def whole_cells(
    table: QTextTable, row: int, rows: int, column: int, columns: int
) -> tuple[int, int, int, int]:
    """The smallest range of whole cells about one."""
    while True:
        inside = [
            table.cellAt(y, x)
            for y in range(row, row + rows)
            for x in range(column, column + columns)
        ]
        top = min(cell.row() for cell in inside)
        left = min(cell.column() for cell in inside)
        bottom = max(cell.row() + cell.rowSpan() for cell in inside)
        right = max(cell.column() + cell.columnSpan() for cell in inside)
        found = (top, bottom - top, left, right - left)
        if found == (row, rows, column, columns):
            return found
        row, rows, column, columns = found


def shares(table: QTextTable) -> list[float]:
    """The widths that were set, or [] when the columns are as wide as their words want."""
    widths = [each.rawValue() for each in table.format().columnWidthConstraints()]
    return widths if len(widths) == table.columns() and all(widths) else []


def parts(shares: list[float]) -> tuple[int, ...]:
    """Shares as whole per cent that make 100."""
    whole = sum(shares) or 1
    ends = [round(100 * sum(shares[: number + 1]) / whole) for number in range(len(shares))]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))


def widen(table: QTextTable, shares: list[float]) -> None:
    """Sets the widths of the columns, together as wide as the letter."""
    form = table.format()
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    form.setColumnWidthConstraints(
        [QTextLength(QTextLength.Type.PercentageLength, each) for each in parts(shares)]
    )
    table.setFormat(form)
