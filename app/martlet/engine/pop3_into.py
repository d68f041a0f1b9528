"""Whose inbox the mail of a POP3 account goes to: its own, or one that several share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from martlet.mail.account import NO_ACCOUNT, Account, Protocol
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, Role
from martlet.store import folders
from martlet.store.database import Source


def housed(account: Account, known: Iterable[Account]) -> Account:
    """The account, with its own inbox where it names one that is no more.

    Raises Refused: that inbox cannot take the account's mail.
    """
    if not account.into or account.into == account.id:
        return account
    if account.incoming is None or account.incoming.protocol is not Protocol.POP3:
        raise Refused("Only mail that comes by POP3 can go to another account's inbox.")
    other = next((one for one in known if one.id == account.into), None)
    if other is None:
        return replace(account, into=NO_ACCOUNT)
    if other.incoming is not None and other.incoming.protocol is Protocol.IMAP:
        raise Refused(
            f"The inbox of {other.name} is on its server; mail by POP3 can only go to an inbox"
            " on this computer."
        )
    return account


def inbox_of(source: Source, account: Account) -> Folder:
    """Where new mail goes now. The account's own inbox when the other is no more, or not here."""
    for account_id in (account.into, account.id):
        found = folders.by_role(source, account_id, Role.INBOX)
        if found is not None and found.local:
            return found
    raise Refused("This account has no inbox to put mail in.", "", account.name)
