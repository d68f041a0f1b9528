"""Messages that were asked for together: says at the end that they have all come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QTimer

from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_LOOK_MS = 250


@dataclass(slots=True)
class _Batch:
    """ids: of those not here yet; or all of a folder."""

    count: int
    ids: Sequence[MessageId] = ()
    folder: FolderId | None = None


class Batches(QObject):
    """For one window. say: is told how many have come, in words."""

    def __init__(self, reader: Reader, say: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._reader = reader
        self._say = say
        self._open: list[_Batch] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._check)

    @property
    def running(self) -> bool:
        return bool(self._open)

    def begin(self, count: int, ids: Sequence[MessageId]) -> None:
        """So many of these are not here yet."""
        if count:
            self._open.append(_Batch(count, ids))
            self._timer.start()

    def begin_folder(self, count: int, folder: FolderId) -> None:
        if count:
            self._open.append(_Batch(count, folder=folder))
            self._timer.start()

    def look(self) -> None:
        """Something has come."""
        if self._open and not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Nobody waits any more."""
        self._open.clear()

    def _check(self) -> None:
        for batch in list(self._open):
            if self._left(batch):
                continue
            self._open.remove(batch)
            words = self.tr("1 message downloaded")
            if batch.count != 1:
                count = QLocale().toString(batch.count)
                words = self.tr("{count} messages downloaded").format(count=count)
            self._say(words)

    def _left(self, batch: _Batch) -> bool:
        if batch.folder is not None:
            return self._reader.search_count("-is:here", folder_id=batch.folder) > 0
        batch.ids = [row.id for row in self._reader.rows(batch.ids) if not row.has_body]
        return bool(batch.ids)
