"""What charset text is in when nothing says so, or what says so is wrong. Never raises.

A statistical guess, corrected where little text misleads it: names, subjects, file names.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import cchardet

# cchardet wants evidence, not volume.
_SAMPLE = 65536


def guess(raw: bytes) -> str:
    """The likely charset of text that is not UTF-8; "" if nothing can be said."""
    sample = raw[:_SAMPLE]
    found = cchardet.detect(sample).get("encoding") or ""
    if _western(sample, found.lower()):
        return "cp1252"
    name = found.lower()
    pairs = _pairs(sample)
    # Kana have rows of their own, which Chinese senders have no use for
    if pairs and sum(lead in (0xA4, 0xA5) for lead, _ in pairs) * 3 > len(pairs):
        return "euc-jp"
    if name.startswith(("gb", "big5", "euc", "shift", "uhc", "cp949", "iso-2022", "hz")):
        if name == "uhc":
            return "cp949"
        return found
    # It knows no frequencies for a few characters: names, subjects, file names.
    if pairs and _share(pairs, _gb2312_frequent) >= 0.85:
        return "gb18030"
    if len(pairs) > 1 and _share(pairs, _big5_frequent) >= 0.9 and _dense(sample, pairs):
        return "big5"
    return found


def _pairs(raw: bytes) -> list[tuple[int, int]]:
    """Two-byte characters as Chinese encodings cut them; empty if it cannot be one."""
    pairs: list[tuple[int, int]] = []
    i, n = 0, min(len(raw), 2000)
    while i < n:
        if raw[i] < 0x80:
            i += 1
            continue
        if i + 1 >= len(raw) or raw[i] in (0x80, 0xFF) or raw[i + 1] < 0x40:
            return []
        pairs.append((raw[i], raw[i + 1]))
        i += 2
    return pairs


def _gb2312_frequent(lead: int, trail: int) -> bool:
    # Level 1 (3,755 characters by pinyin) and punctuation
    return trail >= 0xA1 and (0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3)


def _big5_frequent(lead: int, trail: int) -> bool:
    return 0xA1 <= lead <= 0xC6 and (trail <= 0x7E or trail >= 0xA1)


def _share(pairs: list[tuple[int, int]], frequent: Callable[[int, int], bool]) -> float:
    return sum(frequent(*p) for p in pairs) / len(pairs)


def _dense(raw: bytes, pairs: list[tuple[int, int]]) -> bool:
    return len(pairs) * 2 * 2 >= min(len(raw), 2000)


_RUN = re.compile(rb"[\x80-\xff]+")
_CENTRAL = ("windows-1250", "iso-8859-2", "windows-1254", "iso-8859-9", "windows-1257")


def _western(raw: bytes, found: str) -> bool:
    """Single accented letters among plain ones: no Cyrillic or Greek looks like that."""
    runs = _RUN.findall(raw)
    single = sum(len(run) == 1 for run in runs)
    plain = sum(65 <= (byte | 32) - 32 <= 90 for byte in raw)
    if not runs or single < len(runs) * 0.7 or plain < len(runs) * 2:
        return False
    return found not in _CENTRAL or len(runs) < 6
