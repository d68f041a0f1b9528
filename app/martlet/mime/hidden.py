"""Characters that cannot be seen, or turn the text around them, where no language needs them.

The sets are parts of a regular expression's class; who cleans or judges texts takes what it needs.
Joiners and the choice between forms of a letter or picture are in none: there they are seen.
"""

from __future__ import annotations

import re
import unicodedata

# Nothing is seen of these in any language, but perhaps a blank: fillers, signs of no width, marks
# of programs and of music and shorthand, and what is set aside for more such.
NEVER_SEEN = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
# Some need these: where words may be cut, which way a sign between two writings belongs, and what a
# flag is of. A line of ours reads as well without.
SEEN_SOMEWHERE = "\u00ad\u061c\u200e\u200f\U000e0020-\U000e007f"
# Overrides, embeddings and isolates (UAX 9)
TURNING = "\u202a-\u202e\u2066-\u2069"
# C0 and C1 but tabs and ends of lines
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"

# Overrides: letters are shown in another order than they stand. Nobody's name needs that.
_OVERRIDES = re.compile("[\u202d\u202e]")
# Embeddings and isolates: address books put one pair around a whole name.
_WRAPPED = re.compile(
    "\\A[\u202a\u202b\u2066-\u2068]([^\u202a-\u202e\u2066-\u2069]*)[\u202c\u2069]\\Z"
)
_TURNING = re.compile("[\u202a-\u202c\u2066-\u2069]")
_MARKS = re.compile("[\u200e\u200f\u061c]")
_JOINERS = re.compile("[\u200c\u200d]")
_NOTHING = re.compile(f"[{NEVER_SEEN}\u00ad\u180b-\u180f\U000e0020-\U000e007f]")
# Escape and "next line" stand in text whose charset is told wrong.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
# A flag of a part of a country is a black flag, letters of the tag block and their end.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f")


def turns(text: str) -> bool:
    """Whether some of it is shown in another order than it stands in."""
    if text.isascii() or not (_OVERRIDES.search(text) or _TURNING.search(text)):
        return False
    inner = _WRAPPED.sub(r"\1", text.strip())
    return bool(_OVERRIDES.search(inner) or _TURNING.search(inner))


def hides(text: str) -> bool:
    """Whether it holds characters that cannot be seen and that its language has no use for."""
    if text.isascii():
        return bool(_CONTROLS.search(text))
    text = _FLAG.sub("", text).removeprefix("\ufeff")  # a mark that careless programs leave
    if _NOTHING.search(text) or _CONTROLS.search(text):
        return True
    if _MARKS.search(text) and not any(
        unicodedata.bidirectional(char) in ("R", "AL")
        for char in text
        if char not in "\u200f\u061c"
    ):
        return True
    return any(not _joins(text, match.start()) for match in _JOINERS.finditer(text))


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands after a letter of a script that joins, or between pictures."""
    before = text[place - 1 : place] if place else ""
    if not before:
        return False
    kind = unicodedata.category(before)
    if kind in ("So", "Sk", "Mn", "Mc", "Cf") or before == "\ufe0f":
        return True  # pictures and their colours, vowel signs and viramas
    return not before.isascii() and unicodedata.name(before, "").split(" ")[0] not in _STIFF


_STIFF = frozenset(
    {"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CJK", "HIRAGANA", "KATAKANA", "HANGUL"}
)
