"""What is done to the letters chosen in the outbox: sent now, put off, taken back, thrown away.

One letter is done as it is asked; of several it is asked first, with their number, and done by the
engine in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from martlet.link.messages import (
    OutboxCancel,
    OutboxDelay,
    OutboxDelayAll,
    OutboxDiscardAll,
    OutboxResolve,
    OutboxRetry,
    OutboxRetryAll,
)
from martlet.link.request import Request
from martlet.mail.errors import MailError
from martlet.mail.outgoing import OutboxEntry, OutboxId
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.link import EngineLink
from martlet.ui.outbox.model import subject
from martlet.ui.shown_text import cut

_MOST_SAID = 120
MOST_OPENED = 5
"""So many letters are taken back and opened at once."""
MOST_DRAFTS = 50
"""So many are put into Drafts at once."""


class OutboxHands(QObject):
    """Acts for a window, which its questions stand before.

    begun: something was asked of the engine. done: with what is to be said of it, or "". refused:
    the engine could not. taken_back: the draft that a letter is again, to be opened.
    """

    begun = Signal()
    done = Signal(str)
    refused = Signal(MailError)
    taken_back = Signal(object, object)

    def __init__(self, window: QWidget, link: EngineLink) -> None:
        super().__init__(window)
        self._window = window
        self._link = link
        self.question: QMessageBox | None = None

    def send(self, numbers: Sequence[OutboxId]) -> None:
        """Now."""
        if len(numbers) == 1:
            self._ask(OutboxRetry(numbers[0]))
        elif numbers:
            self._question(
                self.tr("Send letters"),
                self.tr("Send {count} letters now?").format(count=len(numbers)),
                self.tr("They go out at once, one after the other, and cannot be taken back then."),
                [
                    Choice(
                        self.tr("Send now"),
                        QMessageBox.ButtonRole.AcceptRole,
                        lambda: self._ask_all(OutboxRetryAll(list(numbers))),
                    )
                ],
            )

    def put_off(self, numbers: Sequence[OutboxId], when: float) -> None:
        """Until that time, Unix seconds."""
        if len(numbers) == 1:
            self._ask(OutboxDelay(numbers[0], when))
        elif numbers:
            self._ask_all(OutboxDelayAll(list(numbers), when))

    def edit(self, letters: Sequence[OutboxEntry]) -> None:
        """Takes them back and opens each."""
        for letter in letters[:MOST_OPENED]:
            self._edit(letter)

    def resolve(self, numbers: Sequence[OutboxId], was_sent: bool) -> None:
        """The person says what became of them."""
        for number in numbers:
            self._ask(OutboxResolve(number, was_sent))

    def delete(self, numbers: Sequence[OutboxId], letters: Sequence[OutboxEntry]) -> None:
        """Not sent, and not kept either: unless the person would rather have them in Drafts.

        letters: what these are, where they are not more than MOST_DRAFTS.
        """
        if not numbers:
            return
        if len(letters) == len(numbers) == 1:
            title = self.tr("Delete letter")
            sentence = self.tr("Delete “{subject}”? It is not sent then.")
            sentence = sentence.format(subject=cut(subject(letters[0]), _MOST_SAID))
            more = self.tr("In Drafts it is not sent either, and can be changed later.")
        else:
            title = self.tr("Delete letters")
            sentence = self.tr("Delete {count} letters? They are not sent then.")
            sentence = sentence.format(count=len(numbers))
            more = self.tr("In Drafts they are not sent either, and can be changed later.")
        throw = Choice(
            self.tr("Delete"),
            QMessageBox.ButtonRole.DestructiveRole,
            lambda: self._take_out(numbers, keep=False),
        )
        keep = Choice(
            self.tr("Put into Drafts"),
            QMessageBox.ButtonRole.AcceptRole,
            lambda: self._take_out(numbers, keep=True),
        )
        # What was sent on is somebody else's letter, which is no draft.
        kept = len(letters) == len(numbers) and not any(one.resent for one in letters)
        self._question(title, sentence, more if kept else "", [keep, throw] if kept else [throw])

    def _edit(self, letter: OutboxEntry) -> None:
        self._ask(OutboxCancel(letter.id), lambda draft: self.taken_back.emit(draft, letter))

    def _take_out(self, numbers: Sequence[OutboxId], *, keep: bool) -> None:
        if not keep:
            self._ask_all(OutboxDiscardAll(list(numbers)))
            return
        for number in numbers:
            self._ask(OutboxCancel(number))

    def _ask(self, request: Request[Any], done: Callable[[Any], None] | None = None) -> None:
        self.begun.emit()
        told = done or (lambda _: self.done.emit(""))
        self._link.ask(request, told, self.refused.emit, owner=self)

    def _ask_all(self, request: Request[int]) -> None:
        self.begun.emit()
        self._link.ask(
            request, lambda gone: self.done.emit(self._late(gone)), self.refused.emit, owner=self
        )

    def _late(self, gone: int) -> str:
        if not gone:
            return ""
        if gone == 1:
            return self.tr("1 letter was on its way or tried already, and stays as it is.")
        words = self.tr("{count} letters were on their way or tried already, and stay as they are.")
        return words.format(count=gone)

    def _question(self, title: str, sentence: str, more: str, choices: list[Choice]) -> None:
        cancel = Choice(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole, None, True)
        self.question = ask(self._window, title, sentence, more, [*choices, cancel])
