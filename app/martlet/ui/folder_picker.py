"""Picks a folder by typing a few of its letters: for messages, or for a folder to stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from martlet.mail.account import Account, AccountId
from martlet.mail.folder import Folder
from martlet.ui import theme
from martlet.ui.folder_model import in_order, shown_name
from martlet.ui.folders import rights

if TYPE_CHECKING:
    from martlet.store.reader import Reader

T = TypeVar("T")
# Letters meant for the list behind must not choose here, nor the other way round (PRODUCT 4.1).
_SETTLE_MS = 300


class FolderPicker(QDialog):
    """`picked` is what was chosen, once it was accepted.

    fits: which folders (and, where it fits any, which accounts: their top) can be picked.
    """

    def __init__(
        self,
        reader: Reader,
        account_id: AccountId,
        title: str,
        parent: QWidget | None = None,
        *,
        fits: Callable[[Folder | Account], bool] = lambda place: (
            isinstance(place, Folder) and place.selectable and rights.may(place, rights.INSERT)
        ),
    ) -> None:
        super().__init__(parent)
        self.setObjectName("folderPicker")
        self.setWindowTitle(title)
        self.resize(380, 400)
        self.picked: Folder | Account | None = None
        self._ready = False
        accounts = {account.id: account.name for account in reader.accounts()}
        folders = [f for f in reader.folders() if fits(f)]
        tops = [a for a in reader.accounts() if fits(a)]
        own = in_order([f for f in folders if f.account_id == account_id])
        others = [f for f in folders if f.account_id != account_id]
        self._choices: list[tuple[Folder | Account, str]] = [(a, a.name) for a in tops]
        self._choices += [(f, _words(f, "")) for f in own]
        self._choices += [(f, _words(f, accounts.get(f.account_id, ""))) for f in others]
        self._field = QLineEdit()
        self._field.setPlaceholderText(self.tr("Folder name"))
        self._field.setAccessibleName(self.tr("Folder name"))
        self._field.textChanged.connect(self._filter)
        self._field.returnPressed.connect(self._take)
        self._field.installEventFilter(self)
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Folders"))
        self._list.setIconSize(QSize(17, 17))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemActivated.connect(lambda _item: self._take())
        self._list.itemClicked.connect(lambda _item: self._take())
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self._filter("")
        QTimer.singleShot(_SETTLE_MS, self, self._settled)

    def _settled(self) -> None:
        self._ready = True

    def _filter(self, text: str) -> None:
        self._list.clear()
        for place, words in matching(self._choices, text):
            symbol = "account" if isinstance(place, Account) else place.role.value or "folder"
            item = QListWidgetItem(theme.icon(symbol), words)
            item.setData(Qt.ItemDataRole.UserRole, place)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _take(self) -> None:
        item = self._list.currentItem()
        if self._ready and item is not None:
            self.picked = item.data(Qt.ItemDataRole.UserRole)
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while one types."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if by:
                at = self._list.currentRow() + by
                self._list.setCurrentRow(min(max(at, 0), self._list.count() - 1))
                return True
        return super().eventFilter(watched, event)


def matching(choices: Sequence[tuple[T, str]], text: str) -> list[tuple[T, str]]:
    """Those that contain every typed word; names that begin with the text come first."""
    wanted = text.casefold().split()
    found = [each for each in choices if all(word in each[1].casefold() for word in wanted)]
    start = text.casefold().strip()
    return sorted(found, key=lambda each: not each[1].casefold().startswith(start))


def _words(folder: Folder, account: str) -> str:
    name = shown_name(folder)
    if folder.name.casefold() != name.casefold() and folder.leaf != folder.name:
        name = folder.name.replace(folder.delimiter, " / ") if not folder.role.value else name
    return f"{name}  —  {account}" if account else name
