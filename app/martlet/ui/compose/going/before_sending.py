"""One dialog of all that is to be decided before a letter goes, each with what mends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.compose.going.checks import Question
from martlet.ui.sheet import Sheet
from martlet.ui.shown_text import breakable

_NARROW, _WIDE = 480, 560


class BeforeSending(Sheet):
    """Closed by a remedy, by going on writing, or by the button that says `go`, which sends."""

    def __init__(
        self, questions: Sequence[Question], go: str, send: Callable[[], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        one = len(questions) == 1
        heading = questions[0].sentence if one else self.tr("Before this letter goes")
        self.head(breakable(heading), go)
        self.cancel.setText(self.tr("Keep writing"))
        self.setAccessibleDescription("\n".join(q.sentence for q in questions))
        self.body.setSpacing(0)
        self.remedies: list[QPushButton] = []
        rows = QWidget(self)
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for number, question in enumerate(questions):
            if number:
                column.addWidget(_Rule(rows))
            column.addWidget(self._row(question, alone=one))
        self.body.addWidget(_Rows(rows, self), 1)
        self._then: Callable[[], None] | None = None
        self.go.clicked.connect(lambda: self._end(send))
        self.finished.connect(self._ended)
        # Enter mends, or goes on writing: the letter is sent only by who says so.
        first = self.cancel
        if one:
            first = self.remedies[0] if self.remedies else self.go
        if first is not self.go:
            # What is asked for most is the last, where one looks for it.
            self.buttons.removeWidget(self.go)
            self.buttons.insertWidget(1, self.go)
        for button in (self.go, first):
            chosen = button is first
            button.setAutoDefault(chosen)
            button.setDefault(chosen)
            button.setProperty("kind", "primary" if chosen else "")
            button.style().polish(button)
        first.setFocus()
        self.setMinimumWidth(_NARROW if one else _WIDE)

    def _row(self, question: Question, *, alone: bool) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0 if alone else 10, 0, 4 if alone else 10)
        line.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        if not alone:
            mark = QLabel(row)
            mark.setPixmap(theme.icon("warning", "star").pixmap(QSize(18, 18)))
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            sentence = self.text(breakable(question.sentence), "")
            sentence.setFont(theme.font(13, bold=True))
            words.addWidget(sentence)
        if question.more:
            words.addWidget(self.text(breakable(question.more)))
        line.addLayout(words, 1)
        if question.remedy:
            button = QPushButton(question.remedy, row)
            button.setAutoDefault(False)
            button.setAccessibleDescription(question.sentence)
            mend = question.mend
            button.clicked.connect(lambda: self._end(mend))
            self.remedies.append(button)
            if alone:
                self.buttons.addWidget(button)
            else:
                line.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _end(self, then: Callable[[], None] | None) -> None:
        self._then = then
        self.accept()

    def _ended(self) -> None:
        """Only when the dialog is gone: what follows may take the focus or close the letter."""
        then, self._then = self._then, None
        if then is not None:
            then()


class _Rows(QScrollArea):
    """What is asked, one below the other; scrolls only on a screen that is too low for all."""

    def __init__(self, rows: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(rows)
        self._rows = rows
        rows.setAutoFillBackground(False)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self._rows.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        return QSize(self._rows.sizeHint().width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._rows.minimumSizeHint().width(), 0)


class _Rule(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().line))
        painter.end()
