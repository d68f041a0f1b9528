"""Servers that answer with more than anybody can keep, or so slowly that nobody can wait."""

from __future__ import annotations

import contextlib
import socket
import tracemalloc
from collections.abc import Iterator

import pytest

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import BadServer, Offline
from martlet.net import imap_parts
from martlet.net.imap import ImapSession
from martlet.net.imap_change import store
from martlet.net.imap_talk import COMMAND_S, GOODBYE_S, VANISHED_KEPT, Talk
from martlet.net.imap_wire import FLAGS_LIMIT, Fetch, Parser
from martlet.net.line import Line
from support.imap_steps import signed_in
from support.scripted import Conversation, Scripted, expect, send

MEGABYTE = 1 << 20
BODY = b"* 1 FETCH (UID 9 FLAGS (\\Seen) BODY[] {%d}\r\n%s)\r\n" % (MEGABYTE, b"x" * MEGABYTE)
SERVER = Server(Protocol.IMAP, "host", 1, Security.NONE, "ada")


class Pouring(Line):
    """A line on which the same is said again and again, then the last word."""

    def __init__(self, piece: bytes, times: int, last: bytes) -> None:
        super().__init__(socket.socket(), SERVER, 60.0)
        self.said = 0
        self.last = last
        self._piece, self._times = piece, times

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Nobody hears it."""

    def read_some(self, *, goes_on: bool = False) -> bytes:
        """The next piece."""
        self.said += 1
        data = self._piece if self.said <= self._times else self.last
        self.bytes_in += len(data)
        return data


@contextlib.contextmanager
def pouring(piece: bytes, times: int, last: bytes = b"M1 OK done\r\n") -> Iterator[Talk]:
    line = Pouring(piece, times, last)
    try:
        yield Talk(line)
    finally:
        line.close()


@contextlib.contextmanager
def within(megabytes: int) -> Iterator[None]:
    """What is done takes no more memory than this."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("uid", [9, 5])
def test_bodies_without_end_are_not_kept(uid: int) -> None:
    with pouring(BODY, 10_000) as talk, within(12), pytest.raises(BadServer):
        imap_parts.fetch_range(talk, uid, "", 0, 1000)


@pytest.mark.parametrize("command", [b"NOOP", b"UID STORE 5 +FLAGS (x)"])
def test_of_messages_nobody_asked_for_the_flags_are_kept(command: bytes) -> None:
    with pouring(BODY, 50) as talk, within(12):
        talk.keep_all(talk.run(command, doing="answer").answers)
        assert list(talk.unsolicited) == [Fetch(1, 9, frozenset({"\\Seen"}))] * 50


def test_a_section_nobody_asked_for_is_not_kept() -> None:
    piece = BODY.replace(b"BODY[]", b"BODY[%d]")
    answers = b"".join(piece.replace(b"%d", b"%d" % number) for number in range(3, 30))
    with pouring(answers, 5) as talk, within(90):
        assert imap_parts.fetch_sections(talk, 9, ["2"]) == {}


def test_answers_and_codes_without_end() -> None:
    words = b"* OK [X-ODD %s] %s\r\n" % (b"y" * MEGABYTE, b"z" * MEGABYTE)
    for piece in (words, b"* X-ODD %s\r\n" % (b"y" * MEGABYTE)):
        with pouring(piece, 10_000) as talk, within(400), pytest.raises(BadServer):
            talk.run(b"NOOP", doing="answer")
    with pouring(words, 10_000) as talk, within(30), pytest.raises(BadServer):
        store(talk, [1], ["x"], [])


def test_what_is_told_of_folders_is_bounded() -> None:
    told = b'* STATUS "%s" (MESSAGES 1)\r\n* LIST () "/" "%s"\r\n' % (
        b"x" * MEGABYTE,
        b"y" * MEGABYTE,
    )
    with pouring(told + b'* STATUS "b" (MESSAGES 1)\r\n', 50) as talk, within(20):
        for _ in range(150):
            talk.keep(talk.receive())
        assert len(talk.told) == 50
        assert talk.remarks


def test_vanished_is_bounded() -> None:
    piece = b"* VANISHED %s\r\n" % b",".join(b"%d" % uid for uid in range(1, 200_000, 2))
    with pouring(piece, 10_000) as talk:
        for _ in range(2):
            talk.keep_all(talk.receive() for _ in range(VANISHED_KEPT // len(piece)))
            talk.unsolicited.clear()
        with pytest.raises(BadServer):
            talk.keep_all(talk.receive() for _ in range(1 + VANISHED_KEPT // len(piece)))


def test_flags_and_capabilities_are_bounded() -> None:
    parser = Parser()
    parser.feed(b"* 1 FETCH (UID 1 FLAGS (%s))\r\n" % b" ".join(b"f%d" % n for n in range(100_000)))
    found = parser.next()
    assert isinstance(found, Fetch)
    assert found.flags is not None
    assert "f99" in found.flags
    assert len(found.flags) < FLAGS_LIMIT // 3
    many = b" ".join(b"C%d" % number for number in range(200_000))
    with pouring(b"* CAPABILITY %s\r\n* ENABLED %s\r\n" % (many, many), 1) as talk:
        talk.run(b"NOOP", doing="answer")
        assert "C99" in talk.capabilities
        assert max(len(talk.capabilities), len(talk.enabled)) < 20_000


class Dripping(Pouring):
    """A line on which each piece takes its time. now: in seconds."""

    def __init__(self, piece: bytes, times: int, last: bytes, *, every_s: float) -> None:
        super().__init__(piece, times, last)
        self.now = 0.0
        self.heard = b""
        self._every_s = every_s

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """It is heard."""
        self.heard += data

    def read_some(self, *, goes_on: bool = False) -> bytes:
        """The next piece, when it is time."""
        self.now += self._every_s
        return super().read_some()


def waiting(piece: bytes, times: int, last: bytes, *, every_s: float) -> tuple[Talk, Dripping]:
    line = Dripping(piece, times, last, every_s=every_s)
    line.close()
    return Talk(line, clock=lambda: line.now), line


@pytest.mark.parametrize(
    "piece", [b"* OK wait\r\n", b"* 1 FETCH (FLAGS ())\r\n", b"* SEARCH\r\n", b"* 3 EXISTS\r\n"]
)
def test_no_command_is_waited_for_for_ever(piece: bytes) -> None:
    talk, line = waiting(piece, 1_000_000, b"", every_s=50.0)
    with pytest.raises(Offline, match="too slowly"):
        talk.run(b"NOOP", doing="answer")
    assert COMMAND_S < line.now < COMMAND_S + 100.0


def test_a_server_may_take_its_time_over_each_command() -> None:
    talk, line = waiting(b"* OK Still here\r\n", 30, b"M1 OK done\r\n", every_s=50.0)
    talk.run(b"NOOP", doing="answer")
    line.said, line.last = 0, b"M2 OK done\r\n"
    talk.run(b"NOOP", doing="answer")
    assert line.now > COMMAND_S


def test_what_comes_at_a_bearable_rate_may_take_hours() -> None:
    talk, line = waiting(BODY, 100, b"M1 OK done\r\n", every_s=200.0)
    talk.run(b"NOOP", doing="answer")
    assert line.now > 5 * COMMAND_S


@pytest.mark.parametrize("said", [b"", b"* BYE for now\r\n"])
def test_nothing_is_said_on_a_line_that_is_lost(said: bytes) -> None:
    def nothing_more(talk: Conversation) -> None:
        assert talk.socket.recv(1) == b""

    script = [*signed_in("IMAP4rev1"), expect("NOOP"), send(said), nothing_more]
    with Scripted(script) as server:
        account = server.account(Protocol.IMAP)
        session = ImapSession.open(account, "secret", timeout_s=0.5)
        with pytest.raises(Offline):
            session.noop()
        session.logout()


@pytest.mark.parametrize("piece", [b"* OK still here\r\n", b"* OK half"])
def test_a_goodbye_is_not_waited_for_for_long(piece: bytes) -> None:
    talk, line = waiting(piece, 1_000_000, b"", every_s=0.3)
    with contextlib.suppress(Offline):
        talk.goodbye()
    assert line.heard == b"M1 LOGOUT\r\n"
    assert line.now < 2 * GOODBYE_S
    assert 0 < line.timeout_s < GOODBYE_S
