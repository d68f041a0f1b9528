"""A mail merge on its way: queued with a bar to watch it, then going out, then taken back maybe."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from martlet.link.messages import Merge, StopMerge, TakeBackMerge
from martlet.mail.changes import Merging, OutboxChanged
from martlet.mail.errors import MailError
from martlet.mail.outgoing import Draft, OutboxId, OutboxState
from martlet.mail.writing import TakenBack

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink


_COUNT_MS = 1000


@dataclass(frozen=True, slots=True)
class Gone:
    """How far all letters are. wrong: failed, or perhaps sent. What is in none of these was taken
    out of the outbox."""

    sent: int
    wrong: int
    waiting: int
    all: int


class MergeRun(QObject):
    """built: (ready, of all). queued: all of them stand in the outbox. going: a Gone.

    taken_back: a TakenBack; `gone` has the rows of those that were not. failed: why nothing was
    queued, or nothing could be taken back.
    """

    built = Signal(int, int)
    queued = Signal(int)
    going = Signal(object)
    taken_back = Signal(object)
    failed = Signal(str, str)

    def __init__(self, link: EngineLink, reader: Reader, parent: QObject) -> None:
        super().__init__(parent)
        self._link = link
        self._reader = reader
        self._ticket = ""
        self._draft: Draft | None = None
        self._letters: list[OutboxId] = []
        self._rows: list[dict[str, str]] = []
        self.gone: list[dict[str, str]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_COUNT_MS)
        self._timer.timeout.connect(self._count)
        link.changed.connect(self._heard)

    @property
    def building(self) -> bool:
        return bool(self._ticket)

    def start(
        self,
        draft: Draft,
        rows: list[dict[str, str]],
        to: str,
        common: dict[str, str],
        *,
        delay_s: float,
        pace_s: float,
    ) -> None:
        """Queues a letter for each of these rows."""
        self._draft, self._rows = draft, rows
        self._ticket = uuid.uuid4().hex
        self._link.ask(
            Merge(draft, rows, to, delay_s, pace_s, common, self._ticket),
            self._queued,
            self._refused,
            self,
        )

    def stop(self) -> None:
        """While they are built: nothing is queued then."""
        if self._ticket:
            self._link.ask(StopMerge(self._ticket))

    def take_back(self) -> None:
        """All that have not gone."""
        if self._letters and self._draft is not None:
            self._link.ask(
                TakeBackMerge(self._letters, self._draft), self._taken, self._refused, self
            )

    def _queued(self, letters: list[OutboxId]) -> None:
        self._ticket, self._letters = "", letters
        self.queued.emit(len(letters))

    def _refused(self, error: MailError) -> None:
        self._ticket = ""
        self.failed.emit(error.summary, error.detail)

    def _taken(self, taken: TakenBack) -> None:
        rows = dict(zip(self._letters, self._rows, strict=False))
        self.gone = [rows[one] for one in taken.gone if one in rows]
        self._letters = []
        self.taken_back.emit(taken)

    def _heard(self, change: object) -> None:
        if isinstance(change, Merging) and change.ticket == self._ticket != "":
            self.built.emit(change.done, change.total)
        elif isinstance(change, OutboxChanged) and self._letters and not self._timer.isActive():
            self._timer.start()

    def _count(self) -> None:
        stand = self._reader.outbox_tally(self._letters)
        sent = stand[OutboxState.SENT] + stand[OutboxState.FILED]
        wrong = stand[OutboxState.FAILED] + stand[OutboxState.UNKNOWN]
        waiting = stand[OutboxState.QUEUED] + stand[OutboxState.SENDING]
        self.going.emit(Gone(sent, wrong, waiting, len(self._letters)))
