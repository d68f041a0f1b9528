"""Which blobs something still refers to. What else there is may be collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from martlet.mail.attached import OutgoingPart
from martlet.store import accounts, drafts, outbox, parts, templates
from martlet.store.database import Source


def living_blobs(source: Source) -> set[str]:
    """The keys of all raw messages and attachments in use."""
    rows = source.query("SELECT blob FROM message WHERE blob <> ''")
    found = {str(row[0]) for row in rows} | parts.blobs(source) | outbox.blobs(source)
    found |= drafts.blobs(source)
    for draft in (*drafts.all_drafts(source), *outbox.kept_drafts(source)):
        found.update(_named(draft.parts))
    for template in templates.all_templates(source):
        found.update(_named(template.parts))
    for account in accounts.all_accounts(source):
        for identity in account.every_identity():
            found.update(_named(identity.signing.every_part()))
    return found


def _named(kept: Iterable[OutgoingPart]) -> Iterator[str]:
    return (part.blob for part in kept)
