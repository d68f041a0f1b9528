"""The draft that is chosen in the list stays chosen when it gets another row.

A draft is never changed in its folder: each version of it is a message of its own there, and the
row before goes. What a person has chosen is the letter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from martlet.mail.changes import DraftsChanged
from martlet.mail.message import DRAFT, MessageId
from martlet.mail.outgoing import DraftId

if TYPE_CHECKING:
    from martlet.ui.window import MainWindow


class FollowedDraft:
    """For one main window."""

    def __init__(self, window: MainWindow) -> None:
        self._w = window
        self._message = MessageId(0)
        self._draft = DraftId(0)
        window.list.chosen.connect(self._chosen)
        window.link.changed.connect(self._heard)

    def around(self, apply: Callable[[], None]) -> None:
        """Chooses the new row of the draft that was chosen, if its row went with this change."""
        message, draft = self._message, self._draft
        apply()
        if not draft or self._row_chosen() == message:
            return
        standing = self._w.reader.draft_standing(draft)
        row = self._w.reader.row(standing.message) if standing and standing.message else None
        at = self._w.list_model.position_of(row.sort_key) if row is not None else -1
        if at >= 0 and row is not None and row.id != message:
            self._w.list.choose(at)

    def _row_chosen(self) -> MessageId:
        rows = self._w.list.selected_rows()
        return rows[0].id if len(rows) == 1 else MessageId(0)

    def _chosen(self) -> None:
        rows = self._w.list.selected_rows()
        one = rows[0] if len(rows) == 1 and DRAFT in rows[0].flags else None
        self._message = one.id if one is not None else MessageId(0)
        self._draft = self._shown()

    def _heard(self, change: object) -> None:
        """One that others wrote is a draft of this program once it was opened."""
        if isinstance(change, DraftsChanged) and self._message and not self._draft:
            self._draft = self._shown()

    def _shown(self) -> DraftId:
        known = self._w.reader.draft_shown_in(self._message) if self._message else None
        return known or DraftId(0)
