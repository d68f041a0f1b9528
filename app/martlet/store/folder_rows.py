"""Folders as they are read: by id, by account, by role, by name.

One that was deleted here is kept, but not shown by any of these, until its server has deleted it
too (`doomed`). How folders change is in `folders`, what a server's list does to them in `listed`.
"""

from __future__ import annotations

from martlet.mail.account import AccountId, Keep
from martlet.mail.folder import Folder, FolderId, Role
from martlet.store.database import Row, Source

COLUMNS = (
    "id, account_id, name, delimiter, role, subscribed, selectable, local, total, unread,"
    " keep, keep_days, chosen, rights, there, parked"
)


def folder_of(row: Row) -> Folder:
    """A folder from a row of COLUMNS."""
    return Folder(
        FolderId(row[0]), AccountId(row[1]), row[2], row[3], Role(row[4]),
        bool(row[5]), bool(row[6]), bool(row[7]), row[8], row[9],
        Keep(row[10]) if row[10] else None, row[11], bool(row[12]), row[13], row[14], row[15],
    )  # fmt: skip


def by_id(source: Source, folder_id: FolderId) -> Folder | None:
    return _one(
        source.query(f"SELECT {COLUMNS} FROM folder WHERE id = ? AND doomed = 0", (folder_id,))
    )


def of_account(source: Source, account_id: AccountId) -> list[Folder]:
    rows = source.query(
        f"SELECT {COLUMNS} FROM folder WHERE account_id = ? AND doomed = 0 ORDER BY id",
        (account_id,),
    )
    return [folder_of(row) for row in rows]


def account_ids(source: Source) -> list[AccountId]:
    return [AccountId(row[0]) for row in source.query("SELECT id FROM account ORDER BY id")]


def by_role(source: Source, account_id: AccountId, role: Role) -> Folder | None:
    """The account's folder for this: the one the user chose, else the one named first."""
    return _one(
        source.query(
            f"SELECT {COLUMNS} FROM folder WHERE account_id = ? AND role = ? AND doomed = 0"
            " ORDER BY chosen DESC, id LIMIT 1",
            (account_id, role.value),
        )
    )


def by_name(source: Source, account_id: AccountId, name: str) -> Folder | None:
    """By full path. INBOX in any case (RFC 9051, 5.1)."""
    if name.upper() == "INBOX" and (inbox := by_role(source, account_id, Role.INBOX)):
        return inbox
    return _one(
        source.query(
            f"SELECT {COLUMNS} FROM folder WHERE account_id = ? AND name = ? AND doomed = 0",
            (account_id, name),
        )
    )


def liveliest(source: Source, account_id: AccountId, limit: int = 8) -> list[Folder]:
    """The account's folders with the newest mail, those with a role of their own left out."""
    rows = source.query(
        f"SELECT {COLUMNS} FROM folder WHERE account_id = ? AND role = '' AND selectable = 1"
        " AND parked = '' AND keep <> 'off' AND total > 0 AND doomed = 0"
        " ORDER BY (SELECT MAX(sort_key) FROM message WHERE folder_id = folder.id AND hidden = 0)"
        " DESC LIMIT ?",
        (account_id, limit),
    )
    return [folder_of(row) for row in rows]


def children(source: Source, folder: Folder) -> list[Folder]:
    """All folders below this one, at any depth."""
    if not folder.delimiter:
        return []
    prefix = folder.name + folder.delimiter
    return [f for f in of_account(source, folder.account_id) if f.name.startswith(prefix)]


def trash_for(source: Source, folder: Folder) -> Folder | None:
    """The folder this one goes below when it is deleted; None: it is deleted for good."""
    if folder.local or folder.role is Role.TRASH:
        return None
    trash = by_role(source, folder.account_id, Role.TRASH)
    if trash is None or trash.local or not trash.delimiter:
        return None
    if (trash.name + trash.delimiter).startswith(folder.name + folder.delimiter):
        return None
    if folder.name.startswith(trash.name + trash.delimiter):
        return None
    rows = source.query("SELECT inferiors FROM folder WHERE id = ?", (trash.id,))
    return trash if rows and rows[0][0] else None


def _one(rows: list[Row]) -> Folder | None:
    return folder_of(rows[0]) if rows else None
