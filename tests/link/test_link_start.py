"""Engines as processes of their own: started on demand, killed, started again."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from link import fake_engine
from martlet.link import messages
from martlet.link.client import Client, greet
from martlet.link.lock import ProfileLock
from martlet.link.start import connect
from martlet.mail.errors import Offline
from martlet.paths import Profile

WAIT_S = 30.0
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9")


def _command(profile: Profile, *more: str) -> list[str]:
    return [sys.executable, str(Path(fake_engine.__file__)), str(profile.root), *more]


def _connect(profile: Profile, *more: str) -> Client:
    return connect(profile, command=_command(profile, "brief", *more))


def _wait_for_end(profile: Profile) -> None:
    lock = ProfileLock(profile)
    assert lock.acquire(WAIT_S)
    lock.release()


def test_none_is_started_unless_asked(tmp_path: Path) -> None:
    with pytest.raises(Offline, match="not running"):
        connect(Profile(tmp_path / "none"), start=False)
    assert not (tmp_path / "none").exists()


def test_one_is_started_and_shared_and_ends(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "p")
    first = _connect(profile)
    second = _connect(profile)
    engine = first.call(messages.Hello())
    assert engine == second.call(messages.Hello())
    assert engine != os.getpid()
    first.close()
    second.close()
    _wait_for_end(profile)
    assert not Path(profile.socket).exists()


def test_a_killed_engine_is_noticed_and_replaced(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    client = _connect(profile)
    lost = threading.Event()
    client.on_lost = lost.set
    killed = client.call(messages.Hello())
    os.kill(killed, signal.SIGKILL)
    assert lost.wait(WAIT_S)
    with pytest.raises(Offline, match="stopped"):
        client.call(messages.AccountStates())
    assert Path(profile.socket).exists()  # stale
    another = _connect(profile)
    assert another.call(messages.Hello()) != killed
    another.close()
    _wait_for_end(profile)


def test_sigterm_is_a_clean_end(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    client = _connect(profile)
    lost = threading.Event()
    client.on_lost = lost.set
    os.kill(client.call(messages.Hello()), signal.SIGTERM)
    assert lost.wait(WAIT_S)
    _wait_for_end(profile)
    assert "engine ended" in profile.log_file.read_text()


def test_several_at_once_share_one_engine(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    clients: list[Client] = []
    threads = [threading.Thread(target=lambda: clients.append(_connect(profile))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len({client.call(messages.Hello()) for client in clients}) == 1
    for client in clients:
        client.close()
    _wait_for_end(profile)


def test_why_it_did_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(Offline, match="too new") as caught:
        _connect(Profile(tmp_path), "fail")
    assert caught.value.detail == "exit status 1"


def test_an_engine_waits_for_one_that_ends(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    lock = ProfileLock(profile)
    assert lock.acquire()
    timer = threading.Timer(1.5, lock.release)  # longer than one engine waits for it
    timer.start()
    client = _connect(profile)
    assert client.call(messages.AccountStates())
    client.close()
    timer.join()
    _wait_for_end(profile)


def test_a_command_alone_is_no_reason_to_start(tmp_path: Path) -> None:
    with pytest.raises(Offline):
        greet(Profile(tmp_path), lasting=False)
