"""COMPRESS=DEFLATE: small on the wire, whole here, and no bomb goes off."""

from __future__ import annotations

import tracemalloc
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import BadServer
from martlet.net.deflate import STEP, Deflated
from martlet.net.imap import IdleNews
from martlet.net.waker import Waker
from support.imap_steps import enter_inbox, says, selected
from support.scripted import Conversation, Script, Scripted, Step, expect, send, stall

OFFERED = "IMAP4rev1 IDLE COMPRESS=DEFLATE"


class Packed:
    """A server's side of it, as steps of a script."""

    def __init__(self) -> None:
        self._out = zlib.compressobj(wbits=-15)
        self._in = zlib.decompressobj(-15)
        self.sent = self.heard = 0
        self._said = b""

    def starts(self, command: str = "COMPRESS DEFLATE") -> Script:
        return [expect(command), send("{tag} OK go\r\n")]

    def send(self, data: bytes, *, flush: bool = True, cut: int = 0) -> Step:
        """Sends it packed; cut: that many bytes of the packed are left for `rest`."""

        def step(talk: Conversation) -> None:
            packed = self._out.compress(data)
            if flush:
                packed += self._out.flush(zlib.Z_SYNC_FLUSH)
            self._rest = packed[len(packed) - cut :] if cut else b""
            self.sent += len(packed)
            talk.socket.sendall(packed[: len(packed) - cut])

        return step

    def rest(self) -> Step:
        def step(talk: Conversation) -> None:
            talk.socket.sendall(self._rest)

        return step

    def expect(self, wanted: bytes) -> Step:
        def step(talk: Conversation) -> None:
            while b"\r\n" not in self._said.partition(wanted)[2]:
                data = talk.socket.recv(65_536)
                assert data, f"hung up, having said {self._said!r}"
                self.heard += len(data)
                self._said += self._in.decompress(data)
            self._said = self._said.partition(wanted)[2].partition(b"\r\n")[2]

        return step


@pytest.fixture
def waker() -> Iterator[Waker]:
    made = Waker()
    yield made
    made.close()


def test_both_directions_are_packed_and_the_wire_is_counted() -> None:
    packed = Packed()
    body = b"the same again " * 20_000
    answer = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\nM4 OK\r\n" % (len(body), body)
    script = [
        *selected(OFFERED),
        *packed.starts(),
        packed.expect(b"M4 UID FETCH 1 "),
        packed.send(answer),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.compress()
        assert session.compress()
        before, out = session.bytes_in, session.bytes_out
        assert list(session.fetch_raw([1])) == [(1, body)]
        assert session.bytes_in - before == packed.sent < 2000
        assert session.bytes_out - out == packed.heard
        session.close()


@pytest.mark.parametrize("end", ["NO [COMPRESSIONACTIVE] it is", "BAD what?"])
def test_refused_it_stays_plain(end: str) -> None:
    script = [*selected(OFFERED), *says("COMPRESS DEFLATE", end=end), *says("NOOP")]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.compress() is False
        session.noop()
        session.close()


def test_what_comes_with_the_go_ahead_is_packed_already() -> None:
    pack = zlib.compressobj(wbits=-15)
    first = pack.compress(b"* 9 EXISTS\r\n") + pack.flush(zlib.Z_SYNC_FLUSH)
    more = pack.compress(b"M4 OK\r\n") + pack.flush(zlib.Z_SYNC_FLUSH)
    packed = Packed()
    script = [
        *selected(OFFERED),
        expect("COMPRESS"),
        send(b"M3 OK go\r\n" + first),
        packed.expect(b"NOOP"),
        send(more),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.compress()
        session.noop()
        assert session.exists == 9
        session.close()


def test_what_is_no_deflate_stream_is_said_in_words() -> None:
    packed = Packed()
    for data in (b"\xff\xff* OK this is plain\r\n", b"\x03\x00more after the end"):
        script = [*selected(OFFERED), *packed.starts(), packed.expect(b"NOOP"), send(data), stall()]
        packed = Packed()
        with Scripted(script) as server:
            session = enter_inbox(server)
            assert session.compress()
            with pytest.raises(BadServer, match="compressed data that cannot be read"):
                session.noop()
            session.close()


def test_waiting_ends_by_what_is_inside_not_by_its_wrapping(waker: Waker) -> None:
    packed = Packed()
    script = [
        *selected(OFFERED),
        *packed.starts(),
        packed.expect(b"IDLE"),
        packed.send(b"+ idling\r\n"),
        # Bytes that mean nothing yet: what they begin is not readable before its rest.
        packed.send(b"* 8 EXISTS\r\n", cut=12),
        packed.rest(),
        packed.expect(b"DONE"),
        packed.send(b"M4 OK\r\n"),
        packed.expect(b"IDLE"),
        packed.send(b"+ idling\r\n"),
        packed.expect(b"DONE"),
        packed.send(b"M5 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        session.compress()
        assert session.idle(waker, 60) == IdleNews(changed=True, woken=False)
        assert session.exists == 8
        waker.wake()
        assert session.idle(waker, 60) == IdleNews(changed=False, woken=True)
        session.close()


def test_two_answers_in_one_packet_are_both_heard(waker: Waker) -> None:
    packed = Packed()
    big = b"* OK " + b"x" * 60_000 + b"\r\n"
    script = [
        *selected(OFFERED),
        *packed.starts(),
        packed.expect(b"IDLE"),
        packed.send(b"+ idling\r\n" + big * 12 + b"* 8 EXISTS\r\n"),
        packed.expect(b"DONE"),
        packed.send(b"M4 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        session.compress()
        assert session.idle(waker, 60).changed
        session.close()


def test_an_answer_that_fills_a_step_exactly(waker: Waker) -> None:
    """What is left inside zlib then is nothing, which must not be waited for."""
    packed = Packed()
    start = b"+ idling\r\n"
    script = [
        *selected(OFFERED),
        *packed.starts(),
        packed.expect(b"IDLE"),
        packed.send(start + b"* OK " + b"x" * (STEP - len(start) - 7) + b"\r\n"),
        lambda talk: waker.wake(),
        packed.expect(b"DONE"),
        packed.send(b"M4 OK\r\n"),
    ]
    with Scripted(script) as server:
        session = enter_inbox(server)
        session.compress()
        assert session.idle(waker, 60) == IdleNews(changed=False, woken=True)
        session.close()


def test_a_bomb_does_not_go_off() -> None:
    """256 MB of one line, 256 KB on the wire."""
    pack = zlib.compressobj(9, wbits=-15)
    zeros = bytes(1024 * 1024)
    bomb = pack.compress(b"* OK ") + b"".join(pack.compress(zeros) for _ in range(256))
    bomb += pack.flush(zlib.Z_SYNC_FLUSH)
    packed = Packed()
    script = [*selected(OFFERED), *packed.starts(), packed.expect(b"NOOP"), send(bomb), stall()]
    with Scripted(script) as server:
        session = enter_inbox(server)
        assert session.compress()
        tracemalloc.start()
        with pytest.raises(BadServer, match="too long"):
            session.noop()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        session.close()
    assert most < 100 * 1024 * 1024


@given(st.lists(st.binary(max_size=2000), max_size=8), st.integers(1, 50))
def test_any_cut_gives_the_same(said: list[bytes], cut: int) -> None:
    there, here = Deflated(), Deflated()
    packed = b"".join(there.deflate(data) for data in said)
    found = b""
    for start in range(0, len(packed), cut):
        found += here.inflate(packed[start : start + cut])
        while here.waiting:
            found += here.inflate()
    assert found == b"".join(said)


def test_a_step_is_bounded() -> None:
    there, here = Deflated(), Deflated()
    packed = there.deflate(bytes(STEP * 3 + 5))
    sizes = [len(here.inflate(packed))]
    while here.waiting:
        sizes.append(len(here.inflate()))
    assert max(sizes) == STEP
    assert sum(sizes) == STEP * 3 + 5
