"""Quitting while a letter goes out in a moment: wait for it, send it now, or leave it in the
outbox, from where it goes at the next start. Of letters for later it is said once that nobody
sends them while Martlet does not run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QMessageBox

from martlet.link.messages import OutboxRetry
from martlet.mail.changes import OutboxChanged
from martlet.mail.outgoing import OutboxId, OutboxState

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow

_TURN_MS = 250
_TOLD = "outbox.later_told"


class Leaving(QObject):
    """Asks once; who says that it may go is not asked again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._may_go = False
        self.question: QMessageBox | None = None
        self.waiting = False
        self._awaited: set[OutboxId] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn)
        window.link.changed.connect(self._heard)

    def may_go(self) -> bool:
        """Whether the window may close now. If not, a question stands open, or it closes by
        itself once the letters are out."""
        if self._may_go:
            return True
        going = bool(self._window.taking_back.leaving)
        if not going and (self._window.settings.has(_TOLD) or not self._later()):
            return True
        if self.question is None and not self.waiting:
            if going:
                self._ask()
            else:
                self._tell()
        return False

    def _later(self) -> int:
        """How many letters wait for a time of their own."""
        now = time.time()
        waiting = (each.send_at > now for each in self._window.reader.outbox()
                   if each.state is OutboxState.QUEUED)  # fmt: skip
        return sum(waiting)

    def _tell(self) -> None:
        from martlet.ui.compose.questions import Choice, ask

        count = self._later()
        words = self.tr("{count} letters wait in the outbox for their time.").format(count=count)
        role = QMessageBox.ButtonRole
        self.question = ask(
            self._window,
            self.tr("Quit"),
            self.tr("A letter waits in the outbox for its time.") if count == 1 else words,
            self.tr("Letters go out only while Martlet runs; what is late goes as soon as it is "
                    "started. This is said only once."),
            [
                Choice(self.tr("Quit"), role.AcceptRole, self._told),
                Choice(self.tr("Stay"), role.RejectRole, None, True),
            ],
        )  # fmt: skip
        self.question.finished.connect(self._answered)

    def _told(self) -> None:
        self._window.settings.put(**{_TOLD: 1})
        self._window.close()

    def _ask(self) -> None:
        # With the composer, which is not loaded for the window alone.
        from martlet.ui.compose.questions import Choice, ask

        self.waiting = False
        role = QMessageBox.ButtonRole
        self.question = ask(
            self._window,
            self.tr("Quit"),
            self._sentence(),
            self.tr("What is not sent now stays in the outbox and goes when Martlet is started."),
            [
                Choice(self.tr("Wait, then quit"), role.AcceptRole, self._wait),
                Choice(self.tr("Send now and quit"), role.ActionRole, self._send_now),
                Choice(self.tr("Quit"), role.ActionRole, self._go),
                Choice(self.tr("Stay"), role.RejectRole, None, True),
            ],
        )
        self.question.finished.connect(self._answered)
        self._timer.start()

    def _sentence(self) -> str:
        letters = self._window.taking_back.leaving
        seconds = self._window.taking_back.seconds(letters)
        if len(letters) > 1:
            words = self.tr("{count} letters are still going out.")
            return words.format(count=len(letters))
        if seconds:
            return self.tr("A letter goes out in {seconds} s.").format(seconds=seconds)
        return self.tr("A letter is being sent.")

    def _answered(self) -> None:
        self.question = None
        if not self.waiting:
            self._timer.stop()

    def _turn(self) -> None:
        """The seconds in the question; and whether all have gone."""
        letters = self._window.taking_back.leaving
        if self.question is not None:
            if letters:
                self.question.setText(self._sentence())
            else:
                self.question.done(0)  # they are out: nothing is left to ask
                self._go()
        elif self.waiting:
            self._check()

    def _wait(self) -> None:
        self.waiting = True
        self._awaited = {entry.id for entry in self._window.taking_back.leaving}
        self._timer.start()
        self._window.say(self.tr("Martlet quits when the letter is out."), stays=True)

    def _send_now(self) -> None:
        self._wait()
        for entry in self._window.taking_back.leaving:
            if entry.state is OutboxState.QUEUED:
                self._window.link.ask(OutboxRetry(entry.id), None, lambda _error: None)

    def _heard(self, change: object) -> None:
        if isinstance(change, OutboxChanged) and self.waiting:
            self._check()

    def _check(self) -> None:
        """All are out, or one could not be sent: then the window stays, which says why."""
        if self._window.taking_back.leaving:
            return
        left = [each for each in self._window.reader.outbox() if each.id in self._awaited]
        if any(each.state is OutboxState.QUEUED and not each.attempts for each in left):
            return  # hurried, and not taken up yet
        self.waiting = False
        self._timer.stop()
        if all(each.state in (OutboxState.SENT, OutboxState.FILED) for each in left):
            self._go()

    def _go(self) -> None:
        self._may_go = True
        self.waiting = False
        self._timer.stop()
        self._window.close()
