"""What people do to stored messages and folders: true here at once, on the server later.

Each verb is one transaction of the journal; afterwards the workers concerned are woken to
replay it. No folder is made behind the user's back: where one for deleted or archived mail is
missing, the verb is refused with the detail "role:trash" or "role:archive", and whoever asked
finds out which folder it is to be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from martlet.mail import tags
from martlet.mail.account import AccountId, Keep
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, FolderId, Role, name_for_role
from martlet.mail.message import JUNK, NOT_JUNK, SYSTEM_FLAGS, MessageId
from martlet.mail.sync import Location
from martlet.store import accounts, folders, journal, mailbox, pop3
from martlet.store.database import Database, Source, Tx

NO_FOLDER = "There is no such folder."
NOT_CHOSEN = (Role.INBOX, Role.ALL, Role.FLAGGED, Role.IMPORTANT)
_MAIL = {
    Role.TRASH: "deleted mail",
    Role.ARCHIVE: "archived mail",
    Role.SENT: "sent mail",
    Role.DRAFTS: "drafts",
    Role.JUNK: "junk",
}
_LONGEST_DAYS = 36500


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
                frozenset(map(tags.keyword, add)),
                frozenset(map(tags.keyword, remove)),
                cause="user" if by_hand else "reading",
            )
        self._wake(p.account_id for p in places)
        return changed

    def move(self, ids: list[MessageId], folder_id: FolderId) -> int:
        target = self.folder(folder_id)
        _must_hold_messages(target)
        places = [p for p in self._places(ids) if p.folder_id != folder_id]
        marks = self._junk_marks(places, target)
        with self._database.write() as tx:
            moved = journal.move(tx, [p.id for p in places], folder_id, marks)
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

    def undelete(self, ids: list[MessageId]) -> int:
        """Takes back \\Deleted and deletions that wait, of messages still on the server."""
        with self._database.write() as tx:
            shown = journal.undelete(tx, ids)
        self._wake(p.account_id for p in self._places(ids))
        return shown

    def mark_all_read(self, folder_id: FolderId) -> int:
        folder = self.folder(folder_id)
        with self._database.write() as tx:
            marked = journal.mark_read(tx, folder_id)
        self._wake([folder.account_id])
        return marked

    def undo(self) -> str:
        with self._database.write() as tx:
            final = journal.give_up_deleted(tx)
            said = "" if final else journal.undo(tx)
        if final:
            # Said once instead of taking back something older that nobody thinks of now.
            raise Refused(final)
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

    def delete_folder(self, folder_id: FolderId, permanently: bool) -> None:
        """Below Trash, with what is in it; for good when it is there, or there is no Trash.

        Refused where Trash takes no folders: that it is final must be said first.
        """
        folder = self.folder(folder_id)
        _not_inbox(folder, "deleted")
        with self._database.write() as tx:
            inside = [f.role for f in folders.children(tx, folder)]
            if Role.INBOX in inside:
                raise Refused("The inbox is inside this folder, so it cannot be deleted.")
            if permanently or not journal.trash_folder(tx, folder_id):
                if Role.TRASH in inside:
                    raise Refused("The trash is inside this folder; move it out first.")
                if not permanently:
                    _may_be_final(folder, folders.by_role(tx, folder.account_id, Role.TRASH))
                journal.delete_folder(tx, folder_id)
        self._wake([folder.account_id])

    def set_role(self, folder_id: FolderId, role: Role | None) -> None:
        """The user's own choice, taken from the folder that had the role; None: no choice."""
        folder = self.folder(folder_id)
        if folder.role is Role.INBOX or role in NOT_CHOSEN:
            raise Refused("What the inbox and the server's own views are for cannot be changed.")
        if role is not Role.NONE and role is not None:
            _must_hold_messages(folder)
        with self._database.write() as tx:
            journal.set_role(tx, folder_id, role)
        self._wake([folder.account_id])

    def set_keep(self, folder_id: FolderId, keep: Keep | None, days: int) -> None:
        folder = self.folder(folder_id)
        if folder.local and keep is not None:
            raise Refused("This folder is only here; all of it is kept.")
        if keep is not None:
            _must_hold_messages(folder)
        if keep is Keep.RECENT and not 0 < days <= _LONGEST_DAYS:
            raise Refused(f"Recent mail is that of 1 to {_LONGEST_DAYS} days.")
        with self._database.write() as tx:
            journal.set_keep(tx, folder_id, keep, days if keep is Keep.RECENT else 0)
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
        # Those it is to be deleted at may be others than those in whose folders it lies.
        owners = pop3.owners(self._database, [p.id for p in places])
        with self._database.write() as tx:
            deleted = journal.delete(tx, [p.id for p in places])
        self._wake({*owners, *(p.account_id for p in places)})
        return deleted

    def _to_role(self, places: list[Location], role: Role) -> int:
        moved = 0
        for account_id in sorted({p.account_id for p in places}):
            mine = [p for p in places if p.account_id == account_id]
            with self._database.write() as tx:
                target = self._role_folder(tx, account_id, role)
                going = [p for p in mine if p.folder_id != target.id]
                if going:
                    marks = self._junk_marks(going, target)
                    moved += journal.move(tx, [p.id for p in going], target.id, marks)
        self._wake(p.account_id for p in places)
        return moved

    def _role_folder(self, tx: Tx, account_id: AccountId, role: Role) -> Folder:
        """The account's folder for this. Gmail archives by moving to the folder of all mail.

        Only local folders are made when they are missing: that concerns nobody else.
        """
        found = folders.by_role(tx, account_id, role)
        if found is None and role is Role.ARCHIVE:
            found = folders.by_role(tx, account_id, Role.ALL)
        if found is not None:
            return found
        known = folders.of_account(tx, account_id)
        if not known or not all(f.local for f in known):
            raise no_folder_for(tx, account_id, role)
        name = name_for_role(role, known)
        made = journal.create_folder(tx, account_id, name, "/", role=role, local=True)
        folders.set_role(tx, made, role)
        return self._there(tx, made)

    @staticmethod
    def _there(tx: Tx, folder_id: FolderId) -> Folder:
        found = folders.by_id(tx, folder_id)
        if found is None:
            raise Refused(NO_FOLDER)
        return found

    def _junk_marks(
        self, places: list[Location], target: Folder
    ) -> list[tuple[list[MessageId], frozenset[str], frozenset[str]]]:
        """What a move into Junk, or out of it, says to the server's filter."""
        junk, not_junk = frozenset({JUNK}), frozenset({NOT_JUNK})
        if target.role is Role.JUNK:
            return [([p.id for p in places], junk, not_junk)]
        if target.role is Role.TRASH:
            return []
        sources = {p.folder_id for p in places}
        from_junk = {f for f in sources if self.folder(f).role is Role.JUNK}
        saved = [p.id for p in places if p.folder_id in from_junk]
        return [(saved, not_junk, junk)] if saved else []


def no_folder_for(source: Source, account_id: AccountId, role: Role) -> Refused:
    """To be raised where an account has no folder of a role: the user must say which it is."""
    account = accounts.get(source, account_id)
    name = account.name if account else ""
    what = _MAIL.get(role, role.value)
    return Refused(f"{name} has no folder for {what}: say which one.", f"role:{role.value}", name)


def check_flag(flag: str) -> None:
    """Refuses what cannot be a flag or a tag."""
    if flag not in SYSTEM_FLAGS and not tags.is_possible(flag):
        raise Refused(
            f"{flag[:40]!r} cannot be a tag: it is one word of letters, digits and signs,"
            ' without ( ) { % * " \\ and ].'
        )


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


def _may_be_final(folder: Folder, trash: Folder | None) -> None:
    if folder.local or trash is None or folder.id == trash.id:
        return
    if not trash.delimiter or not folder.name.startswith(trash.name + trash.delimiter):
        raise Refused(
            f"{trash.leaf} takes no folders on this server; {folder.leaf} can only be deleted"
            " permanently."
        )


def _must_hold_messages(folder: Folder) -> None:
    if not folder.selectable:
        raise Refused(f"{folder.leaf} holds folders only, no messages.")
