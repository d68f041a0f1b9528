"""The outbox: what waits to be sent, what went wrong, and what can be done about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from martlet.link.messages import (
    DiscardDraft,
    OutboxCancel,
    OutboxDelay,
    OutboxResolve,
    OutboxRetry,
)
from martlet.mail.changes import DeliveryChanged, OutboxChanged, Progress
from martlet.mail.errors import MailError
from martlet.mail.outgoing import DraftId, OutboxEntry, OutboxId, OutboxState
from martlet.ui import countdown, dates, ledger_words, outbox_words
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.compose.window import ComposeWindow
from martlet.ui.countdown import LONGEST_S
from martlet.ui.notice import NoticeLine
from martlet.ui.outbox_empty import OutboxEmpty
from martlet.ui.outbox_keys import OutboxKeys
from martlet.ui.outbox_row import OutboxRow

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink
    from martlet.ui.settings import Settings

_TICK_MS = 500
_MINUTE_MS = 60_000
_STORY = 30


class OutboxWindow(QWidget):
    """Follows the store. clock: Unix seconds, for the countdown of the undo time.

    composing: a letter was taken back and is open in this ComposeWindow; it lives until closed,
    with or without this window.
    """

    composing = Signal(QWidget)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        *,
        settings: Settings | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._link = link
        self._reader = reader
        self._settings = settings
        self._clock = clock
        self._open = True
        self._names: dict[int, str] = {}
        self.question: QMessageBox | None = None
        self.setWindowTitle(self.tr("Outbox"))
        self.resize(640, 460)
        self.setMinimumWidth(550)
        self.notice = NoticeLine(self)
        self.empty = OutboxEmpty(self)
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
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        self.keys = OutboxKeys(self)
        link.changed.connect(self._heard)
        self.fill()

    def fill(self) -> None:
        """Reads the outbox again. A letter's row stays its own, and keeps the focus."""
        entries = [e for e in self._reader.outbox() if e.state is not OutboxState.FILED]
        self._names = {account.id: account.name for account in self._reader.accounts()}
        kept = {row.entry.id: row for row in self.rows}
        alive = {entry.id for entry in entries}
        for row in self.rows:
            if row.entry.id not in alive:
                if row.hasFocus() or row.isAncestorOf(QApplication.focusWidget() or self):
                    self._scroll.setFocus()
                self._column.removeWidget(row)
                row.hide()
                row.deleteLater()
        self.rows = []
        for place, entry in enumerate(entries):
            known = kept.get(entry.id)
            if known is None:
                known = self._row(entry)
            elif known.entry != entry:
                known.show_entry(entry, self._by(entry))
            known.show_story(self._stories(entry))
            self.rows.append(known)
            if self._column.indexOf(known) != place:
                self._column.insertWidget(place, known)
        self.empty.setVisible(not entries)
        self._scroll.setVisible(bool(entries))
        self.tick()

    def tick(self) -> None:
        """Says the time left anew; the clock only runs while there is one to say."""
        now = self._clock()
        for row in self.rows:
            row.tell(now)
        waiting = [row.entry for row in self.rows if row.entry.not_before > now]
        if waiting and self.isVisible():
            # With the countdown in the main window; what waits for longer is told in minutes.
            turn = countdown.next_turn_ms(waiting, now)
            minute = all(each.not_before - now > 2 * LONGEST_S for each in waiting)
            self._timer.start(turn or (_MINUTE_MS if minute else _TICK_MS))
        else:
            self._timer.stop()

    def show_row(self, row: OutboxRow) -> None:
        """Scrolls until it is in sight."""
        self._scroll.ensureWidgetVisible(row)

    def _row(self, entry: OutboxEntry) -> OutboxRow:
        row = OutboxRow(entry, self._by(entry), self)
        number = entry.id
        row.send.clicked.connect(lambda: self._do(OutboxRetry(number)))
        row.edit.clicked.connect(lambda: self._edit(row.entry))
        row.times.chosen.connect(lambda when: self._do(OutboxDelay(number, when)))
        row.delete.clicked.connect(lambda: self._ask_delete(row.entry))
        row.arrived.clicked.connect(lambda: self._do(OutboxResolve(number, True)))
        row.again.clicked.connect(lambda: self._do(OutboxResolve(number, False)))
        return row

    def _by(self, entry: OutboxEntry) -> str:
        name = self._names.get(entry.account_id, "")
        asked = outbox_words.options(entry.options)
        if len(self._names) > 1:
            words = self.tr("From {address}, account “{name}”")
            asked.insert(0, words.format(address=entry.sender, name=name))
        return "  ·  ".join(asked)

    def _stories(self, entry: OutboxEntry) -> list[str]:
        """The ledger, a line each."""
        told = self._reader.deliveries(entry.message_id, entry.account_id)
        return [
            f"{dates.stamp(line.time)}  {ledger_words.event(line)}"
            + (f" ({line.recipient})" if line.recipient else "")
            for line in told[-_STORY:]
        ]

    def _do(self, request: OutboxRetry | OutboxResolve | OutboxDelay) -> None:
        self.notice.clear()
        self._link.ask(request, lambda _none: self._done(), self._refused)

    def _edit(self, entry: OutboxEntry) -> None:
        self.notice.clear()
        self._link.ask(
            OutboxCancel(entry.id), lambda draft: self._taken_back(draft, entry), self._refused
        )

    def _ask_delete(self, entry: OutboxEntry) -> None:
        """Not sent, and not kept either: unless the person would rather have it in Drafts."""
        self.notice.clear()
        self.question = ask(
            self,
            self.tr("Delete letter"),
            self.tr("Delete “{subject}”? It is not sent then.").format(
                subject=entry.subject or self.tr("(no subject)")
            ),
            self.tr("In Drafts it is not sent either, and can be changed later."),
            [
                Choice(
                    self.tr("Put into Drafts"),
                    QMessageBox.ButtonRole.AcceptRole,
                    lambda: self._take_out(entry.id, keep=True),
                ),
                Choice(
                    self.tr("Delete"),
                    QMessageBox.ButtonRole.DestructiveRole,
                    lambda: self._take_out(entry.id, keep=False),
                ),
                Choice(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole, None, True),
            ],
        )

    def _take_out(self, number: OutboxId, *, keep: bool) -> None:
        def out(draft_id: DraftId) -> None:
            if draft_id and not keep:
                self._link.ask(DiscardDraft(draft_id))
            self._done()

        self._link.ask(OutboxCancel(number), out, self._refused)

    def _done(self) -> None:
        if self._open:
            self.fill()

    def _taken_back(self, draft_id: DraftId, entry: OutboxEntry) -> None:
        if not self._open:
            return  # the letter is in Drafts
        self.fill()
        draft = self._reader.draft(draft_id) if draft_id else None
        if draft is None:
            self.notice.say(self.tr("The letter is in Drafts again."))
            return
        composer = ComposeWindow(self._link, self._reader, draft, settings=self._settings)
        # Nobody else may hold it: the connection does, as long as the window is there.
        held = [composer]
        composer.destroyed.connect(held.clear)
        taken = outbox_words.accepted(entry)
        if taken:
            words = self.tr("{people} got this letter already; it goes to the others only.")
            composer.notice.say(words.format(people=outbox_words.people(taken)))
        composer.show()
        self.composing.emit(composer)

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.notice.say(error.summary, error.detail)
            self.fill()

    def _heard(self, change: object) -> None:
        if not self._open:
            return
        if isinstance(change, OutboxChanged | DeliveryChanged):
            self.fill()
        elif isinstance(change, Progress) and change.outbox_id:
            row = next((r for r in self.rows if r.entry.id == change.outbox_id), None)
            if row is not None:
                row.show_progress(change)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._open = True
        self.fill()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._open = False
        self._timer.stop()
        super().closeEvent(event)
