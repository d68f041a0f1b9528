"""Carries pending changes from here to an IMAP server, in order.

Neighbours that do the same are grouped into one command with a UID set. What the server refuses is
folded back and told once; a lost line leaves the rest pending. Which command is used for a move on
which server is net.imap's business; plain EXPUNGE is never sent.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from martlet.engine.events import Announcer
from martlet.engine.tally import Tally
from martlet.mail.account import Account
from martlet.mail.changes import Notice
from martlet.mail.errors import Refused
from martlet.mail.message import MessageId
from martlet.mail.sync import Op, OpKind
from martlet.net.imap import ImapSession
from martlet.store import journal, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database

log = logging.getLogger("martlet.replay")

GROUP = 1000
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

    def run(self, session: ImapSession, tally: Tally) -> bool:
        """Replays all that is pending; True when anything was, so that selected state is stale."""
        worked = False
        while ops := journal.pending(self._database, self._account.id):
            worked = True
            group = first_group(ops)
            try:
                self._carry(session, group)
                tally.changed += len(group)
            except Refused as error:
                self._refuse(group, error)
        return worked

    def _refuse(self, group: Sequence[Op], error: Refused) -> None:
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

    def _carry(self, session: ImapSession, group: list[Op]) -> None:
        kind = group[0].kind
        match kind:
            case OpKind.FOLDER_CREATE:
                session.create(group[0].folder_name)
                session.subscribe(group[0].folder_name)
            case OpKind.FOLDER_RENAME:
                session.rename(group[0].folder_name, group[0].target_name)
            case OpKind.FOLDER_DELETE:
                session.delete(group[0].folder_name)
            case OpKind.FOLDER_SUBSCRIBE:
                if group[0].subscribed:
                    session.subscribe(group[0].folder_name)
                else:
                    session.unsubscribe(group[0].folder_name)
            case _:
                self._carry_messages(session, group)
                return
        self._done(group)

    def _carry_messages(self, session: ImapSession, group: list[Op]) -> None:
        first = group[0]
        if first.kind is OpKind.APPEND:
            raw = self._blobs.get(first.blob)
            if raw is None:
                raise Refused("The message to store on the server is not here any more.")
            uid = self._left_there(session, first)
            if not uid:
                uid = session.append(first.folder_name, raw, first.add, None)
            self._done(group, {first.message: uid} if uid else {})
            return
        session.select(first.folder_name)
        uids = {op.message: op.uid or self._find(session, op) for op in group}
        lost = [op for op in group if not uids[op.message]]
        if lost:
            with self._database.write() as tx:
                journal.refuse(tx, [op.id for op in lost], GONE)
        here = [op for op in group if uids[op.message]]
        if not here:
            return
        wanted = [uids[op.message] for op in here]
        new_uids: dict[int, int] = {}
        if first.kind is OpKind.FLAGS:
            session.store(wanted, first.add, first.remove)
        elif first.kind is OpKind.MOVE:
            new_uids = session.move(wanted, first.target_name)
        elif first.kind is OpKind.COPY:
            new_uids = session.copy(wanted, first.target_name)
        else:
            session.expunge(wanted)
        self._done(
            here,
            {m: new_uids[u] for m, u in uids.items() if u in new_uids}
            if first.kind is OpKind.MOVE
            else {},
        )

    @staticmethod
    def _find(session: ImapSession, op: Op) -> int:
        """The uid of a message the server has not told us: by Message-ID, newest if several."""
        if not op.message_id:
            return 0
        found = session.search_message_id(op.message_id)
        return max(found, default=0)

    def _left_there(self, session: ImapSession, op: Op) -> int:
        """The uid of an upload that succeeded just before we were cut off, or 0."""
        if not op.message_id:
            return 0
        session.select(op.folder_name)
        known = mailbox.local_uids(self._database, op.folder_id)
        found = [u for u in session.search_message_id(op.message_id) if u not in known]
        return max(found, default=0)

    def _done(self, group: Sequence[Op], new_uids: dict[MessageId, int] | None = None) -> None:
        with self._database.write() as tx:
            journal.done(tx, [op.id for op in group], "OK", new_uids)


def first_group(ops: Sequence[Op]) -> list[Op]:
    """The leading ops that one command can carry out.

    The same message twice would need two commands (its uid may change between them), so it ends
    a group.
    """
    first = ops[0]
    alone = first.kind in (
        OpKind.FOLDER_CREATE,
        OpKind.FOLDER_RENAME,
        OpKind.FOLDER_DELETE,
        OpKind.FOLDER_SUBSCRIBE,
        OpKind.APPEND,
    )
    if alone:
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
