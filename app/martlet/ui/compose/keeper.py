"""Keeps a letter in the drafts: two seconds after a change, one save at a time, one id for ever.

clean --changed--> dirty --2 s--> saving --answer--> clean, or dirty if changed again
"""

from __future__ import annotations

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


class DraftKeeper(QObject):
    """take: builds the letter as it stands, its id left to us. saved, failed: how a save went."""

    saved = Signal()
    failed = Signal(str)

    def __init__(
        self, link: EngineLink, take: Callable[[], Draft], draft_id: DraftId, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.draft_id = draft_id
        self._link = link
        self._take = take
        self._dirty = False
        self._saving = False
        self._closed = False
        self._waiting: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.save)

    @property
    def dirty(self) -> bool:
        return self._dirty or self._saving

    def changed(self) -> None:
        """The letter is another one now. The clock is not put back by more changes, so that
        a crash while someone types without a pause loses two seconds, not all of it."""
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start()

    def save(self) -> None:
        """Saves now, or once the save under way has answered."""
        self._timer.stop()
        if self._closed or self._saving or not self._dirty:
            return
        self._dirty, self._saving = False, True
        self._link.ask(SaveDraft(self.current()), self._saved, self._refused)

    def current(self) -> Draft:
        """The letter under its own id."""
        return replace(self._take(), id=self.draft_id)

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

    def _saved(self, draft_id: DraftId) -> None:
        self.draft_id = draft_id
        self._answered()
        if not self._closed:
            self.saved.emit()

    def _refused(self, error: MailError) -> None:
        self._dirty = True
        self._answered()
        if not self._closed:
            self.failed.emit(error.summary)

    def _answered(self) -> None:
        self._saving = False
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
        if self._dirty and not waiting and not self._closed:
            self._timer.start()
