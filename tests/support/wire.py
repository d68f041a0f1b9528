"""What no server, gateway or reader may stumble on in the bytes of a message that goes out."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter

_WORD = re.compile(rb"=\?([^?\s]*)\?([bBqQ])\?([^?\s]*)\?=")
_FIELD = re.compile(rb"([!-9;-~]+):(.*)\Z", re.DOTALL)
_ONCE = (
    "date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to",
    "references", "subject", "mime-version", "content-type", "content-transfer-encoding",
)  # fmt: skip
_NEEDED = ("date", "from", "message-id", "mime-version", "content-type")
_DATE = re.compile(
    rb" (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\Z"
)


def faults(raw: bytes) -> list[str]:
    """Every fault in it, in words; none for a message that is fit (RFC 5322, 2045, 2047)."""
    found: list[str] = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        found.append("a line end that is not CRLF")
    if re.search(rb"[\x00\x80-\xff]", raw):
        found.append("a byte that is not 7-bit")
    longest = max(map(len, raw.split(b"\r\n")))
    if longest > 998:
        found.append(f"a line of {longest}")
    head, mark, _body = raw.partition(b"\r\n\r\n")
    if not mark:
        found.append("no end of the header")
    return found + _of_head(head)


def _of_head(head: bytes) -> list[str]:
    found: list[str] = []
    names: Counter[str] = Counter()
    for field in re.split(rb"\r\n(?![ \t])", head):
        match = _FIELD.match(field)
        if match is None:
            found.append(f"no field: {field[:60]!r}")
            continue
        name = match[1].decode("ascii").lower()
        names[name] += 1
        if name == "date" and not _DATE.match(match[2]):
            found.append(f"a date as {match[2]!r}")
        if name in ("message-id", "in-reply-to") and not re.fullmatch(
            rb"\s*<[^<>@\s]+@[^<>@\s]+>", match[2]
        ):
            found.append(f"{name} as {match[2][:80]!r}")
        for line in field.split(b"\r\n"):
            found += _of_line(line)
        found += _of_words(field)
    found += [f"{name} {names[name]} times" for name in _ONCE if names[name] > 1]
    found += [f"no {name}" for name in _NEEDED if not names[name]]
    found += [f"our own {name}" for name in names if name.startswith("x-martlet")]
    return found


def _of_line(line: bytes) -> list[str]:
    if not line.strip():
        return ["a folded line of white space"]
    # What has no place to fold may be longer: one address, one Message-ID.
    tokens = line.removeprefix(b" ").split(b" ")
    if len(line) > 78 and len(tokens) > 2:
        return [f"a header line of {len(line)}: {line[:90]!r}"]
    if len(line) > 76 and _WORD.search(line):
        return [f"encoded words in a line of {len(line)}"]
    return []


def _of_words(field: bytes) -> list[str]:
    found: list[str] = []
    for match in _WORD.finditer(field):
        if len(match[0]) > 75:
            found.append(f"an encoded word of {len(match[0])}")
        try:
            if match[2] in b"bB":
                raw = base64.b64decode(match[3], validate=True)
            else:
                raw = binascii.a2b_qp(match[3], header=True)
            raw.decode(match[1].decode("ascii"))
        except (ValueError, LookupError) as error:
            found.append(f"an encoded word that is none: {match[0]!r}: {error}")
        before = field[match.start() - 1 : match.start()]
        after = field[match.end() : match.end() + 1]
        if before not in (b" ", b"\t", b"(") or after not in (b" ", b"", b"\r", b")", b",", b"@"):
            found.append(f"an encoded word with {before!r} and {after!r} beside it")
    return found
