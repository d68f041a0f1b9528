"""A MIME message put together from headers and bodies that came one by one.

The headers are kept as they are but for what they say of the structure, where that is of no use:
a boundary of ours stands in for it, which no body can hold. Never raises on any bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from martlet.mail.sync import BodyPart
from martlet.mime.headers import fields
from martlet.mime.parameters import parse_parameters
from martlet.mime.structure import below, is_multipart

_STRUCTURAL = frozenset({"content-type", "content-transfer-encoding"})
_BOUNDARY = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
_NAME = re.compile(r"[A-Za-z0-9*_.-]{1,60}")


class Build:
    """Puts the bytes together.

    given: "HEADER", and "1.MIME" ... by section; those that lack are made of the structure.
    bodies: as transferred, by section. own_boundaries: trust nothing headers say of the structure.
    """

    def __init__(
        self,
        structure: BodyPart,
        given: Mapping[str, bytes],
        bodies: Mapping[str, bytes],
        *,
        own_boundaries: bool,
    ) -> None:
        self._structure = structure
        self._given = given
        self._bodies = bodies
        self._own = own_boundaries
        digest = hashlib.sha256(given.get("HEADER", b""))
        for section in sorted(bodies):
            digest.update(bodies[section])
        # Nobody can have foreseen it, so no body holds it.
        self._stem = f"=_{digest.hexdigest()[:32]}"

    def raw(self) -> bytes:
        pieces: list[bytes] = []
        self._part(self._structure, "", pieces)
        return b"".join(pieces)

    def _part(self, part: BodyPart, section: str, pieces: list[bytes]) -> None:
        written = self._given.get(f"{section}.MIME" if section else "HEADER")
        header = lines(written or b"")
        if not is_multipart(part):
            pieces += [self._leaf(part, section, header, known=written is not None), b"\r\n"]
            pieces.append(self._bodies.get(section or "1", b""))
            return
        boundary = b"" if self._own else _boundary(header)
        if not boundary:
            boundary = f"{self._stem}_{section or 0}".encode("ascii")
            header = _without_structure(header) + _content_type(part, boundary)
        pieces += [header, b"\r\n"]
        for number, child in enumerate(part.children, 1):
            pieces += [b"--", boundary, b"\r\n"]
            self._part(child, below(section, number), pieces)
            pieces.append(b"\r\n")
        pieces += [b"--", boundary, b"--\r\n"]

    def _leaf(self, part: BodyPart, section: str, header: bytes, *, known: bool) -> bytes:
        if self._own:
            kind, _ = parse_parameters(fields(header).get("content-type"))
            if kind.startswith("multipart") or (not header and not section):
                return _without_structure(header) + _content_type(part) + _encoding(part)
        return header if known else _content_type(part) + _encoding(part) + _disposition(part)


def lines(header: bytes) -> bytes:
    """A header block up to its first empty line, with CRLF line ends."""
    kept: list[bytes] = []
    for line in header.lstrip(b"\r\n").split(b"\n"):
        bare = line.rstrip(b"\r")
        if not bare:
            break
        kept.append(bare + b"\r\n")
    return b"".join(kept)


def _boundary(header: bytes) -> bytes:
    kind, parameters = parse_parameters(fields(header).get("content-type"))
    boundary = parameters.get("boundary", "")
    if not kind.startswith("multipart/") or not _BOUNDARY.fullmatch(boundary):
        return b""
    return boundary.encode("ascii")


def _without_structure(header: bytes) -> bytes:
    """The block without Content-Type and Content-Transfer-Encoding, and their continuations."""
    kept: list[bytes] = []
    dropping = False
    for line in header.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):
            name = line.partition(b":")[0].strip().lower()
            dropping = name.decode("latin-1") in _STRUCTURAL
        if not dropping:
            kept.append(line)
    return b"".join(kept)


def _content_type(part: BodyPart, boundary: bytes = b"") -> bytes:
    parameters = {name: value for name, value in part.parameters.items() if name != "boundary"}
    if boundary:
        parameters["boundary"] = boundary.decode("ascii")
    return b"Content-Type: " + part.content_type.encode("ascii", "replace") + _written(parameters)


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
