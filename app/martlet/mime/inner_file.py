"""A file that lies inside another part."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """One file. body: it is no file but the text of the message that the container holds."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""
    charset: str = ""
    body: bool = False


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What lay inside, in order; problems: sentences, English."""

    files: tuple[File, ...] = ()
    problems: tuple[str, ...] = ()


NOTHING = Unpacked()


def type_of(name: str) -> str:
    """The MIME type that a file of this name has most likely."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
