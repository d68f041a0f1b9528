"""A letter that waits in the outbox, as tests put it there."""

from __future__ import annotations

from martlet.mail.account import AccountId
from martlet.mail.outgoing import DraftKind, OutboxId, OutboxState
from martlet.store import outbox
from martlet.store.blobs import Blobs
from support.stores import Store

RAW = b"Message-ID: <sent@x>\r\nSubject: hello\r\nTo: b@example.org\r\n\r\ntext\r\n"


def queued(
    store: Store, blobs: Blobs, account: AccountId, state: OutboxState, *, attempts: int = 0
) -> OutboxId:
    """`RAW` to b@example.org, under the envelope id "envelope"; its Message-ID is <sent@x>."""
    (key,) = blobs.put_many([RAW])
    with store.db.write() as tx:
        made = outbox.queue(
            tx,
            account,
            message_id="<sent@x>",
            subject="hello",
            sender="a@example.org",
            recipients=["b@example.org"],
            blob=key,
            sent_blob="",
            size=len(RAW),
            not_before=0.0,
            draft=None,
            source=None,
            kind=DraftKind.NEW,
            envelope_id="envelope",
        )
        outbox.set_state(tx, made, state, attempts=attempts)
    return made
