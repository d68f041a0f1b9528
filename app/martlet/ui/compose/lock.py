"""Keeps hands off a letter while it must stay as it is: what is pasted is not all there yet, or
it is on its way to be sent."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QMainWindow, QWidget
from shiboken6 import isValid

from martlet.ui.compose.busy import Busy

_DROPS = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)


class Lock(QObject):
    """parts: what is closed to hands meanwhile. The focus goes back to where it was."""

    def __init__(self, busy: Busy, window: QMainWindow, parts: Sequence[QWidget]) -> None:
        super().__init__(window)
        self._busy = busy
        self._window = window
        self._parts = tuple(parts)
        self._closed: list[QWidget] = []
        self._focus: QWidget | None = None
        self._locked = False
        busy.changed.connect(self._follow)
        window.installEventFilter(self)

    def _follow(self) -> None:
        locked = self._busy.locked
        if locked == self._locked:
            return
        self._locked = locked
        if locked:
            focus: QWidget | None = self._window.focusWidget()
            self._closed = [each for each in self._parts if each.isEnabled()]
            for part in self._closed:
                part.setEnabled(False)
            self._focus = focus if focus and self._holds(focus) else None
            return
        closed, self._closed = self._closed, []
        for part in closed:
            part.setEnabled(True)
        before, self._focus = self._focus, None
        if before is not None and isValid(before):
            before.setFocus()

    def _holds(self, widget: QWidget) -> bool:
        return any(part is widget or part.isAncestorOf(widget) for part in self._closed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Nothing is dropped on it either."""
        if self._locked and event.type() in _DROPS:
            event.ignore()
            return True
        return False
