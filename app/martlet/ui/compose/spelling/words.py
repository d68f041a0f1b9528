"""Which words of a paragraph are looked up at all: no addresses, paths, numbers, code or Chinese.

Pure. Positions are in code points of the text that was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Scripts without spaces between words have no dictionary that could help.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
# Accents and vowel points that stand by themselves belong to the letter before.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f"
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W\d_][{_MARKS}]*)"
_WORD = re.compile(rf"{_LETTER}+(?:['\u2019]{_LETTER}+)*")
# Addresses, paths, names of files and of things in programs: what hangs together without spaces
# and has a sign in it that no sentence has there. A slash alone may stand between two words.
_THING = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)\S+|\S+@\S+|[~.]?/\S+/\S*|[A-Za-z]:\\\S*|\S*\\\S+"
    r"|[\w-]*_[\w-]*|\w+\.\w+(?:[./]\w+)*|\$\w+|[#@]\w+|\{\{[^{}]*\}\}|`[^`]*`",
    re.IGNORECASE,
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be looked up, from `start` on. text: as a dictionary has it (straight quotes)."""

    start: int
    length: int
    text: str


def words_of(text: str) -> list[Word]:
    """The words of a paragraph, in their order."""
    things = [(found.start(), found.end()) for found in _THING.finditer(text)]
    found: list[Word] = []
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while at < len(things) and things[at][1] <= start:
            at += 1
        if at < len(things) and things[at][0] < end:
            continue
        word = match[0].replace("\u2019", "'")
        if _is_plain(word) and not _beside_digit(text, start, end):
            found.append(Word(start, end - start, word))
    return found


def _is_plain(word: str) -> bool:
    """No single letter, abbreviation in capitals or camelCase."""
    if len(word) < 2 or len(word) > _LONGEST or word.isupper():
        return False
    return not any(c.isupper() for c in word[1:]) or "'" in word


def _beside_digit(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return before.isdigit() or after.isdigit()
