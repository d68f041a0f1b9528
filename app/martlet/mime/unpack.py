"""Files that lie inside a text (uuencode, yEnc) or in a container (TNEF), each as a file of its
own.

Which parts are looked into is decided by a cheap test first; nothing is unpacked for others. Never
raises; how much comes out is bounded.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from martlet.mime.charset import decode
from martlet.mime.uuencode import uuencoded
from martlet.mime.words import clean

CONTAINERS = frozenset(
    {"application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"}
)
CUT_OFF = "A file inside the text is cut off; what is there of it is shown."


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


def may_hold(content_type: str, name: str) -> bool:
    """Whether a part of this kind can hold files."""
    if content_type == "application/octet-stream":
        return name.lower() == "winmail.dat"
    return content_type == "text/plain" or content_type in CONTAINERS


def is_marked(raw: bytes, start: int, end: int, encoding: str) -> bool:
    """Whether a text looks as if it held files: a test that decodes nothing.

    start, end: of its body as transferred. Base64 shows nothing before it is decoded.
    """
    return encoding == "base64" or raw.find(b"begin", start, end) >= 0


def unpack(content_type: str, data: bytes) -> Unpacked:
    """The files inside a part's decoded body."""
    if content_type != "text/plain" or b"begin " not in data:
        return NOTHING
    files: list[File] = []
    problems: list[str] = []
    for file in uuencoded(data):
        called = clean(decode(file.name))
        files.append(File(called, type_of(called), file.data))
        if not file.whole:
            problems.append(CUT_OFF)
    return Unpacked(tuple(files), tuple(dict.fromkeys(problems)))


def without_files(text: bytes) -> bytes:
    """The text around the files in it."""
    kept: list[bytes] = []
    position = 0
    for file in uuencoded(text):
        kept.append(text[position : file.start])
        position = file.end
    return b"".join([*kept, text[position:]])


def type_of(name: str) -> str:
    """The MIME type that a file of this name has most likely."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
