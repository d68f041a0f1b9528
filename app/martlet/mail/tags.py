"""Tags as people write them, and as IMAP keywords: atoms of ASCII (RFC 9051, flag-keyword).

A tag with other letters becomes a keyword in modified UTF-7 (RFC 3501, 5.1.3), as others make
theirs. Pure; a tag of ASCII alone is its own keyword, whatever it looks like.
"""

from __future__ import annotations

import binascii
import unicodedata

from martlet.mail import utf7

_NOT_IN_ATOM = frozenset('(){%*"\\]')


def is_possible(tag: str) -> bool:
    """Whether it can be made a keyword: one word, without the signs an atom cannot have."""
    return bool(tag) and not any(
        c in _NOT_IN_ATOM or c.isspace() or not c.isprintable() for c in tag
    )


def keyword(tag: str) -> str:
    """What a tag is called on the wire and in the store."""
    if tag.isascii():
        return tag
    return utf7.encoded(unicodedata.normalize("NFC", tag))


def shown(word: str) -> str:
    """What people are shown for a keyword: decoded, where there is no doubt that it is coded."""
    if "&" not in word or not word.isascii():
        return word
    try:
        tag = utf7.decoded(word)
    except (binascii.Error, UnicodeDecodeError):
        return word
    if not is_possible(tag) or keyword(tag) != word:
        return word
    # Some programs write all in lower case, which makes of it other letters, of any script.
    if word == word.lower() and len({_script(c) for c in tag if ord(c) > 127}) > 1:
        return word
    return tag


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0]
