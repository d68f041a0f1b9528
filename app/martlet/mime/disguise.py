"""Whether a file's name was written to be read as another: what `clean` takes out, told once more.

Judges no name; says only that it held characters that turn the writing round or that nobody sees.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from martlet.mime.headers import Headers
from martlet.mime.hidden import NEVER_SEEN, TURNING
from martlet.mime.words import decode_words, raw_text

# Not the marks and joiners that Arabic, Hebrew, Persian and emoji need; of the controls not
# escape, by which Japanese is written, nor the upper ones, which are bytes of text here.
_HIDING = re.compile(f"[{NEVER_SEEN}{TURNING}\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
_MOST = 8000


def disguised(headers: Headers) -> bool:
    """Of the name in Content-Disposition or Content-Type (RFC 2183, 2231, 2047 or raw bytes)."""
    return any(
        _hides(headers.get(field)[:_MOST]) for field in ("content-disposition", "content-type")
    )


def _hides(raw: bytes) -> bool:
    if raw.isascii() and b"%" not in raw and b"=?" not in raw:
        return bool(_HIDING.search(raw.decode("ascii")))
    text = raw_text(raw)
    if _HIDING.search(text) or _HIDING.search(decode_words(text)):
        return True
    return bool(_HIDING.search(unquote_to_bytes(text).decode("utf-8", "replace")))
