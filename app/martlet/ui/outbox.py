"""The outbox: what waits to be sent, what went wrong, and what can be done about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import OutboxCancel, OutboxResolve, OutboxRetry
from martlet.mail.changes import OutboxChanged
from martlet.mail.errors import MailError
from martlet.mail.outgoing import DraftId, OutboxEntry, OutboxState
from martlet.ui import theme
from martlet.ui.compose.window import ComposeWindow
from martlet.ui.notice import NoticeLine

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink

_TICK_MS = 500
_MANY = 3


class OutboxWindow(QWidget):
    """Follows the store. clock: Unix seconds, for the countdown of the undo time.

    composing: a letter was taken back and is open in this ComposeWindow; it lives until closed,
    with or without this window.
    """

    composing = Signal(QWidget)

    def __init__(
        self, link: EngineLink, reader: Reader, *, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._link = link
        self._reader = reader
        self._clock = clock
        self._open = True
        self.setWindowTitle(self.tr("Outbox"))
        self.resize(640, 460)
        self.notice = NoticeLine(self)
        self.empty = QLabel(self.tr("Nothing waits to be sent."), self)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("tone", "second")
        self.rows: list[OutboxRow] = []
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(10)
        self._column.addStretch()
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self.empty, 1)
        whole.addWidget(self._scroll, 1)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        link.changed.connect(self._heard)
        self.fill()

    def fill(self) -> None:
        """Reads the outbox again. Rows that stayed the same stay, and keep the focus."""
        entries = [e for e in self._reader.outbox() if e.state is not OutboxState.FILED]
        kept = {row.entry: row for row in self.rows}
        for row in self.rows:
            self._column.removeWidget(row)
            if row.entry not in entries:
                row.hide()
                row.deleteLater()
        self.rows = [kept.get(entry) or self._row(entry) for entry in entries]
        for place, row in enumerate(self.rows):
            self._column.insertWidget(place, row)
        self.empty.setVisible(not entries)
        self._scroll.setVisible(bool(entries))
        self.tick()

    def tick(self) -> None:
        """Says the time left anew; the clock only runs while there is one to say."""
        now = self._clock()
        for row in self.rows:
            row.tell(now)
        waiting = any(row.entry.not_before > now for row in self.rows)
        if waiting and self.isVisible():
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def _row(self, entry: OutboxEntry) -> OutboxRow:
        row = OutboxRow(entry, self)
        number = entry.id
        row.send.clicked.connect(lambda: self._do(OutboxRetry(number)))
        row.edit.clicked.connect(lambda: self._edit(entry))
        row.arrived.clicked.connect(lambda: self._do(OutboxResolve(number, True)))
        row.again.clicked.connect(lambda: self._do(OutboxResolve(number, False)))
        return row

    def _do(self, request: OutboxRetry | OutboxResolve) -> None:
        self.notice.clear()
        self._link.ask(request, lambda _none: self._done(), self._refused)

    def _edit(self, entry: OutboxEntry) -> None:
        self.notice.clear()
        self._link.ask(OutboxCancel(entry.id), self._taken_back, self._refused)

    def _done(self) -> None:
        if self._open:
            self.fill()

    def _taken_back(self, draft_id: DraftId) -> None:
        if not self._open:
            return  # the letter is in Drafts
        self.fill()
        if not draft_id:
            self.notice.say(
                self.tr("It is taken back. It was not written here, so it cannot be edited.")
            )
            return
        draft = self._reader.draft(draft_id)
        if draft is None:
            self.notice.say(self.tr("The letter is in Drafts again."))
            return
        composer = ComposeWindow(self._link, self._reader, draft)
        # Nobody else may hold it: the connection does, as long as the window is there.
        held = [composer]
        composer.destroyed.connect(held.clear)
        composer.show()
        self.composing.emit(composer)

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.notice.say(error.summary, error.detail)
            self.fill()

    def _heard(self, change: object) -> None:
        if self._open and isinstance(change, OutboxChanged):
            self.fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._open = True
        self.fill()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._open = False
        self._timer.stop()
        super().closeEvent(event)


class OutboxRow(QFrame):
    """One letter: subject, to whom, its state in words, and the buttons that make sense now."""

    def __init__(self, entry: OutboxEntry, parent: QWidget) -> None:
        super().__init__(parent)
        self.entry = entry
        self.setObjectName("factLine")
        subject = self._label(entry.subject or self.tr("(no subject)"))
        subject.setFont(theme.font(14, bold=True))
        people = self._label(self._people(), "second")
        people.setToolTip("\n".join(entry.recipients))
        bad = entry.state in (OutboxState.FAILED, OutboxState.UNKNOWN)
        self.state = self._label("", "danger" if bad else "second")
        self.state.setToolTip(entry.detail)
        self.results = self._label(self._results(), "second")
        self.results.setVisible(bool(self.results.text()))
        self.send = QPushButton(self.tr("Send now"), self)
        self.edit = QPushButton(self.tr("Edit"), self)
        self.edit.setToolTip(self.tr("Takes the letter back and opens it"))
        self.arrived = QPushButton(self.tr("It arrived"), self)
        self.again = QPushButton(self.tr("Send again"), self)
        unknown = entry.state is OutboxState.UNKNOWN
        waits = entry.state in (OutboxState.QUEUED, OutboxState.FAILED)
        for button, shown in (
            (self.send, waits),
            (self.edit, waits),
            (self.arrived, unknown),
            (self.again, unknown),
        ):
            button.setVisible(shown)
            button.setAccessibleName(f"{button.text()}: {subject.text()}")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        for button in (self.arrived, self.again, self.edit, self.send):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(5)
        for label in (subject, people, self.state, self.results):
            column.addWidget(label)
        column.addLayout(buttons)
        self.setAccessibleName(subject.text())

    def tell(self, now: float) -> None:
        """The state in words, at this time."""
        words = self._state(now)
        self.state.setText(words)
        self.setAccessibleDescription(words)

    def _state(self, now: float) -> str:
        entry = self.entry
        left_s = entry.not_before - now
        match entry.state:
            case OutboxState.QUEUED if left_s > 0 and not entry.attempts:
                return self.tr("Goes out in {time}.").format(time=self._span(left_s))
            case OutboxState.QUEUED if entry.problem:
                if left_s > 0:
                    again = self.tr("Tried again in {time}.").format(time=self._span(left_s))
                else:
                    again = self.tr("Tried again as soon as possible.")
                return f"{entry.problem} {again}"
            case OutboxState.QUEUED:
                return self.tr("Waits to be sent.")
            case OutboxState.SENDING:
                return self.tr("Is being sent…")
            case OutboxState.SENT | OutboxState.FILED:
                return self.tr("Sent; its copy is still to be put into Sent.")
            case OutboxState.FAILED:
                return entry.problem or self.tr("The server refused it.")
            case OutboxState.UNKNOWN:
                return self.tr(
                    "The connection was lost just as the server should have confirmed. It may "
                    "have arrived, or not; sent again, it could arrive twice. Ask the recipient, "
                    "or look into Sent in your web mail."
                )

    def _span(self, seconds: float) -> str:
        if seconds < 90:
            return self.tr("{seconds} s").format(seconds=max(1, round(seconds)))
        return self.tr("{minutes} min").format(minutes=round(seconds / 60))

    def _people(self) -> str:
        shown = ", ".join(self.entry.recipients[:_MANY])
        more = len(self.entry.recipients) - _MANY
        if more > 0:
            shown = self.tr("{names} and {number} more").format(names=shown, number=more)
        return self.tr("To {names}").format(names=shown)

    def _results(self) -> str:
        """A line for each recipient once the server has told them apart."""
        lines = []
        for result in self.entry.results:
            if result.code == 0:
                said = self.tr("not asked")
            elif 200 <= result.code < 300:
                said = self.tr("accepted")
            else:
                said = f"{result.code} {result.said}".strip()
            lines.append(f"{result.address}: {said}")
        return "\n".join(lines)

    def _label(self, text: str, tone: str = "") -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        if tone:
            label.setProperty("tone", tone)
        return label
