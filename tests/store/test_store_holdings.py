"""What is here and what is not, what went over the line, and what an account has to say."""

from __future__ import annotations

from martlet.mail.message import DELETED, Envelope
from martlet.mail.sync import Arrival, Traffic
from martlet.store import account_log, folders, journal, mailbox, traffic
from martlet.store.reader import Reader
from support.stores import Store

NONE: frozenset[str] = frozenset()


def test_what_the_server_should_have_is_counted_as_it_is_listed(store: Store) -> None:
    ids = [store.put(store.inbox, uid=n) for n in range(1, 8)]
    store.put(store.inbox, uid=8, flags=frozenset({DELETED}))
    store.move(store.archive, ids[0])
    store.delete(ids[1])
    store.flag("paid", "", ids[2])
    store.flag("paid", "", ids[0])
    with store.db.write() as tx:
        journal.copy(tx, [ids[3]], store.archive)
    for folder in (store.inbox, store.archive):
        known = mailbox.local_uids(store.db, folder)
        assert mailbox.count_known(store.db, folder) == len(known)
    assert mailbox.count_known(store.db, store.inbox) == 8
    for op in store.pending():
        store.done(op)
    assert mailbox.count_known(store.db, store.inbox) == 6


def test_what_is_missing(store: Store) -> None:
    for number, size in enumerate((100, 5000, 300), 1):
        arrival = Arrival(
            number, Envelope(f"{number}", date=1000.0 * number), NONE, size, 1.0, None
        )
        with store.db.write() as tx:
            mailbox.add_many(tx, store.inbox, [arrival])
    store.put(store.inbox, uid=9, blob="b" * 64)
    with store.db.write() as tx:
        tx.execute("UPDATE message SET partial = 'p' WHERE uid = 3")
        tx.execute("INSERT INTO part (message, section, size, decoded) VALUES (3, '2', 9, 9)")

    def uids(**how: float) -> list[int]:
        since, largest = how.get("since"), how.get("largest")
        found = mailbox.missing(
            store.db, store.inbox, 9, since=since, largest=int(largest) if largest else None,
            partial=bool(how.get("partial")),
        )  # fmt: skip
        return [uid for _, uid, _ in found]

    assert uids() == [2, 1]
    assert uids(partial=1) == [3, 2, 1]
    assert uids(largest=1024) == [1]
    assert uids(since=2000.0) == [2]
    assert mailbox.count_missing(store.db, store.inbox) == (2, 5100)
    assert mailbox.count_missing(store.db, store.inbox, since=2000.0, partial=True) == (2, 5300)


def test_the_same_message_of_the_same_server(store: Store) -> None:
    def arrival(uid: int, blob: str) -> Arrival:
        return Arrival(uid, Envelope(), NONE, 9, 1.0, None, blob, "E1", "T1")

    with store.db.write() as tx:
        mailbox.add_many(tx, store.inbox, [arrival(1, "b" * 64)])
        mailbox.add_many(tx, store.archive, [arrival(1, "")])
    assert mailbox.same_email(store.db, ["E1", ""], store.home) == {"E1": "b" * 64}
    # Another server may give the same id to another message.
    assert mailbox.same_email(store.db, ["E1"], store.work) == {}


def test_ranges_of_uids_that_are_gone(store: Store) -> None:
    ids = [store.put(store.inbox, uid=n, subject=f"number {n}") for n in (1, 2, 5, 9)]
    store.flag("paid", "", ids[1], ids[2])
    with store.db.write() as tx:
        assert mailbox.remove_ranges(tx, store.inbox, [(2, 5), (4, 8), (100, 4_000_000_000)]) == 2
    assert mailbox.local_uids(store.db, store.inbox).keys() == {1, 9}
    (line,) = account_log.newest(store.db, store.home, 9)
    assert (line.kind, line.sentence.split(" was ")[0]) == (
        "conflict", "“number 2” and 1 other",
    )  # fmt: skip
    with store.db.write() as tx:
        mailbox.remove_uids(tx, store.inbox, [1])
    assert len(account_log.newest(store.db, store.home, 9)) == 1


def test_the_log_is_bounded(store: Store) -> None:
    with store.db.write() as tx:
        for number in range(account_log.KEPT + 20):
            account_log.write(tx, store.home, account_log.INFO, f"line {number}\ud800", "x" * 9000)
        account_log.write(tx, store.work, account_log.INFO, "another account's")
    reader = Reader(store.root)
    lines = reader.log(store.home, 5000)
    assert len(lines) == account_log.KEPT
    assert lines[0].sentence == f"line {account_log.KEPT + 19}?"
    assert len(lines[0].detail) == 2000
    assert [line.sentence for line in reader.log(store.work, 9)] == ["another account's"]


def test_traffic_adds_up_by_day_and_month(store: Store) -> None:
    with store.db.write() as tx:
        for day, received in (("2026-10-31", 5), ("2026-11-01", 7), ("2026-11-01", 11)):
            traffic.add(tx, store.home, day, received, 1)
    assert traffic.days(store.db, store.home) == [
        Traffic("2026-11-01", 18, 2), Traffic("2026-10-31", 5, 1),
    ]  # fmt: skip
    assert traffic.month_received(store.db, store.home, "2026-11") == 18
    assert traffic.month_received(store.db, store.work, "2026-11") == 0


def test_hidden_messages_are_listed_and_shown_again(store: Store) -> None:
    marked = store.put(store.inbox, uid=1, flags=frozenset({DELETED}))
    doomed = store.put(store.inbox, uid=2)
    store.delete(doomed)
    reader = Reader(store.root)
    assert [row.id for row in reader.deleted(store.inbox, 9)] == [doomed, marked]
    with store.db.write() as tx:
        assert journal.undelete(tx, [marked, doomed]) == 2
    assert reader.deleted(store.inbox, 9) == []
    (op,) = store.pending()
    assert (op.uid, op.remove) == (1, frozenset({DELETED}))
    assert store.undo() == "Change of marks of 1 message"
    assert store.where(marked) is None


def test_without_uidplus_a_deletion_is_a_mark_that_can_be_taken_back(store: Store) -> None:
    one = store.put(store.inbox, uid=1)
    store.delete(one)
    with store.db.write() as tx:
        journal.done(tx, [store.pending()[0].id], marked=True)
    assert store.where(one) is None
    assert mailbox.local_uids(store.db, store.inbox) == {1: frozenset({DELETED})}
    with store.db.write() as tx:
        assert journal.give_up_deleted(tx) == ""
    assert store.undo() == "Deletion of 1 message"
    assert store.where(one) == (store.inbox, 1, NONE)
    assert store.pending()[0].remove == {DELETED}


def test_what_is_begun_is_known_after_a_restart(store: Store) -> None:
    one = store.put(store.inbox, uid=5)
    with store.db.write() as tx:
        journal.copy(tx, [one], store.archive)
        (op,) = journal.pending(tx, store.home)
        assert op.begun == (0, 0)
        journal.begin(tx, [op.id], 40, 7)
        journal.begin(tx, [op.id], 50, 7)
    assert store.pending()[0].begun == (40, 7)
    with store.db.write() as tx:
        journal.begin(tx, [op.id], 3, 8)
    assert store.pending()[0].begun == (3, 8)
    assert folders.by_id(store.db, store.archive) is not None


def test_the_queue_can_be_read_in_part(store: Store) -> None:
    ids = [store.put(store.inbox, uid=n) for n in range(1, 6)]
    store.flag("paid", "", *ids)
    with store.db.write() as tx:
        journal.rename_folder(tx, store.archive, "Old")
    every = store.pending()
    assert journal.pending(store.db, store.home, 2) == every[:2]
    assert journal.waits(store.db, store.home)
    assert not journal.waits(store.db, store.work)
    assert journal.uids_waiting(store.db, store.inbox) == {1, 2, 3, 4, 5}
