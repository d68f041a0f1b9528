"""Carries pending changes from here to an IMAP server, in order.

Neighbours that do the same are grouped into one command with a UID set. What the server refuses is
folded back and told once; a lost line leaves the rest pending. Which command is used for a move on
which server is net.imap's business; plain EXPUNGE is never sent.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from threading import Event

from martlet.engine.events import Announcer
from martlet.engine.tally import Tally
from martlet.mail.account import Account
from martlet.mail.changes import Notice
from martlet.mail.errors import BadServer, MailError, Refused, StoreError
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind
from martlet.net.imap import ImapSession
from martlet.store import folders, journal, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.replay")

GROUP = 1000
TOO_OFTEN = 3
NOT_HERE = "The message to store on the server is not here any more."
FOLDER_KINDS = (
    OpKind.FOLDER_CREATE,
    OpKind.FOLDER_RENAME,
    OpKind.FOLDER_DELETE,
    OpKind.FOLDER_SUBSCRIBE,
)
GONE = "The message is not on the server any more."


class Replay:
    """Replays one account's journal over a session."""

    def __init__(
        self, account: Account, database: Database, blobs: Blobs, announcer: Announcer
    ) -> None:
        self._account = account
        self._database = database
        self._blobs = blobs
        self._announcer = announcer
        # Changes that may have reached the server though its answer never reached us.
        self._tried = {op.id for op in journal.pending(database, account.id)}
        self._broke: Counter[int] = Counter()

    def wanted(self) -> bool:
        """Whether anything is pending."""
        return bool(journal.pending(self._database, self._account.id))

    def run(self, session: ImapSession, tally: Tally, stopping: Event) -> None:
        """Replays all that is pending, or until `stopping`; what was selected is not any more."""
        while not stopping.is_set():
            ops = journal.pending(self._database, self._account.id)
            if not ops:
                return
            group = first_group(ops)
            ids = {op.id for op in group}
            again = bool(ids & self._tried)
            self._tried |= ids
            try:
                self._carry(session, group, again)
                tally.changed += len(group)
            except Refused as error:
                self._refuse(group, error)
            except BadServer as error:
                # A change that breaks the server each time must not hold up all others for ever.
                self._broke[group[0].id] += 1
                if self._broke[group[0].id] >= TOO_OFTEN:
                    self._refuse(group, error)
                raise
            self._tried -= ids

    def _refuse(self, group: Sequence[Op], error: MailError) -> None:
        words = error.detail or error.summary
        with self._database.write() as tx:
            journal.refuse(tx, [op.id for op in group], words)
        what = {
            OpKind.FLAGS: "change the marks of",
            OpKind.MOVE: "move",
            OpKind.COPY: "copy",
            OpKind.DELETE: "delete",
            OpKind.APPEND: "store",
        }.get(group[0].kind)
        count = f"{len(group)} messages" if len(group) > 1 else "a message"
        said = f"The server refused to {what} {count}." if what else error.summary
        self._announcer.tell(Notice(self._account.name, error.kind, said, words))

    def _carry(self, session: ImapSession, group: list[Op], again: bool) -> None:
        if group[0].kind in FOLDER_KINDS:
            try:
                self._carry_folder(session, group[0])
            except Refused:
                if not (again and self._is_so(session, group[0])):
                    raise
            self._done(group)
        elif group[0].kind is OpKind.APPEND:
            self._append(session, group[0])
        else:
            self._carry_messages(session, group, again)

    @staticmethod
    def _carry_folder(session: ImapSession, op: Op) -> None:
        match op.kind:
            case OpKind.FOLDER_CREATE:
                session.create(op.folder_name)
                session.subscribe(op.folder_name)
            case OpKind.FOLDER_RENAME:
                session.rename(op.folder_name, op.target_name)
            case OpKind.FOLDER_DELETE:
                session.delete(op.folder_name)
            case _ if op.subscribed:
                session.subscribe(op.folder_name)
            case _:
                session.unsubscribe(op.folder_name)

    @staticmethod
    def _is_so(session: ImapSession, op: Op) -> bool:
        """Whether the server has done already what it now refuses to do again."""
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

    def _append(self, session: ImapSession, op: Op) -> None:
        try:
            raw = self._blobs.get(op.blob)
        except StoreError as error:
            raise Refused(NOT_HERE, error.summary) from error
        if raw is None:
            raise Refused(NOT_HERE)
        uid = self._left_there(session, op)
        if not uid:
            received = mailbox.received(self._database, op.message)
            uid = session.append(op.folder_name, raw, op.add, received)
        self._done([op], {op.message: uid} if uid else {})

    def _carry_messages(self, session: ImapSession, group: list[Op], again: bool) -> None:
        first = group[0]
        selected = session.select(first.folder_name)
        known = folders.sync_state(self._database, first.folder_id).uid_validity
        if known not in (0, selected.uid_validity):
            # What we know as uids names other messages now: look for ours by Message-ID.
            with self._database.write() as tx:
                folders.forget(tx, first.folder_id)
            return
        uids = {op.message: op.uid or self._find(session, op) for op in group}
        lost = [op for op in group if not uids[op.message]]
        if lost:
            with self._database.write() as tx:
                journal.refuse(tx, [op.id for op in lost], GONE)
        here = [op for op in group if uids[op.message]]
        copies = first.kind is OpKind.COPY or (
            first.kind is OpKind.MOVE and "MOVE" not in session.capabilities
        )
        if copies and again:
            here = self._without_copied(session, here, uids)
        if not here:
            return
        wanted = [uids[op.message] for op in here]
        new_uids: dict[int, int] = {}
        if first.kind is OpKind.FLAGS:
            session.store(wanted, first.add, first.remove)
        elif first.kind is OpKind.MOVE:
            new_uids = session.move(wanted, first.target_name)
        elif first.kind is OpKind.COPY:
            session.copy(wanted, first.target_name)
        else:
            session.expunge(wanted)
        self._done(here, {m: new_uids[u] for m, u in uids.items() if u in new_uids})

    def _without_copied(
        self, session: ImapSession, group: list[Op], uids: dict[MessageId, int]
    ) -> list[Op]:
        """Settles what was copied before the line was lost; answers the others."""
        session.select(group[0].target_name)
        known = mailbox.local_uids(self._database, group[0].target_id)
        there: dict[MessageId, int] = {}
        for op in group:
            new = [u for u in self._search(session, op) if u not in known]
            if new:
                there[op.message] = max(new)
        session.select(group[0].folder_name)
        copied = [op for op in group if op.message in there]
        if copied:
            if copied[0].kind is OpKind.MOVE:
                session.expunge([uids[op.message] for op in copied])
            self._done(copied, there if copied[0].kind is OpKind.MOVE else {})
        return [op for op in group if op.message not in there]

    @staticmethod
    def _search(session: ImapSession, op: Op) -> list[int]:
        """The uids in the selected folder of messages with this Message-ID and size."""
        if not op.message_id:
            return []
        found = session.search_message_id(op.message_id)
        if not found or not op.size:
            return found
        return [s.uid for s in session.fetch_summaries(found) if s.size == op.size]

    def _find(self, session: ImapSession, op: Op) -> int:
        """The uid of a message the server has not told us; alike ones are the same to the user."""
        return max(self._search(session, op), default=0)

    def _left_there(self, session: ImapSession, op: Op) -> int:
        """The uid of an upload that succeeded just before we were cut off, or 0."""
        session.select(op.folder_name)
        known = mailbox.local_uids(self._database, op.folder_id)
        return max((u for u in self._search(session, op) if u not in known), default=0)

    def _done(self, group: Sequence[Op], new_uids: dict[MessageId, int] | None = None) -> None:
        with self._database.write() as tx:
            journal.done(tx, [op.id for op in group], "OK", new_uids)


def first_group(ops: Sequence[Op]) -> list[Op]:
    """The leading ops that one command can carry out.

    The same message twice would need two commands (its uid may change between them), so it ends
    a group.
    """
    first = ops[0]
    if first.kind in (*FOLDER_KINDS, OpKind.APPEND):
        return [first]
    group: list[Op] = []
    seen: set[MessageId] = set()
    for op in ops[:GROUP]:
        same = (op.kind, op.folder_id, op.target_id, op.add, op.remove) == (
            first.kind,
            first.folder_id,
            first.target_id,
            first.add,
            first.remove,
        )
        if not same or op.message in seen:
            break
        group.append(op)
        seen.add(op.message)
    return group
