"""What Escape does in a letter: puts away what is open over it, and only then closes it.

Pressed once more for a menu or a bar that has just gone, it does not close what is being written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

_ONCE_MORE_MS = 900


class Escape(QObject):
    """For one letter."""

    def __init__(self, window: ComposeWindow) -> None:
        super().__init__(window)
        self._w = window
        self._put_away = QElapsedTimer()
        header = window.header
        for each in (window.editor, header.subject, *(field.edit for field in header.fields)):
            each.installEventFilter(self)

    def press(self) -> None:
        """Escape, of which nothing in the letter made use."""
        w = self._w
        if not w.hands.find_bar.isHidden() and not w.busy.locked:
            w.hands.find_bar.leave()
        elif not w.notice.isHidden():
            w.notice.clear()
        elif self._just_now and w.touched and not w.is_empty():
            return
        else:
            w.close()
            return
        self._put_away.start()

    @property
    def _just_now(self) -> bool:
        return self._put_away.isValid() and not self._put_away.hasExpired(_ONCE_MORE_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # So a menu, a list of people or a sheet gives the keys back.
        if (
            event.type() is QEvent.Type.FocusIn
            and isinstance(event, QFocusEvent)
            and event.reason() is Qt.FocusReason.PopupFocusReason
        ):
            self._put_away.start()
        return False
