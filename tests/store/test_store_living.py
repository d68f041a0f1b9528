"""Which blobs are kept for the outbox: of what is still to be sent, taken back or filed."""

from __future__ import annotations

from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutboxState, OutgoingPart
from martlet.store import outbox
from martlet.store.living import living_blobs
from support.stores import Store


def test_what_is_filed_keeps_nothing_beside_its_copy(store: Store) -> None:
    part = OutgoingPart("plan.pdf", "application/pdf", 9, "part")
    draft = Draft(DraftId(0), store.home, (Address("", "b@example.org"),), parts=(part,))
    with store.db.write() as tx:
        made = outbox.queue(
            tx, store.home, message_id="<m@x>", subject="", sender="a@example.org",
            recipients=["b@example.org"], blob="wire", sent_blob="copy", size=9, not_before=0.0,
            draft=draft, source=None, kind=DraftKind.NEW,
        )  # fmt: skip
    for state in OutboxState:
        if state is OutboxState.FILED:
            continue
        with store.db.write() as tx:
            outbox.set_state(tx, made, state)
        assert living_blobs(store.db) == {"part", "wire", "copy"}
    letter = outbox.entry(store.db, made)
    assert letter is not None
    with store.db.write() as tx:
        outbox.file(tx, letter, 1.0)
    assert living_blobs(store.db) == set()
    assert outbox.draft_of(store.db, made) is None
