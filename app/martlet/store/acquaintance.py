"""Whom the mail in the folders makes known: those it was sent to, and those who sent it."""

from __future__ import annotations

import re

from martlet.mail.folder import Role
from martlet.mail.message import Address, MessageId
from martlet.store import contacts
from martlet.store.codec import addresses, to_json
from martlet.store.database import Tx

# Mail that says nothing of whom one knows, or is read by itself
_NOT_READ = to_json([Role.JUNK.value, Role.TRASH.value, Role.DRAFTS.value, Role.SENT.value])
_NOBODY = re.compile(
    r"(?:.*[._+-])?(?:no|do-?not|not)[._-]?reply|.*mailer-daemon|postmaster|.*bounces?\b.*"
    r"|notifications?|.{49,}",
    re.IGNORECASE,
)
# A letter to more than these is a mailing, of somebody else's list.
_MAILING = 100


def read(tx: Tx, most: int, now: float) -> bool:
    """Takes in so many messages that were not looked at; whether there may be more.

    now: Unix seconds; what says to be later is not believed.
    """
    rows = tx.query("SELECT read_to FROM contact_reading")
    after = MessageId(rows[0][0] if rows else 0)
    until, count = tx.query(
        "SELECT COALESCE(MAX(id), ?1), COUNT(*) FROM"
        " (SELECT id FROM message NOT INDEXED WHERE id > ?1 ORDER BY id LIMIT ?2)",
        (after, most),
    )[0]
    if not count:
        return False
    contacts.seen(tx, _written_to(tx, after, until, now), _writers(tx, after, until, now))
    tx.execute(
        "INSERT INTO contact_reading (id, read_to) VALUES (1, ?)"
        " ON CONFLICT (id) DO UPDATE SET read_to = excluded.read_to",
        (until,),
    )
    return bool(count == most)


def _written_to(
    tx: Tx, after: MessageId, until: MessageId, now: float
) -> list[tuple[Address, float]]:
    rows = tx.query(
        "SELECT to_list, cc_list, date FROM message NOT INDEXED WHERE id > ? AND id <= ?"
        " AND folder_id IN (SELECT id FROM folder WHERE role = ?)",
        (after, until, Role.SENT.value),
    )
    found: list[tuple[Address, float]] = []
    for to, cc, date in rows:
        people = [one for one in (*addresses(to), *addresses(cc)) if "@" in one.address]
        if len(people) <= _MAILING:
            found += [(one, min(float(date), now)) for one in people]
    return found


def _writers(
    tx: Tx, after: MessageId, until: MessageId, now: float
) -> list[tuple[Address, int, float]]:
    rows = tx.query(
        "SELECT max(from_name), from_address, COUNT(*), MAX(date) FROM message NOT INDEXED"
        " WHERE id > ? AND id <= ? AND folder_id NOT IN"
        " (SELECT id FROM folder WHERE role IN (SELECT value FROM json_each(?)))"
        " GROUP BY lower(from_address)",
        (after, until, _NOT_READ),
    )
    return [
        (Address(name, address), count, min(float(date), now))
        for name, address, count, date in rows
        if "@" in address and not _NOBODY.match(address.rpartition("@")[0])
    ]
