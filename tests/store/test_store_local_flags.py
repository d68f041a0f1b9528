"""Flags a server cannot keep: they stay here, through all that happens to a message."""

from __future__ import annotations

from martlet.mail.folder import FolderId
from martlet.mail.message import DELETED, FLAGGED, SEEN, MessageId
from martlet.mail.sync import OpKind
from martlet.store import folders, journal, mailbox
from martlet.store.fold import unkept
from martlet.store.reader import Reader
from support.stores import Store

NONE: frozenset[str] = frozenset()
SYSTEM = frozenset({"\\Seen", "\\Answered", "\\Deleted"})


def keeps(store: Store, folder: FolderId, flags: frozenset[str]) -> None:
    with store.db.write() as tx:
        folders.put_selected(tx, folder, flags)


def local(store: Store, message: MessageId) -> str:
    return str(store.db.query("SELECT local_flags FROM message WHERE id = ?", (message,))[0][0])


def test_what_a_server_can_keep() -> None:
    wanted = frozenset({SEEN, FLAGGED, DELETED, "paid", "$Junk"})
    assert unkept(wanted, NONE) == NONE
    assert unkept(wanted, SYSTEM) == {FLAGGED, "paid", "$Junk"}
    assert unkept(wanted, SYSTEM | {"$junk", "\\flagged"}) == {"paid"}
    assert unkept(wanted, SYSTEM | {"\\*"}) == {FLAGGED}


def test_only_the_rest_goes_to_the_server(store: Store) -> None:
    keeps(store, store.inbox, SYSTEM)
    one = store.put(store.inbox, uid=5)
    assert store.flag(f"{SEEN} paid", "", one) == 1
    assert store.where(one) == (store.inbox, 5, frozenset({SEEN, "paid"}))
    (op,) = store.pending()
    assert (op.kind, op.add) == (OpKind.FLAGS, frozenset({SEEN}))
    assert Reader(store.root).search("tag:paid")[0].tags == {"paid"}
    with store.db.write() as tx:
        mailbox.set_server_flags(tx, store.inbox, {5: frozenset({FLAGGED})})
    assert store.where(one) == (store.inbox, 5, frozenset({SEEN, FLAGGED, "paid"}))
    assert store.flag("", "paid", one) == 1
    assert (local(store, one), len(store.pending())) == ("", 1)
    # As one action it is undone as one.
    assert store.undo() == "Change of marks of 1 message"
    assert local(store, one) == "paid"
    assert store.undo() == "Change of marks of 1 message"
    assert store.where(one) == (store.inbox, 5, frozenset({FLAGGED}))
    assert store.pending() == []


def test_it_may_be_told_only_when_the_folder_is_opened(store: Store) -> None:
    one, two = store.put(store.inbox, uid=5), store.put(store.inbox, uid=6)
    store.flag("paid", "", one, two)
    store.flag("", "paid", two)
    first, second, _ = store.pending()
    with store.db.write() as tx:
        journal.done(tx, [first.id, second.id], unkept=frozenset({"paid"}))
    assert (local(store, one), local(store, two)) == ("paid", "")
    assert store.where(two) == (store.inbox, 6, NONE)
    store.done(store.pending()[0])
    assert store.where(one) == (store.inbox, 5, frozenset({"paid"}))
    keeps(store, store.inbox, SYSTEM)
    assert store.undo() == "Change of marks of 1 message"
    assert local(store, two) == "paid"
    assert store.undo() == "Change of marks of 2 messages"
    assert (store.where(one), store.where(two)) == (
        (store.inbox, 5, NONE), (store.inbox, 6, NONE),
    )  # fmt: skip
    assert store.pending() == []


def test_they_go_with_the_message(store: Store) -> None:
    keeps(store, store.inbox, SYSTEM)
    one = store.put(store.inbox, uid=5, blob="b" * 64)
    store.flag("paid", "", one)
    (place,) = mailbox.locate(store.db, [one])
    with store.db.write() as tx:
        journal.copy(tx, [one], store.archive)
    store.move(store.trash, one)
    for uid in (70, 71):
        store.done(store.pending()[0], uid)
    with store.db.write() as tx:
        mailbox.set_server_flags(tx, store.trash, {71: NONE})
        mailbox.set_server_flags(tx, store.archive, {70: NONE})
        # UIDVALIDITY changed.
        folders.forget(tx, store.trash)
        assert mailbox.adopt(tx, store.trash, 9, place.message_id, 100, NONE)
    (copy,) = store.db.query("SELECT id FROM message WHERE folder_id = ?", (store.archive,))
    assert store.where(copy[0]) == (store.archive, 70, frozenset({"paid"}))
    assert store.where(one) == (store.trash, 9, frozenset({"paid"}))
    assert mailbox.blob_of(store.db, one) == "b" * 64
    store.move(store.local, one)
    assert store.where(one) == (store.local, 0, frozenset({"paid"}))
    assert store.flag("", "paid", one) == 1
    assert store.where(one) == (store.local, 0, NONE)


def test_what_is_uploaded_keeps_here_what_cannot_be_kept_there(store: Store) -> None:
    one = store.put(store.local, uid=0, flags=frozenset({SEEN, "paid"}), blob="b" * 64)
    store.move(store.archive, one)
    (append,) = store.pending()
    with store.db.write() as tx:
        journal.done(tx, [append.id], "OK", {one: 3}, unkept=frozenset({"paid"}))
        mailbox.set_server_flags(tx, store.archive, {3: frozenset({SEEN})})
    assert store.where(one) == (store.archive, 3, frozenset({SEEN, "paid"}))


def test_partial_messages_stay_partial(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    with store.db.write() as tx:
        tx.execute("UPDATE message SET partial = 'p', email_id = 'E' WHERE id = ?", (one,))
        tx.execute("INSERT INTO part VALUES (?, '2', 9, 6, 'q')", (one,))
        tx.execute("INSERT INTO part VALUES (?, '3', 9, 6, '')", (one,))
        journal.copy(tx, [one], store.archive)
        (place,) = mailbox.locate(tx, [one])
        folders.forget(tx, store.inbox)
        assert mailbox.adopt(tx, store.inbox, 8, place.message_id, 100, NONE)
    assert store.db.query("SELECT partial, email_id FROM message") == [("p", "E"), ("p", "E")]
    assert store.db.query("SELECT section, blob FROM part") == [("2", "q"), ("3", "")] * 2
    row = Reader(store.root).row(one)
    assert row is not None
    assert (row.partial, row.has_body) == (True, False)
