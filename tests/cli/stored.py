"""A profile with mail in it, made without a server."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.message import Address, Content, Envelope
from martlet.mail.sync import Arrival
from martlet.paths import Profile
from martlet.store import accounts, folders, mailbox
from martlet.store.database import Database

FIRST = 1_700_000_000.0


def account(name: str) -> Account:
    return Account(
        AccountId(0),
        name,
        f"{name}@example.org",
        incoming=Server(Protocol.POP3, "localhost", 1, Security.NONE, name),
        outgoing=Server(Protocol.SMTP, "localhost", 1, Security.NONE, name),
        secret=SecretSource.ASK,
    )


def fill(root: Path, number: int, name: str = "work", step_s: float = 60.0) -> None:
    """An account with that many messages in its Inbox, the last the newest."""
    Profile(root).create()
    database = Database(root)
    with database.write() as tx:
        account_id = accounts.add(tx, account(name))
    inbox = folders.by_name(database, account_id, "Inbox")
    assert inbox is not None
    arrivals = [
        Arrival(
            0,
            Envelope(
                f"{name} {i} 你好\x1b[31m",
                Address("Berg, Ännchen", f"a{i}@example.org"),
                (Address("", f"{name}@example.org"),),
                date=FIRST + i * step_s,
                message_id=f"<{name}-{i}@example.org>",
            ),
            flags=frozenset({"\\Seen", "todo"} if i % 2 else ()),
            size=1000 + i,
            received=FIRST,
            content=Content("a preview", f"word{i} hello", i % 3),
        )
        for i in range(number)
    ]
    with database.write() as tx:
        mailbox.add_many(tx, inbox.id, arrivals)
    database.close()


def by_command(root: Path) -> None:
    """From now on the first account of the profile, "work", asks a command for its password."""
    database = Database(root)
    with database.write() as tx:
        asked = dataclasses.replace(
            account("work"), id=AccountId(1), secret=SecretSource.COMMAND, password_command="echo x"
        )
        accounts.edit(tx, asked)
    database.close()


def able_to_send(root: Path) -> Path:
    """A profile with one message, whose account is asked for no password; answers where it is."""
    fill(root, 1)
    by_command(root)
    return root
