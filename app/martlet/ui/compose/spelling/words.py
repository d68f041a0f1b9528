"""Which words of a paragraph are looked up at all: no addresses, paths, numbers, code or Chinese.

Pure, and in linear time: paragraphs of Chinese have no spaces, and each key looks here. Positions
are in code points of the text that was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Scripts without spaces between words have no dictionary that could help. Letters of full width
# stand among them.
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u1aaf\u1b00-\u1b7f\u2e80-\ua4cf"
    "\ua960-\ua9df\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U00016fe0-\U00018dff\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
# Accents and vowel points that stand by themselves belong to the letter before.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f"
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W\d_][{_MARKS}]*)"
_WORD = re.compile(rf"{_LETTER}+(?:['\u2019]{_LETTER}+)*")
# Addresses, and what is set apart as code, as something to be filled in or as a tag.
_APART = re.compile(
    r"(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{0,30}://|www\.|mailto:)\S+"
    r"|\{\{[^{}]*\}\}|`[^`]*`|</?[a-z][^<>]{0,300}>",
    re.IGNORECASE,
)
_PIECE = re.compile(rf"[^\s{_UNSPACED}]+")
# Of what hangs together without spaces: signs that no sentence has there, as addresses, paths,
# names of files and of things in programs have them. One slash may stand between two words.
_THING = re.compile(
    r"[@\\_]|/[^/]*/|\w\.\w|\w:\d|[\w\])]=[\w\[(\"'$-]|::|->|\w\(\)|\w&\w+=|^\W*(?:[#$%]\w|--\w|\.?/\w|~/)"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Word:
    """A word to be looked up, from `start` on. text: as a dictionary has it (straight quotes,
    letters and their accents in one)."""

    start: int
    length: int
    text: str


def words_of(text: str) -> list[Word]:
    """The words of a paragraph, in their order."""
    things = list(_things(text))
    found: list[Word] = []
    at = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        while at < len(things) and things[at][1] <= start:
            at += 1
        if at < len(things) and things[at][0] < end:
            continue
        word = unicodedata.normalize("NFC", match[0].replace("\u2019", "'"))
        if _is_plain(word) and not _beside_digit(text, start, end):
            found.append(Word(start, end - start, word))
    return found


def _things(text: str) -> Iterator[tuple[int, int]]:
    """Where no words are looked for, in order."""
    at = 0
    for apart in _APART.finditer(text):
        yield from _pieces(text, at, apart.start())
        yield apart.span()
        at = apart.end()
    yield from _pieces(text, at, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for piece in _PIECE.finditer(text, start, end):
        if _THING.search(piece[0]):
            yield piece.span()


def _is_plain(word: str) -> bool:
    """No single letter, abbreviation in capitals or camelCase."""
    if len(word) < 2 or len(word) > _LONGEST or word.isupper():
        return False
    return not any(c.isupper() for c in word[1:]) or "'" in word


def _beside_digit(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return before.isdigit() or after.isdigit()
