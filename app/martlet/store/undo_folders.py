"""Takes back what was done to folders: what waits is withdrawn, what is done gets its inverse.

Which action is taken back is decided in `undo`.
"""

from __future__ import annotations

from martlet.mail.account import Keep
from martlet.mail.message import MessageId
from martlet.mail.sync import OpKind
from martlet.store import folders
from martlet.store.database import Tx
from martlet.store.deeds import Action
from martlet.store.folder_deeds import delete_folder, folder, named, trash_folder
from martlet.store.holdings import is_empty
from martlet.store.settle import Entry, restore_roles, settle, withdraw


def take_back(tx: Tx, entry: Entry, action: Action) -> int:
    """1 if there was anything to take back."""
    pending = entry.state == "pending"
    settle(tx, entry, "undone", "")
    rows = tx.query("SELECT 1 FROM folder WHERE id = ?", (entry.folder_id,))
    if not rows:
        return 0
    if pending:
        withdraw(tx, entry)
        return 1
    return _inverse(tx, entry, action)


def undo_late(tx: Tx, entry: Entry, action: Action) -> list[MessageId]:
    """The server did a change after all that was withdrawn meanwhile: now it gets its inverse.

    Answers the messages it has lost by that, which are to be uploaded again.
    """
    account = entry.account_id
    nobody = MessageId(0)
    match entry.kind:
        case OpKind.FOLDER_CREATE:
            before = {"name": entry.after["name"], "delimiter": ""}
            action.write(OpKind.FOLDER_DELETE, account, nobody, entry.folder_id, 0, before, {})
        case OpKind.FOLDER_RENAME:
            there = {"name": entry.after["name"], "delimiter": entry.before["delimiter"]}
            back = {"name": entry.before["name"]}
            action.write(OpKind.FOLDER_RENAME, account, nobody, entry.folder_id, 0, there, back)
        case OpKind.FOLDER_SUBSCRIBE:
            here = {"subscribed": entry.after["subscribed"]}
            was = {"subscribed": entry.before["subscribed"]}
            folder(tx, OpKind.FOLDER_SUBSCRIBE, entry.folder_id, here, was, action)
        case OpKind.FOLDER_DELETE:
            made = {"name": entry.before["name"]}
            folder(tx, OpKind.FOLDER_CREATE, entry.folder_id, {}, made, action)
            folders.forget(tx, entry.folder_id)
            return [
                MessageId(row[0])
                for row in tx.query(
                    "SELECT id FROM message WHERE folder_id = ? AND hidden = 0",
                    (entry.folder_id,),
                )
            ]
        case _:
            pass
    return []


def sentence(tx: Tx, entries: list[Entry]) -> str:
    """What an action on folders was."""
    last = entries[0]
    rows = tx.query("SELECT name FROM folder WHERE id = ?", (last.folder_id,))
    name = str(last.before.get("name") or last.after.get("name") or (rows[0][0] if rows else ""))
    match last.kind:
        case OpKind.FOLDER_CREATE:
            return f"Creation of folder {name}"
        case OpKind.FOLDER_RENAME if "trash" not in last.after:
            return f"Renaming of folder {name} to {last.after['name']}"
        case OpKind.FOLDER_RENAME | OpKind.FOLDER_DELETE:
            return f"Deletion of folder {name}"
        case OpKind.FOLDER_SUBSCRIBE:
            what = "Subscription" if last.after["subscribed"] else "Unsubscription"
            return f"{what} of folder {name}"
        case OpKind.FOLDER_ROLE:
            return f"Choice of what folder {name} is for"
        case _:
            return f"Choice of what is kept of folder {name}"


def _inverse(tx: Tx, entry: Entry, action: Action) -> int:
    folder_id = entry.folder_id
    found = folders.by_id(tx, folder_id)
    if found is None:
        return 0
    match entry.kind:
        case OpKind.FOLDER_CREATE:
            # What came into it since is not deleted with it.
            if not is_empty(tx, found) or folders.children(tx, found):
                return int(trash_folder(tx, folder_id, action))
            delete_folder(tx, folder_id, action)
            if found.local:
                folders.drop_levels(tx, entry.before.get("above", ()))
        case OpKind.FOLDER_RENAME:
            old = str(entry.before["name"])
            if found.name == old or not folders.is_free(tx, found, old):
                return 0
            folder(tx, OpKind.FOLDER_RENAME, folder_id, named(found), {"name": old}, action)
            folders.rename(tx, folder_id, old)
            restore_roles(tx, entry.before)
        case OpKind.FOLDER_SUBSCRIBE:
            was = bool(entry.before["subscribed"])
            if found.subscribed == was:
                return 0
            here = {"subscribed": found.subscribed}
            folder(tx, OpKind.FOLDER_SUBSCRIBE, folder_id, here, {"subscribed": was}, action)
            folders.set_subscribed(tx, folder_id, was)
        case OpKind.FOLDER_ROLE:
            restore_roles(tx, entry.before)
        case OpKind.FOLDER_KEEP:
            keep = Keep(entry.before["keep"]) if entry.before["keep"] else None
            folders.set_keep(tx, folder_id, keep, int(entry.before["days"]))
        case _:
            return 0
    return 1
