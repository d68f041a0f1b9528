"""The journal against a server of a few lines: whatever is done in whatever order, in the end
both sides hold the same, nothing is pending, and no message is lost that nobody deleted."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from martlet.mail.account import AccountId
from martlet.mail.folder import FolderId
from martlet.mail.message import DELETED, Envelope, MessageId
from martlet.mail.sync import Arrival, Op, OpKind
from martlet.store import journal, mailbox
from martlet.store.fold import fold, pack, unpack
from support.stores import Store

Flags = frozenset[str]
FLAGS = ["\\Seen", "\\Flagged", "paid"]
pick = st.integers(0, 1_000_000)


class Server:
    """Folders of (Message-ID, flags) by uid."""

    def __init__(self, folders: list[FolderId]) -> None:
        self.folders: dict[FolderId, dict[int, tuple[str, Flags]]] = {f: {} for f in folders}
        self._last = 0

    def put(self, folder: FolderId, name: str, flags: Flags) -> int:
        self._last += 1
        self.folders[folder][self._last] = (name, flags)
        return self._last

    def carry(self, op: Op) -> int | None:
        """Does it; the new uid or 0, None if the message is not there."""
        if op.kind is OpKind.APPEND:
            return self.put(op.folder_id, op.message_id, op.add)
        held = self.folders[op.folder_id]
        uid = op.uid or max((u for u, (n, _) in held.items() if n == op.message_id), default=0)
        if uid not in held:
            return None
        name, flags = held[uid]
        if op.kind is OpKind.FLAGS:
            held[uid] = (name, fold(flags, [(op.add, op.remove)]))
            return 0
        if op.kind is not OpKind.COPY:
            del held[uid]
        return 0 if op.kind is OpKind.DELETE else self.put(op.target_id, name, flags)


class JournalMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        s = self.store
        self.remote = [s.inbox, s.archive, s.trash, s.work_archive]
        self.every = [*self.remote, s.local, s.local_trash]
        self.server = Server(self.remote)
        self.names: set[str] = set()
        self.doomed: set[str] = set()
        self._number = 0
        for _ in range(2):
            self.deliver(0)

    def teardown(self) -> None:
        try:
            self.drain()
            self.compare()
        finally:
            self.store.db.close()
            self.folder.cleanup()

    # --- what happens

    @rule(where=pick)
    def deliver(self, where: int) -> None:
        self._number += 1
        name = f"<{self._number}@x>"
        self.names.add(name)
        self.server.put(self.remote[where % len(self.remote)], name, frozenset())
        self.sync_all()

    @rule(
        which=st.lists(pick, min_size=1, max_size=3), add=st.sampled_from(FLAGS), on=st.booleans()
    )
    def flag(self, which: list[int], add: str, on: bool) -> None:
        ids = self.some(which)
        self.store.flag(add if on else "", "" if on else add, *ids)
        assert all((add in place.flags) == on for place in mailbox.locate(self.store.db, ids))

    @rule(which=st.lists(pick, min_size=1, max_size=3), where=pick)
    def move(self, which: list[int], where: int) -> None:
        self.store.move(self.every[where % len(self.every)], *self.some(which))

    @rule(which=pick, where=pick)
    def copy(self, which: int, where: int) -> None:
        with self.store.db.write() as tx:
            journal.copy(tx, self.some([which]), self.every[where % len(self.every)])

    @rule(which=pick)
    def delete(self, which: int) -> None:
        ids = self.some([which])
        self.doomed.update(place.message_id for place in mailbox.locate(self.store.db, ids))
        self.store.delete(*ids)

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.store.undo()

    @rule(times=st.integers(1, 4), told=st.booleans())
    def replay(self, times: int, told: bool) -> None:
        """told: the server says the new uids (UIDPLUS)."""
        for _ in range(times):
            for account in (self.store.home, self.store.work):
                self.step(account, told)

    @rule()
    def undo_too_late(self) -> None:
        ops = self.store.pending()
        if not ops:
            return
        uid = self.server.carry(ops[0])
        self.store.undo()
        if uid is None:
            self.store.refuse(ops[0])
        else:
            self.store.done(ops[0], uid)

    @rule(count=st.integers(1, 3))
    def refuse(self, count: int) -> None:
        self.store.refuse(*self.store.pending()[:count])

    @rule(which=pick)
    def expunge_there(self, which: int) -> None:
        held = [(f, uid) for f, messages in self.server.folders.items() for uid in messages]
        if held:
            folder, uid = held[which % len(held)]
            self.doomed.add(self.server.folders[folder].pop(uid)[0])

    @rule(which=pick, flag=st.sampled_from(FLAGS))
    def flag_there(self, which: int, flag: str) -> None:
        held = [(f, uid) for f, messages in self.server.folders.items() for uid in messages]
        if held:
            folder, uid = held[which % len(held)]
            name, flags = self.server.folders[folder][uid]
            self.server.folders[folder][uid] = (name, flags ^ {flag})

    @rule(where=pick)
    def sync(self, where: int) -> None:
        self.sync_folder(self.remote[where % len(self.remote)])

    @rule()
    def restart(self) -> None:
        self.store.db.close()
        self.store.db = type(self.store.db)(self.store.root)

    # --- what always holds

    @invariant()
    def counters_are_right(self) -> None:
        query = self.store.db.query
        counted = {
            folder: (total, unread)
            for folder, total, unread in query(
                "SELECT folder_id, COUNT(*), SUM(seen = 0) FROM message WHERE hidden = 0"
                " GROUP BY folder_id"
            )
        }
        for folder, total, unread in query("SELECT id, total, unread FROM folder"):
            assert counted.get(folder, (0, 0)) == (total, unread)
        assert query("SELECT COUNT(*) FROM message") == query("SELECT COUNT(*) FROM message_text")

    @invariant()
    def flags_are_folded(self) -> None:
        waiting: dict[int, list[tuple[Flags, Flags]]] = {}
        doomed: set[int] = set()
        for message, after in self.store.db.query(
            "SELECT message, after FROM journal j WHERE kind = 'flags' AND state = 'pending'"
            " AND NOT EXISTS (SELECT 1 FROM journal l WHERE l.message = j.message"
            "  AND l.state = 'pending' AND l.id > j.id"
            "  AND json_extract(l.before, '$.alone') IS NOT NULL) ORDER BY id"
        ):
            change = json.loads(after)
            waiting.setdefault(message, []).append(
                (frozenset(change["add"]), frozenset(change["remove"]))
            )
        for row in self.store.db.query(
            "SELECT message FROM journal WHERE kind = 'delete' AND state = 'pending'"
            " AND json_extract(before, '$.kept') IS NULL"
        ):
            doomed.add(row[0])
        for message, server, flags, hidden in self.store.db.query(
            "SELECT id, server_flags, flags, hidden FROM message"
        ):
            folded = fold(unpack(server), waiting.get(message, []))
            assert pack(folded) == flags
            assert bool(hidden) == (DELETED in folded or message in doomed)

    # --- inner

    def only_here(self, name: str) -> bool:
        """Whether the server was asked to take a message back and refused."""
        return bool(
            self.store.db.query(
                "SELECT 1 FROM journal j JOIN message m ON m.id = j.message"
                " WHERE m.message_id = ? AND j.kind = 'append' AND j.state = 'refused'",
                (name,),
            )
        )

    def some(self, which: list[int]) -> list[MessageId]:
        rows = self.store.db.query("SELECT id FROM message WHERE hidden = 0 ORDER BY id")
        return [rows[one % len(rows)][0] for one in which] if rows else []

    def step(self, account: AccountId, told: bool) -> bool:
        ops = self.store.pending(account)
        if not ops:
            return False
        uid = self.server.carry(ops[0])
        if uid is None:
            self.store.refuse(ops[0])
        else:
            self.store.done(ops[0], uid if told else 0)
        return True

    def sync_all(self) -> None:
        for folder in self.remote:
            self.sync_folder(folder)

    def sync_folder(self, folder: FolderId) -> None:
        remote = self.server.folders[folder]
        known = mailbox.local_uids(self.store.db, folder)
        with self.store.db.write() as tx:
            mailbox.remove_uids(tx, folder, known.keys() - remote.keys())
            for uid in remote.keys() - known.keys():
                name, flags = remote[uid]
                if not mailbox.adopt(tx, folder, uid, name, 10, flags):
                    one = Arrival(uid, Envelope(message_id=name), flags, 10, 1.0, None, "b" * 64)
                    mailbox.add_many(tx, folder, [one])
            mailbox.set_server_flags(
                tx, folder, {uid: remote[uid][1] for uid in remote.keys() & known.keys()}
            )
            mailbox.drop_orphans(tx, folder)

    def drain(self) -> None:
        for _ in range(200):
            if not any([self.step(a, True) for a in (self.store.home, self.store.work)]):
                break
        self.sync_all()
        assert self.store.db.query("SELECT * FROM journal WHERE state = 'pending'") == []

    def compare(self) -> None:
        found: set[str] = set()
        for folder in self.every:
            rows: list[tuple[Any, ...]] = self.store.db.query(
                "SELECT uid, message_id, flags FROM message WHERE folder_id = ?", (folder,)
            )
            found.update(row[1] for row in rows)
            if folder in self.server.folders:
                held = self.server.folders[folder].items()
                rows = [row for row in rows if row[0] or not self.only_here(row[1])]
                assert sorted(rows) == sorted((u, n, pack(flags)) for u, (n, flags) in held)
        assert self.names - self.doomed <= found


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
