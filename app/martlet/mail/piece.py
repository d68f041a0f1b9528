"""A message that is one of several pieces of a larger one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """This message is one of several that make one (message/partial, RFC 2046, 5.2.2).

    total: 0 if this one does not say. here: the numbers that are here, this one's too.
    """

    id: str
    number: int
    total: int
    here: tuple[int, ...] = ()
