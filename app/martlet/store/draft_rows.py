"""The rows that show drafts in a folder, one for each, and what else of them lies beside it.

How a draft comes to the server, and why never two of it stay there, is told in `draft_copies`.
"""

from __future__ import annotations

from martlet.mail.account import AccountId
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import DRAFT, SEEN, Content, Envelope, MessageId
from martlet.mail.outgoing import Draft
from martlet.mail.sync import OpKind
from martlet.store import drafts, mailbox
from martlet.store.database import Source, Tx
from martlet.store.deeds import Action
from martlet.store.draft_copies import CAUSE, take_away

# Of a message row m
_SHOWS_NONE = "NOT EXISTS (SELECT 1 FROM draft d WHERE d.message = m.id AND d.message > 0)"


def put(
    tx: Tx,
    draft: Draft,
    folder: Folder,
    envelope: Envelope,
    content: Content,
    *,
    size: int,
    blob: str,
) -> MessageId | None:
    """Shows a draft in a folder by this message, in place of the row before; None if there is no
    such draft any more. The blob is durable."""
    one = drafts.standing(tx, draft.id)
    if one is None:
        return None
    tx.must_last()
    flags = frozenset({DRAFT, SEEN})
    new = mailbox.add(
        tx, folder.id, 0, envelope, flags=flags, size=size, received=draft.updated,
        content=content, blob=blob,
    )  # fmt: skip
    if not folder.local:
        Action(tx, CAUSE).write(
            OpKind.APPEND, folder.account_id, new, folder.id, 0,
            {"fresh": True, "draft": one.key}, {"target": folder.id},
        )  # fmt: skip
    drafts.shown_by(tx, one, new, envelope.message_id, blob, draft.updated)
    take_away(tx, one.message, one.key)
    return new


def account_of(source: Source, message: MessageId) -> list[AccountId]:
    """The account in whose folder a row lies; none if it is gone."""
    rows = source.query(
        "SELECT f.account_id FROM message m JOIN folder f ON f.id = m.folder_id WHERE m.id = ?",
        (message,),
    )
    return [AccountId(row[0]) for row in rows]


def named(source: Source, folder: Folder, message_id: str) -> list[tuple[MessageId, int]]:
    """(row, uid) of what lies under this Message-ID in a folder and shows no draft, newest first.

    Whether that is ours nobody knows so far: other programs keep the Message-ID of a draft.
    """
    return [
        (MessageId(row[0]), row[1])
        for row in source.query(
            "SELECT m.id, m.uid FROM message m"
            " WHERE m.message_id = ? AND m.message_id <> '' AND m.folder_id = ? AND m.hidden = 0"
            f" AND m.uid > 0 AND {_SHOWS_NONE} ORDER BY m.id DESC",
            (message_id, folder.id),
        )
    ]


def unused(source: Source, folder_id: FolderId, message_id: str) -> set[int]:
    """The uids of what lies under this Message-ID, shows no draft, and nobody has touched here."""
    rows = source.query(
        "SELECT m.uid FROM message m"
        " WHERE m.message_id = ? AND m.message_id <> '' AND m.folder_id = ? AND m.hidden = 0"
        f" AND m.uid > 0 AND {_SHOWS_NONE}"
        " AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.message = m.id AND j.state = 'pending')",
        (message_id, folder_id),
    )
    return {int(row[0]) for row in rows}


def make_room(tx: Tx, folder_id: FolderId, uid: int) -> None:
    """This uid is to be another row's."""
    rows = tx.query("SELECT id FROM message WHERE folder_id = ? AND uid = ?", (folder_id, uid))
    mailbox.remove(tx, [MessageId(row[0]) for row in rows])


def uid_of(source: Source, message: MessageId, folder: Folder) -> int:
    """Where a row is on the server, if it is in this folder; else 0."""
    rows = source.query(
        "SELECT uid FROM message WHERE id = ? AND folder_id = ?", (message, folder.id)
    )
    return int(rows[0][0]) if rows else 0


def made_of(source: Source, one: drafts.Standing, draft: Draft) -> MessageId | None:
    """What another program made of a draft: the newest message in a folder of drafts that shows
    none, has its key in the Message-ID, answers the same or has the same subject."""
    rows = source.query(
        "SELECT m.id FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE f.account_id = ? AND f.role = ? AND m.hidden = 0 AND m.uid > 0"
        f" AND {_SHOWS_NONE}"
        " AND (instr(m.message_id, ?) > 0 OR (m.in_reply_to <> '' AND m.in_reply_to = ?)"
        "  OR (m.subject <> '' AND m.subject = ?)) ORDER BY m.id DESC LIMIT 1",
        (one.account_id, Role.DRAFTS.value, f"<{one.key}.", draft.in_reply_to, draft.subject),
    )
    return MessageId(rows[0][0]) if rows else None
