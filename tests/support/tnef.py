"""Writes winmail.dat files as Outlook does (MS-OXTNEF), for tests of what reads them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

MESSAGE, FILE = 1, 2
NAMED = 1 << 16
STRING, UNICODE, BINARY, OBJECT, LONG, TIME = 0x1E, 0x1F, 0x102, 0x0D, 0x03, 0x40
MESSAGE_IID = bytes.fromhex("0703020000000000c000000000000046")
Property = tuple[int, int, str | bytes | int]


def attribute(level: int, tag: int, value: bytes) -> bytes:
    checksum = sum(value) & 0xFFFF
    return struct.pack("<BII", level, tag, len(value)) + value + struct.pack("<H", checksum)


def padded(raw: bytes) -> bytes:
    return struct.pack("<I", len(raw)) + raw + bytes(-len(raw) % 4)


def properties(items: Iterable[Property], page: str = "cp1252") -> bytes:
    """(id, type, value) each; strings get their final NUL here. Ids from NAMED on are numbers of
    named properties."""
    out = []
    for identity, kind, value in items:
        head = struct.pack("<HH", kind, min(identity, 0x8000))
        if identity >= NAMED:
            head += bytes(16) + struct.pack("<II", 0, identity - NAMED)
        if isinstance(value, int):
            out.append(head + struct.pack("<q" if kind == TIME else "<i", value))
            continue
        if isinstance(value, str):
            value = f"{value}\0".encode("utf-16-le" if kind == UNICODE else page)
        out.append(head + struct.pack("<I", 1) + padded(value))
    return struct.pack("<I", len(out)) + b"".join(out)


def compressed(rtf: bytes) -> bytes:
    """RTF packed without looking for repetitions: every byte as it is."""
    stream = b"".join(b"\0" + rtf[at : at + 8] for at in range(0, len(rtf), 8))
    checksum = zlib.crc32(stream, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<III", len(stream) + 12, len(rtf), 0x75465A4C) + (
        struct.pack("<I", checksum) + stream
    )


@dataclass
class TnefFile:
    title: bytes
    data: bytes = b""
    properties: list[Property] = field(default_factory=list)


def tnef(
    files: Iterable[TnefFile] = (),
    held: Iterable[Property] = (),
    *,
    page: int = 1252,
    body: bytes = b"",
    subject: bytes = b"",
    recipients: Iterable[list[Property]] = (),
) -> bytes:
    """A whole winmail.dat; page 0 leaves the code page out."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += attribute(MESSAGE, 0x00089006, struct.pack("<I", 0x10000))
    if page:
        out += attribute(MESSAGE, 0x00069007, struct.pack("<II", page, 0))
    if subject:
        out += attribute(MESSAGE, 0x00018004, subject + b"\0")
    if body:
        out += attribute(MESSAGE, 0x0002800C, body + b"\0")
    rows = list(recipients)
    if rows:
        table = struct.pack("<I", len(rows)) + b"".join(properties(row) for row in rows)
        out += attribute(MESSAGE, 0x00069004, table)
    out += attribute(MESSAGE, 0x00069003, properties(held))
    for file in files:
        out += attribute(FILE, 0x00069002, bytes(14))
        out += attribute(FILE, 0x00018010, file.title + b"\0")
        if file.data:
            out += attribute(FILE, 0x0006800F, file.data)
        out += attribute(FILE, 0x00069005, properties(file.properties))
    return out
