"""How urgent a letter is called, and by which fields that is said (RFC 2156, and custom)."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class Priority(Enum):
    """How urgent the writer calls a letter (X-Priority, Importance, Priority)."""

    HIGHEST = "highest"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"
    LOWEST = "lowest"


_NUMBERS = {
    "1": Priority.HIGHEST,
    "2": Priority.HIGH,
    "4": Priority.LOW,
    "5": Priority.LOWEST,
}
_WORDS = {
    "high": Priority.HIGH,
    "urgent": Priority.HIGH,
    "low": Priority.LOW,
    "non-urgent": Priority.LOW,
}


def said_by(field: Callable[[str], str]) -> Priority:
    """By the fields of a message. field: the value of one, by its name in lower case, or ""."""
    number = field("x-priority").strip()[:1]
    if number in _NUMBERS:
        return _NUMBERS[number]
    for name in ("importance", "x-msmail-priority", "priority"):
        word = field(name).strip().casefold()
        if word in _WORDS:
            return _WORDS[word]
    return Priority.NORMAL
