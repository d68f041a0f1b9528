"""Colours between the theme's, for what is drawn by hand here."""

from __future__ import annotations

from PySide6.QtGui import QColor


def mix(first: str, second: str, share: float) -> QColor:
    """`share` (0 to 1) of the second colour in the first; both as #rrggbb."""
    a, b = QColor(first), QColor(second)
    return QColor(
        round(a.red() + (b.red() - a.red()) * share),
        round(a.green() + (b.green() - a.green()) * share),
        round(a.blue() + (b.blue() - a.blue()) * share),
    )
