"""The tree of accounts and their folders, in the order people look for them.

Accounts stand at the top; below each its folders by their delimiter, those with a purpose first.
Under the last account come what is only here: drafts and the outbox, while they are not empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from martlet.mail.account import Account, AccountId, AccountState, WorkerState
from martlet.mail.folder import ROLE_ORDER, Folder, FolderId, Role
from martlet.ui.shown_text import tip

if TYPE_CHECKING:
    from martlet.store.reader import Reader

NODE = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
SYMBOL = Qt.ItemDataRole.UserRole + 3
TROUBLE = Qt.ItemDataRole.UserRole + 4


class Place(Enum):
    """What is only here and in no folder."""

    DRAFTS = "drafts"
    OUTBOX = "outbox"


# An account, a folder, a place, or None for a level without messages of its own.
Node = Account | Folder | Place | None
_UNCOUNTED = (Role.SENT, Role.TRASH, Role.DRAFTS, Role.JUNK)


def role_name(role: Role) -> str:
    """What a folder with this purpose is called in the window."""
    tr = QCoreApplication.translate
    names: dict[Role, str] = {
        Role.INBOX: tr("folders", "Inbox"),
        Role.DRAFTS: tr("folders", "Drafts"),
        Role.SENT: tr("folders", "Sent"),
        Role.ARCHIVE: tr("folders", "Archive"),
        Role.JUNK: tr("folders", "Junk"),
        Role.TRASH: tr("folders", "Trash"),
        Role.ALL: tr("folders", "All mail"),
        Role.FLAGGED: tr("folders", "Starred"),
        Role.IMPORTANT: tr("folders", "Important"),
    }
    return names[role] if role is not Role.NONE else ""


def shown_name(folder: Folder) -> str:
    """The folder's name for people: by its purpose, else its own last level."""
    return role_name(folder.role) or folder.leaf


def in_order(folders: Sequence[Folder]) -> list[Folder]:
    """Those with a purpose first (PRODUCT 4.2), then the others by name."""
    order = {role: at for at, role in enumerate(ROLE_ORDER)}
    return sorted(folders, key=lambda f: (order.get(f.role, len(order)), f.name.casefold()))


class FolderModel(QStandardItemModel):
    """Made anew from the store when folders come or go; counts are changed in place."""

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._items: dict[FolderId, QStandardItem] = {}
        self._accounts: dict[AccountId, QStandardItem] = {}
        self._states: dict[AccountId, AccountState] = {}
        self._shape: object = None

    def refresh(self) -> bool:
        """Reads the store again; True when the tree had to be made anew."""
        accounts = self._reader.accounts()
        folders = self._reader.folders()
        drafts = len(self._reader.drafts_only_here())
        outbox = self._reader.outbox_count()
        shape = (
            tuple(accounts),
            tuple((f.id, f.name, f.role, f.subscribed, f.selectable) for f in folders),
            bool(drafts),
            bool(outbox),
        )
        anew = shape != self._shape
        if anew:
            self._shape = shape
            self._build(accounts, folders)
            if drafts:
                self._add_place(Place.DRAFTS, self.tr("Local drafts"), "drafts", drafts)
            if outbox:
                self._add_place(Place.OUTBOX, self.tr("Outbox"), "outbox", outbox)
        for folder in folders:
            item = self._items.get(folder.id)
            if item is not None:
                item.setData(folder, NODE)
                item.setData(_count(folder), COUNT)
                item.setToolTip(tip(self._tip(folder)))
                item.setAccessibleDescription(folder.parked)
        for row in range(self.rowCount()):
            item = self.item(row)
            if item.data(NODE) in (Place.DRAFTS, Place.OUTBOX):
                item.setData(drafts if item.data(NODE) is Place.DRAFTS else outbox, COUNT)
        return anew

    def set_state(self, state: AccountState) -> None:
        """Shows an account's trouble quietly beside its name."""
        self._states[state.account_id] = state
        item = self._accounts.get(state.account_id)
        if item is not None:
            self._show_state(item, state)

    def index_of(self, folder_id: FolderId) -> QModelIndex:
        item = self._items.get(folder_id)
        return item.index() if item is not None else QModelIndex()

    def path_of(self, index: QModelIndex) -> str:
        """Names from the account down, to know a level again in another tree."""
        steps: list[str] = []
        while index.isValid():
            steps.append(str(index.data(Qt.ItemDataRole.DisplayRole)))
            index = index.parent()
        return "\t".join(reversed(steps))

    def first_inbox(self) -> QModelIndex:
        """The first account's inbox, else its first folder."""
        for item in self._items.values():
            folder = item.data(NODE)
            if isinstance(folder, Folder) and folder.role is Role.INBOX:
                return item.index()
        return next((item.index() for item in self._items.values()), QModelIndex())

    def _build(self, accounts: Sequence[Account], folders: Sequence[Folder]) -> None:
        self.clear()
        self._items.clear()
        self._accounts.clear()
        for account in accounts:
            top = _item(account.name, account, "account")
            top.setToolTip(tip(account.address))
            self._accounts[account.id] = top
            self.appendRow(top)
            if account.id in self._states:
                self._show_state(top, self._states[account.id])
            self._add_folders(top, [f for f in folders if f.account_id == account.id])

    def _add_folders(self, top: QStandardItem, folders: Sequence[Folder]) -> None:
        levels: dict[str, QStandardItem] = {}
        for folder in in_order(folders):
            parent, prefix = top, ""
            steps = folder.name.split(folder.delimiter) if folder.delimiter else [folder.name]
            # Folders of a known purpose stand at the top, wherever the server keeps them.
            above = [] if folder.role is not Role.NONE else steps[:-1]
            for step in above:
                prefix += step + folder.delimiter
                if prefix.casefold() == f"inbox{folder.delimiter}".casefold():
                    continue  # a namespace, not a level a person made
                if prefix not in levels:
                    levels[prefix] = _item(step, None, "folder")
                    parent.appendRow(levels[prefix])
                parent = levels[prefix]
            own = folder.name + folder.delimiter
            item = levels.get(own)
            if item is None:
                item = _item(shown_name(folder), folder, folder.role.value or "folder")
                parent.appendRow(item)
            levels[own] = item
            item.setData(folder, NODE)
            item.setDropEnabled(folder.selectable)
            self._items[folder.id] = item

    def _add_place(self, place: Place, name: str, symbol: str, count: int) -> None:
        item = _item(name, place, symbol)
        item.setData(count, COUNT)
        self.appendRow(item)

    def _show_state(self, item: QStandardItem, state: AccountState) -> None:
        quiet = (WorkerState.CONNECTING, WorkerState.WORKING, WorkerState.IDLE)
        item.setData("" if state.state in quiet else state.problem or state.state.value, TROUBLE)
        account = item.data(NODE)
        address = account.address if isinstance(account, Account) else ""
        item.setToolTip(tip(f"{address}\n{state.problem}".strip()))

    def _tip(self, folder: Folder) -> str:
        counts = self.tr("{total} messages, {unread} unread").format(
            total=folder.total, unread=folder.unread
        )
        why = self.tr("Left alone: {why}").format(why=folder.parked) if folder.parked else ""
        return f"{folder.name}\n{counts}\n{why}".rstrip()


def _item(name: str, node: Node, symbol: str) -> QStandardItem:
    item = QStandardItem(name)
    item.setData(node, NODE)
    item.setData(symbol, SYMBOL)
    item.setData(0, COUNT)
    item.setEditable(False)
    item.setDragEnabled(isinstance(node, Folder))
    return item


def _count(folder: Folder) -> int:
    """What the pill says: unread, but in Drafts and Junk how many there are, in Sent nothing."""
    if folder.role in (Role.DRAFTS, Role.JUNK):
        return folder.total
    return 0 if folder.role in _UNCOUNTED else folder.unread
