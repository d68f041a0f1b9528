"""Folders of an IMAP account that is never reached: what they are for, what is kept, what goes."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.message import DELETED, SEEN, Address, Content, Envelope
from martlet.mail.sync import Arrival, FolderStatus, ListedFolder
from martlet.paths import Profile
from martlet.store import account_log, accounts, folders, mailbox, traffic
from martlet.store.database import Database

BLOB = "b" * 64


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """An account as a plain Dovecot has it: an inbox, and folders with no use."""
    root = tmp_path / "profile"
    Profile(root).create()
    database = Database(root)
    server = Server(Protocol.IMAP, "127.0.0.1", 1, Security.NONE, "ada")
    with database.write() as tx:
        account = accounts.add(
            tx,
            Account(
                AccountId(0), "work", "ada@example.org", incoming=server, secret=SecretSource.ASK
            ),
        )
        folders.put_listed(
            tx,
            account,
            [
                ListedFolder("INBOX", "/", status=FolderStatus(messages=9, unseen=4)),
                ListedFolder("Plans", "/"),
                ListedFolder("Plans/2024", "/"),
                ListedFolder("Old", "/"),
            ],
        )
        inbox = folders.by_name(tx, account, "INBOX")
        plans = folders.by_name(tx, account, "Plans")
        assert inbox is not None
        assert plans is not None
        folders.park(tx, plans.id, "it cannot be read")
        mailbox.add_many(tx, inbox.id, [_letter(n, here=n == 1) for n in (1, 2, 3)])
        mailbox.add_many(tx, plans.id, [_letter(4, here=True)])
        account_log.write(tx, account, "offline", "The server cannot be reached.", "no route")
        account_log.conflict(tx, account, "The server refused to move “one” to Plans.")
        traffic.add(tx, account, "2026-11-20", 1500, 200)
        traffic.add(tx, account, "2026-11-21", 2000, 300)
        traffic.add(tx, account, "2026-11-21", 1, 1)
    database.close()
    return Cli(root)


def _letter(number: int, *, here: bool) -> Arrival:
    head = Envelope(f"letter {number}", Address("", "b@example.org"), date=1.7e9 + number)
    flags = frozenset({SEEN, DELETED} if number == 3 else {SEEN} if number == 2 else ())
    blob = BLOB if here else ""
    return Arrival(number, head, flags, 100, 1.7e9, Content() if here else None, blob)


def _folders(cli: Cli) -> dict[str, dict[str, object]]:
    return {str(row["name"]): row for row in cli.ok("folder", "list", "--json").rows}


def test_without_a_trash_the_command_says_what_to_do(cli: Cli) -> None:
    said = cli.refused("delete", "1")
    assert "work has no folder for deleted mail" in said
    assert "martlet folder role NAME trash" in said
    assert "martlet folder create Trash --role trash" in said
    assert "role archive" in cli.refused("archive", "1")
    assert set(_folders(cli)) == {"INBOX", "Plans", "Plans/2024", "Old"}
    cli.ok("folder", "role", "Old", "trash")
    assert cli.ok("delete", "1").out == "1 message deleted.\n"
    assert [row["id"] for row in cli.ok("list", "trash", "--json").rows] == [1]
    cli.ok("folder", "create", "Archive", "--role", "archive")
    assert cli.ok("archive", "2").out == "1 message archived.\n"


def test_the_choice_of_a_role_is_undone(cli: Cli) -> None:
    cli.ok("folder", "role", "Old", "trash")
    cli.ok("folder", "role", "Plans/2024", "trash")
    assert (_folders(cli)["Old"]["role"], _folders(cli)["Plans/2024"]["role"]) == ("", "trash")
    assert "Plans/2024" in cli.ok("undo").out
    assert (_folders(cli)["Old"]["role"], _folders(cli)["Plans/2024"]["role"]) == ("trash", "")
    assert "none of" in cli.refused("folder", "role", "Old", "fridge", status=2)
    assert "inbox" in cli.refused("folder", "role", "INBOX", "trash")


def test_what_is_kept_of_a_folder(cli: Cli) -> None:
    cli.ok("folder", "keep", "Plans", "headers")
    cli.ok("folder", "keep", "Old", "recent:30")
    cli.ok("folder", "keep", "INBOX", "recent")
    rows = _folders(cli)
    assert [(rows[n]["keep"], rows[n]["keep_days"]) for n in ("Plans", "Old", "INBOX")] == [
        ("headers", 0), ("recent", 30), ("recent", 365),
    ]  # fmt: skip
    shown = cli.ok("folder", "list").out
    assert "headers" in shown
    assert "recent:30" in shown
    assert "left alone: it cannot be read" in shown
    assert rows["INBOX"]["there"] == 9
    cli.ok("folder", "keep", "Plans", "account")
    assert _folders(cli)["Plans"]["keep"] is None
    assert "headers" in cli.ok("undo").out or _folders(cli)["Plans"]["keep"] == "headers"
    assert "none of" in cli.refused("folder", "keep", "Old", "some", status=2)
    assert "days" in cli.refused("folder", "keep", "Old", "recent:0", status=2)


def test_a_folder_goes_below_trash_and_comes_back(cli: Cli) -> None:
    cli.ok("folder", "role", "Old", "trash")
    assert cli.ok("folder", "delete", "Plans").out == "Folder Plans is now in Old.\n"
    assert set(_folders(cli)) == {"INBOX", "Old", "Old/Plans", "Old/Plans/2024"}
    assert len(cli.ok("list", "Old/Plans", "--json").rows) == 1
    assert cli.ok("undo").out == "Undone: Deletion of folder Plans.\n"
    assert set(_folders(cli)) == {"INBOX", "Plans", "Plans/2024", "Old"}
    assert (
        cli.ok("folder", "delete", "Plans", "--permanently", "--yes").out
        == "Folder Plans deleted.\n"
    )
    assert set(_folders(cli)) == {"INBOX", "Old"}
    # No server has been told.
    assert cli.ok("undo").out == "Undone: Deletion of folder Plans.\n"
    assert len(cli.ok("list", "Plans", "--json").rows) == 1


@pytest.mark.skipif(os.name == "nt", reason="terminals")
@pytest.mark.parametrize(("answer", "status"), [(b"n\n", 1), (b"y\n", 0)])
def test_on_a_terminal_it_asks_with_what_is_in_it(cli: Cli, answer: bytes, status: int) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        cli.command("folder", "delete", "Plans"),
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=cli.environment(),
    ) as asking:
        os.close(theirs)
        os.write(ours, answer)
        said, _ = asking.communicate(timeout=120)
    os.close(ours)
    assert b"Delete the folder Plans with 1 message and 1 folder in it?" in said
    assert b"deleted for good" in said
    assert asking.returncode == status
    assert ("Plans" in _folders(cli)) == (status == 1)


def test_without_a_terminal_nothing_goes_for_good_unasked(cli: Cli) -> None:
    said = cli.refused("folder", "delete", "Plans")
    assert said.count("\n") <= 1
    assert "with 1 message and 1 folder in it" in said
    assert "--yes" in said
    cli.ok("folder", "role", "Old", "trash")
    assert "--yes" in cli.refused("folder", "delete", "Plans", "--permanently")
    assert "Plans" in _folders(cli)
    cli.ok("folder", "delete", "Plans")
    assert "--yes" in cli.refused("folder", "delete", "Old/Plans")
    cli.ok("folder", "delete", "Old/Plans", "--yes")
    assert set(_folders(cli)) == {"INBOX", "Old"}


def test_what_is_not_to_be_done_is_said(cli: Cli) -> None:
    assert cli.ok("move", "2", "INBOX").out == "Message 2 is in INBOX already.\n"
    assert cli.ok("move", "1", "2", "4", "Plans").out == (
        "2 messages moved to Plans; 1 was there already.\n"
    )
    cli.ok("undo")
    cli.ok("folder", "role", "Old", "trash")
    cli.ok("delete", "2")
    said = cli.refused("undelete", "2")
    assert "Message 2 is in Old" in said
    assert "martlet move 2 FOLDER" in said
    assert "not deleted" in cli.refused("undelete", "1")
    assert "no deleted message 99" in cli.refused("undelete", "99")
    ran = cli("undelete", "1", "3")
    assert (ran.status, ran.out) == (1, "1 message shown again.\n")
    kept = cli.ok("folder", "keep", "Plans", "off").out
    assert kept == "Of folder Plans is kept: off; what is here stays.\n"


@pytest.mark.skipif(os.name == "nt", reason="terminals")
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        (("folder", "list"), ["Account", "Unread", "Here", "There", "For", "Keep", "Folder"]),
        (("account", "traffic"), ["Day", "Account", "Received", "Sent"]),
    ],
    ids=["folders", "traffic"],
)
def test_on_a_terminal_columns_have_titles(
    cli: Cli, words: tuple[str, ...], titles: list[str]
) -> None:
    ours, theirs = pty.openpty()
    subprocess.run(
        cli.command(*words), stdin=theirs, stdout=theirs, env=cli.environment(), check=True
    )
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert said.splitlines()[0].split() == titles
    # Numbers that nobody could tell apart have theirs everywhere.
    assert (cli.ok(*words).out.splitlines()[0].split() == titles) is (words[0] == "folder")


def test_all_of_a_folder_is_marked_read(cli: Cli) -> None:
    assert cli.ok("folder", "mark-read", "INBOX").out == "1 message of INBOX marked read.\n"
    assert cli.ok("search", "is:unread in:INBOX", "--count").out == "0\n"
    cli.ok("undo")
    assert cli.ok("search", "is:unread in:INBOX", "--count").out == "1\n"


def test_what_is_marked_deleted_is_seen_and_taken_back(cli: Cli) -> None:
    assert [row["id"] for row in cli.ok("list", "INBOX", "--json").rows] == [2, 1]
    assert [row["id"] for row in cli.ok("list", "INBOX", "--deleted", "--json").rows] == [3]
    cli.ok("delete", "2", "--permanently")
    assert [r["id"] for r in cli.ok("list", "INBOX", "--deleted", "--json").rows] == [3, 2]
    assert cli.ok("undelete", "2", "3").out == "2 messages shown again.\n"
    assert [row["id"] for row in cli.ok("list", "INBOX", "--json").rows] == [3, 2, 1]
    assert cli.ok("list", "INBOX", "--deleted").out == ""


def test_what_is_here_can_be_searched_for(cli: Cli) -> None:
    assert [row["id"] for row in cli.ok("search", "is:here", "--json").rows] == [4, 1]
    assert [row["id"] for row in cli.ok("search", "--json", "--", "-is:here").rows] == [2]


def test_the_log_and_the_traffic(cli: Cli) -> None:
    first, last = cli.ok("log", "work", "--json").rows
    assert (first["kind"], first["detail"]) == ("offline", "no route")
    assert (last["kind"], last["account"]) == ("conflict", "work")
    assert len(cli.ok("log", "--limit", "1").out.splitlines()) == 1
    rows = cli.ok("account", "traffic", "--json").rows
    assert [(r["day"], r["received"], r["sent"]) for r in rows] == [
        ("2026-11-21", 2001, 301), ("2026-11-20", 1500, 200),
    ]  # fmt: skip
    assert cli.ok("account", "traffic", "work").out.splitlines()[-1].split()[0] == "all"


def test_how_much_an_account_keeps(cli: Cli) -> None:
    cli.ok(
        "account", "edit", "work", "--keep", "headers", "--keep-days", "90", "--whole-kb", "256",
        "--month-mb", "500", "--connections", "2",
    )  # fmt: skip
    (row,) = cli.ok("account", "show", "work", "--json").rows
    wanted = ("keep", "keep_days", "whole_kb", "month_mb", "connections")
    assert [row[name] for name in wanted] == ["headers", 90, 256, 500, 2]
    assert "500 MB" in cli.ok("account", "show", "work").out
    assert "number from 1" in cli.refused("account", "edit", "work", "--connections", "0", status=2)
