"""How large a window may be on the screen it is shown on."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

# The title and the edges that the desktop draws around it.
_AROUND_W, _AROUND_H = 20, 56


def fit(window: QWidget, width: int, height: int) -> None:
    """Makes it so large, in pixels, or as large as the screen has room for, down to its minimum."""
    room = window.screen().availableSize()
    window.resize(min(width, room.width() - _AROUND_W), min(height, room.height() - _AROUND_H))
