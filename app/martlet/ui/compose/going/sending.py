"""From the press of Send to the closed window: what must be right, what is asked, what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import Send
from martlet.mail.errors import MailError
from martlet.mail.outgoing import OutboxId
from martlet.ui.compose import busy
from martlet.ui.compose.going.before_sending import BeforeSending
from martlet.ui.compose.going.checks import Question, asked

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

    def _send(self) -> None:
        self._turn(True)

        def send() -> None:
            self._link.ask(
                Send(self._window.keeper.current(), self._delay_s),
                self._sent,
                self._failed,
                owner=self,
            )

        # A save under way gives the letter its id; sent before, it would stay behind as a draft.
        self._window.keeper.settle(send)

    def _sent(self, outbox_id: OutboxId) -> None:
        self._window.sent.emit(int(outbox_id))
        self._window.finish()
        self._turn(False)

    def _failed(self, error: MailError) -> None:
        # First of all: a window that was to close after it stays, to say why.
        self._window.closing.stay()
        self._turn(False)
        self._window.top.show_saved(False)
        self._window.notice.say(error.summary, error.detail)
        self._window.keeper.changed()

    def _turn(self, on: bool) -> None:
        self.under_way = on
        self.changed.emit()
