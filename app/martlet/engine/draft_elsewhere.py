"""What other programs made of our drafts, found out after their folder was compared.

row gone, same text under another uid           it is the draft's row again
row gone that the server never showed           it is kept, that is said, and it is put there anew
row gone, nothing newer here, no window has it  the draft went with it (store trigger)
row gone, newer text here, another in its place both are kept, and that is said
row gone, newer text here, nothing in its place it is kept, and that is said
row found by its Message-ID, another text in it it is not ours: as if our row were gone
an upload that was tried twice lies there twice one of them goes

What is ours is told by what it says: others keep the Message-ID of what they change.
"""

from __future__ import annotations

from martlet.engine.draft_check import is_same
from martlet.mail.folder import Folder
from martlet.mail.message import MessageId
from martlet.mail.outgoing import DraftId
from martlet.net.imap import ImapSession
from martlet.store import account_log, draft_copies, draft_rows, drafts, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database, Tx
from martlet.store.drafts import DELETED_ELSEWHERE, MOST_TRIES, Held, Standing

BOTH = "The draft {} was also changed elsewhere; both are kept."
DELETED = "The draft {} was deleted elsewhere; what you have written is kept."
NOT_KEPT = "The server took the draft {} and did not keep it; it is kept on this computer."
NOT_THERE = "The server did not keep this draft."


def look(session: ImapSession, database: Database, blobs: Blobs, folder: Folder) -> bool:
    """For the drafts of the account whose folder of drafts this is, which is selected.

    True: rows went that stood for somebody else's text; it is to be compared again.
    """
    found = [one for one in drafts.all_standings(database) if one.account_id == folder.account_id]
    # Asked before anything is written: a server may take its time.
    others = {one.id for one in found if _is_not_ours(session, database, blobs, folder, one)}
    again: dict[DraftId, MessageId] = {}
    twice: list[tuple[Standing, str, MessageId]] = []
    for one in found:
        if one.lost and not one.message:
            for row, uid in draft_rows.named(database, folder, one.uploaded):
                if is_same(session, blobs, uid, one.shown):
                    again[one.id] = row
                    break
        for blob, name in one.unheard:
            for row, uid in draft_rows.named(database, folder, name):
                if is_same(session, blobs, uid, blob):
                    twice.append((one, name, row))
                    break
    if not twice and not any(one.lost or one.unsure or _is_new(one) for one in found):
        return False
    with database.write() as tx:
        for one in found:
            now = drafts.standing(tx, one.id)
            if now is not None and now.message == one.message:
                _settle(tx, now, again.get(one.id), other=one.id in others)
        drafts.have_seen(tx, folder.id)
        for one, name, row in twice:
            if drafts.shown_in(tx, row) is None:
                draft_copies.take_away(tx, row, one.key)
                drafts.heard(tx, one.id, name)
    return bool(others)


def _is_new(one: Standing) -> bool:
    return bool(one.message) and not one.seen


def _is_not_ours(
    session: ImapSession, database: Database, blobs: Blobs, folder: Folder, one: Standing
) -> bool:
    uid = draft_rows.uid_of(database, one.message, folder) if one.unsure else 0
    return bool(uid and one.shown) and not is_same(session, blobs, uid, one.shown)


def _settle(tx: Tx, one: Standing, again: MessageId | None, *, other: bool) -> None:
    if other:
        drafts.unbind(tx, one.id)
        mailbox.remove(tx, [one.message])
    elif one.unsure and one.message:
        drafts.is_sure(tx, one.id)
    if one.lost:
        _find(tx, one, again)


def _find(tx: Tx, one: Standing, again: MessageId | None) -> None:
    draft = drafts.get(tx, one.id)
    if draft is None:
        return
    if again is not None and drafts.shown_in(tx, again) is None:
        drafts.bind(tx, one.id, again)
        return
    subject = account_log.named(draft.subject)
    other = draft_rows.made_of(tx, one, draft)
    if other is None and not one.message and not one.seen:
        problem = NOT_THERE if one.tries + 1 >= MOST_TRIES else ""
        drafts.not_kept(tx, one.id, problem)
        if not one.tries:
            account_log.conflict(tx, one.account_id, NOT_KEPT.format(subject))
        return
    drafts.set_elsewhere(tx, one.id, other or DELETED_ELSEWHERE)
    if one.held is Held.OPEN:
        return  # its window says it
    words = (BOTH if other else DELETED).format(subject)
    account_log.conflict(tx, one.account_id, words)
