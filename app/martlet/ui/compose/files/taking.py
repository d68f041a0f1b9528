"""Asks the engine to take files, folders and messages into a letter: a few at a time, so that a
thousand of them keep nobody else waiting, each with its card, which shows how far it is."""

from __future__ import annotations

import itertools
import uuid
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from martlet.link.messages import (
    AttachBytes,
    AttachFile,
    AttachFolder,
    AttachMessage,
    StopAttaching,
)
from martlet.mail.changes import TakingIn
from martlet.mail.errors import MailError, Offline, Refused
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.compose.files.attachments import AttachmentBar, AttachmentCard

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink

Wanted = AttachFile | AttachFolder | AttachBytes | AttachMessage
_AT_ONCE = 3
_REPORTED = 3  # files whose trouble is told one by one


@dataclass(frozen=True, slots=True)
class _Waiting:
    wanted: Wanted
    card: AttachmentCard


class Taking(QObject):
    """arrived(part): a file is in the letter now. refused: in one sentence why one is not.
    ended: nothing is being taken in any more."""

    arrived = Signal(object)
    refused = Signal(str)
    ended = Signal()

    def __init__(self, link: EngineLink, bar: AttachmentBar, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._bar = bar
        self._waiting: deque[_Waiting] = deque()
        self._running = 0
        self._closed = False
        self._name = uuid.uuid4().hex
        self._numbers = itertools.count(1)
        self._by_ticket: dict[str, AttachmentCard] = {}
        self._troubles: list[str] = []
        bar.gone.connect(self._gone)
        link.changed.connect(self._changed)

    def ticket(self) -> str:
        """A name for one file on its way."""
        return f"{self._name}-{next(self._numbers)}"

    def ask(self, wanted: Wanted, card: AttachmentCard) -> None:
        """Takes this in, when it is its turn."""
        self._waiting.append(_Waiting(wanted, card))
        self._next()

    def close(self) -> None:
        """Answers still to come are of no interest any more."""
        self._closed = True
        self._waiting.clear()
        for ticket in list(self._by_ticket):
            self._link.ask(StopAttaching(ticket), None, lambda _error: None)
        self._by_ticket.clear()

    def _next(self) -> None:
        while self._waiting and self._running < _AT_ONCE and not self._closed:
            each = self._waiting.popleft()
            if self._bar.holds(each.card):
                # A message may have to be fetched: its server is what is away then.
                once_more = not isinstance(each.wanted, AttachMessage)
                self._start(each.wanted, each.card, again=once_more)

    def _start(self, wanted: Wanted, card: AttachmentCard, *, again: bool) -> None:
        """again: whether it is asked for once more if the engine is lost meanwhile."""
        self._running += 1
        ticket = wanted.ticket if isinstance(wanted, AttachFile | AttachFolder) else ""
        if ticket:
            card.ticket = ticket
            self._by_ticket[ticket] = card

        def over() -> None:
            self._running -= 1
            self._by_ticket.pop(ticket, None)
            self._next()

        def arrived(part: OutgoingPart) -> None:
            over()
            if self._closed or not self._bar.holds(card):
                return
            card.arrived(part)
            if not part.size:
                self._trouble(self.tr("“{name}” is empty.").format(name=part.name))
            self.arrived.emit(part)
            self._end()

        def failed(error: MailError) -> None:
            over()
            if self._closed:
                return
            if again and isinstance(error, Offline) and self._bar.holds(card):
                # The engine ended in the middle of it. There will be another.
                card.show_progress(0, 0)
                self._start(wanted, card, again=False)
                return
            if self._bar.holds(card):
                self._trouble(self._why(error, card.name))
                self._bar.remove(card)
            self._end()

        self._link.ask(wanted, arrived, failed, owner=self)

    def _why(self, error: MailError, name: str) -> str:
        """What is refused is called by its name; the store and the engine know no files."""
        if isinstance(error, Refused) or name in error.summary:
            return error.summary
        words = self.tr("“{name}” was not attached. {why}")
        return words.format(name=name, why=error.summary)

    def _end(self) -> None:
        if self._running or self._waiting:
            return
        self._troubles = []
        self.ended.emit()

    def _trouble(self, sentence: str) -> None:
        """Of many that fail at once the first are told, and how many there were."""
        self._troubles.append(sentence)
        shown = self._troubles[:_REPORTED]
        more = len(self._troubles) - len(shown)
        if more:
            words = self.tr("And {count} more were not taken in.")
            shown = [*shown, words.format(count=more)]
        self.refused.emit(" ".join(shown))

    def _gone(self, card: AttachmentCard) -> None:
        if card.ticket in self._by_ticket:
            del self._by_ticket[card.ticket]
            self._link.ask(StopAttaching(card.ticket), None, lambda _error: None)

    def _changed(self, change: object) -> None:
        if not isinstance(change, TakingIn) or change.ticket not in self._by_ticket:
            return
        card = self._by_ticket[change.ticket]
        if change.left_out:
            words = self.tr("{count} links and other things that are no files are not in “{name}”.")
            self.refused.emit(words.format(count=change.left_out, name=card.name))
        card.show_progress(change.done, change.total)
