"""What a server refuses for the sake of some is got without them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.insisting import FROM_THE_START, insist, slices
from martlet.mail.errors import Offline, Refused


def uid_of(uid: int) -> int:
    return uid


@given(st.sets(st.integers(1, 300)), st.sets(st.integers(1, 300), max_size=30), st.booleans())
def test_all_but_the_bad_come_once(asked: set[int], bad: set[int], gives_the_good: bool) -> None:
    def fetch(uids: Sequence[int]) -> Iterator[int]:
        if not bad.intersection(uids) or gives_the_good:
            yield from (uid for uid in uids if uid not in bad)
        if bad.intersection(uids):
            raise Refused("no")

    refused: dict[int, Refused] = {}
    came = list(insist(fetch, sorted(asked), uid_of, refused, some_came=True))
    assert sorted(came) == sorted(asked - bad)
    assert refused.keys() == asked & bad


def test_a_server_that_gives_nothing_is_not_asked_for_each() -> None:
    asked: list[Sequence[int]] = []

    def fetch(uids: Sequence[int]) -> Iterator[int]:
        asked.append(uids)
        if uids:
            raise Refused("no")
        yield 0

    refused: dict[int, Refused] = {}
    with pytest.raises(Refused):
        list(insist(fetch, range(1, 1000), uid_of, refused, some_came=False))
    assert refused == {}
    assert sum(len(uids) == 1 for uids in asked) == FROM_THE_START
    assert len(asked) < 30


def test_what_came_before_an_error_comes_before_it() -> None:
    def arriving() -> Iterator[int]:
        yield from range(5)
        raise Offline("gone")

    some = slices(arriving(), 2)
    assert [next(some), next(some), next(some)] == [[0, 1], [2, 3], [4]]
    with pytest.raises(Offline):
        next(some)
