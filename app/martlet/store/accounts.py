"""Accounts as rows. Passwords are not here, nor anywhere else in the store."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from martlet.mail.account import Account, AccountId, Protocol
from martlet.mail.changes import AccountsChanged, FoldersChanged
from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.store import folders, pop3
from martlet.store.codec import to_json
from martlet.store.database import Row, Source, Tx

_settings = msgspec.json.Decoder(Account)

_LOCAL_FOLDERS = (
    ("Inbox", Role.INBOX),
    ("Drafts", Role.DRAFTS),
    ("Sent", Role.SENT),
    ("Archive", Role.ARCHIVE),
    ("Junk", Role.JUNK),
    ("Trash", Role.TRASH),
)


def all_accounts(source: Source) -> list[Account]:
    """In the order they were added."""
    return [
        _account(row)
        for row in source.query(
            "SELECT id, name, address, settings FROM account ORDER BY position, id"
        )
    ]


def get(source: Source, account_id: AccountId) -> Account | None:
    rows = source.query(
        "SELECT id, name, address, settings FROM account WHERE id = ?", (account_id,)
    )
    return _account(rows[0]) if rows else None


def add(tx: Tx, account: Account) -> AccountId:
    """Stores a new account and its first folders.

    IMAP accounts begin with INBOX; all others live in local folders. Refused if the name is taken.
    """
    _check_name(tx, account)
    tx.execute(
        "INSERT INTO account (name, address, settings, position)"
        " VALUES (?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM account))",
        (account.name, account.address, to_json(account)),
    )
    account_id = AccountId(tx.inserted)
    _first_folders(tx, account_id, account)
    tx.note(AccountsChanged())
    return account_id


def edit(tx: Tx, account: Account) -> None:
    """Replaces the settings of the account with this id."""
    _check_name(tx, account)
    tx.execute(
        "UPDATE account SET name = ?, address = ?, settings = ? WHERE id = ?",
        (account.name, account.address, to_json(account), account.id),
    )
    if not tx.touched:
        raise Refused("There is no such account.")
    _first_folders(tx, account.id, account)
    tx.note(AccountsChanged())


def remove(tx: Tx, account_id: AccountId) -> None:
    """Forgets the account with all its folders, messages and what waited to be done.

    What came by other accounts stays, in folders of theirs; letters that are open in a window stay,
    as drafts that only this computer has.
    """
    pop3.take_home(tx, account_id)
    # Messages first: deleting the account would drop their folders before the text index knew.
    tx.execute(
        "DELETE FROM message WHERE folder_id IN (SELECT id FROM folder WHERE account_id = ?)",
        (account_id,),
    )
    tx.execute("DELETE FROM draft WHERE account_id = ? AND open = 0", (account_id,))
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1, lost = 0, elsewhere = 0 WHERE account_id = ?",
        (account_id,),
    )
    tx.execute("DELETE FROM account WHERE id = ?", (account_id,))
    tx.note(AccountsChanged())
    tx.note(FoldersChanged(account_id))


def _check_name(tx: Tx, account: Account) -> None:
    if tx.query("SELECT 1 FROM account WHERE name = ? AND id <> ?", (account.name, account.id)):
        raise Refused(f"There is already an account named {account.name}.")


def _first_folders(tx: Tx, account_id: AccountId, account: Account) -> None:
    imap = account.incoming is not None and account.incoming.protocol is Protocol.IMAP
    wanted = (("INBOX", Role.INBOX),) if imap else _LOCAL_FOLDERS
    for name, role in wanted:
        if folders.by_role(tx, account_id, role) is None:
            folders.create(tx, account_id, name, "/", role=role, local=not imap)


def _account(row: Row) -> Account:
    account_id, name, address, settings = row
    stored = _settings.decode(settings)
    return replace(stored, id=AccountId(account_id), name=name, address=address)
