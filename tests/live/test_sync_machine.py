"""Mail changes here and there, lines are cut, engines restart: at rest both sides are the same.

A Hypothesis state machine against a real Dovecot. The other client is a session of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
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
from support.proxy import Proxy

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

EXAMPLES = int(os.environ.get("MARTLET_SYNC_EXAMPLES", "25"))
FOLDERS = ("INBOX", "Archive", "Trash")
FLAGS = ("\\Seen", "\\Flagged", "project")
PICK = st.integers(0, 10**6)

World = Counter[tuple[str, str, frozenset[str]]]


class TwoSides(RuleBasedStateMachine):
    """One user's mailbox, a profile of ours, and another client."""

    dovecot: ClassVar[Dovecot]
    proxy: ClassVar[Proxy]
    users: ClassVar[Iterator[str]]

    def __init__(self) -> None:
        super().__init__()
        self.user = next(self.users)
        self.letters = 0
        self.root = Path(tempfile.mkdtemp(prefix="martlet-machine-"))
        self.engine = Engine(Profile(self.root))
        server = Server(Protocol.IMAP, "127.0.0.1", self.proxy.port, Security.NONE, self.user)
        self.engine.account_add(
            Account(
                AccountId(0),
                self.user,
                f"{self.user}@example.org",
                incoming=server,
                secret=SecretSource.COMMAND,
                password_command=f"echo {self.dovecot.password}",
            ),
            "",
        )
        self.other = self._client()
        # A mailbox that is in use, so that every rule has something to do from the start.
        for folder in FOLDERS:
            self._put(folder, 3)
        self.engine.sync([], False)

    def _client(self) -> ImapSession:
        return ImapSession.open(
            self.dovecot.server(Protocol.IMAP, self.user, Security.NONE), self.dovecot.password
        )

    def teardown(self) -> None:
        try:
            self.at_rest()
        finally:
            self.other.close()
            self.engine.close()
            shutil.rmtree(self.root, ignore_errors=True)

    # --- there

    @rule(folder=st.sampled_from(FOLDERS), count=st.integers(1, 4))
    def deliver(self, folder: str, count: int) -> None:
        self._put(folder, count)

    def _put(self, folder: str, count: int) -> None:
        for _ in range(count):
            self.letters += 1
            raw = (
                f"From: a@example.org\r\nSubject: {self.letters}\r\n"
                f"Message-ID: <{self.letters}@{self.user}>\r\n\r\ntext {self.letters}\r\n"
            ).encode()
            self.other.append(folder, raw, frozenset(), None)

    @rule(folder=st.sampled_from(FOLDERS), pick=PICK, flag=st.sampled_from(FLAGS), on=st.booleans())
    def flag_there(self, folder: str, pick: int, flag: str, on: bool) -> None:
        if uids := self._there(folder):
            flags = frozenset({flag})
            none: frozenset[str] = frozenset()
            self.other.store([uids[pick % len(uids)]], flags if on else none, none if on else flags)

    @rule(folder=st.sampled_from(FOLDERS), pick=PICK)
    def expunge_there(self, folder: str, pick: int) -> None:
        if uids := self._there(folder):
            self.other.expunge([uids[pick % len(uids)]])

    @rule(folder=st.sampled_from(FOLDERS), goal=st.sampled_from(FOLDERS), pick=PICK)
    def move_there(self, folder: str, goal: str, pick: int) -> None:
        uids = self._there(folder)
        if uids and folder != goal:
            self.other.move([uids[pick % len(uids)]], goal)

    @rule(folder=st.sampled_from(FOLDERS), validity=st.integers(2_000_000_000, 4_000_000_000))
    def change_uidvalidity(self, folder: str, validity: int) -> None:
        self._there(folder)
        self.dovecot.doveadm(
            "mailbox", "update", "-u", self.user, "--uid-validity", str(validity), folder
        )
        # Dovecot ends the sessions that have this folder open.
        self.other.close()
        self.other = self._client()

    # --- here

    @rule(pick=PICK, flag=st.sampled_from(FLAGS), on=st.booleans())
    def flag_here(self, pick: int, flag: str, on: bool) -> None:
        if row := self._here(pick):
            self.engine.set_flags([row.id], [flag] if on else [], [] if on else [flag])

    @rule(pick=PICK, goal=st.sampled_from(FOLDERS))
    def move_here(self, pick: int, goal: str) -> None:
        row = self._here(pick)
        folder = self._folder(goal)
        if row and folder and row.folder_id != folder.id:
            self.engine.move([row.id], folder.id)

    @rule(pick=PICK, goal=st.sampled_from(FOLDERS))
    def copy_here(self, pick: int, goal: str) -> None:
        row = self._here(pick)
        folder = self._folder(goal)
        if row and folder and row.folder_id != folder.id:
            self.engine.copy([row.id], folder.id)

    @rule(pick=PICK, permanently=st.booleans())
    def delete_here(self, pick: int, permanently: bool) -> None:
        if row := self._here(pick):
            self.engine.delete([row.id], permanently)

    @rule()
    def undo(self) -> None:
        # A deletion for good is said, and cannot be taken back.
        with contextlib.suppress(Refused):
            self.engine.undo()

    # --- between

    @rule()
    def sync(self) -> None:
        self.engine.sync([], False)

    @rule(size=st.integers(0, 6000))
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
            assert report.error == ""
        database = Database(self.root)
        try:
            (account,) = Reader(self.root).accounts()
            assert journal.pending(database, account.id) == []
        finally:
            database.close()
        assert self._world_here() == self._world_there()
        for folder in Reader(self.root).folders():
            rows = Reader(self.root).page(folder.id, None, 1000)
            assert (folder.total, folder.unread) == (len(rows), sum(r.unread for r in rows))

    # --- looking

    def _there(self, folder: str) -> list[int]:
        self.other.select(folder)
        return sorted(self.other.uids())

    def _folder(self, name: str) -> Folder | None:
        return next((f for f in Reader(self.root).folders() if f.name == name), None)

    def _rows(self) -> list[tuple[str, MessageRow]]:
        reader = Reader(self.root)
        return [
            (folder.name, row)
            for folder in reader.folders()
            if folder.name in FOLDERS
            for row in reader.page(folder.id, None, 1000)
        ]

    def _here(self, pick: int) -> MessageRow | None:
        rows = self._rows()
        return rows[pick % len(rows)][1] if rows else None

    def _world_here(self) -> World:
        return Counter((name, row.subject, row.flags | row.tags) for name, row in self._rows())

    def _world_there(self) -> World:
        world: World = Counter()
        for name in FOLDERS:
            for summary in self.other.fetch_summaries(self._there(name)):
                subject = parse_headers(summary.header).get("subject").decode()
                world[name, subject, summary.flags] += 1
        return world


def test_two_sides_become_one() -> None:
    users = {f"u{number}": Dovecot.password for number in range(EXAMPLES * 60)}
    with Dovecot(users) as dovecot, Proxy(dovecot.imap) as proxy:
        TwoSides.dovecot = dovecot
        TwoSides.proxy = proxy
        TwoSides.users = iter(users)
        machine = TwoSides.TestCase
        machine.settings = settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        machine("runTest").runTest()
