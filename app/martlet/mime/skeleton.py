"""A message without its large files: what to ask a server for, and a MIME message made of it.

    BODYSTRUCTURE ── choose ──► sections to fetch ── assemble ──► Skeleton
    Skeleton and a body that came later ── fill ──► the message with that body in its place

A skeleton is valid MIME with the same tree as on the server; what is left out has an empty body.
Which parts those are stands beside it, in `absent`, by what the server said of the tree: nothing
in the mail itself can claim to be, or not to be, left out. Sections count as IMAP does (RFC 9051,
6.4.5.1), and as `parse` does. Never raises on any bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from martlet.mail.sync import BodyPart
from martlet.mime.headers import fields
from martlet.mime.layout import BODY_TEXT, layout
from martlet.mime.parameters import parse_parameters
from martlet.mime.parse import parse

MAX_PARTS = 250
MAX_DEPTH = 30
# More text than this nobody waits for; it comes whole, in slices and with progress.
MAX_TEXT = 4 << 20
_MAX_NAMED_TEXT = 64 << 10
_MAX_PICTURE = 128 << 10
_MAX_SMALL = 8 << 10
_EXTRAS = 384 << 10
# What was signed or encrypted is of no use with a byte missing.
_WHOLE = frozenset(
    {
        "multipart/signed", "multipart/encrypted", "application/pkcs7-mime",
        "application/x-pkcs7-mime", "application/pgp-encrypted",
    }
)  # fmt: skip
_STRUCTURAL = frozenset({"content-type", "content-transfer-encoding"})
_BOUNDARY = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*")
_NAME = re.compile(r"[A-Za-z0-9*_.-]{1,60}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What to ask for. bodies: those of `sections` that are bodies; absent: the rest of them.

    sections: as BODY.PEEK[...] takes them. absent: bytes as transferred, by section.
    """

    sections: tuple[str, ...]
    bodies: frozenset[str]
    absent: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """raw: the MIME message. absent: sections whose bodies are not in it, with their bytes as
    transferred.

    unread: sections among those that hold text to be read after all (the server's idea of the
    tree and the headers differ); they are to be fetched, and `assemble` done again.
    """

    raw: bytes
    absent: dict[str, int]
    unread: tuple[str, ...] = ()


def choose(structure: BodyPart | None) -> Choice | None:
    """What is needed to read a message of this BODYSTRUCTURE; None: only the whole will do."""
    if structure is None:
        return None
    parts = list(_numbered(structure, "", 0))
    if len(parts) > MAX_PARTS or any(
        part is None or part.content_type in _WHOLE for _, part in parts
    ):
        return None
    leaves = [(section, part, first) for section, part, first in _leaves(structure, "", True)]
    texts = {section for section, part, first in leaves if _is_read(part, first)}
    if sum(part.size for section, part, _ in leaves if section in texts) > MAX_TEXT:
        return None
    rich = any(part.content_type == "text/html" for section, part, _ in leaves if section in texts)
    sections, bodies, absent = ["HEADER"], set(texts), {}
    if _is_multipart(structure):
        sections += [f"{section}.MIME" for section, _ in parts if section]
    room = _EXTRAS
    for section, part, _ in leaves:
        if section in texts:
            continue
        is_picture = rich and part.content_id and part.content_type.startswith("image/")
        if part.size <= min(room, _MAX_PICTURE if is_picture else _MAX_SMALL):
            room -= part.size
            bodies.add(section)
            continue
        absent[section] = part.size
        if part.children:
            sections.append(f"{section}.HEADER")  # says what the message inside is about
    fetched = sum(part.size for section, part, _ in leaves if section in bodies)
    if sum(absent.values()) <= fetched:
        return None  # not worth a second look
    sections += [section for section, _, _ in leaves if section in bodies]
    return Choice(tuple(sections), frozenset(bodies), absent)


def assemble(structure: BodyPart, choice: Choice, given: Mapping[str, bytes]) -> Skeleton | None:
    """The skeleton of what the server gave for `choice.sections`; None if none can be made."""
    header = given.get("HEADER", b"")
    leaves = {section: part for section, part, _ in _leaves(structure, "", True)}
    absent = dict(choice.absent)
    bodies: dict[str, bytes] = {}
    for section, part in leaves.items():
        body = given.get(section)
        if body is not None:
            bodies[section] = body
            absent.pop(section, None)
        elif section in choice.bodies and part.size:
            absent[section] = part.size
        elif section in absent:
            bodies[section] = _lines(given.get(f"{section}.HEADER", b""))
    for own in (False, True):
        raw = _Build(structure, header, given, bodies, own_boundaries=own).raw()
        read = parse(raw)
        found = [(part.path, part.body()) for part in read.walk() if not part.children]
        if found == [(section, bodies.get(section, b"")) for section in leaves]:
            unread = [
                part.path
                for block in layout(read).blocks
                for part in (block.text, block.html)
                if part is not None and part.path in absent
            ]
            return Skeleton(raw, absent, tuple(dict.fromkeys(unread)))
    return None


def fill(raw: bytes, bodies: Mapping[str, bytes]) -> bytes:
    """A skeleton with these bodies, by section, in their places; unknown sections are ignored."""
    leaves = [part for part in parse(raw).walk() if not part.children and part.path in bodies]
    pieces: list[bytes] = []
    end = len(raw)
    for part in sorted(leaves, key=lambda one: -one.body_start):
        pieces += [raw[part.body_end : end], bodies[part.path]]
        end = part.body_start
    pieces.append(raw[:end])
    return b"".join(reversed(pieces))


def apart_in(path: str, absent: Mapping[str, object]) -> str:
    """The absent section that this part is, or lies in (as part of an attached message); or ""."""
    while path and path not in absent:
        path = path.rpartition(".")[0]
    return path


def decoded_size(size: int, encoding: str) -> int:
    """What a file of so many bytes as transferred has about, decoded (76 characters a line)."""
    if encoding.lower() == "base64":
        return size * 57 // 78 if size > 78 else size * 3 // 4
    return size


def part_of(structure: BodyPart, section: str) -> BodyPart | None:
    """The leaf of this section."""
    return next((part for found, part, _ in _leaves(structure, "", True) if found == section), None)


def _numbered(part: BodyPart, section: str, depth: int) -> Iterator[tuple[str, BodyPart | None]]:
    """Every part but those inside messages; None in place of one that cannot be dealt with."""
    multipart = _is_multipart(part)
    sound = bool(part.children) if multipart else _TOKEN.fullmatch(part.content_type) is not None
    section = section or ("" if multipart else "1")
    if part.section != section or depth > MAX_DEPTH or not sound or part.size < 0:
        yield section, None
        return
    yield section, part
    if multipart:
        for number, child in enumerate(part.children, 1):
            yield from _numbered(child, _below(section, number), depth + 1)


def _leaves(part: BodyPart, section: str, first: bool) -> Iterator[tuple[str, BodyPart, bool]]:
    """Section and part of each leaf; first: named or not, a text here is to be read."""
    if not _is_multipart(part):
        yield section or "1", part, first
        return
    any_first = part.content_type in ("multipart/alternative", "multipart/related")
    for number, child in enumerate(part.children, 1):
        yield from _leaves(child, _below(section, number), first and (any_first or number == 1))


def _is_multipart(part: BodyPart) -> bool:
    return part.content_type.startswith("multipart/")


def _below(section: str, number: int) -> str:
    return f"{section}.{number}" if section else str(number)


def _is_read(part: BodyPart, first: bool) -> bool:
    if part.content_type not in BODY_TEXT or part.disposition.lower() == "attachment":
        return False
    return first or not part.filename or part.size <= _MAX_NAMED_TEXT


class _Build:
    """Puts the bytes together. own_boundaries: trust nothing the headers say of the structure."""

    def __init__(
        self,
        structure: BodyPart,
        header: bytes,
        given: Mapping[str, bytes],
        bodies: Mapping[str, bytes],
        *,
        own_boundaries: bool,
    ) -> None:
        self._structure = structure
        self._header = header
        self._given = given
        self._bodies = bodies
        self._own = own_boundaries
        digest = hashlib.sha256(header)
        for section in sorted(bodies):
            digest.update(bodies[section])
        # Nobody can have foreseen it, so no body holds it.
        self._stem = f"=_{digest.hexdigest()[:32]}"

    def raw(self) -> bytes:
        pieces: list[bytes] = []
        self._part(self._structure, "", pieces)
        return b"".join(pieces)

    def _part(self, part: BodyPart, section: str, pieces: list[bytes]) -> None:
        written = self._given.get(f"{section}.MIME") if section else self._header
        header = _lines(written or b"")
        if not _is_multipart(part):
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
            self._part(child, _below(section, number), pieces)
            pieces.append(b"\r\n")
        pieces += [b"--", boundary, b"--\r\n"]

    def _leaf(self, part: BodyPart, section: str, header: bytes, *, known: bool) -> bytes:
        if self._own:
            kind, _ = parse_parameters(fields(header).get("content-type"))
            if kind.startswith("multipart") or (not header and not section):
                return _without_structure(header) + _content_type(part) + _encoding(part)
        return header if known else _content_type(part) + _encoding(part) + _disposition(part)


def _lines(header: bytes) -> bytes:
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
