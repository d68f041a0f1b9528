"""MAPI properties as TNEF carries them (MS-OXTNEF, 2.1.3.4). Never raises; bounded by its input."""

from __future__ import annotations

import struct

from martlet.mime.charset import decode

Value = int | str | bytes
Properties = dict[int, Value]

_U32 = struct.Struct("<I")
_I64 = struct.Struct("<q")
_MANY = 0x1000
_FIRST_NAMED = 0x8000
# What the number of a named property is joined with: its own id means nothing by itself
NAMED = 1 << 16
_INT, _BOOL, _I8, _TIME = 0x0003, 0x000B, 0x0014, 0x0040
_STRING, _UNICODE, _OBJECT, _BINARY = 0x001E, 0x001F, 0x000D, 0x0102
# Bytes of each value, as padded
_FIXED = {
    0x0001: 0, 0x0002: 4, _INT: 4, 0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4,
    _BOOL: 4, _I8: 8, _TIME: 8, 0x0048: 16,
}  # fmt: skip
_VARIABLE = frozenset({_STRING, _UNICODE, _OBJECT, _BINARY})
# Messages have a hundred or two
MAX_PROPERTIES = 1_000


class Damaged(Exception):
    """What follows cannot be read."""


class Bytes:
    """Reads one value after the other. Raises Damaged where there is no more."""

    __slots__ = ("_data", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self._data = data
        self.position = position

    def take(self, size: int) -> bytes:
        found = self._data[self.position : self.position + size]
        if len(found) < size:
            raise Damaged
        self.position += size
        return found

    def number(self) -> int:
        return int(_U32.unpack(self.take(4))[0])

    def padded(self) -> bytes:
        """A length, so many bytes, and as many as fill up four."""
        size = self.number()
        found = self.take(size)
        self.position += -size % 4
        return found

    @property
    def left(self) -> int:
        return len(self._data) - self.position


def properties(reader: Bytes, page: int) -> tuple[Properties, bool]:
    """The properties by id (`NAMED` | number for named ones), and whether all could be read.

    page: code page of 8-bit strings. Of several values the first counts; times are in 100 ns since
    1601.
    """
    found: Properties = {}
    try:
        for _ in range(min(reader.number(), MAX_PROPERTIES)):
            value = _property(reader, page)
            if value is not None and value[0] not in found:
                found[value[0]] = value[1]
    except Damaged:
        return found, False
    return found, True


def _property(reader: Bytes, page: int) -> tuple[int, Value] | None:
    tag = reader.number()
    kind, identity = tag & 0xFFFF, tag >> 16
    if identity >= _FIRST_NAMED:
        reader.take(16)
        if reader.number():
            reader.padded()
            identity = 0  # named by words: nobody asks for those
        else:
            identity = NAMED | (reader.number() & 0xFFFF)
    many = bool(kind & _MANY)
    kind &= ~_MANY
    count = 1
    if many or kind in _VARIABLE:
        count = reader.number()
    if kind in _FIXED:
        size = _FIXED[kind]
        if size * count > reader.left:
            raise Damaged
        raw = reader.take(size)
        reader.position += size * (count - 1) if count else -size
        if many or not size:
            return None
        if size == 8:
            return identity, int(_I64.unpack(raw)[0])
        return (identity, int(_U32.unpack(raw)[0])) if size == 4 else None
    if kind not in _VARIABLE or count > reader.left // 4:
        raise Damaged
    values = [reader.padded() for _ in range(count)]
    if many or not values:
        return None
    return identity, _text(values[0], kind, page) if kind in (_STRING, _UNICODE) else values[0]


def _text(raw: bytes, kind: int, page: int) -> str:
    if kind == _UNICODE:
        text = raw[: len(raw) & ~1].decode("utf-16-le", "replace")
    else:
        text = decode(raw, f"cp{page}" if page else "")
    return text.partition("\x00")[0]
