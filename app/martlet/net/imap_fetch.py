"""Fetching from the selected folder: flags, summaries and whole messages, pipelined.

ENVELOPE is never asked for: header fields are as quick for a server, smaller to read, and `mime`
reads them better than servers do (LIBRARIES has the figures: 74 against 10 thousand a second).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from martlet.net.imap_sets import batches
from martlet.net.imap_structure import attachments_hint
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Fetch

SUMMARIES_AT_ONCE = 250
BODIES_AT_ONCE = 10
DEPTH = 4
_FIELDS = (
    b"(UID FLAGS RFC822.SIZE INTERNALDATE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (SUBJECT FROM "
    b"SENDER TO CC BCC REPLY-TO DATE MESSAGE-ID IN-REPLY-TO REFERENCES CONTENT-TYPE)])"
)
_DATE = re.compile(
    rb" *(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.IGNORECASE
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list shows of a message. received: Unix time, 0.0 when the server's is unreadable.

    header: the fields a summary needs, raw. attachments_hint: see `imap_structure`.
    """

    uid: int
    flags: frozenset[str]
    size: int
    received: float
    header: bytes
    attachments_hint: int


def fetch_flags(
    talk: Talk, uids: str, changed_since: int | None
) -> Iterator[tuple[int, frozenset[str]]]:
    """UID and flags of each; with changed_since (CONDSTORE) of those changed after it only."""
    command = b"UID FETCH %s (UID FLAGS)" % uids.encode("ascii")
    if changed_since is not None:
        command += b" (CHANGEDSINCE %d)" % changed_since
    for response in talk.stream([command], doing="tell the flags"):
        if isinstance(response, Fetch) and response.uid and response.flags is not None:
            yield response.uid, response.flags
        else:
            talk.keep(response)


def fetch_summaries(talk: Talk, uids: Sequence[int]) -> Iterator[Summary]:
    """Summaries in batches of the order given; within a batch as the server likes."""
    commands = (
        b"UID FETCH %s %s" % (some.encode("ascii"), _FIELDS)
        for some in batches(uids, SUMMARIES_AT_ONCE)
    )
    for response in talk.stream(commands, doing="show the messages", depth=DEPTH):
        if not isinstance(response, Fetch) or not response.uid or not response.sections:
            talk.keep(response)
            continue
        yield Summary(
            response.uid,
            response.flags or frozenset(),
            response.size,
            parse_date(response.date),
            response.sections.get("BODY[HEADER.FIELDS]") or b"",
            attachments_hint(response.structure),
        )


def fetch_raw(talk: Talk, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Whole messages. Those that are gone by now do not come."""
    commands = (
        b"UID FETCH %s (UID BODY.PEEK[])" % some.encode("ascii")
        for some in batches(uids, BODIES_AT_ONCE)
    )
    for response in talk.stream(commands, doing="give the messages", depth=DEPTH):
        raw = response.sections.get("BODY[]") if isinstance(response, Fetch) else None
        if isinstance(response, Fetch) and response.uid and raw is not None:
            yield response.uid, raw
        else:
            talk.keep(response)


def parse_date(raw: bytes) -> float:
    """An INTERNALDATE as Unix time, 0.0 when it is none."""
    found = _DATE.fullmatch(raw)
    if found is None:
        return 0.0
    day, month, year, hour, minute, second, sign, east_h, east_min = found.groups()
    offset = timedelta(hours=int(east_h), minutes=int(east_min))
    try:
        zone = timezone(-offset if sign == b"-" else offset) if offset else UTC
        return datetime(
            int(year),
            _MONTHS.get(month.lower(), 0),
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),
            tzinfo=zone,
        ).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def format_date(when: float) -> bytes:
    """A Unix time as APPEND wants it, in UTC."""
    date = datetime.fromtimestamp(max(0.0, min(when, 4_102_444_800.0)), UTC)
    month = list(_MONTHS)[date.month - 1].decode("ascii").title()
    return f'"{date.day:2}-{month}-{date.year} {date:%H:%M:%S} +0000"'.encode("ascii")
