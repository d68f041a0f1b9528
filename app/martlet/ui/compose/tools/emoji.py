"""The emoji there are, by group, and finding one by what it is called.

Their English names are Unicode's; the words in German and Chinese, and those by which people
really look for the common ones, are our own (`emoji_words.py`).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from martlet.ui.compose.tools.emoji_words import WORDS

_PICTURE = "\ufe0f"
"""After a character that could also be shown as text: shown as a picture."""

# Of Unicode 14 those that are shown as pictures of their own accord, by what they are of.
_GROUPS: tuple[tuple[str, str], ...] = (
    ("Faces", "1F600-1F64A 1F910-1F917 1F920-1F92F 1F970-1F976 1F978-1F97A 1F9D0 1FAE0-1FAE5 "
              "1FAE6-1FAE8 1F479-1F47B 1F47D-1F480 1F4A9 1F47E 1F916 1F31A-1F31E"),
    ("People", "1F44A-1F450 1F64B-1F64F 270A-270B 1F446-1F449 1F90C-1F90F 1F918-1F91F 1F932 "
               "1F933 1FAF0-1FAF6 1F595 1F596 1F442-1F445 1F463-1F478 1F47C 1F481-1F487 1F4AA "
               "1F440 1F9E0 1F9CC 1FAC0 1FAC1 1FAC3-1FAC5 1F57A 1F926 1F930 1F931 1F934-1F93A "
               "1F93C-1F93E 1F977 1F9B4-1F9B9 "
               "1F9BB 1F9CD-1F9CF 1F9D1-1F9DF 1F3C2-1F3C4 1F3C7 1F3CA 1F6B4-1F6B6 1F6A3 1F6C0 "
               "1F6CC 1FAC2"),
    ("Hearts", "2764 1F48B-1F49F 1F5A4 1F90D 1F90E 1F9E1 1F4A2-1F4A8 1F4AB-1F4AD 1F4AF"),
    ("Nature", "1F400-1F43E 1F980-1F9AE 1FAB0-1FABA 1F331-1F335 1F337-1F344 1F490 1F30D-1F319 "
               "1F31F 1F320 1F940 1F300-1F30C 26C4 26C5 2B50 1F525 1F4A7 2728 26A1"),
    ("Food", "2615 1F32D-1F330 1F345-1F37C 1F37E 1F37F 1F950-1F96F 1F99E 1F9C0-1F9CB 1FAD0-1FAD9"),
    ("Activities", "1F380-1F393 1F3A0-1F3C1 1F3C5 1F3C6 1F3C8 1F3C9 1F3CF-1F3D3 1F3F8-1F3FA "
                   "26BD 26BE 26F3 1F3AE 1F0CF 1F004 1F93F 1F941-1F945 1F947-1F94F 1F9E9 "
                   "1FA80-1FA86 1FAA9"),
    ("Places", "1F3E0-1F3F0 1F5FB-1F5FF 1F680-1F6A2 1F6A4-1F6B3 1F6B7-1F6BF 1F6C1-1F6C5 "
               "1F6D5-1F6D7 1F6DD-1F6DF 1F6EB 1F6EC 1F6F4-1F6FC 26EA 26F2 26F5 26FA 26FD 2693 "
               "1F54B-1F54D 1F3AA"),
    ("Things", "231A 231B 23F0 23F3 1F4BA-1F4F7 1F4F8-1F4FC 1F4FF 1F451-1F462 1F50A-1F517 "
               "1F525-1F52E 1F4A1 1F4A3 1F4B0-1F4B9 1F484-1F48A 1FAAA-1FAAC 1F6D2 1F97B-1F97F "
               "1F97C 1F9AF 1F9BA 1F9BC-1F9BF 1F9E2-1F9FF 1FA70-1FA74 1FA78-1FA7C 1FA90-1FAA8 "
               "1F3F4 2614"),
    ("Signs", "2705 274C 274E 2753-2755 2757 2795-2797 27B0 2B1B 2B1C 2B55 26AA 26AB 26D4 267F "
              "2648-2653 26CE 23E9-23EC 1F500-1F509 1F518-1F524 1F52F-1F53D 1F550-1F567 "
              "1F7E0-1F7EB 1F7F0 1F192-1F19A 1F6AB 1F51E "
              "25FD 25FE 27BF 1F18E 1F191 1F201 1F21A 1F22F 1F232-1F236 1F238-1F23A 1F250 1F251 "
              "1F4AE 1F4A0 1F54E 1F6D0 1F6D1"),
)  # fmt: skip
_ALSO = {
    "Faces": "263A 2639", "People": "270C 261D 1F590 270D 1F441 1F574", "Hearts": "2764 2763",
    "Nature": "2600 2601 2744 2618 1F324 1F327",
    "Things": "2709 270F 1F5A8 2699 1F5D1 1F56F 1F576 2702 260E 1F5A5 1F5D3",
    "Signs": "2714 2716 26A0 27A1 2B05 2B06 2B07 267B 00A9 00AE 2122 2139", "Places": "2708",
    "Food": "1F336", "Activities": "1F3D6 1F396",
}  # fmt: skip
"""Those that are pictures only when that is asked for."""


@dataclass(frozen=True, slots=True)
class Emoji:
    """text: what is put in. name: Unicode's, in small letters. words: all it is found by."""

    text: str
    name: str
    group: str
    words: str


@cache
def all_emoji() -> tuple[Emoji, ...]:
    """Every one, group by group."""
    found: dict[str, Emoji] = {}
    for group, ranges in _GROUPS:
        also = _chars(_ALSO.get(group, ""))
        for char in (*_chars(ranges), *also):
            text = char + _PICTURE if char in also else char
            found.setdefault(char, _emoji(char, text, group))
    return tuple(found.values())


def groups() -> tuple[str, ...]:
    return tuple(name for name, _ranges in _GROUPS)


def look_up(words: str, limit: int = 120) -> list[Emoji]:
    """Those whose words begin with each of these (any case); the best known first."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    ranked: list[tuple[int, int, Emoji]] = []
    for number, each in enumerate(all_emoji()):
        rank = max(_rank(each, word) for word in wanted)
        if rank < _NOT:
            ranked.append((rank, number, each))
    ranked.sort(key=lambda found: found[:2])
    return [each for _rank_, _number, each in ranked[:limit]]


_NOT = 9


def _rank(emoji: Emoji, word: str) -> int:
    known = WORDS.get(emoji.text.removesuffix(_PICTURE), "")
    if f" {word} " in f" {known} ":
        return 0
    if f" {word}" in f" {emoji.words}":
        return 1 if known else 2
    # Chinese has no spaces between words; a part of a German word is often what is looked for.
    if word in emoji.words and (not word.isascii() or len(word) > 3):
        return 3
    return _NOT


def _emoji(char: str, text: str, group: str) -> Emoji:
    name = unicodedata.name(char, "").lower()
    return Emoji(text, name, group, f"{name} {WORDS.get(char, '')}".replace("-", " "))


def _chars(ranges: str) -> list[str]:
    found: list[str] = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            if unicodedata.name(chr(code), ""):
                found.append(chr(code))
    return found
