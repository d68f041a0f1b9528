"""vCards (RFC 6350; 3.0 and 2.1 too) pasted or dropped as recipients: a name and one address each.

What else a card says is read by `mime.vcard`, for those that come by mail.
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
_MOST = 10_000_000  # characters; more is no card of anybody


def has_vcards(text: str) -> bool:
    """Whether it begins as a vCard does."""
    return bool(_BEGIN.match(text[:200].lstrip("\ufeff")))


def people_of(text: str) -> Iterator[tuple[str, str]]:
    """Name and address of each card: the preferred one, else the first; "" where it has none."""
    name = parts = ""
    mails: list[tuple[bool, str]] = []
    text = _FOLDED.sub("", _SOFT.sub("", text[:_MOST]))
    for line in text.splitlines():
        head, colon, value = line.partition(":")
        first, *params = head.split(";")
        kind = first.rpartition(".")[2].strip().upper()
        said = {param.strip().upper() for param in params}
        if not colon:
            continue
        if kind in ("FN", "N", "EMAIL"):
            value = _read(value, said)
        if kind == "FN":
            name = value
        elif kind == "N":
            family, _, given = value.partition(";")
            parts = " ".join(filter(None, (given.partition(";")[0].strip(), family.strip())))
        elif kind == "EMAIL" and value.strip():
            liked = any(_PREFERRED.match(param) for param in said)
            mails.append((liked, value.strip()))
        elif kind in ("BEGIN", "END"):
            yield from _one(name or parts, mails)
            name, parts, mails = "", "", []
    yield from _one(name or parts, mails)


def _one(name: str, mails: list[tuple[bool, str]]) -> Iterator[tuple[str, str]]:
    if name or mails:
        first = mails[0][1] if mails else ""
        yield name, next((each for liked, each in mails if liked), first)


def _read(value: str, said: set[str]) -> str:
    if said & {"ENCODING=QUOTED-PRINTABLE", "QUOTED-PRINTABLE"}:
        value = decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return _ESCAPED.sub(lambda found: found[1] or " ", value)
