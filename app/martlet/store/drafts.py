"""Letters being written, as they were last saved."""

from __future__ import annotations

import time
from dataclasses import replace

import msgspec

from martlet.mail.changes import DraftsChanged
from martlet.mail.outgoing import Draft, DraftId
from martlet.store.codec import to_json
from martlet.store.database import Row, Source, Tx

_drafts = msgspec.json.Decoder(Draft)


def save(tx: Tx, draft: Draft) -> DraftId:
    """Stores a new draft (id 0) or replaces the one with its id; answers the id."""
    draft_id = draft.id
    updated = draft.updated or time.time()
    body = encode(replace(draft, updated=updated))
    tx.must_last()
    if draft_id:
        tx.execute(
            "INSERT INTO draft (id, account_id, updated, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET account_id = excluded.account_id,"
            " updated = excluded.updated, body = excluded.body",
            (draft_id, draft.account_id, updated, body),
        )
    else:
        tx.execute(
            "INSERT INTO draft (account_id, updated, body) VALUES (?, ?, ?)",
            (draft.account_id, updated, body),
        )
        draft_id = DraftId(tx.inserted)
    tx.note(DraftsChanged())
    return draft_id


def discard(tx: Tx, draft_id: DraftId) -> None:
    """Forgets a draft; one not there is no error."""
    tx.execute("DELETE FROM draft WHERE id = ?", (draft_id,))
    if tx.touched:
        tx.note(DraftsChanged())


def get(source: Source, draft_id: DraftId) -> Draft | None:
    rows = source.query("SELECT id, body FROM draft WHERE id = ?", (draft_id,))
    return _draft(rows[0]) if rows else None


def all_drafts(source: Source) -> list[Draft]:
    """Last written first."""
    rows = source.query("SELECT id, body FROM draft ORDER BY updated DESC, id DESC")
    return [_draft(row) for row in rows]


def encode(draft: Draft) -> str:
    """A draft as text, also for the outbox."""
    return to_json(draft)


def decode(text: str) -> Draft:
    return _drafts.decode(text)


def _draft(row: Row) -> Draft:
    return replace(decode(row[1]), id=DraftId(row[0]))
