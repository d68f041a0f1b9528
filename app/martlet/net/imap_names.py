"""Folder names on the IMAP wire: modified UTF-7 (RFC 3501, 5.1.3) and safe quoting.

Decoding is tolerant: a name that is no modified UTF-7 is taken as UTF-8 and, where that fails,
as Latin-1, so that every folder has a name. `encode` of what `decode` made may then differ
from what the server said; the session remembers the server's own spelling for that case.
"""

from __future__ import annotations

import base64
import binascii
import re

from martlet.mail.errors import Refused

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_OUTSIDE = re.compile(r"[^\x20-\x7e]+|&")


def encode(name: str) -> bytes:
    """The name in modified UTF-7. Refused when it holds what no folder name may."""
    if not name or any(ord(c) < 32 or 127 <= ord(c) < 160 for c in name):
        raise Refused("This folder name holds characters that a folder name cannot have.")
    try:
        return _OUTSIDE.sub(lambda found: _shift(found[0]), name).encode("ascii")
    except UnicodeEncodeError:
        raise Refused("This folder name is not valid text.") from None


def decode(raw: bytes) -> str:
    """The name a server means; never fails."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("latin-1")
    if "&" not in text:
        return text
    try:
        return _SHIFTED.sub(lambda found: _unshift(found[1]), text)
    except (binascii.Error, UnicodeDecodeError):
        return text


def quoted(raw: bytes) -> bytes:
    """A quoted string (RFC 9051, 4.3). Refused when it cannot be one."""
    if any(c in raw for c in b"\r\n\0"):
        raise Refused("This text cannot be sent to the server: it holds a line break.")
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _shift(text: str) -> str:
    if text == "&":
        return "&-"
    coded = base64.b64encode(text.encode("utf-16-be")).rstrip(b"=").replace(b"/", b",")
    return f"&{coded.decode('ascii')}-"


def _unshift(coded: str) -> str:
    if not coded:
        return "&"
    padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
    return base64.b64decode(padded).decode("utf-16-be")
