"""Whether what lies on a server under a draft's name is what was put there.

Other programs may keep the Message-ID of a draft for what they write into it, so nothing is taken
for ours, and nothing is deleted for being ours, before its text was looked at.
"""

from __future__ import annotations

from collections.abc import Collection

from martlet.engine.landed import newest_like
from martlet.mail.errors import Refused
from martlet.mail.sync import Op
from martlet.mime.writing.draft_same import same_letter
from martlet.net.imap import ImapSession
from martlet.store import draft_copies, draft_links, draft_rows, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

# So much of a message is looked at; its text stands before its files.
LOOKED_AT = 256 * 1024


def is_same(session: ImapSession, blobs: Blobs, uid: int, blob: str) -> bool:
    """Whether the message under this uid of the selected folder says what the blob says."""
    stream = blobs.open(blob) if blob else None
    if stream is None:
        return False
    with stream:
        ours = stream.read(LOOKED_AT)
    try:
        theirs = session.fetch_range(uid, "", 0, LOOKED_AT)[:LOOKED_AT]
    except Refused:
        return False  # gone
    return same_letter(ours, theirs)


def landed(session: ImapSession, database: Database, blobs: Blobs, op: Op) -> int:
    """The uid under which an earlier try has put this draft into the selected folder, or 0.

    It may have a row, if the folder was compared in between: it is the draft's now.
    """
    if op.begun == (0, 0):
        return 0
    unused = draft_rows.unused(database, op.target_id, op.message_id)
    known = mailbox.local_uids(database, op.target_id).keys() - unused
    uid = _first(session, blobs, op, [uid for uid in _named(session, op) if uid not in known])
    if uid:
        with database.write() as tx:
            draft_rows.make_room(tx, op.target_id, uid)
    return uid


def is_there(session: ImapSession, database: Database, blobs: Blobs, op: Op) -> bool:
    """Whether a version that was replaced before this computer knew of it lies in the selected
    folder all the same. If not, nothing of it waits any more."""
    if to_delete(session, blobs, op):
        return True
    with database.write() as tx:
        if op.begun != (0, 0):
            draft_links.unheard(tx, op.id, op.draft, op.blob, op.message_id)
        draft_copies.never_came(tx, op.message)
    return False


def to_delete(session: ImapSession, blobs: Blobs, op: Op) -> int:
    """The uid in the selected folder of the copy of a draft that is to go, or 0."""
    if not op.blob:
        # Written elsewhere, and only in part here
        return op.uid or newest_like(session, op)
    return _first(session, blobs, op, [op.uid] if op.uid else _named(session, op))


def twins(
    session: ImapSession, database: Database, blobs: Blobs, op: Op, going: Collection[int]
) -> list[int]:
    """What else lies in the selected folder of the copy that is to go with these uids: an upload
    that was tried again may be there twice."""
    if not (op.draft and op.blob) or not draft_links.may_be_twice(database, op.message):
        return []
    others = [uid for uid in _named(session, op) if uid not in going]
    return [uid for uid in others if is_same(session, blobs, uid, op.blob)]


def _first(session: ImapSession, blobs: Blobs, op: Op, uids: list[int]) -> int:
    return next((uid for uid in uids if is_same(session, blobs, uid, op.blob)), 0)


def _named(session: ImapSession, op: Op) -> list[int]:
    """Newest first."""
    if not op.message_id or not session.exists:
        return []
    return sorted(session.search_message_id(op.message_id), reverse=True)
