"""What other programs made of our drafts, found out after their folder was compared.

row gone, same text under another uid           it is the draft's row again
row gone, nothing newer here                    the draft went with it (store trigger)
row gone, newer text here, another in its place both are kept, and that is said
row gone, newer text here, nothing in its place it is kept, and that is said
an earlier copy of ours beside the row          it goes: a try that was cut off has left it
"""

from __future__ import annotations

from martlet.mail.folder import Folder
from martlet.store import account_log, draft_copies, draft_rows, drafts
from martlet.store.database import Database, Tx
from martlet.store.drafts import DELETED_ELSEWHERE, Held, Standing

BOTH = "The draft {} was also changed elsewhere; both are kept."
DELETED = "The draft {} was deleted elsewhere; what you have written since is kept."


def look(database: Database, folder: Folder) -> None:
    """For the drafts of the account whose folder of drafts this is."""
    if not any(
        one.account_id == folder.account_id and (one.lost or one.message)
        for one in drafts.all_standings(database)
    ):
        return
    with database.write() as tx:
        for one in drafts.all_standings(tx):
            if one.account_id != folder.account_id:
                continue
            if one.message:
                for copy in draft_rows.other_copies(tx, one):
                    draft_copies.take_away(tx, copy, one.key)
            if one.lost:
                _find(tx, one)


def _find(tx: Tx, one: Standing) -> None:
    draft = drafts.get(tx, one.id)
    if draft is None:
        return
    same = draft_rows.same_again(tx, one) if not one.message else None
    if same is not None:
        drafts.bind(tx, one.id, same)
        return
    other = draft_rows.made_of(tx, one, draft)
    drafts.set_elsewhere(tx, one.id, other or DELETED_ELSEWHERE)
    if one.held is Held.OPEN:
        return  # its window says it
    words = (BOTH if other else DELETED).format(account_log.named(draft.subject))
    account_log.conflict(tx, one.account_id, words)
