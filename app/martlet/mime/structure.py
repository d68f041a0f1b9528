"""Walks over what a server says of a message's parts (BODYSTRUCTURE; RFC 9051, 7.5.2).

Sections are counted here anew: a part whose number is not what its place says cannot be dealt with.
Attached messages (message/rfc822) are leaves, whatever is in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from martlet.mail.sync import BodyPart

MAX_DEPTH = 30
TOKEN = re.compile(r"[a-z0-9][a-z0-9.+_-]*/[a-z0-9][a-z0-9.+_-]*")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that has a body. first: a text here is to be read, whether it has a name or not."""

    section: str
    part: BodyPart
    first: bool


def numbered(part: BodyPart, section: str = "", depth: int = 0) -> Iterator[BodyPart | None]:
    """Every part but those inside messages; None in place of one that cannot be dealt with."""
    multipart = is_multipart(part)
    sound = bool(part.children) if multipart else TOKEN.fullmatch(part.content_type) is not None
    section = section or ("" if multipart else "1")
    if part.section != section or depth > MAX_DEPTH or not sound or part.size < 0:
        yield None
        return
    yield part
    if multipart:
        for number, child in enumerate(part.children, 1):
            yield from numbered(child, below(section, number), depth + 1)


def leaves(part: BodyPart, section: str = "", first: bool = True) -> Iterator[Leaf]:
    """The leaves of a tree that `numbered` found sound, in order."""
    if not is_multipart(part):
        yield Leaf(section or "1", part, first)
        return
    # As `layout` has it: each of the forms is one to read, wherever the choice of them stands.
    choice = part.content_type == "multipart/alternative"
    for number, child in enumerate(part.children, 1):
        here = number == 1 or part.content_type == "multipart/related"
        yield from leaves(child, below(section, number), choice or (first and here))


def is_multipart(part: BodyPart) -> bool:
    return part.content_type.startswith("multipart/")


def below(section: str, number: int) -> str:
    """The section of a part inside a multipart."""
    return f"{section}.{number}" if section else str(number)
