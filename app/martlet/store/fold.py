"""Pure: flags as the user sees them, flags as text, and words as the search index wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from martlet.mail.message import DELETED, SYSTEM_FLAGS

Flags = frozenset[str]

# RFC 9051, 2.3.2: system flags are case-insensitive. \Recent is the server's affair alone.
_CANONICAL = {flag.casefold(): flag for flag in SYSTEM_FLAGS}
_UNUSABLE = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")

# Scripts written without spaces, and Hangul: every character becomes a token of its own.
_SINGLE = re.compile(
    "(["
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u312f\u3130-\u318f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "])"
)


def fold(server_flags: Flags, pending: Iterable[tuple[Flags, Flags]]) -> Flags:
    """What the server said, with (added, removed) of every pending change on top, in order."""
    flags = server_flags
    for add, remove in pending:
        flags = (flags - remove) | add
    return flags


def normal(flags: Iterable[str]) -> Flags:
    """System flags as they are spelt, \\Recent and what cannot be a flag left out."""
    usual = (_CANONICAL.get(flag.casefold(), flag) for flag in flags)
    return frozenset(
        flag
        for flag in usual
        if flag and flag.casefold() != "\\recent" and not _UNUSABLE.search(flag)
    )


def pack(flags: Iterable[str]) -> str:
    """Flags as one column: sorted, space separated."""
    return " ".join(sorted(flags))


def unpack(text: str) -> Flags:
    return frozenset(text.split(" ")) if text else frozenset()


def unkept(flags: Flags, permanent: Flags) -> Flags:
    """Those a server cannot keep that told these PERMANENTFLAGS (RFC 9051, 7.1); none while they
    are not known. "\\*": any keyword can be made. \\Deleted is always left to the server: what it
    means is not ours to keep."""
    if not permanent:
        return frozenset()
    known = {flag.casefold() for flag in permanent}
    return frozenset(
        flag
        for flag in flags
        if flag.casefold() not in known
        and flag != DELETED
        and (flag.startswith("\\") or "\\*" not in known)
    )


def tokens(text: str) -> str:
    """Text for the index or a phrase: every CJK character stands alone."""
    if text.isascii():
        return text
    return _SINGLE.sub(r" \1 ", text)


def has_tokens(text: str) -> bool:
    """Whether the index can find anything in this text at all."""
    return any(c.isalnum() for c in text)
