"""Folders as rows: made here, renamed, given a use, and how far each was compared.

Reading them is in `folder_rows` and taking in what a server lists in `listed`, both reached from
here. What waits to be told to the server is the journal's business.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.account import AccountId, Keep
from martlet.mail.changes import FoldersChanged
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.sync import SyncState
from martlet.store.codec import clean
from martlet.store.database import Source, Tx
from martlet.store.fold import pack, unpack
from martlet.store.folder_rows import (
    COLUMNS,
    account_ids,
    by_id,
    by_name,
    by_role,
    children,
    folder_of,
    liveliest,
    of_account,
    trash_for,
)
from martlet.store.holdings import is_empty
from martlet.store.listed import drop, put_listed, renamed

__all__ = [
    "COLUMNS",
    "account_ids",
    "by_id",
    "by_name",
    "by_role",
    "children",
    "create",
    "create_levels",
    "delete",
    "doom",
    "drop_levels",
    "folder_of",
    "forget",
    "is_free",
    "keywords",
    "liveliest",
    "of_account",
    "park",
    "put_listed",
    "put_rights",
    "put_selected",
    "rename",
    "rename_doomed",
    "renamed",
    "save_sync_state",
    "set_keep",
    "set_role",
    "set_subscribed",
    "spare",
    "sync_state",
    "trash_for",
]


def create(
    tx: Tx,
    account_id: AccountId,
    name: str,
    delimiter: str,
    role: Role = Role.NONE,
    local: bool = False,
) -> FolderId:
    """A new folder's row; one that is there already is answered as it is."""
    found = by_name(tx, account_id, name)
    if found is not None:
        return found.id
    _free(tx, account_id, name)
    tx.execute(
        "INSERT INTO folder (account_id, name, delimiter, role, local) VALUES (?, ?, ?, ?, ?)",
        (account_id, clean(name), delimiter, role.value, int(local)),
    )
    folder_id = FolderId(tx.inserted)
    tx.note(FoldersChanged(account_id))
    return folder_id


def create_levels(
    tx: Tx, account_id: AccountId, name: str, delimiter: str, local: bool = False
) -> list[FolderId]:
    """Rows for the levels above a new folder that are not there; answers those, topmost first.

    A server makes them by itself (RFC 9051, 6.3.4): whether they hold messages it will say.
    """
    made: list[FolderId] = []
    levels = name.split(delimiter) if delimiter else []
    for count in range(1, len(levels)):
        level = delimiter.join(levels[:count])
        if by_name(tx, account_id, level) is None and not _is_taken(tx, account_id, level):
            made.append(create(tx, account_id, level, delimiter, local=local))
            tx.execute("UPDATE folder SET selectable = ? WHERE id = ?", (int(local), made[-1]))
    return made


def drop_levels(tx: Tx, made: Iterable[FolderId]) -> None:
    """Takes `create_levels` back, where nothing else is in them by now and no server has them."""
    for folder_id in sorted(made, reverse=True):
        level = by_id(tx, folder_id)
        if level is None or children(tx, level) or (level.selectable and not level.local):
            continue
        if is_empty(tx, level):
            delete(tx, folder_id)


def is_free(source: Source, folder: Folder, name: str) -> bool:
    """Whether a folder can have this path, and those below it theirs."""
    moving = {one.name for one in (folder, *children(source, folder))}
    wanted = {clean(name + one[len(folder.name) :]) for one in moving}
    return not wanted & {f.name for f in of_account(source, folder.account_id)} - moving


def rename(tx: Tx, folder_id: FolderId, name: str) -> bool:
    """Gives a folder and those below it another path; their messages stay. False, and nothing is
    done: it is not there, or there is another of that name."""
    folder = by_id(tx, folder_id)
    if folder is None or not is_free(tx, folder, name):
        return False
    moving = [folder, *children(tx, folder)]
    # One may get the name another of them still has.
    for one in moving:
        tx.execute("UPDATE folder SET name = ? WHERE id = ?", (f"\0{one.id}", one.id))
    for one in moving:
        new = clean(name + one.name[len(folder.name) :])
        _free(tx, folder.account_id, new)
        tx.execute("UPDATE folder SET name = ? WHERE id = ?", (new, one.id))
    tx.note(FoldersChanged(folder.account_id))
    return True


def delete(tx: Tx, folder_id: FolderId) -> None:
    """Forgets a folder, those below it, and their messages."""
    folder = by_id(tx, folder_id)
    if folder is None:
        drop(tx, folder_id)
        return
    for one in (*children(tx, folder), folder):
        drop(tx, one.id)
    tx.note(FoldersChanged(folder.account_id))


def doom(tx: Tx, folder_id: FolderId) -> None:
    """Shows a folder no more, with what is in it, until its server has deleted it or refused."""
    _set_doomed(tx, folder_id, 1)


def spare(tx: Tx, folder_id: FolderId, name: str) -> None:
    """Takes `doom` back, under this name. Does nothing when the row is gone."""
    rows = tx.query("SELECT account_id, name FROM folder WHERE id = ?", (folder_id,))
    if rows and rows[0][1] != name and not _is_taken(tx, rows[0][0], name):
        tx.execute("UPDATE folder SET name = ? WHERE id = ?", (clean(name), folder_id))
    _set_doomed(tx, folder_id, 0)


def rename_doomed(tx: Tx, account_id: AccountId, old: str, new: str, delimiter: str) -> None:
    """What a renamed folder's deleted ones below, or itself, are called on the server."""
    for folder_id, name in tx.query(
        "SELECT id, name FROM folder WHERE account_id = ? AND doomed = 1", (account_id,)
    ):
        wanted = renamed(name, old, new, delimiter)
        if wanted != name and not _is_taken(tx, account_id, wanted):
            tx.execute("UPDATE folder SET name = ? WHERE id = ?", (clean(wanted), folder_id))


def set_subscribed(tx: Tx, folder_id: FolderId, subscribed: bool) -> None:
    folder = by_id(tx, folder_id)
    if folder is not None and folder.subscribed != subscribed:
        tx.execute("UPDATE folder SET subscribed = ? WHERE id = ?", (int(subscribed), folder_id))
        tx.note(FoldersChanged(folder.account_id))


def set_role(tx: Tx, folder_id: FolderId, role: Role, *, chosen: bool = True) -> None:
    """What the user says a folder is for, whatever its server says; taken from any other of the
    account. Role.NONE: for nothing. chosen False: the server's word counts again."""
    folder = by_id(tx, folder_id)
    if folder is None:
        return
    if role is not Role.NONE:
        tx.execute(
            "UPDATE folder SET role = '', chosen = 0 WHERE account_id = ? AND role = ?",
            (folder.account_id, role.value),
        )
    tx.execute(
        "UPDATE folder SET role = ?, chosen = ? WHERE id = ?", (role.value, int(chosen), folder_id)
    )
    tx.note(FoldersChanged(folder.account_id))


def set_keep(tx: Tx, folder_id: FolderId, keep: Keep | None, days: int = 0) -> None:
    """How much of it is kept here; None: as the account says. days: for Keep.RECENT."""
    folder = by_id(tx, folder_id)
    if folder is not None and (folder.keep, folder.keep_days) != (keep, days):
        tx.execute(
            "UPDATE folder SET keep = ?, keep_days = ? WHERE id = ?",
            (keep.value if keep else "", days, folder_id),
        )
        tx.note(FoldersChanged(folder.account_id))


def park(tx: Tx, folder_id: FolderId, why: str) -> None:
    """Leaves a folder alone until the user asks; "": it is looked at again."""
    folder = by_id(tx, folder_id)
    if folder is not None and folder.parked != why:
        tx.execute("UPDATE folder SET parked = ? WHERE id = ?", (clean(why), folder_id))
        tx.note(FoldersChanged(folder.account_id))


def put_rights(tx: Tx, folder_id: FolderId, rights: str) -> None:
    """MYRIGHTS letters (RFC 4314)."""
    folder = by_id(tx, folder_id)
    if folder is not None and folder.rights != rights:
        tx.execute("UPDATE folder SET rights = ? WHERE id = ?", (clean(rights), folder_id))
        tx.note(FoldersChanged(folder.account_id))


def put_selected(
    tx: Tx, folder_id: FolderId, permanent_flags: Iterable[str], mailbox_id: str = ""
) -> None:
    """What SELECT told of a folder for good; what it did not tell stays as it was known."""
    kept = clean(pack(permanent_flags))
    tx.execute(
        "UPDATE folder SET keywords = CASE WHEN ?1 = '' THEN keywords ELSE ?1 END,"
        " mailbox_id = CASE WHEN ?2 = '' THEN mailbox_id ELSE ?2 END"
        " WHERE id = ?3 AND ((?1 <> '' AND keywords <> ?1) OR (?2 <> '' AND mailbox_id <> ?2))",
        (kept, clean(mailbox_id), folder_id),
    )


def keywords(source: Source, folder_id: FolderId) -> frozenset[str]:
    """PERMANENTFLAGS as last told (RFC 9051, 7.1), with "\\*" where any can be kept; empty: not
    known."""
    rows = source.query("SELECT keywords FROM folder WHERE id = ?", (folder_id,))
    return unpack(rows[0][0]) if rows else frozenset()


def sync_state(source: Source, folder_id: FolderId) -> SyncState:
    """How far the folder was compared; all 0 for one never seen."""
    rows = source.query(
        "SELECT uid_validity, uid_next, modseq FROM folder WHERE id = ?", (folder_id,)
    )
    return SyncState(*rows[0]) if rows else SyncState()


def save_sync_state(tx: Tx, folder_id: FolderId, state: SyncState) -> None:
    tx.execute(
        "UPDATE folder SET uid_validity = ?, uid_next = ?, modseq = ? WHERE id = ?",
        (state.uid_validity, state.uid_next, state.modseq, folder_id),
    )


def compare_again(tx: Tx, folder_id: FolderId) -> None:
    """What is known of this folder may be wrong: the next pass asks for all there is."""
    tx.execute("UPDATE folder SET uid_next = 0, modseq = 0 WHERE id = ?", (folder_id,))


def forget(tx: Tx, folder_id: FolderId) -> None:
    """UIDVALIDITY changed: no uid means anything any more (RFC 9051, 2.3.1.1).

    The rows stay, to be matched by Message-ID (`mailbox.adopt`); waiting changes too.
    """
    tx.execute("UPDATE message SET uid = 0 WHERE folder_id = ? AND uid > 0", (folder_id,))
    tx.execute(
        "UPDATE journal SET uid = 0 WHERE folder_id = ? AND uid > 0 AND state = 'pending'",
        (folder_id,),
    )
    save_sync_state(tx, folder_id, SyncState())


def _is_taken(tx: Tx, account_id: AccountId, name: str) -> bool:
    return bool(
        tx.query(
            "SELECT 1 FROM folder WHERE account_id = ? AND name = ?", (account_id, clean(name))
        )
    )


def _set_doomed(tx: Tx, folder_id: FolderId, doomed: int) -> None:
    rows = tx.query("SELECT account_id FROM folder WHERE id = ?", (folder_id,))
    if rows:
        tx.execute("UPDATE folder SET doomed = ? WHERE id = ?", (doomed, folder_id))
        tx.note(FoldersChanged(AccountId(rows[0][0])))


def _free(tx: Tx, account_id: AccountId, name: str) -> None:
    """Forgets a deleted folder whose name another gets, though it was only deleted here."""
    for (folder_id,) in tx.query(
        "SELECT id FROM folder WHERE account_id = ? AND name = ? AND doomed = 1",
        (account_id, clean(name)),
    ):
        drop(tx, FolderId(folder_id))
