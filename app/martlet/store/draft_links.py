"""What becomes of drafts when the rows that show them go, for whatever reason. SQL alone, so that
the journal can use it."""

from __future__ import annotations

from martlet.mail.folder import FolderId
from martlet.mail.message import MessageId
from martlet.store.database import Tx


def unplaced(tx: Tx, message: MessageId) -> None:
    """This row goes without ever having come to its server: it is to have another."""
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1 WHERE message = ? AND message > 0", (message,)
    )


def without_folder(tx: Tx, folder_id: FolderId) -> None:
    """A folder goes. Nobody has said with that that its drafts are not wanted any more."""
    tx.execute(
        "UPDATE draft SET message = 0, wanted = 1 WHERE message > 0 AND message IN"
        " (SELECT id FROM message WHERE folder_id = ?)",
        (folder_id,),
    )


def taken_away(tx: Tx, key: str) -> None:
    """The copy that was to be replaced was not there any more: another program was quicker."""
    tx.execute("UPDATE draft SET lost = 1 WHERE key = ? AND key <> ''", (key,))
