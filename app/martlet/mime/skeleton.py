"""A message without its large files: what to ask a server for, and a MIME message made of it.

    BODYSTRUCTURE ── choose ──► sections to fetch ── assemble ──► Skeleton
    Skeleton and a body that came later ── fill ──► the message with that body in its place

A skeleton is valid MIME with the same tree as on the server; what is left out has an empty body.
Which parts those are stands beside it, in `absent`, by what the server said of the tree: nothing
in the mail itself can claim to be, or not to be, left out. Whatever headers and bodies say, each
body is read where it was put, also those that `fill` puts in. Sections count as IMAP does
(RFC 9051, 6.4.5.1), and as `parse` does. Never raises on any bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from martlet.mail.sync import BodyPart
from martlet.mime.layout import BODY_TEXT, layout
from martlet.mime.parse import parse
from martlet.mime.rebuild import Build, Place, lines, places_in, rebuilt
from martlet.mime.structure import Leaf, is_multipart, leaves, numbered

MAX_PARTS = 250
# More text than this nobody waits for; it comes whole, in slices and with progress.
MAX_TEXT = 4 << 20
_MAX_NAMED_TEXT = 64 << 10
_MAX_PICTURE = 128 << 10
_MAX_SMALL = 8 << 10
_EXTRAS = 384 << 10
# Far below where `parse` stops reading a header, so that one of ours has room in it.
_MAX_HEADER = 256 << 10
# What was signed or encrypted, or is a piece of something, is of no use with a byte missing.
_WHOLE = frozenset(
    {
        "multipart/signed", "multipart/encrypted", "application/pkcs7-mime",
        "application/x-pkcs7-mime", "application/pgp-encrypted", "message/partial",
    }
)  # fmt: skip


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
    parts = [part for part in numbered(structure) if part is not None and _can_be_apart(part)]
    if len(parts) > MAX_PARTS or len(parts) < len(list(numbered(structure))):
        return None
    tree = list(leaves(structure))
    texts = [leaf for leaf in tree if _is_read(leaf)]
    if sum(leaf.part.size for leaf in texts) > MAX_TEXT:
        return None
    rich = any(leaf.part.content_type == "text/html" for leaf in texts)
    sections = ["HEADER"]
    if is_multipart(structure):
        sections += [f"{part.section}.MIME" for part in parts if part.section]
    wanted, absent = list(texts), {}
    room = _EXTRAS
    for leaf in tree:
        if leaf in texts:
            continue
        part = leaf.part
        is_picture = rich and part.content_id and part.content_type.startswith("image/")
        if part.size <= min(room, _MAX_PICTURE if is_picture else _MAX_SMALL):
            room -= part.size
            wanted.append(leaf)
            continue
        absent[leaf.section] = part.size
        if part.children:
            sections.append(f"{leaf.section}.HEADER")  # says what the message inside is about
    if sum(absent.values()) <= sum(leaf.part.size for leaf in wanted):
        return None  # not worth a second look
    bodies = {leaf.section for leaf in wanted}
    sections += [leaf.section for leaf in tree if leaf.section in bodies]
    return Choice(tuple(sections), frozenset(bodies), absent)


def assemble(structure: BodyPart, choice: Choice, given: Mapping[str, bytes]) -> Skeleton | None:
    """The skeleton of what the server gave for `choice.sections`; None if none can be made."""
    absent = dict(choice.absent)
    bodies: dict[str, bytes] = {}
    for leaf in leaves(structure):
        section = leaf.section
        body = given.get(section)
        if body is None and section in choice.bodies and leaf.part.size:
            absent[section] = leaf.part.size
        if body is not None:
            absent.pop(section, None)
        elif section in absent:
            body = lines(given.get(f"{section}.HEADER", b""))
        bodies[section] = body or b""
    headers = [told for name, told in given.items() if name.endswith(("HEADER", "MIME"))]
    if any(len(header) > _MAX_HEADER for header in headers):
        return None
    for own in (False, True):
        build = Build(structure, given, bodies, own_boundaries=own)
        read = parse(build.raw)
        if places_in(read) == build.places:
            # An empty form of a text is passed over; these will not be empty.
            later = parse(fill(build.raw, dict.fromkeys(absent, b"x")))
            shown = [part for block in layout(later).blocks for part in (block.text, block.html)]
            unread = [part.path for part in shown if part is not None and part.path in absent]
            return Skeleton(build.raw, absent, tuple(dict.fromkeys(unread)))
    return None


def fill(raw: bytes, bodies: Mapping[str, bytes]) -> bytes:
    """A skeleton with these bodies, by section, in their places; unknown sections are ignored.

    A body that holds what the headers call a boundary stays the one part it is: the boundaries are
    others then.
    """
    read = parse(raw)
    pieces: list[bytes] = []
    places: list[Place] = []
    done = length = 0
    for part in read.walk():
        if part.children:
            continue
        body = bodies.get(part.path, part.body())
        pieces += [raw[done : part.body_start], body]
        length += part.body_start - done + len(body)
        done = part.body_end
        places.append((part.path, length - len(body), length))
    filled = b"".join([*pieces, raw[done:]])
    return filled if places_in(parse(filled)) == places else rebuilt(read, bodies)


def frame(raw: bytes) -> list[tuple[int, int]]:
    """Where the bytes lie that are of no part's body, as (start, end): what `assemble` may have
    written otherwise than it is on the server."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for part in sorted(parse(raw).walk(), key=lambda one: one.body_start):
        if not part.children and part.body_start >= begin:
            spans.append((begin, part.body_start))
            begin = part.body_end
    return [*spans, (begin, len(raw))]


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


def _can_be_apart(part: BodyPart) -> bool:
    return part.content_type not in _WHOLE


def _is_read(leaf: Leaf) -> bool:
    part = leaf.part
    if part.content_type not in BODY_TEXT or part.disposition.lower() == "attachment":
        return False
    return leaf.first or not part.filename or part.size <= _MAX_NAMED_TEXT
