"""What the message pane says besides a message: facts about it, or a sentence instead of one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from martlet.ui import theme


class FactLine(QWidget):
    """What is to be known about a message, one quiet line each."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 0, 24, 4)
        self._column.setSpacing(4)
        self._facts: Sequence[tuple[str, str]] = ()
        theme.notifier().changed.connect(self._again)
        self.hide()

    def say(self, facts: Sequence[tuple[str, str]]) -> None:
        self._facts = facts
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for symbol, words in facts:
            line = QFrame()
            line.setObjectName("factLine")
            row = QHBoxLayout(line)
            row.setContentsMargins(10, 6, 10, 6)
            row.setSpacing(8)
            mark = QLabel()
            mark.setPixmap(theme.icon(symbol).pixmap(16, 16))
            row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            text = QLabel(words)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            text.setProperty("tone", "second")
            row.addWidget(text, 1)
            self._column.addWidget(line)
        self.setVisible(bool(facts))

    def _again(self) -> None:
        self.say(self._facts)


class Centred(QWidget):
    """A sentence in the middle of nothing."""

    def __init__(self, words: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        self._label = QLabel(words)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setProperty("tone", "third")
        layout.addWidget(self._label)

    def say(self, words: str) -> None:
        self._label.setText(words)
