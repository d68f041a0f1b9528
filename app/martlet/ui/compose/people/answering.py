"""Where an answer goes that is asked for elsewhere than from whom it came. Pure.

Whatever field of the letter had it so (Reply-To, Mail-Followup-To), and whoever stands in its To or
Cc: all of that is the word of whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from martlet.mail.address_key import address_key
from martlet.mail.message import Address, Envelope
from martlet.mail.outgoing import Draft, DraftKind


@dataclass(frozen=True, slots=True)
class Detour:
    """goes_to: whom the letter named for answers. wrote: whom it is from."""

    goes_to: Address
    wrote: Address


def detour(draft: Draft, answered: Envelope | None) -> Detour | None:
    """None for a letter that is no answer, or goes to who wrote, or to a list that it came by."""
    if answered is None or draft.kind is not DraftKind.REPLY:
        return None
    writer = answered.sender
    if "@" not in writer.address or _has((*draft.to, *draft.cc, *draft.bcc), writer):
        return None
    if draft.sender is not None and _has((draft.sender,), writer):
        return None  # my own letter, gone on with
    lists = {address_key(each) for each in draft.lists}
    others = [each for each in draft.to if address_key(each.address) not in lists]
    # Named for answers is likelier meant than whoever else got it.
    named = (each for each in others if _has(answered.reply_to, each))
    found = next(named, None) or next(iter(others), None)
    return Detour(found, writer) if found is not None else None


def to_whom(answered: Envelope | None) -> tuple[str, ...]:
    """The addresses that a letter was written to."""
    return tuple(each.address for each in (*answered.to, *answered.cc)) if answered else ()


def still_goes(way: Detour, draft: Draft) -> bool:
    """Whether the letter as it stands goes that way."""
    return _has((*draft.to, *draft.cc, *draft.bcc), way.goes_to) and not _has(
        (*draft.to, *draft.cc), way.wrote
    )


def _has(people: Iterable[Address], one: Address) -> bool:
    wanted = address_key(one.address)
    return any(address_key(each.address) == wanted for each in people)
