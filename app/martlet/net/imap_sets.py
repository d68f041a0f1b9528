"""Sets of UIDs as IMAP writes them (RFC 9051, 9: sequence-set): "1:4,7,9:12"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from martlet.mail.errors import BadServer

EXPANDED_LIMIT = 5_000_000
RANGES_LIMIT = 1_000_000
_RANGE = re.compile(rb"(\d{1,10})(?::(\d{1,10}))?")


def compact(uids: Iterable[int]) -> str:
    """The set of these UIDs, as short as it can be; "" for none."""
    parts: list[str] = []
    first = last = 0
    for uid in sorted(set(uids)):
        if uid == last + 1 and first:
            last = uid
            continue
        if first:
            parts.append(str(first) if first == last else f"{first}:{last}")
        first = last = uid
    if first:
        parts.append(str(first) if first == last else f"{first}:{last}")
    return ",".join(parts)


def batches(uids: Iterable[int], count: int) -> Iterator[str]:
    """Sets of at most `count` UIDs each, in the order given, for commands of bearable length.

    The UIDs are taken as the sets are asked for.
    """
    waiting = iter(uids)
    while some := list(islice(waiting, count)):
        yield compact(some)


def ranges(raw: bytes, limit: int = RANGES_LIMIT) -> tuple[tuple[int, int], ...]:
    """A server's set as (first, last), first <= last, in its order. Raises BadServer.

    limit: how many ranges are taken.
    """
    if raw.count(b",") >= limit:
        raise BadServer("The server names more messages than there can be.")
    parts = raw.strip().split(b",") if raw.strip() else []
    found: list[tuple[int, int]] = []
    for part in parts:
        match = _RANGE.fullmatch(part)
        if match is None:
            raise BadServer("The server's list of messages cannot be read.")
        first, last = int(match[1]), int(match[2] or match[1])
        found.append((first, last) if first <= last else (last, first))
    return tuple(found)


def count(raw: bytes) -> int:
    """How many UIDs a server's set names. Raises BadServer."""
    return sum(last - first + 1 for first, last in ranges(raw))


def expand(raw: bytes, limit: int = EXPANDED_LIMIT) -> list[int]:
    """The UIDs a server's set stands for, in its order (of COPYUID it matters).

    Raises BadServer when it is no set, or stands for more than `limit`.
    """
    named = ranges(raw, max(1, limit))
    if sum(last - first + 1 for first, last in named) > limit:
        raise BadServer("The server names more messages than there can be.")
    return list(chain.from_iterable(range(first, last + 1) for first, last in named))
