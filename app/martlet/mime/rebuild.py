"""A MIME message put together from headers and bodies that came one by one.

The headers are kept as they are but for what they say of the structure, where that is of no use:
a boundary of ours stands in for it, which no body can hold. Where each body was put is told, so
that what a reader makes of the bytes can be held against it. Never raises on any bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from martlet.mail.sync import BodyPart
from martlet.mime.headers import fields
from martlet.mime.parameters import parse_parameters
from martlet.mime.part import Message, Part
from martlet.mime.structure import TOKEN, below, is_multipart

# Where a body is: its section, its first byte, the one after its last.
Place = tuple[str, int, int]

_STRUCTURAL = frozenset({"content-type", "content-transfer-encoding"})
_BOUNDARY = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
_NAME = re.compile(r"[A-Za-z0-9*_.-]{1,60}")


class Build:
    """Puts the bytes together.

    given: "HEADER", and "1.MIME" ... by section; those that lack are made of the structure.
    bodies: as transferred, by section. own_boundaries: trust nothing headers say of the structure.
    raw: the message. places: of its bodies, in order.
    """

    def __init__(
        self,
        structure: BodyPart,
        given: Mapping[str, bytes],
        bodies: Mapping[str, bytes],
        *,
        own_boundaries: bool,
    ) -> None:
        self._given = given
        self._bodies = bodies
        self._own = own_boundaries
        digest = hashlib.sha256()
        for source in (given, bodies):
            for section in sorted(source):
                digest.update(source[section])
        # Nobody can have foreseen it, so no body holds it.
        self._stem = f"=_{digest.hexdigest()[:32]}"
        self._pieces: list[bytes] = []
        self._length = 0
        self.places: list[Place] = []
        self._part(structure, "")
        self.raw = b"".join(self._pieces)

    def _put(self, *pieces: bytes) -> None:
        self._pieces += pieces
        self._length += sum(map(len, pieces))

    def _part(self, part: BodyPart, section: str) -> None:
        written = self._given.get(f"{section}.MIME" if section else "HEADER")
        header = lines(written or b"")
        if not is_multipart(part):
            self._put(self._leaf(part, section, header, known=written is not None), b"\r\n")
            start = self._length
            self._put(self._bodies.get(section or "1", b""))
            self.places.append((section or "1", start, self._length))
            return
        boundary = b"" if self._own else _boundary(header)
        if not boundary:
            boundary = f"{self._stem}_{section or 0}".encode("ascii")
            header = _content_type(part, boundary) + _without_structure(header)
        self._put(header, b"\r\n")
        for number, child in enumerate(part.children, 1):
            self._put(b"--", boundary, b"\r\n")
            self._part(child, below(section, number))
            self._put(b"\r\n")
        self._put(b"--", boundary, b"--\r\n")

    def _leaf(self, part: BodyPart, section: str, header: bytes, *, known: bool) -> bytes:
        # Without any field at its top, a message would begin with what its body says.
        if not known or not (header or section):
            return _content_type(part) + _encoding(part) + _disposition(part)
        if self._own and _kind(header).startswith("multipart"):
            return _content_type(part) + _encoding(part) + _without_structure(header)
        return header


def places_in(read: Message) -> list[Place] | None:
    """Where a reader finds the bodies; None if it looks for parts in one, and finds none yet."""
    found = [part for part in read.walk() if not part.children]
    if any(part.is_multipart for part in found):
        return None
    return [(part.path, part.body_start, part.body_end) for part in found]


def rebuilt(read: Message, bodies: Mapping[str, bytes]) -> bytes:
    """The message with these bodies, by section, and boundaries that none of them holds."""
    given: dict[str, bytes] = {}
    all_bodies: dict[str, bytes] = {}
    for part in read.walk():
        fields_of = [b"%s: %s\r\n" % (n.encode(), value) for n, value in part.headers.items()]
        given[f"{part.path}.MIME" if part is not read.root else "HEADER"] = b"".join(fields_of)
        if not part.children:
            all_bodies[part.path] = bodies.get(part.path, part.body())
    return Build(_structure(read.root), given, all_bodies, own_boundaries=True).raw


def _structure(part: Part) -> BodyPart:
    kind = part.content_type
    if part.is_multipart and not part.children:
        kind = "application/octet-stream"
    children = tuple(_structure(child) for child in part.children)
    return BodyPart(part.path, kind, part.parameters, part.encoding, children=children)


def lines(header: bytes) -> bytes:
    """A header block up to its first empty line, with CRLF line ends."""
    kept: list[bytes] = []
    for line in header.lstrip(b"\r\n").split(b"\n"):
        bare = line.rstrip(b"\r")
        if not bare:
            break
        kept.append(bare + b"\r\n")
    return b"".join(kept)


def _kind(header: bytes) -> str:
    return parse_parameters(fields(header).get("content-type"))[0]


def _boundary(header: bytes) -> bytes:
    kind, parameters = parse_parameters(fields(header).get("content-type"))
    boundary = parameters.get("boundary", "")
    if not kind.startswith("multipart/") or not _BOUNDARY.fullmatch(boundary):
        return b""
    return boundary.encode("ascii")


def _without_structure(header: bytes) -> bytes:
    """The block without Content-Type and Content-Transfer-Encoding, and their continuations."""
    kept: list[bytes] = []
    dropping = True  # a continuation of nothing would continue what is put before it
    for line in header.split(b"\n")[:-1]:  # as `fields` sees lines: a bare CR is no end
        if not line.startswith((b" ", b"\t")):
            name = line.partition(b":")[0].strip().lower()
            dropping = name.decode("latin-1") in _STRUCTURAL
        if not dropping:
            kept.append(line + b"\n")
    return b"".join(kept)


def _content_type(part: BodyPart, boundary: bytes = b"") -> bytes:
    # Ours first, and no "boundary*0" beside it (RFC 2231): nothing takes its place.
    parameters = {"boundary": boundary.decode("ascii")} if boundary else {}
    for name, value in part.parameters.items():
        if not name.lower().startswith("boundary"):
            parameters[name] = value
    kind = part.content_type
    if not TOKEN.fullmatch(kind):
        kind = "multipart/mixed" if boundary else "application/octet-stream"
    return b"Content-Type: " + kind.encode("ascii") + _written(parameters)


def _encoding(part: BodyPart) -> bytes:
    encoding = part.encoding.lower()
    if not _NAME.fullmatch(encoding):
        return b""
    return b"Content-Transfer-Encoding: " + encoding.encode("ascii") + b"\r\n"


def _disposition(part: BodyPart) -> bytes:
    kind = part.disposition.lower() if _NAME.fullmatch(part.disposition) else "attachment"
    line = b""
    if part.disposition or part.filename:
        named = {"filename": part.filename} if part.filename else {}
        line = b"Content-Disposition: " + kind.encode("ascii") + _written(named)
    identity = "".join(part.content_id.split()).strip("<>").encode("utf-8", "replace")
    return line + (b"Content-ID: <" + identity + b">\r\n" if identity else b"")


def _written(parameters: Mapping[str, str]) -> bytes:
    """Parameters after a value, and the end of the line."""
    out = b""
    for name, value in parameters.items():
        if _NAME.fullmatch(name):
            clean = "".join(c for c in value if c.isprintable()).replace("\\", "\\\\")
            quoted = clean.replace('"', '\\"').encode("utf-8", "replace")
            out += b";\r\n " + name.encode("ascii") + b'="' + quoted + b'"'
    return out + b"\r\n"
