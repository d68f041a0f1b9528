"""Under the head of a sent message: what became of it, in a line, and each recipient's story.

Of a report of delivery it says which message it is about instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.message import MessageId
from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.ui import dates, ledger_words, theme
from martlet.ui.ledger_words import Story

_TALLEST = 300
# A line for each of a thousand recipients would take the window a second.
_MOST = 40
_LATEST = 12
_LINK_HEIGHT = 22
_TOP = Qt.AlignmentFlag.AlignTop


class LedgerLine(QWidget):
    """open_wanted: a stored message is to be shown: the report, the answer, or what was sent."""

    open_wanted = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._ledger: Sequence[Delivery] = ()
        self._about: MessageId | None = None
        outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 0, 24, 4)
        line = QFrame(self)
        line.setObjectName("factLine")
        outer.addWidget(line)
        column = QVBoxLayout(line)
        column.setContentsMargins(10, 4, 6, 4)
        column.setSpacing(2)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._mark = QLabel(line)
        self._words = _label("", "second", line)
        self.more = _link(self.tr("Details"), line)
        self.more.clicked.connect(self.turn)
        self.open = _link(self.tr("Open it"), line)
        self.open.clicked.connect(self._open_about)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.more)
        row.addWidget(self.open)
        column.addLayout(row)
        self.details = _Details(line)
        self.details.open_wanted.connect(self.open_wanted)
        self._scroll = QScrollArea(line)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setObjectName("ledgerDetails")
        self._scroll.setWidget(self.details)
        self._scroll.hide()
        column.addWidget(self._scroll)
        self._symbol, self._colour = "check", ""
        theme.notifier().changed.connect(self._again)
        self.hide()

    @property
    def words(self) -> str:
        """The line, "" while hidden."""
        return "" if self.isHidden() else self._words.text()

    @property
    def unfolded(self) -> bool:
        return not self._scroll.isHidden()

    def clear(self) -> None:
        """Of another message; what was unfolded is folded."""
        self._ledger, self._about = (), None
        self._scroll.hide()
        self.hide()

    def show_ledger(self, ledger: Sequence[Delivery]) -> None:
        """What became of the message shown; unfolded details stay so."""
        told = ledger_words.summary(ledger)
        if not told.words:
            self.clear()
            return
        self._ledger, self._about = tuple(ledger), None
        self._symbol, self._colour = told.symbol, "danger" if told.bad else ""
        self._say(told.words)
        self.more.show()
        self.open.hide()
        self._tell()

    def show_about(self, subject: str, sent: float | None, message: MessageId) -> None:
        """What is shown is a report about that message, sent at that Unix time."""
        self.clear()
        self._about = message
        subject = subject or self.tr("(no subject)")
        words = self.tr("This report is about “{subject}”").format(subject=subject)
        if sent is not None:
            when = dates.spoken(sent, self._clock())
            words = self.tr("This report is about “{subject}”, sent {when}")
            words = words.format(subject=subject, when=when)
        self._symbol, self._colour = "info", ""
        self._say(words)
        self.more.hide()
        self.open.show()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(words)
        self._show_fold()
        self._paint_mark()
        self.show()

    def turn(self) -> None:
        """Unfolds the recipients' stories, or folds them; goes to what a report is about."""
        if self._about is not None:
            self._open_about()
            return
        if not self._ledger:
            return
        self._scroll.setVisible(self._scroll.isHidden())
        self._show_fold()
        self._tell()

    def _tell(self) -> None:
        """Tells the stories while they are seen."""
        if self.unfolded:
            self.details.say(ledger_words.stories(self._ledger), self._clock())
            self._fit()

    def _show_fold(self) -> None:
        self.more.setText(self.tr("Less") if self.unfolded else self.tr("Details"))
        name = self.tr("What became of it, by recipient")
        self.more.setAccessibleName(name)
        self.more.setToolTip(f"{name} (Ctrl+Alt+O)")
        self.more.setAccessibleDescription(
            self.tr("unfolded") if self.unfolded else self.tr("folded")
        )

    def _fit(self) -> None:
        """As tall as the stories are, within reason."""
        width = max(200, self.width() - 24 * 2 - 30)
        whole = self.details.height_for(width)
        self.details.setMinimumHeight(whole)
        self._scroll.setFixedHeight(min(_TALLEST, whole))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.unfolded:
            self._fit()

    def _open_about(self) -> None:
        if self._about is not None:
            self.open_wanted.emit(self._about)

    def _again(self) -> None:
        self._paint_mark()
        self._tell()

    def _paint_mark(self) -> None:
        self._mark.setPixmap(theme.icon(self._symbol, self._colour).pixmap(QSize(17, 17)))


class _Details(QWidget):
    """Each recipient, and below it what happened when."""

    open_wanted = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("ledgerStories")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(25, 2, 4, 6)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(1, 1)

    def height_for(self, width: int) -> int:
        """In pixels."""
        if self._grid.hasHeightForWidth():
            return self._grid.heightForWidth(width)
        return self._grid.sizeHint().height()

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(label.text() for label in self.findChildren(QLabel) if label.text())

    def say(self, stories: Sequence[Story], now: float) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        at = 0
        named = [story for story in stories if story.recipient]
        general = [story for story in stories if not story.recipient]
        for story in (*named[:_MOST], *general):
            who = story.recipient or self.tr("The message")
            tone = "danger" if story.now is not None and ledger_words.is_bad(story.now.kind) else ""
            head = _label(who, tone, self)
            head.setFont(theme.font(13, bold=True))
            head.setContentsMargins(0, 5 if at else 0, 0, 0)
            self._grid.addWidget(head, at, 0, 1, 3)
            at += 1
            # Reports can be forged by the thousand.
            for line in story.events[-_LATEST:]:
                when = _label(dates.spoken(line.time, now), "third", self)
                when.setWordWrap(False)
                when.setToolTip(dates.full(line.time))
                what = _label(ledger_words.event(line), "second", self)
                self._grid.addWidget(when, at, 0, _TOP)
                self._grid.addWidget(what, at, 1, _TOP)
                if line.source:
                    self._grid.addWidget(self._opener(line, story), at, 2, _TOP)
                at += 1
                if line.said and line.kind is not DeliveryKind.FILED:
                    self._grid.addWidget(_label(line.said, "third", self), at, 1, 1, 2)
                    at += 1

        if len(named) > _MOST:
            words = self.tr("… and {count} more recipients").format(count=len(named) - _MOST)
            self._grid.addWidget(_label(words, "third", self), at, 0, 1, 3)
        # What was just made is hidden until the next turn of the loop, and counts for no height.
        for each in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if self._grid.indexOf(each) >= 0:
                each.show()

    def _opener(self, line: Delivery, story: Story) -> QPushButton:
        report = ledger_words.is_report(line)
        words = self.tr("Show report") if report else self.tr("Show answer")
        button = _link(words, self)
        button.setAccessibleName(f"{words}: {story.recipient}")
        source = line.source
        button.clicked.connect(lambda: self.open_wanted.emit(source))
        return button


def _label(text: str, tone: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        label.setProperty("tone", tone)
    return label


def _link(text: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setProperty("kind", "link")
    button.setMaximumHeight(_LINK_HEIGHT)
    return button
