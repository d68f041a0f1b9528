"""The seconds in which a letter can be taken back, counted down where everyone sees them, and then
whether it went out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from martlet.link.messages import OutboxCancel
from martlet.mail.changes import OutboxChanged
from martlet.mail.outgoing import DraftId, OutboxId, OutboxState
from martlet.ui import outbox_words
from martlet.ui.bars import Toast
from martlet.ui.link import EngineLink
from martlet.ui.windows import Windows

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_SECOND_MS = 1000


class TakingBack(QObject):
    """Offers each letter that was just sent for taking back; the newest when there are several."""

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        windows: Windows,
        toast: Toast,
        seconds: int,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(windows)
        self._link = link
        self._reader = reader
        self._windows = windows
        self._toast = toast
        self._seconds = seconds
        self._left = 0
        self._letter: OutboxId | None = None
        # Counted down; it is told once how it went.
        self._going: OutboxId | None = None
        self._left_here = False
        self._clock = clock
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self._tick)
        windows.letter_sent.connect(self.offer)
        link.changed.connect(self._heard)

    @property
    def offered(self) -> bool:
        """Whether a letter can be taken back now."""
        return self._letter is not None

    def offer(self, outbox_id: int) -> None:
        """Begins to count for this letter."""
        self._letter, self._going = OutboxId(outbox_id), None
        self._left = self._seconds
        self._timer.start()
        self._say()

    def take_back(self) -> None:
        """The letter is open again, and not sent."""
        if self._letter is None:
            return
        letter, self._letter = self._letter, None
        self._timer.stop()
        self._toast.hide()
        self._link.ask(OutboxCancel(letter), self._reopen)

    def _heard(self, change: object) -> None:
        """Somebody may have had it sent at once, or taken it back elsewhere."""
        if isinstance(change, OutboxChanged) and self._going is not None:
            self._follow(self._going)
        if self._letter is None or not isinstance(change, OutboxChanged):
            return
        waiting = (e for e in self._reader.outbox() if e.id == self._letter)
        entry = next(waiting, None)
        if entry is None or entry.state is not OutboxState.QUEUED or not entry.not_before:
            self._timer.stop()
            self._letter = None
            self._toast.hide()

    def _reopen(self, draft_id: DraftId) -> None:
        draft = self._reader.draft(draft_id)
        if draft is not None:
            self._windows.write(None, draft)

    def _tick(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._say()
            return
        self._timer.stop()
        self._going, self._letter = self._letter, None
        self._left_here = False
        self._toast.say(self.tr("Sending…"))

    def _follow(self, letter: OutboxId) -> None:
        """Says how it went, once."""
        entry = next((e for e in self._reader.outbox() if e.id == letter), None)
        if entry is not None and entry.state is OutboxState.SENDING:
            self._left_here = True
            return
        if entry is not None and entry.state is OutboxState.QUEUED and not entry.attempts:
            return
        self._going = None
        if entry is not None and entry.state is OutboxState.QUEUED:
            self._toast.say(outbox_words.state(entry, self._clock()))
        elif self._left_here and (
            entry is None or (entry.state is OutboxState.SENT and not entry.problem)
        ):
            self._toast.say(self.tr("Sent"))
        else:
            self._toast.hide()  # a notice tells what went wrong

    def _say(self) -> None:
        words = self.tr("Sending in {seconds} s").format(seconds=self._left)
        self._toast.say(words, self.take_back)
