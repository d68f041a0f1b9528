"""What becomes of drafts when the rows that show them go, for whatever reason. SQL alone, so that
the journal can use it."""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.store.codec import ids_json
from martlet.store.database import Source, Tx


def unplaced(tx: Tx, message: MessageId) -> None:
    """This row goes without ever having come to its server: it is to have another."""
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1 WHERE message = ? AND message > 0", (message,)
    )


def without_folder(tx: Tx, folder_id: FolderId) -> None:
    """A folder goes. Nobody has said with that that its drafts are not wanted any more; when it
    comes back, what they say may lie in it once more."""
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1, unheard = CASE WHEN uploaded LIKE '<%'"
        "  AND shown <> '' THEN ltrim(unheard || ' ' || shown || uploaded) ELSE unheard END"
        " WHERE message > 0 AND message IN"
        " (SELECT id FROM message WHERE folder_id = ?)",
        (folder_id,),
    )


def vanished(tx: Tx, messages: Iterable[MessageId]) -> None:
    """The server does not have these. A draft goes with its row only where that was seen there:
    a server that has taken a message may not have kept it."""
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1, lost = 1 WHERE message > 0 AND seen = 0"
        " AND message IN (SELECT m.id FROM message m JOIN folder f ON f.id = m.folder_id"
        "  WHERE m.hidden = 0 AND f.local = 0 AND m.id IN (SELECT value FROM json_each(?)))",
        (ids_json(messages),),
    )


def found_by_name(tx: Tx, message: MessageId) -> None:
    """This row got its uid by its Message-ID, which other programs keep for what they write."""
    tx.execute("UPDATE draft SET unsure = 1 WHERE message = ? AND message > 0", (message,))


def unheard(tx: Tx, op_id: int, key: str, blob: str, message_id: str) -> None:
    """This upload is tried once more, though an earlier try may reach the server yet."""
    tx.execute("UPDATE journal SET after = json_set(after, '$.twice', 1) WHERE id = ?", (op_id,))
    if blob and message_id:
        tx.execute(
            "UPDATE draft SET unheard = ltrim(unheard || ' ' || ?1) WHERE key = ?2 AND key <> ''"
            " AND instr(unheard, ?1) = 0",
            (f"{blob}{message_id}", key),
        )


def may_be_twice(source: Source, message: MessageId) -> bool:
    """Whether the upload of this row was tried again without knowing of the try before."""
    return bool(
        source.query(
            "SELECT 1 FROM journal WHERE message = ? AND kind = 'append'"
            " AND json_extract(after, '$.twice') IS NOT NULL LIMIT 1",
            (message,),
        )
    )


def is_replaced(source: Source, message: MessageId) -> bool:
    """Whether this row shows a draft as it is no more, and is to be deleted on the server."""
    return bool(
        source.query(
            "SELECT 1 FROM journal WHERE message = ? AND kind = 'delete' AND state = 'pending'"
            " AND json_extract(before, '$.draft') IS NOT NULL LIMIT 1",
            (message,),
        )
    )


def taken_away(tx: Tx, key: str) -> None:
    """The copy that was to be replaced was not there any more: another program was quicker."""
    tx.execute("UPDATE draft SET lost = 1 WHERE key = ? AND key <> ''", (key,))
