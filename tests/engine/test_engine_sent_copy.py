"""One copy of sent mail, whoever files it; without a Sent folder it waits, and it is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from martlet.engine.actions import Actions
from martlet.engine.sent_copy import PATIENCE_S, SentCopy
from martlet.mail.account import Account, Protocol, Security, SentCopies, Server
from martlet.mail.changes import Notice
from martlet.mail.errors import Offline
from martlet.mail.folder import Role
from martlet.mail.outgoing import (
    Delivery,
    DeliveryKind,
    OutboxId,
    OutboxState,
    RecipientResult,
)
from martlet.net.imap import ImapSession
from martlet.store import account_log, accounts, deliveries, folders, outbox
from martlet.store.blobs import Blobs
from support.paper import Letter, Paper
from support.queued import queued
from support.stores import Store


class Desk:
    def __init__(self, root: Path) -> None:
        self.store = Store(root)
        self.blobs = Blobs(root)
        self.server = Paper("INBOX", "Archive", "Trash")

    @property
    def account(self) -> Account:
        found = accounts.get(self.store.db, self.store.home)
        assert found is not None
        return found

    def sent(self, state: OutboxState = OutboxState.SENT) -> OutboxId:
        return queued(self.store, self.blobs, self.store.home, state)

    def with_sent(self, *message_ids: str) -> None:
        """The server has a Sent folder, with these messages in it."""
        self.server.create("Sent")
        for message_id in message_ids:
            self.server.put("Sent", Letter(f"Message-ID: {message_id}".encode()))
        with self.store.db.write() as tx:
            folders.create(tx, self.store.home, "Sent", "/", Role.SENT)

    def copies(self) -> list[str]:
        return [one.message_id for one in self.server.folders["Sent"].values()]

    def filed(self) -> list[str]:
        """What the ledger says of its copy."""
        lines = deliveries.of_message(self.store.db, "<sent@x>")
        return [one.said for one in lines if one.kind is DeliveryKind.FILED]

    def settle(self, copy: SentCopy, letter: OutboxId) -> OutboxState:
        copy.settle(cast(ImapSession, self.server), letter)
        entry = outbox.entry(self.store.db, letter)
        assert entry is not None
        return entry.state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "profile")
    yield made
    made.store.db.close()
    made.blobs.close()


def test_the_letter_waits_until_its_folder_is_named(desk: Desk) -> None:
    letter = desk.sent()
    copy = SentCopy(desk.account, desk.store.db, desk.blobs)
    for _ in range(3):
        assert desk.settle(copy, letter) is OutboxState.SENT
    assert desk.server.commands == []
    assert list(desk.server.folders) == ["INBOX", "Archive", "Trash"]
    notices = [one for one in desk.store.changes if isinstance(one, Notice)]
    assert [(one.summary, one.detail) for one in notices] == [
        ("home has no folder for sent mail: say which one.", "role:sent")
    ]
    assert len(account_log.newest(desk.store.db, desk.store.home, 9)) == 1
    Actions(desk.store.db, lambda _: None).set_role(desk.store.archive, Role.SENT)
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert [one.message_id for one in desk.server.folders["Archive"].values()] == ["<sent@x>"]


def test_where_the_server_files_by_itself_nothing_is_asked(desk: Desk) -> None:
    smtp = Server(Protocol.SMTP, "smtp.gmail.com", 465, Security.TLS, "a")
    copy = SentCopy(replace(desk.account, outgoing=smtp), desk.store.db, desk.blobs)
    letter = desk.sent()
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert [one for one in desk.store.changes if isinstance(one, Notice)] == []
    assert folders.by_role(desk.store.db, desk.store.home, Role.SENT) is None


GMAIL = Server(Protocol.SMTP, "smtp.gmail.com", 465, Security.TLS, "a")
OTHER = Server(Protocol.SMTP, "smtp.example.org", 465, Security.TLS, "a")
SELF = "The server put a copy into Sent by itself."
PROVIDER = "The provider keeps a copy in Sent by itself."
US = "A copy was put into Sent."
AUTO, ALWAYS, NEVER = SentCopies.AUTO, SentCopies.ALWAYS, SentCopies.NEVER


@pytest.mark.parametrize(
    ("how", "server", "there", "copies", "said"),
    [
        (AUTO, OTHER, False, 1, [US]),
        (AUTO, OTHER, True, 1, [SELF]),
        # Gmail makes a second message of what is appended: it is left to file alone, and slowly.
        (AUTO, GMAIL, False, 0, [PROVIDER]),
        (AUTO, GMAIL, True, 1, [SELF]),
        (ALWAYS, OTHER, False, 1, [US]),
        (ALWAYS, GMAIL, False, 1, [US]),
        (ALWAYS, GMAIL, True, 1, [SELF]),
        (NEVER, OTHER, False, 0, []),
        (NEVER, GMAIL, True, 1, []),
    ],
)
def test_one_copy_at_most(
    desk: Desk, how: SentCopies, server: Server, there: bool, copies: int, said: list[str]
) -> None:
    desk.with_sent(*(["<sent@x>"] if there else []))
    letter = desk.sent()
    account = replace(desk.account, outgoing=server, sent_copies=how)
    copy = SentCopy(account, desk.store.db, desk.blobs)
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert desk.copies() == ["<sent@x>"] * copies
    assert desk.filed() == said


@pytest.mark.parametrize("how", SentCopies)
def test_an_unknown_one_is_looked_for_and_never_put_there(desk: Desk, how: SentCopies) -> None:
    desk.with_sent()
    letter = desk.sent(OutboxState.UNKNOWN)
    account = replace(desk.account, sent_copies=how)
    copy = SentCopy(account, desk.store.db, desk.blobs)
    assert desk.settle(copy, letter) is OutboxState.UNKNOWN
    assert desk.copies() == []
    desk.server.put("Sent", Letter(b"Message-ID: <sent@x>"))
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert desk.filed() == ["It was found in Sent."]


def test_the_copy_of_what_some_have_got_says_nothing_of_the_others(desk: Desk) -> None:
    """The server took it for one and filed it; for the other the line was lost."""
    desk.with_sent("<sent@x>")
    letter = desk.sent(OutboxState.UNKNOWN)
    with desk.store.db.write() as tx:
        got = RecipientResult("a@example.org", 250, "ok")
        outbox.set_state(tx, letter, OutboxState.UNKNOWN, problem="lost", results=[got])
    copy = SentCopy(desk.account, desk.store.db, desk.blobs)
    assert desk.settle(copy, letter) is OutboxState.UNKNOWN
    assert desk.filed() == []


def test_a_line_lost_in_the_append_makes_no_second_copy(desk: Desk) -> None:
    desk.with_sent()
    letter = desk.sent()
    copy = SentCopy(desk.account, desk.store.db, desk.blobs)
    desk.server.cut = "APPEND"
    with pytest.raises(Offline):
        desk.settle(copy, letter)
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert desk.copies() == ["<sent@x>"]


def test_a_copy_that_is_refused_is_told_once_and_tried_again(desk: Desk) -> None:
    desk.with_sent()
    letter = desk.sent()
    copy = SentCopy(desk.account, desk.store.db, desk.blobs)
    desk.server.busy = {"APPEND"}
    assert desk.settle(copy, letter) is OutboxState.SENT
    assert not [one for one in desk.store.changes if isinstance(one, Notice)]
    desk.server.busy, desk.server.no = set(), {"APPEND"}
    for _ in range(3):
        assert desk.settle(copy, letter) is OutboxState.SENT
    told = [one.summary for one in desk.store.changes if isinstance(one, Notice)]
    assert told == ["The copy of a sent message could not be put into Sent."]
    desk.server.no = set()
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert desk.copies() == ["<sent@x>"]


def test_a_server_that_files_late_is_given_its_time(desk: Desk) -> None:
    """The letter before lies there twice: ours, and one the server put there afterwards."""
    desk.with_sent("<before@x>", "<before@x>")
    with desk.store.db.write() as tx:
        before = Delivery(1.0, "", DeliveryKind.FILED, said=US)
        deliveries.note(tx, desk.store.home, "<before@x>", "", [before])
        gone_out = Delivery(1000.0, "b@example.org", DeliveryKind.ACCEPTED)
        deliveries.note(tx, desk.store.home, "<sent@x>", "envelope", [gone_out])
    letter = desk.sent()
    now = [1010.0]
    copy = SentCopy(desk.account, desk.store.db, desk.blobs, clock=lambda: now[0])
    assert desk.settle(copy, letter) is OutboxState.SENT
    assert desk.filed() == []
    # It does not come after all: then it is ours to put there, and the next is not waited for.
    now[0] = 1000.0 + PATIENCE_S
    assert desk.settle(copy, letter) is OutboxState.FILED
    assert desk.filed() == [US]
