"""Pulling the plug: an engine killed at any moment of a pass loses nothing and doubles nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Keep, Protocol, SecretSource
from martlet.mail.folder import Role
from martlet.mail.message import SEEN
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.dovecot import Dovecot, installed

pytestmark = pytest.mark.skipif(not installed(), reason="Dovecot is not installed")

COUNT = 1500
PASS = """
import sys
from pathlib import Path
from martlet.engine.engine import Engine
from martlet.paths import Profile

engine = Engine(Profile(Path(sys.argv[1])))
print("began", flush=True)
engine.sync([], False)
print("ended", flush=True)
sys.stdin.read()
"""


def letters(count: int) -> list[bytes]:
    return [
        b"From: a@example.org\r\nSubject: Kill %d\r\nMessage-ID: <kill-%d@example.org>\r\n"
        b"Date: Mon, 01 Jan 2024 %02d:%02d:%02d +0000\r\n\r\nBody %d\r\n%s"
        % (n, n, n // 3600, n // 60 % 60, n % 60, n, b"filler line\r\n" * 40)
        for n in range(count)
    ]


def killed_pass(root: Path, after_s: float) -> bool:
    """Runs a pass and kills it so many seconds after it began; True when it was cut off."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, "-c", PASS, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"began\n"
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait(30)
        return b"ended" not in process.stdout.read()
    finally:
        process.kill()
        process.wait(30)
        process.stdin.close()
        process.stdout.close()


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_a_pass_killed_at_any_moment(tmp_path: Path, protocol: Protocol) -> None:
    dice = random.Random(protocol.value)
    with Dovecot() as server:
        server.deliver_many("ada", letters(COUNT))
        root = tmp_path / "profile"
        engine = Engine(Profile(root))
        account = Account(
            AccountId(0),
            "ada",
            "ada@example.org",
            incoming=server.server(protocol),
            secret=SecretSource.COMMAND,
            password_command=f"echo {server.password}",
            ca_file=server.ca_file,
            keep=Keep.ALL,
        )
        engine.account_add(account, "")
        engine.close()
        cut = sum(killed_pass(root, dice.uniform(0.01, 0.3)) for _ in range(8))
        assert cut > 0
        engine = Engine(Profile(root))
        try:
            (report,) = engine.sync([], False)
            assert report.error == ""
            reader = Reader(root)
            inbox = next(f for f in reader.folders() if f.role is Role.INBOX)
            rows = reader.page(inbox.id, None, COUNT * 2)
            assert sorted(row.subject for row in rows) == sorted(f"Kill {n}" for n in range(COUNT))
            assert all(reader.raw(row.id) for row in rows)
            assert (inbox.total, inbox.unread) == (COUNT, COUNT)
            assert reader.search_count("filler") == COUNT
        finally:
            engine.close()


def test_local_changes_survive_being_killed(tmp_path: Path) -> None:
    dice = random.Random(5)
    with Dovecot() as server:
        server.deliver_many("ada", letters(60))
        root = tmp_path / "profile"
        engine = Engine(Profile(root))
        account = Account(
            AccountId(0),
            "ada",
            "ada@example.org",
            incoming=server.server(Protocol.IMAP),
            secret=SecretSource.COMMAND,
            password_command=f"echo {server.password}",
            ca_file=server.ca_file,
            keep=Keep.ALL,
        )
        engine.account_add(account, "")
        engine.sync([], False)
        reader = Reader(root)
        folders = {f.role: f.id for f in reader.folders()}
        rows = reader.page(folders[Role.INBOX], None, 100)
        # Many small groups, so that a kill falls between two of them.
        for number, row in enumerate(rows):
            if number % 3 == 0:
                engine.set_flags([row.id], [SEEN], [])
            elif number % 3 == 1:
                engine.move([row.id], folders[Role.ARCHIVE])
            else:
                engine.delete([row.id], False)
        engine.close()
        for _ in range(5):
            killed_pass(root, dice.uniform(0.02, 0.25))
        engine = Engine(Profile(root))
        try:
            engine.sync([], False)
            (report,) = engine.sync([], False)
            assert report.error == ""
            for role, name in (
                (Role.INBOX, "INBOX"),
                (Role.ARCHIVE, "Archive"),
                (Role.TRASH, "Trash"),
            ):
                said = server.doveadm("fetch", "-u", "ada", "hdr.subject", "mailbox", name)
                there = sorted(
                    line.removeprefix("hdr.subject: ")
                    for line in said.splitlines()
                    if line.startswith("hdr.subject")
                )
                here = sorted(row.subject for row in reader.page(folders[role], None, 100))
                assert here == there
                assert len(here) == 20
            assert all(SEEN in row.flags for row in reader.page(folders[Role.INBOX], None, 100))
        finally:
            engine.close()
