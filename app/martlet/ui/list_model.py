"""The rows of a message list over the store, or over a search.

All keys of the folder stand in one array of integers, newest first, loaded in chunks between
turns of the loop; rows are read from the store a block at a time when they are painted, and a
bounded number is kept. So a folder of a million costs eight megabytes and no waiting.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from martlet.mail.changes import MessagesChanged
from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId, MessageRow
from martlet.mail.outgoing import DeliveryKind
from martlet.ui import dates, ledger_words, tags
from martlet.ui.list_keys import insertions, position_of, stretches
from martlet.ui.shown_text import tip

if TYPE_CHECKING:
    from martlet.store.reader import Reader

ROW = Qt.ItemDataRole.UserRole + 1
FATE = Qt.ItemDataRole.UserRole + 2
MIME_TYPE = "application/x-martlet-messages"
_FIRST = 1000
_CHUNK = 20_000
_BLOCK = 64
_KEPT = 2048
_SMALL = 2000
Index = QModelIndex | QPersistentModelIndex


class ListModel(QAbstractListModel):
    """Rows newest first. `ROW` gives the MessageRow, or None for one gone since; `FATE` what became
    of a sent one at worst, or None.
    """

    loaded = Signal()

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._folder: FolderId | None = None
        self._keys: array[int] = array("q")
        self._rows: OrderedDict[int, MessageRow] = OrderedDict()
        self._fates: dict[MessageId, DeliveryKind] = {}
        self._fixed = False
        self._sent = False
        self.dropping = False
        self._complete = True
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._load_more)
        self._compare = QTimer(self)
        self._compare.setSingleShot(True)
        self._compare.setInterval(100)
        self._compare.timeout.connect(self._compare_with_store)

    def show_folder(self, folder_id: FolderId | None, *, sent: bool = False) -> None:
        """Shows this folder's messages from the start. sent: what became of each is told too."""
        self.beginResetModel()
        self._stop()
        self._folder = folder_id
        self._sent = sent
        self._fixed = False
        if folder_id is None:
            self._keys = array("q")
            self._complete = True
        else:
            self._keys = self._reader.keys(folder_id, None, _FIRST)
            self._complete = len(self._keys) < _FIRST
        self.endResetModel()
        if self._complete:
            self.loaded.emit()
        else:
            self._more.start()

    def show_rows(self, rows: Sequence[MessageRow]) -> None:
        """Shows just these (a search), newest first."""
        self.beginResetModel()
        self._stop()
        self._folder = None
        self._sent = False
        self._fixed = True
        self._complete = True
        self._keys = array("q", sorted((row.sort_key for row in rows), reverse=True))
        self._rows = OrderedDict((row.sort_key, row) for row in rows)
        self.endResetModel()
        self.loaded.emit()

    def apply(self, change: MessagesChanged) -> None:
        """Takes up what changed in the store, touching as few rows as may be."""
        if self._fixed:
            self._refresh_fixed(change)
            return
        if change.folder_id != self._folder:
            return
        if len(change.added) + len(change.removed) + len(change.changed) > _SMALL:
            self.compare()
            return
        self._take_out(change.removed)
        here = [r for r in self._read([*change.added, *change.changed]) if self._is_here(r)]
        for row in here:
            self._keep(row)
        known = {row.sort_key for row in here}
        self._insert(sorted(known, reverse=True))
        for key in known:
            self._touch(key)

    def ids(self) -> list[MessageId]:
        """Those shown by `show_rows`."""
        return [row.id for row in self._rows.values()] if self._fixed else []

    def drop(self, ids: Sequence[MessageId]) -> None:
        """Takes these out of what `show_rows` shows; nothing is chosen instead of them."""
        wanted = set(ids)
        keys = [key for key, row in self._rows.items() if row.id in wanted]
        self.dropping = True
        self._remove(sorted(at for key in keys if (at := self.position_of(key)) >= 0))
        self.dropping = False

    def compare(self) -> None:
        """Something may have been missed: reads keys and rows again."""
        if not self._fixed:
            self._rows.clear()
            self._compare.start()
            self._touch_all()

    def deliveries_changed(self) -> None:
        """Something became of a sent message."""
        if self._sent:
            self._fates.clear()
            self._rows.clear()
            self._touch_all()

    def row_count(self) -> int:
        return len(self._keys)

    def row_at(self, position: int) -> MessageRow | None:
        """The message of a row; reads the block around it when it is not at hand."""
        if not 0 <= position < len(self._keys):
            return None
        key = self._keys[position]
        found = self._rows.get(key)
        if found is None:
            self._read_block(position)
            found = self._rows.get(key)
            if found is None and not self._fixed:
                self._compare.start()
        else:
            self._rows.move_to_end(key)
        return found

    def position_of(self, key: int) -> int:
        """Where the row with this sort key is, or -1."""
        return position_of(self._keys, key)

    def key_at(self, position: int) -> int:
        return self._keys[position]

    # What Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (ROW, FATE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row_at(index.row())
        if role == ROW or row is None:
            return row
        if role == FATE:
            return self._fates.get(row.id)
        if role == Qt.ItemDataRole.ToolTipRole:
            about = (dates.full(row.date), tags.spoken(row.tags), self._whereabouts(row))
            return tip("\n".join(part for part in about if part))
        who = row.sender.name or row.sender.address
        fate = self._fates.get(row.id)
        told = ledger_words.fate(fate) if fate is not None else ""
        worn = tags.spoken(row.tags)
        parts = (who, row.subject, dates.full(row.date), worn, self._whereabouts(row), told)
        return ", ".join(part for part in parts if part)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def mimeTypes(self) -> list[str]:
        return [MIME_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = (self.row_at(index.row()) for index in indexes)
        data = QMimeData()
        data.setData(MIME_TYPE, ",".join(str(row.id) for row in rows if row).encode())
        return data

    def _whereabouts(self, row: MessageRow) -> str:
        """What is not here of a message, in words; "" when all of it is."""
        if row.has_body:
            return ""
        size = dates.size(row.size)
        if row.partial and not row.preview:
            return self.tr("Only its headers are here, {size} on the server").format(size=size)
        if row.partial:
            return self.tr("Its text is here, not all of its {size}").format(size=size)
        return self.tr("Not downloaded, {size}").format(size=size)

    # The keys

    def _stop(self) -> None:
        self._more.stop()
        self._compare.stop()
        self._rows.clear()
        self._fates.clear()

    def _load_more(self) -> None:
        if self._folder is None or self._complete:
            return
        before = self._keys[-1] if self._keys else None
        more = self._reader.keys(self._folder, before, _CHUNK)
        if more:
            start = len(self._keys)
            self.beginInsertRows(QModelIndex(), start, start + len(more) - 1)
            self._keys.extend(more)
            self.endInsertRows()
        self._complete = len(more) < _CHUNK
        if self._complete:
            self.loaded.emit()
        else:
            self._more.start()

    def _insert(self, keys: Sequence[int]) -> None:
        """Puts in those (newest first) that are not there, neighbours together."""
        for at, group in insertions(self._keys, keys, complete=self._complete):
            self.beginInsertRows(QModelIndex(), at, at + len(group) - 1)
            self._keys[at:at] = array("q", group)
            self.endInsertRows()

    def _remove(self, positions: Sequence[int]) -> None:
        """Takes out rows, the last first, neighbours together."""
        for first, last in stretches(positions):
            self.beginRemoveRows(QModelIndex(), first, last)
            for key in self._keys[first : last + 1]:
                self._rows.pop(key, None)
            del self._keys[first : last + 1]
            self.endRemoveRows()

    def _take_out(self, ids: Sequence[MessageId]) -> None:
        if not ids:
            return
        wanted = set(ids)
        keys = {row.id: key for key, row in self._rows.items() if row.id in wanted}
        unknown = [i for i in ids if i not in keys]
        keys.update((row.id, row.sort_key) for row in self._read(unknown))
        if len(keys) < len(wanted):
            self._compare.start()  # gone from the store, and never painted: look for the gap
        self._remove([at for key in keys.values() if (at := self.position_of(key)) >= 0])

    def _compare_with_store(self) -> None:
        """Reads the keys anew and changes only the stretch that differs."""
        if self._folder is None:
            return
        limit = max(len(self._keys) + _SMALL, _FIRST)
        fresh = self._reader.keys(self._folder, None, limit)
        self._complete = len(fresh) < limit
        old = set(self._keys)
        new = set(fresh)
        self._remove([at for at, key in enumerate(self._keys) if key not in new])
        self._insert([key for key in fresh if key not in old])
        if not self._complete:
            self._more.start()

    # The rows

    def _read_block(self, position: int) -> None:
        start = max(0, position - _BLOCK // 4)
        end = min(len(self._keys), start + _BLOCK) - 1
        if self._folder is None:
            return
        rows = self._reader.rows_between(self._folder, self._keys[start], self._keys[end])
        for row in rows:
            self._keep(row)
        if self._sent:
            self._fates.update(self._reader.delivery_summary([row.id for row in rows]))

    def _keep(self, row: MessageRow) -> None:
        self._rows[row.sort_key] = row
        self._rows.move_to_end(row.sort_key)
        if len(self._rows) > _KEPT and not self._fixed:
            self._rows.popitem(last=False)

    def _read(self, ids: Sequence[MessageId]) -> list[MessageRow]:
        if self._sent and ids:
            self._fates.update(self._reader.delivery_summary(ids))
        return list(self._reader.rows(list(dict.fromkeys(ids)))) if ids else []

    def _is_here(self, row: MessageRow) -> bool:
        return row.folder_id == self._folder

    def _refresh_fixed(self, change: MessagesChanged) -> None:
        known = {row.id for row in self._rows.values()}
        touched = [i for i in (*change.changed, *change.added, *change.removed) if i in known]
        found = {row.id: row for row in self._read(touched)}
        for row in found.values():
            self._keep(row)
            self._touch(row.sort_key)
        gone = {i for i in touched if i not in found}
        keys = [key for key, row in self._rows.items() if row.id in gone]
        self._remove([at for key in keys if (at := self.position_of(key)) >= 0])

    def _touch(self, key: int) -> None:
        at = self.position_of(key)
        if at >= 0:
            self.dataChanged.emit(self.index(at), self.index(at))

    def _touch_all(self) -> None:
        if self._keys:
            self.dataChanged.emit(self.index(0), self.index(len(self._keys) - 1))
