"""Pulling the plug, or filling the disk, at every step of a POP3 pass that deletes there."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.errors import MailError
from martlet.mail.folder import Role
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.pop3_here import Pop3Here, letter
from support.pop3_maildrop import Maildrop
from support.scripted import Conversation, Scripted

COUNT = 60
LETTERS = [letter(n) for n in range(1, COUNT + 1)]
PASS = """
import sys
from pathlib import Path
from martlet.engine.engine import Engine
from martlet.paths import Profile

Engine(Profile(Path(sys.argv[1]))).sync([], False)
"""


class Killing(Maildrop):
    """Kills whoever it talks to when it hears a command."""

    victim: subprocess.Popen[bytes] | None = None
    at = ""

    def hears(self, talk: Conversation, line: str) -> None:
        if self.victim is not None and line == self.at:
            self.victim.send_signal(signal.SIGKILL)
            self.victim.wait(30)
            self.victim = None


def whole(root: Path) -> Counter[str]:
    """Subjects of what is here whole."""
    reader = Reader(root)
    inbox = next(f for f in reader.folders() if f.role is Role.INBOX)
    rows = reader.page(inbox.id, None, 10 * COUNT)
    assert all(reader.raw(row.id) == letter(int(row.subject)) for row in rows)
    reader.close()
    return Counter(row.subject for row in rows)


@pytest.mark.parametrize(
    "at",
    [
        "LIST",
        "RETR 1",
        "RETR 30",
        "RETR 60",
        "NOOP",
        "DELE 1",
        "DELE 40",
        "QUIT",
    ],
)
def test_killed_at_a_step(tmp_path: Path, at: str) -> None:
    drop = Killing(LETTERS)
    with Scripted(drop.talk()) as server:
        engine = Engine(Profile(tmp_path))
        account = Account(
            AccountId(0),
            "ada",
            "ada@example.org",
            incoming=server.account(Protocol.POP3),
            secret=SecretSource.COMMAND,
            password_command="echo secret",
            leave_on_server=False,
        )
        engine.account_add(account, "")
        engine.close()
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        drop.at = at
        drop.victim = process = subprocess.Popen(
            [sys.executable, "-c", PASS, str(tmp_path)], env=environment
        )
        assert process.wait(30) == -signal.SIGKILL
        here = whole(tmp_path)
        assert max(here.values(), default=1) == 1
        # Only what was asked to go, and is here, may be gone.
        gone = {f"u{n}" for n in range(1, COUNT + 1)} - set(drop.letters)
        # QUIT is carried out though nobody hears the answer.
        assert len(gone) == (COUNT if at == "QUIT" else 0)
        assert {f"u{subject}" for subject in here} >= gone
        engine = Engine(Profile(tmp_path))
        try:
            (report,) = engine.sync([], False)
            assert report.error == ""
        finally:
            engine.close()
        assert whole(tmp_path) == Counter(str(n) for n in range(1, COUNT + 1))
        assert drop.letters == {}


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file grows beyond this."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 40_000, 400_000])
def test_a_full_disk_in_the_middle(tmp_path: Path, room: int) -> None:
    bag = [
        b"Subject: %d\r\n\r\n%s\r\n" % (n, os.urandom(2000).hex().encode()) for n in range(1, 301)
    ]
    drop = Maildrop(bag)
    with (
        Scripted(drop.talk()) as server,
        Pop3Here(tmp_path, server.account(Protocol.POP3), leave_on_server=False) as here,
    ):
        used = max(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file())
        with disk_of(used + room), pytest.raises(MailError):
            here.pass_over()
        assert len(drop.letters) == 300
        here.pass_over()
        assert here.raws() == Counter(bag)
        assert drop.letters == {}
