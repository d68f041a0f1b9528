"""A stream of messages cut into what one transaction takes, each read as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from martlet.mail.errors import BadServer, MailError, Offline
from martlet.mail.message import Content, Envelope
from martlet.mime.content import summarise
from martlet.mime.header_only import header_only

# The first rows are to be seen soon, later ones quickly.
FIRST = 25
MOST = 500
MOST_BYTES = 8 * 1024 * 1024
# Over a slow line: somebody is waiting, and what is stored is not lost with the line.
LONGEST_S = 2.0


@dataclass(slots=True)
class Read:
    """A message that has come: its number in this session, its bytes, and what they say."""

    number: int
    raw: bytes
    head: Envelope
    content: Content


class Broken(Exception):
    """The stream broke. number: of the message that seems to be the reason."""

    def __init__(self, number: int, error: MailError) -> None:
        super().__init__(error.summary)
        self.number = number
        self.error = error


def read(number: int, raw: bytes) -> Read:
    """A whole message."""
    return Read(number, raw, *summarise(raw))


def each_read(stream: Iterable[tuple[int, bytes]]) -> Iterator[Read]:
    """Whole messages, each as soon as it is there: meanwhile the server sends the next."""
    for number, raw in stream:
        yield read(number, raw)


def headers_read(stream: Iterable[tuple[int, bytes]]) -> Iterator[Read]:
    """The same for headers, with an empty body put below each."""
    for number, shown in stream:
        yield read(number, header_only(shown))


def batches(
    stream: Iterable[Read],
    numbers: Sequence[int],
    refused: Collection[int],
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[list[Read]]:
    """Cuts a stream, into more at a time up to MOST, or what comes in LONGEST_S.

    numbers: what was asked for; refused: those of them that the server does not give, so far.
    What came before an error comes before it here too. Raises Broken.
    """
    rest = iter(stream)
    came: set[int] = set()
    most = FIRST
    while True:
        some: list[Read] = []
        volume = 0
        until = clock() + LONGEST_S
        try:
            for one in rest:
                some.append(one)
                came.add(one.number)
                volume += len(one.raw)
                if len(some) >= most or volume >= MOST_BYTES or clock() >= until:
                    break
        except (BadServer, Offline) as error:
            if some:
                yield some
            at = next((n for n in numbers if n not in came and n not in refused), numbers[-1])
            raise Broken(at, error) from None
        if not some:
            return
        yield some
        most = min(MOST, most * 4)
