"""Characters that cannot be seen, or turn the text around them, where no language needs them."""

from __future__ import annotations

import re
import unicodedata

# Overrides: letters are shown in another order than they stand. Nobody's name needs that.
_OVERRIDES = re.compile("[\u202d\u202e]")
# Embeddings and isolates: address books put one pair around a whole name.
_WRAPPED = re.compile(
    "\\A[\u202a\u202b\u2066-\u2068]([^\u202a-\u202e\u2066-\u2069]*)[\u202c\u2069]\\Z"
)
_TURNING = re.compile("[\u202a-\u202c\u2066-\u2069]")
_MARKS = re.compile("[\u200e\u200f\u061c]")
_JOINERS = re.compile("[\u200c\u200d]")
_NOTHING = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001-\U000e007f]"
)
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
