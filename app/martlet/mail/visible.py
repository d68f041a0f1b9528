"""Text that people wrote or pasted, as one line that is what it looks like.

Without line ends, control characters, lone surrogates, characters that turn the writing round and
those that nobody sees; but for the joiners that some scripts and emoji need.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn"})
_JOINERS = "\u200c\u200d"
_BLANK = frozenset({"Zl", "Zp"})
# Letters and marks to Unicode, of which nothing is seen
_LINE_END = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_EMPTY = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")


def visible(text: str) -> str:
    """White space of any kind as single spaces, trimmed; nothing that is not seen."""
    if _is_plain(text):
        return " ".join(text.split())
    kept = (" " if c.isspace() or _kind(c) in _BLANK else c for c in text if _seen(c))
    return " ".join("".join(kept).split())


def visible_lines(text: str, most: int) -> list[str]:
    """The lines of a text with their spaces and tabs, nothing that is not seen in them; of more
    than `most` the first ones."""
    lines = _LINE_END.split(text, most)[:most]
    return [line if _is_plain(line) else _seen_of(line) for line in lines]


def _is_plain(line: str) -> bool:
    return line.isascii() and line.isprintable()


def _seen_of(line: str) -> str:
    return "".join(char for char in line if char == "\t" or (_seen(char) and _kind(char) != "Cc"))


def _kind(char: str) -> str:
    return unicodedata.category(char)


def _seen(char: str) -> bool:
    if char in _EMPTY:
        return False
    return char in _JOINERS or char.isspace() or _kind(char) not in _UNSEEN
