"""A message without its large files: what to ask a server for, and a MIME message made of it.

    BODYSTRUCTURE ── choose ──► sections to fetch ── assemble ──► Skeleton
    Skeleton and a body that came later ── fill ──► the message with that body in its place

A skeleton is valid MIME with the same tree as on the server; what is left out has an empty body.
Which parts those are stands beside it, in `absent`, by what the server said of the tree: nothing
in the mail itself can claim to be, or not to be, left out. Sections count as IMAP does (RFC 9051,
6.4.5.1), and as `parse` does. Never raises on any bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from martlet.mail.sync import BodyPart
from martlet.mime.layout import BODY_TEXT, layout
from martlet.mime.parse import parse
from martlet.mime.rebuild import Build, lines
from martlet.mime.structure import Leaf, is_multipart, leaves, numbered

MAX_PARTS = 250
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
    for own in (False, True):
        raw = Build(structure, given, bodies, own_boundaries=own).raw()
        read = parse(raw)
        found = {part.path: part.body() for part in read.walk() if not part.children}
        if list(found.items()) == list(bodies.items()):
            shown = [part for block in layout(read).blocks for part in (block.text, block.html)]
            unread = [part.path for part in shown if part is not None and part.path in absent]
            return Skeleton(raw, absent, tuple(dict.fromkeys(unread)))
    return None


def fill(raw: bytes, bodies: Mapping[str, bytes]) -> bytes:
    """A skeleton with these bodies, by section, in their places; unknown sections are ignored."""
    places = [part for part in parse(raw).walk() if not part.children and part.path in bodies]
    pieces: list[bytes] = []
    end = len(raw)
    for part in sorted(places, key=lambda one: -one.body_start):
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


def _can_be_apart(part: BodyPart) -> bool:
    return part.content_type not in _WHOLE


def _is_read(leaf: Leaf) -> bool:
    part = leaf.part
    if part.content_type not in BODY_TEXT or part.disposition.lower() == "attachment":
        return False
    return leaf.first or not part.filename or part.size <= _MAX_NAMED_TEXT
