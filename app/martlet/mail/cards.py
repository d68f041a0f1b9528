"""Parts of a message that are shown as what they are, not as text: reports, invitations, people,
bodies that are elsewhere, pieces of a larger message. All of it is what the sender wrote."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from martlet.mail.message import Address
from martlet.mail.piece import Piece
from martlet.mail.report import Report


class Method(Enum):
    """What an invitation is for (RFC 5546, 1.4)."""

    PUBLISH = "publish"
    REQUEST = "request"
    REPLY = "reply"
    CANCEL = "cancel"
    ADD = "add"
    REFRESH = "refresh"
    COUNTER = "counter"
    DECLINE_COUNTER = "declinecounter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event of a text/calendar part (RFC 5545, RFC 6047).

    start, end: Unix seconds, None if not given; of whole days (all_day) at midnight UTC, end
    being the day after the last; floating: wherever one is, as if its clock showed UTC. zone: as
    written, "" for none or UTC. repeats: RRULE in plain English, "" for once. attendees: (who,
    PARTSTAT in small letters); in a REPLY, the one who answers and what.
    """

    part: str
    method: Method
    summary: str
    start: float | None
    end: float | None
    all_day: bool = False
    zone: str = ""
    location: str = ""
    description: str = ""
    repeats: str = ""
    organizer: Address | None = None
    attendees: tuple[tuple[Address, str], ...] = ()
    uid: str = ""
    sequence: int = 0
    cancelled: bool = False
    floating: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """One vCard (RFC 6350; 2.1 and 3.0 too). fields: (what it is in plain English, value)."""

    part: str
    name: str
    organization: str = ""
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A body that is not in the message (message/external-body, RFC 2046, 5.2.3; RFC 2017).

    access: access-type in small letters. url: what a browser or mail program could open if the
    person wants, "" if nothing can. where: the same in words. expires: as written.
    """

    part: str
    access: str
    where: str
    url: str = ""
    name: str = ""
    content_type: str = ""
    size: int | None = None
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """All of a message's cards, each kind in the order of its parts."""

    reports: tuple[Report, ...] = ()
    invitations: tuple[Invitation, ...] = ()
    people: tuple[Person, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    piece: Piece | None = None


NO_CARDS = Cards()
