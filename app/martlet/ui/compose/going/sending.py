"""From the press of Send to the closed window: what must be right, what is asked, what is said.

Until the engine has answered, the letter can be called back: out of the queue of what waits for an
engine, or by the engine, wherever it finds it. One that ends before it answered leaves that to the
next one.

    asked --answered--> sent, or refused: written on
      └──call_back──► out of the queue: written on
                 └──► CallBack: a draft again: written on; on its way already: sent
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import CallBack, Send
from martlet.mail.errors import MailError
from martlet.mail.outgoing import DraftId, OutboxId
from martlet.ui.compose import busy
from martlet.ui.compose.going.before_sending import BeforeSending
from martlet.ui.compose.going.checks import Question, asked
from martlet.ui.insisting import insist

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink

_KEY_KNOWN = "write.key_known"


class Sending(QObject):
    """Checks, asks, sends. An error leaves the window open with one sentence.

    changed: it is `under_way`, or is so no more.
    """

    changed = Signal()

    def __init__(self, link: EngineLink, window: ComposeWindow, delay_s: float) -> None:
        super().__init__(window)
        self._link = link
        self._window = window
        self._delay_s = delay_s
        self.under_way = False
        # What was asked of the engine, and its answer, if that came while it was called back.
        self._asked: Send | None = None
        self._queued: OutboxId | None = None
        self._failure: MailError | None = None
        self._calling = False
        # What is behind a save belongs to one press of Send, not to the next after an undo.
        self._attempt: object | None = None
        # Whoever chooses a time has sent the letter; in the outbox it can be another still.
        window.top.later_menu.chosen.connect(lambda _when: self.start())

    def start(self, *, by_key: bool = False) -> None:
        """Send was pressed; by_key: with the keys for it, which the first time are confirmed."""
        window = self._window
        if self._waits():
            return
        window.header.take_typed()
        questions = asked(window, window.draft())
        if questions and questions[0].must:
            window.notice.say(questions[0].sentence)
            return
        window.notice.clear()
        go = self.tr("Send anyway")
        if by_key and not window.settings.has(_KEY_KNOWN):
            go = go if questions else self.tr("Send")
            questions.append(
                Question(
                    self.tr("Send now?"),
                    self.tr("You pressed the keys that send a letter. This is asked only once."),
                )
            )
        if not questions:
            self._send()
            return
        window.question = BeforeSending(questions, go, self._decided, window)
        window.question.open()

    def _decided(self) -> None:
        """Whatever was asked: send."""
        self._window.settings.put(**{_KEY_KNOWN: 1})
        if not self._waits():
            self._send()

    def _waits(self) -> bool:
        """Whether it cannot go yet, or goes already; that is said."""
        self._window.busy.look()
        reasons = self._window.busy.reasons
        if reasons and not self.under_way:
            self._window.waiting.say(busy.sentence(reasons[0]))
        return bool(reasons)

    @property
    def calling_back(self) -> bool:
        """Whether the engine was asked to give it back, and has not answered."""
        return self._calling

    def call_back(self) -> None:
        """It is not to go after all; the letter is written on."""
        if not self.under_way or self._calling:
            return
        asked = self._asked
        if asked is None or self._link.withdraw(asked):
            self._came_back()
            return
        self._calling = True
        insist(
            self._link,
            self._window.settings,
            CallBack(asked.ticket, asked.draft.key),
            lambda draft_id: self._called_back(asked, draft_id),
            lambda error: self._kept_going(asked, error),
            owner=self,
        )
        self.changed.emit()

    def give_up(self) -> None:
        """Its window goes, and the letter with it: it is not to be sent later, unseen."""
        asked, self._asked = self._asked, None
        self._attempt = None
        self.under_way = False
        if asked is None or self._calling or self._link.withdraw(asked):
            return
        insist(self._link, self._window.settings, CallBack(asked.ticket, asked.draft.key))

    def _send(self) -> None:
        self._turn(True)
        attempt = self._attempt = object()

        def send() -> None:
            if attempt is not self._attempt:
                return  # called back meanwhile
            letter = self._window.keeper.current()
            self._asked = asked = Send(letter, self._delay_s, secrets.token_hex(12))
            self._link.ask(
                asked,
                lambda outbox_id: self._sent(asked, outbox_id),
                lambda error: self._failed(asked, error),
                owner=self,
            )

        # A save under way gives the letter its id; sent before, it would stay behind as a draft.
        self._window.keeper.settle(send)

    def _sent(self, asked: Send, outbox_id: OutboxId) -> None:
        if asked is not self._asked:
            return
        if self._calling:
            self._queued = outbox_id
            return
        self._gone(outbox_id)

    def _gone(self, outbox_id: OutboxId) -> None:
        self._window.sent.emit(int(outbox_id))
        self._window.finish()
        self._turn(False)

    def _failed(self, asked: Send, error: MailError) -> None:
        if asked is not self._asked:
            return
        if self._calling:
            self._failure = error
            return
        self._fails(error)

    def _called_back(self, asked: Send, draft_id: DraftId) -> None:
        if asked is not self._asked:
            return  # its window was closed meanwhile
        if draft_id:
            self._window.keeper.draft_id = draft_id
        self._came_back()

    def _kept_going(self, asked: Send, error: MailError) -> None:
        """It is on its way."""
        if asked is not self._asked:
            self._link.notice.emit(error)  # its window was closed meanwhile
            return
        if self._queued is not None:
            self._gone(self._queued)
        elif self._failure is not None:  # nobody answers Send any more
            self._fails(error)
        else:  # this was quicker than the answer to Send, which decides
            self._calling = False
            self._window.notice.say(error.summary, error.detail)
            self.changed.emit()

    def _came_back(self) -> None:
        self._written_on()
        self._window.notice.tell(self.tr("The letter was taken back; it is not sent."))

    def _fails(self, error: MailError) -> None:
        self._written_on()
        self._window.notice.say(error.summary, error.detail)

    def _written_on(self) -> None:
        # First of all: a window that was to close after it stays, to say why.
        self._window.closing.stay()
        self._turn(False)
        self._window.top.show_saved(False)
        self._window.keeper.changed()

    def _turn(self, on: bool) -> None:
        self.under_way = on
        self._asked = self._queued = self._failure = self._attempt = None
        self._calling = False
        self.changed.emit()
