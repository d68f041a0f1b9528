"""Getting what can be had from a server that refuses some of what it was asked for.

A FETCH of many may end with NO for the sake of one ("Some of the requested messages could not be
fetched", Exchange). What was not given is asked for again in halves, down to the one that is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from martlet.mail.errors import Busy, MailError, Refused

T = TypeVar("T")

# So many refused one after the other: it is not about single messages. Fewer when none came.
IN_A_ROW = 50
FROM_THE_START = 5


def slices(arriving: Iterator[T], size: int) -> Iterator[list[T]]:
    """Lists of up to `size`; what came before an error comes before it here too."""
    while True:
        some: list[T] = []
        try:
            # What was appended before an error stays.
            some.extend(islice(arriving, size))
        except MailError:
            if some:
                yield some
            raise
        if not some:
            return
        yield some


def insist(
    fetch: Callable[[Sequence[int]], Iterable[T]],
    uids: Sequence[int],
    uid_of: Callable[[T], int],
    refused: dict[int, Refused],
    *,
    some_came: bool,
) -> Iterator[T]:
    """What `fetch` gives of these; those that it refuses also singly are put into `refused`.

    some_came: the server has given some of what they were asked for with. Raises Refused when it
    seems to give none, which is then no matter of single messages.
    """
    waiting = [list(uids)]
    in_a_row = 0
    while waiting:
        some = waiting.pop()
        left = dict.fromkeys(some)
        try:
            for one in fetch(some):
                left.pop(uid_of(one), None)
                some_came, in_a_row = True, 0
                yield one
        except Busy:
            raise
        except Refused as error:
            rest = list(left)
            if len(some) > 1:
                half = (len(rest) + 1) // 2
                waiting += [part for part in (rest[half:], rest[:half]) if part]
            elif rest:
                refused[some[0]] = error
                in_a_row += 1
                if in_a_row >= (IN_A_ROW if some_came else FROM_THE_START):
                    if not some_came:
                        refused.clear()
                    raise
