"""Tags as the window shows them: names, order and colours of the keywords of messages. Pure.

Five have names that all mail programs know ($label1 to $label5); the others are what the user, or
another program, made up. What programs write for themselves is no tag.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from martlet.ui.tokens import Tokens

LABELS = ("$label1", "$label2", "$label3", "$label4", "$label5")
# Set by programs, not by people: RFC 5788's registry, and what Apple, Evolution and KMail write.
_NOT_TAGS = frozenset(
    {
        "junk", "nonjunk", "notjunk", "jmf", "junkrecorded", "receipt-handled", "forwarded",
        "redirected", "mdnsent", "unsubscribed", "old", "newsletter-handled",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tag:
    """word: as `MessageRow.tags` has it. colour: which of `Tokens.tags`."""

    word: str
    name: str
    colour: int


def is_tag(word: str) -> bool:
    """Whether people see it as a tag."""
    folded = word.casefold()
    if folded.startswith("$"):
        return folded in LABELS
    return bool(word) and not word.startswith("\\") and folded not in _NOT_TAGS


def tag_of(word: str) -> Tag:
    folded = word.casefold()
    if folded in LABELS:
        at = LABELS.index(folded)
        return Tag(LABELS[at], _names()[at], at)
    return Tag(word, word, 5 + zlib.crc32(folded.encode("utf-8", "replace")))


@lru_cache(maxsize=1024)
def of(words: frozenset[str]) -> tuple[Tag, ...]:
    """The tags among a message's keywords, in the order of the menu."""
    return tuple(sorted({tag_of(word) for word in words if is_tag(word)}, key=_place))


def known(words: Iterable[str]) -> tuple[Tag, ...]:
    """The five, and those among these words: the first nine have the keys 1 to 9."""
    return of(frozenset((*LABELS, *words)))


def colour(tag: Tag, tokens: Tokens) -> str:
    """As #rrggbb; readable as text on every ground."""
    own = len(LABELS)
    if tag.colour < own:
        return tokens.tags[tag.colour]
    return tokens.tags[own + tag.colour % (len(tokens.tags) - own)]


def spoken(words: Collection[str]) -> str:
    """Their names in one line, "" for none."""
    return ", ".join(tag.name for tag in of(frozenset(words)))


def _names() -> tuple[str, ...]:
    def tr(text: str) -> str:
        return QCoreApplication.translate("tags", text)

    return tr("Important"), tr("Work"), tr("Personal"), tr("To do"), tr("Later")


def _place(tag: Tag) -> tuple[int, str, str]:
    return (tag.colour if tag.colour < len(LABELS) else len(LABELS), tag.name.casefold(), tag.word)
