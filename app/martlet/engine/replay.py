"""Carries what people did here to the server, in order, in as few commands as may be.

The journal says what; neighbours of one kind go into one UID set. What the server refuses is
withdrawn here, told once and written into the account's log. A change whose answer was lost is
looked for before it is tried again (`landed`), so that nothing is there twice; one that ends the
line time and again is put off (`postponed`). Changes of folders are in `replay_folders`. EXPUNGE is
never sent.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from threading import Event
from typing import BinaryIO

from martlet.engine import draft_check, landed, replay_folders, replay_words, stored_letter
from martlet.engine.events import Announcer
from martlet.engine.postponed import free
from martlet.engine.replay_groups import GROUP, first_group, first_run
from martlet.engine.replay_words import NotHere
from martlet.engine.tally import Tally
from martlet.mail.account import Account
from martlet.mail.changes import Notice
from martlet.mail.errors import (
    BadServer,
    Busy,
    ErrorKind,
    MailError,
    Offline,
    Refused,
    StoreError,
)
from martlet.mail.message import DELETED, MessageId
from martlet.mail.sync import FolderStatus, Op, OpKind, SyncState
from martlet.net.imap import ImapSession
from martlet.net.imap_select import Selected
from martlet.net.imap_sets import batches
from martlet.store import account_log, draft_links, folders, journal, mailbox
from martlet.store.blobs import Blobs
from martlet.store.database import Database
from martlet.store.fold import unkept

log = logging.getLogger("martlet.replay")

# So many rows of the journal are read at first for the next command; more if they go together.
READ_FIRST = 32
TOO_OFTEN = 3
NOT_HERE = "The message to store on the server is not here any more."
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
        # By the first change of a group: unreadable answers, and lines lost over it.
        self._broke: Counter[int] = Counter()
        self._lost: Counter[int] = Counter()
        # Put off, in the order of the last tries.
        self._postponed: list[int] = []
        self._said_of_drafts: set[str] = set()
        self._open: tuple[str, Selected] | None = None
        self._tally = Tally()
        # EXISTS as it is while nothing but what we do happens in the selected folder.
        self._expected = -1

    def wanted(self) -> bool:
        """Whether anything is pending that is not put off."""
        if self._postponed:
            return bool(self._next_group())
        return journal.waits(self._database, self._account.id)

    @property
    def has_postponed(self) -> bool:
        """Whether something is to have its turn at the end of a pass (`run_postponed`)."""
        return bool(self._postponed)

    def run(self, session: ImapSession, tally: Tally, stopping: Event) -> None:
        """Replays all that is pending, or until `stopping`; what was selected is not any more."""
        self._open = None
        self._tally = tally
        while not stopping.is_set():
            group = self._next_group()
            if not group:
                return
            self._attempt(session, group, stopping)

    def run_postponed(self, session: ImapSession, tally: Tally, stopping: Event) -> None:
        """Tries what was put off once more. For when all else of a pass is done."""
        self._open = None
        self._tally = tally
        # In the order of the last tries, so that one that ends the line keeps none from its turn.
        turns = {op_id: number for number, op_id in enumerate(self._postponed)}
        while turns and not stopping.is_set():
            ops = journal.pending(self._database, self._account.id)
            due = sorted((op for op in ops if op.id in turns), key=lambda op: turns[op.id])
            if not due:
                # Taken back meanwhile.
                self._postponed = [one for one in self._postponed if one not in turns]
                return
            group = self._shortened(first_group(due))
            for op in group:
                del turns[op.id]
                self._postponed.remove(op.id)
                self._postponed.append(op.id)
            self._attempt(session, group, stopping)

    def _attempt(self, session: ImapSession, group: list[Op], stopping: Event) -> None:
        ids = {op.id for op in group}
        again = bool(ids & self._tried)
        self._tried |= ids
        first = group[0].id
        try:
            self._carry(session, group, again)
            if group[0].kind not in replay_folders.KINDS:
                self._tally.changed += len(group)
        except Busy as error:
            self._open = None
            self._postpone(group, error, f"The server has no time now to {self._doing(group)}.")
            return
        except Refused as error:
            self._open = None
            if group[0].draft:
                self._keep_draft(group, error)
                return
            self._refuse(group, error)
        except Offline as error:
            # Nor must one at which the server hangs up each time.
            if not stopping.is_set():
                self._lost[first] += 1
            if self._lost[first] >= TOO_OFTEN:
                what = self._doing(group)
                sentence = f"The connection was lost {TOO_OFTEN} times when Martlet was to {what}."
                self._postpone(group, error, sentence)
            raise
        except BadServer as error:
            # A change that breaks the server each time must not hold up all others for ever.
            self._broke[first] += 1
            if self._broke[first] >= TOO_OFTEN and group[0].draft:
                self._keep_draft(group, error)
            elif self._broke[first] >= TOO_OFTEN:
                self._refuse(group, error)
            raise
        self._tried -= ids
        self._lost.pop(first, None)
        self._postponed = [one for one in self._postponed if one not in ids]

    def _next_group(self) -> list[Op]:
        """What one command can carry out, reading little more of the journal than that."""
        size = READ_FIRST
        while True:
            read = journal.pending(self._database, self._account.id, size)
            ops = free(read, self._postponed) if self._postponed else read
            run = first_run(ops)
            if run < len(ops) or len(read) < size or len(ops) >= GROUP:
                return self._shortened(first_group(ops)) if ops else []
            size *= 4

    def _shortened(self, group: list[Op]) -> list[Op]:
        """Less of it after each line that was lost, so that few are put off for the sake of one."""
        return group[: max(1, len(group) >> 4 * self._lost[group[0].id])]

    def _postpone(self, group: Sequence[Op], error: MailError, sentence: str) -> None:
        new = [op.id for op in group if op.id not in self._postponed]
        if not new:
            return
        self._postponed += new
        sentence += " It is tried again with every pass."
        with self._database.write() as tx:
            words = error.detail or error.summary
            account_log.write(tx, self._account.id, error.kind.value, sentence, words)
        self._tally.problems.append(sentence)

    def _keep_draft(self, group: Sequence[Op], error: MailError) -> None:
        """A draft is here whatever the server says, and stays: that it is not there is said once,
        and it is tried again."""
        with self._database.write() as tx:
            journal.not_begun(tx, [op.id for op in group if op.kind is OpKind.APPEND])
        sentence = replay_words.draft_refused(self._database, group, error)
        self._postpone(group, error, sentence)
        words = error.detail or error.summary
        # By our own sentence: Dovecot's words tell each time anew how long it took.
        if sentence not in self._said_of_drafts:
            self._said_of_drafts.add(sentence)
            self._announcer.tell(Notice(self._account.name, error.kind, sentence, words))

    def _refuse(self, group: Sequence[Op], error: MailError) -> None:
        words = error.detail or error.summary
        sentence = replay_words.refused(self._database, group, error)
        self._drop(group, sentence, words, error.kind)

    def _drop(
        self, group: Sequence[Op], sentence: str, words: str, kind: ErrorKind = ErrorKind.REFUSED
    ) -> None:
        """Gives changes up: here all is as if they had not been asked for, and that is told."""
        with self._database.write() as tx:
            journal.refuse(tx, [op.id for op in group], words)
            account_log.write(tx, self._account.id, account_log.CONFLICT, sentence, words)
        self._tally.problems.append(sentence)
        self._announcer.tell(Notice(self._account.name, kind, sentence, words))

    def _doing(self, group: Sequence[Op]) -> str:
        return replay_words.doing(self._database, group)

    def _carry(self, session: ImapSession, group: list[Op], again: bool) -> None:
        first = group[0]
        if first.kind in replay_folders.KINDS:
            self._open = None
            replay_folders.carry(session, self._database, first, again=again)
            self._done(group)
            with self._database.write() as tx:
                account_log.write(tx, self._account.id, "info", replay_folders.done(first))
        elif first.kind is OpKind.APPEND:
            self._append(session, first)
        else:
            self._carry_messages(session, group, again)

    def _append(self, session: ImapSession, op: Op) -> None:
        if op.draft and draft_links.is_replaced(self._database, op.message):
            self._select(session, op.folder_name)
            if draft_check.is_there(session, self._database, self._blobs, op):
                self._done([op])  # its deletion finds it
            return
        raw = self._raw(op)
        selected = self._select(session, op.folder_name)
        left = unkept(op.add, selected.permanent_flags)
        if op.draft:
            uid = draft_check.landed(session, self._database, self._blobs, op)
        else:
            # As it was stored there it may have another size than what was uploaded.
            uid = landed.found(session, self._database, selected, [op]).get(op.message, 0)
        if not uid:
            if op.draft and op.begun != (0, 0):
                with self._database.write() as tx:
                    draft_links.unheard(tx, op.id, op.draft, op.blob, op.message_id)
            self._open = None
            if not self._begin([op], selected):
                return
            try:
                uid = session.append(op.folder_name, raw, op.add - left, op.received or None)
            except StoreError as error:
                # A large one is looked at as it goes, first of all before it does.
                raise NotHere(NOT_HERE, error.summary) from error
        self._done([op], {op.message: uid} if uid else {}, left)

    def _raw(self, op: Op) -> bytes | Callable[[], BinaryIO]:
        """The message to be put there; NotHere when it is not, or damaged."""
        try:
            raw = stored_letter.handy(self._blobs, op.blob)
        except StoreError as error:
            raise NotHere(NOT_HERE, error.summary) from error
        if raw is None:
            raise NotHere(NOT_HERE)
        return raw

    def _carry_messages(self, session: ImapSession, group: list[Op], again: bool) -> None:
        first = group[0]
        selected = self._select(session, first.folder_name)
        state = folders.sync_state(self._database, first.folder_id)
        if state.uid_validity not in (0, selected.uid_validity):
            # What we know as uids names other messages now: look for ours by Message-ID.
            with self._database.write() as tx:
                folders.forget(tx, first.folder_id)
            return
        kept = selected.permanent_flags
        if kept and kept != folders.keywords(self._database, first.folder_id):
            with self._database.write() as tx:
                folders.put_selected(tx, first.folder_id, kept)
        uids = {op.message: self._uid_of(session, op) for op in group}
        there = self._still_there(session, selected, state, first, list(uids.values()))
        here = [op for op in group if uids[op.message] in there]
        gone = [op for op in group if uids[op.message] not in there]
        if gone:
            self._without_message(session, gone, again)
            selected = self._select(session, first.folder_name)
        match first.kind:
            case _ if not here:
                pass
            case OpKind.FLAGS:
                self._store(session, selected, here, uids)
            case OpKind.DELETE:
                going = [uids[op.message] for op in here]
                for op in here:
                    going += draft_check.twins(session, self._database, self._blobs, op, going)
                deleted = session.expunge(going)
                self._expected -= len(going) if deleted else 0
                self._done(here, marked=not deleted)
            case OpKind.MOVE if "MOVE" in session.capabilities:
                self._move(session, here, uids)
            case _:
                self._copy(session, here, uids)

    def _uid_of(self, session: ImapSession, op: Op) -> int:
        if op.draft and op.kind is OpKind.DELETE:
            return draft_check.to_delete(session, self._blobs, op)
        return op.uid or landed.newest_like(session, op)

    def _store(
        self,
        session: ImapSession,
        selected: Selected,
        group: list[Op],
        uids: dict[MessageId, int],
    ) -> None:
        first = group[0]
        left = unkept(first.add, selected.permanent_flags)
        if selected.read_only and not selected.permanent_flags:
            left = first.add - {DELETED}
        if first.add - left or first.remove:
            wanted = [uids[op.message] for op in group]
            session.store(wanted, first.add - left, first.remove)
        self._done(group, unkept=left)

    def _copy(self, session: ImapSession, group: list[Op], uids: dict[MessageId, int]) -> None:
        """COPY, and MOVE where the server has none; what an earlier try left is not left again."""
        first = group[0]
        left = self._left(session, group)
        rest = [op for op in group if op.message not in left]
        new: dict[int, int] = {}
        if rest:
            self._begin(rest, session.status([first.target_name]).get(first.target_name))
            new = session.copy([uids[op.message] for op in rest], first.target_name)
        if first.kind is OpKind.MOVE:
            session.expunge([uids[op.message] for op in group])
        self._done(group, {**left, **_by_message(rest, uids, new)})

    def _move(self, session: ImapSession, group: list[Op], uids: dict[MessageId, int]) -> None:
        """MOVE, which a server killed within it has done by half: copied, and not taken away."""
        first = group[0]
        left = self._left(session, group)
        rest = [op for op in group if op.message not in left]
        new: dict[int, int] = {}
        if left and session.expunge([uids[message] for message in left]):
            self._expected -= len(left)
        if rest:
            # Asked now: what has come there since it was last compared is not ours.
            self._begin(rest, session.status([first.target_name]).get(first.target_name))
            new = session.move([uids[op.message] for op in rest], first.target_name)
            self._expected -= len(rest)
        self._done(group, {**left, **_by_message(rest, uids, new)})

    def _left(self, session: ImapSession, group: list[Op]) -> dict[MessageId, int]:
        """What an earlier try has put into the target, by its uid there."""
        if not any(op.begun[0] for op in group):
            return {}
        target = self._select(session, group[0].target_name)
        left = landed.found(session, self._database, target, group)
        self._select(session, group[0].folder_name)
        return left

    def _begin(self, group: Sequence[Op], target: Selected | FolderStatus | None) -> bool:
        """False: none of these is to be done any more."""
        uploads = group[0].kind is OpKind.APPEND
        if target is None or not (target.uid_next or uploads):
            return True
        with self._database.write() as tx:
            ids = [op.id for op in group]
            return journal.begin(tx, ids, target.uid_next, target.uid_validity)

    def _still_there(
        self,
        session: ImapSession,
        selected: Selected,
        state: SyncState,
        first: Op,
        uids: Sequence[int],
    ) -> set[int]:
        """Which of these the server has. Asked only if the folder is not what was last seen."""
        if not session.exists:
            return set()
        if session.exists != self._expected and 0 < selected.uid_next == state.uid_next:
            self._expected = mailbox.count_known(self._database, first.folder_id)
        if session.exists == self._expected:
            return {uid for uid in uids if uid}
        found: set[int] = set()
        for some in batches([uid for uid in uids if uid], GROUP):
            found.update(session.fetch_flags(some))
        return found & set(uids)

    def _without_message(self, session: ImapSession, gone: list[Op], again: bool) -> None:
        """Their messages are not where they were: we have moved them, and did not hear so, or
        others have deleted or moved them."""
        first = gone[0]
        if first.kind is OpKind.DELETE:
            with self._database.write() as tx:
                for key in {op.draft for op in gone}:
                    draft_links.taken_away(tx, key)
                if first.draft:
                    # Under its uid somebody else's text may lie, which has no row then.
                    folders.compare_again(tx, first.folder_id)
            self._done(gone)
            return
        if again and first.kind is OpKind.MOVE:
            target = self._select(session, first.target_name)
            moved = landed.like(session, self._database, target, gone)
            self._done([op for op in gone if op.message in moved], moved)
            gone = [op for op in gone if op.message not in moved]
        meant = [op for op in gone if op.by_hand]
        if meant:
            sentence = f"Martlet could not {self._doing(meant)}: no longer on the server."
            self._drop(meant, sentence, GONE)
        if len(meant) < len(gone):
            with self._database.write() as tx:
                journal.refuse(tx, [op.id for op in gone if not op.by_hand], GONE)

    def _select(self, session: ImapSession, name: str) -> Selected:
        if self._open is None or self._open[0] != name or session.selected != name:
            self._open, self._expected = None, -1
            self._open = (name, session.select(name))
        return self._open[1]

    def _done(
        self,
        group: Sequence[Op],
        new_uids: dict[MessageId, int] | None = None,
        unkept: frozenset[str] = frozenset(),
        *,
        marked: bool = False,
    ) -> None:
        if group:
            with self._database.write() as tx:
                ids = [op.id for op in group]
                journal.done(tx, ids, "OK", new_uids, unkept=unkept, marked=marked)


def _by_message(
    group: Sequence[Op], uids: dict[MessageId, int], new: dict[int, int]
) -> dict[MessageId, int]:
    return {op.message: new[uids[op.message]] for op in group if uids[op.message] in new}
