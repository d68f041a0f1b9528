"""The deeds of the journal on folders: made, renamed, deleted, subscribed, given a use.

Reached through `journal`; taking them back is in `undo_folders`. Each is one action.
"""

from __future__ import annotations

from collections.abc import Mapping

from martlet.mail.account import AccountId, Keep
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import MessageId
from martlet.mail.sync import OpKind
from martlet.store import folders, pop3
from martlet.store.database import Tx
from martlet.store.deeds import Action
from martlet.store.settle import send_back


def create_folder(
    tx: Tx,
    account_id: AccountId,
    name: str,
    delimiter: str,
    *,
    role: Role = Role.NONE,
    local: bool = False,
) -> FolderId:
    """A new folder, here at once, with the levels above it that are not there."""
    above = folders.create_levels(tx, account_id, name, delimiter, local)
    folder_id = folders.create(tx, account_id, name, delimiter, role, local)
    before = {"above": above} if above else {}
    folder(tx, OpKind.FOLDER_CREATE, folder_id, before, {"name": name})
    return folder_id


def rename_folder(tx: Tx, folder_id: FolderId, name: str) -> None:
    """Another path for a folder, and for those below it. Refused if a name is taken."""
    found = folders.by_id(tx, folder_id)
    if found is not None and found.name != name:
        if not folders.is_free(tx, found, name):
            raise Refused(f"There is a folder {name} already, or one below it.")
        folder(tx, OpKind.FOLDER_RENAME, folder_id, named(found), {"name": name})
        folders.rename(tx, folder_id, name)


def trash_folder(tx: Tx, folder_id: FolderId, action: Action | None = None) -> bool:
    """Deletes a folder by moving it below Trash, with all in it, under a name that is free there.

    False: there is no Trash it can go to, and nothing was done. Roles it had are gone, so that
    nothing is archived into the trash from now on.
    """
    found = folders.by_id(tx, folder_id)
    trash = folders.trash_for(tx, found) if found else None
    if found is None or trash is None:
        return False
    wanted = name = trash.name + trash.delimiter + found.leaf
    number = 1
    while not folders.is_free(tx, found, name):
        number += 1
        name = f"{wanted} {number}"
    used = [f for f in (found, *folders.children(tx, found)) if f.role is not Role.NONE]
    roles = [[f.id, f.role.value, f.chosen] for f in used]
    before = {**named(found), "roles": roles}
    folder(tx, OpKind.FOLDER_RENAME, folder_id, before, {"name": name, "trash": trash.id}, action)
    folders.rename(tx, folder_id, name)
    for one in used:
        folders.set_role(tx, one.id, Role.NONE, chosen=False)
    return True


def delete_folder(tx: Tx, folder_id: FolderId, action: Action | None = None) -> None:
    """Deletes a folder and those below it for good, deepest first as servers want it (RFC 9051,
    6.3.5). On a server they are kept here, not shown, until it has done so."""
    found = folders.by_id(tx, folder_id)
    if found is None:
        return
    action = action or Action(tx)
    below = sorted(folders.children(tx, found), key=lambda f: f.name, reverse=True)
    for one in (*below, found):
        folder(tx, OpKind.FOLDER_DELETE, one.id, named(one), {}, action)
        send_back(tx, one.id)
        if one.local:
            pop3.mark_folder_gone(tx, one.id)
            folders.delete(tx, one.id)
        else:
            folders.doom(tx, one.id)


def subscribe_folder(tx: Tx, folder_id: FolderId, subscribed: bool) -> None:
    found = folders.by_id(tx, folder_id)
    if found is not None and found.subscribed != subscribed:
        before = {"subscribed": found.subscribed}
        folder(tx, OpKind.FOLDER_SUBSCRIBE, folder_id, before, {"subscribed": subscribed})
        folders.set_subscribed(tx, folder_id, subscribed)


def set_role(tx: Tx, folder_id: FolderId, role: Role | None) -> None:
    """What the user says a folder is for; see `folders.set_role`. None: the server's next list
    says it."""
    found = folders.by_id(tx, folder_id)
    chosen = role is not None
    role = role or Role.NONE
    if found is None or (found.role is role and found.chosen == chosen):
        return
    losing = [
        f
        for f in folders.of_account(tx, found.account_id)
        if f.role is role is not Role.NONE and f.id != folder_id
    ]
    roles = [[f.id, f.role.value, f.chosen] for f in (found, *losing)]
    folder(tx, OpKind.FOLDER_ROLE, folder_id, {"roles": roles}, {"role": role.value}, local=True)
    folders.set_role(tx, folder_id, role, chosen=chosen)


def set_keep(tx: Tx, folder_id: FolderId, keep: Keep | None, days: int) -> None:
    """How much of a folder is kept here; see `folders.set_keep`."""
    found = folders.by_id(tx, folder_id)
    if found is None or (found.keep, found.keep_days) == (keep, days):
        return
    before, after = (
        {"keep": one.value if one else "", "days": for_days}
        for one, for_days in ((found.keep, found.keep_days), (keep, days))
    )
    folder(tx, OpKind.FOLDER_KEEP, folder_id, before, after, local=True)
    folders.set_keep(tx, folder_id, keep, days)


def folder(
    tx: Tx,
    kind: OpKind,
    folder_id: FolderId,
    before: Mapping[str, object],
    after: Mapping[str, object],
    action: Action | None = None,
    *,
    local: bool = False,
) -> None:
    """Writes down a change of a folder that is (still) there; the verbs above are for use.

    local: no server is to be told.
    """
    found = folders.by_id(tx, folder_id)
    if found is not None:
        (action or Action(tx)).write(
            kind, found.account_id, MessageId(0), folder_id, 0, before, after,
            done=found.local or local,
        )  # fmt: skip


def named(folder: Folder) -> dict[str, object]:
    """What a journal row keeps of a folder to be renamed or deleted."""
    return {"name": folder.name, "delimiter": folder.delimiter}
