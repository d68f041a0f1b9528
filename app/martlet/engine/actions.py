"""What people do to stored messages and folders: true here at once, on the server later.

Each verb is one transaction of the journal; afterwards the workers concerned are woken to
replay it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from martlet.mail.account import AccountId
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import SYSTEM_FLAGS, MessageId
from martlet.mail.sync import Location
from martlet.store import folders, journal, mailbox
from martlet.store.database import Database, Tx

NO_FOLDER = "There is no such folder."
ROLE_LEAF = {Role.TRASH: "Trash", Role.ARCHIVE: "Archive"}


class Actions:
    """Verbs on messages and folders. wake: tells these accounts' workers that there is
    something to replay.
    """

    def __init__(self, database: Database, wake: Callable[[Iterable[AccountId]], None]) -> None:
        self._database = database
        self._wake = wake

    def set_flags(
        self, ids: list[MessageId], add: list[str], remove: list[str], by_hand: bool
    ) -> int:
        for flag in (*add, *remove):
            check_flag(flag)
        places = self._places(ids)
        with self._database.write() as tx:
            changed = journal.flag(
                tx,
                [p.id for p in places],
                frozenset(add),
                frozenset(remove),
                cause="user" if by_hand else "reading",
            )
        self._wake(p.account_id for p in places)
        return changed

    def move(self, ids: list[MessageId], folder_id: FolderId) -> int:
        target = self.folder(folder_id)
        _must_hold_messages(target)
        places = [p for p in self._places(ids) if p.folder_id != folder_id]
        with self._database.write() as tx:
            moved = journal.move(tx, [p.id for p in places], folder_id)
        self._wake({target.account_id, *(p.account_id for p in places)})
        return moved

    def copy(self, ids: list[MessageId], folder_id: FolderId) -> int:
        target = self.folder(folder_id)
        _must_hold_messages(target)
        places = self._places(ids)
        with self._database.write() as tx:
            copied = journal.copy(tx, [p.id for p in places], folder_id)
        self._wake({target.account_id, *(p.account_id for p in places)})
        return copied

    def archive(self, ids: list[MessageId]) -> int:
        return self._to_role(self._places(ids), Role.ARCHIVE)

    def delete(self, ids: list[MessageId], permanently: bool) -> int:
        places = self._places(ids)
        if permanently:
            return self._delete(places)
        roles = {f: self.folder(f).role for f in {p.folder_id for p in places}}
        in_trash = [p for p in places if roles[p.folder_id] is Role.TRASH]
        elsewhere = [p for p in places if roles[p.folder_id] is not Role.TRASH]
        return self._delete(in_trash) + self._to_role(elsewhere, Role.TRASH)

    def undo(self) -> str:
        with self._database.write() as tx:
            final = journal.give_up_deleted(tx)
            said = "" if final else journal.undo(tx)
        if final:
            # Said once instead of taking back something older that nobody thinks of now.
            raise Refused("Messages deleted for good cannot be brought back.")
        self._wake(account for account in folders.account_ids(self._database))
        return said

    # --- folders

    def folder(self, folder_id: FolderId) -> Folder:
        found = folders.by_id(self._database, folder_id)
        if found is None:
            raise Refused(NO_FOLDER)
        return found

    def create(self, account_id: AccountId, name: str) -> FolderId:
        known = folders.of_account(self._database, account_id)
        delimiter = next((f.delimiter for f in known), "/")
        local = bool(known) and all(f.local for f in known)
        check_folder_name(name, delimiter)
        if any(f.name == name or (name.casefold() == "inbox" == f.name.casefold()) for f in known):
            raise Refused(f"There is a folder {name} already.")
        with self._database.write() as tx:
            folder_id = journal.create_folder(tx, account_id, name, delimiter, local=local)
        self._wake([account_id])
        return folder_id

    def rename(self, folder_id: FolderId, name: str) -> None:
        folder = self.folder(folder_id)
        _not_inbox(folder, "renamed")
        check_folder_name(name, folder.delimiter)
        if folders.by_name(self._database, folder.account_id, name) is not None:
            raise Refused(f"There is a folder {name} already.")
        inside = folder.delimiter and name.startswith(folder.name + folder.delimiter)
        if inside:
            raise Refused("A folder cannot be moved into itself.")
        with self._database.write() as tx:
            journal.rename_folder(tx, folder_id, name)
        self._wake([folder.account_id])

    def delete_folder(self, folder_id: FolderId) -> None:
        folder = self.folder(folder_id)
        _not_inbox(folder, "deleted")
        with self._database.write() as tx:
            journal.delete_folder(tx, folder_id)
        self._wake([folder.account_id])

    def subscribe(self, folder_id: FolderId, subscribed: bool) -> None:
        folder = self.folder(folder_id)
        with self._database.write() as tx:
            journal.subscribe_folder(tx, folder_id, subscribed)
        self._wake([folder.account_id])

    # --- inner

    def _places(self, ids: list[MessageId]) -> list[Location]:
        return mailbox.locate(self._database, ids)

    def _delete(self, places: list[Location]) -> int:
        if not places:
            return 0
        with self._database.write() as tx:
            deleted = journal.delete(tx, [p.id for p in places])
        self._wake(p.account_id for p in places)
        return deleted

    def _to_role(self, places: list[Location], role: Role) -> int:
        moved = 0
        for account_id in sorted({p.account_id for p in places}):
            mine = [p for p in places if p.account_id == account_id]
            with self._database.write() as tx:
                target = self._role_folder(tx, account_id, role)
                ids = [p.id for p in mine if p.folder_id != target]
                moved += journal.move(tx, ids, target) if ids else 0
        self._wake(p.account_id for p in places)
        return moved

    def _role_folder(self, tx: Tx, account_id: AccountId, role: Role) -> FolderId:
        """The account's folder for this; made (here, and there on replay) when it has none by
        any name.
        """
        found = folders.by_role(self._database, account_id, role)
        if found is not None:
            return found.id
        known = folders.of_account(self._database, account_id)
        delimiter = known[0].delimiter if known else "/"
        local = bool(known) and all(f.local for f in known)
        name = new_name(ROLE_LEAF[role], known)
        taken = folders.by_name(self._database, account_id, name)
        if taken is not None:
            return taken.id
        return journal.create_folder(tx, account_id, name, delimiter, role=role, local=local)


def new_name(leaf: str, known: list[Folder]) -> str:
    """Where a new top folder goes: below INBOX where the server keeps all folders there."""
    others = [f for f in known if f.role is not Role.INBOX]
    inbox = next((f for f in known if f.role is Role.INBOX), None)
    if inbox is not None and inbox.delimiter and others:
        prefix = inbox.name + inbox.delimiter
        if all(f.name.casefold().startswith(prefix.casefold()) for f in others):
            return prefix + leaf
    return leaf


def check_flag(flag: str) -> None:
    """Refuses what cannot be a flag or keyword (RFC 9051: flag-keyword is an atom)."""
    if flag in SYSTEM_FLAGS:
        return
    if not flag or any(ord(c) <= 32 or ord(c) > 126 or c in '(){%*"\\]' for c in flag):
        raise Refused(f"{flag[:40]!r} cannot be a tag: use letters, digits, $, - and _.")


def check_folder_name(name: str, delimiter: str) -> None:
    """Refuses names no server takes, and those that mean something else on its disk."""
    levels = name.split(delimiter) if delimiter else [name]
    if not name.strip() or any(not level.strip() for level in levels):
        raise Refused("A folder needs a name.")
    if any(ord(c) < 32 or ord(c) == 127 for c in name):
        raise Refused("A folder name must be on one line.")
    if any(level in (".", "..") for level in levels) or len(name) > 250:
        raise Refused(f"{name[:40]!r} cannot be the name of a folder.")


def _not_inbox(folder: Folder, what: str) -> None:
    if folder.role is Role.INBOX:
        raise Refused(f"The inbox cannot be {what}.")


def _must_hold_messages(folder: Folder) -> None:
    if not folder.selectable:
        raise Refused(f"{folder.leaf} holds folders only, no messages.")
