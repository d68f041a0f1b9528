"""A stream of messages cut into what one transaction takes, and what to think when it breaks.

A server that does not double the dot of a line "." ends that message there, and says the rest of
it in place of its next answer: the last message that came before nonsense may be half a message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from martlet.mail.errors import BadServer, MailError, Offline
from martlet.mail.message import Content, Envelope
from martlet.mime.content import summarise
from martlet.mime.header_only import header_only
from martlet.net.pop3 import NOTHING

# The first rows are to be seen soon, later ones quickly.
FIRST = 25
MOST = 500
MOST_BYTES = 8 * 1024 * 1024


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
    sizes: Mapping[int, int] = NOTHING,
) -> Iterator[list[Read]]:
    """Cuts a stream, into more at a time up to MOST; a message that may have been cut off by the
    server is left out.

    numbers: what was asked for; refused: those of them that the server does not give, so far.
    What came before an error comes before it here too. Raises Broken.
    """
    rest = iter(stream)
    came: set[int] = set()
    most = FIRST
    while True:
        some: list[Read] = []
        volume = 0
        try:
            for one in rest:
                some.append(one)
                came.add(one.number)
                volume += len(one.raw)
                if len(some) >= most or volume >= MOST_BYTES:
                    break
        except (BadServer, Offline) as error:
            at = next((n for n in numbers if n not in came and n not in refused), numbers[-1])
            if isinstance(error, BadServer) and some:
                last = some[-1]
                if sizes.get(last.number, 0) not in (0, len(last.raw)):
                    at = some.pop().number
            if some:
                yield some
            raise Broken(at, error) from None
        if not some:
            return
        yield some
        most = min(MOST, most * 4)
