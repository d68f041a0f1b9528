"""What of a folder's mail is here, and what is only on the server. Reads only.

Reached through `mailbox`, which says how it comes here.
"""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.account import AccountId
from martlet.mail.folder import Folder, FolderId
from martlet.mail.message import MessageId
from martlet.store.codec import first_key_at, ids_json
from martlet.store.database import Source, Value
from martlet.store.fold import unpack

# Of a row m of `message`: every part has come, though its bytes as a whole are not here.
COMPLETE = (
    "(m.partial <> '' AND NOT EXISTS (SELECT 1 FROM part p WHERE p.message = m.id AND p.blob = ''))"
)
# Message rows m of a folder whose body can be fetched. By this index: there are few as a rule.
_ABSENT = (
    "FROM message m INDEXED BY message_missing"
    " WHERE m.folder_id = ? AND m.blob = '' AND m.hidden = 0 AND m.uid > 0"
)


def local_uids(source: Source, folder_id: FolderId) -> dict[int, frozenset[str]]:
    """uid -> what the server last said of its flags, for all of the folder's messages there.

    Those that were moved away or deleted here count as long as the server has not been told.
    """
    found = {
        uid: unpack(flags)
        for uid, flags in source.query(
            "SELECT uid, server_flags FROM message WHERE folder_id = ? AND uid > 0", (folder_id,)
        )
    }
    for uid, flags in source.query(
        "SELECT j.uid, COALESCE(m.server_flags, '') FROM journal j"
        " LEFT JOIN message m ON m.id = j.message"
        " WHERE j.folder_id = ? AND j.uid > 0 AND j.state = 'pending' AND j.message > 0",
        (folder_id,),
    ):
        found.setdefault(uid, unpack(flags))
    return found


def count_known(source: Source, folder_id: FolderId) -> int:
    """How many messages `local_uids` tells, without reading them: what EXISTS should be."""
    rows = source.query(
        "SELECT (SELECT COUNT(*) FROM message WHERE folder_id = ?1 AND uid > 0)"
        " + (SELECT COUNT(DISTINCT j.uid) FROM journal j"
        "  WHERE j.folder_id = ?1 AND j.uid > 0 AND j.state = 'pending' AND j.message > 0"
        "  AND NOT EXISTS (SELECT 1 FROM message m"
        "   WHERE m.folder_id = ?1 AND m.uid > 0 AND m.uid = j.uid))",
        (folder_id,),
    )
    return int(rows[0][0]) if rows else 0


def is_empty(source: Source, folder: Folder) -> bool:
    """Whether a folder holds nothing by the time its server knows what waits: nothing here, and of
    what there is on the server, as far as is known, nothing that stays."""
    leaving = "j.state = 'pending' AND j.message > 0 AND j.kind IN ('move', 'delete')"
    rows = source.query(
        "SELECT (SELECT COUNT(*) FROM message m WHERE m.folder_id = ?1 AND NOT EXISTS"
        f"  (SELECT 1 FROM journal j WHERE j.message = m.id AND j.folder_id = ?1 AND {leaving})),"
        f" (SELECT COUNT(DISTINCT j.message) FROM journal j WHERE j.folder_id = ?1 AND {leaving})",
        (folder.id,),
    )
    staying, going = rows[0] if rows else (0, 0)
    return not staying and folder.there <= going


def awaits_uids(source: Source, folder_id: FolderId) -> bool:
    """Whether there are messages of the folder whose uid there is not known (`mailbox.adopt`)."""
    rows = source.query(
        "SELECT EXISTS (SELECT 1 FROM message WHERE folder_id = ?1 AND uid = 0)"
        " OR EXISTS (SELECT 1 FROM journal WHERE folder_id = ?1 AND uid = 0"
        "  AND state = 'pending' AND message > 0)",
        (folder_id,),
    )
    return bool(rows and rows[0][0])


def count_awaiting(source: Source, folder_id: FolderId) -> int:
    """How many such messages there are at most."""
    rows = source.query(
        "SELECT (SELECT COUNT(*) FROM message WHERE folder_id = ?1 AND uid = 0)"
        " + (SELECT COUNT(DISTINCT message) FROM journal WHERE folder_id = ?1 AND uid = 0"
        "  AND state = 'pending' AND message > 0)",
        (folder_id,),
    )
    return int(rows[0][0]) if rows else 0


def missing(
    source: Source,
    folder_id: FolderId,
    limit: int,
    *,
    since: float | None = None,
    largest: int | None = None,
    partial: bool = False,
) -> list[tuple[MessageId, int, int]]:
    """(id, uid, size) of messages whose body is not here and can be fetched, newest first.

    since: dated at or after this Unix time. largest: of at most so many bytes.
    partial: also those of which some parts are here, unless they all are.
    """
    where, params = _narrowed(folder_id, since, partial)
    if largest is not None:
        where += " AND m.size <= ?"
        params.append(largest)
    return [
        (MessageId(message), uid, size)
        for message, uid, size in source.query(
            f"SELECT m.id, m.uid, m.size {where} ORDER BY m.sort_key DESC LIMIT ?",
            (*params, limit),
        )
    ]


def count_missing(
    source: Source,
    folder_id: FolderId,
    *,
    since: float | None = None,
    largest: int | None = None,
    partial: bool = False,
) -> tuple[int, int]:
    """(messages, bytes) of all that `missing` would tell."""
    where, params = _narrowed(folder_id, since, partial)
    if largest is not None:
        where += " AND m.size <= ?"
        params.append(largest)
    rows = source.query(f"SELECT COUNT(*), COALESCE(SUM(m.size), 0) {where}", params)
    return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)


def is_complete(source: Source, message_id: MessageId) -> bool:
    """Whether all parts of a partial message have come: nothing of it is to be fetched."""
    return bool(
        source.query(f"SELECT 1 FROM message m WHERE m.id = ? AND {COMPLETE}", (message_id,))
    )


def same_email(source: Source, email_ids: Iterable[str], account_id: AccountId) -> dict[str, str]:
    """email_id -> blob of a message of this account that is here. Other accounts do not count:
    only within one server does an id say that two messages are the same (RFC 8474, 5.1)."""
    wanted = [one for one in email_ids if one]
    if not wanted:
        return {}
    return {
        email_id: blob
        for email_id, blob in source.query(
            "SELECT m.email_id, m.blob FROM message m JOIN folder f ON f.id = m.folder_id"
            " WHERE m.email_id <> '' AND m.blob <> '' AND f.account_id = ?"
            " AND m.email_id IN (SELECT value FROM json_each(?))",
            (account_id, ids_json(wanted)),
        )
    }


def twins(source: Source, message_ids: Iterable[MessageId]) -> dict[MessageId, list[MessageId]]:
    """For each of these its account's messages without a body that the server calls the same."""
    found: dict[MessageId, list[MessageId]] = {}
    for message_id, twin in source.query(
        "SELECT m.id, t.id FROM message m JOIN folder f ON f.id = m.folder_id"
        " JOIN message t ON t.email_id = m.email_id AND t.id <> m.id AND t.blob = ''"
        " JOIN folder g ON g.id = t.folder_id AND g.account_id = f.account_id"
        " WHERE m.email_id <> '' AND t.email_id <> ''"
        " AND m.id IN (SELECT value FROM json_each(?))",
        (ids_json(message_ids),),
    ):
        found.setdefault(MessageId(message_id), []).append(MessageId(twin))
    return found


def unindexed(source: Source, limit: int) -> list[tuple[MessageId, str]]:
    """(id, blob) of messages whose body is here but not in the index; `set_body` puts it there."""
    return [
        (MessageId(message), blob)
        for message, blob in source.query(
            "SELECT id, blob FROM message WHERE blob <> '' AND indexed < 2 ORDER BY id LIMIT ?",
            (limit,),
        )
    ]


def _narrowed(folder_id: FolderId, since: float | None, partial: bool) -> tuple[str, list[Value]]:
    where = f"{_ABSENT} AND " + (f"NOT {COMPLETE}" if partial else "m.partial = ''")
    values: list[Value] = [folder_id]
    if since is not None:
        where += " AND m.sort_key >= ?"
        values.append(first_key_at(since))
    return where, values
