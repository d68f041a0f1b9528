"""How a stream of messages is cut into transactions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from martlet.engine.pop3_stream import FIRST, LONGEST_S, MOST, Broken, batches, each_read
from martlet.mail.errors import BadServer, MailError, Offline


def arriving(numbers: range, error: MailError | None = None) -> Iterator[tuple[int, bytes]]:
    for number in numbers:
        yield number, b"Subject: x\r\n\r\n"
    if error is not None:
        raise error


def test_more_at_a_time() -> None:
    numbers = range(1, 2001)
    sizes = [len(some) for some in batches(each_read(arriving(numbers)), numbers, ())]
    assert sizes[:4] == [FIRST, FIRST * 4, FIRST * 16, MOST]
    assert sum(sizes) == 2000


def test_what_comes_slowly_is_stored_soon() -> None:
    ticks = count(0.0, LONGEST_S / 3)
    numbers = range(1, 11)
    cut = batches(each_read(arriving(numbers)), numbers, (), lambda: next(ticks))
    assert [len(some) for some in cut] == [3, 3, 3, 1]


@pytest.mark.parametrize("kind", [BadServer, Offline])
def test_what_came_before_an_error_comes_before_it(kind: type[MailError]) -> None:
    numbers = range(1, 41)
    some = batches(each_read(arriving(range(1, 31), kind("x"))), numbers, {31, 32})
    assert [len(next(some)), len(next(some))] == [FIRST, 5]
    with pytest.raises(Broken) as caught:
        next(some)
    # Those that were refused before are not the reason.
    assert caught.value.number == 33
    assert isinstance(caught.value.error, kind)
