"""The command line against a real Dovecot and Postfix: the whole way of a script."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.mail.account import Protocol, Security
from martlet.store.reader import Reader
from support.dovecot import Dovecot
from support.postfix import Postfix, mail_host, unusable

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")


def letter(number: int) -> bytes:
    message = EmailMessage()
    message["From"] = "Bruno <bruno@example.org>"
    message["To"] = "ada@example.org"
    message["Subject"] = f"Letter {number} 你好"
    message["Date"] = f"Mon, 01 Jan 2024 00:{number:02}:00 +0000"
    message["Message-ID"] = f"<letter-{number}@example.org>"
    message.set_content("hello\n")
    message.add_alternative("<p>hello</p>", subtype="html")
    if number == 3:
        message.add_attachment(
            b"%PDF data", maintype="application", subtype="pdf", filename="a.pdf"
        )
    return message.as_bytes()


@pytest.fixture(scope="module")
def hosts() -> Iterator[tuple[Dovecot, Postfix]]:
    with mail_host() as both:
        yield both


def add(cli: Cli, user: str, hosts: tuple[Dovecot, Postfix], protocol: Protocol) -> None:
    dovecot, postfix = hosts
    incoming = dovecot.server(protocol, user)
    outgoing = postfix.server(user, Security.STARTTLS)
    cli.ok(
        "account", "add", "work", "--address", f"{user}@example.org",
        f"--{protocol.value}", f"{incoming.host}:{incoming.port}",
        "--smtp", f"{outgoing.host}:{outgoing.port}",
        "--security", incoming.security.value, "--smtp-security", outgoing.security.value,
        "--user", incoming.user, "--password-command", f"echo {dovecot.password}",
        "--ca-file", dovecot.ca_file, "--no-discover",
    )  # fmt: skip


def one(cli: Cli, *words: str) -> str:
    """The id of the newest row of what is listed or found."""
    return str(cli.ok(*words, "--limit", "1", "--json").rows[0]["id"])


def test_from_adding_to_sending(tmp_path: Path, hosts: tuple[Dovecot, Postfix]) -> None:
    dovecot, postfix = hosts
    cli = Cli(tmp_path / "profile")
    add(cli, "ada", hosts, Protocol.IMAP)
    dovecot.deliver_many("ada", [letter(number) for number in range(6)])
    assert "Ready to send" in cli.ok("account", "test", "work").out

    assert cli.ok("sync", "--json").rows[0]["new"] == 6
    rows = cli.ok("list", "INBOX", "--json").rows
    assert [row["subject"][:8] for row in rows] == [f"Letter {n}" for n in range(5, -1, -1)]
    assert all(row["uid"] for row in rows)
    newest = str(rows[0]["id"])
    assert "hello" in cli.ok("show", newest).out
    assert cli.ok("show", newest, "--html").out.strip() == "<p>hello</p>"
    assert cli.ok("show", newest, "--raw").raw.replace(b"\r\n", b"\n").endswith(b"--\n")
    shown = cli.ok("show", newest, "--json").rows[0]
    assert (shown["subject"], shown["message_id"]) == ("Letter 5 你好", "<letter-5@example.org>")

    third = one(cli, "search", "has:attachment")
    saved = Path(cli.ok("save", third, "--to", str(tmp_path)).out.strip())
    assert saved.read_bytes() == b"%PDF data"
    assert Path(cli.ok("save", third, "--to", str(tmp_path)).out.strip()) != saved

    cli.ok("flag", newest, "--add", "flagged")
    cli.ok("tag", newest, "--add", "重要")
    cli.ok("move", third, "Archive")
    cli.ok("sync")
    query = ("fetch", "-u", "ada", "flags", "mailbox", "INBOX")
    assert "\\Flagged" in dovecot.doveadm(*query)
    assert "&kc2JgQ-" in dovecot.doveadm(*query)
    assert "Tags: 重要\n" in cli.ok("show", newest).out
    assert one(cli, "search", "tag:重要") == newest
    assert dovecot.doveadm("search", "-u", "ada", "mailbox", "Archive").count("\n") == 1

    big = tmp_path / "big.bin"
    big.write_bytes(bytes(range(256)) * 4096)
    assert cli.ok(
        "send", "--to", "Ada <ada@example.org>", "--subject", "Grüße", "--body", "Hallo",
        "--attach", str(big),
    ).out == "Sent.\n"  # fmt: skip
    ready = cli("send", "-", stdin=letter(9))
    assert (ready.status, ready.out) == (0, "Sent.\n")
    assert "bruno@example.org, whom it is from, is no address of work" in ready.err
    postfix.wait_until_delivered()
    cli.ok("sync")
    mine = one(cli, "search", "Grüße", "--folder", "INBOX")
    back = Path(cli.ok("save", mine, "--to", str(tmp_path)).out.strip())
    assert back.read_bytes() == big.read_bytes()
    assert len(cli.ok("list", "Sent", "--json").rows) == 2


def test_pop3_stays_readable_without_its_server(
    tmp_path: Path, hosts: tuple[Dovecot, Postfix]
) -> None:
    dovecot, _ = hosts
    cli = Cli(tmp_path / "profile")
    add(cli, "bruno", hosts, Protocol.POP3)
    dovecot.deliver_many("bruno", [letter(number) for number in range(4)])
    assert cli.ok("sync", "--json").rows[0]["new"] == 4
    assert cli.ok("sync", "--json").rows[0]["new"] == 0
    dovecot.stop()
    try:
        assert "work" in cli.refused("sync")
        assert len(cli.ok("list", "inbox", "--json").rows) == 4
        assert "hello" in cli.ok("show", one(cli, "list", "inbox")).out
    finally:
        dovecot.start()


def test_a_wrong_password_is_one_clear_line(tmp_path: Path, hosts: tuple[Dovecot, Postfix]) -> None:
    cli = Cli(tmp_path / "profile")
    add(cli, "ada", hosts, Protocol.IMAP)
    cli.ok("account", "password", "work", "--password-command", "echo wrong")
    assert "password" in cli.refused("sync").casefold()
    assert "wrong" not in (cli.profile / "log" / "martlet.log").read_text()


def test_a_stopped_sync_is_gone_on_with(tmp_path: Path, hosts: tuple[Dovecot, Postfix]) -> None:
    dovecot, _ = hosts
    cli = Cli(tmp_path / "profile")
    dovecot.deliver_many("bruno", [letter(n % 60) for n in range(300)])
    add(cli, "bruno", hosts, Protocol.IMAP)
    sync = subprocess.Popen(
        cli.command("sync"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=cli.environment(),
    )
    reader = Reader(cli.profile)
    while sync.poll() is None and not any(folder.total for folder in reader.folders()):
        pass
    sync.kill()
    sync.wait()
    cli.ok("sync")
    there = dovecot.doveadm("search", "-u", "bruno", "mailbox", "INBOX").count("\n")
    assert there >= 300
    assert len(cli.ok("list", "INBOX", "--json").rows) == there
