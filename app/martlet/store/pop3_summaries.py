"""Which messages came from a POP3 server, as far as a window asks. Only reads."""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.store.codec import ids_json
from martlet.store.database import Source


def on_pop3(source: Source, ids: Iterable[MessageId]) -> set[MessageId]:
    """Those of these that a POP3 server has or had, in whosever folder they lie here."""
    rows = source.query(
        "SELECT message FROM pop3_seen WHERE message > 0"
        " AND message IN (SELECT value FROM json_each(?))",
        (ids_json(ids),),
    )
    return {MessageId(row[0]) for row in rows}


def summaries(source: Source, folder_id: FolderId, limit: int) -> list[MessageId]:
    """Up to `limit` messages of a folder of which only the header is here, newest first.

    Where IMAP has brought many headers to that folder, each of these is looked at.
    """
    rows = source.query(
        "SELECT m.id FROM message m INDEXED BY message_missing WHERE m.folder_id = ?"
        " AND m.blob = '' AND m.hidden = 0 AND m.partial <> '' AND m.uid = 0"
        " ORDER BY m.sort_key DESC LIMIT ?",
        (folder_id, limit),
    )
    return [MessageId(row[0]) for row in rows]
