"""A domain as it can be shown: in its letters, or as xn-- where these may be taken for others.

Shown coded is a label that mixes scripts (but for those that Japanese, Korean and Chinese names
mix), and one of Cyrillic or Greek letters that all look Latin, below a Latin top level domain
(as browsers do; UTS 39, 5.2).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from martlet.mail.host_name import ascii_name

_EAST = frozenset({"HAN", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "LATIN"})
_SCRIPTS = (
    "LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "HIRAGANA", "KATAKANA",
    "HANGUL", "BOPOMOFO",
)  # fmt: skip
# Look like a, c, e, i, j, l, o, p, q, s, d, v, w, x, y, h and some digits
_LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуүӕъьпгοανρτυχικωγηϲϳ")


def safe_address(address: str) -> str:
    """The address with its domain as it can be shown."""
    local, at, domain = address.rpartition("@")
    return f"{local}@{safe_domain(domain)}" if at and not domain.isascii() else address


def disguised(address: str) -> bool:
    """Whether the domain is in letters that may be taken for others."""
    return safe_address(address) != address


@lru_cache(maxsize=1024)
def safe_domain(domain: str) -> str:
    labels = domain.split(".")
    latin_end = labels[-1].isascii()
    if not any(_suspect(label, latin_end) for label in labels):
        return domain
    try:
        return ascii_name(domain)
    except UnicodeError:
        return domain.encode("ascii", "backslashreplace").decode("ascii")


def _suspect(label: str, latin_end: bool) -> bool:
    if label.isascii():
        return False
    scripts = {_script(char) for char in label if char.isalpha()}
    if len(scripts) > 1 and not scripts <= _EAST:
        return True
    return latin_end and all(char in _LIKE_LATIN or not char.isalpha() for char in label.lower())


def _script(char: str) -> str:
    if char.isascii():
        return "LATIN"
    name = unicodedata.name(char, "")
    if name.startswith("CJK"):
        return "HAN"
    return next((script for script in _SCRIPTS if name.startswith(script)), name.split(" ")[0])
