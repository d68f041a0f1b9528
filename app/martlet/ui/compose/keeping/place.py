"""Where a writer was in a letter, so that one taken back is open as it was left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


@dataclass(frozen=True, slots=True)
class Place:
    """position, anchor: of the cursor. scroll: of the editor. shape: of the window."""

    position: int
    anchor: int
    scroll: int
    shape: bytes


def place_in(window: ComposeWindow) -> Place:
    """Where the writer is now."""
    cursor = window.editor.textCursor()
    scroll = window.editor.verticalScrollBar().value()
    shape = bytes(window.saveGeometry().data())
    return Place(cursor.position(), cursor.anchor(), scroll, shape)


def go_to(window: ComposeWindow, place: Place) -> None:
    """There again, as far as the letter reaches."""
    last = max(0, window.editor.document().characterCount() - 1)
    cursor = window.editor.textCursor()
    cursor.setPosition(min(place.anchor, last))
    cursor.setPosition(min(place.position, last), QTextCursor.MoveMode.KeepAnchor)
    window.restoreGeometry(place.shape)
    window.editor.setTextCursor(cursor)
    window.editor.verticalScrollBar().setValue(place.scroll)
    window.editor.setFocus()
