"""The middle pane: what the list shows, how much of it, and the list itself.

Under its head a slim bar says what kind of list it is when it is not simply a folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.folder import Folder, Role
from martlet.mail.message import MessageRow
from martlet.ui import theme
from martlet.ui.folder_model import shown_name
from martlet.ui.list_bar import ListBar
from martlet.ui.list_model import ListModel
from martlet.ui.message_list import MessageList

if TYPE_CHECKING:
    from martlet.store.reader import Reader


class ListPane(QFrame):
    """Shows a folder or what a search found. missing_toggled: only what is not downloaded."""

    missing_toggled = Signal(bool)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("listPane")
        self.setMinimumWidth(280)
        self._reader = reader
        self._folder: Folder | None = None
        self._more = False
        self._no_rows = self._barren = ""
        self._found = False
        self.searching = False
        self.model = ListModel(reader, self)
        self.view = MessageList(self.model)
        head = QFrame()
        head.setObjectName("listHead")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 9, 14, 9)
        self._title = QLabel()
        self._title.setFont(theme.font(15, bold=True))
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setMinimumWidth(40)
        self._count = QLabel()
        self._count.setFont(theme.font(12))
        self._count.setProperty("tone", "third")
        self._missing = QToolButton()
        self._missing.setIcon(theme.icon("cloud-down"))
        self._missing.setIconSize(QSize(16, 16))
        self._missing.setProperty("kind", "bare")
        self._missing.setCheckable(True)
        self._missing.setAccessibleName(self.tr("Show only what is not downloaded"))
        self._missing.setToolTip(self.tr("Show only what is not downloaded (Ctrl+Alt+N)"))
        self._missing.clicked.connect(self.missing_toggled)
        row.addWidget(self._title, 1)
        row.addWidget(self._count)
        row.addWidget(self._missing)
        self.bar = ListBar()
        self._nothing = QLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setMargin(16)
        self._nothing.setProperty("tone", "third")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.dataChanged):
            signal.connect(lambda *_: self.show_count())
        self.model.modelReset.connect(self.show_count)

    def show_folder(self, folder: Folder) -> None:
        self._folder = folder
        self._barren = ""
        self.searching = False
        self.view.delegate.to_mode = folder.role in (Role.SENT, Role.DRAFTS)
        self._title.setText(shown_name(folder))
        self.model.show_folder(folder.id, sent=folder.role is Role.SENT)

    def show_barren(self, title: str, words: str) -> None:
        """A row without messages of its own: what it is, in words."""
        self._folder = None
        self.searching = False
        self._barren = words
        self._title.setText(title)
        self.model.show_folder(None)

    def show_filter(self, on: bool) -> None:
        """Shows whether only what is not downloaded is shown."""
        self._missing.setChecked(on)

    def show_found(
        self, rows: Sequence[MessageRow], *, more: bool, title: str = "", nothing: str = ""
    ) -> None:
        """What a search found; `more`: there may be others behind. nothing: said when it is so."""
        self.searching = True
        self._more = more
        self._no_rows = nothing or self.tr("Nothing was found.")
        self._found = bool(title)
        self.view.delegate.to_mode = False
        self._title.setText(title or self.tr("Search"))
        self.model.show_rows(rows)

    def show_count(self) -> None:
        """How many are unread, or how many there are."""
        number = self.model.row_count()
        count = self.locale().toString(number)
        words = self.tr("1 message")
        if number != 1:
            words = self.tr("{count} messages").format(count=count)
        if self.searching:
            count += "+" if self._more else ""
            if not self._found:
                words = self.tr("{count} found").format(count=count)
            elif self._more:
                words = self.tr("{count} messages").format(count=count)
        elif self._folder is not None:
            fresh = self._reader.folder(self._folder.id)
            if fresh is not None and fresh.unread:
                unread = self.locale().toString(fresh.unread)
                words = self.tr("{count} unread").format(count=unread)
        self._count.setText(words if number else "")
        empty = self._barren or self.tr("No messages here.")
        self._nothing.setText(self._no_rows if self.searching else empty)
        self._stack.setCurrentIndex(0 if number else 1)
