"""The real engine behind the link: every request has its method, a process of it starts."""

from __future__ import annotations

import inspect
import os
import signal
import threading
from pathlib import Path
from typing import get_type_hints

import pytest

from martlet.engine.engine import Engine
from martlet.link import frames, messages
from martlet.link.dispatch import method_name
from martlet.link.lock import ProfileLock
from martlet.link.start import connect
from martlet.mail.account import Account, AccountId, Protocol, SecretSource, Security, Server
from martlet.mail.changes import Change, StateChanged
from martlet.paths import Profile
from martlet.store.reader import Reader

WAIT_S = 30.0
OF_THE_HOST = {messages.Hello, messages.Stay, messages.Shutdown}


@pytest.mark.parametrize(
    "verb",
    [verb for verb in messages.REQUESTS if verb not in OF_THE_HOST],
    ids=lambda verb: verb.__name__,
)
def test_every_request_has_a_method_with_its_parameters(
    verb: type[messages.Request[object]],
) -> None:
    method = getattr(Engine, method_name(verb))
    takes = [name for name in inspect.signature(method).parameters if name != "self"]
    assert takes == list(verb.__struct_fields__)
    hints = get_type_hints(method)
    answer = frames.answer_type(verb)
    assert hints["return"] == (type(None) if answer is None else answer)
    fields = get_type_hints(verb)
    assert {name: hints[name] for name in takes} == {name: fields[name] for name in takes}


@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_a_window_survives_its_engine(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profile")
    client = connect(profile)
    lost = threading.Event()
    told: list[Change] = []
    spoke = threading.Event()

    def hear(change: Change) -> None:
        told.append(change)
        if isinstance(change, StateChanged):
            spoke.set()

    client.on_lost, client.on_change = lost.set, hear
    account = Account(
        AccountId(0),
        "work",
        "a@example.org",
        incoming=Server(Protocol.IMAP, "127.0.0.1", 1, Security.NONE, "a"),
        secret=SecretSource.ASK,
    )
    account_id = client.call(messages.AccountAdd(account, "secret"))
    assert spoke.wait(WAIT_S)
    os.kill(client.call(messages.Hello()), signal.SIGKILL)
    assert lost.wait(WAIT_S)
    again = connect(profile)
    assert [one.id for one in Reader(profile.root).accounts()] == [account_id]
    again.call(messages.Shutdown())
    again.close()
    lock = ProfileLock(profile)
    assert lock.acquire(WAIT_S)
    lock.release()
    assert "secret" not in profile.log_file.read_text()
