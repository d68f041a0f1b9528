"""The line: bounds, waiting, and what is left behind by STARTTLS."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from martlet.mail.account import Protocol, Server
from martlet.mail.errors import BadServer, Offline, TlsRefused
from martlet.mail.route import STRAIGHT
from martlet.mail.server import Security
from martlet.net.connect import Line, Waker, Woken, connect, server_words
from martlet.net.pop3_wire import read_slowly
from martlet.net.tls import unverified_context
from support.scripted import (
    Script,
    Scripted,
    close,
    expect,
    read_some,
    read_to,
    reset,
    send,
    stall,
)

NONE = Security.NONE


def plain(server: Scripted, timeout_s: float = 5.0) -> Line:
    return connect(
        server.account(Protocol.POP3),
        route=STRAIGHT,
        timeout_s=timeout_s,
        starttls=None,
    )


def test_reads_lines_pieces_and_the_rest() -> None:
    script: Script = [send("one\r\ntwo\nabcdefEND of it.rest"), expect("done"), close()]
    with Scripted(script) as server:
        line = plain(server)
        assert line.read_line() == b"one\r\n"
        assert line.read_line() == b"two\n"
        assert line.peek(2) == b"ab"
        assert line.read_exact(6) == b"abcdef"
        assert line.read_until(b"of it.", 100) == b"END of it."
        assert line.read_some() == b"rest"
        line.write(b"done\r\n")
        assert (line.bytes_in, line.bytes_out) == (29, 6)
        with pytest.raises(Offline, match="closed the connection"):
            line.read_some()
        line.close()


def test_a_line_without_end_is_not_read_for_ever() -> None:
    with Scripted([send(b"x" * 5000), stall()]) as server:
        line = plain(server)
        with pytest.raises(BadServer, match="longer than 1000"):
            line.read_line(1000)
        line.close()


def test_a_whole_line_over_the_limit_is_refused_too() -> None:
    with Scripted([send(b"x" * 1001 + b"\r\n"), stall()]) as server:
        line = plain(server)
        with pytest.raises(BadServer):
            line.read_line(1000)
        line.close()


def test_a_piece_without_end_is_not_read_for_ever() -> None:
    with Scripted([send(b"x" * 5000), stall()]) as server:
        line = plain(server)
        with pytest.raises(BadServer, match="more than 1000"):
            line.read_until(b"\n.\r\n", 1000)
        line.close()


def test_silence_is_offline_and_names_the_likely_reason() -> None:
    with Scripted([stall()]) as server:
        line = plain(server, timeout_s=0.05)
        with pytest.raises(Offline, match="may expect TLS"):
            line.read_line()
        line.close()


def test_a_reset_is_offline() -> None:
    with Scripted([read_some(), reset()]) as server:
        line = plain(server)
        line.write(b"x")
        with pytest.raises(Offline, match="closed the connection"):
            line.read_line()
        line.close()


def test_a_tls_alert_instead_of_a_greeting_is_explained() -> None:
    with Scripted([send(b"\x15\x03\x01\x00\x02\x02\x46"), close()]) as server:
        line = plain(server)
        with pytest.raises(TlsRefused, match="expects TLS from the first byte"):
            line.read_line()
        line.close()


def test_wait_ends_by_data_by_time_and_by_a_wake_from_another_thread() -> None:
    waker = Waker()
    with Scripted([send("hello\r\n"), stall()]) as server:
        line = plain(server)
        assert line.wait(waker, 5.0) is Woken.DATA
        assert line.read_line() == b"hello\r\n"
        assert line.wait(waker, 0.0) is Woken.TIMEOUT
        thread = threading.Thread(target=waker.wake)
        thread.start()
        assert line.wait(waker, 30.0) is Woken.WAKER
        thread.join()
        assert line.wait(waker, 0.0) is Woken.TIMEOUT
        line.close()
    waker.close()


def test_a_wake_before_the_wait_is_kept_and_two_are_one() -> None:
    waker = Waker()
    waker.wake()
    waker.wake()
    with Scripted([stall()]) as server:
        line = plain(server)
        assert line.wait(waker, 30.0) is Woken.WAKER
        assert line.wait(waker, 0.0) is Woken.TIMEOUT
        line.close()
    waker.close()
    waker.wake()  # after the end nobody minds


def test_wait_sees_what_is_read_already() -> None:
    waker = Waker()
    with Scripted([send("one\r\ntwo\r\n"), stall()]) as server:
        line = plain(server)
        assert line.read_line() == b"one\r\n"
        line.peek(5)
        assert line.wait(waker, 30.0) is Woken.DATA
        line.close()
    waker.close()


def test_a_line_closed_by_another_thread_ends_a_read() -> None:
    with Scripted([stall()]) as server:
        line = plain(server, timeout_s=30.0)
        failed: list[Offline] = []

        def read() -> None:
            try:
                line.read_line()
            except Offline as error:
                failed.append(error)

        thread = threading.Thread(target=read)
        thread.start()
        line.close()
        thread.join(30)
        assert len(failed) == 1


def test_what_a_server_says_is_made_fit_to_show() -> None:
    assert server_words(b"\x1b[31mred\x07\r\nnext \xe4") == "[31mred next ä"
    assert server_words("a\u202eb") == "a b"
    assert server_words("x" * 500, 10) == "xxxxxxxxx…"
    assert server_words("schön".encode()) == "schön"


def test_a_big_write_goes_out_whole() -> None:
    data = bytes(range(256)) * 20_000 + b"END"
    with Scripted([read_to(b"END"), send("got it\r\n"), stall()]) as server:
        line = plain(server)
        line.write(data)
        assert line.bytes_out == len(data)
        assert line.read_line() == b"got it\r\n"
        assert server.heard[0] == [data]
        line.close()


@contextlib.contextmanager
def dripping(each: bytes) -> Iterator[Line]:
    """A line on which so much comes in every two thirds of its timeout, for ever."""
    near, far = socket.socketpair()
    moments = itertools.count(0.0, 2.0)

    def clock() -> float:
        far.sendall(each)
        return next(moments)

    with near, far:
        yield Line(near, Server(Protocol.SMTP, "drip.invalid", 25, NONE, ""), 3.0, clock=clock)


@pytest.mark.parametrize(
    "read",
    [
        Line.read_line,
        lambda line: line.read_exact(9000),
        lambda line: line.peek(9000),
        lambda line: line.read_until(b"end", 9000),
        lambda line: read_slowly(line, 9000, lambda _: None),
    ],
)
def test_who_drips_is_not_waited_for(read: Callable[[Line], object]) -> None:
    with dripping(b"x") as line:
        with pytest.raises(Offline, match="did not answer in time"):
            read(line)
        assert line.broken


def test_what_is_slow_and_large_may_take_its_time() -> None:
    with dripping(b"x" * 500) as line:
        assert len(line.read_exact(9000)) == 9000


def test_what_was_read_before_does_not_count() -> None:
    with dripping(b"one\r\n") as line:
        for _ in range(50):
            assert line.peek(3) == b"one"
            assert line.read_line() == b"one\r\n"


@pytest.mark.parametrize("heard", [False, True], ids=["unheard", "heard"])
def test_who_has_hung_up_gets_no_tls_and_leaves_nothing_open(heard: bool) -> None:
    with Scripted([reset()]) as server:
        sock = socket.create_connection(("localhost", server.port))
        with contextlib.closing(Waker()) as waker, contextlib.closing(
            Line(sock, server.account(Protocol.POP3), 5.0)
        ) as line:  # fmt: skip
            line.wait(waker, 5.0)
            if heard:
                assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            with pytest.raises(OSError, match="not connected"):
                line.upgrade(unverified_context())
            assert not line.tls
