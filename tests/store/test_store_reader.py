"""What the window reads: lists by key, searches, folders in order; and outgoing mail."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from martlet.mail.account import AccountId
from martlet.mail.changes import DraftsChanged, OutboxChanged
from martlet.mail.folder import Role
from martlet.mail.message import FLAGGED, SEEN, Address, MessageId
from martlet.mail.outgoing import (
    Draft,
    DraftId,
    DraftKind,
    OutboxState,
    OutgoingPart,
    RecipientResult,
)
from martlet.store import contacts, drafts, folders, outbox
from martlet.store.blobs import Blobs
from martlet.store.living import living_blobs
from martlet.store.reader import Coverage, Reader
from support.stores import Store


def test_an_empty_profile_is_empty_and_stays_so(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "p")
    assert (reader.accounts(), reader.folders(), reader.outbox(), reader.drafts()) == (
        [],
        [],
        [],
        [],
    )
    assert (reader.search("a in:b"), reader.search_count("a")) == ([], 0)
    assert (reader.coverage(), reader.raw(MessageId(1))) == (Coverage(0, 0), None)
    assert not (tmp_path / "p").exists()
    made = Store(tmp_path / "p")
    assert len(reader.accounts()) == 3
    made.db.close()
    reader.close()


def test_it_never_writes(store: Store) -> None:
    reader = Reader(store.root)
    with pytest.raises(apsw.ReadOnlyError):
        reader_write(reader)
    reader.close()


def reader_write(reader: Reader) -> None:
    connection = reader._open()
    assert connection is not None
    connection.execute("DELETE FROM account")


def test_folders_in_their_order(store: Store) -> None:
    with store.db.write() as tx:
        for name in ("zebra", "Äpfel", "apple"):
            folders.create(tx, store.home, name, "/")
        folders.create(tx, store.home, "S", "/", Role.SENT)
    reader = Reader(store.root)
    names = [f.name for f in reader.folders(store.home)]
    assert names == ["INBOX", "S", "Archive", "Trash", "apple", "zebra", "Äpfel"]
    assert [f.account_id for f in reader.find_folder("inbox")] == [1, 2, 3]
    assert [f.name for f in reader.find_folder("SENT", store.home)] == ["S"]
    assert reader.account("HOME") == reader.account(store.home)
    assert reader.account("nobody") is None
    reader.close()


def test_pages_follow_on_each_other(store: Store) -> None:
    ids = [store.put(store.inbox, date=1000.0 + n // 2) for n in range(11)]
    store.delete(ids[3])
    reader = Reader(store.root)
    keys = reader.keys(store.inbox)
    assert keys.typecode == "q"
    seen = []
    before = None
    while page := reader.page(store.inbox, before, 3):
        seen += page
        before = page[-1].sort_key
    assert [row.id for row in seen] == [m for m in reversed(ids) if m != ids[3]]
    assert [row.sort_key for row in seen] == list(keys)
    assert reader.rows_between(store.inbox, keys[1], keys[4]) == seen[1:5]
    assert list(reader.keys(store.inbox, keys[2], 2)) == list(keys[3:5])
    assert [row.id for row in reader.rows([ids[1], MessageId(999), ids[0]])] == [ids[1], ids[0]]
    assert reader.row(ids[3]) is None
    plan = store.db.query(
        "EXPLAIN QUERY PLAN SELECT sort_key FROM message INDEXED BY message_list"
        " WHERE folder_id = 1 AND hidden = 0 AND sort_key < 9 ORDER BY sort_key DESC LIMIT 5"
    )
    assert "COVERING INDEX" in plan[0][3]
    reader.close()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "abcd"),
        ("invoice", "ab"),
        ("INVOICE strasse", "a"),
        ("mull*", "b"),
        ("from:anna", "acd"),
        ("from:zoe", "b"),
        ("to:zoe", ""),
        ("to:bob", "abcd"),
        ("subject:strasse", ""),
        ("body:straße", "a"),
        ("京都", "c"),
        ("都京", ""),
        ("東京都", "c"),
        ("is:unread", "bcd"),
        ("is:unread invoice", "b"),
        ("is:starred OR zoe", "bd"),
        ("invoice -zoe", "a"),
        ("-invoice", "cd"),
        ("-(invoice OR is:starred)", "c"),
        ("invoice OR 京", "abc"),
        ("tag:PAID", "d"),
        ("in:archive", "d"),
        ("in:nowhere", ""),
        ("before:2020 invoice", "a"),
        ("since:2020", "bcd"),
        ("has:attachment", ""),
        ('"two words"', "d"),
        ('"words two"', ""),
        ("two-words", "d"),
        ('a"b', ""),
        ("NEAR(a b)", ""),
        ("* ^ : {", "abcd"),
    ],
)
def test_searching(store: Store, query: str, found: str) -> None:
    names = {
        store.put(store.inbox, date=1e9, subject="Invoice", text="Große Strasse, Straße",
                  flags=frozenset({SEEN})): "a",
        store.put(store.inbox, date=1.6e9, subject="Invoice Müller",
                  sender=Address("Zoë", "z@example.org")): "b",
        store.put(store.inbox, date=1.61e9, text="東京都と京都"): "c",
        store.put(store.archive, date=1.62e9, text="two words",
                  flags=frozenset({FLAGGED, "Paid"})): "d",
    }  # fmt: skip
    reader = Reader(store.root)
    rows = reader.search(query)
    assert "".join(sorted(names[row.id] for row in rows)) == found
    assert [row.sort_key for row in rows] == sorted((r.sort_key for r in rows), reverse=True)
    assert reader.search_count(query) == len(found)
    inbox = [row.id for row in rows if row.folder_id == store.inbox]
    assert [r.id for r in reader.search(query, folder_id=store.inbox)] == inbox
    assert reader.search(query, account_id=store.work) == []
    if rows:
        assert reader.search(query, before=rows[0].sort_key, limit=1) == rows[1:2]
    reader.close()


def test_coverage_and_raw(store: Store) -> None:
    blobs = Blobs(store.root)
    key = blobs.put(b"raw bytes")
    one = store.put(store.inbox, text="x", blob=key)
    store.put(store.inbox)
    reader = Reader(store.root)
    assert reader.coverage() == Coverage(2, 1)
    assert reader.raw(one) == b"raw bytes"
    head = reader.envelope(one)
    assert head is not None
    assert (head.subject, head.date) == ("Hello", 1_700_000_000.0)
    reader.close()
    blobs.close()


def test_drafts(store: Store) -> None:
    store.changes.clear()
    part = OutgoingPart("a.txt", "text/plain", 3, "c" * 64)
    draft = Draft(DraftId(0), store.home, subject="Hi \ud800", parts=(part,), updated=5.0)
    with store.db.write() as tx:
        draft_id = drafts.save(tx, draft)
    reader = Reader(store.root)
    stored = reader.draft(draft_id)
    assert stored is not None
    assert (stored.id, stored.subject, stored.parts) == (draft_id, "Hi ?", (part,))
    with store.db.write() as tx:
        assert drafts.save(tx, stored) == draft_id
    assert reader.drafts() == [stored]
    assert living_blobs(store.db) == {"c" * 64}
    with store.db.write() as tx:
        drafts.discard(tx, draft_id)
        drafts.discard(tx, draft_id)
    assert reader.drafts() == []
    assert store.changes == [DraftsChanged()] * 3
    reader.close()


def test_the_outbox(store: Store) -> None:
    draft = Draft(DraftId(0), store.home, subject="Hi")
    store.changes.clear()
    with store.db.write() as tx:
        one = outbox.queue(
            tx, store.home, message_id="<1@x>", subject="Hi", sender="a@x",
            recipients=["b@x", "c@x"],
            blob="d" * 64, sent_blob="e" * 64, size=9, not_before=100.0, draft=draft,
            source=MessageId(7), kind=DraftKind.REPLY,
        )  # fmt: skip
    db = store.db
    assert store.changes == [OutboxChanged()]
    assert outbox.due(db, store.home, 99.0) == []
    assert outbox.next_due(db, store.home) == 100.0
    assert [entry.id for entry in outbox.due(db, store.home, 100.0)] == [one]
    assert outbox.due(db, store.work, 100.0) == []
    with db.write() as tx:
        outbox.set_state(tx, one, OutboxState.SENDING, attempts=1)
    with db.write() as tx:
        assert outbox.interrupted(tx) == 1
        assert outbox.interrupted(tx) == 0
    assert outbox.in_states(db, store.home, [OutboxState.UNKNOWN]) == [one]
    assert outbox.next_due(db, store.home) is None
    result = RecipientResult("c@x", 550, "no \udcff")
    with db.write() as tx:
        outbox.set_state(
            tx, one, OutboxState.FAILED, problem="Refused.", results=[result], recipients=["c@x"]
        )
    entry = outbox.entry(db, one)
    assert entry is not None
    assert (entry.attempts, entry.recipients, entry.results[0].said) == (1, ("c@x",), "no ?")
    assert outbox.draft_of(db, one) == draft
    assert outbox.source_of(db, one) == (7, DraftKind.REPLY)
    assert outbox.sent_blob(db, one) == "e" * 64
    assert living_blobs(db) == {"d" * 64, "e" * 64}
    reader = Reader(store.root)
    assert reader.outbox() == [entry]
    with db.write() as tx:
        outbox.remove(tx, one)
    assert reader.outbox() == []
    assert outbox.source_of(db, one) == (None, DraftKind.NEW)
    reader.close()


def test_completing_addresses(store: Store) -> None:
    anna, bob = Address("Anna Berg", "Anna@Example.org"), Address("", "bob@example.net")
    with store.db.write() as tx:
        contacts.used(tx, [anna, bob, Address("x", "not an address")], when=1.0)
        contacts.used(tx, [bob, Address("Ölaf", "o@example.org")], when=2.0)
    reader = Reader(store.root)
    assert reader.complete("bE", 9) == [Address("Anna Berg", "anna@example.org")]
    # One's own addresses come after all others.
    own = Address("", "old@example.org")
    assert reader.complete("öl", 9) == [Address("Ölaf", "o@example.org"), own]
    assert reader.complete("", 2) == [bob, Address("Ölaf", "o@example.org")]
    assert reader.complete("b", 1) == [bob]
    reader.close()


def test_accounts_keep_all_their_settings(store: Store) -> None:
    reader = Reader(store.root)
    home = reader.account(store.home)
    assert home is not None
    assert home.id == AccountId(store.home)
    assert home.incoming is not None
    assert home.incoming.host == "imap.example.org"
    reader.close()
