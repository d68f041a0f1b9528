"""The outbox: what waits to be sent, what went wrong, and what can be done about it.

The list holds them all, beside it stands the letter that is chosen, or how several stand.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from martlet.mail.changes import DeliveryChanged, OutboxChanged, Progress
from martlet.mail.errors import MailError
from martlet.mail.outgoing import DraftId, OutboxEntry
from martlet.ui import countdown
from martlet.ui.compose.window import ComposeWindow
from martlet.ui.countdown import LONGEST_S
from martlet.ui.notice import NoticeLine
from martlet.ui.outbox import words
from martlet.ui.outbox.choosing import OutboxList
from martlet.ui.outbox.empty import OutboxEmpty
from martlet.ui.outbox.hands import OutboxHands
from martlet.ui.outbox.letter import OutboxLetter
from martlet.ui.outbox.model import OutboxModel
from martlet.ui.outbox.several import OutboxSeveral
from martlet.ui.outbox.side import OutboxPanes
from martlet.ui.outbox.verbs import OutboxVerbs

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink
    from martlet.ui.settings import Settings

_TICK_MS = 500
_MINUTE_MS = 60_000
# So many are read anew at each change; of more, not more often than this.
_FEW, _REST_MS = 200, 500


class OutboxWindow(QWidget):
    """Follows the store. clock: Unix seconds, for the countdown of the undo time.

    composing: a letter was taken back and is open in this ComposeWindow; it lives until closed,
    with or without this window.
    """

    composing = Signal(QWidget)

    def __init__(
        self,
        link: EngineLink,
        reader: Reader,
        *,
        settings: Settings | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._link = link
        self._reader = reader
        self._settings = settings
        self._clock = clock
        self._open = True
        self._stale = False
        self.setWindowTitle(self.tr("Outbox"))
        self.resize(860, 520)
        self.setMinimumWidth(440)
        self.notice = NoticeLine(self)
        self.empty = OutboxEmpty(self)
        self.model = OutboxModel(reader.outbox_some, clock)
        self.list = OutboxList(self.model, self)
        self.hands = OutboxHands(self, link)
        self.panes = OutboxPanes(self.list, self.hands, reader, self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.notice)
        whole.addWidget(self.empty, 1)
        whole.addWidget(self.panes, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._rested)
        self.verbs = OutboxVerbs(self)
        self.hands.begun.connect(self.notice.clear)
        self.hands.done.connect(self._done)
        self.hands.refused.connect(self._refused)
        self.hands.taken_back.connect(self._taken_back)
        self.list.chosen.connect(self._chosen)
        self.list.scrolled.connect(self.tick)
        link.changed.connect(self._heard)
        self.fill()
        self.list.setFocus()

    @property
    def letter(self) -> OutboxLetter | None:
        """The one that is chosen, beside the list."""
        return self.panes.letter

    def side(self) -> OutboxLetter | OutboxSeveral:
        """What stands beside the list, and has the buttons."""
        return self.panes.letter or self.panes.several

    def fill(self) -> None:
        """Reads the outbox again. Those chosen stay so, and the focus where it is."""
        self._stale = False
        standing = self._reader.outbox_standing()
        self.list.take(standing)
        self.empty.setVisible(not standing)
        self.panes.setVisible(bool(standing))
        self._chosen()

    def tick(self) -> None:
        """Says the time left anew; the clock only runs while there is one to say."""
        now = self._clock()
        if self.letter is not None:
            self.letter.tell(now)
        self.list.viewport().update()
        waiting = [one for one in self.list.in_sight() if one.not_before > now]
        if waiting and self.isVisible():
            # With the countdown in the main window; what waits for longer is told in minutes.
            turn = countdown.next_turn_ms(waiting, now)
            minute = all(each.not_before - now > 2 * LONGEST_S for each in waiting)
            self._timer.start(turn or (_MINUTE_MS if minute else _TICK_MS))
        else:
            self._timer.stop()

    def _chosen(self) -> None:
        self.panes.show_chosen(self.list.numbers(), self.model)
        self.tick()

    def _done(self, words_for_it: str) -> None:
        if self._open:
            if words_for_it:
                self.notice.say(words_for_it)
            self.fill()

    def _taken_back(self, draft_id: DraftId, entry: OutboxEntry) -> None:
        if not self._open:
            return  # the letter is in Drafts
        self.fill()
        draft = self._reader.draft(draft_id) if draft_id else None
        if draft is None:
            self.notice.say(self.tr("The letter is in Drafts again."))
            return
        composer = ComposeWindow(self._link, self._reader, draft, settings=self._settings)
        # Nobody else may hold it: the connection does, as long as the window is there.
        held = [composer]
        composer.destroyed.connect(held.clear)
        taken = words.accepted(entry)
        if taken:
            said = self.tr("{people} got this letter already; it goes to the others only.")
            composer.notice.say(said.format(people=words.people(taken)))
        composer.show()
        self.composing.emit(composer)

    def _refused(self, error: MailError) -> None:
        if self._open:
            self.notice.say(error.summary, error.detail)
            self.fill()

    def _heard(self, change: object) -> None:
        if not self._open:
            return
        if isinstance(change, OutboxChanged | DeliveryChanged):
            if self._rest.isActive():
                self._stale = True
                return
            self.fill()
            if len(self.model.ids) > _FEW:
                self._rest.start()
        elif isinstance(change, Progress) and change.outbox_id:
            self.model.went_up(change)
            self.list.viewport().update()
            if self.letter is not None and self.letter.entry.id == change.outbox_id:
                self.letter.show_progress(change)

    def _rested(self) -> None:
        if self._stale and self._open:
            self.fill()
            self._rest.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panes.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._open = True
        self.fill()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._open = False
        self._timer.stop()
        self._rest.stop()
        super().closeEvent(event)
