"""Reading what POP3 servers say: any bytes, in any pieces."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import BadServer, MailError
from martlet.net.connect import Line
from martlet.net.pop3_wire import Reply, listing, read_body, read_reply

SERVER = Server(Protocol.POP3, "localhost", 110, Security.NONE, "ada")


@contextlib.contextmanager
def line_with(*pieces: bytes) -> Iterator[Line]:
    """A line on which these pieces arrive, and then the end."""
    near, far = socket.socketpair()
    line = Line(near, SERVER, 5.0)

    def write() -> None:
        with far, contextlib.suppress(OSError):
            for piece in pieces:
                far.sendall(piece)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield line
    finally:
        line.close()
        thread.join(5)


def stuffed(body: bytes) -> bytes:
    """A body as a server sends it (RFC 1939, 3)."""
    lines = body.split(b"\r\n")[:-1]
    return b"".join((b"." if x.startswith(b".") else b"") + x + b"\r\n" for x in lines) + b".\r\n"


words = st.lists(st.sampled_from([b".", b"..", b"", b"a", b".a", b"\r", b"a.", b"x" * 99]))


@given(words, st.integers(1, 40))
def test_a_body_comes_back_as_it_was_however_it_is_cut(lines: list[bytes], step: int) -> None:
    body = b"".join(x + b"\r\n" for x in lines)
    wire = stuffed(body) + b"+OK next\r\n"
    pieces = [wire[n : n + step] for n in range(0, len(wire), step)]
    with line_with(*pieces) as line:
        assert read_body(line, 100_000) == body
        assert read_reply(line) == Reply(True, "next")


@given(st.binary(max_size=60))
def test_any_bytes_are_a_reply_or_a_mail_error(raw: bytes) -> None:
    with line_with(raw + b"\r\n") as line:
        try:
            reply = read_reply(line, challenge=True)
        except MailError:
            return
        assert reply.more or reply.text.isprintable()


@given(st.lists(st.binary(max_size=30)))
def test_any_lines_are_a_listing_or_a_mail_error(lines: list[bytes]) -> None:
    try:
        found = listing(lines, "UIDL")
    except BadServer:
        return
    assert all(number >= 0 and word.isascii() for number, word in found)


@pytest.mark.parametrize(
    ("raw", "reply"),
    [
        (b"+OK\r\n", Reply(True, "")),
        (b"+ok hello\n", Reply(True, "hello", bare=True)),
        (b"-ERR [in-use] busy\r\n", Reply(False, "busy", "IN-USE")),
        (b"-ERR [SYS/TEMP]\r\n", Reply(False, "", "SYS/TEMP")),
        (b"+ abc=\r\n", Reply(True, "abc=", more=True)),
        (b"+\r\n", Reply(True, "", more=True)),
        (b"-ERR \x1b[31mred\r\n", Reply(False, "[31mred")),
    ],
)
def test_status_lines(raw: bytes, reply: Reply) -> None:
    with line_with(raw) as line:
        assert read_reply(line, challenge=True) == reply
