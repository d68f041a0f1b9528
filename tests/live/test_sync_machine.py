"""Mail changes here and there, lines are cut, engines restart: at rest both sides are the same.

A Hypothesis state machine against real Dovecots, one for each set of extensions. The other client
is a session of its own. MARTLET_SYNC_EXAMPLES says how many lives are lived (2,000 before a
release; a few in every run).
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Keep, Protocol, Security, Server
from martlet.mail.errors import Refused
from martlet.mail.folder import Folder
from martlet.mail.message import MessageRow
from martlet.mime.headers import parse_headers
from martlet.net.imap import ImapSession
from martlet.paths import Profile
from martlet.store import journal
from martlet.store.database import Database
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed
from support.passes import account
from support.proxy import Proxy

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

EXAMPLES = int(os.environ.get("MARTLET_SYNC_EXAMPLES", "20"))
STEPS = 25
FOLDERS = ("INBOX", "Archive", "Trash")
# Made, renamed and deleted on both sides.
NAMES = ("Plans", "Plans/Old", "Work", "旅行")
FLAGS = ("\\Seen", "\\Flagged", "project", "$Forwarded")
KEEPS = (None, Keep.ALL, Keep.HEADERS, Keep.OFF)
PICK = st.integers(0, 10**6)
# Larger ones are read without their files first.
WHOLE_KB = 2

BASE = (
    "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE LIST-EXTENDED LIST-STATUS ESEARCH NAMESPACE "
    "SPECIAL-USE UNSELECT"
)
SERVERS = {
    "all": "",
    "without QRESYNC": f"{BASE} UIDPLUS MOVE CONDSTORE",
    "without CONDSTORE": f"{BASE} UIDPLUS MOVE",
    "without MOVE": f"{BASE} UIDPLUS CONDSTORE QRESYNC",
    "without UIDPLUS": f"{BASE} MOVE CONDSTORE QRESYNC",
    "with nothing": "IMAP4rev1 IDLE",
}

World = Counter[tuple[str, str, frozenset[str]]]


class TwoSides(RuleBasedStateMachine):
    """One user's mailbox, a profile of ours, and another client.

    doomed: subjects that somebody may have destroyed; spread: those that may be there twice.
    """

    servers: ClassVar[dict[str, tuple[Dovecot, Proxy]]]
    users: ClassVar[Iterator[str]]

    def __init__(self) -> None:
        super().__init__()
        self.root = Path()
        self.letters = 0
        self.doomed: set[str] = set()
        self.spread: set[str] = set()

    @initialize(kind=st.sampled_from(sorted(SERVERS)))
    def begin(self, kind: str) -> None:
        self.dovecot, self.proxy = self.servers[kind]
        self.user = next(self.users)
        self.root = Path(tempfile.mkdtemp(prefix="martlet-machine-"))
        self.engine = Engine(Profile(self.root))
        server = Server(Protocol.IMAP, "127.0.0.1", self.proxy.port, Security.NONE, self.user)
        self.account_id = self.engine.account_add(self._account(server), "")
        self.reader = Reader(self.root)
        self.other = self._client()
        # A mailbox that is in use, so that every rule has something to do from the start.
        for folder in FOLDERS:
            self._put(folder, 2)
        self.engine.sync([], False)

    def _account(self, server: Server) -> Account:
        made = account(server, self.dovecot.password)
        return replace(made, id=AccountId(0), name=self.user, whole_kb=WHOLE_KB)

    def _client(self) -> ImapSession:
        session = ImapSession.open(
            self.dovecot.server(Protocol.IMAP, self.user, Security.NONE), self.dovecot.password
        )
        session.list_folders()
        return session

    def teardown(self) -> None:
        if self.root == Path():
            return
        try:
            self.at_rest()
        finally:
            self.other.close()
            self.engine.close()
            shutil.rmtree(self.root, ignore_errors=True)
            shutil.rmtree(self.dovecot.maildir(self.user), ignore_errors=True)

    # --- there

    @rule(folder=st.sampled_from((*FOLDERS, *NAMES)), count=st.integers(1, 3), large=st.booleans())
    def deliver(self, folder: str, count: int, large: bool) -> None:
        if folder in self._listed():
            self._put(folder, count, large)

    def _put(self, folder: str, count: int, large: bool = False) -> None:
        for _ in range(count):
            self.letters += 1
            raw = letter(self.letters, self.user, large)
            self.other.append(folder, raw, frozenset(), None)

    @rule(pick=PICK, flag=st.sampled_from(FLAGS), on=st.booleans())
    def flag_there(self, pick: int, flag: str, on: bool) -> None:
        _, uids = self._some_there(pick)
        if uids:
            flags = frozenset({flag})
            none: frozenset[str] = frozenset()
            self.other.store([uids[pick % len(uids)]], flags if on else none, none if on else flags)

    @rule(pick=PICK, on=st.booleans())
    def mark_deleted_there(self, pick: int, on: bool) -> None:
        _, uids = self._some_there(pick)
        if uids:
            uid = uids[pick % len(uids)]
            self.doomed |= self._subjects_there([uid])
            self.other.store([uid], ["\\Deleted"] if on else [], [] if on else ["\\Deleted"])

    @rule(pick=PICK)
    def expunge_there(self, pick: int) -> None:
        _, uids = self._some_there(pick)
        if uids:
            uid = uids[pick % len(uids)]
            self.doomed |= self._subjects_there([uid])
            self._expunge(uid)

    def _expunge(self, uid: int) -> None:
        if "UIDPLUS" in self.other.capabilities:
            self.other.expunge([uid])
        else:
            self.other.store([uid], ["\\Deleted"], [])

    @rule(pick=PICK, goal=st.sampled_from(FOLDERS), copy=st.booleans())
    def move_there(self, pick: int, goal: str, copy: bool) -> None:
        folder, uids = self._some_there(pick)
        if uids and folder != goal:
            uid = uids[pick % len(uids)]
            if copy or "MOVE" not in self.other.capabilities:
                self.spread |= self._subjects_there([uid])
                self.other.copy([uid], goal)
            else:
                self.other.move([uid], goal)

    @rule(name=st.sampled_from(NAMES))
    def make_folder_there(self, name: str) -> None:
        with contextlib.suppress(Refused):
            self.other.create(name)
            self.other.subscribe(name)

    @rule(name=st.sampled_from(NAMES), goal=st.sampled_from(NAMES))
    def rename_folder_there(self, name: str, goal: str) -> None:
        if not goal.startswith(name):
            with contextlib.suppress(Refused):
                self.other.rename(name, goal)

    @rule(name=st.sampled_from(NAMES))
    def delete_folder_there(self, name: str) -> None:
        if name in self._listed():
            self.doomed |= self._subjects_below(name)
            with contextlib.suppress(Refused):
                self.other.delete(name)

    @rule(folder=st.sampled_from(FOLDERS), validity=st.integers(2_000_000_000, 4_000_000_000))
    def change_uidvalidity(self, folder: str, validity: int) -> None:
        self.dovecot.doveadm(
            "mailbox", "update", "-u", self.user, "--uid-validity", str(validity), folder
        )
        # Dovecot ends the sessions that have this folder open.
        self._another_client()

    @rule()
    def kill_server(self) -> None:
        self.dovecot.kill()
        self.dovecot.start()
        self._another_client()

    def _another_client(self) -> None:
        self.other.close()
        self.other = self._client()

    # --- here

    @rule(pick=PICK, flag=st.sampled_from(FLAGS), on=st.booleans())
    def flag_here(self, pick: int, flag: str, on: bool) -> None:
        if row := self._here(pick):
            self.engine.set_flags([row.id], [flag] if on else [], [] if on else [flag])

    @rule(pick=PICK)
    def mark_all_read(self, pick: int) -> None:
        if folder := self._some_folder(pick):
            self.engine.mark_all_read(folder.id)

    @rule(pick=PICK, where=PICK, copy=st.booleans())
    def move_here(self, pick: int, where: int, copy: bool) -> None:
        row = self._here(pick)
        folder = self._some_folder(where)
        if row and folder and row.folder_id != folder.id:
            if copy:
                self.spread.add(row.subject)
                self.engine.copy([row.id], folder.id)
            else:
                self.engine.move([row.id], folder.id)

    @rule(pick=PICK, permanently=st.booleans())
    def delete_here(self, pick: int, permanently: bool) -> None:
        if row := self._here(pick):
            self.doomed.add(row.subject)
            with contextlib.suppress(Refused):
                self.engine.delete([row.id], permanently)

    @rule(pick=PICK)
    def undelete(self, pick: int) -> None:
        rows = [r for f in self.reader.folders() for r in self.reader.deleted(f.id, 100)]
        if rows:
            row = rows[pick % len(rows)]
            # Without UIDPLUS what was moved away is among them.
            self.spread.add(row.subject)
            self.engine.undelete([row.id])

    @rule(name=st.sampled_from(NAMES))
    def make_folder_here(self, name: str) -> None:
        with contextlib.suppress(Refused):
            self.engine.folder_create(self.account_id, name)

    @rule(name=st.sampled_from(NAMES), goal=st.sampled_from(NAMES))
    def rename_folder_here(self, name: str, goal: str) -> None:
        if folder := self._folder(name):
            with contextlib.suppress(Refused):
                self.engine.folder_rename(folder.id, goal)

    @rule(name=st.sampled_from(NAMES), permanently=st.booleans())
    def delete_folder_here(self, name: str, permanently: bool) -> None:
        if folder := self._folder(name):
            self.doomed |= self._subjects_below(name)
            with contextlib.suppress(Refused):
                self.engine.folder_delete(folder.id, permanently)

    @rule(name=st.sampled_from(NAMES), on=st.booleans())
    def subscribe_here(self, name: str, on: bool) -> None:
        if folder := self._folder(name):
            self.engine.folder_subscribe(folder.id, on)

    @rule(pick=PICK, keep=st.sampled_from(KEEPS))
    def keep_here(self, pick: int, keep: Keep | None) -> None:
        if folder := self._some_folder(pick):
            self.engine.folder_keep(folder.id, keep, 0)

    @rule(pick=PICK)
    def download(self, pick: int) -> None:
        if row := self._here(pick):
            self.engine.download([row.id])

    @rule()
    def undo(self) -> None:
        # A deletion for good is said, and cannot be taken back.
        with contextlib.suppress(Refused):
            self.engine.undo()

    # --- between

    @rule()
    def sync(self) -> None:
        self.engine.sync([], False)

    @rule(size=st.integers(0, 8000))
    def cut_off_sync(self, size: int) -> None:
        self.proxy.cut_after(size)
        self.engine.sync([], False)
        self.proxy.cut_after(None)

    @rule()
    def restart(self) -> None:
        self.engine.close()
        self.engine = Engine(Profile(self.root))

    @rule()
    def at_rest(self) -> None:
        for _ in range(3):
            (report,) = self.engine.sync([], False)
        assert report.error == "", self._log()
        database = Database(self.root)
        try:
            assert journal.pending(database, self.account_id) == []
        finally:
            database.close()
        here, there = self._world_here(), self._world_there()
        assert here == there, f"here: {here - there}, there: {there - here}\n{self._log()}"
        self._nothing_lost_nothing_twice(here)
        for folder in self.reader.folders():
            rows = self.reader.page(folder.id, None, 1000)
            assert (folder.total, folder.unread) == (len(rows), sum(r.unread for r in rows))

    def _nothing_lost_nothing_twice(self, here: World) -> None:
        count = Counter(subject for _, subject, _ in here.elements())
        unkept = any(folder.keep is Keep.OFF for folder in self.reader.folders())
        for number in range(1, self.letters + 1):
            subject = str(number)
            if subject not in self.doomed and not unkept:
                assert count[subject] > 0, f"{subject} is lost\n{self._log()}"
            if subject not in self.spread:
                assert count[subject] <= 1, f"{subject} is there twice\n{self._log()}"

    # --- looking

    def _log(self) -> str:
        said = self.reader.log(self.account_id, 30)
        return "\n".join(f"{one.sentence} {one.detail}" for one in said)

    def _listed(self) -> set[str]:
        return {folder.name for folder in self.other.list_folders() if folder.selectable}

    def _some_there(self, pick: int) -> tuple[str, list[int]]:
        names = sorted(self._listed())
        name = names[pick % len(names)]
        return name, self._there(name)

    def _there(self, folder: str) -> list[int]:
        try:
            self.other.select(folder)
        except Refused:
            # Dovecot may list the parent of a folder as one that it then does not open.
            return []
        return sorted(self.other.uids())

    def _subjects_there(self, uids: list[int]) -> set[str]:
        return {
            parse_headers(summary.header).get("subject").decode()
            for summary in self.other.fetch_summaries(uids)
        }

    def _subjects_below(self, name: str) -> set[str]:
        """What is in a folder, or below it, on either side."""
        found = {row.subject for where, row in self._rows() if f"{where}/".startswith(f"{name}/")}
        for there in self._listed():
            if f"{there}/".startswith(f"{name}/"):
                found |= self._subjects_there(self._there(there))
        return found

    def _folder(self, name: str) -> Folder | None:
        return next((f for f in self.reader.folders() if f.name == name), None)

    def _some_folder(self, pick: int) -> Folder | None:
        folders = sorted((f for f in self.reader.folders() if f.selectable), key=lambda f: f.name)
        return folders[pick % len(folders)] if folders else None

    def _rows(self) -> list[tuple[str, MessageRow]]:
        return [
            (folder.name, row)
            for folder in self.reader.folders()
            for row in self.reader.page(folder.id, None, 1000)
        ]

    def _here(self, pick: int) -> MessageRow | None:
        rows = self._rows()
        return rows[pick % len(rows)][1] if rows else None

    def _kept(self) -> set[str]:
        return {f.name for f in self.reader.folders() if f.keep is not Keep.OFF and f.selectable}

    def _world_here(self) -> World:
        kept = self._kept()
        return Counter(
            (n, row.subject, row.flags | row.tags) for n, row in self._rows() if n in kept
        )

    def _world_there(self) -> World:
        world: World = Counter()
        unkept = {f.name for f in self.reader.folders() if f.keep is Keep.OFF}
        for name in self._listed() - unkept:
            for summary in self.other.fetch_summaries(self._there(name)):
                subject = parse_headers(summary.header).get("subject").decode()
                if "\\Deleted" not in summary.flags:
                    world[name, subject, summary.flags - {"\\Recent"}] += 1
        return world


def letter(number: int, user: str, large: bool) -> bytes:
    """A message whose subject is its number; a large one has a file of 5 kB."""
    head = (
        f"From: a@example.org\r\nSubject: {number}\r\nMessage-ID: <{number}@{user}>\r\n"
        "Date: Mon, 01 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    )
    if not large:
        return f"{head}\r\ntext {number}\r\n".encode()
    return (
        f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain\r\n\r\ntext {number}\r\n"
        "--b\r\nContent-Type: application/pdf\r\n"
        f"Content-Disposition: attachment; filename=a.pdf\r\n\r\n{'0123456789' * 500}\r\n--b--\r\n"
    ).encode()


@pytest.mark.timeout(180 + EXAMPLES * 5)
def test_two_sides_become_one() -> None:
    with contextlib.ExitStack() as stack:
        TwoSides.servers = {}
        for kind, capability in SERVERS.items():
            dovecot = stack.enter_context(Dovecot(any_user=True, imap_capability=capability))
            TwoSides.servers[kind] = dovecot, stack.enter_context(Proxy(dovecot.imap))
        TwoSides.users = (f"u{number}" for number in itertools.count())
        machine = TwoSides.TestCase
        machine.settings = settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        )
        machine("runTest").runTest()
