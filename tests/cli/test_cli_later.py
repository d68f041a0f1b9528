"""Letters that go later, and what a letter may ask for, from the command line."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from cli.running import Cli
from martlet.store.blobs import Blobs
from martlet.store.reader import Reader


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    made = Cli(tmp_path)
    made.ok(
        "account", "add", "work", "--address", "ada@example.org", "--smtp", "127.0.0.1:1",
        "--user", "", "--security", "none", "--no-discover", "--password-command", "echo x",
    )  # fmt: skip
    return made


NEXT = datetime.now().year + 1
LETTER = ("send", "--to", "bruno@example.org", "--subject", "Hi", "--body", "x", "--later")


def test_a_letter_waits_for_its_time_and_is_given_another(cli: Cli) -> None:
    said = cli(*LETTER, f"{NEXT}-11-22 09:00")
    assert (said.status, said.err) == (0, "")
    assert f"it goes out at {NEXT}-11-22 09:00." in said.out
    listed = cli("outbox", "list")
    assert " later " in listed.out
    assert f"{NEXT}-11-22 09:00" in listed.out
    said = cli("outbox", "delay", "1", f"{NEXT}-11-23 10:00")
    assert said.out == f"Hi: goes out at {NEXT}-11-23 10:00, if Martlet runs then.\n"
    (row,) = cli("outbox", "list", "--json").rows
    assert row["send_at"] == row["not_before"]
    assert str(row["send_at"]).startswith(f"{NEXT}-11-23T")
    said = cli("outbox", "delay", "1", "soon")
    assert (said.status, said.out) == (2, "")
    assert "WHEN: 'soon' is no time" in said.err
    assert cli("outbox", "cancel", "1").out == "Hi: not sent; a draft again.\n"


def test_what_a_letter_asks_for_stands_in_its_header(cli: Cli, tmp_path: Path) -> None:
    cli.ok(
        *LETTER, f"{NEXT}-11-22 09:00", "--priority", "high", "--receipt",
        "--header", "X-Ticket: 4711", "--header", "Organization:Größe", "--reply-to",
        "Shop <shop@example.org>",
    )  # fmt: skip
    (profile,) = {path.parent for path in tmp_path.rglob("martlet.db")}
    (entry,) = Reader(profile).outbox()
    raw = Blobs(profile).get(entry.blob)
    assert raw is not None
    head = message_from_bytes(raw)
    assert head["Importance"] == "High"
    assert head["Disposition-Notification-To"] == "ada@example.org"
    assert (head["X-Ticket"], head["Reply-To"]) == ("4711", "Shop <shop@example.org>")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--header", "Bcc: eve@example.org"), "Bcc is written by Martlet"),
        (("--header", "nothing"), "is not NAME:VALUE"),
        (("--header", "X-A:"), "needs a value"),
        (("--reply-to", "nobody"), "is not an e-mail address"),
        (("--priority", "extreme"), "invalid choice"),
    ],
)
def test_what_may_not_be_is_said_in_a_line(cli: Cli, words: tuple[str, ...], why: str) -> None:
    said = cli(*LETTER, "+1h", *words)
    assert (said.status, said.out) == (2, "")
    assert why in said.err
    assert len(said.err.splitlines()) == 1
    assert cli("outbox", "list", "--json").rows == []


def test_a_message_is_not_sent_on_to_nobody(cli: Cli) -> None:
    assert cli("redirect", "1").status == 2
    assert cli("redirect", "1", "--to", "nobody").status == 2
    assert cli("redirect", "1", "--to", "b@example.org").status == 1
