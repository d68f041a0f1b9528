"""FETCH of the demo's IMAP host: the items asked for, and their values (RFC 9051, 6.4.5)."""

from __future__ import annotations

import re
from datetime import datetime

from martlet.demo.imap_parts import envelope, section, split, structure
from martlet.demo.imap_words import BadCommand, Token, parenthesised, words
from martlet.demo.mailbox import Letter

_MACROS = {
    b"FAST": [b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE"],
    b"ALL": [b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE", b"ENVELOPE"],
    b"FULL": [b"FLAGS", b"INTERNALDATE", b"RFC822.SIZE", b"ENVELOPE", b"BODY"],
}
_OLD = {
    b"RFC822": b"BODY[]",
    b"RFC822.HEADER": b"BODY.PEEK[HEADER]",
    b"RFC822.TEXT": b"BODY[TEXT]",
}
_PLAIN = {
    b"UID",
    b"FLAGS",
    b"INTERNALDATE",
    b"RFC822.SIZE",
    b"ENVELOPE",
    b"BODY",
    b"BODYSTRUCTURE",
    *_OLD,
}
_SECTION = re.compile(rb"BODY(\.PEEK)?\[(.*)\](?:<(\d+)\.(\d+)>)?", re.DOTALL | re.IGNORECASE)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def wanted(token: Token, *, by_uid: bool) -> list[bytes]:
    """The items of a FETCH. Raises BadCommand for one that is not known."""
    items: list[bytes] = []
    for item in words(token):
        items += _MACROS.get(item.upper(), [item])
    for item in items:
        if item.upper() not in _PLAIN and not _SECTION.fullmatch(item):
            raise BadCommand("unknown FETCH item")
    if by_uid and b"UID" not in [item.upper() for item in items]:
        items.insert(0, b"UID")
    return items


def marks_seen(items: list[bytes]) -> bool:
    """Whether fetching these sets \\Seen."""
    sections = [_SECTION.fullmatch(_OLD.get(item.upper(), item)) for item in items]
    return any(found is not None and not found[1] for found in sections)


def values(letter: Letter, items: list[bytes]) -> bytes:
    """The parenthesised answer for one letter."""
    root = split(letter.raw)
    parts: list[bytes] = []
    for item in items:
        name = item.upper()
        if name == b"UID":
            parts.append(b"UID %d" % letter.uid)
        elif name == b"FLAGS":
            parts.append(b"FLAGS " + flag_list(letter.flags))
        elif name == b"INTERNALDATE":
            parts.append(b"INTERNALDATE " + internal_date(letter.received))
        elif name == b"RFC822.SIZE":
            parts.append(b"RFC822.SIZE %d" % len(letter.raw))
        elif name == b"ENVELOPE":
            parts.append(b"ENVELOPE " + envelope(root))
        elif name in (b"BODY", b"BODYSTRUCTURE"):
            parts.append(name + b" " + structure(root, extended=name != b"BODY"))
        else:
            found = _SECTION.fullmatch(_OLD.get(name, item))
            if found is None:
                raise BadCommand("unknown FETCH item")
            value = section(root, letter.raw, found[2].decode("utf-8", "replace"))
            label = name if name in _OLD else b"BODY[" + found[2].upper() + b"]"
            if found[3] is not None:
                start, count = int(found[3]), int(found[4])
                label += b"<%d>" % start
                value = None if value is None else value[start : start + count]
            # always a literal, as most servers do: what a body holds is nobody's business here
            shown = b"NIL" if value is None else b"{%d}\r\n%b" % (len(value), value)
            parts.append(label + b" " + shown)
    return parenthesised(parts)


def flag_list(flags: frozenset[str]) -> bytes:
    return parenthesised(flag.encode("ascii") for flag in sorted(flags))


def internal_date(moment: datetime) -> bytes:
    """date-time of RFC 9051, 9, quoted; never in the process's locale."""
    month = _MONTHS[moment.month - 1]
    text = f"{moment.day:2d}-{month}-{moment:%Y %H:%M:%S} {moment:%z}"
    return b'"' + text.encode("ascii") + b'"'


def read_date(text: bytes) -> datetime:
    """The other way round, for APPEND. Raises BadCommand."""
    found = re.fullmatch(rb" ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d [+-]\d{4})", text, re.ASCII)
    if found is None or (month := found[2].decode().title()) not in _MONTHS:
        raise BadCommand("not a date")
    numbers = (
        f"{found[1].decode()} {_MONTHS.index(month) + 1} {found[3].decode()} {found[4].decode()}"
    )
    try:
        return datetime.strptime(numbers, "%d %m %Y %H:%M:%S %z")
    except ValueError as error:
        raise BadCommand("not a date") from error
