"""What a server said about each recipient of a letter, those who did not get it first."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from martlet.mail.quotes import in_quotes
from martlet.ui import theme
from martlet.ui.outbox.words import Answer

MARK_PX = 17
_MOST = 40


class Answers(QWidget):
    """A line for each recipient; below it what the server said, as the server's words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 2, 0, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, MARK_PX)
        self._answers: list[Answer] = []
        self._quotes_only = False
        theme.notifier().changed.connect(self._again)

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(
            f"{each.address}: {each.words}" + (f" “{each.quoted}”" if each.quoted else "")
            for each in self._answers
        )

    def say(self, answers: list[Answer], *, quotes_only: bool = False) -> None:
        self._answers, self._quotes_only = answers, quotes_only
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        at = 0
        # Those who did not get it are looked for first.
        shown = sorted(answers, key=lambda each: each.good is True)[:_MOST]
        for each in shown:
            if quotes_only:
                self._quote(each, at)
                at += 1
                continue
            symbol, colour = ("clock", "") if each.good is None else ("check", "")
            if each.good is False:
                symbol, colour = "error", "danger"
            mark = QLabel(self)
            mark.setPixmap(theme.icon(symbol, colour).pixmap(QSize(15, 15)))
            mark.setFixedWidth(MARK_PX)
            mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line = self._line(f"{each.address}: {each.words}", "second")
            self._grid.addWidget(mark, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(line, at, 1)
            at += 1
            if each.quoted:
                self._quote(each, at)
                at += 1
        if len(answers) > len(shown):
            words = self.tr("… and {count} more").format(count=len(answers) - len(shown))
            self._grid.addWidget(self._line(words, "third"), at, 1)
        self.setVisible(any(each.quoted for each in answers) if quotes_only else bool(answers))

    def _quote(self, answer: Answer, at: int) -> None:
        if answer.quoted:
            said = self.tr("The server said: {words}").format(words=in_quotes(answer.quoted))
            self._grid.addWidget(self._line(said, "third"), at, 1)

    def _again(self) -> None:
        self.say(self._answers, quotes_only=self._quotes_only)

    def _line(self, text: str, tone: str) -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setProperty("tone", tone)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
