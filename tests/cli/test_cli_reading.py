"""Listing and searching a store, without an engine."""

from __future__ import annotations

import subprocess

import pytest

from cli.running import Cli
from cli.stored import fill

FIELDS = [
    "id", "account", "folder", "uid", "subject", "from", "to", "date", "flags", "tags", "size",
    "attachments", "preview",
]  # fmt: skip


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    root = tmp_path_factory.mktemp("profile")
    fill(root, 1200)
    fill(root, 3, "home", 100_000.0)
    return Cli(root)


def test_rows_have_exactly_the_documented_fields(cli: Cli) -> None:
    (row,) = cli.ok("list", "inbox", "--account", "work", "--limit", "1", "--json").rows
    assert list(row) == FIELDS
    assert row == {
        "id": row["id"],
        "account": "work",
        "folder": "Inbox",
        "uid": 0,
        "subject": "work 1199 你好\x1b[31m",
        "from": '"Berg, Ännchen" <a1199@example.org>',
        "to": "work@example.org",
        "date": "2023-11-15T18:12:20Z",
        "flags": ["\\Seen"],
        "tags": ["todo"],
        "size": 2199,
        "attachments": 2,
        "preview": "a preview",
    }
    raw = cli.ok("list", "inbox", "--account", "work", "--limit", "1", "--json").raw
    assert "你好".encode() in raw


def test_lists_are_newest_first_and_whole_with_json(cli: Cli) -> None:
    rows = cli.ok("list", "Inbox", "--account", "work", "--json").rows
    assert len(rows) == 1200
    assert [row["date"] for row in rows] == sorted((r["date"] for r in rows), reverse=True)
    assert len(cli.ok("list", "Inbox", "--account", "work").out.splitlines()) == 100
    assert len(cli.ok("list", "Inbox", "--limit", "700").out.splitlines()) == 700


def test_a_folder_of_several_accounts_is_merged(cli: Cli) -> None:
    rows = cli.ok("list", "INBOX", "--json").rows
    assert len(rows) == 1203
    assert {row["account"] for row in rows} == {"work", "home"}
    assert [row["date"] for row in rows] == sorted((r["date"] for r in rows), reverse=True)


def test_which_account_is_meant_must_be_said(cli: Cli) -> None:
    assert "--account" in cli.refused("folder", "rename", "Inbox", "x", status=2)
    assert "no account 'none'" in cli.refused("list", "Inbox", "--account", "none")


def test_search_counts_and_finds(cli: Cli) -> None:
    assert cli.ok("search", "hello", "--count").out == "1203\n"
    assert cli.ok("search", "hello", "--count", "--json").rows == [{"count": 1203}]
    assert [row["subject"][:7] for row in cli.ok("search", "word777", "--json").rows] == ["work 77"]
    assert len(cli.ok("search", "你好", "--account", "home", "--json").rows) == 3
    assert len(cli.ok("search", "hello", "--json").rows) == 1203
    assert len(cli.ok("search", "is:unread", "--folder", "inbox", "--account", "home").out) > 10


def test_people_see_aligned_lines_without_control_characters(cli: Cli) -> None:
    out = cli.ok("list", "Inbox", "--limit", "5").out
    assert "\x1b" not in out
    assert "\\x1b[31m" in out


def test_a_reader_that_has_enough_is_no_error(cli: Cli) -> None:
    program = subprocess.Popen(
        cli.command("list", "Inbox", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=cli.environment(),
    )
    assert program.stdout is not None
    assert program.stderr is not None
    assert program.stdout.readline().startswith(b"{")
    program.stdout.close()
    said = program.stderr.read()
    program.stderr.close()
    assert (program.wait(), said) == (0, b"")


def test_folders_are_listed_with_counts(cli: Cli) -> None:
    rows = cli.ok("folder", "list", "--account", "home", "--json").rows
    assert {row["name"]: row["role"] for row in rows}["Inbox"] == "inbox"
    assert next(row for row in rows if row["role"] == "inbox")["unread"] == 2
    assert list(rows[0]) == [
        "id", "account", "name", "delimiter", "role", "chosen", "total", "unread", "there",
        "keep", "keep_days", "parked", "rights", "subscribed", "selectable", "local",
    ]  # fmt: skip
    assert "Inbox" in cli.ok("folder", "list").out
