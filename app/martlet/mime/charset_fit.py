"""Whether text that was read as its label says can be what was written, and what it is if not.

Two-byte characters of one charset mostly are some characters in another as well: such as nobody
writes. Letters of a wrong Cyrillic one change between small and capital. Never raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from martlet.mime.charset_guess import guess

# Of text, characters looked at; and how much of it may be rare in what is sensible, or is in what
# is not.
_SAMPLE = 4_000
_FEW = 0.05
_MANY = 0.25
_CAPITALS = 0.6
# Of fewer characters the guess is worth little.
_SHORT = 8

# Rows of the characters that people write, as the two-byte standards sort them.
_FREQUENT: dict[str, tuple[str, tuple[range, ...], range]] = {
    "gb18030": ("gb2312", (range(0xA1, 0xA4), range(0xB0, 0xD8)), range(0xA1, 0xFF)),
    "cp950": ("big5", (range(0xA1, 0xC7),), range(0x40, 0xFF)),
    "cp932": ("euc_jp", (range(0xA1, 0xA9), range(0xB0, 0xD0)), range(0xA1, 0xFF)),
    "euc_jp": ("euc_jp", (range(0xA1, 0xA9), range(0xB0, 0xD0)), range(0xA1, 0xFF)),
    "cp949": ("euc_kr", (range(0xA1, 0xA4), range(0xB0, 0xC9)), range(0xA1, 0xFF)),
}
_ALIKE = {"big5hkscs": "cp950", "shift_jisx0213": "cp932", "euc_jisx0213": "euc_jp"}
_CYRILLIC = frozenset({"koi8_r", "koi8-r", "koi8_u", "koi8-u", "cp1251"})
_CHINESE = frozenset({"gb18030", "cp950", "big5hkscs"})
_LETTER = re.compile("[\u0400-\u045f]")
_SMALL = "\u0430"
_WRONG_WAY = re.compile("[\u0430-\u045f][\u0400-\u042f]{2,}")
# Ideographs, kana, hangul, for private use, and what could not be read.
_OF_EAST_ASIA = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\ue000-\ufaff\ufffd]")


def fits(text: str, codec: str) -> bool:
    """Whether text that was read by this codec (as Python names it) can be what was written; True
    for those of which nothing is known."""
    if text.isascii():
        return True
    if codec in _CYRILLIC:
        letters = _LETTER.findall(text[:_SAMPLE])
        capitals = sum(letter < _SMALL for letter in letters)
        return capitals <= len(letters) * _CAPITALS or not _WRONG_WAY.search(text[:_SAMPLE])
    if _ALIKE.get(codec, codec) not in _FREQUENT:
        return True
    found = _OF_EAST_ASIA.findall(text[:_SAMPLE])
    rare = sum(char not in _written() for char in found)
    return rare < 2 or rare <= len(found) * _MANY


def otherwise(raw: bytes, codec: str) -> tuple[str, str] | None:
    """(text, codec) of what did not fit, if it is something else for certain."""
    first = _codec(guess(raw))
    candidates = [first] if first in _CYRILLIC else []
    if codec not in _CYRILLIC:
        candidates += [name for name in _FREQUENT if name != _ALIKE.get(codec, codec)]
    sure = list(_sensible(raw, candidates))
    # Of a few characters the guess is worth little, unless they are Chinese one way or the other
    if len(sure) > 1 and len(sure[0][0]) < _SHORT and codec not in _CHINESE:
        return None
    guessed = next((one for one in sure if one[1] == first), None)
    return guessed or (sure[0] if len(sure) == 1 and len(sure[0][0]) >= _SHORT else None)


def _sensible(raw: bytes, candidates: list[str]) -> Iterator[tuple[str, str]]:
    for name in candidates:
        try:
            text = raw.decode(name)
        except (UnicodeError, ValueError):
            continue
        foreign = [char for char in text[:_SAMPLE] if char > "\x7f"]
        if name in _CYRILLIC:
            rare = len(foreign) - len(_LETTER.findall(text[:_SAMPLE]))
        else:
            rare = sum(char not in _written_in(name) for char in foreign)
        if fits(text, name) and rare <= len(foreign) * _FEW:
            yield text, name


def _codec(label: str) -> str:
    name = label.lower().replace("_", "-")
    known = {
        "big5": "cp950", "big5-hkscs": "cp950", "shift-jis": "cp932", "euc-jp": "euc_jp",
        "euc-kr": "cp949", "uhc": "cp949", "windows-1251": "cp1251",
    }  # fmt: skip
    return "gb18030" if name.startswith("gb") else known.get(name, name)


@lru_cache(maxsize=1)
def _written() -> frozenset[str]:
    """Somewhere in East Asia: a text may be Chinese of Taiwan in the charset of the mainland."""
    return frozenset().union(*map(_written_in, _FREQUENT))


@lru_cache(maxsize=8)
def _written_in(codec: str) -> frozenset[str]:
    reference, rows, trails = _FREQUENT[codec]
    pairs = b"".join(bytes((lead, trail)) for row in rows for lead in row for trail in trails)
    return frozenset(pairs.decode(reference, "ignore"))
