"""What a sender wrote, made fit for a label: bounded, breakable, and with its own direction. Pure.

That it is one line without invisible characters is seen to where it is read (`mime/words.py`).
"""

from __future__ import annotations

import html
import re
import unicodedata

_LONG_WORD = 28
_PIECE = 20
_WORDS = re.compile(rf"\S{{{_LONG_WORD},}}")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_BREAK = "\u200b"


def escaped(text: str) -> str:
    """For a label of rich text."""
    return html.escape(text, quote=True)


def tip(text: str) -> str:
    """For a tool tip, which takes for markup whatever looks like it, pictures of it too."""
    lines = "<br>".join(escaped(line) for line in text.split("\n"))
    return f"<p style='white-space:pre-wrap'>{lines}</p>" if text else ""


def cut(text: str, most: int) -> str:
    """At most so many characters, the last being "…" if any had to go."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def cut_inside(text: str, most: int) -> str:
    """The same in the middle: of an address the end says most."""
    if len(text) <= most:
        return text
    after = most // 2
    return f"{text[: most - after - 1]}…{text[-after:]}"


def breakable(text: str) -> str:
    """Words too long for a narrow pane may be broken, after signs where there are any.

    Labels break only at spaces, and what does not fit they cut off.
    """
    return _WORDS.sub(lambda found: _broken(found[0]), text)


def _broken(word: str) -> str:
    pieces, since = [], 0
    for char in word:
        pieces.append(char)
        since += 1
        if (char in "@.-_/+=&" and since >= _PIECE // 2) or since >= _PIECE:
            pieces.append(_BREAK)
            since = 0
    return "".join(pieces)


def isolated(text: str) -> str:
    """A name from right to left does not turn its neighbours round (UAX 9, 2.4)."""
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if is_right_to_left(text) else text


def is_right_to_left(text: str) -> bool:
    """Whether any of it is written from right to left."""
    if text.isascii():
        return False
    return any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
