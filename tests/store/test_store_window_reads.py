"""What a window asks of reports of delivery and of mail that POP3 has shown the headers of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.mail.account import Account, AccountId, Protocol, Security, Server
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import Envelope, MessageId
from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.mail.sync import Arrival, ListedFolder
from martlet.store import accounts, deliveries, folders, mailbox, pop3
from martlet.store.database import Database
from martlet.store.reader import Reader

SENT = "<sent@example.org>"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path)
    server = Server(Protocol.IMAP, "mail.example.org", 993, Security.TLS, "ada")
    with made.write() as tx:
        account = accounts.add(
            tx, Account(AccountId(0), "Work", "ada@example.org", incoming=server)
        )
        listed = [ListedFolder("INBOX", "/", Role.INBOX), ListedFolder("Sent", "/", Role.SENT)]
        folders.put_listed(tx, account, listed)
    yield made
    made.close()


@pytest.fixture
def reader(database: Database, tmp_path: Path) -> Iterator[Reader]:
    made = Reader(tmp_path)
    yield made
    made.close()


def place(reader: Reader, role: Role) -> Folder:
    return next(f for f in reader.folders() if f.role is role)


def arrive(database: Database, folder: FolderId, header: str, uid: int) -> MessageId:
    arrival = Arrival(uid, Envelope("A letter", message_id=header), frozenset(), 100, 1e9)
    with database.write() as tx:
        return mailbox.add_many(tx, folder, [arrival])[0]


def test_from_a_report_to_what_was_sent(database: Database, reader: Reader) -> None:
    inbox, sent = place(reader, Role.INBOX), place(reader, Role.SENT)
    copy = arrive(database, inbox.id, SENT, 1)  # sent to oneself, too
    letter = arrive(database, sent.id, SENT, 1)
    report = arrive(database, inbox.id, "<report@example.org>", 2)
    answer = arrive(database, inbox.id, "<answer@example.org>", 3)
    told = [
        Delivery(1e9, "a@example.org", DeliveryKind.ACCEPTED),
        Delivery(1e9, "a@example.org", DeliveryKind.FAILED, "5.2.2", "", report),
        Delivery(1e9, "b@example.org", DeliveryKind.FAILED, "5.2.2", "", report),
        Delivery(1e9, "c@example.org", DeliveryKind.ANSWERED, source=answer),
    ]
    with database.write() as tx:
        deliveries.note(tx, sent.account_id, SENT, "", told)
    assert reader.told_by(report) == [SENT]
    assert reader.told_by(answer) == []
    assert reader.told_by(MessageId(0)) == []
    assert [row.id for row in reader.with_message_id(SENT)] == [letter, copy]
    assert reader.with_message_id("") == []


def test_summaries_of_a_folder(database: Database, reader: Reader) -> None:
    inbox = place(reader, Role.INBOX)
    imap = arrive(database, inbox.id, "<imap@example.org>", 1)
    heads = [
        Arrival(0, Envelope(f"Letter {n}", date=1e9 + n), frozenset(), 5000, 1e9 + n)
        for n in range(3)
    ]
    with database.write() as tx:
        found = pop3.add_headers(tx, inbox.id, [(head, "headers") for head in heads])
        seen = [pop3.Fetched(f"u{each}", "", 5000, each) for each in found]
        pop3.note_all(tx, inbox.account_id, seen, 1e9)
    assert reader.summaries(inbox.id) == found[::-1]
    assert reader.summaries(inbox.id, 2) == found[:0:-1]
    assert reader.on_pop3([imap, *found]) == set(found)
    assert reader.on_pop3([]) == set()
