"""Finds on the server what an earlier try has put into a folder, though its answer was lost.

Before messages are put into a folder its UIDNEXT is written into the journal (`journal.begin`):
what such a try has left there has that uid or a higher one, and is the same by Message-ID or,
without one, by size and date. Where no try was begun nothing is looked for. What was copied or
moved has kept its size too: a Message-ID alone may be a list's copy, or forged, and an original is
deleted for what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind
from martlet.mime.headers import envelope, parse_headers
from martlet.net.imap import ImapSession
from martlet.net.imap_fetch import Summary
from martlet.net.imap_select import Selected
from martlet.store import mailbox
from martlet.store.database import Database


def found(
    session: ImapSession, database: Database, target: Selected, group: Sequence[Op]
) -> dict[MessageId, int]:
    """The new uids, by message, of those that came into the selected folder by an earlier try."""
    begun = [op for op in group if op.begun[0] and op.begun[1] == target.uid_validity]
    if not begun:
        return {}
    first = min(op.begun[0] for op in begun)
    if target.uid_next == first:
        return {}
    known = mailbox.local_uids(database, group[0].target_id)
    free = {one.uid: one for one in session.fetch_new(first) if one.uid not in known}
    left: dict[MessageId, int] = {}
    for op in begun:
        uid = min((u for u, one in free.items() if u >= op.begun[0] and _same(op, one)), default=0)
        if uid:
            left[op.message] = uid
            del free[uid]
    return left


def like(
    session: ImapSession, database: Database, target: Selected, group: Sequence[Op]
) -> dict[MessageId, int]:
    """The same for moves, which are not begun: by Message-ID among what is not known here."""
    if not target.exists:
        return {}
    taken = set(mailbox.local_uids(database, group[0].target_id))
    moved: dict[MessageId, int] = {}
    for op in group:
        uid = max((u for u in _search(session, op) if u not in taken), default=0)
        if uid:
            moved[op.message] = uid
            taken.add(uid)
    return moved


def newest_like(session: ImapSession, op: Op) -> int:
    """The uid in the selected folder of a message whose uid we were never told, or 0; messages
    alike in Message-ID and size are the same to the user."""
    return max(_search(session, op), default=0)


def _search(session: ImapSession, op: Op) -> Iterable[int]:
    if not op.message_id:
        return []
    uids = session.search_message_id(op.message_id)
    if not uids or not op.size:
        return uids
    return [one.uid for one in session.fetch_summaries(uids) if one.size == op.size]


def _same(op: Op, one: Summary) -> bool:
    uploaded = op.kind is OpKind.APPEND
    # A server may store what is uploaded in another size than it was sent in.
    if not uploaded and one.size != op.size:
        return False
    header = envelope(parse_headers(one.header)).message_id
    if op.message_id or header:
        return op.message_id == header
    if not op.received:
        return uploaded and one.size == op.size
    return one.size == op.size and int(one.received) == int(op.received)
