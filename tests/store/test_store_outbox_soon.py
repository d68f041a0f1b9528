"""What goes out soon, and how much waits, without reading thousands of a mail merge."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.mail.outgoing import DraftKind, OutboxId, OutboxState
from martlet.store import outbox, outbox_shown
from support.stores import Store


def queue(store: Store, not_before: float) -> OutboxId:
    with store.db.write() as tx:
        return outbox.queue(
            tx, store.home, message_id=f"<{not_before}@x>", subject="", sender="a@example.org",
            recipients=["b@example.org"], blob="w", sent_blob="w", size=1, not_before=not_before,
            draft=None, source=None, kind=DraftKind.NEW,
        )  # fmt: skip


def test_what_waits_for_long_is_left_out_but_for_what_is_asked(store: Store) -> None:
    now, soon, late, tried, lost = (queue(store, at) for at in (0.0, 50.0, 500.0, 600.0, 700.0))
    with store.db.write() as tx:
        outbox.set_state(tx, tried, OutboxState.QUEUED, not_before=600.0, attempts=1)
        outbox.set_state(tx, lost, OutboxState.FAILED, not_before=700.0)

    def ids(until: float, also: Sequence[OutboxId] = ()) -> list[OutboxId]:
        return [one.id for one in outbox_shown.soon(store.db, until, also)]

    assert ids(60.0) == [now, soon, tried, lost]
    assert ids(60.0, [late]) == [now, soon, late, tried, lost]
    assert ids(10.0) == [now, tried, lost]


def test_how_many_wait(store: Store) -> None:
    first, second, third = (queue(store, at) for at in (0.0, 50.0, 500.0))
    with store.db.write() as tx:
        outbox.set_state(tx, first, OutboxState.SENT)
        outbox.set_state(tx, second, OutboxState.SENDING)
    assert outbox_shown.count(store.db) == 3
    stand = outbox_shown.tally(store.db, [first, second, third, OutboxId(99)])
    assert stand == {OutboxState.SENT: 1, OutboxState.SENDING: 1, OutboxState.QUEUED: 1}
    assert not outbox_shown.tally(store.db, [])
    entry = outbox.entry(store.db, first)
    assert entry is not None
    with store.db.write() as tx:
        outbox.file(tx, entry, 1.0)
    assert outbox_shown.count(store.db) == 2


def test_what_was_written_while_the_clock_was_ahead(store: Store) -> None:
    def written(created: float, not_before: float, send_at: float = 0.0) -> OutboxId:
        with store.db.write() as tx:
            return outbox.queue(
                tx, store.home, message_id="", subject="", sender="a@x", recipients=["b@x"],
                blob="w", sent_blob="w", size=1, not_before=not_before, draft=None, source=None,
                kind=DraftKind.NEW, created=created, send_at=send_at,
            )  # fmt: skip

    year = 1e7
    undo, chosen, tried, put_off, fine, slow = (
        written(year, year + 10), written(year, year + 500, year + 500), written(year, year + 10),
        written(900.0, 910.0), written(1_050.0, 1_060.0), written(900.0, 910.0),
    )  # fmt: skip
    with store.db.write() as tx:
        for one, at in ((tried, year), (put_off, year), (slow, 1_900.0)):
            outbox.set_state(tx, one, OutboxState.QUEUED, not_before=at, attempts=1)
        ahead = outbox.ahead_of(tx, store.home, 1_000.0)
        assert ahead == [undo, tried, put_off]
        outbox.set_right(tx, ahead, 1_000.0)
        assert outbox.ahead_of(tx, store.home, 1_000.0) == []
    found = {one.id: (one.created, one.not_before) for one in outbox.all_entries(store.db)}
    assert found == {
        undo: (1_000.0, 1_010.0), chosen: (year, year + 500), tried: (1_000.0, 0.0),
        put_off: (900.0, 0.0), fine: (1_050.0, 1_060.0), slow: (900.0, 1_900.0),
    }  # fmt: skip
