"""Which messages came from a POP3 server, as far as a window asks. Only reads."""

from __future__ import annotations

from collections.abc import Iterable

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
