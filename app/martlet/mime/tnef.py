"""winmail.dat: what Outlook puts a message's text and files into (TNEF; MS-OXTNEF, MS-OXCMSG).

Never raises: what could not be read is a problem. All that comes out is about as large as what
went in, but for the compressed text, which has its own bound.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from martlet.mime.charset import decode
from martlet.mime.inner_file import NOTHING, File, Unpacked, type_of
from martlet.mime.lzfu import MAX_RTF, decompress
from martlet.mime.mapi import Bytes, Properties, properties
from martlet.mime.rtf import read as read_rtf
from martlet.mime.tnef_meeting import meeting
from martlet.mime.tnef_message import Recipient, as_message, sender
from martlet.mime.words import clean

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BII")
_OF_MESSAGE, _OF_FILE = 1, 2
_CODE_PAGE, _BODY, _SUBJECT, _CLASS = 0x9007, 0x800C, 0x8004, 0x8008
_PROPERTIES, _RECIPIENTS = 0x9003, 0x9004
_BEGIN_FILE, _DATA, _TITLE, _FILE_PROPERTIES, _TRANSPORT_NAME = (
    0x9002, 0x800F, 0x8010, 0x9005, 0x9001,
)  # fmt: skip
# MAPI property ids
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _MIME_TAG = 0x3707, 0x3704, 0x3001, 0x370E
_CONTENT_ID, _BINARY, _METHOD, _HIDDEN = 0x3712, 0x3701, 0x3705, 0x7FFE
_P_SUBJECT, _P_BODY, _P_HTML, _P_RTF, _P_CLASS = 0x0037, 0x1000, 0x1013, 0x1009, 0x001A
_INTERNET_PAGE, _MESSAGE_PAGE = 0x3FDE, 0x3FFD
_EMBEDDED = 5
# What stands before an object: IID_IMessage, IID_IStorage, IID_IStream
_IIDS = tuple(
    bytes.fromhex(f"{first}00000000c000000000000046")
    for first in ("07030200", "0b000000", "0c000000")
)

DAMAGED = "winmail.dat is damaged; what could be read of it is shown."
TOO_MANY = "winmail.dat holds too much; only the beginning is shown."
TEXT_DAMAGED = "The text in winmail.dat is damaged."
MAX_ATTRIBUTES = 20_000
MAX_FILES = 500
MAX_DEPTH = 4
MAX_RECIPIENTS = 500


@dataclass(slots=True)
class _Room:
    """What may still come out of one winmail.dat, the messages inside it counted."""

    rtf: int = MAX_RTF
    files: int = MAX_FILES


@dataclass(slots=True)
class _File:
    title: str = ""
    data: bytes = b""
    properties: Properties = field(default_factory=dict)


@dataclass(slots=True)
class _Message:
    room: _Room
    page: int = 0
    kind: str = ""
    subject: str = ""
    body: bytes = b""
    properties: Properties = field(default_factory=dict)
    recipients: list[Recipient] = field(default_factory=list)
    files: list[_File] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def unpacked(data: bytes) -> Unpacked:
    """The text (see `File.body`) and the files of a winmail.dat, in order."""
    if not data.startswith(_SIGNATURE):
        return Unpacked((), (DAMAGED,)) if data else NOTHING
    message = _read(data, _Room())
    files = [*_bodies(message), *_files(message, 1), *_meeting(message)]
    return Unpacked(tuple(files), tuple(dict.fromkeys(message.problems)))


def _attributes(data: bytes, problems: list[str]) -> Iterator[tuple[int, int, bytes]]:
    """Level, id and value of each attribute up to the first that cannot be read."""
    position = 6  # signature and key
    for _ in range(MAX_ATTRIBUTES):
        if position >= len(data):
            return
        if position + _HEAD.size > len(data):
            break
        level, tag, size = _HEAD.unpack_from(data, position)
        start = position + _HEAD.size
        value = data[start : start + size]
        position = start + size + 2
        if level not in (_OF_MESSAGE, _OF_FILE):
            break
        if position > len(data):
            problems.append(DAMAGED)
            yield level, tag & 0xFFFF, value
            return
        if _sum(value) != int.from_bytes(data[position - 2 : position], "little"):
            problems.append(DAMAGED)
        yield level, tag & 0xFFFF, value
    else:
        problems.append(TOO_MANY)
        return
    problems.append(DAMAGED)


def _sum(value: bytes) -> int:
    """All bytes added, modulo 65,536: the checksum of an attribute."""
    view, total = memoryview(value), 0
    for start in range(0, len(value), 256):
        # Half of Adler's checksum is this sum, exact for as few bytes, and much faster
        total += (zlib.adler32(view[start : start + 256]) & 0xFFFF) - 1
    return total & 0xFFFF


def _read(data: bytes, room: _Room) -> _Message:
    found = _Message(room)
    for level, name, value in _attributes(data, found.problems):
        if level == _OF_MESSAGE:
            _of_message(found, name, value)
        elif name == _BEGIN_FILE:
            if not room.files:
                found.problems.append(TOO_MANY)
                break
            room.files -= 1
            found.files.append(_File())
        elif found.files:
            _of_file(found, found.files[-1], name, value)
    return found


def _of_message(found: _Message, name: int, value: bytes) -> None:
    if name == _CODE_PAGE:
        found.page = int.from_bytes(value[:4], "little") if len(value) >= 4 else 0
    elif name == _BODY:
        found.body = value
    elif name == _CLASS:
        found.kind = _string(value, found.page)
    elif name == _SUBJECT:
        found.subject = _string(value, found.page)
    elif name == _PROPERTIES and not found.properties:
        found.properties, sound = properties(Bytes(value), found.page)
        if not sound:
            found.problems.append(DAMAGED)
    elif name == _RECIPIENTS and not found.recipients:
        reader = Bytes(value)
        rows = int.from_bytes(value[:4], "little")
        reader.position = 4
        while rows and reader.left >= 4 and len(found.recipients) < MAX_RECIPIENTS:
            row, sound = properties(reader, found.page)
            if not sound:
                break
            found.recipients.append(Recipient.of(row))
            rows -= 1


def _of_file(message: _Message, found: _File, name: int, value: bytes) -> None:
    if name == _DATA:
        found.data = value
    elif name == _TITLE:
        found.title = found.title or _string(value, message.page)
    elif name == _TRANSPORT_NAME:
        found.title = _string(value, message.page) or found.title
    elif name == _FILE_PROPERTIES and not found.properties:
        found.properties, sound = properties(Bytes(value), message.page)
        if not sound:
            message.problems.append(DAMAGED)


def _string(value: bytes, page: int) -> str:
    return decode(value.partition(b"\x00")[0], f"cp{page}" if page else "")


def _bodies(message: _Message) -> list[File]:
    """The text in its plain and its rich form, where it has them."""
    held = message.properties
    plain = held.get(_P_BODY)
    if not isinstance(plain, str) or not plain.strip():
        plain = _string(message.body, message.page)
    html = held.get(_P_HTML)
    charset = "utf-8"
    if isinstance(html, bytes):
        page = held.get(_INTERNET_PAGE) or held.get(_MESSAGE_PAGE) or message.page
        charset = f"cp{page}" if isinstance(page, int) and page else ""
        charset = {"cp65001": "utf-8", "cp20127": "", "cp28591": "iso-8859-1"}.get(charset, charset)
    packed = held.get(_P_RTF)
    if isinstance(packed, bytes) and not html:
        rtf, sound = decompress(packed, message.room.rtf)
        message.room.rtf -= len(rtf)
        if not sound:
            message.problems.append(TEXT_DAMAGED)
        found = read_rtf(rtf)
        if found.is_html:
            html = found.text
        else:
            plain = plain if plain.strip() else found.text
    files: list[File] = []
    if plain.strip():
        data = plain.encode("utf-8", "replace")
        files.append(File("", "text/plain", data, charset="utf-8", body=True))
    if html:
        data = html.encode("utf-8", "replace") if isinstance(html, str) else bytes(html)
        files.append(File("", "text/html", data, charset=charset, body=True))
    return files


def _files(message: _Message, depth: int) -> list[File]:
    return [_file(one, message, depth) for one in message.files]


def _file(found: _File, message: _Message, depth: int) -> File:
    held = found.properties
    data = found.data
    value = held.get(_BINARY)
    if isinstance(value, bytes) and value:
        data = value
    data = data[16:] if data.startswith(_IIDS) else data
    if held.get(_METHOD) == _EMBEDDED and data.startswith(_SIGNATURE) and depth < MAX_DEPTH:
        return _nested(data, _name(found), message, depth)
    name = _name(found)
    kind = _said(held, _MIME_TAG).lower()
    if not kind or kind == "application/octet-stream":
        kind = type_of(name)
    return File(name, kind, data, _said(held, _CONTENT_ID).strip("<>"))


def _nested(data: bytes, name: str, outer: _Message, depth: int) -> File:
    """A message inside, as one that any program reads."""
    inner = _read(data, outer.room)
    inner.page = inner.page or outer.page
    outer.problems += inner.problems
    subject = _said(inner.properties, _P_SUBJECT) or clean(inner.subject)
    files = [*_bodies(inner), *_files(inner, depth + 1), *_meeting(inner)]
    raw = as_message(inner.properties, subject, inner.recipients, files)
    stem = (subject or name or "message").replace("/", "_").replace("\\", "_")
    return File(f"{stem}.eml", "message/rfc822", raw)


def _meeting(message: _Message) -> list[File]:
    held = message.properties
    classes = [message.kind, _said(held, _P_CLASS)]
    subject = _said(held, _P_SUBJECT) or clean(message.subject)
    people = [one.who for one in message.recipients]
    found = meeting(classes, held, subject, sender(held), people)
    return [found] if found is not None else []


def _name(found: _File) -> str:
    held = found.properties
    for said in (_said(held, _LONG_NAME), clean(found.title), _said(held, _SHORT_NAME)):
        if said:
            return said
    return _said(held, _DISPLAY_NAME)


def _said(held: Properties, identity: int) -> str:
    value = held.get(identity)
    if not isinstance(value, str):
        return ""
    # In a subject: so many characters of it are "Re: " and the like
    return clean(value[2:] if value.startswith("\x01") else value)
