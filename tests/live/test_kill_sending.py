"""An engine killed at each step of sending a letter: it goes out once, or nobody knows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource
from martlet.mail.message import Address
from martlet.mail.outgoing import DeliveryKind, Draft, DraftId, OutboxState
from martlet.paths import Profile
from martlet.store.reader import Reader
from support.scripted import Conversation, Script, Scripted, close, expect, read_to, send

PASS = """
import sys
from pathlib import Path
from martlet.engine.engine import Engine
from martlet.paths import Profile

engine = Engine(Profile(Path(sys.argv[1])))
engine.sync([], False)
"""

STEPS: dict[str, Script] = {
    "greeting": [send("220 mx ESMTP\r\n"), expect("EHLO")],
    "capabilities": [send("250-mx\r\n250 AUTH PLAIN\r\n"), expect("AUTH PLAIN")],
    "signed in": [send("235 in\r\n"), expect("MAIL FROM")],
    "sender": [send("250 ok\r\n"), expect("RCPT TO")],
    "recipient": [send("250 ok\r\n"), expect("DATA")],
    "content": [send("354 go\r\n"), read_to(b"\r\n\r\n")],
    "dot": [read_to(b"\r\n.\r\n")],
}
# Nothing of the letter can have left before its sender was named.
HARMLESS = ("greeting", "capabilities")


class Killer:
    """Runs an engine that sends, and kills it when a server's script says so."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._started = Event()
        self._process: subprocess.Popen[bytes] | None = None

    def step(self, _talk: Conversation) -> None:
        assert self._started.wait(30)
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)

    def run(self) -> int:
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", PASS, str(self._root)]
        with subprocess.Popen(command, env=environment) as process:
            self._process = process
            self._started.set()
            return process.wait(60)


@pytest.mark.parametrize("last", STEPS)
def test_killed_while_sending(tmp_path: Path, last: str) -> None:
    killer = Killer(tmp_path)
    whole = [step for steps in STEPS.values() for step in steps]
    names = list(STEPS)
    before = [step for name in names[: names.index(last) + 1] for step in STEPS[name]]
    done = [*whole, send("250 queued\r\n"), expect("QUIT"), send("221 bye\r\n")]
    with Scripted([*before, killer.step, close()], done) as server:
        engine = Engine(Profile(tmp_path))
        account = engine.account_add(
            Account(
                AccountId(0),
                "out",
                "ada@example.org",
                outgoing=server.account(Protocol.SMTP),
                secret=SecretSource.COMMAND,
                password_command="echo secret",
            ),
            "",
        )
        to = (Address("", "bruno@example.org"),)
        engine.send(Draft(DraftId(0), account, to, subject="Once", text="x"), 0.0)
        engine.close()
        assert killer.run() < 0
        engine = Engine(Profile(tmp_path))
        reader = Reader(tmp_path)
        (entry,) = reader.outbox()
        engine.sync([], False)
        if last in HARMLESS:
            assert entry.state is OutboxState.QUEUED
            assert server.connections == 2
            assert reader.outbox() == []
            expected = [DeliveryKind.ACCEPTED, DeliveryKind.FILED]
        else:
            assert entry.state is OutboxState.UNKNOWN
            assert server.connections == 1
            expected = [DeliveryKind.UNKNOWN]
        assert [one.kind for one in reader.deliveries(entry.message_id)] == expected
        engine.close()
        reader.close()
