"""Who wrote before, and whom mail was sent to: what the sender check knows people by."""

from __future__ import annotations

from collections.abc import Iterable

from martlet.mail.folder import Role
from martlet.mail.message import Address, MessageId
from martlet.store.codec import addresses, clean, to_json
from martlet.store.database import Source

# Where mail lies that says nothing of whom one knows.
_SENT_READ = 20_000  # letters; the newest say enough
_UNWANTED = to_json([Role.JUNK.value, Role.TRASH.value])


def contacts_since(source: Source, when: float) -> list[tuple[str, str, float]]:
    """Address, name and last use of those written to at or after this time."""
    return [
        (str(address), str(name), float(used))
        for address, name, used in source.query(
            "SELECT address, name, last_used FROM contact WHERE last_used >= ? AND uses > 0",
            (when,),
        )
    ]


def next_ids(source: Source, after: MessageId, most: int) -> tuple[MessageId, MessageId]:
    """The id of the message up to which so many have higher ids (at first all have been asked
    for), and the highest there is."""
    last = source.query("SELECT COALESCE(MAX(id), 0) FROM message")[0][0]
    if not after:
        return MessageId(last), MessageId(last)
    until = source.query(
        "SELECT COALESCE(MAX(id), ?) FROM"
        " (SELECT id FROM message NOT INDEXED WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)",
        (after, after, last, most),
    )[0][0]
    return MessageId(until), MessageId(max(last, after))


def sent_to(source: Source, after: MessageId, until: MessageId) -> list[Address]:
    """Who the messages with ids above `after` and up to `until` in folders of sent mail are for:
    letters written with other programs, and before this one was there. At first, after 0, the
    newest 20,000."""
    sent = "SELECT id FROM folder WHERE role = ?"
    if after:
        where = f"NOT INDEXED WHERE id > ? AND id <= ? AND folder_id IN ({sent})"
        rows = source.query(
            f"SELECT to_list, cc_list FROM message {where}", (after, until, Role.SENT.value)
        )
    else:
        where = f"WHERE folder_id IN ({sent}) AND hidden = 0 ORDER BY sort_key DESC LIMIT ?"
        rows = source.query(
            f"SELECT to_list, cc_list FROM message {where}", (Role.SENT.value, _SENT_READ)
        )
    texts = dict.fromkeys(text for row in rows for text in row)
    return [one for text in texts for one in addresses(text) if "@" in one.address]


def writers(source: Source, after: MessageId, until: MessageId) -> list[tuple[str, int]]:
    """Who wrote the messages with ids above `after` and up to `until`, and how many.

    Addresses as SQLite makes them small: no letters beyond ASCII. Mail in Junk is counted too; see
    `wrote`.
    """
    if after:
        rows = source.query(
            "SELECT lower(from_address), COUNT(*) FROM message NOT INDEXED"
            " WHERE id > ? AND id <= ? GROUP BY 1",
            (after, until),
        )
    else:
        # In the order of the index, so that nothing is sorted.
        rows = source.query(
            "SELECT lower(from_address), COUNT(*) FROM message INDEXED BY message_from"
            " WHERE id <= ? GROUP BY 1",
            (until,),
        )
    return [(str(address), int(count)) for address, count in rows]


def wrote(source: Source, writers: Iterable[str], enough: int) -> bool:
    """Whether that many messages from these addresses, in all spellings that are meant, lie
    elsewhere than in Junk and Trash."""
    rows = source.query(
        "SELECT 1 FROM message m JOIN folder f ON f.id = m.folder_id"
        " WHERE lower(m.from_address) IN (SELECT lower(value) FROM json_each(?))"
        " AND f.role NOT IN (SELECT value FROM json_each(?)) LIMIT ?",
        (to_json([clean(one) for one in writers]), _UNWANTED, enough),
    )
    return len(rows) >= enough


def is_first(source: Source, message_id: MessageId, writers: Iterable[str]) -> bool:
    """Whether nothing older from these addresses is here. Copies of the message itself, in other
    folders, and drafts do not count."""
    rows = source.query(
        "SELECT 1 FROM message m JOIN folder f ON f.id = m.folder_id"
        " JOIN message own ON own.id = ?1"
        " WHERE lower(m.from_address) IN (SELECT lower(value) FROM json_each(?2)) AND m.id <> ?1"
        " AND (m.message_id = '' OR m.message_id <> own.message_id)"
        " AND m.sort_key < own.sort_key AND f.role <> ?3 LIMIT 1",
        (message_id, to_json([clean(one) for one in writers]), Role.DRAFTS.value),
    )
    return not rows
