"""The line between processes: how long a frame may be, and a door that nobody fits through."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from link.fake_engine import FakeEngine
from martlet.link import messages
from martlet.link.client import Client, greet
from martlet.link.host import Host
from martlet.link.messages import Hello
from martlet.link.transport import PAUSE_S, Door, dial
from martlet.mail.errors import Refused
from martlet.mail.message import MessageId
from martlet.paths import Profile


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path)
    profile.create()
    engine = FakeEngine(profile)
    host = Host(profile, engine)
    yield profile
    engine.close()
    host.close()


def test_a_frame_longer_than_any_ends_its_line_and_no_other(
    hosted: Profile, caplog: pytest.LogCaptureFixture
) -> None:
    other = greet(hosted, lasting=True)
    with socket.socket(socket.AF_UNIX) as liar:
        liar.connect(hosted.socket)
        liar.sendall(struct.pack("!iQ", -1, 1 << 40))
        assert liar.recv(1) == b""
    assert "a frame of more than 1073741824 bytes" in caplog.text
    assert other.call(messages.AccountStates())
    other.close()


def test_what_is_too_long_is_refused_before_it_is_sent(hosted: Profile) -> None:
    client = Client(dial(hosted.socket, limit=1000))
    client.call(Hello())
    with pytest.raises(Refused, match="too large"):
        client.call(messages.SetFlags([MessageId(number) for number in range(1000)]))
    assert client.call(messages.AccountStates())
    client.close()


def test_an_answer_that_is_too_long_ends_the_line_of_who_asked(hosted: Profile) -> None:
    client = Client(dial(hosted.socket, limit=1000))
    client.call(Hello())
    lost = threading.Event()
    client.on_lost = lost.set
    client.submit(messages.RawMessage(MessageId(5000)), lambda answer: None)
    assert lost.wait(20)


@contextlib.contextmanager
def no_descriptors(guest: socket.socket) -> Iterator[list[int]]:
    """This process may open nothing more until the descriptors answered here are closed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = [os.dup(guest.fileno())]
    highest = max(int(name) for name in os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 8, hard))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.dup(taken[0]))
        yield taken
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for each in taken:
            os.close(each)


def test_a_door_without_descriptors_is_not_tried_all_the_time(tmp_path: Path) -> None:
    address = str(tmp_path / "door")
    held: list[list[int]] = []
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        while held[0] and len(pauses) == 3:
            os.close(held[0].pop())
        return False

    door = Door(address, pause)
    with socket.socket(socket.AF_UNIX) as guest, no_descriptors(guest) as taken:
        held.append(taken)
        guest.connect(address)
        line = door.accept()
        assert line is not None
        line.close()
    assert pauses == [PAUSE_S, 2 * PAUSE_S, 4 * PAUSE_S]
    door.close()
    assert door.accept() is None


def test_who_was_let_in_waits_for_the_rest_of_the_descriptors(tmp_path: Path) -> None:
    address = str(tmp_path / "door")
    held: list[list[int]] = []

    def pause(seconds: float) -> bool:
        os.close(held[0].pop())  # one for the guest, two for what ends the line
        return False

    door = Door(address, pause)
    with socket.socket(socket.AF_UNIX) as guest, no_descriptors(guest) as taken:
        held.append(taken)
        guest.connect(address)
        line = door.accept()
        assert line is not None
        line.close()
    door.close()


def test_a_door_that_waits_for_descriptors_can_be_closed(tmp_path: Path) -> None:
    address = str(tmp_path / "door")
    door = Door(address)
    with socket.socket(socket.AF_UNIX) as guest, no_descriptors(guest):
        guest.connect(address)
        closing = threading.Thread(target=door.close)
        closing.start()
        assert door.accept() is None
        closing.join(20)
