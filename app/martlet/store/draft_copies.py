"""How the copy of a draft that is replaced goes, here and on the server.

A draft is never changed on a server, it is put there anew: its new row is written with uid 0 beside
an `append` in the journal, and the row before gets a `delete`. Both carry the draft's key, by which
the journal holds every deletion back until all that is to be put there is there: whatever is cut
off between the two, there is a copy, and the next try goes on where this one ended.
"""

from __future__ import annotations

from martlet.mail.folder import FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.sync import OpKind
from martlet.store.database import Tx
from martlet.store.deeds import Action
from martlet.store.folded import refold, remove
from martlet.store.settle import settle, waiting

# Neither a person's own action nor to be undone by one.
CAUSE = "draft"


def take_away(tx: Tx, message: MessageId, key: str) -> None:
    """This row shows the draft no more. One that a person has put elsewhere stays there."""
    rows = tx.query(
        "SELECT m.folder_id, m.uid, f.account_id, f.local FROM message m"
        " JOIN folder f ON f.id = m.folder_id WHERE m.id = ? AND f.role = ?",
        (message, Role.DRAFTS.value),
    )
    if not rows:
        return
    folder_id, uid, account_id, local = rows[0]
    ahead = waiting(tx, message)
    # One that was tried may be there without our knowing: it is deleted once that is known.
    unsent = [e for e in ahead if e.kind is OpKind.APPEND and "begun" not in e.after]
    if unsent:
        never_came(tx, message)
    elif local:
        remove(tx, [message])
    elif not any(e.kind is OpKind.DELETE and "kept" not in e.before for e in ahead):
        Action(tx, CAUSE).write(
            OpKind.DELETE, account_id, message, FolderId(folder_id), uid, {"draft": key}, {}
        )
        refold(tx, [message])


def never_came(tx: Tx, message: MessageId) -> None:
    """This row is replaced, and the server does not have it: it is not put there to be deleted."""
    for entry in waiting(tx, message):
        settle(tx, entry, "undone", "It was replaced before it went out.")
    remove(tx, [message])
