"""Where an answer goes that is asked for elsewhere than from whom it came (Reply-To). Pure."""

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
    if answered is None or draft.kind is not DraftKind.REPLY or not answered.reply_to:
        return None
    if "@" not in answered.sender.address or _has(answered.reply_to, answered.sender):
        return None
    if any(_has((*answered.to, *answered.cc), each) for each in answered.reply_to):
        return None
    found = next((each for each in answered.reply_to if _has(draft.to, each)), None)
    if found is None or _has((*draft.to, *draft.cc), answered.sender):
        return None
    return Detour(found, answered.sender)


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
