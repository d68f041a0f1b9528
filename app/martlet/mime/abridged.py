"""A large message for what reads its words: the same but for most of each file's base64."""

from __future__ import annotations

import re
from collections.abc import Iterable

KEPT = 1 << 16
"""Bytes kept of each run of base64; more than any text that is worth a preview begins with."""
MOST = 32 << 20
"""Bytes of the whole at most; what comes later is cut off."""
_RUN = re.compile(rb"(?m)^(?:[A-Za-z0-9+/]{60,76}\r?\n){16,}")


def abridged(pieces: Iterable[bytes]) -> bytes:
    """Header, structure and texts as they are; files say less than they have."""
    out = bytearray()
    room = KEPT  # left in the run of base64 that we are in
    held = b""
    for piece in pieces:
        data = held + piece
        end = data.rfind(b"\n") + 1
        # A line without end is no base64 of ours, and not held back for ever.
        if not end and len(data) > KEPT:
            end = len(data)
        held = data[end:]
        data = data[:end]
        at = 0
        for run in _RUN.finditer(data):
            if run.start() > at:
                out += data[at : run.start()]
                room = KEPT
            kept = data[run.start() : min(run.end(), run.start() + room)]
            # Whole lines only
            out += kept[: kept.rfind(b"\n") + 1]
            room -= len(kept)
            at = run.end()
        if at < len(data):
            out += data[at:]
            if len(data) - at > KEPT:
                room = KEPT
        if len(out) > MOST:
            return bytes(out[:MOST])
    return bytes(out + held)
