"""COMPRESS=DEFLATE (RFC 4978): a raw deflate stream each way over one line, in bounded steps.

What arrives is inflated a step at a time, as it is wanted: a few kilobytes that would become
gigabytes wait here as the few kilobytes they are.
"""

from __future__ import annotations

import zlib

STEP = 256 * 1024  # bytes, inflated at once
_RAW = -15


class Deflated:
    """Both directions. waiting: whether more can be inflated of what has arrived already."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(_RAW)
        self._deflater = zlib.compressobj(wbits=_RAW)
        self._left = b""
        self.waiting = False

    def inflate(self, data: bytes = b"") -> bytes:
        """At most STEP bytes more of what was said; b"" when that needs more data.

        Raises zlib.error on what is no deflate stream, and at its end.
        """
        if self._inflater.eof:
            raise zlib.error("the compressed stream has ended")
        found = self._inflater.decompress(self._left + data if self._left else data, STEP)
        self._left = self._inflater.unconsumed_tail
        # A full step may leave output inside zlib even when all input is taken. At the end of the
        # stream there is the error to be had.
        self.waiting = bool(self._left) or len(found) == STEP or self._inflater.eof
        return found

    def deflate(self, data: bytes | bytearray | memoryview) -> bytes:
        """What to send, so that the other side can read all of it at once."""
        return self._deflater.compress(data) + self._deflater.flush(zlib.Z_SYNC_FLUSH)
