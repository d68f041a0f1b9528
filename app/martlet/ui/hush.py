"""Keys that were meant for a letter are no commands of the main window once the letter is gone.

Whoever types on while a letter closes would archive, move and delete with single keys.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QWidget
from shiboken6 import isValid

_HUSH_MS = 300
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class Hush(QObject):
    """For one main window. over: the time in which what is typed is for nobody; each such key makes
    it begin anew."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._surface: QWindow | None = None
        self.over = QTimer(self, singleShot=True, interval=_HUSH_MS)
        self.over.timeout.connect(self._end)

    def watch(self, letter: QWidget) -> None:
        """Holds keys back when this goes."""
        letter.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Hide and isinstance(watched, QMainWindow):
            if not event.spontaneous() and watched is not self._window:
                self._begin()
            return False
        if kind not in _KEYS or not self.over.isActive() or not isinstance(event, QKeyEvent):
            return False
        text = event.text()
        if event.modifiers() & _COMMANDS or not text.isprintable() or not text:
            return False
        if isinstance(QApplication.focusWidget(), QLineEdit):
            return False
        self.over.start()
        event.accept()  # a shortcut is none, then
        return True

    def _begin(self) -> None:
        # What the window is for the system: keys pass it on their way to widget and shortcut. A
        # filter of the whole application would be asked by Chromium's threads too, and crashes.
        self._end()
        self._surface = self._window.windowHandle()
        if self._surface is not None:
            self._surface.installEventFilter(self)
            self.over.start()

    def _end(self) -> None:
        surface, self._surface = self._surface, None
        if surface is not None and isValid(surface):
            surface.removeEventFilter(self)
