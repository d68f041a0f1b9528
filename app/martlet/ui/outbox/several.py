"""Beside the list when not one letter is chosen: how many there are and how they stand; of several
that are chosen, what can be done with them together."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.mail.outgoing import OutboxState
from martlet.ui import theme
from martlet.ui.later_menu import LaterMenu
from martlet.ui.outbox import words
from martlet.ui.outbox.hands import MOST_OPENED
from martlet.ui.outbox.letter import time_button

_WAITING = (OutboxState.QUEUED, OutboxState.FAILED)


class OutboxSeveral(QWidget):
    """Its buttons are those of a letter."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.heading = self._label()
        self.heading.setFont(theme.font(16, bold=True))
        self.standing = self._label("second")
        self.hint = self._label("third")
        self.delete = QPushButton(self.tr("Delete…"), self)
        self.delete.setProperty("kind", "words")
        self.time = time_button(self)
        self.times = LaterMenu(self.time)
        self.time.setMenu(self.times)
        self.edit = QPushButton(self.tr("Edit"), self)
        self.edit.setToolTip(self.tr("Takes the letters back and opens them"))
        self.send = QPushButton(self.tr("Send now…"), self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.delete, self.time, self.edit, self.send):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addStretch()
        for label in (self.heading, self.standing, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addLayout(row)
        row.insertStretch(0)
        row.addStretch()
        column.addStretch()
        column.addStretch()

    def show_states(self, states: Sequence[OutboxState], *, chosen: bool) -> None:
        """chosen: they are several that are chosen, else all there are."""
        count = len(states)
        heading = self.tr("{count} letters chosen") if chosen else self.tr("{count} letters")
        if count == 1:
            heading = self.tr("1 letter")
        self.heading.setText(heading.format(count=count))
        self.standing.setText(words.standing(states))
        self.hint.setText("" if chosen else self.tr("Choose one to see how it stands."))
        self.hint.setVisible(not chosen)
        waits = sum(state in _WAITING for state in states)
        all_wait = chosen and waits > 0
        self.delete.setVisible(all_wait)
        self.send.setVisible(all_wait)
        self.time.setVisible(chosen and OutboxState.QUEUED in states)
        self.edit.setVisible(chosen and waits == count <= MOST_OPENED)
        self.setAccessibleName(f"{self.heading.text()}, {self.standing.text()}")

    def _label(self, tone: str = "") -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if tone:
            label.setProperty("tone", tone)
        return label
