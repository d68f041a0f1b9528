"""One line of a letter's head: a name in soft ink, its field, a hairline below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from martlet.ui import theme
from martlet.ui.compose.people.recipients import RecipientField
from martlet.ui.compose.people.sender import SenderLine
from martlet.ui.compose.people.some_lines import SomeLines
from martlet.ui.flow import grows_down

_TEXT_PAD = 10
"""Of a button of words: what is beside them in it."""


class HeaderLine(QWidget):
    """Recipients grow with their number; what else is in it has one line."""

    def __init__(self, name: str, field: QWidget, *buttons: QWidget) -> None:
        super().__init__()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(0)
        label = QLabel(name, self)
        label.setMinimumWidth(72)
        label.setMinimumHeight(26)
        label.setBuddy(field)
        label.setProperty("tone", "third")
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(label, 0, top)
        shown = SomeLines(field, self) if isinstance(field, RecipientField) else field
        if isinstance(field, SenderLine):
            row.addSpacing(1)  # all text below one another
        row.addWidget(shown, 1)
        self.hold(*buttons)
        if isinstance(field, RecipientField):
            grows_down(self)

    def hold(self, *buttons: QWidget) -> None:
        """Takes buttons to its end, their words flush with all that ends at the right."""
        if buttons:
            self._row.setContentsMargins(20, 6, 20 - _TEXT_PAD, 6)
        for button in buttons:
            hidden = button.isHidden()
            self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            button.setHidden(hidden)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0 if self.isRightToLeft() else 20
        line = QColor(theme.current().line)
        painter.fillRect(left, self.height() - 1, self.width() - 20, 1, line)
        painter.end()


def revealer(parent: QWidget, text: str, tip: str) -> QToolButton:
    """A button that shows a line that is not there yet."""
    button = QToolButton(parent)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setProperty("kind", "bare")
    button.setFixedHeight(26)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
