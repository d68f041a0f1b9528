"""The journal against a server of a few lines: whatever is done in whatever order, in the end
both sides hold the same, nothing is pending, and no message is lost that nobody deleted."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from martlet.mail.account import AccountId
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import DELETED, Envelope, MessageId
from martlet.mail.sync import Arrival, ListedFolder, Op, OpKind
from martlet.store import folders, journal, mailbox
from martlet.store.fold import fold, pack, unkept, unpack
from support.stores import Store

Flags = frozenset[str]
Place = tuple[AccountId, str]
FLAGS = ["\\Seen", "\\Flagged", "paid"]
# What a folder keeps whose name ends in Plans.
FEW = frozenset({"\\Seen", "\\Deleted"})
pick = st.integers(0, 1_000_000)


class Server:
    """Folders of (Message-ID, flags) by uid, by account and name. Some keep few flags."""

    def __init__(self) -> None:
        self.folders: dict[Place, dict[int, tuple[str, Flags]]] = {}
        self._last = 0

    def keeps(self, place: Place) -> Flags:
        """PERMANENTFLAGS."""
        return FEW if place[1].endswith("Plans") else frozenset()

    def put(self, place: Place, name: str, flags: Flags) -> int:
        self._last += 1
        self.folders[place][self._last] = (name, flags - unkept(flags, self.keeps(place)))
        return self._last

    def below(self, place: Place) -> list[Place]:
        return [one for one in self.folders if (one[0], one[1]) == place or _is_below(one, place)]

    def carry(self, op: Op) -> int | None:
        """Does it; the new uid or 0, None if it is refused or the message is not there."""
        place, target = (op.account_id, op.folder_name), (op.account_id, op.target_name)
        match op.kind:
            case OpKind.FOLDER_CREATE:
                self.folders.setdefault(place, {})
                return 0
            case OpKind.FOLDER_RENAME:
                if place not in self.folders or target in self.folders:
                    return None
                for one in self.below(place):
                    moved = (one[0], op.target_name + one[1][len(op.folder_name) :])
                    self.folders[moved] = self.folders.pop(one)
                return 0
            case OpKind.FOLDER_DELETE:
                self.folders.pop(place, None)
                return 0
            case OpKind.FOLDER_SUBSCRIBE:
                return 0
            case OpKind.APPEND:
                return self.put(place, op.message_id, op.add) if place in self.folders else None
            case _:
                return self._carry_message(op, place, target)

    def _carry_message(self, op: Op, place: Place, target: Place) -> int | None:
        held = self.folders.get(place, {})
        uid = op.uid or max((u for u, (n, _) in held.items() if n == op.message_id), default=0)
        if uid not in held:
            return None
        name, flags = held[uid]
        if op.kind is OpKind.FLAGS:
            add = op.add - unkept(op.add, self.keeps(place))
            held[uid] = (name, fold(flags, [(add, op.remove)]))
            return 0
        if op.kind is OpKind.DELETE:
            del held[uid]
            return 0
        if target not in self.folders:
            return None
        if op.kind is OpKind.MOVE:
            del held[uid]
        return self.put(target, name, flags)


def _is_below(one: Place, place: Place) -> bool:
    return one[0] == place[0] and one[1].startswith(place[1] + "/")


class JournalMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        self.server = Server()
        for account in (self.store.home, self.store.work):
            for one in folders.of_account(self.store.db, account):
                self.server.folders[account, one.name] = {}
        for name in ("Plans", "Plans/2024", "Notes"):
            self.server.folders[self.store.home, name] = {}
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
        places = sorted(self.server.folders)
        self.server.put(places[where % len(places)], name, frozenset())
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
        self.store.move(self.any_folder(where), *self.some(which))

    @rule(which=pick, where=pick)
    def copy(self, which: int, where: int) -> None:
        with self.store.db.write() as tx:
            journal.copy(tx, self.some([which]), self.any_folder(where))

    @rule(which=pick)
    def delete(self, which: int) -> None:
        ids = self.some([which])
        self.doomed.update(place.message_id for place in mailbox.locate(self.store.db, ids))
        self.store.delete(*ids)

    @rule(which=pick, name=st.sampled_from(["Plans", "Old", "Notes/Plans", "New", "Old/New"]))
    def rename_folder(self, which: int, name: str) -> None:
        one = self.own_folder(which)
        if one is None or self.is_taken(name) or name.startswith(one.name + "/"):
            return
        with self.store.db.write() as tx:
            journal.rename_folder(tx, one.id, name)

    @rule(name=st.sampled_from(["Plans", "New", "Old", "Old/Plans"]))
    def create_folder(self, name: str) -> None:
        if not self.is_taken(name):
            with self.store.db.write() as tx:
                journal.create_folder(tx, self.store.home, name, "/")

    @rule(which=pick, for_good=st.booleans())
    def delete_folder(self, which: int, for_good: bool) -> None:
        one = self.own_folder(which)
        if one is None:
            return
        with self.store.db.write() as tx:
            if for_good or not journal.trash_folder(tx, one.id):
                journal.delete_folder(tx, one.id)
                assert folders.by_id(tx, one.id) is None

    @rule(which=pick, on=st.booleans())
    def subscribe(self, which: int, on: bool) -> None:
        one = self.own_folder(which)
        if one is not None:
            with self.store.db.write() as tx:
                journal.subscribe_folder(tx, one.id, on)

    @rule(which=pick)
    def delete_folder_there(self, which: int) -> None:
        places = [p for p in sorted(self.server.folders) if "/" in p[1] or p[1] == "Notes"]
        if places:
            self.lose(places[which % len(places)])

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
        uid = self.carry(ops[0])
        self.store.undo()
        self.answer(ops[0], uid, told=True)

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
            new = flags ^ {flag}
            self.server.folders[folder][uid] = (name, new - unkept(new, self.server.keeps(folder)))

    @rule(where=pick)
    def sync(self, where: int) -> None:
        places = sorted(self.server.folders)
        if not self.folders_wait():
            self.sync_folder(places[where % len(places)])

    @rule()
    def sync_everything(self) -> None:
        self.sync_all()

    @rule(where=pick)
    def select(self, where: int) -> None:
        """What a folder can keep becomes known."""
        places = [p for p in sorted(self.server.folders) if self.server.keeps(p)]
        if places and not self.folders_wait():
            place = places[where % len(places)]
            found = folders.by_name(self.store.db, *place)
            if found is not None:
                with self.store.db.write() as tx:
                    folders.put_selected(tx, found.id, self.server.keeps(place))

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
        for message, server, local, flags, hidden in self.store.db.query(
            "SELECT id, server_flags, local_flags, flags, hidden FROM message"
        ):
            folded = fold(unpack(server), waiting.get(message, [])) | unpack(local)
            assert pack(folded) == flags
            assert bool(hidden) == (DELETED in folded or message in doomed)

    @invariant()
    def places_are_counted(self) -> None:
        for account in (self.store.home, self.store.work):
            for one in folders.of_account(self.store.db, account):
                known = mailbox.local_uids(self.store.db, one.id)
                assert mailbox.count_known(self.store.db, one.id) == len(known)

    # --- inner

    def own_folder(self, which: int) -> Folder | None:
        """One the user may rename or delete."""
        plain = [
            f for f in folders.of_account(self.store.db, self.store.home) if f.role is Role.NONE
        ]
        return plain[which % len(plain)] if plain else None

    def any_folder(self, which: int) -> FolderId:
        s = self.store
        every = [f.id for a in (s.home, s.work) for f in folders.of_account(s.db, a)]
        every += [s.local, s.local_trash]
        return every[which % len(every)]

    def is_taken(self, name: str) -> bool:
        return folders.by_name(self.store.db, self.store.home, name) is not None

    def folders_wait(self) -> bool:
        return any(op.message == 0 for op in self.store.pending())

    def lose(self, place: Place) -> None:
        """A folder goes with what is in it."""
        self.doomed.update(name for name, _ in self.server.folders.pop(place).values())

    def carry(self, op: Op) -> int | None:
        place = (op.account_id, op.folder_name)
        if op.kind is OpKind.FOLDER_DELETE and place in self.server.folders:
            self.lose(place)
        return self.server.carry(op)

    def answer(self, op: Op, uid: int | None, *, told: bool) -> None:
        if uid is None:
            self.store.refuse(op)
            return
        left: Flags = frozenset()
        if op.kind in (OpKind.FLAGS, OpKind.APPEND):
            left = unkept(op.add, self.server.keeps((op.account_id, op.folder_name)))
        uids = {op.message: uid} if uid and told else None
        with self.store.db.write() as tx:
            journal.done(tx, [op.id], "OK", uids, unkept=left)

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
        self.answer(ops[0], self.carry(ops[0]), told=told)
        return True

    def sync_all(self) -> None:
        """As after a replay: what folders there are first."""
        if self.folders_wait():
            return
        self.list_folders()
        for place in sorted(self.server.folders):
            self.sync_folder(place)

    def list_folders(self) -> None:
        roles = {"INBOX": Role.INBOX, "Archive": Role.ARCHIVE, "Trash": Role.TRASH}
        for account in (self.store.home, self.store.work):
            listed = [
                ListedFolder(name, "/", roles.get(name, Role.NONE))
                for owner, name in sorted(self.server.folders)
                if owner == account
            ]
            with self.store.db.write() as tx:
                folders.put_listed(tx, account, listed)

    def sync_folder(self, place: Place) -> None:
        remote = self.server.folders[place]
        found = folders.by_name(self.store.db, *place)
        if found is None:
            return
        folder = found.id
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
        for _ in range(300):
            if not any([self.step(a, True) for a in (self.store.home, self.store.work)]):
                break
        self.sync_all()
        assert self.store.db.query("SELECT * FROM journal WHERE state = 'pending'") == []
        assert self.store.db.query("SELECT * FROM folder WHERE doomed = 1") == []

    def compare(self) -> None:
        found: set[str] = set()
        s = self.store
        for account in (s.home, s.work, s.old):
            here = folders.of_account(s.db, account)
            if account != s.old:
                there = {name for owner, name in self.server.folders if owner == account}
                assert {f.name for f in here} == there
            for folder in here:
                rows: list[tuple[Any, ...]] = s.db.query(
                    "SELECT uid, message_id, server_flags FROM message WHERE folder_id = ?",
                    (folder.id,),
                )
                found.update(row[1] for row in rows)
                if not folder.local:
                    held = self.server.folders[account, folder.name].items()
                    rows = [row for row in rows if row[0] or not self.only_here(row[1])]
                    assert sorted(rows) == sorted((u, n, pack(flags)) for u, (n, flags) in held)
        assert self.names - self.doomed <= found


TestJournal = JournalMachine.TestCase
TestJournal.settings = settings(
    max_examples=int(os.environ.get("MARTLET_JOURNAL_EXAMPLES", "60")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
