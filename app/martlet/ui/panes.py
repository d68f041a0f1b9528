"""Folders, list and message beside each other; in a narrow window list and message in turn.

wide: all three. narrow: the list --open--> the message --back--> the list. Folders always stay.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

_NARROW = 900
_WIDTHS = (220, 400, 600)
_FOLDERS = 190


class Panes(QSplitter):
    """turned: what is in sight has changed."""

    turned = Signal()

    def __init__(self, folders: QWidget, rows: QWidget, message: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._folders, self._rows, self._message = _framed(folders), rows, message
        self._narrow = False
        self._opened = False
        self._wanted = True
        self._sizes = list(_WIDTHS)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        for at, pane in enumerate((self._folders, rows, message)):
            self.addWidget(pane)
            self.setStretchFactor(at, int(at == 2))
        self.setSizes(self._sizes)

    @property
    def narrow(self) -> bool:
        """Whether list and message take turns."""
        return self._narrow

    @property
    def reading(self) -> bool:
        """Whether the message is in sight."""
        return self._opened if self._narrow else self._wanted

    @property
    def may_go_back(self) -> bool:
        """Whether the message hides the list."""
        return self._narrow and self._opened

    def open(self) -> None:
        """Shows the message, instead of the list where there is no room for both."""
        if not self.reading:
            self._opened = self._wanted = True
            self._turn()

    def back(self) -> None:
        """Shows the list again."""
        if self.may_go_back:
            self._opened = False
            self._turn()

    def toggle(self) -> None:
        """Shows or hides the message."""
        if self._narrow:
            self._opened = not self._opened
        else:
            self._wanted = not self._wanted
        self._turn()

    def state(self) -> str:
        """The widths of the three, for the next time."""
        if not self._narrow and self._wanted:
            self._sizes = self.sizes()
        return " ".join(str(size) for size in self._sizes)

    def restore(self, state: str) -> None:
        sizes = [int(word) for word in state.split() if word.isdecimal()]
        if len(sizes) == len(_WIDTHS) and all(sizes):
            self._sizes = sizes
            self.setSizes(sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < _NARROW
        if narrow != self._narrow:
            if narrow and self._wanted and event.oldSize().width() >= _NARROW:
                self._sizes = self.sizes()
            self._narrow = narrow
            self._turn()
            if narrow:
                self.setSizes([_FOLDERS, event.size().width() - _FOLDERS, _NARROW - _FOLDERS])
            else:
                rest = event.size().width() - sum(self._sizes[:2])
                self.setSizes([*self._sizes[:2], max(rest, 320)])
        super().resizeEvent(event)

    def _turn(self) -> None:
        self._message.setVisible(self.reading)
        self._rows.setVisible(not self.may_go_back)
        self.turned.emit()


def _framed(folders: QWidget) -> QWidget:
    side = QFrame()
    side.setObjectName("folderPane")
    side.setMinimumWidth(170)
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 8, 0, 8)
    column.addWidget(folders)
    return side
