"""Fetching many from the selected folder: flags, summaries and whole messages, pipelined.

ENVELOPE is never asked for: header fields are as quick for a server, smaller to read, and `mime`
reads them better than servers do (74 against 10 thousand a second, decisions/0002).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from martlet.mail.errors import BadServer
from martlet.net.imap_cursor import Value
from martlet.net.imap_folders import object_id
from martlet.net.imap_names import decode
from martlet.net.imap_sets import batches
from martlet.net.imap_structure import attachments_hint
from martlet.net.imap_talk import Talk
from martlet.net.imap_wire import Fetch
from martlet.net.words import server_words

SUMMARIES_AT_ONCE = 250
BODIES_AT_ONCE = 10
DEPTH = 4
UID_LIMIT = 0xFFFFFFFF
PREVIEW_LIMIT = 256
_FIELDS = (
    b"UID FLAGS RFC822.SIZE INTERNALDATE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (SUBJECT FROM "
    b"SENDER TO CC BCC REPLY-TO DATE MESSAGE-ID IN-REPLY-TO REFERENCES CONTENT-TYPE)]"
)
_DATE = re.compile(
    rb" *(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)", re.IGNORECASE
)
_EPOCH = date(1970, 1, 1).toordinal()
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
    email_id, thread_id: of OBJECTID (RFC 8474) or Gmail, labels: of Gmail, preview: RFC 8970;
    empty where the server has none.
    """

    uid: int
    flags: frozenset[str]
    size: int
    received: float
    header: bytes
    attachments_hint: int
    email_id: str = ""
    thread_id: str = ""
    labels: tuple[str, ...] = ()
    preview: str = ""


def fetch_flags(
    talk: Talk, uids: str, changed_since: int | None
) -> Iterator[tuple[int, frozenset[str]]]:
    """UID and flags of each; with changed_since (CONDSTORE) of those changed after it only."""
    command = b"UID FETCH %s (UID FLAGS)" % uids.encode("ascii")
    if changed_since is not None:
        command += b" (CHANGEDSINCE %d)" % changed_since
    told = nameless = 0
    for response in talk.stream([command], doing="tell the flags"):
        if not isinstance(response, Fetch) or response.flags is None:
            talk.keep(response)
        elif 0 < response.uid <= UID_LIMIT:
            told += 1
            yield response.uid, response.flags
        else:
            # News of one message may come without its UID, answers may not.
            nameless += 1
            talk.keep(response)
    # "*" is the last message, whichever that is: somebody must have been named.
    if nameless and not told and changed_since is None and uids.endswith("*"):
        raise BadServer("The server does not say which message it is speaking of.")


def fetch_summaries(talk: Talk, uids: Iterable[int], *, preview: bool) -> Iterator[Summary]:
    """Summaries in batches of the order given; within a batch as the server likes.

    Each that was asked for comes at most once, and no other.
    """
    items = _items(talk.capabilities, preview)
    asked: set[int] = set()

    def asking() -> Iterator[int]:
        for uid in uids:
            asked.add(uid)
            yield uid

    commands = (
        b"UID FETCH %s (%s)" % (some.encode("ascii"), items)
        for some in batches(asking(), SUMMARIES_AT_ONCE)
    )
    for summary in _summaries(talk, commands, 1):
        if summary.uid in asked:
            asked.discard(summary.uid)
            yield summary


def fetch_new(talk: Talk, first_uid: int) -> Iterator[Summary]:
    """Summaries of all from this UID on, in one command.

    "n:*" names the last message also where its UID is below n (RFC 9051, 9); that one is dropped.
    """
    items = _items(talk.capabilities, False)
    first = max(1, first_uid)
    return _summaries(talk, [b"UID FETCH %d:* (%s)" % (first, items)], first)


def fetch_raw(talk: Talk, uids: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Whole messages. Those that are gone by now do not come."""
    commands = (
        b"UID FETCH %s (UID BODY.PEEK[])" % some.encode("ascii")
        for some in batches(uids, BODIES_AT_ONCE)
    )
    for response in talk.stream(commands, doing="give the messages", depth=DEPTH):
        raw = response.sections.get("BODY[]") if isinstance(response, Fetch) else None
        if isinstance(response, Fetch) and raw is not None:
            yield named(response), raw
        else:
            talk.keep(response)


def named(response: Fetch) -> int:
    """The UID of an answer that says something of a message. BadServer when it has none."""
    if not 0 < response.uid <= UID_LIMIT:
        raise BadServer(
            "The server does not say which message it is speaking of.", f"UID {response.uid}"
        )
    return response.uid


def _items(capabilities: frozenset[str], preview: bool) -> bytes:
    items = _FIELDS
    if "OBJECTID" in capabilities:
        items += b" EMAILID THREADID"
    if "X-GM-EXT-1" in capabilities:
        items += b" X-GM-MSGID X-GM-THRID X-GM-LABELS"
    if preview and "PREVIEW" in capabilities:
        items += b" PREVIEW"
    elif preview and "PREVIEW=FUZZY" in capabilities:  # the draft of RFC 8970, Dovecot 2.3
        items += b" PREVIEW (FUZZY)"
    return items


def _summaries(talk: Talk, commands: Iterable[bytes], first: int) -> Iterator[Summary]:
    seen: set[int] = set()
    for response in talk.stream(commands, doing="show the messages", depth=DEPTH):
        if not isinstance(response, Fetch) or not response.sections:
            talk.keep(response)
            continue
        uid = named(response)
        if uid < first or uid in seen:
            continue
        seen.add(uid)
        other = response.other
        yield Summary(
            uid,
            response.flags or frozenset(),
            response.size,
            parse_date(response.date),
            response.sections.get("BODY[HEADER.FIELDS]") or b"",
            attachments_hint(response.structure),
            *(_extras(other) if other else ()),
        )


def _extras(other: dict[str, Value]) -> tuple[str, str, tuple[str, ...], str]:
    """Ids, labels and preview."""
    labels = other.get("X-GM-LABELS")
    preview = other.get("PREVIEW")
    if isinstance(preview, list):  # (FUZZY "text")
        preview = preview[-1] if preview else None
    return (
        object_id(other.get("EMAILID") or other.get("X-GM-MSGID")),
        object_id(other.get("THREADID") or other.get("X-GM-THRID")),
        tuple(decode(label) for label in labels if isinstance(label, bytes))
        if isinstance(labels, list)
        else (),
        server_words(preview, PREVIEW_LIMIT) if isinstance(preview, bytes) else "",
    )


def parse_date(raw: bytes) -> float:
    """An INTERNALDATE as Unix time, 0.0 when it is none."""
    found = _DATE.fullmatch(raw)
    if found is None:
        return 0.0
    day, month, year, hour, minute, second, sign, east_h, east_min = found.groups()
    try:
        days = date(int(year), _MONTHS.get(month.lower(), 0), int(day)).toordinal() - _EPOCH
    except ValueError:
        return 0.0
    east_s = (int(east_h) * 60 + int(east_min)) * 60
    if int(hour) > 23 or int(minute) > 59 or east_s >= 86_400:
        return 0.0
    moment = days * 86_400 + (int(hour) * 60 + int(minute)) * 60 + min(int(second), 59)
    return float(moment + east_s if sign == b"-" else moment - east_s)


def format_date(when: float) -> bytes:
    """A Unix time as APPEND wants it, in UTC."""
    moment = datetime.fromtimestamp(max(0.0, min(when, 4_102_444_800.0)), UTC)
    month = list(_MONTHS)[moment.month - 1].decode("ascii").title()
    return f'"{moment.day:2}-{month}-{moment.year} {moment:%H:%M:%S} +0000"'.encode("ascii")
