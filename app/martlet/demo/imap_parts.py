"""The MIME tree of a letter as IMAP counts it: sections, BODYSTRUCTURE, ENVELOPE (RFC 9051, 7.5.2).

Splits the bytes itself so that every section is exact; header values are read by `email`. It is no
model of our own parser and shares nothing with it, so each can show what the other gets wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses

from martlet.demo.imap_words import parenthesised, string

DEPTH_LIMIT = 20


@dataclass(slots=True)
class Part:
    """header: with its closing empty line. body: undecoded. inner: of a message/rfc822."""

    header: bytes
    body: bytes
    parsed: Message
    children: list[Part] = field(default_factory=list)
    inner: Part | None = None


def split(raw: bytes, depth: int = 0) -> Part:
    """The tree of a message or part."""
    if raw.startswith(b"\r\n"):
        header, body = b"\r\n", raw[2:]
    else:
        header, gap, body = raw.partition(b"\r\n\r\n")
        header += gap
    parsed = message_from_bytes(header)
    part = Part(header, body, parsed)
    if depth >= DEPTH_LIMIT:
        return part
    boundary = parsed.get_boundary()
    if parsed.get_content_maintype() == "multipart" and boundary:
        part.children = [split(piece, depth + 1) for piece in _pieces(body, boundary)]
    elif parsed.get_content_type() == "message/rfc822":
        part.inner = split(body, depth + 1)
    return part


def _pieces(body: bytes, boundary: str) -> list[bytes]:
    mark = re.escape(boundary.encode("ascii", "replace"))
    found = re.split(rb"(?:\A|\r\n)--" + mark + rb"(--)?[ \t]*(?=\r\n|\Z)", body)
    pieces = []
    for closing, text in zip(found[1::2], found[2::2], strict=True):
        if closing:
            break
        pieces.append(text.removeprefix(b"\r\n"))
    return pieces


def find(part: Part, numbers: list[int]) -> Part | None:
    """The part at a path like [1, 2]; 1 of a single part is the part itself."""
    for number in numbers:
        node = part.inner if part.inner is not None else part
        if node.children:
            if not 1 <= number <= len(node.children):
                return None
            part = node.children[number - 1]
        elif number == 1:
            part = node
        else:
            return None
    return part


def section(root: Part, raw: bytes, name: str) -> bytes | None:
    """The bytes of BODY[name] (RFC 9051, 6.4.5.1), or None where there is no such part."""
    digits = re.match(r"(?:\d+\.?)*", name)
    path = digits[0] if digits else ""
    text = name[len(path) :]
    numbers = [int(number) for number in path.split(".") if number]
    part = find(root, numbers)
    if part is None:
        return None
    what = text.upper()
    if what == "":
        return part.body if numbers else raw
    if what == "MIME":
        return part.header
    message = part.inner or part if numbers else part
    if what == "HEADER":
        return message.header
    if what == "TEXT":
        return message.body
    if what.startswith("HEADER.FIELDS"):
        names = {n.strip('"').lower() for n in text[text.find("(") + 1 : text.rfind(")")].split()}
        return _fields(message.header, names, without=what.startswith("HEADER.FIELDS.NOT"))
    return None


def _fields(header: bytes, names: set[str], *, without: bool) -> bytes:
    kept = b""
    for field_ in re.findall(rb"[^\r\n][^\n]*\n(?:[ \t][^\n]*\n)*", header):
        name = field_.partition(b":")[0].strip().decode("latin-1").lower()
        if (name in names) != without:
            kept += field_
    return kept + b"\r\n"


def _raw(value: object) -> bytes | None:
    if value is None:
        return None
    text = re.sub(r"\r?\n[ \t]*", " ", str(value)).strip()
    return text.encode("utf-8", "surrogateescape")


def envelope(part: Part) -> bytes:
    """ENVELOPE of a message."""
    get = part.parsed.get
    sender = _addresses(get("From"))
    return parenthesised(
        [
            string(_raw(get("Date"))),
            string(_raw(get("Subject"))),
            sender,
            _addresses(get("Sender")) if get("Sender") else sender,
            _addresses(get("Reply-To")) if get("Reply-To") else sender,
            _addresses(get("To")),
            _addresses(get("Cc")),
            _addresses(get("Bcc")),
            string(_raw(get("In-Reply-To"))),
            string(_raw(get("Message-ID"))),
        ]
    )


def _addresses(value: object) -> bytes:
    raw = _raw(value)
    found = getaddresses([raw.decode("utf-8", "surrogateescape")]) if raw else []
    items = []
    for name, address in found:
        local, _, domain = address.rpartition("@")
        items.append(
            parenthesised(
                [string(_raw(name or None)), b"NIL", string(_raw(local)), string(_raw(domain))]
            )
        )
    return b"(" + b"".join(items) + b")" if items else b"NIL"


def structure(part: Part, *, extended: bool) -> bytes:
    """BODYSTRUCTURE, or BODY when not `extended`."""
    parsed = part.parsed
    kind, subtype = parsed.get_content_type().upper().encode("ascii", "replace").split(b"/", 1)
    if part.children:
        words = [b"".join(structure(child, extended=extended) for child in part.children)]
        words.append(string(subtype))
        if extended:
            words += [_parameters(parsed, "Content-Type"), b"NIL", b"NIL", b"NIL"]
        return parenthesised(words)
    words = [
        string(kind),
        string(subtype),
        _parameters(parsed, "Content-Type"),
        string(_raw(parsed.get("Content-ID"))),
        string(_raw(parsed.get("Content-Description"))),
        string((_raw(parsed.get("Content-Transfer-Encoding")) or b"7bit").upper()),
        b"%d" % len(part.body),
    ]
    if part.inner is not None:
        words += [envelope(part.inner), structure(part.inner, extended=extended)]
    if kind == b"TEXT" or part.inner is not None:
        words.append(b"%d" % part.body.count(b"\n"))
    if extended:
        disposition = parsed.get_content_disposition()
        shown = b"NIL"
        if disposition:
            shown = parenthesised(
                [string(disposition.upper().encode()), _parameters(parsed, "Content-Disposition")]
            )
        words += [b"NIL", shown, b"NIL", b"NIL"]
    return parenthesised(words)


def _parameters(parsed: Message, header: str) -> bytes:
    value = parsed.get(header)
    if value is None:
        return b'("CHARSET" "US-ASCII")' if header == "Content-Type" else b"NIL"
    pairs = re.findall(r';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', str(value))
    if not pairs:
        return b"NIL"
    words = []
    for name, quoted, plain in pairs:
        words += [string(_raw(name)), string(_raw(re.sub(r"\\(.)", r"\1", quoted) or plain))]
    return parenthesised(words)
