"""Which blobs something still refers to. What else there is may be collected."""

from __future__ import annotations

from collections.abc import Iterator

from martlet.mail.outgoing import Draft
from martlet.store import drafts, outbox, parts
from martlet.store.database import Source


def living_blobs(source: Source) -> set[str]:
    """The keys of all raw messages and attachments in use."""
    rows = source.query("SELECT blob FROM message WHERE blob <> ''")
    found = {str(row[0]) for row in rows} | parts.blobs(source) | outbox.blobs(source)
    for draft in (*drafts.all_drafts(source), *outbox.kept_drafts(source)):
        found.update(_attached(draft))
    return found


def _attached(draft: Draft) -> Iterator[str]:
    return (part.blob for part in draft.parts)
