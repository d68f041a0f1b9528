"""Finds words in the message shown: a field, how many there are, next and previous."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from martlet.ui import theme


class FindBar(QFrame):
    """wanted: these words, forwards (True) or backwards; "" when it is over."""

    wanted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find in this message"))
        self.field.setAccessibleName(self.tr("Find in this message"))
        self.field.setMaximumWidth(320)
        self.field.textChanged.connect(lambda text: self.wanted.emit(text, True))
        self._count = QLabel()
        self._count.setProperty("tone", "second")
        self._count.setFont(theme.font(12))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 6, 14, 6)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self._button("chevron-up", self.tr("Previous (Shift+Enter)"), self.previous))
        row.addWidget(self._button("chevron-down", self.tr("Next (Enter)"), self.next))
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self._button("close", self.tr("Close (Esc)"), self.leave))
        self.hide()

    def begin(self) -> None:
        """Shows itself, ready to be typed in."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self.next()

    def leave(self) -> None:
        """Hides itself and takes the marks away."""
        if self.isVisible():
            self.hide()
            self.wanted.emit("", True)

    def next(self) -> None:
        self.wanted.emit(self.field.text(), True)

    def previous(self) -> None:
        self.wanted.emit(self.field.text(), False)

    def show_count(self, at: int, number: int) -> None:
        """The place of the one found among all of them."""
        if not self.field.text():
            self._count.clear()
        elif not number:
            self._count.setText(self.tr("Not found"))
        else:
            self._count.setText(self.tr("{at} of {number}").format(at=at, number=number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.previous()
            else:
                self.next()
        else:
            super().keyPressEvent(event)

    def _button(self, symbol: str, tip: str, run: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(symbol))
        button.setIconSize(QSize(16, 16))
        button.setProperty("kind", "bare")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(run)
        return button
