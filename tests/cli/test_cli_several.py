"""Folders by name where accounts of several kinds have one so called; who is shown in Sent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.running import Cli
from cli.stored import FIRST, fill
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.message import Address, Envelope
from martlet.mail.sync import Arrival, ListedFolder
from martlet.store import accounts, folders, mailbox
from martlet.store.database import Database, Tx


def _put(tx: Tx, account: AccountId, folder: str, subject: str, after_s: float) -> None:
    found = folders.by_name(tx, account, folder)
    assert found is not None
    head = Envelope(
        subject, Address("Work", "work@example.org"), (Address("Bruno", "b@example.org"),),
        date=FIRST + after_s,
    )  # fmt: skip
    mailbox.add_many(tx, found.id, [Arrival(0 if found.local else 7, head, size=9)])


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """By POP3 two messages in Inbox, and one in Sent; by IMAP one between them, in INBOX."""
    fill(tmp_path, 2)
    database = Database(tmp_path)
    server = Server(Protocol.IMAP, "localhost", 1, Security.NONE, "far")
    far = Account(AccountId(0), "far", "far@example.org", incoming=server, secret=SecretSource.ASK)
    with database.write() as tx:
        made = accounts.add(tx, far)
        folders.put_listed(tx, made, [ListedFolder("INBOX", "/"), ListedFolder("Lists/Sent", "/")])
        _put(tx, made, "INBOX", "far 0", 30.0)
        _put(tx, made, "Lists/Sent", "list 0", 0.0)
        _put(tx, AccountId(1), "Sent", "sent 0", 0.0)
    database.close()
    return Cli(tmp_path)


def subjects(cli: Cli, *words: str) -> list[str]:
    return [str(row["subject"])[:6] for row in cli.ok("list", *words, "--json").rows]


@pytest.mark.parametrize("name", ["INBOX", "Inbox", "inbox"])
def test_an_inbox_is_one_in_any_case(cli: Cli, name: str) -> None:
    assert subjects(cli, name) == ["work 1", "far 0", "work 0"]
    assert subjects(cli, name, "--account", "far") == ["far 0"]
    assert subjects(cli, name, "--account", "work") == ["work 1", "work 0"]
    assert "name one with --account: work, far" in cli.refused(
        "folder", "keep", name, "all", status=2
    )
    lines = cli.ok("list", name).out.splitlines()
    assert [line.split()[0] for line in lines] == ["work", "far", "work"]
    assert cli.ok("list", name, "--account", "far").out.split()[0].isdecimal()


def test_the_end_of_a_path_is_a_name_only_where_nobody_has_the_whole(cli: Cli) -> None:
    assert subjects(cli, "sent") == ["sent 0"]
    assert subjects(cli, "sent", "--account", "far") == ["list 0"]


def test_in_sent_it_is_said_to_whom(cli: Cli) -> None:
    assert re.search(r"Bruno.* +sent 0$", cli.ok("list", "Sent").out.rstrip("\n"))
    assert re.search(r"Work +far 0$", cli.ok("list", "inbox", "--account", "far").out.rstrip("\n"))
    (row,) = cli.ok("list", "Sent", "--json").rows
    assert (row["from"], row["account"]) == ("Work <work@example.org>", "work")
