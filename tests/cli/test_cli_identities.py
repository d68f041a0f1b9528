"""Identities, the outbox and the ledger on the command line, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import Cli
from cli.stored import by_command, fill
from martlet.mail.account import AccountId
from martlet.mail.message import MessageId
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    DraftKind,
    OutboxId,
    OutboxState,
    RecipientResult,
)
from martlet.store import deliveries, outbox
from martlet.store.database import Database


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    root = tmp_path / "profile"
    fill(root, 3)
    by_command(root)
    return Cli(root)


def test_identities_come_change_and_go(cli: Cli) -> None:
    cli.ok(
        "identity", "add", "work", "--address", "shop@example.net", "--full-name", "The Shop",
        "--reply-to", "answers@example.net", "--sent", "archive", "--smtp", "mx.example.net",
        "--security", "starttls", "--signature-file", "-", stdin=b"The Shop\nMain street\n",
    )  # fmt: skip
    main, shop = cli.ok("identity", "list", "work", "--json").rows
    assert (main["id"], main["address"]) == (0, "work@example.org")
    assert shop == {
        "id": 1, "address": "shop@example.net", "full_name": "The Shop",
        "reply_to": "answers@example.net", "signature": "The Shop\nMain street", "sent": "Archive",
        "outgoing": {
            "host": "mx.example.net", "port": 587, "security": "starttls",
            "user": "shop@example.net", "auth": "",
        },
    }  # fmt: skip
    cli.ok("identity", "edit", "work", "1", "--no-smtp", "--full-name", "Shop", "--sent", "")
    cli.ok("identity", "edit", "work", "0", "--full-name", "Wilma", "--signature", "W.")
    main, shop = cli.ok("identity", "list", "work", "--json").rows
    assert (main["full_name"], main["signature"]) == ("Wilma", "W.")
    assert (shop["full_name"], shop["outgoing"], shop["sent"]) == ("Shop", None, "")
    head, first, second = cli.ok("identity", "list", "work").out.splitlines()
    assert head.endswith("  Signature")
    assert first.endswith("W.")
    assert second.endswith("The Shop …")
    assert "shop@example.net" in second
    cli.ok("identity", "remove", "work", "1")
    assert len(cli.ok("identity", "list", "work", "--json").rows) == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["add", "work", "--address", "nobody"], 2, "not an e-mail address"),
        (["add", "work", "--address", "Work@example.org"], 1, "is there twice"),
        (["add", "work", "--address", "a@b.example", "--reply-to", "no one"], 1, "cannot go to"),
        (
            ["add", "work", "--address", "a@b.example", "--sent", "Shop"],
            1,
            "work has no folder 'Shop'; there are: Inbox, Drafts, Sent, Archive, Junk, Trash.",
        ),
        (["add", "work", "--address", "a@b.example", "--user", "x"], 2, "give --smtp"),
        (["add", "work", "--address", "a@b.example", "--password-stdin"], 2, "give --smtp"),
        (["edit", "work", "7", "--full-name", "x"], 1, "has no identity 7"),
        (["edit", "work", "0", "--address", "x@y.example"], 2, "martlet account edit"),
        (["remove", "work", "0"], 1, "martlet account remove"),
        (["remove", "work", "one"], 2, "not a number"),
        (["list", "nobody"], 1, "nobody"),
    ],
)
def test_what_cannot_be(cli: Cli, words: list[str], status: int, said: str) -> None:
    assert said in cli.refused("identity", *words, status=status)


def test_folders_that_are_not_known_yet_may_be_named(cli: Cli) -> None:
    cli.ok("account", "add", "far", "--address", "a@example.org", "--imap", "h.example",
        "--no-discover", "--password-command", "echo x")  # fmt: skip
    cli.ok("identity", "add", "far", "--address", "b@example.org", "--sent", "Shop")
    assert cli.ok("identity", "list", "far", "--json").rows[1]["sent"] == "Shop"


def test_the_ledger_of_a_message(cli: Cli) -> None:
    database = Database(cli.profile)
    with database.write() as tx:
        told = [
            Delivery(1_700_000_000.0, "b@x.example", DeliveryKind.ACCEPTED, "2.0.0"),
            Delivery(
                1_700_000_060.0, "b@x.example", DeliveryKind.FAILED, "5.2.2", "Full.", MessageId(3)
            ),
        ]
        deliveries.note(tx, AccountId(1), "<work-0@example.org>", "", told)
    database.close()
    oldest = cli.ok("list", "Inbox", "--json").rows[-1]["id"]
    assert cli.ok("delivery", str(oldest), "--json").rows == [
        {
            "time": "2023-11-14T22:13:20Z", "recipient": "b@x.example", "kind": "accepted",
            "status": "2.0.0", "said": "", "source": None,
        },
        {
            "time": "2023-11-14T22:14:20Z", "recipient": "b@x.example", "kind": "failed",
            "status": "5.2.2", "said": "Full.", "source": 3,
        },
    ]  # fmt: skip
    shown = cli.ok("delivery", "<work-0@example.org>").out
    assert "could not be delivered" in shown
    assert "[3] Full." in shown
    assert "did not send it" in cli.refused("delivery", "<other@example.org>")
    assert "neither" in cli.refused("delivery", "x", status=2)


def test_the_outbox_says_when_and_for_whom(cli: Cli) -> None:
    database = Database(cli.profile)
    with database.write() as tx:
        made = outbox.queue(
            tx, AccountId(1), message_id="<o@x>", subject="Plans", sender="work@example.org",
            recipients=["a@x.example", "b@x.example"], blob="d" * 64, sent_blob="", size=9,
            not_before=0.0, draft=None, source=None, kind=DraftKind.NEW, envelope_id="e1",
        )  # fmt: skip
        results = [
            RecipientResult("a@x.example", 250, "Ok"),
            RecipientResult("b@x.example", 450, "4.2.0 Greylisted"),
        ]
        outbox.set_state(
            tx, made, OutboxState.QUEUED, problem="Not yet.", attempts=2, results=results,
            recipients=["b@x.example"], not_before=4_000_000_000.0,
        )  # fmt: skip
    database.close()
    shown = cli.ok("outbox", "list").out
    assert "2096-10-0" in shown
    assert "Plans [Not yet.]" in shown
    assert "1: a@x.example: 250 Ok" in shown
    assert "1: b@x.example: 450 4.2.0 Greylisted" in shown
    (row,) = cli.ok("outbox", "list", "--json").rows
    assert (row["attempts"], row["envelope_id"], row["identity"]) == (2, "e1", 0)
    # The raw message of this one is not there: it is tried at once, and says why it cannot go.
    assert "not in the store" in cli.refused("outbox", "send", "1")


def test_who_it_is_from(cli: Cli) -> None:
    cli.ok("identity", "add", "work", "--address", "shop@example.net", "--full-name", "Shop")
    said = cli.refused(
        "send", "--from", "shop+1@example.net", "--to", "a@x.example", "--subject", "Hi", "--dsn",
    )  # fmt: skip
    assert "stays in the outbox" in said
    (row,) = cli.ok("outbox", "list", "--json").rows
    assert (row["from"], row["identity"]) == ("shop+1@example.net", 1)
    assert "one address" in cli.refused(
        "send", "--from", "a@x.example, b@x.example", "--to", "c@x.example", "--body", "x", status=2
    )
    mail = b"From: Shop <shop@example.net>\nTo: a@x.example\nSubject: Ready\n\ntext\n"
    assert "outbox" in cli.refused("send", "-", stdin=mail)
    assert cli.ok("outbox", "list", "--json").rows[1]["from"] == "shop@example.net"
    refusal = cli.refused("send", "-", "--dsn", stdin=mail, status=2)
    assert "go with a message file" in refusal


def test_programs_get_json_of_what_is_queued_and_decided(cli: Cli) -> None:
    words = ("send", "--to", "a@x.example", "--body", "x", "--later", "+2h", "--json")
    (queued,) = cli.ok(*words).rows
    (row,) = cli.ok("outbox", "list", "--json").rows
    assert queued == row
    assert row["state"] == "queued"
    database = Database(cli.profile)
    with database.write() as tx:
        outbox.set_state(tx, OutboxId(int(str(row["id"]))), OutboxState.UNKNOWN)
    database.close()
    decided = cli.ok("outbox", "resolve", str(row["id"]), "--sent", "--json").rows
    assert decided == [{"id": row["id"], "state": "sent"}]
