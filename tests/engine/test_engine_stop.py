"""Ending an engine while a server says nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.engine.events import Announcer
from martlet.engine.worker import Worker
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, WorkerState
from martlet.mail.errors import MailError, StoreError
from martlet.paths import Profile
from support.scripted import Conversation, Script, Scripted, expect, send, stall
from support.watching import Watch

IMAP: Script = [
    send("* OK [CAPABILITY IMAP4rev1] hello\r\n"),
    expect("LOGIN"),
    send("{tag} OK [CAPABILITY IMAP4rev1] in\r\n"),
    stall(),
]
POP3: Script = [
    send("+OK hello\r\n"),
    expect("CAPA"),
    send("-ERR no\r\n"),
    expect("USER"),
    send("+OK\r\n"),
    expect("PASS"),
    send("+OK\r\n"),
    stall(),
]


@pytest.mark.parametrize(("protocol", "script"), [(Protocol.IMAP, IMAP), (Protocol.POP3, POP3)])
def test_a_silent_server_does_not_hold_the_engine(
    tmp_path: Path, protocol: Protocol, script: Script
) -> None:
    with Scripted(script) as server:
        engine = Engine(Profile(tmp_path))
        watch = Watch(engine)
        account = Account(
            AccountId(0),
            "work",
            "ada@example.org",
            incoming=server.account(protocol),
            secret=SecretSource.ASK,
        )
        made = engine.account_add(account, "secret")
        engine.start()
        watch.state(made, protocol, WorkerState.WORKING)
        engine.close()
    names = [t.name for t in threading.enumerate()]
    assert not [name for name in names if name.startswith(protocol.value)]


def test_a_thread_that_connects_too_late_does_nothing(tmp_path: Path) -> None:
    greeted = threading.Event()

    def wait(_talk: Conversation) -> None:
        assert greeted.wait(30)

    late: Script = [wait, *IMAP[:3], expect("LOGOUT"), send("* BYE\r\n{tag} OK bye\r\n")]
    with Scripted(late, IMAP) as server:
        engine = Engine(Profile(tmp_path))
        watch = Watch(engine)
        account = Account(
            AccountId(0),
            "work",
            "ada@example.org",
            incoming=server.account(Protocol.IMAP),
            secret=SecretSource.ASK,
        )
        made = engine.account_add(account, "secret")
        engine.start()
        watch.state(made, Protocol.IMAP, WorkerState.CONNECTING)
        (old,) = [t for t in threading.enumerate() if t.name == "imap:work"]
        # New settings: the old thread hangs in its connection and is given up.
        engine.account_edit(replace(account, id=made, full_name="Ada"), "")
        watch.state(made, Protocol.IMAP, WorkerState.WORKING)
        greeted.set()
        old.join(30)
        assert not old.is_alive()
        engine.close()


class FullDisk:
    """A driver whose every step finds the disk full."""

    protocol = Protocol.IMAP

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.tried = threading.Event()
        self.refused: list[MailError] = []
        self.closed = False

    def wanted(self) -> bool:
        return True

    def connect(self) -> None:
        raise StoreError("The disk is full.")

    def work(self) -> None:
        pass

    def wait(self) -> None:
        pass

    def disconnect(self) -> None:
        raise StoreError("The disk is full.")

    def failed(self, error: MailError) -> None:
        self.refused.append(error)
        self.tried.set()

    def wake(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def close(self, error: MailError) -> None:
        self.closed = True


def test_a_full_disk_while_a_line_is_lost_ends_no_worker() -> None:
    account = Account(AccountId(1), "work", "ada@example.org")
    driver = FullDisk()
    worker = Worker(account, driver, Announcer(), stay=True, noted=lambda _: None)
    worker.start()
    for _ in range(3):
        assert driver.tried.wait(30)
        driver.tried.clear()
        worker.hurry()
    worker.stop()
    assert driver.closed
