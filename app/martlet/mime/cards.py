"""What a message holds besides words and files: its cards, of all kinds. Never raises; bounded.

What reads each kind is only imported where a message has one.
"""

from __future__ import annotations

from martlet.mail.cards import Cards, Elsewhere, Invitation, Person
from martlet.mime.external import elsewhere
from martlet.mime.layout import Layout
from martlet.mime.part import Message, Part
from martlet.mime.partial import piece_of
from martlet.mime.report import reports

CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
VCARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory", "application/vcard"})
_UNSAID = frozenset({"application/octet-stream", "text/plain", "application/x-unknown"})
MAX_PARTS = 20
MAX_BYTES = 4 << 20
MAX_INVITATIONS = 50
MAX_PEOPLE = 200
MAX_ELSEWHERE = 50


def cards(message: Message, found: Layout) -> Cards:
    """All of them, each kind in the order of its parts. found: of this message."""
    calendars = [part for part in found.files if _is(part, CALENDARS, ".ics")]
    vcards = [part for part in found.files if _is(part, VCARDS, ".vcf")]
    away: list[Elsewhere] = []
    for part in found.elsewhere[:MAX_ELSEWHERE]:
        told = elsewhere(part)
        if told is not None:
            away.append(told)
    return Cards(
        reports=reports(message),
        invitations=_invitations(calendars) if calendars else (),
        people=_people(vcards) if vcards else (),
        elsewhere=tuple(away),
        piece=piece_of(message),
    )


def _is(part: Part, kinds: frozenset[str], ending: str) -> bool:
    if part.content_type in kinds:
        return True
    return part.content_type in _UNSAID and part.filename.lower().endswith(ending)


def _invitations(parts: list[Part]) -> tuple[Invitation, ...]:
    from martlet.mime.calendar import invitations

    found: dict[tuple[object, ...], Invitation] = {}
    room = MAX_BYTES
    for part in parts[:MAX_PARTS]:
        method = part.parameters.get("method", "")
        data = part.data()[:room]
        room -= len(data)
        for one in invitations(data, part.charset, part.path, method):
            # Many send the same as a form of the text and as a file
            found.setdefault((one.uid, one.start, one.end, one.summary, one.repeats), one)
    return tuple(found.values())[:MAX_INVITATIONS]


def _people(parts: list[Part]) -> tuple[Person, ...]:
    from martlet.mime.vcard import people

    found: list[Person] = []
    room = MAX_BYTES
    for part in parts[:MAX_PARTS]:
        data = part.data()[:room]
        room -= len(data)
        found += people(data, part.charset, part.path)
    return tuple(found[:MAX_PEOPLE])
