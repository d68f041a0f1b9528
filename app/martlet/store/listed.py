"""Makes the folders of an account those its server lists, with what waits in the journal on top.

A folder just made here does not vanish, one just deleted stays gone, and one that others renamed
keeps its messages where the server says which it is (MAILBOXID, RFC 8474) or it can be told by
its numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from martlet.mail.account import AccountId
from martlet.mail.changes import FoldersChanged
from martlet.mail.folder import FolderId, Role
from martlet.mail.sync import FolderStatus, ListedFolder, OpKind
from martlet.store import account_log, draft_links
from martlet.store.codec import clean, from_json
from martlet.store.database import Tx
from martlet.store.folder_rows import of_account
from martlet.store.holdings import count_known

_NOTHING_TOLD = FolderStatus()


def put_listed(tx: Tx, account_id: AccountId, listed: Sequence[ListedFolder]) -> None:
    """Takes in a server's whole list; what is not in it is forgotten here."""
    waiting = _Waiting(tx, account_id)
    here = _named(tx, account_id, listed, waiting)
    changed = _follow_renames(tx, account_id, here, waiting)
    known = {f.name: f for f in of_account(tx, account_id)}
    chosen = {f.role for f in known.values() if f.chosen}
    told = {one.role for one in listed}
    for name, one in here.items():
        old = known.get(name)
        role = Role.INBOX if name.upper() == "INBOX" else one.role
        if role is not Role.INBOX and role in chosen:
            # The user gave it to another folder.
            role = Role.NONE
        if old is None:
            _insert(tx, account_id, name, role, one)
            changed = True
            continue
        # A role we gave a folder that we made stays, should the server not know better.
        if old.chosen or (role is Role.NONE and old.role not in told):
            role = old.role
        subscribed = old.subscribed if old.id in waiting.subscriptions else one.subscribed
        new = (one.delimiter, role.value, int(subscribed), int(one.selectable))
        if new != (old.delimiter, old.role.value, int(old.subscribed), int(old.selectable)):
            tx.execute(
                "UPDATE folder SET delimiter = ?, role = ?, subscribed = ?, selectable = ?"
                " WHERE id = ?",
                (*new, old.id),
            )
            changed = True
        changed |= _put_status(tx, old.id, one)
    made = [f.name for f in known.values() if f.id in waiting.created]
    for name, old in known.items():
        kept = old.local or old.role is Role.INBOX or old.id in waiting.created
        # A level above one that is only here comes to be with it.
        kept = kept or any(renamed(one, name, "", old.delimiter) != one for one in made)
        if name not in here and not kept:
            drop(tx, old.id, by_others=True)
            changed = True
    if changed:
        tx.note(FoldersChanged(account_id))


class _Waiting:
    """Folder changes of an account that its server has not been told yet."""

    def __init__(self, tx: Tx, account_id: AccountId) -> None:
        self.created: set[FolderId] = set()
        self.deleted: set[str] = set()
        self.subscriptions: set[FolderId] = set()
        self.renamed: set[FolderId] = set()
        self._renames: list[tuple[str, str, str]] = []
        for kind, folder_id, before, after in tx.query(
            "SELECT kind, folder_id, before, after FROM journal"
            " WHERE account_id = ? AND state = 'pending' AND message = 0 ORDER BY id",
            (account_id,),
        ):
            if kind == OpKind.FOLDER_CREATE.value:
                self.created.add(FolderId(folder_id))
            elif kind == OpKind.FOLDER_DELETE.value:
                self.deleted.add(from_json(before)["name"])
            elif kind == OpKind.FOLDER_SUBSCRIBE.value:
                self.subscriptions.add(FolderId(folder_id))
            elif kind == OpKind.FOLDER_RENAME.value:
                old = from_json(before)
                self.renamed.add(FolderId(folder_id))
                self._renames.append((old["name"], from_json(after)["name"], old["delimiter"]))

    def name_here(self, name: str) -> str:
        """What a folder is called here that its server calls `name`."""
        for old, new, delimiter in self._renames:
            name = renamed(name, old, new, delimiter)
        return name


def renamed(name: str, old: str, new: str, delimiter: str) -> str:
    """The path after a folder `old` became `new`, which moves what is below it as well."""
    if name == old or (delimiter and name.startswith(old + delimiter)):
        return new + name[len(old) :]
    return name


def _named(
    tx: Tx, account_id: AccountId, listed: Sequence[ListedFolder], waiting: _Waiting
) -> dict[str, ListedFolder]:
    """The listed folders by what they are called here, without those deleted here."""
    inbox = next((f.name for f in of_account(tx, account_id) if f.role is Role.INBOX), "INBOX")
    here: dict[str, ListedFolder] = {}
    for one in listed:
        name = waiting.name_here(clean(one.name))
        if name.upper() == "INBOX":
            name = inbox
        if name not in waiting.deleted:
            here.setdefault(name, one)
    return here


def _follow_renames(
    tx: Tx, account_id: AccountId, here: dict[str, ListedFolder], waiting: _Waiting
) -> bool:
    """Renames rows whose folder has another name on the server now. Names may have been swapped,
    so all give up their old ones first."""
    told = [(one.status.mailbox_id, name) for name, one in here.items() if one.status is not None]
    how_often = Counter(mailbox_id for mailbox_id, _ in told)
    # One that is said of several folders says nothing.
    places = {mailbox_id: name for mailbox_id, name in told if how_often[mailbox_id] == 1}
    moved: list[tuple[FolderId, str]] = []
    for folder_id, name, mailbox_id in tx.query(
        "SELECT id, name, mailbox_id FROM folder WHERE account_id = ? AND mailbox_id <> ''"
        " AND doomed = 0",
        (account_id,),
    ):
        new: str = places.get(mailbox_id) or name
        if new in {other for _, other in moved}:
            continue
        if new != name and "INBOX" not in (name.upper(), new.upper()):
            moved.append((folder_id, new))
    if any(folder_id in waiting.renamed for folder_id, _ in moved):
        # Both sides renamed: ours is refused by the server first, then theirs is followed.
        return False
    moved += _recognised(tx, account_id, here, waiting, moved)
    leaving = {folder_id for folder_id, _ in moved}
    taken = {f.name: f for f in of_account(tx, account_id) if f.id not in leaving}
    for folder_id, _ in moved:
        tx.execute("UPDATE folder SET name = ? WHERE id = ?", (f"\0{folder_id}", folder_id))
    for folder_id, new in moved:
        # A folder by that name that is another one on the server by now, or was only made here.
        if new in taken and taken[new].id not in waiting.created:
            drop(tx, taken[new].id, by_others=True)
        elif new in taken:
            drop(tx, folder_id)
            continue
        tx.execute("DELETE FROM folder WHERE account_id = ? AND name = ? AND doomed = 1",
                   (account_id, new))  # fmt: skip
        tx.execute("UPDATE folder SET name = ? WHERE id = ?", (new, folder_id))
    return bool(moved)


def _recognised(
    tx: Tx,
    account_id: AccountId,
    here: dict[str, ListedFolder],
    waiting: _Waiting,
    moved: Sequence[tuple[FolderId, str]],
) -> list[tuple[FolderId, str]]:
    """The same for servers that do not say which folder it is: one is gone, another has come with
    its UIDVALIDITY, UIDNEXT and number of messages, and no other folder has that UIDVALIDITY."""
    rows = tx.query(
        "SELECT id, name, uid_validity, uid_next, there, mailbox_id FROM folder"
        " WHERE account_id = ? AND local = 0 AND doomed = 0 AND uid_validity > 0",
        (account_id,),
    )
    known = {f.name for f in of_account(tx, account_id)} | {name for _, name in moved}
    statuses = {name: one.status for name, one in here.items() if one.status is not None}
    ours = Counter(row[2] for row in rows)
    theirs = Counter(status.uid_validity for status in statuses.values())
    come = {
        status.uid_validity: (name, status)
        for name, status in statuses.items()
        if name not in known and theirs[status.uid_validity] == 1
    }
    going = {folder_id for folder_id, _ in moved} | waiting.renamed | waiting.created
    found: list[tuple[FolderId, str]] = []
    for folder_id, name, validity, uid_next, there, mailbox_id in rows:
        if name in here or name.upper() == "INBOX" or folder_id in going:
            continue
        if validity not in come or ours[validity] > 1:
            continue
        new, status = come[validity]
        if (mailbox_id and status.mailbox_id) or not uid_next or status.uid_next != uid_next:
            continue
        if status.messages in (there, count_known(tx, folder_id)):
            found.append((folder_id, new))
    return found


def _insert(tx: Tx, account_id: AccountId, name: str, role: Role, one: ListedFolder) -> None:
    tx.execute(
        "INSERT INTO folder (account_id, name, delimiter, role, subscribed, selectable)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (account_id, name, one.delimiter, role.value, int(one.subscribed), int(one.selectable)),
    )
    _put_status(tx, FolderId(tx.inserted), one)


def _put_status(tx: Tx, folder_id: FolderId, one: ListedFolder) -> bool:
    """What the server says it has; True if that is news."""
    status = one.status
    if not one.inferiors:
        tx.execute("UPDATE folder SET inferiors = 0 WHERE id = ? AND inferiors = 1", (folder_id,))
    if status is None or status == _NOTHING_TOLD:
        return False
    tx.execute(
        "UPDATE folder SET there = ?1, there_unread = ?2,"
        " mailbox_id = CASE WHEN ?3 = '' THEN mailbox_id ELSE ?3 END WHERE id = ?4"
        " AND (there <> ?1 OR there_unread <> ?2 OR (?3 <> '' AND mailbox_id <> ?3))",
        (status.messages, status.unseen, clean(status.mailbox_id), folder_id),
    )
    return tx.touched > 0


def drop(tx: Tx, folder_id: FolderId, *, by_others: bool = False) -> None:
    """Forgets a folder's row and what is in it. What was only on its way here goes back to where
    it is: it may be nowhere else. by_others: that is said in the account's log."""
    # Here, since settling changes of folders needs this module.
    from martlet.store.settle import send_back

    returned = send_back(tx, folder_id)
    tx.execute(
        "UPDATE journal SET state = 'refused', answer = 'The folder is gone.'"
        " WHERE state = 'pending' AND message > 0"
        " AND message IN (SELECT id FROM message WHERE folder_id = ?)",
        (folder_id,),
    )
    lost = tx.touched
    if by_others and (returned or lost):
        _tell_gone(tx, folder_id, returned, lost)
    draft_links.without_folder(tx, folder_id)
    tx.execute("DELETE FROM message WHERE folder_id = ?", (folder_id,))
    tx.execute("DELETE FROM folder WHERE id = ?", (folder_id,))


def _tell_gone(tx: Tx, folder_id: FolderId, returned: int, lost: int) -> None:
    rows = tx.query("SELECT account_id, name FROM folder WHERE id = ?", (folder_id,))
    if not rows:
        return
    what = []
    if returned:
        what.append(f"{account_log.count(returned, 'message')} on the way to it went back")
    if lost:
        what.append(f"{account_log.count(lost, 'change')} in it could not be made")
    sentence = f"The folder {rows[0][1]} was deleted on the server; {' and '.join(what)}."
    account_log.conflict(tx, AccountId(rows[0][0]), sentence)
