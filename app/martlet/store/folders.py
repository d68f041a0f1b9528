"""Folders as rows: listed by a server, made here, renamed, and how far each was compared.

What waits to be told to the server is in the journal; it is respected here when a server's
list is taken in, so that a folder just made does not vanish and one just deleted stays gone.
"""

from __future__ import annotations

from collections.abc import Sequence

from martlet.mail.account import AccountId
from martlet.mail.changes import FoldersChanged
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.sync import ListedFolder, OpKind, SyncState
from martlet.store.codec import clean, from_json
from martlet.store.database import Row, Source, Tx

COLUMNS = "id, account_id, name, delimiter, role, subscribed, selectable, local, total, unread"


def folder_of(row: Row) -> Folder:
    """A folder from a row of COLUMNS."""
    return Folder(
        FolderId(row[0]), AccountId(row[1]), row[2], row[3], Role(row[4]),
        bool(row[5]), bool(row[6]), bool(row[7]), row[8], row[9],
    )  # fmt: skip


def by_id(source: Source, folder_id: FolderId) -> Folder | None:
    return _one(source.query(f"SELECT {COLUMNS} FROM folder WHERE id = ?", (folder_id,)))


def of_account(source: Source, account_id: AccountId) -> list[Folder]:
    rows = source.query(
        f"SELECT {COLUMNS} FROM folder WHERE account_id = ? ORDER BY id", (account_id,)
    )
    return [folder_of(row) for row in rows]


def account_ids(source: Source) -> list[AccountId]:
    return [AccountId(row[0]) for row in source.query("SELECT id FROM account ORDER BY id")]


def by_role(source: Source, account_id: AccountId, role: Role) -> Folder | None:
    """The account's folder for this; the one the server named first where it has several."""
    return _one(
        source.query(
            f"SELECT {COLUMNS} FROM folder WHERE account_id = ? AND role = ? ORDER BY id LIMIT 1",
            (account_id, role.value),
        )
    )


def by_name(source: Source, account_id: AccountId, name: str) -> Folder | None:
    """By full path. INBOX in any case (RFC 9051, 5.1)."""
    if name.upper() == "INBOX" and (inbox := by_role(source, account_id, Role.INBOX)):
        return inbox
    return _one(
        source.query(
            f"SELECT {COLUMNS} FROM folder WHERE account_id = ? AND name = ?", (account_id, name)
        )
    )


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
    tx.execute(
        "INSERT INTO folder (account_id, name, delimiter, role, local) VALUES (?, ?, ?, ?, ?)",
        (account_id, clean(name), delimiter, role.value, int(local)),
    )
    folder_id = FolderId(tx.inserted)
    tx.note(FoldersChanged(account_id))
    return folder_id


def rename(tx: Tx, folder_id: FolderId, name: str) -> None:
    """Gives a folder and those below it another path; their messages stay."""
    folder = by_id(tx, folder_id)
    if folder is None or folder.name == name:
        return
    for child in children(tx, folder):
        below = child.name[len(folder.name) :]
        tx.execute("UPDATE folder SET name = ? WHERE id = ?", (clean(name + below), child.id))
    tx.execute("UPDATE folder SET name = ? WHERE id = ?", (clean(name), folder_id))
    tx.note(FoldersChanged(folder.account_id))


def delete(tx: Tx, folder_id: FolderId) -> None:
    """Forgets a folder, those below it, and their messages."""
    folder = by_id(tx, folder_id)
    if folder is None:
        return
    for one in (*children(tx, folder), folder):
        _drop(tx, one.id)
    tx.note(FoldersChanged(folder.account_id))


def children(source: Source, folder: Folder) -> list[Folder]:
    """All folders below this one, at any depth."""
    if not folder.delimiter:
        return []
    prefix = folder.name + folder.delimiter
    return [f for f in of_account(source, folder.account_id) if f.name.startswith(prefix)]


def set_subscribed(tx: Tx, folder_id: FolderId, subscribed: bool) -> None:
    folder = by_id(tx, folder_id)
    if folder is not None and folder.subscribed != subscribed:
        tx.execute("UPDATE folder SET subscribed = ? WHERE id = ?", (int(subscribed), folder_id))
        tx.note(FoldersChanged(folder.account_id))


def put_listed(tx: Tx, account_id: AccountId, listed: Sequence[ListedFolder]) -> None:
    """Makes the account's folders those a server listed, with what waits in the journal on top."""
    waiting = _Waiting(tx, account_id)
    known = {f.name: f for f in of_account(tx, account_id)}
    seen: set[str] = set()
    changed = False
    for one in listed:
        name = waiting.name_here(clean(one.name))
        if name.upper() == "INBOX":
            name = next((f.name for f in known.values() if f.role is Role.INBOX), "INBOX")
        if name in seen or name in waiting.deleted:
            continue
        seen.add(name)
        old = known.get(name)
        role = Role.INBOX if name.upper() == "INBOX" else one.role
        if old is None:
            tx.execute(
                "INSERT INTO folder (account_id, name, delimiter, role, subscribed, selectable)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    account_id,
                    name,
                    one.delimiter,
                    role.value,
                    int(one.subscribed),
                    int(one.selectable),
                ),
            )
            changed = True
            continue
        # A role we gave a folder that we made stays, should the server not know better.
        role = old.role if role is Role.NONE and _role_is_free(listed, old.role) else role
        subscribed = old.subscribed if old.id in waiting.subscriptions else one.subscribed
        new = (one.delimiter, role.value, int(subscribed), int(one.selectable))
        if new != (old.delimiter, old.role.value, int(old.subscribed), int(old.selectable)):
            tx.execute(
                "UPDATE folder SET delimiter = ?, role = ?, subscribed = ?, selectable = ?"
                " WHERE id = ?",
                (*new, old.id),
            )
            changed = True
    for name, old in known.items():
        kept = old.local or old.role is Role.INBOX or old.id in waiting.created
        if name not in seen and not kept:
            _drop(tx, old.id)
            changed = True
    if changed:
        tx.note(FoldersChanged(account_id))


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


class _Waiting:
    """Folder changes of an account that its server has not been told yet."""

    def __init__(self, tx: Tx, account_id: AccountId) -> None:
        self.created: set[FolderId] = set()
        self.deleted: set[str] = set()
        self.subscriptions: set[FolderId] = set()
        self._renames: list[tuple[str, str, str]] = []
        for kind, folder_id, before, after in tx.query(
            "SELECT kind, folder_id, before, after FROM journal"
            " WHERE account_id = ? AND state = 'pending' AND message = 0 ORDER BY id",
            (account_id,),
        ):
            if kind == OpKind.FOLDER_CREATE.value:
                self.created.add(FolderId(folder_id))
            elif kind == OpKind.FOLDER_DELETE.value:
                self.deleted.add(from_json(before)["name"])
            elif kind == OpKind.FOLDER_SUBSCRIBE.value:
                self.subscriptions.add(FolderId(folder_id))
            elif kind == OpKind.FOLDER_RENAME.value:
                old = from_json(before)
                self._renames.append((old["name"], from_json(after)["name"], old["delimiter"]))

    def name_here(self, name: str) -> str:
        """What a folder is called here that its server calls `name`."""
        for old, new, delimiter in self._renames:
            name = renamed(name, old, new, delimiter)
        return name


def renamed(name: str, old: str, new: str, delimiter: str) -> str:
    """The path after a folder `old` became `new`, which moves what is below it as well."""
    if name == old or (delimiter and name.startswith(old + delimiter)):
        return new + name[len(old) :]
    return name


def _role_is_free(listed: Sequence[ListedFolder], role: Role) -> bool:
    return not any(one.role is role for one in listed)


def _drop(tx: Tx, folder_id: FolderId) -> None:
    """What was only on its way here goes back to where it is: it may be nowhere else."""
    # Here, since settling changes of folders needs this module.
    from martlet.store.settle import COLUMNS, entries, entry_of, settle, withdraw

    coming = tx.query(
        f"SELECT {COLUMNS} FROM journal WHERE state = 'pending'"
        " AND kind IN ('move', 'append', 'copy') AND json_extract(after, '$.target') = ?"
        " ORDER BY id DESC",
        (folder_id,),
    )
    for one in map(entry_of, coming):
        # Taking back one change settles others of the same message.
        if entries(tx, [one.id])[0].state == "pending":
            settle(tx, one, "refused", "The folder is gone.")
            withdraw(tx, one)
    tx.execute(
        "UPDATE journal SET state = 'refused', answer = 'The folder is gone.'"
        " WHERE state = 'pending' AND message > 0"
        " AND message IN (SELECT id FROM message WHERE folder_id = ?)",
        (folder_id,),
    )
    tx.execute("DELETE FROM message WHERE folder_id = ?", (folder_id,))
    tx.execute("DELETE FROM folder WHERE id = ?", (folder_id,))


def _one(rows: list[Row]) -> Folder | None:
    return folder_of(rows[0]) if rows else None
