"""The time in which a letter can be taken back, counted down where everyone sees it, and then
whether it went out.

A letter is followed in the outbox, not in here: it may be sent at once, changed or taken back
elsewhere, and one that was left from before is counted like those that were just written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from martlet.link.messages import CallBack, OutboxCancel, OutboxRetry
from martlet.mail.changes import OutboxChanged
from martlet.mail.errors import MailError
from martlet.mail.outgoing import DraftId, OutboxEntry, OutboxId, OutboxState
from martlet.ui import countdown, later
from martlet.ui.bars import Toast
from martlet.ui.going_stack import GoingStack
from martlet.ui.insisting import insist, unheard
from martlet.ui.link import EngineLink
from martlet.ui.outbox import words as outbox_words
from martlet.ui.settings import Settings
from martlet.ui.shown_text import cut
from martlet.ui.windows import Windows

if TYPE_CHECKING:
    from martlet.store.reader import Reader

# So long a letter that goes later is offered after Send was pressed.
_SCHEDULED_S = 10.0


class TakingBack(QObject):
    """Offers each letter that goes out in a moment, in the stack; the toast says how it went.

    settings: where it is kept which letters were taken back, until an engine has heard of it.
    clock: Unix seconds.
    """

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        windows: Windows,
        toast: Toast,
        stack: GoingStack,
        *,
        settings: Settings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(windows)
        self._link = link
        self._reader = reader
        self._windows = windows
        self._toast = toast
        self.stack = stack
        self._settings = settings
        self._clock = clock
        # Those in sight, oldest first, and until when a scheduled one is.
        self._letters: dict[OutboxId, OutboxEntry] = {}
        self._scheduled: dict[OutboxId, float] = {}
        # Undo was pressed for these, and nobody has answered: they are not offered again.
        self._asked_back: set[OutboxId] = set()
        # Their time is over; it is told once how each went. True: it was seen to leave.
        self._going: dict[OutboxId, bool] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        windows.letter_sent.connect(self.offer)
        link.changed.connect(self._heard)
        stack.undo_wanted.connect(lambda number: self.take_back(OutboxId(number)))
        stack.now_wanted.connect(lambda number: self.send_now(OutboxId(number)))
        stack.outbox_wanted.connect(windows.outbox)
        self._go_on_asking()
        self._say_late()
        self.look()

    @property
    def offered(self) -> bool:
        """Whether a letter can be taken back now."""
        return bool(self._letters)

    @property
    def leaving(self) -> list[OutboxEntry]:
        """Letters that go out in a moment, or are doing so."""
        now = self._clock()
        return [
            entry
            for entry in self._reader.outbox_soon(now + countdown.LONGEST_S)
            if countdown.counts(entry, now) or entry.state is OutboxState.SENDING
        ]

    def seconds(self, letters: list[OutboxEntry]) -> int:
        """What is left to the first of these that waits for its time; 0 when none does."""
        now = self._clock()
        return min(
            (countdown.seconds(e, now) for e in letters if countdown.counts(e, now)), default=0
        )

    def offer(self, outbox_id: int) -> None:
        """Send was pressed for this letter."""
        self._scheduled[OutboxId(outbox_id)] = self._clock() + _SCHEDULED_S
        self._going[OutboxId(outbox_id)] = False
        self.look()

    def look(self) -> None:
        """Reads the outbox, and says what is left to each."""
        now = self._clock()
        followed = {*self._scheduled, *self._letters, *self._going}
        soon = self._reader.outbox_soon(now + countdown.LONGEST_S, followed)
        every = {entry.id: entry for entry in soon}
        self._scheduled = {
            number: until
            for number, until in self._scheduled.items()
            if until > now and number in every and every[number].send_at > now
        }
        before = self._letters
        self._letters = {
            number: entry
            for number, entry in every.items()
            if number not in self._asked_back
            and (
                countdown.counts(entry, now)
                or (number in self._scheduled and entry.state is OutboxState.QUEUED)
            )
        }
        for number in before:
            if number not in self._letters and number not in self._scheduled:
                self._going.setdefault(number, False)
        shown = [(entry, self._words(entry, now)) for entry in self._letters.values()]
        self.stack.show_letters(shown)
        for number in [one for one in self._going if one not in self._letters]:
            self._follow(number, every.get(number), was=before.get(number))
        turn = countdown.next_turn_ms(every.values(), now)
        if self._scheduled:
            over = int((min(self._scheduled.values()) - now) * 1000) + 1
            turn = over if turn is None else min(turn, over)
        if turn is not None:
            self._timer.start(max(1, turn))

    def _say_late(self) -> None:
        """Of letters whose time was over before anybody was there to send them."""
        now = self._clock()
        late = [e for e in self._reader.outbox_soon(now) if 0 < e.send_at < now and not e.attempts]
        if len(late) == 1:
            words = self.tr("“{subject}” was to go out {when}; it goes out now.")
            subject = cut(late[0].subject, 40) or self.tr("(no subject)")
            when = later.said(late[0].send_at, now)
            self._toast.say(words.format(subject=subject, when=when))
        elif late:
            words = self.tr("{count} letters were to go out before; they go out now.")
            self._toast.say(words.format(count=len(late)))

    def take_back(self, letter: OutboxId | None = None) -> None:
        """It is open again, as it was, and not sent; the newest when none is named."""
        letter = letter or next(reversed(self._letters), None)
        if letter is None:
            return
        entry = self._letters.pop(letter, None)
        self._going.pop(letter, None)
        self._scheduled.pop(letter, None)
        if entry is not None:
            self._asked_back.add(letter)
            self._ask_back(letter)

    def _ask_back(self, letter: OutboxId) -> None:
        def taken(draft_id: DraftId) -> None:
            self._asked_back.discard(letter)
            self._reopen(draft_id, letter)
            self.look()

        def refused(error: MailError) -> None:
            self._asked_back.discard(letter)
            self._toast.say(error.summary)
            self.look()

        insist(self._link, self._settings, OutboxCancel(letter), taken, refused, owner=self)

    def _go_on_asking(self) -> None:
        """Whoever quit while no engine was there has not been heard: before letters go out."""

        def taken(draft_id: DraftId) -> None:
            if draft_id:
                self._toast.say(self.tr("The letter that was not to be sent lies in Drafts."))

        for order in unheard(self._settings):
            if isinstance(order, CallBack):
                insist(
                    self._link,
                    self._settings,
                    order,
                    taken,
                    lambda error: self._toast.say(error.summary),
                    owner=self,
                )
            else:
                self._asked_back.add(order.outbox_id)
                self._ask_back(order.outbox_id)

    def send_now(self, letter: OutboxId) -> None:
        """It is not to be taken back any more."""
        if letter in self._letters:
            self._going[letter] = False
            self._link.ask(OutboxRetry(letter), None, lambda error: self._toast.say(error.summary))

    def _words(self, entry: OutboxEntry, now: float) -> str:
        if entry.send_at > now:
            return self.tr("goes out {when}").format(when=later.said(entry.send_at, now))
        count = countdown.seconds(entry, now)
        return self.tr("goes out in {seconds} s").format(seconds=count)

    def _heard(self, change: object) -> None:
        if isinstance(change, OutboxChanged):
            self.look()

    def _reopen(self, draft_id: DraftId, letter: OutboxId) -> None:
        if not draft_id:
            self._toast.say(self.tr("It is not sent on."))
            return
        draft = self._reader.draft(draft_id)
        if draft is not None:
            self._windows.write_again(draft, int(letter))

    def _follow(self, letter: OutboxId, entry: OutboxEntry | None, was: OutboxEntry | None) -> None:
        """Says how it went, once."""
        if entry is not None and entry.state is OutboxState.SENDING:
            self._going[letter] = True
            self._toast.say(self.tr("Sending…"))
            return
        if entry is not None and entry.state is OutboxState.QUEUED and not entry.attempts:
            if entry.send_at or entry.not_before > self._clock():
                del self._going[letter]  # put off
            elif was is not None:
                self._toast.say(self.tr("Sending…"))
            return
        left_here = self._going.pop(letter)
        if entry is not None and entry.state is OutboxState.QUEUED:
            self._toast.say(outbox_words.state(entry, self._clock()))
        elif left_here and (
            entry is None or (entry.state is OutboxState.SENT and not entry.problem)
        ):
            self._toast.say(self.tr("Sent"))
        elif left_here or was is not None:
            self._toast.hide()  # a notice tells what went wrong; or it was taken back elsewhere
