"""Carries changes of folders to the server: made, renamed, deleted, subscribed."""

from __future__ import annotations

import contextlib

from martlet.mail.errors import Refused
from martlet.mail.folder import Role
from martlet.mail.sync import Op, OpKind
from martlet.net.imap import ImapSession
from martlet.store import folders, mailbox
from martlet.store.database import Database

KINDS = (
    OpKind.FOLDER_CREATE,
    OpKind.FOLDER_RENAME,
    OpKind.FOLDER_DELETE,
    OpKind.FOLDER_SUBSCRIBE,
)


def carry(session: ImapSession, database: Database, op: Op, *, again: bool) -> None:
    """Does it, if it is not so already. again: an earlier try may have done it. Raises Refused."""
    try:
        _carry(session, database, op)
    except Refused:
        # One that is there, or gone, is what was asked for, whoever did it.
        told = again or op.kind in (OpKind.FOLDER_CREATE, OpKind.FOLDER_DELETE)
        if not (told and _is_so(session, op)):
            raise


def doing(op: Op) -> str:
    """What it does, to be put into a sentence."""
    match op.kind:
        case OpKind.FOLDER_CREATE:
            return f"make the folder {op.folder_name}"
        case OpKind.FOLDER_RENAME:
            return f"rename the folder {op.folder_name} to {op.target_name}"
        case OpKind.FOLDER_DELETE:
            return f"delete the folder {op.folder_name}"
        case _ if op.subscribed:
            return f"subscribe to {op.folder_name}"
        case _:
            return f"unsubscribe from {op.folder_name}"


def done(op: Op) -> str:
    """What was done, as a sentence."""
    match op.kind:
        case OpKind.FOLDER_CREATE:
            return f"The folder {op.folder_name} was made on the server."
        case OpKind.FOLDER_RENAME:
            return f"The folder {op.folder_name} is {op.target_name} on the server now."
        case OpKind.FOLDER_DELETE:
            return f"The folder {op.folder_name} was deleted on the server."
        case _:
            what = "subscribed to" if op.subscribed else "unsubscribed from"
            return f"The folder {op.folder_name} was {what} on the server."


def _carry(session: ImapSession, database: Database, op: Op) -> None:
    match op.kind:
        case OpKind.FOLDER_CREATE:
            _create(session, database, op)
        case OpKind.FOLDER_RENAME:
            session.rename(op.folder_name, op.target_name)
            _subscribe_renamed(session, database, op)
        case OpKind.FOLDER_DELETE:
            _nothing_unseen(session, database, op)
            session.delete(op.folder_name)
        case _ if op.subscribed:
            session.subscribe(op.folder_name)
        case _:
            session.unsubscribe(op.folder_name)


def _nothing_unseen(session: ImapSession, database: Database, op: Op) -> None:
    """What has come into a folder since it was last looked at is not deleted with it."""
    status = session.status([op.folder_name]).get(op.folder_name)
    if status is None or not status.messages:
        return
    state = folders.sync_state(database, op.folder_id)
    if not state.uid_validity:
        # Never compared, as folders that are only listed: there is nothing to go by.
        return
    nameless = mailbox.count_awaiting(database, op.folder_id)
    unseen = status.messages > mailbox.count_known(database, op.folder_id) + nameless
    if state.uid_next and state.uid_validity == status.uid_validity:
        # Our own moves into it have raised UIDNEXT too, but by no more than they are.
        ours = sum(uid >= state.uid_next for uid in mailbox.local_uids(database, op.folder_id))
        unseen = unseen or status.uid_next > state.uid_next + ours + nameless
    if unseen:
        raise Refused(f"The folder {op.folder_name} holds messages that have not been seen here.")


def _create(session: ImapSession, database: Database, op: Op) -> None:
    folder = folders.by_id(database, op.folder_id)
    role = folder.role if folder is not None and folder.role is not Role.INBOX else Role.NONE
    try:
        session.create(op.folder_name, role)
    except Refused:
        if role is Role.NONE:
            raise
        # Some servers know one folder of a use only, or none that is made (RFC 6154, 3).
        session.create(op.folder_name)
    with contextlib.suppress(Refused):
        session.subscribe(op.folder_name)


def _subscribe_renamed(session: ImapSession, database: Database, op: Op) -> None:
    """Subscriptions are names that RENAME leaves as they are (RFC 9051, 6.3.6)."""
    folder = folders.by_id(database, op.folder_id)
    if folder is None:
        return
    for one in (folder, *folders.children(database, folder)):
        if one.subscribed:
            below = one.name[len(folder.name) :]
            with contextlib.suppress(Refused):
                session.subscribe(op.target_name + below)
            with contextlib.suppress(Refused):
                session.unsubscribe(op.folder_name + below)


def _is_so(session: ImapSession, op: Op) -> bool:
    """Whether the server's folders are as this change wants them."""
    names = {listed.name for listed in session.list_folders()}
    match op.kind:
        case OpKind.FOLDER_CREATE:
            return op.folder_name in names
        case OpKind.FOLDER_RENAME:
            return op.target_name in names and op.folder_name not in names
        case OpKind.FOLDER_DELETE:
            return op.folder_name not in names
        case _:
            return False
