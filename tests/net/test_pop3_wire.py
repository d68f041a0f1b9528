"""Reading what POP3 servers say: any bytes, in any pieces."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import Protocol, Security, Server
from martlet.mail.errors import BadServer, MailError
from martlet.net.connect import Line
from martlet.net.pop3 import Pop3Session
from martlet.net.pop3_wire import Reply, listing, read_body, read_reply, read_slowly

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
        thread.join(30)


def stuffed(body: bytes) -> bytes:
    """A body as a server sends it (RFC 1939, 3)."""
    lines = body.split(b"\r\n")[:-1]
    return b"".join((b"." if x.startswith(b".") else b"") + x + b"\r\n" for x in lines) + b".\r\n"


words = st.lists(
    st.sampled_from(
        [b".", b"..", b"", b"a", b".a", b"\r", b"a.", b"x" * 99, b"\n.", b"a\n..", b"\n", b"b\n.\n"]
    )
)


@given(words, st.integers(1, 40))
def test_a_body_comes_back_as_it_was_however_it_is_cut(lines: list[bytes], step: int) -> None:
    # No server gives a message that does not begin with a proper line.
    body = b"".join(x + b"\r\n" for x in [b"H: x", *lines]) if lines else b""
    wire = stuffed(body) + b"+OK next\r\n"
    pieces = [wire[n : n + step] for n in range(0, len(wire), step)]
    with line_with(*pieces) as line:
        assert read_body(line, 100_000) == body
        assert read_reply(line) == Reply(True, "next")


@given(words, st.integers(1, 40))
def test_a_large_body_too(lines: list[bytes], step: int) -> None:
    body = b"".join(x + b"\r\n" for x in [b"H: x", *lines]) if lines else b""
    wire = stuffed(body)
    told: list[int] = []
    with line_with(*[wire[n : n + step] for n in range(0, len(wire), step)]) as line:
        assert read_slowly(line, 100_000, told.append) == body
    assert told[-1] == len(wire)


said = st.lists(
    st.sampled_from(
        [
            b"+OK\r\n",
            b"+OK 3 99\r\n",
            b"-ERR no\r\n",
            b"-ERR [IN-USE] x\r\n",
            b".\r\n",
            b"1 a\r\n",
            b"2 700\r\n",
            b"1 \xc2\xb2\r\n",
            b"+ \r\n",
            b"\r\n",
            b"\n.\r\n",
            b"+OK \xb2 \xb2\n",
            b".\n",
        ]
    )
    | st.binary(max_size=20)
)


@given(said, st.booleans())
def test_whatever_a_server_says_ends_in_mail_errors(pieces: list[bytes], pipelines: bool) -> None:
    asks: list[Callable[[Pop3Session], object]] = [
        Pop3Session.count,
        Pop3Session.listing,
        Pop3Session.uidls,
        Pop3Session.sizes,
        lambda session: list(session.retrieve([1, 2], {1: 5})),
        lambda session: list(session.tops([1, 2])),
        lambda session: session.retrieve_one(1, 5, lambda done: None),
        lambda session: session.delete([1, 2]),
        Pop3Session.noop,
        Pop3Session.quit,
    ]
    capabilities: dict[str, tuple[str, ...]] = {"PIPELINING": ()} if pipelines else {}
    with line_with(*pieces) as line:
        session = Pop3Session(line, capabilities)
        for ask in asks:
            with contextlib.suppress(MailError):
                ask(session)


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
