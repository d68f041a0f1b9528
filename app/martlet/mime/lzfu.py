"""Compressed RTF, as Outlook packs the text of a message (MS-OXRTFCP). Never raises."""

from __future__ import annotations

import struct
import zlib

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_HEADER = struct.Struct("<IIII")
_RING = 4096
# What every packer and unpacker has in its window before the first byte
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
MAX_RTF = 2 << 20


def decompress(packed: bytes, limit: int = MAX_RTF) -> tuple[bytes, bool]:
    """The RTF, at most so many bytes of it, and whether all of it came out as it went in."""
    if len(packed) < _HEADER.size:
        return b"", False
    _, size, magic, checksum = _HEADER.unpack_from(packed)
    if magic == _PLAIN:
        found = packed[_HEADER.size :][: min(size, limit)]
        return found, len(found) == size
    if magic != _COMPRESSED:
        return b"", False
    sound = checksum == zlib.crc32(packed[_HEADER.size :], 0xFFFFFFFF) ^ 0xFFFFFFFF
    found = _expanded(packed, min(size, limit))
    return found, sound and len(found) == size


def _expanded(packed: bytes, size: int) -> bytes:
    out = bytearray(_KNOWN)
    limit = len(_KNOWN) + size
    position, end = _HEADER.size, len(packed)
    while position < end and len(out) < limit:
        flags = packed[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                if position >= end:
                    break
                out.append(packed[position])
                position += 1
                continue
            if position + 1 >= end:
                return bytes(out[len(_KNOWN) : limit])
            token = packed[position] << 8 | packed[position + 1]
            position += 2
            # A place in the ring; the one that is written next means the end
            back = (len(out) - (token >> 4)) % _RING
            length = (token & 15) + 2
            if not back or back > len(out):
                return bytes(out[len(_KNOWN) : limit])
            start = len(out) - back
            if back >= length:
                out += out[start : start + length]
            else:
                for place in range(start, start + length):
                    out.append(out[place])
    return bytes(out[len(_KNOWN) : limit])
