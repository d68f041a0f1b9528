"""A message of which a server has shown the header, as a MIME message that can be stored and shown.

Its body is empty, and its one part is the section "1". Never raises on any bytes.
"""

from __future__ import annotations

from martlet.mime.parse import parse

_LONGEST_HEADER = 256 << 10


def header_only(shown: bytes) -> bytes:
    """shown: a header, maybe with some of what follows it."""
    header, found, _ = shown.partition(b"\r\n\r\n")
    if not found:
        header, found, _ = shown.partition(b"\n\n")
    header = header[:_LONGEST_HEADER].rstrip(b"\r\n")
    raw = header + b"\r\n\r\n"
    read = parse(raw)
    root = read.part("1")
    if root is None or not root.content_type.startswith("multipart/"):
        return raw
    # One part without anything in it: else it is said to be damaged.
    boundary = root.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
    if not boundary:
        return raw
    return raw + b"--" + boundary + b"\r\n\r\n\r\n--" + boundary + b"--\r\n"
