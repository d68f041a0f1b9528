"""Reaching a name: all its addresses, and none that hangs may use up the time of the others."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
from collections.abc import Iterator, Sequence

import pytest

from martlet.net.reach import ADDRESSES_LIMIT, Address, reach


@contextlib.contextmanager
def listening() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield "127.0.0.1", int(listener.getsockname()[1])


def nobody() -> tuple[str, int]:
    """A place where nobody listens."""
    with listening() as place:
        return place


@contextlib.contextmanager
def deaf() -> Iterator[tuple[str, int]]:
    """A place where connecting hangs: its queue is full and nobody accepts."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        place = str(listener.getsockname()[0]), int(listener.getsockname()[1])
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(place)
        yield place


def v4(place: tuple[str, int]) -> Address:
    return Address(socket.AF_INET, place)


def v6(port: int = 9) -> Address:
    return Address(socket.AF_INET6, ("100::1", port, 0, 0))  # RFC 6666: goes nowhere


class Names:
    """A lookup that answers these addresses. named: how often somebody was told."""

    def __init__(self, *addresses: Address) -> None:
        self.addresses = addresses
        self.named = 0

    def look_up(self, host: str, port: int) -> Sequence[Address]:
        assert (host, port) == ("mail.invalid", 993)
        return self.addresses

    def count(self) -> None:
        self.named += 1

    def reach(self, timeout_s: float = 5.0) -> socket.socket:
        return reach("mail.invalid", 993, timeout_s, named=self.count, look_up=self.look_up)


def test_the_next_address_is_tried_when_one_refuses() -> None:
    with listening() as good:
        names = Names(v4(nobody()), v4(nobody()), v4(good))
        with names.reach() as sock:
            assert sock.getpeername() == good
            assert sock.gettimeout() == 5.0
    assert names.named == 1


def test_an_address_that_hangs_leaves_time_to_the_others() -> None:
    with deaf() as hangs, listening() as good, Names(v4(hangs), v4(good)).reach(0.4) as sock:
        assert sock.getpeername() == good


def test_ipv6_that_goes_nowhere_is_no_harm() -> None:
    with listening() as good, Names(v6(), v6(10), v4(good)).reach(2.0) as sock:
        assert sock.getpeername() == good


def test_families_take_turns() -> None:
    # The ninth address would never be tried, were they taken as they come.
    with listening() as good:
        many = [v6(port) for port in range(1, ADDRESSES_LIMIT + 1)]
        with Names(*many, v4(good)).reach(2.0) as sock:
            assert sock.getpeername() == good


def test_the_error_that_tells_most_is_told() -> None:
    with pytest.raises(ConnectionRefusedError):
        Names(v4(nobody()), v6()).reach(0.4)
    with deaf() as hangs, pytest.raises(ConnectionRefusedError):
        Names(v4(hangs), v4(nobody())).reach(0.2)
    with deaf() as hangs, pytest.raises(TimeoutError):
        Names(v4(hangs)).reach(0.1)


def test_a_name_without_addresses_is_none() -> None:
    names = Names()
    with pytest.raises(socket.gaierror):
        names.reach()
    assert names.named == 0


def test_a_family_this_computer_does_not_have() -> None:
    odd = Address(12345, ("x", 1))
    with listening() as good, Names(odd, v4(good)).reach() as sock:
        assert sock.getpeername() == good
    with pytest.raises(OSError, match=os.strerror(errno.EAFNOSUPPORT)):
        Names(odd).reach()


def test_name_servers_that_say_nothing_are_not_waited_for_long() -> None:
    over = threading.Event()

    def hangs(host: str, port: int) -> Sequence[Address]:
        over.wait(60)
        return []

    with pytest.raises(socket.gaierror) as caught:
        reach("mail.invalid", 993, 0.05, named=over.set, look_up=hangs)
    over.set()
    assert caught.value.errno == socket.EAI_AGAIN


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".example", "\0"])
def test_what_a_lookup_raises_is_raised(host: str) -> None:
    with pytest.raises((OSError, ValueError)):
        reach(host, 1, 5.0, named=lambda: None)
