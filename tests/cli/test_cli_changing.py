"""Commands that host the engine themselves, on accounts that never reach a server."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from cli.running import Cli
from cli.stored import fill
from martlet.cli import servers
from martlet.link.lock import ProfileLock
from martlet.link.messages import Shutdown
from martlet.link.start import connect
from martlet.paths import Profile


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    fill(tmp_path / "profile", 4)
    return Cli(tmp_path / "profile")


@pytest.fixture
def fresh(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "fresh")


def _ids(cli: Cli, folder: str = "Inbox") -> list[str]:
    return [str(row["id"]) for row in cli.ok("list", folder, "--json").rows]


def test_flags_and_tags(cli: Cli) -> None:
    first, second, *_ = _ids(cli)
    cli.ok("flag", first, second, "--add", "flagged", "--remove", "seen")
    cli.ok("tag", first, "--add", "urgent", "--remove", "todo")
    row = cli.ok("list", "Inbox", "--limit", "1", "--json").rows[0]
    assert (row["flags"], row["tags"]) == (["\\Flagged"], ["urgent"])
    cli.ok("tag", first, "--add", "重要")
    row = cli.ok("list", "Inbox", "--limit", "1", "--json").rows[0]
    assert row["tags"] == ["urgent", "重要"]
    assert [row["id"] for row in cli.ok("search", "tag:重要", "--json").rows] == [int(first)]
    cli.ok("tag", first, "--remove", "重要")
    assert cli.ok("search", "tag:重要", "--count").out == "0\n"
    assert "one word" in cli.refused("tag", first, "--add", "sehr wichtig", status=2)
    assert "no message 999" in cli.refused("flag", "999", "--add", "seen")


def test_moving_and_taking_back(cli: Cli) -> None:
    first, second, *rest = _ids(cli)
    assert cli.ok("move", first, second, "Archive").out == "2 messages moved to Archive.\n"
    assert set(_ids(cli, "archive")) == {first, second}
    assert "Archive" in cli.ok("undo").out
    assert set(_ids(cli)) == {first, second, *rest}
    assert cli.ok("archive", first, "--json").rows == [{"count": 1}]
    assert cli.ok("delete", second, "--json").rows == [{"count": 1}]
    assert _ids(cli, "Trash") == [second]
    assert "no folder 'Nowhere'" in cli.refused("move", second, "Nowhere")


def test_folders(cli: Cli) -> None:
    cli.ok("folder", "create", "Projects")
    cli.ok("folder", "rename", "Projects", "Projekte")
    assert "already" in cli.refused("folder", "create", "Projekte")
    cli.ok("folder", "delete", "Projekte", "--yes")
    assert "Projekte" not in cli.ok("folder", "list").out


def test_an_account_is_added_without_connecting(fresh: Cli) -> None:
    fresh.ok(
        "account", "add", "work", "--address", "a@example.org", "--imap", "[::1]:1143",
        "--smtp", "mail.example.org", "--security", "starttls", "--user", "me",
        "--name", "Ada Lövelace", "--password-command", "pass show mail", "--no-discover",
    )  # fmt: skip
    (row,) = fresh.ok("account", "show", "work", "--json").rows
    assert row["incoming"] == {
        "protocol": "imap", "host": "::1", "port": 1143, "security": "starttls", "user": "me",
        "auth": "",
    }  # fmt: skip
    assert row["outgoing"]["port"] == 587
    assert (row["full_name"], row["secret"]) == ("Ada Lövelace", "command")
    fresh.ok("account", "edit", "work", "--smtp", "other:2525", "--smtp-security", "none")
    (row,) = fresh.ok("account", "list", "--json").rows
    assert row["outgoing"]["host"] == "other"
    assert (row["outgoing"]["user"], row["incoming"]["host"]) == ("me", "::1")
    assert "work" in fresh.refused(
        "account", "add", "work", "--address", "b@example.org", "--imap", "h", "--ask-password",
        "--no-discover",
    )  # fmt: skip
    said = fresh.refused("account", "remove", "work", status=2)
    assert said.startswith("work would be removed with all its mail here")
    assert said.endswith("say --yes")
    fresh.ok("account", "remove", "work", "--yes")
    assert fresh.ok("account", "list", "--json").out == ""


def test_known_providers_need_no_servers(fresh: Cli) -> None:
    fresh.ok("account", "add", "z", "--address", "someone@163.com", "--ask-password")
    (row,) = fresh.ok("account", "show", "z", "--json").rows
    assert row["incoming"]["host"] == "imap.163.com"
    assert (row["outgoing"]["host"], row["outgoing"]["port"]) == ("smtp.163.com", 465)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--address", "nonsense", "--imap", "h"], "not an e-mail address"),
        (["--address", "a@example.org", "--imap", "h:99999"], "not a port"),
        (["--address", "a@example.org", "--imap", "h h"], "not the name of a server"),
        (["--address", "a@example.org", "--imap", "h:"], "port is missing"),
        (["--address", "a@example.org", "--imap", "[::1"], "not [ADDRESS]:PORT"),
        (["--address", "a@example.org", "--imap", "h", "--pop3", "h"], "not allowed with"),
        (["--address", "a@example.org", "--imap", "h", "--auth", "MAGIC"], "none of PLAIN"),
        (["--address", "a@example.org", "--imap", "h", "--ca-file", "/no/file"], "cannot be read"),
        (["--address", "a@example.org"], "give --imap"),
        (["--imap", "h"], "--address"),
    ],
)
def test_settings_that_cannot_be_are_refused(fresh: Cli, words: list[str], said: str) -> None:
    command = ["account", "add", "x", *words, "--no-discover", "--ask-password"]
    assert said in fresh.refused(*command, status=2)
    assert not fresh.profile.exists()


def test_a_password_must_come_from_somewhere(fresh: Cli) -> None:
    base = ["account", "add", "x", "--address", "a@example.org", "--imap", "h", "--no-discover"]
    assert "--password-stdin" in fresh.refused(*base, status=2)
    assert "no password on stdin" in fresh.refused(*base, "--password-stdin", status=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail.example.org", ("mail.example.org", None)),
        ("mail.example.org:993", ("mail.example.org", 993)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[2001:db8::1]:143", ("2001:db8::1", 143)),
        ("2001:db8::1", ("2001:db8::1", None)),
    ],
)
def test_places_are_read(text: str, expected: tuple[str, int | None]) -> None:
    assert servers.place(text) == expected


def test_a_message_that_cannot_go_out_stays(cli: Cli) -> None:
    said = cli.refused("send", "--to", "b@example.org", "--subject", "later", "--body", "x")
    assert "stays in the outbox" in said
    (row,) = cli.ok("outbox", "list", "--json").rows
    assert (row["state"], row["subject"]) == ("queued", "later")
    assert "draft" in cli.ok("outbox", "cancel", str(row["id"]), "--json").out
    assert cli.ok("outbox", "list", "--json").rows == []


def test_commands_at_the_same_time_wait_for_each_other(cli: Cli) -> None:
    ids = _ids(cli)
    running = [
        subprocess.Popen(
            cli.command("tag", message, "--add", "many"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=cli.environment(),
        )
        for message in ids
    ]
    for process in running:
        assert process.communicate(timeout=120) == (b"1 message changed.\n", b"")
        assert process.returncode == 0
    rows = cli.ok("list", "Inbox", "--json").rows
    assert all("many" in row["tags"] for row in rows)


def test_inspect_needs_no_profile(fresh: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(b"From: a@example.org\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nhi\r\n")
    ran = fresh.ok("inspect", str(file))
    assert json.loads(ran.out)["subject"] == "Grüße"
    assert not fresh.profile.exists()


def test_an_engine_alone_says_when_there_is_one(cli: Cli) -> None:
    profile = Profile(cli.profile)
    client = connect(profile)
    assert "already" in cli.refused("engine")
    # Commands use the one that runs.
    ids = _ids(cli)
    assert cli.ok("tag", ids[0], "--add", "x").out == "1 message changed.\n"
    client.call(Shutdown())
    client.close()
    lock = ProfileLock(profile)
    assert lock.acquire(60.0)
    lock.release()


@pytest.mark.skipif(os.name == "nt", reason="SIGINT")
def test_ctrl_c_ends_a_sync_with_a_silent_server(fresh: Cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        fresh.ok(
            "account", "add", "w", "--address", "a@example.org", "--security", "none",
            "--imap", f"127.0.0.1:{server.getsockname()[1]}", "--password-command", "echo x",
            "--no-discover",
        )  # fmt: skip
        sync = subprocess.Popen(
            fresh.command("sync"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=fresh.environment(),
        )
        line, _ = server.accept()
        with line:
            sync.send_signal(signal.SIGINT)
            assert sync.communicate(timeout=120) == (b"", b"martlet: interrupted\n")
        assert sync.returncode == 1
    # The next command finds no lock and no half-done work in its way.
    assert fresh.ok("undo").out == "There is nothing to undo.\n"
