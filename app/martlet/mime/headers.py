"""Header fields: cutting the block apart, reading what an envelope is made of. Never raises."""

from __future__ import annotations

import re
from itertools import islice

from martlet.mail.message import Address, Envelope
from martlet.mime.addresses import MAX_PEOPLE, parse_addresses
from martlet.mime.dates import parse_date
from martlet.mime.words import decode_text

# Lines that are no field are passed over: one bad line must not hide the rest.
_FIELD = re.compile(
    rb"^([!-9;-~]{1,200})[ \t]*+:[ \t]*+([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+|\r(?!\n)[^\r\n]*+)*+)",
    re.MULTILINE,
)
_BLANK = re.compile(rb"\n\r?\r?\n|\A\r?\n")
_ONE_ID = re.compile(rb"<[!-;=?-~]{1,996}>")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_BROKEN_ID = re.compile(r"<([^<>]*)>")
# Of one field, of all fields together, and of the block they are looked for in.
MAX_FIELD = 1 << 20
MAX_BLOCK = 2 << 20
MAX_LOOK = 64 << 20
MAX_FIELDS = 10_000
_MAX_NEEDED = 65536
_MAX_REFERENCES = 200
_MAX_SUBJECT = 10_000
# Without these a message cannot be read; they are looked for wherever they stand.
_NEEDED = re.compile(
    rb"\n((?i:from|to|cc|subject|date|message-id|mime-version|content-(?:type|transfer-encoding"
    rb"|disposition|id)))[ \t]*+:[ \t]*+([^\r\n]*+(?:\r?\n[ \t][^\r\n]*+)*+)"
)
_TOO_MANY = "The header has too many fields; some of them are not read."
_TOO_LONG = "The field {} is too long; only its beginning is read."


class Headers:
    """The fields of one header block, in order. Names are compared without regard to case.

    charset: what a person says raw 8-bit text in them is in, or "". left_out: what was not read;
    sentences, English.
    """

    __slots__ = ("_by_name", "_items", "charset", "left_out")

    def __init__(
        self, items: list[tuple[str, bytes]], charset: str = "", left_out: tuple[str, ...] = ()
    ) -> None:
        self._items = items
        self.charset = charset
        self.left_out = left_out
        by_name: dict[str, list[bytes]] = {}
        for name, value in items:
            by_name.setdefault(name.lower(), []).append(value)
        self._by_name = by_name

    def get(self, name: str) -> bytes:
        """The first field of this name, folded as it stood; b"" if there is none."""
        found = self._by_name.get(name.lower())
        return found[0] if found else b""

    def get_all(self, name: str) -> list[bytes]:
        return list(self._by_name.get(name.lower(), ()))

    def items(self) -> list[tuple[str, bytes]]:
        return list(self._items)

    def decoded(self) -> tuple[tuple[str, str], ...]:
        """Every field as text on one line, in order."""
        return tuple((name, decode_text(value, self.charset)) for name, value in self._items)


def parse_headers(raw: bytes, charset: str = "") -> Headers:
    """The fields at the beginning of raw, up to the first empty line (RFC 5322, 2.2)."""
    match = _BLANK.search(raw, 0, min(len(raw), MAX_LOOK))
    return fields(raw[: match.start() + 1 if match else MAX_LOOK], charset)


def fields(block: bytes, charset: str = "") -> Headers:
    """The fields of a header block that has been cut out already."""
    items: list[tuple[str, bytes]] = []
    if len(block) > MAX_FIELD:
        return _bounded(block, charset)
    for match in _FIELD.finditer(block):
        items.append((match[1].decode("ascii"), match[2].strip()))
        if len(items) >= MAX_FIELDS:
            return _bounded(block, charset)
    return Headers(items, charset)


def _bounded(block: bytes, charset: str) -> Headers:
    """The same for a block of a size that nobody writes in earnest."""
    items: list[tuple[str, bytes]] = []
    left_out: dict[str, None] = {}
    room = MAX_BLOCK
    last = 0
    for match in _FIELD.finditer(block):
        start, end = match.span(2)
        if len(items) >= MAX_FIELDS or min(end - start, MAX_FIELD) > room:
            left_out[_TOO_MANY] = None
            break
        name = match[1].decode("ascii")
        if end - start > MAX_FIELD:
            left_out[_TOO_LONG.format(name)] = None
        items.append((name, block[start : min(end, start + MAX_FIELD)].strip()))
        room -= len(items[-1][1])
        last = end
    if _TOO_MANY in left_out:
        seen = {name.lower() for name, _ in items}
        for match in _NEEDED.finditer(block, last):
            name = match[1].decode("ascii")
            if name.lower() not in seen:
                seen.add(name.lower())
                start, end = match.span(2)
                items.append((name, block[start : min(end, start + _MAX_NEEDED)].strip()))
    return Headers(items, charset, tuple(left_out))


def parse_message_ids(raw: bytes) -> tuple[str, ...]:
    """The Message-IDs of a Message-ID, In-Reply-To or References field, with angle brackets."""
    if not raw:
        return ()
    if _ONE_ID.fullmatch(raw):
        return (raw.decode("ascii"),)
    text = raw[:MAX_FIELD].decode("ascii", "replace")
    found = _MESSAGE_ID.findall(text)
    if not found:
        found = [f"<{''.join(part.split())}>" for part in _BROKEN_ID.findall(text) if part.strip()]
    if not found:
        # Some write it bare
        found = [f"<{word}>" for word in text.split() if "@" in word and not {*'<>"'} & {*word}]
    found = [mid for mid in found if len(mid) <= 998]
    if len(found) > _MAX_REFERENCES:
        found = found[:1] + found[1 - _MAX_REFERENCES :]
    return tuple(found)


def envelope(headers: Headers) -> Envelope:
    """What the store keeps of a message's head."""
    charset = headers.charset

    def people(name: str) -> tuple[Address, ...]:
        raws = headers.get_all(name)
        if len(raws) == 1:
            return parse_addresses(raws[0], charset)
        found = (a for raw in raws for a in parse_addresses(raw, charset))
        return tuple(islice(found, MAX_PEOPLE)) if raws else ()

    # A second From is not shown: the first is what servers check
    from_ = parse_addresses(headers.get("from"), charset)
    from_ = from_ or parse_addresses(headers.get("sender"), charset)
    message_ids = parse_message_ids(headers.get("message-id"))
    in_reply_to = parse_message_ids(headers.get("in-reply-to"))
    date = headers.get("date")
    return Envelope(
        subject=decode_text(headers.get("subject"), charset)[:_MAX_SUBJECT],
        sender=from_[0] if from_ else Address("", ""),
        to=people("to"),
        cc=people("cc"),
        bcc=people("bcc"),
        reply_to=people("reply-to"),
        date=parse_date(date) if date else None,
        message_id=message_ids[0] if message_ids else "",
        in_reply_to=in_reply_to[0] if in_reply_to else "",
        references=parse_message_ids(headers.get("references")),
    )
