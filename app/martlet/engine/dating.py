"""The Date of a letter that was written to go later: that of the moment its time has come.

A letter is built when Send is pressed, so that what may go wrong with that does so while its writer
looks; only the Date is written anew, in what goes out and in the copy that is kept. Its Message-ID
stays. Once, before the first try: a letter that is tried again is the same letter.
"""

from __future__ import annotations

from martlet.engine.stored_letter import dated_anew
from martlet.mail.outgoing import OutboxEntry
from martlet.store import outbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database


def with_its_date(
    database: Database, blobs: Blobs, letter: OutboxEntry, now: float
) -> OutboxEntry | None:
    """The letter as it may go now; None when it does not wait to be sent any more. A ready message
    (no draft) keeps the Date it came with. Raises StoreError."""
    if not letter.send_at:
        return letter
    sent_blob = outbox.sent_blob(database, letter.id)
    here = blobs.sizes([letter.blob, sent_blob])
    if len(here) < len({letter.blob, sent_blob}) or outbox.draft_of(database, letter.id) is None:
        return letter
    blob, size = dated_anew(blobs, letter.blob, now)
    kept = blob if sent_blob == letter.blob else dated_anew(blobs, sent_blob, now)[0]
    with database.write() as tx:
        found = outbox.entry(tx, letter.id)
        if found is None or (found.state, found.not_before) != (letter.state, letter.not_before):
            return None
        outbox.date_anew(tx, letter.id, blob, kept, size)
        return outbox.entry(tx, letter.id)
