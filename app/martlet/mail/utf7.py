"""Modified UTF-7 (RFC 3501, 5.1.3), as folder names and other programs' keywords are written."""

from __future__ import annotations

import base64
import re

_OUTSIDE = re.compile(r"[^\x20-\x7e]+|&")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def encoded(text: str) -> str:
    """The text in ASCII. UnicodeEncodeError: it holds half a surrogate pair."""
    return _OUTSIDE.sub(lambda found: _shift(found[0]), text)


def decoded(text: str) -> str:
    """What ASCII stands for. binascii.Error, UnicodeDecodeError: it is no modified UTF-7."""
    return _SHIFTED.sub(lambda found: _unshift(found[1]), text)


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
