"""A sheet to pick stored messages from, to go along with a letter: the newest ones, or those that
are looked for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.errors import MailError
from martlet.mail.folder import Role
from martlet.mail.message import MessageId, MessageRow
from martlet.ui import dates

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_SHOWN = 60
_TYPED_MS = 200
_ID = Qt.ItemDataRole.UserRole
_ROLES = (Role.INBOX, Role.SENT)


class MessagePicker(QDialog):
    """chosen: their ids, as they stand in the list."""

    chosen = Signal(list)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Attach messages"))
        self._reader = reader
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Search all mail"))
        self.field.setAccessibleName(self.tr("Search all mail"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Messages"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setUniformItemSizes(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = QLabel(self.tr("No message was found."), self)
        self._none.setProperty("tone", "third")
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self._take = buttons.addButton(self.tr("Attach"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._take.setEnabled(False)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (self.field, self.list, self._none, buttons):
            column.addWidget(widget)
        column.setStretch(1, 1)
        self.resize(560, 460)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(_TYPED_MS)
        self._typed.timeout.connect(self._look)
        self.field.textChanged.connect(lambda _text: self._typed.start())
        self.list.itemSelectionChanged.connect(self._selected)
        self.list.itemDoubleClicked.connect(lambda _item: self._accept())
        self._look()
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the field down into the list."""
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus():
            self.list.setFocus()
        else:
            super().keyPressEvent(event)

    def _look(self) -> None:
        rows = self._found(self.field.text().strip())
        self.list.clear()
        now = time.time()
        for row in rows:
            item = QListWidgetItem(self._words(row, now), self.list)
            item.setData(_ID, int(row.id))
            item.setToolTip(row.subject)
            item.setSizeHint(QSize(0, 44))
        self.list.setVisible(bool(rows))
        self._none.setVisible(not rows)
        if rows:
            self.list.setCurrentRow(0)

    def _found(self, words: str) -> list[MessageRow]:
        try:
            if words:
                return self._reader.search(words, limit=_SHOWN)
            rows: list[MessageRow] = []
            for folder in self._reader.folders():
                if folder.role in _ROLES:
                    rows += self._reader.page(folder.id, None, _SHOWN)
        except MailError:
            return []  # half typed, as `from:`
        return sorted(rows, key=lambda row: row.date, reverse=True)[:_SHOWN]

    def _words(self, row: MessageRow, now: float) -> str:
        who = row.sender.name or row.sender.address
        subject = row.subject or self.tr("(no subject)")
        return f"{subject}\n{who}  ·  {dates.short(row.date, now)}  ·  {dates.size(row.size)}"

    def _selected(self) -> None:
        self._take.setEnabled(bool(self.list.selectedItems()))

    def _accept(self) -> None:
        chosen = sorted(self.list.selectedItems(), key=self.list.row)
        if chosen:
            self.chosen.emit([MessageId(item.data(_ID)) for item in chosen])
            self.accept()
