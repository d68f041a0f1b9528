"""A quiet bar over a letter: what it waits for that does not come, and the way out.

Nobody is kept by an engine that does not answer: after a while, or when one asks to close again,
the letter can be written to a file of its own, or given up knowingly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from martlet.ui.bars import NoticeBar
from martlet.ui.compose import busy
from martlet.ui.compose.busy import Reason
from martlet.ui.compose.keeping.letter_copy import save_copy
from martlet.ui.compose.questions import Choice, ask

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink

_SOON_MS = 1000
_LONG_MS = 8000
_UNSAVED_MS = 20_000
_ENGINES = frozenset({Reason.SENDING, Reason.KEEPING, Reason.TAKING})
"""What only the engine can end."""


class Waiting(NoticeBar):
    """soon, long, unsaved: the clocks; before `soon` nobody is asked anything, after `long` the
    way out is offered, after `unsaved` an autosave without an answer is told.
    """

    def __init__(self, link: EngineLink, window: ComposeWindow) -> None:
        super().__init__(window)
        self._w = window
        self._link = link
        self._reason: Reason | None = None
        self.question: QMessageBox | None = None
        self.setContentsMargins(4, 0, 4, 0)
        self.soon = self._clock(_SOON_MS)
        self.long = self._clock(_LONG_MS)
        self.long.timeout.connect(self._late)
        self.unsaved = self._clock(_UNSAVED_MS)
        self.unsaved.timeout.connect(self._not_saved)
        self.soon.timeout.connect(self._is_away)
        window.busy.changed.connect(self._follow)
        window.closing.changed.connect(self._follow)
        window.closing.again.connect(self._again)
        window.keeper.asked.connect(self.unsaved.start)
        window.keeper.answered.connect(self._answered)
        link.lost.connect(self._lost)

    def _clock(self, period_ms: int) -> QTimer:
        clock = QTimer(self)
        clock.setSingleShot(True)
        clock.setInterval(period_ms)
        return clock

    def _follow(self) -> None:
        """There is another thing to wait for, or none."""
        reason = self._w.busy.reason
        if reason is None or not self._stands_still(reason):
            waited, self._reason = self._reason, None
            self.soon.stop()
            self.long.stop()
            if reason is None or waited is not None:
                self._over()
            return
        if reason is self._reason:
            return
        self._reason = reason
        self.soon.start()
        self.long.start()
        if self._w.closing.wanted and reason in busy.HOLDING:
            self.say(busy.closing(reason))

    def _stands_still(self, reason: Reason) -> bool:
        return self._w.closing.wanted or reason in (Reason.SENDING, Reason.KEEPING)

    def _over(self) -> None:
        self.hide()
        question, self.question = self.question, None
        if question is not None:
            question.close()

    def _late(self) -> None:
        reason = self._reason
        if reason not in _ENGINES or reason is None:
            return
        words = {
            Reason.SENDING: self.tr("The letter is not sent yet: the mail engine does not answer."),
            Reason.KEEPING: self.tr(
                "Waiting for the mail engine; the letter closes once it is saved."
            ),
        }.get(reason, busy.closing(reason))
        if reason is Reason.SENDING and not self._w.sending.calling_back:
            self.say(words, action=self.tr("Do not send"), run=self._call_back)
        else:
            self.say(words, action=self.tr("Do not wait…"), run=self._ask)

    def _call_back(self) -> None:
        self._w.sending.call_back()
        if self._w.sending.calling_back:
            self._late()

    def _is_away(self) -> None:
        """Nobody is there who could answer: that is known without waiting for long."""
        if self._link.away and self._reason is not None:
            self._late()

    def _not_saved(self) -> None:
        if self._reason is None and self._w.keeper.saving:
            self.say(
                self.tr("This letter is not saved yet: the mail engine does not answer."),
                action=self.tr("Save a copy…"),
                run=self._copy,
            )

    def _answered(self) -> None:
        self.unsaved.stop()
        if self._w.busy.reason is None:
            self.hide()

    def _lost(self) -> None:
        """The line to the engine is down; it is brought up again."""
        if self._reason is not None:
            self.soon.stop()
            self._late()

    def _again(self) -> None:
        reason = self._reason
        if reason is None:
            return
        if self.soon.isActive() or reason not in _ENGINES:
            self.say(busy.closing(reason))
        else:
            self._ask()

    def _ask(self) -> None:
        reason = self._reason
        if reason is None or self.question is not None:
            return
        wait = Choice(self.tr("Keep waiting"), QMessageBox.ButtonRole.RejectRole, None, True)
        if reason is Reason.TAKING:
            self.question = ask(
                self._w,
                self.tr("Close the letter"),
                self.tr("A file is still being attached."),
                self.tr("Without it, the letter is saved as it is now."),
                [
                    wait,
                    Choice(
                        self.tr("Keep writing"),
                        QMessageBox.ButtonRole.NoRole,
                        self._w.closing.stay,
                    ),
                    Choice(
                        self.tr("Close without it"),
                        QMessageBox.ButtonRole.DestructiveRole,
                        self._w.closing.without_files,
                    ),
                ],
            )
        else:
            sending = reason is Reason.SENDING
            back = (
                [Choice(self.tr("Do not send"), QMessageBox.ButtonRole.NoRole, self._call_back)]
                if sending and not self._w.sending.calling_back
                else []
            )
            self.question = ask(
                self._w,
                self.tr("Close the letter"),
                self.tr("This letter is not sent yet.")
                if sending
                else self.tr("This letter is not saved yet."),
                self.tr("The mail engine does not answer. What was written since the letter was"
                        " saved last is lost when it is closed now; a copy keeps it."),
                [
                    wait,
                    *back,
                    Choice(
                        self.tr("Save a copy…"), QMessageBox.ButtonRole.ActionRole, self._copy
                    ),
                    Choice(
                        self.tr("Close without sending")
                        if sending
                        else self.tr("Close without saving"),
                        QMessageBox.ButtonRole.DestructiveRole,
                        self._w.closing.leave,
                    ),
                ],
            )  # fmt: skip
        self.question.finished.connect(self._decided)

    def _decided(self) -> None:
        self.question = None

    def _copy(self) -> None:
        save_copy(self._w, self._w.draft())
