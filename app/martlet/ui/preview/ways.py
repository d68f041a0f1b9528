"""In which way an attachment is looked at, by what is known of it. Pure."""

from __future__ import annotations

from enum import Enum

from martlet.mail.file_risk import FileFacts, ending_of
from martlet.mail.file_types import PAGES, SCRIPTS, Kind
from martlet.mail.message import Attachment

_MESSAGES = ("message/rfc822", "message/global")
# Bytes of an unknown file that are fetched only to see what it is.
_WORTH_A_LOOK = 12_000_000


class Way(Enum):
    """SNIFF: its bytes will tell. NONE: its facts are all there is."""

    PICTURE = "picture"
    PAGES = "pages"
    TEXT = "text"
    MESSAGE = "message"
    SNIFF = "sniff"
    NONE = "none"


def way_of(attachment: Attachment, facts: FileFacts, data: bytes | None = None) -> Way:
    """data: its bytes, once they are known; before that the answer is a guess."""
    if attachment.content_type.lower() in _MESSAGES:
        return Way.MESSAGE
    ending = ending_of(attachment.filename)
    # Scripts and pages are looked at as what they are written as, never as what they do.
    if facts.kind is Kind.TEXT or ending in SCRIPTS or ending in PAGES:
        return Way.TEXT if data is None or _is_text(data) else Way.NONE
    if facts.kind in (Kind.CALENDAR, Kind.CONTACT):
        return Way.TEXT
    if facts.kind is Kind.MESSAGE and ending == "eml":
        return Way.TEXT
    if facts.kind is Kind.PICTURE:
        return Way.PICTURE
    if facts.kind is Kind.PDF:
        return Way.PAGES
    if facts.kind is Kind.OTHER and attachment.here and attachment.size <= _WORTH_A_LOOK:
        if data is None:
            return Way.SNIFF
        return Way.TEXT if data and _is_text(data) else Way.NONE
    return Way.NONE


def _is_text(data: bytes) -> bool:
    """No byte that a text does not have; two-byte Unicode has NULs and says so at its start."""
    start = data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    control = sum(byte < 9 or 13 < byte < 27 for byte in start)
    return b"\0" not in start and control * 50 <= len(start)
