"""The letters of the outbox as a list: numbers and states of all, the letters that are looked at.

A mail merge puts ten thousand into it, so that whole letters are read a page at a time, and no more
than are in sight. Those that need a person stand first. That a letter says something else is not
told by a signal, for which a view lays all of its rows out anew: who shows them paints them again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from martlet.mail.changes import Progress
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState
from martlet.mail.visible import visible
from martlet.ui.outbox import words

Index = QModelIndex | QPersistentModelIndex
Standing = Sequence[tuple[OutboxId, OutboxState]]

LETTER = int(Qt.ItemDataRole.UserRole)
"""Its OutboxEntry; None once it is gone."""
STANDS = LETTER + 1
"""How it stands, in a line."""
NOBODY = QModelIndex()
_PAGE = 64


class OutboxModel(QAbstractListModel):
    """read: the letters of these numbers that are still there. clock: Unix seconds."""

    def __init__(
        self,
        read: Callable[[Iterable[OutboxId]], list[OutboxEntry]],
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._read = read
        self._clock = clock
        self.ids: list[OutboxId] = []
        self.states: dict[OutboxId, OutboxState] = {}
        self._known: dict[OutboxId, OutboxEntry | None] = {}
        self._far: dict[OutboxId, Progress] = {}

    def take(self, standing: Standing) -> None:
        """The outbox as it is now; who is chosen stays so, wherever it stands."""
        wanted = [number for number, _ in standing]
        self.states = dict(standing)
        self._known.clear()
        self._far = {n: far for n, far in self._far.items() if n in self.states}
        self._drop()
        have = set(self.ids)
        fresh = [number for number in wanted if number not in have]
        if fresh:
            self.beginInsertRows(NOBODY, len(self.ids), len(self.ids) + len(fresh) - 1)
            self.ids += fresh
            self.endInsertRows()
        if self.ids != wanted:
            self._put_in_order(wanted)

    def letter(self, number: OutboxId) -> OutboxEntry | None:
        """All that is known of it; None once it is gone."""
        if number not in self._known:
            at = self.ids.index(number) if number in self.states else -1
            page = [number] if at < 0 else self.ids[at // _PAGE * _PAGE :][:_PAGE]
            self._known.update(dict.fromkeys(page))
            self._known.update((one.id, one) for one in self._read(page))
        return self._known[number]

    def went_up(self, progress: Progress) -> None:
        """So much of one has gone up."""
        number = progress.outbox_id
        if number in self.states:
            self._far[number] = progress

    def far(self, number: OutboxId) -> Progress | None:
        """How much of it has gone up, while it is sent."""
        sending = self.states.get(number) is OutboxState.SENDING
        return self._far.get(number) if sending else None

    def rowCount(self, parent: Index = NOBODY) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in _ROLES:
            return None
        letter = self.letter(self.ids[index.row()])
        if role == LETTER or letter is None:
            return letter
        if role == STANDS:
            return self._stands(letter)
        names = to(letter)
        if role == Qt.ItemDataRole.DisplayRole:
            return names
        return f"{names}, {subject(letter)}, {self._stands(letter)}"

    def _stands(self, letter: OutboxEntry) -> str:
        far = self.far(letter.id)
        if far is not None and far.total:
            return words.sending(far)
        return words.state(letter, self._clock())

    def _drop(self) -> None:
        """Takes those away that are gone, run by run."""
        at = len(self.ids)
        while at > 0:
            at -= 1
            if self.ids[at] in self.states:
                continue
            last = at
            while at > 0 and self.ids[at - 1] not in self.states:
                at -= 1
            self.beginRemoveRows(NOBODY, at, last)
            del self.ids[at : last + 1]
            self.endRemoveRows()

    def _put_in_order(self, wanted: list[OutboxId]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        place = {number: at for at, number in enumerate(wanted)}
        now = [self.index(place[self.ids[one.row()]]) for one in before]
        self.ids = wanted
        self.changePersistentIndexList(before, now)
        self.layoutChanged.emit()


_ROLES = frozenset(
    [
        LETTER,
        STANDS,
        int(Qt.ItemDataRole.DisplayRole),
        int(Qt.ItemDataRole.AccessibleTextRole),
    ]
)


def to(letter: OutboxEntry) -> str:
    """Whom it goes to, or went to."""
    everyone = dict.fromkeys([*(one.address for one in letter.results), *letter.recipients])
    return visible(words.people(list(everyone)))


def subject(letter: OutboxEntry) -> str:
    """Its subject, or that it has none."""
    return visible(letter.subject) or QCoreApplication.translate("outbox", "(no subject)")
