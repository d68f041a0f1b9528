"""Ending an engine while a server says nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from martlet.engine.engine import Engine
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, WorkerState
from martlet.paths import Profile
from support.scripted import Script, Scripted, expect, send, stall
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
