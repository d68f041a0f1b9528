"""What becomes of pending changes when their server has answered, or they are withdrawn.

Where a message is on its server is what its first pending change says, else what its row says.
Each pending change names the place the message will be in when its turn comes:

    flag in A, move A -> B, flag in B, move B -> C          row: in C, uid 0

When the first move is done with a new uid, all that follows up to and with the next move gets
that uid; when it is refused, all that follows starts from A. `relocate` does both.

Between accounts a move is two changes: APPEND to the one server and, when that is done, DELETE
from the other ("kept": the row itself lives on). To a local folder the DELETE is "alone".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import DELETED, MessageId
from martlet.mail.sync import OpKind
from martlet.store import draft_links, folders
from martlet.store.codec import from_json, ids_json, to_json
from martlet.store.database import Row, Source, Tx
from martlet.store.fold import Flags, fold, pack, unpack
from martlet.store.folded import LEFT, place, refold, remove

NO_FLAGS: Flags = frozenset()
# Pending changes that bring a message into a folder.
GOING_TO = (
    "state = 'pending' AND kind IN ('move', 'append', 'copy')"
    " AND json_extract(after, '$.target') = ?"
)
COLUMNS = "id, action, kind, account_id, message, folder_id, uid, before, after, state, cause"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal. before, after: JSON objects, by kind:

    flags   before {flags}   after {add, remove}
    move    after {target}
    copy    after {target, copy}         copy: the new row
    append  before {fresh?, again?, draft?}  after {target}
            fresh: the row exists for this only; again: the server had it and lost it
    delete  before {kept?, alone?, draft?}  after {target?}
            draft: the key of the draft this shows, or showed (`draft_rows`)
    folder_create     after {name}
    folder_rename     before {name, delimiter, roles?}  after {name, trash?}
            trash: it is a deletion, to below this folder; roles: what that took from folders
    folder_delete     before {name, delimiter}
    folder_subscribe  before {subscribed}  after {subscribed}
    folder_role       before {roles}  after {role}          roles: [[folder, role, chosen], ...]
    folder_keep       before {keep, days}  after {keep, days}

    Of flags, before {local}: done here alone, as the server cannot keep them.
    Of copy, move and append, after {begun}: UIDNEXT and UIDVALIDITY of the target before the
    first try, so that another try finds what that one has left there.
    """

    id: int
    action: int
    kind: OpKind
    account_id: AccountId
    message: MessageId
    folder_id: FolderId
    uid: int
    before: dict[str, Any]
    after: dict[str, Any]
    state: str
    cause: str

    @property
    def target(self) -> FolderId:
        return FolderId(self.after.get("target", 0))

    @property
    def takes_away(self) -> bool:
        """Whether the message is somewhere else afterwards."""
        return self.kind in (OpKind.MOVE, OpKind.APPEND) or "alone" in self.before


def entry_of(row: Row) -> Entry:
    """A journal row of COLUMNS."""
    return Entry(
        row[0], row[1], OpKind(row[2]), AccountId(row[3]), MessageId(row[4]), FolderId(row[5]),
        row[6], from_json(row[7]), from_json(row[8]), row[9], row[10],
    )  # fmt: skip


def entries(source: Source, ids: Iterable[int]) -> list[Entry]:
    """These journal rows in the order they were written."""
    rows = source.query(
        f"SELECT {COLUMNS} FROM journal WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (ids_json(ids),),
    )
    return [entry_of(row) for row in rows]


def waiting(source: Source, message: MessageId) -> list[Entry]:
    """What is pending for a message, in order."""
    rows = source.query(
        f"SELECT {COLUMNS} FROM journal INDEXED BY journal_message"
        " WHERE message = ? AND message > 0 AND state = 'pending' ORDER BY id",
        (message,),
    )
    return [entry_of(row) for row in rows]


def server_place(source: Source, message: MessageId) -> tuple[FolderId, int] | None:
    """(folder, uid) of a message on its server; None while it is not there at all."""
    for entry in waiting(source, message):
        if entry.kind is OpKind.APPEND:
            return None
        if "kept" not in entry.before or "alone" in entry.before:
            return entry.folder_id, entry.uid
    if source.query(
        "SELECT 1 FROM journal WHERE state = 'pending' AND kind = 'copy'"
        " AND json_extract(after, '$.copy') = ?",
        (message,),
    ):
        return None
    rows = source.query("SELECT folder_id, uid FROM message WHERE id = ?", (message,))
    return (FolderId(rows[0][0]), rows[0][1]) if rows else None


def relocate(tx: Tx, message: MessageId, after: int, folder_id: FolderId, uid: int) -> bool:
    """The message is at (folder_id, uid) once the change `after` is settled.

    Pending changes behind it are told; with none that takes the message elsewhere the row goes
    there too, and True is answered. A move that leads where the message is already is done.
    """
    ahead = waiting(tx, message)
    uploads = {entry.action for entry in ahead if entry.kind is OpKind.APPEND}
    for entry in ahead:
        left_behind = "kept" in entry.before and "alone" not in entry.before
        if entry.id <= after or (left_behind and entry.action not in uploads):
            continue
        if entry.kind is OpKind.MOVE and entry.target == folder_id:
            settle(tx, entry, "done", "It was there already.")
            continue
        tx.execute(
            "UPDATE journal SET folder_id = ?, uid = ? WHERE id = ?", (folder_id, uid, entry.id)
        )
        if entry.takes_away:
            return False
    place(tx, message, folder_id, uid)
    return True


def settle(tx: Tx, entry: Entry, state: str, answer: str) -> None:
    tx.execute(
        "UPDATE journal SET state = ?, answer = ? WHERE id = ?", (state, answer[:500], entry.id)
    )


def send_back(tx: Tx, folder_id: FolderId) -> int:
    """What is only on its way to a folder that goes is where it was; answers how many that are."""
    coming = tx.query(
        f"SELECT {COLUMNS} FROM journal WHERE {GOING_TO} ORDER BY id DESC", (folder_id,)
    )
    returned = 0
    for one in map(entry_of, coming):
        # Taking back one change settles others of the same message.
        if entries(tx, [one.id])[0].state == "pending":
            settle(tx, one, "refused", "The folder is gone.")
            withdraw(tx, one)
            returned += 1
    return returned


def confirm(
    tx: Tx,
    entry: Entry,
    new_uids: Mapping[MessageId, int],
    unkept: Flags = NO_FLAGS,
    marked: bool = False,
) -> None:
    """The server did what this pending change asks; see `journal.done`."""
    message = entry.message
    match entry.kind:
        case OpKind.FLAGS:
            apply_flags(tx, entry, unkept)
        case OpKind.MOVE | OpKind.APPEND:
            if unkept:
                _keep_here(tx, message, unkept)
            relocate(tx, message, entry.id, entry.target, new_uids.get(message, 0))
        case OpKind.COPY:
            copy = MessageId(entry.after["copy"])
            uid = new_uids.get(copy, new_uids.get(message, 0))
            relocate(tx, copy, 0, entry.target, uid)
        case OpKind.DELETE if "kept" not in entry.before and marked:
            rows = tx.query("SELECT server_flags FROM message WHERE id = ?", (message,))
            if rows:
                flags = pack(unpack(rows[0][0]) | {DELETED})
                tx.execute("UPDATE message SET server_flags = ? WHERE id = ?", (flags, message))
                refold(tx, [message])
        case OpKind.DELETE if "kept" not in entry.before:
            remove(tx, [message])
        case OpKind.FOLDER_DELETE:
            folders.delete(tx, entry.folder_id)
        case _:
            pass


def withdraw(tx: Tx, entry: Entry) -> None:
    """Takes back here what this change did here; the server has not done it."""
    message = entry.message
    match entry.kind:
        case OpKind.FLAGS:
            refold(tx, [message])
        case OpKind.MOVE:
            relocate(tx, message, entry.id, entry.folder_id, entry.uid)
        case OpKind.COPY:
            remove(tx, [MessageId(entry.after["copy"])])
        case OpKind.APPEND if "fresh" in entry.before:
            draft_links.unplaced(tx, message)
            remove(tx, [message])
        case OpKind.APPEND:
            # What was to happen there cannot happen where it is now, on another server or none.
            for later in reversed(waiting(tx, message)):
                if later.id > entry.id:
                    settle(tx, later, "refused", "The message never came to that server.")
                    withdraw(tx, later)
            # Nothing is deleted at the source of a move that did not arrive.
            tx.execute(
                "UPDATE journal SET state = 'undone' WHERE action = ? AND message = ?"
                " AND kind = 'delete' AND state = 'pending'",
                (entry.action, message),
            )
            relocate(tx, message, entry.id, entry.folder_id, entry.uid)
        case OpKind.DELETE if "alone" in entry.before:
            # The message is safe in its local folder, whatever the server keeps of it.
            pass
        case OpKind.DELETE:
            refold(tx, [message])
        case OpKind.FOLDER_CREATE:
            folders.delete(tx, entry.folder_id)
            folders.drop_levels(tx, map(FolderId, entry.before.get("above", ())))
            tx.execute(
                "UPDATE journal SET state = 'refused', answer = 'The folder was not made.'"
                " WHERE state = 'pending' AND message = 0 AND folder_id = ? AND id > ?",
                (entry.folder_id, entry.id),
            )
        case OpKind.FOLDER_RENAME:
            _rename_back(tx, entry)
        case OpKind.FOLDER_SUBSCRIBE:
            folders.set_subscribed(tx, entry.folder_id, bool(entry.before["subscribed"]))
        case OpKind.FOLDER_DELETE:
            folders.spare(tx, entry.folder_id, _called_by_now(tx, entry))
        case _:
            pass


def restore_roles(tx: Tx, before: Mapping[str, Any]) -> None:
    """Gives folders the roles a change took from them."""
    for folder_id, role, chosen in before.get("roles", ()):
        folders.set_role(tx, FolderId(folder_id), Role(role), chosen=bool(chosen))


def _rename_back(tx: Tx, entry: Entry) -> None:
    """The old name is the folder's again, also in what waits behind this change."""
    old, new = str(entry.before["name"]), str(entry.after["name"])
    delimiter = str(entry.before["delimiter"])
    _give_back_name(tx, entry)
    for later in pending_of_folders(tx, entry.account_id):
        if later.id <= entry.id:
            continue
        before, after = (
            {**one, "name": folders.renamed(one["name"], new, old, delimiter)}
            if "name" in one
            else one
            for one in (later.before, later.after)
        )
        tx.execute(
            "UPDATE journal SET before = ?, after = ? WHERE id = ?",
            (to_json(before), to_json(after), later.id),
        )
    found = folders.by_id(tx, entry.folder_id)
    if found is not None and found.name == new:
        folders.rename(tx, entry.folder_id, old)
    folders.rename_doomed(tx, entry.account_id, new, old, delimiter)
    restore_roles(tx, entry.before)


def _called_by_now(tx: Tx, entry: Entry) -> str:
    """The name of a folder that stays after all, with what was renamed above it since."""
    name = str(entry.before["name"])
    for later in pending_of_folders(tx, entry.account_id):
        if later.id > entry.id and later.kind is OpKind.FOLDER_RENAME:
            old, new = str(later.before["name"]), str(later.after["name"])
            name = folders.renamed(name, old, new, str(later.before["delimiter"]))
    return name


def _give_back_name(tx: Tx, entry: Entry) -> None:
    """What was to have the name this folder keeps after all cannot have it."""
    old, delimiter = str(entry.before["name"]), str(entry.before["delimiter"])
    for later in reversed(pending_of_folders(tx, entry.account_id)):
        name = str(later.after.get("name", ""))
        takes = name == old or (delimiter and name.startswith(old + delimiter))
        if later.id > entry.id and later.folder_id != entry.folder_id and takes:
            settle(tx, later, "refused", f"There is a folder {old} already.")
            withdraw(tx, later)


def pending_of_folders(source: Source, account_id: AccountId) -> list[Entry]:
    """What waits to be done to folders of an account, in order."""
    rows = source.query(
        f"SELECT {COLUMNS} FROM journal WHERE account_id = ? AND state = 'pending'"
        " AND message = 0 ORDER BY id",
        (account_id,),
    )
    return [entry_of(row) for row in rows]


def apply_flags(tx: Tx, entry: Entry, unkept: Flags = NO_FLAGS) -> None:
    """The server has these flags now, but for those it cannot keep: they are kept here, unless
    they are to be taken away again. A row that went to a local folder since has its own."""
    rows = tx.query(
        "SELECT m.server_flags FROM journal j JOIN message m ON m.id = j.message"
        f" WHERE j.id = ? AND NOT {LEFT}",
        (entry.id,),
    )
    if not rows:
        return
    add = frozenset(entry.after["add"])
    change = (add - unkept, frozenset(entry.after["remove"]))
    new = pack(fold(unpack(rows[0][0]), [change]))
    tx.execute("UPDATE message SET server_flags = ? WHERE id = ?", (new, entry.message))
    if add & unkept:
        later = [one for one in waiting(tx, entry.message) if one.id > entry.id]
        undone = {flag for one in later for flag in one.after.get("remove", ())}
        _keep_here(tx, entry.message, (add & unkept) - undone)
    refold(tx, [entry.message])


def _keep_here(tx: Tx, message: MessageId, flags: Flags) -> None:
    rows = tx.query("SELECT local_flags FROM message WHERE id = ?", (message,))
    if rows:
        local = pack(unpack(rows[0][0]) | flags)
        tx.execute("UPDATE message SET local_flags = ? WHERE id = ?", (local, message))
        refold(tx, [message])
