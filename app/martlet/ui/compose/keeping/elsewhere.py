"""A quiet bar over a letter: another program has changed or deleted this draft meanwhile, or it was
sent as it stood, from another window, so that what is written on is another letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from martlet.link.messages import CallBack, SettleDraft
from martlet.mail.changes import DraftsChanged
from martlet.mail.errors import MailError
from martlet.mail.message import MessageId
from martlet.mail.outgoing import DraftId
from martlet.ui.bars import NoticeBar

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


class ElsewhereBar(NoticeBar):
    """other_wanted: the version somebody else wrote is to be opened too, as this MessageId."""

    other_wanted = Signal(int)

    def __init__(self, link: EngineLink, reader: Reader, window: ComposeWindow) -> None:
        super().__init__(window)
        self._link = link
        self._reader = reader
        self._w = window
        self._shown = MessageId(0)
        self.setContentsMargins(4, 0, 4, 0)  # on the letter's own edges
        self.closed.connect(self._settle)
        link.changed.connect(self._heard)
        window.keeper.numbered.connect(self._numbered)
        self._look()

    def _heard(self, change: object) -> None:
        if isinstance(change, DraftsChanged):
            self._look()

    def _look(self) -> None:
        draft_id = self._w.keeper.draft_id
        standing = self._reader.draft_standing(draft_id) if draft_id else None
        other = standing.elsewhere if standing is not None else MessageId(0)
        if other == self._shown:
            return
        self._shown = other
        if not other:
            self.hide()
        elif other > 0:
            self.say(
                self.tr("This draft was also changed elsewhere. Both are kept."),
                action=self.tr("Open the other"),
                run=lambda: self.other_wanted.emit(int(other)),
            )
        else:
            self.say(
                self.tr("This draft was deleted elsewhere. It is kept here."),
                action=self.tr("Discard it here too"),
                run=self._w.closing.discard,
            )

    def _numbered(self, draft_id: DraftId) -> None:
        """Under another name than ours it is another letter: ours is in the outbox, or was."""
        standing = self._reader.draft_standing(draft_id)
        before = self._w.keeper.key
        if standing is None or standing.key == before:
            return
        self._w.keeper.key = standing.key
        self.say(
            self.tr("This letter was sent as it stood before. What is written here is another."),
            action=self.tr("Take that one back"),
            run=lambda: self._take_back(before),
        )

    def _take_back(self, key: str) -> None:
        def taken(_draft_id: DraftId) -> None:
            self._w.notice.tell(self.tr("It is not sent, and lies in Drafts beside this one."))

        def refused(error: MailError) -> None:
            self._w.notice.say(error.summary, error.detail)

        self.hide()
        self._link.ask(CallBack("", key), taken, refused, owner=self)

    def _settle(self) -> None:
        """Whatever was chosen, a person knows of it."""
        if self._shown and self._w.keeper.draft_id:
            self._link.ask(SettleDraft(self._w.keeper.draft_id))
        self._shown = MessageId(0)
