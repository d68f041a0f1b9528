"""What a DKIM signature says and which bytes it is over (RFC 6376; RFC 8463). Asks nobody and
reckons nothing: keys and DNS are others' business. Linear in time on any bytes."""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from martlet.mail import host_name
from martlet.mail.registrable import below
from martlet.mail.sender_facts import SignatureFault

RSA, ED25519 = "rsa-sha256", "ed25519-sha256"
_MOST_FIELDS = 2000
_MOST_BLOCK = 1 << 20
_MOST_SIGNATURES = 10
_MOST_TAGS = 40_000
_MOST_SIGNED = 500
_EDGE = re.compile(rb"\r\n\r\n|\A\r\n")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_START = re.compile(rb"(?<=\r\n)(?=[^ \t])")
_BARE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_SPACES = re.compile(rb"[ \t]+")
_FOLDS = re.compile(rb"[ \t\r\n]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\Z"
)
_VALUE_OF_B = re.compile(rb"((?:\A|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")
_ONCE = (
    "subject", "date", "to", "cc", "reply-to", "sender", "content-type",
    "content-transfer-encoding",
)  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature field. fault: why it is worth nothing, whatever its key says.

    domain: d=, ASCII, small. key_name: where its key is. signed: what the signature is over, ready
    to be verified. body_fits: whether the text is as it was signed. length: of l=, None for all of
    the text. expires: x=, Unix seconds, 0 for never. for_host: of i=, d= if it says nothing.
    """

    domain: str
    fault: SignatureFault | None = None
    key_name: str = ""
    algorithm: str = ""
    value: bytes = b""
    signed: bytes = b""
    body_fits: bool = False
    length: int | None = None
    expires: int = 0
    for_host: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key record (RFC 6376, 3.6.1). data: b"" for one withdrawn. strict: only for d= itself."""

    kind: str
    data: bytes
    strict: bool = False


def signatures(raw: bytes) -> tuple[Signature, ...]:
    """All signatures of a message, topmost first; up to 10."""
    fields, body, sound = _taken_apart(raw)
    hashed = _Hashes(body)
    found: list[Signature] = []
    for place, (name, _) in enumerate(fields):
        if name.lower() == b"dkim-signature":
            one = _signature(fields, place, hashed)
            found.append(one if sound else Signature(one.domain, SignatureFault.WRITTEN_WRONG))
            if len(found) == _MOST_SIGNATURES:
                break
    return tuple(found)


def key_of(record: bytes) -> Key | None:
    """The key of a TXT record, None if it is none that mail may be verified with."""
    tags = tag_list(record)
    if tags is None or tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return None
    services = tags.get("s", "*").replace(" ", "").split(":")
    hashes = tags.get("h", "sha256").replace(" ", "").lower().split(":")
    if not {"*", "email"} & set(services) or "sha256" not in hashes:
        return None
    data = _base64(tags["p"])
    flags = tags.get("t", "").replace(" ", "").lower().split(":")
    return None if data is None else Key(tags.get("k", "rsa").lower(), data, "s" in flags)


def tag_list(raw: bytes) -> dict[str, str] | None:
    """tag=value pairs (RFC 6376, 3.2), white space around and folds taken off; None if it is no
    such list, or names a tag twice."""
    tags: dict[str, str] = {}
    if len(raw) > _MOST_TAGS:
        return None
    for piece in raw.decode("utf-8", "replace").split(";"):
        name, equals, text = piece.partition("=")
        name = name.strip()
        if not name and not equals:
            continue
        if not equals or not _NAME.match(name) or name in tags:
            return None
        tags[name] = " ".join(text.split())
    return tags


def _taken_apart(raw: bytes) -> tuple[list[tuple[bytes, bytes]], bytes, bool]:
    """The fields with what stands behind the colon, line ends and all; the body; whether readers
    agree on where they end. With a line end of its own in a field that is not signed, a forger
    would have us show a header and a text of his.
    """
    head = raw[:_MOST_BLOCK]
    if b"\r\n" not in head:
        raw = raw.replace(b"\n", b"\r\n")  # it was stored so by somebody
        head = raw[:_MOST_BLOCK]
    edge = _EDGE.search(head)
    block = head[: edge.start()] + b"\r\n" if edge else head
    body = raw[edge.end() :] if edge else b""
    sound = (edge is not None or len(raw) < _MOST_BLOCK) and not _BARE_END.search(block)
    fields: list[tuple[bytes, bytes]] = []
    for piece in _START.split(block):
        match = _FIELD.match(piece)
        if match:
            fields.append((match[1], match[2]))
        if len(fields) > _MOST_FIELDS:
            return fields, body, False
    return fields, body, sound


class _Hashes:
    """Of one text: made canonical once in each way, hashed once to each length."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._canonical: dict[str, bytes] = {}
        self._hashes: dict[tuple[str, int | None], bytes] = {}

    def get(self, way: str, length: int | None) -> bytes:
        """SHA-256 of its beginning, b"" if it is not as long."""
        if way not in self._canonical:
            self._canonical[way] = canonical_body(self._body, way)
        whole = self._canonical[way]
        if length is not None and length > len(whole):
            return b""
        if (way, length) not in self._hashes:
            self._hashes[way, length] = hashlib.sha256(memoryview(whole)[:length]).digest()
        return self._hashes[way, length]


def _signature(
    fields: list[tuple[bytes, bytes]],
    place: int,
    hashed: _Hashes,
) -> Signature:
    name, value = fields[place]
    tags = tag_list(value)
    domain = host_of((tags or {}).get("d", ""))
    if tags is None or not domain:
        return Signature(domain, SignatureFault.WRITTEN_WRONG)
    names = [one.strip().lower() for one in tags.get("h", "").split(":")]
    fault = _fault(tags, names, domain)
    if fault is None:
        fault = _uncovered(fields, names)
    if fault is not None:
        return Signature(domain, fault)
    head_way, _, body_way = tags.get("c", "simple/simple").lower().partition("/")
    body_way = body_way or "simple"
    length = int(tags["l"]) if "l" in tags else None
    bare = _VALUE_OF_B.sub(rb"\1", value, count=1)
    own = canonical_field(name, bare, head_way).rstrip(b"\r\n")
    return Signature(
        domain,
        None,
        f"{host_of(tags['s'])}._domainkey.{domain}",
        tags["a"].lower(),
        _base64(tags["b"]) or b"",
        b"".join(_signed(fields, names, head_way)) + own,
        hashed.get(body_way, length) == _base64(tags["bh"]),
        length,
        int(tags.get("x", "0")),
        host_of(tags["i"].rpartition("@")[2]) if "i" in tags else domain,
    )


def _fault(tags: Mapping[str, str], names: list[str], domain: str) -> SignatureFault | None:
    """What is wrong with it as it stands (RFC 6376, 6.1.1)."""
    if tags.get("a", "").lower() == "rsa-sha1":
        return SignatureFault.SHA1
    ways = tags.get("c", "simple/simple").lower().split("/")
    identity = host_of(tags["i"].rpartition("@")[2]) if "i" in tags else domain
    numbers = [tags[name] for name in ("l", "x", "t") if name in tags]
    right = (
        tags.get("v") == "1"
        and tags.get("a", "").lower() in (RSA, ED25519)
        and "from" in names
        and len(names) <= _MOST_SIGNED
        and bool(host_of(tags.get("s", "")))
        and bool(_base64(tags.get("b", "")))
        and bool(_base64(tags.get("bh", "")))
        and len(ways) <= 2
        and all(way in ("simple", "relaxed") for way in ways)
        and "dns/txt" in tags.get("q", "dns/txt").lower().replace(" ", "").split(":")
        and all(map(_NUMBER.match, numbers))
        and bool(identity)
        and below(identity, domain)
    )
    return None if right else SignatureFault.WRITTEN_WRONG


def _uncovered(fields: list[tuple[bytes, bytes]], names: list[str]) -> SignatureFault | None:
    """A field that is shown, or says how the rest is, and stands there more often than it was
    signed: the upper one, which readers take, is anybody's (RFC 6376, 8.15)."""
    there = [name.lower() for name, _ in fields]
    if names.count("from") < there.count(b"from"):
        return SignatureFault.SENDER_NOT_SIGNED
    if b"subject" in there and "subject" not in names:
        return SignatureFault.HEADER_NOT_SIGNED  # a good signature below any words
    for name in _ONCE:
        if max(1, names.count(name)) < there.count(name.encode("ascii")):
            return SignatureFault.HEADER_NOT_SIGNED
    return None


def _signed(fields: list[tuple[bytes, bytes]], names: list[str], way: str) -> list[bytes]:
    """The signed fields, each name taking the lowest that is left (RFC 6376, 5.4.2)."""
    left: dict[bytes, list[int]] = {}
    for place, (name, _) in enumerate(fields):
        left.setdefault(name.lower(), []).append(place)
    found: list[bytes] = []
    for wanted in names:
        places = left.get(wanted.encode("utf-8", "replace"))
        if places:
            name, value = fields[places.pop()]
            found.append(canonical_field(name, value, way))
    return found


def canonical_field(name: bytes, value: bytes, way: str) -> bytes:
    """A field as it is signed (RFC 6376, 3.4.1 and 3.4.2), with its CRLF."""
    if way != "relaxed":
        return name + b":" + value
    return name.lower() + b":" + _FOLDS.sub(b" ", value).strip() + b"\r\n"


def canonical_body(body: bytes, way: str) -> bytes:
    """The text as it is signed (RFC 6376, 3.4.3 and 3.4.4)."""
    if way == "relaxed":
        body = _SPACES.sub(b" ", body).replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(body)
    while end >= 2 and body[end - 2 : end] == b"\r\n":
        end -= 2
    if not end:
        return b"" if way == "relaxed" else b"\r\n"
    return body[:end] + b"\r\n"


def host_of(text: str) -> str:
    """A domain or selector in small ASCII letters, "" if it can be none."""
    name = text.strip().removesuffix(".")
    if not name.isascii():
        try:
            name = host_name.ascii_name(name[:253])
        except UnicodeError:
            return ""
    return name.lower() if _HOST.match(name) else ""


def _base64(text: str) -> bytes | None:
    try:
        return binascii.a2b_base64("".join(text.split()).encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
