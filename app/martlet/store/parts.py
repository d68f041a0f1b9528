"""Messages that are here in part: their text, what is not here, and what has come since.

A partial message has the key of a valid MIME message in which the bodies of some parts are left
out (`mime.skeleton` makes it); the rows of `part` say which. When the whole message arrives
(`mailbox.set_body`), both are dropped by the database itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from martlet.mail.changes import MessagesChanged
from martlet.mail.folder import FolderId
from martlet.mail.message import Content, Envelope, MessageId
from martlet.store import mailbox
from martlet.store.database import Source, Tx


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part whose body lies apart from its message. blob: "" while it is only on the server.

    size: bytes as transferred. decoded: bytes of the file, a guess until it is here.
    """

    section: str
    size: int
    decoded: int
    blob: str = ""


def set_partial(
    tx: Tx,
    message_id: MessageId,
    envelope: Envelope,
    content: Content,
    blob: str,
    absent: Iterable[PartRow],
) -> None:
    """The message is here but for the bodies of the `absent` parts; `blob` holds the rest.

    Its text is indexed, and its place in lists does not change. Nothing happens if the row is
    gone, or the message is here whole.
    """
    if mailbox.blob_of(tx, message_id) or not mailbox.locate(tx, [message_id]):
        return
    # Kept like a whole message, then called by its name.
    mailbox.set_body(tx, message_id, envelope, content, "")
    tx.execute("UPDATE message SET partial = ? WHERE id = ?", (blob, message_id))
    tx.execute("DELETE FROM part WHERE message = ?", (message_id,))
    tx.many(
        "INSERT INTO part (message, section, size, decoded, blob) VALUES (?, ?, ?, ?, ?)",
        [(message_id, one.section, one.size, one.decoded, one.blob) for one in absent],
    )


def partial_of(source: Source, message_id: MessageId) -> str:
    """The key of the MIME message with parts left out, "" if there is none."""
    rows = source.query("SELECT partial FROM message WHERE id = ?", (message_id,))
    return str(rows[0][0]) if rows else ""


def of_message(source: Source, message_id: MessageId) -> dict[str, PartRow]:
    """The parts that lie apart, by section; none of a message that is here whole."""
    return {
        section: PartRow(section, size, decoded, blob)
        for section, size, decoded, blob in source.query(
            "SELECT section, size, decoded, blob FROM part WHERE message = ? ORDER BY section",
            (message_id,),
        )
    }


def arrived(tx: Tx, message_id: MessageId, section: str, blob: str, decoded: int) -> None:
    """The part's body is stored under `blob` now. Nothing happens if it is not wanted any more."""
    tx.execute(
        "UPDATE part SET blob = ?, decoded = ? WHERE message = ? AND section = ?",
        (blob, decoded, message_id, section),
    )
    if not tx.touched:
        return
    folder = tx.query("SELECT folder_id FROM message WHERE id = ?", (message_id,))
    tx.note(MessagesChanged(FolderId(folder[0][0]), changed=(message_id,)))


def blobs(source: Source) -> set[str]:
    """The keys of all that partial messages refer to."""
    rows = source.query(
        "SELECT partial FROM message WHERE partial <> ''"
        " UNION SELECT blob FROM part WHERE blob <> ''"
    )
    return {str(row[0]) for row in rows}
