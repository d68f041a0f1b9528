"""Keeps a letter in the drafts: two seconds after a change, one save at a time, one key for ever.

clean --changed--> dirty --2 s--> saving --answer--> clean, or dirty if changed again
                     ▲                 │
                     └──10 s── refused ┘ (disk full): tried until it works, which is said
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from martlet.link.messages import SaveDraft
from martlet.mail.errors import MailError
from martlet.mail.outgoing import Draft, DraftId

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink

AUTOSAVE_MS = 2000
AGAIN_MS = 10_000


class DraftKeeper(QObject):
    """take: builds the letter as it stands, its id and key left to us. place: says where its
    window stands, for a later start. saved, failed: how a save went. recovered: it went, after
    one that had not. numbered: it is kept as this DraftId, before anything else hears of that.
    asked, answered: a save is under way, or is so no more. held: whether
    the letter is in the middle of something now, so that half of it would be kept.
    """

    asked = Signal()
    answered = Signal()
    saved = Signal()
    failed = Signal(str)
    recovered = Signal()
    numbered = Signal(object)

    def __init__(
        self,
        link: EngineLink,
        take: Callable[[], Draft],
        draft: Draft,
        parent: QObject,
        place: Callable[[], str] = lambda: "",
        held: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(parent)
        self.draft_id = draft.id
        # From the first save on, so that a save and a sending that overtake each other, or an
        # engine that ends between a save and its answer, never make two letters of one.
        self.key = draft.key or secrets.token_hex(12)
        self._link = link
        self._take = take
        self._place = place
        self._held = held
        self._dirty = False
        self._saving = False
        self._closed = False
        self._trouble = False
        self._waiting: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.save)

    @property
    def dirty(self) -> bool:
        return self._dirty or self._saving

    @property
    def saving(self) -> bool:
        """Whether the answer to a save is waited for."""
        return self._saving

    def changed(self) -> None:
        """The letter is another one now. The clock is not put back by more changes, so that
        a crash while someone types without a pause loses two seconds, not all of it."""
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start(AGAIN_MS if self._trouble else AUTOSAVE_MS)

    def save(self) -> None:
        """Saves now, or once the save under way has answered."""
        self._timer.stop()
        if self._closed or self._saving or not self._dirty:
            return
        if self._held():
            self._timer.start(AUTOSAVE_MS)
            return
        self._ask(SaveDraft(self.current(), place=self._place()))

    def end(self, *, comes_back: bool) -> None:
        """The last save: nobody writes on it after that. `saved` or `failed` says how it went.

        comes_back: the letter is to be open again after the next start.
        """

        def last() -> None:
            place = self._place() if comes_back else ""
            self._ask(SaveDraft(self.current(), True, place))

        self.settle(last)

    def current(self) -> Draft:
        """The letter under its own id and key."""
        return replace(self._take(), id=self.draft_id, key=self.key)

    def settle(self, then: Callable[[], None]) -> None:
        """Stops the clock and calls `then` when no save is under way."""
        self._timer.stop()
        if self._saving:
            self._waiting.append(then)
        else:
            then()

    def close(self) -> None:
        """Nothing is saved any more."""
        self._closed = True
        self._timer.stop()

    def _ask(self, request: SaveDraft) -> None:
        self._timer.stop()
        self._dirty, self._saving = False, True
        self._link.ask(request, self._saved, self._refused, owner=self)
        self.asked.emit()

    def _saved(self, draft_id: DraftId) -> None:
        if draft_id != self.draft_id:
            self.draft_id = draft_id
            self.numbered.emit(draft_id)
        trouble, self._trouble = self._trouble, False
        self._answered()
        if not self._closed:
            if trouble:
                self.recovered.emit()
            self.saved.emit()

    def _refused(self, error: MailError) -> None:
        self._dirty = self._trouble = True
        self._answered()
        if not self._closed:
            self.failed.emit(error.summary)

    def _answered(self) -> None:
        self._saving = False
        self.answered.emit()
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
        if self._dirty and not waiting and not self._closed:
            self._timer.start(AGAIN_MS if self._trouble else AUTOSAVE_MS)
