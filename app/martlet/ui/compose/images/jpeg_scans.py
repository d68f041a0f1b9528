"""Whether a JPEG can be unpacked a strip at a time, so that only what is shown of it costs memory.

One in several scans (a progressive one, or one colour after another) is held whole, in two bytes
for each sample, before its first line is known.
"""

from __future__ import annotations

_MOST_MARKERS = 2000
_SEQUENTIAL = (0xC0, 0xC1)
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # tables, which stand among the numbers of frames
_SCAN = 0xDA
# Of no length: a byte of data, one that fills up
_BARE = (0x00, 0x01, 0xFF, *range(0xD0, 0xD9))


def in_one_scan(data: bytes) -> bool:
    """By its head alone (ITU T.81, B.2): one sequential scan with all its colours. False for what
    is not understood. Never raises."""
    at, colours = 2, 0
    for _ in range(_MOST_MARKERS):
        at = data.find(b"\xff", at) + 1
        head = data[at : at + 9]
        if not at or len(head) < 9:
            return False
        marker, length = head[0], int.from_bytes(head[1:3], "big")
        if marker in _BARE:
            continue
        if marker == _SCAN:
            return colours > 0 and head[3] == colours
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            if marker not in _SEQUENTIAL:
                return False
            colours = head[8]
        at += 1 + length
    return False
