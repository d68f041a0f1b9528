"""Rows of messages: arriving, matched with their server, indexed, gone."""

from __future__ import annotations

from martlet.mail.changes import BodyArrived, FoldersChanged, MessagesChanged
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import DELETED, FLAGGED, SEEN, Address, Content, Envelope, MessageId
from martlet.mail.sync import Arrival, ListedFolder, SyncState
from martlet.store import accounts, folders, mailbox
from martlet.store.reader import Reader
from support.stores import Store

NONE: frozenset[str] = frozenset()


def counts(store: Store, folder: FolderId) -> tuple[int, int]:
    found = folders.by_id(store.db, folder)
    assert found is not None
    return found.total, found.unread


def test_arriving_is_counted_and_told_once(store: Store) -> None:
    store.changes.clear()
    arrivals = [Arrival(n, Envelope(date=float(n)), NONE if n % 2 else frozenset({SEEN}))
                for n in range(1, 6)]  # fmt: skip
    with store.db.write() as tx:
        ids = mailbox.add_many(tx, store.inbox, arrivals)
        assert mailbox.add_many(tx, store.inbox, arrivals) == ids
    assert store.changes == [
        MessagesChanged(store.inbox, added=tuple(ids)),
        FoldersChanged(store.home),
    ]
    assert counts(store, store.inbox) == (5, 3)
    assert mailbox.local_uids(store.db, store.inbox)[2] == {SEEN}


def test_hostile_text_is_stored(store: Store) -> None:
    bad = "\ud800 nul \0 end"
    head = Envelope(bad, Address(bad, bad), (Address(bad, bad),), message_id=bad, references=(bad,))
    with store.db.write() as tx:
        one = mailbox.add(
            tx, store.inbox, 1, head, flags=frozenset({bad, "ok"}), size=1, received=-1e300,
            content=Content(bad, bad, 1),
        )  # fmt: skip
        two = mailbox.add(
            tx, store.inbox, 2, Envelope(date=1e300), flags=NONE, size=1, received=0, content=None
        )
    reader = Reader(store.root)
    assert [row.id for row in reader.page(store.inbox, None, 9)] == [two, one]
    assert reader.rows([one])[0].tags == {"ok"}


def test_a_body_is_told_and_found(store: Store) -> None:
    one = store.put(store.inbox, subject="Old words")
    reader = Reader(store.root)
    assert [uid for _, uid, _ in mailbox.missing(store.db, store.inbox, 9)] == [1]
    store.changes.clear()
    with store.db.write() as tx:
        mailbox.set_body(tx, one, Envelope("New"), Content("line", "the body", 2), "ab")
        mailbox.set_body(tx, MessageId(999), Envelope(), Content(), "ab")
    assert store.changes == [BodyArrived(one), MessagesChanged(store.inbox, changed=(one,))]
    assert mailbox.missing(store.db, store.inbox, 9) == []
    assert reader.search("words") == []
    (row,) = reader.search("new body")
    assert (row.preview, row.attachments, row.has_body) == ("line", 2, True)


def test_the_server_removes_and_the_index_forgets(store: Store) -> None:
    store.put(store.inbox, uid=5, subject="findme")
    with store.db.write() as tx:
        mailbox.remove_uids(tx, store.inbox, [5, 6])
    assert counts(store, store.inbox) == (0, 0)
    assert store.db.query("SELECT rowid FROM message_text WHERE message_text MATCH 'findme'") == []


def test_what_the_server_deleted_but_keeps_is_hidden(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    with store.db.write() as tx:
        mailbox.set_server_flags(tx, store.inbox, {5: frozenset({DELETED})})
    assert store.where(one) is None
    assert counts(store, store.inbox) == (0, 0)
    with store.db.write() as tx:
        mailbox.set_server_flags(tx, store.inbox, {5: frozenset({SEEN, FLAGGED})})
    assert store.where(one) == (store.inbox, 5, frozenset({SEEN, FLAGGED}))
    assert counts(store, store.inbox) == (1, 0)


def test_a_new_uidvalidity_keeps_what_is_the_same(store: Store) -> None:
    one, two = store.put(store.inbox, uid=5), store.put(store.inbox, uid=6)
    (place,) = mailbox.locate(store.db, [one])
    with store.db.write() as tx:
        folders.save_sync_state(tx, store.inbox, SyncState(1, 7, 9))
        folders.forget(tx, store.inbox)
        assert not mailbox.adopt(tx, store.inbox, 1, "", 100, NONE)
        assert not mailbox.adopt(tx, store.inbox, 1, place.message_id, 99, NONE)
        assert mailbox.adopt(tx, store.inbox, 1, place.message_id, 100, frozenset({SEEN}))
        assert not mailbox.adopt(tx, store.inbox, 2, place.message_id, 100, NONE)
        mailbox.drop_orphans(tx, store.inbox)
    assert folders.sync_state(store.db, store.inbox) == SyncState()
    assert store.where(one) == (store.inbox, 1, frozenset({SEEN}))
    assert store.where(two) is None


def test_listed_folders(store: Store) -> None:
    store.put(store.archive)
    listed = [
        ListedFolder("inbox", "/", Role.INBOX),
        ListedFolder("Archive", "/"),
        ListedFolder("Lists", "/", selectable=False),
        ListedFolder("Lists/Qt", "/", subscribed=False),
    ]
    with store.db.write() as tx:
        folders.put_listed(tx, store.home, listed)
    names = {f.name: f for f in folders.of_account(store.db, store.home)}
    assert names.keys() == {"INBOX", "Archive", "Lists", "Lists/Qt"}
    assert names["Archive"].role is Role.ARCHIVE
    assert not names["Lists"].selectable
    store.changes.clear()
    with store.db.write() as tx:
        folders.put_listed(tx, store.home, listed)
    assert store.changes == []
    with store.db.write() as tx:
        folders.put_listed(tx, store.home, listed[:1])
    assert [f.name for f in folders.of_account(store.db, store.home)] == ["INBOX"]
    assert store.db.query("SELECT COUNT(*) FROM message_text") == [(0,)]


def test_removing_an_account_leaves_nothing(store: Store) -> None:
    store.put(store.inbox, text="words")
    store.move(store.archive, store.put(store.inbox))
    with store.db.write() as tx:
        accounts.remove(tx, store.home)
    for table in ("message", "journal", "message_text"):
        assert store.db.query(f"SELECT COUNT(*) FROM {table}") == [(0,)]
    assert [a.name for a in accounts.all_accounts(store.db)] == ["work", "old"]


def test_sort_keys_stay_unique_and_in_order(store: Store) -> None:
    with store.db.write() as tx:
        tx.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'message'", ((1 << 20) - 2,))
    first = [store.put(store.inbox, date=5.0) for _ in range(3)]
    with store.db.write() as tx:
        tx.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'message'", ((2 << 20) - 2,))
    second = [store.put(store.inbox, date=5.0) for _ in range(3)]
    later = store.put(store.inbox, date=6.0)
    rows = Reader(store.root).page(store.inbox, None, 99)
    assert rows[0].id == later
    assert {row.id for row in rows} == {later, *first, *second}
