"""A message read in pieces is on the wire what it is in one: line ends, dots, sizes."""

from __future__ import annotations

import io
import re
import socket
import threading
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import StoreError
from martlet.mail.outgoing import RecipientResult
from martlet.mail.server import Protocol, Security, Server
from martlet.net import body as bodies
from martlet.net.body import Body
from martlet.net.line import Line
from martlet.net.smtp_address import envelope
from martlet.net.smtp_content import by_bdat, by_data
from martlet.net.smtp_outcome import SendRefused
from martlet.net.smtp_parameters import Letter
from martlet.net.smtp_session import SmtpSession

SERVER = Server(Protocol.SMTP, "localhost", 587, Security.NONE, "")
TO = ["bruno@example.org"]
RESULTS = (RecipientResult(TO[0], 250, "ok"),)
RAW = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"a", b"\0", b"\xe4"])).map(b"".join)


class Slow(io.RawIOBase, BinaryIO):
    """Gives so many bytes at a time, whatever is asked for."""

    def __init__(self, raw: bytes, step: int) -> None:
        self._raw = io.BytesIO(raw)
        self._step = step

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._raw.read(self._step)


def correct(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


@given(RAW, st.integers(1, 5))
def test_pieces_say_what_the_whole_says(raw: bytes, step: int) -> None:
    for body in (Body(raw), Body(lambda: Slow(raw, step))):
        said = b"".join(map(bytes, body.pieces()))
        assert said == correct(raw)
        assert said == b"".join(map(bytes, body.pieces()))
        assert body.size == len(said)
        assert body.ascii == raw.isascii()
        assert body.nul == (b"\0" in raw)
        assert body.ended == (not said or said.endswith(b"\n"))
    as_it_is = Body(lambda: Slow(raw, step), crlf=False)
    assert b"".join(map(bytes, as_it_is.pieces())) == raw
    assert as_it_is.size == len(raw)
    head = re.split(rb"\n\r?\n", b"\n" + raw, maxsplit=1)[0]
    assert as_it_is.plain_head == head.isascii()
    assert not as_it_is.wide_head  # b"\xe4" is no UTF-8


def handed_over(body: Body, *, chunk: bool) -> bytes:
    """What a server hears that takes it."""
    near, far = socket.socketpair()
    heard = bytearray()
    with near, far:

        def serve() -> None:
            end = b"\r\n.\r\n"
            while True:
                heard.extend(got := far.recv(1 << 16))
                head, _, rest = heard.partition(b"\r\n")
                if not got or (chunk and head and len(rest) >= int(head.split()[1])):
                    break
                if not chunk and (heard.endswith(end) or heard == b".\r\n"):
                    break
            if got:
                far.sendall(b"250 taken\r\n")

        server = threading.Thread(target=serve)
        server.start()
        try:
            session = SmtpSession(Line(near, SERVER, 5.0))
            letter = Letter(envelope("ada@example.org", TO, SendRefused), body)
            way = by_bdat if chunk else by_data
            assert way(session, letter, RESULTS, 5.0).startswith("2")
        finally:
            near.shutdown(socket.SHUT_RDWR)
            server.join()
    return bytes(heard)


@pytest.mark.parametrize("step", [1, 3, bodies.PIECE, 1 << 20])
def test_dots_are_stuffed_wherever_a_piece_ends(step: int) -> None:
    line = b".\r\n..\r\n.a\r\nb.\r\n\n.c\r\r\n"
    raw = b"Subject: dots\r\n\r\n" + line * (1 if step < 4 else 9000)
    heard = handed_over(Body(lambda: Slow(raw, step)), chunk=False)
    assert heard.endswith(b"\r\n.\r\n")
    lines = heard[:-3].split(b"\r\n")
    unstuffed = b"\r\n".join(one[1:] if one.startswith(b".") else one for one in lines)
    assert unstuffed == correct(raw)
    assert b"." not in lines


@pytest.mark.parametrize("raw", [b"", b"a", b"a\r\n", b".", b"\r\n", b"x" * 200_000])
def test_a_chunk_is_as_long_as_it_says(raw: bytes) -> None:
    heard = handed_over(Body(lambda: io.BytesIO(raw)), chunk=True)
    head, _, rest = heard.partition(b"\r\n")
    assert head == b"BDAT %d LAST" % len(rest)
    assert rest == (raw if raw.endswith(b"\n") or not raw else raw + b"\r\n")


@pytest.mark.parametrize("chunk", [True, False])
def test_what_cannot_be_read_to_its_end_is_not_sent(chunk: bool) -> None:
    raw = b"Subject: x\r\n\r\n" + b"0123456789abcdef\r\n" * 20_000
    opened = 0

    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            if not data and opened > 1:
                raise StoreError("The mail store is damaged and cannot be read.")
            return data

    def opening() -> BinaryIO:
        nonlocal opened
        opened += 1
        return Broken(raw)

    heard: list[bytes] = []
    with pytest.raises(StoreError):
        heard.append(handed_over(Body(opening), chunk=chunk))
    assert not heard


@pytest.mark.parametrize("step", [1, 2, 3, 100])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_header_is_ascii_or_utf8_or_neither(step: int, end: bytes) -> None:
    def of(head: str | bytes, text: str) -> tuple[bool, bool]:
        first = head if isinstance(head, bytes) else head.encode()
        raw = first + end + end + text.encode()
        body = Body(lambda: Slow(raw, step))
        return body.plain_head, body.wide_head

    assert of("Subject: x", "你好") == (True, False)
    assert of("Subject: 你好", "x") == (False, True)
    assert of("Subject: 你好".encode("gbk"), "x") == (False, False)
    assert of("Subject: 你好".encode()[:-1], "x") == (False, False)
