"""Messages that are kept parsed: once for all who want them, few enough, not for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from martlet.engine.parsed import LARGE, OVERHEAD, Parsed
from martlet.mail.errors import Refused

SIZE = 1_000
ROOM = SIZE + OVERHEAD


class Loads:
    """Bytes of messages. names: of those that were loaded."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, name: str, size: int = SIZE) -> Callable[[], bytes]:
        return partial(self._load, name, size)

    def _load(self, name: str, size: int) -> bytes:
        self.names.append(name)
        return (b"Subject: " + name.encode() + b"\r\n\r\n").ljust(size, b"x")


def gone() -> bytes:
    raise Refused("gone")


def test_parsed_once_and_bounded_in_bytes() -> None:
    load = Loads()
    kept = Parsed(10 * ROOM)
    first = kept.get("a", "", load("a"))
    assert kept.get("a", "", load("a")) is first
    assert kept.get("a", "big5", load("a")) is not first
    assert load.names == ["a", "a"]
    for name in "bcdefghijk":
        kept.get(name, "", load(name))
    assert kept.get("a", "", load("a")) is not first
    # What is larger than all that is kept is not kept, and drives nothing out.
    kept.get("big", "", load("big", 20 * ROOM))
    load.names.clear()
    kept.get("a", "", load("a"))
    kept.get("big", "", load("big", 20 * ROOM))
    assert load.names == ["big"]


def test_small_ones_are_few_too() -> None:
    """The tree of a small message takes more than its bytes."""
    load = Loads()
    kept = Parsed(1 << 30, 3)
    for name in "abcd":
        kept.get(name, "", load(name, 50))
    load.names.clear()
    for name in "bcda":
        kept.get(name, "", load(name, 50))
    assert load.names == ["a"]
    kept = Parsed(10 * OVERHEAD)
    for name in "abcdefghijk":
        kept.get(name, "", load(name, 50))
    load.names.clear()
    kept.get("b", "", load("b", 50))
    assert load.names == ["b"]


def test_what_cannot_be_loaded_is_asked_for_again() -> None:
    kept = Parsed()
    for _ in range(2):
        with pytest.raises(Refused):
            kept.get("a", "", gone)
    assert kept.get("a", "", Loads()("a")).headers.get("subject") == b"a"


def test_large_ones_go_again_soon() -> None:
    now = [0.0]
    load = Loads()
    kept = Parsed(clock=lambda: now[0])
    large = kept.get("large", "", load("large", 2 * LARGE))
    small = kept.get("small", "", load("small"))
    now[0] = 59.0
    assert kept.get("large", "", load("large")) is large
    now[0] = 120.0
    assert kept.get("small", "", load("small")) is small
    assert kept.get("large", "", load("large", 2 * LARGE)) is not large


def test_large_ones_go_though_nothing_else_is_opened() -> None:
    now = [0.0]
    load = Loads()
    kept = Parsed(clock=lambda: now[0])
    kept.get("large", "", load("large", 2 * LARGE))
    kept.get("small", "", load("small"))
    for now[0], again in ((59.0, []), (61.0, []), (200.0, ["large"])):
        kept.tidy()
        load.names.clear()
        kept.get("large", "", load("large", 2 * LARGE))
        assert load.names == again
    kept.get("small", "", load("small"))
    assert load.names == ["large"]


def test_those_who_want_it_at_once_share_it() -> None:
    load = Loads()
    kept = Parsed()
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> bytes:
        begun.set()
        assert go_on.wait(20)
        return load("a")()

    with ThreadPoolExecutor(4) as threads:
        found = [threads.submit(kept.get, "a", "", slowly)]
        assert begun.wait(20)
        found += [threads.submit(kept.get, "a", "", slowly) for _ in range(3)]
        # Another message does not wait for that one
        assert kept.get("b", "", load("b")) is not None
        go_on.set()
        assert len({id(one.result(20)) for one in found}) == 1
    assert load.names == ["b", "a"]


def test_after_a_failure_it_is_still_loaded_once_and_counted_once() -> None:
    """One fails, a second that waited loads it, a third comes meanwhile."""
    load = Loads()
    asked = threading.Semaphore(0)

    def clock() -> float:
        asked.release()
        return 0.0

    kept = Parsed(2 * ROOM, clock=clock)
    begun, fail = threading.Event(), threading.Event()
    loading, go_on = threading.Event(), threading.Event()

    def failing() -> bytes:
        begun.set()
        assert fail.wait(20)
        return gone()

    def slowly() -> bytes:
        loading.set()
        assert go_on.wait(20)
        return load("a")()

    def until_it_waits() -> None:
        """For whoever was made to ask last: it looks at the clock before it waits for others."""
        assert asked.acquire(timeout=20)
        kept.tidy()
        assert asked.acquire(timeout=20)

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(kept.get, "a", "", failing)
        assert begun.wait(20)
        while asked.acquire(blocking=False):
            pass
        second = threads.submit(kept.get, "a", "", slowly)
        until_it_waits()
        fail.set()
        with pytest.raises(Refused):
            first.result(20)
        assert loading.wait(20)
        while asked.acquire(blocking=False):
            pass
        third = threads.submit(kept.get, "a", "", load("a"))
        until_it_waits()
        go_on.set()
        assert second.result(20) is third.result(20)
    assert load.names == ["a"]
    # Counted twice, it would leave no room for another.
    kept.get("b", "", load("b"))
    kept.get("a", "", load("a"))
    kept.get("b", "", load("b"))
    assert load.names == ["a", "b"]
