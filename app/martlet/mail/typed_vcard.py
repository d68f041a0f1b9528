"""vCards (RFC 6350; 3.0 and 2.1 too) pasted or dropped as recipients: a name and one address each.

Read as it goes, for an address book with its photos has many megabytes. What else a card says is
read by `mime.vcard`, for those that come by mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from quopri import decodestring

_BEGIN = re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE)
_FOLDED = re.compile(r"\r?\n[ \t]")
_SOFT = re.compile(r"=\r?\n")
_ESCAPED = re.compile(r"\\([\\,;:])|\\[nN]")
_PREFERRED = re.compile(r"PREF(?:=1)?\Z|TYPE=.*\bPREF\b")
# Where a line begins that says something here, or one that may hold line ends of its own; the
# first line of all only says that it is a card.
_LINE = re.compile(
    r"[\r\n](?:(?:[\w-]{1,64}\.)?(?P<kind>BEGIN|END|FN|N|EMAIL)[ \t]{0,8}(?=[;:])"
    r"|[\w.-]{1,64}+;[^\r\n:]{0,200}QUOTED-PRINTABLE)",
    re.IGNORECASE,
)
_REST = re.compile(r"[^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+")
_REST_QUOTED = re.compile(r"[^\r\n]*+(?:(?:(?<==)\r?\n|\r?\n[ \t])[^\r\n]*+)*+")
_HEAD = re.compile(r"[^:\r\n]{0,400}")
_LONGEST = 10_000  # characters of a name or address
_MOST = 500  # lines of a card; what follows counts as one more


def has_vcards(text: str) -> bool:
    """Whether it begins as a vCard does."""
    return bool(_BEGIN.match(text[:200].lstrip("\ufeff")))


def people_of(text: str) -> Iterator[tuple[str, str]]:
    """Name and address of each card: the preferred one, else the first; "" where it has none."""
    name = parts = ""
    mails: list[tuple[bool, str]] = []
    lines = 0
    for kind, said, value in _lines(text):
        lines += 1
        if kind == "FN":
            name = value
        elif kind == "N":
            family, _, given = value.partition(";")
            parts = " ".join(filter(None, (given.partition(";")[0].strip(), family.strip())))
        elif kind == "EMAIL" and value.strip():
            liked = any(_PREFERRED.match(param) for param in said)
            mails.append((liked, value.strip()))
        if kind in ("BEGIN", "END") or lines >= _MOST:
            yield from _one(name or parts, mails)
            name, parts, mails, lines = "", "", [], 0
    yield from _one(name or parts, mails)


def _lines(text: str) -> Iterator[tuple[str, set[str], str]]:
    """Kind, parameters in capitals, and value of each line that says something here."""
    place = 0
    while found := _LINE.search(text, place):
        head = _HEAD.match(text, found.end())
        quoted = "QUOTED-PRINTABLE" in f"{found[0]}{head[0] if head else ''}".upper()
        rest = (_REST_QUOTED if quoted else _REST).match(text, found.end())
        place = rest.end() if rest else found.end()
        kind = (found["kind"] or "").upper()
        if not kind:
            continue
        line = text[found.end() : min(place, found.end() + _LONGEST)]
        line = _FOLDED.sub("", _SOFT.sub("", line) if quoted else line)
        params, colon, value = line.partition(":")
        if colon:
            said = {param.strip().upper() for param in params.split(";")}
            yield kind, said, _read(value, said) if kind in ("FN", "N", "EMAIL") else value


def _one(name: str, mails: list[tuple[bool, str]]) -> Iterator[tuple[str, str]]:
    if name or mails:
        first = mails[0][1] if mails else ""
        yield name, next((each for liked, each in mails if liked), first)


def _read(value: str, said: set[str]) -> str:
    if said & {"ENCODING=QUOTED-PRINTABLE", "QUOTED-PRINTABLE"}:
        value = decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return _ESCAPED.sub(lambda found: found[1] or " ", value)
