"""Which letters that wait to go out were made of a draft: that one is not saved beside them."""

from __future__ import annotations

from martlet.mail.outgoing import Draft
from martlet.store import drafts
from martlet.store.codec import clean
from martlet.store.database import Source


def as_queued(source: Source, draft: Draft) -> Draft | None:
    """What this draft, by its id or else its key, said when it was queued; None when no letter
    that can still be taken back was made of it."""
    rows = source.query(
        "SELECT draft FROM outbox WHERE state <> 'filed' AND draft <> ''"
        " AND ((draft_id <> 0 AND draft_id = ?1)"
        "  OR (draft_key <> '' AND draft_key = ?2)) ORDER BY id LIMIT 1",
        (draft.id, clean(draft.key)),
    )
    return drafts.decode(rows[0][0]) if rows else None
