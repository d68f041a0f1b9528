"""The name of a host as DNS knows it: IDNA, with the letters that its first edition lost.

Python's codec is of 2003 and makes "strasse.de" of "straße.de", which may belong to somebody else:
since 2010 ß, ς and two joiners are letters of their own (RFC 5894, 7.2; UTS 46, nontransitional).
"""

from __future__ import annotations

import re
import unicodedata

_LOST = frozenset("ßẞς\u200c\u200d")
_JOINERS = "\u200c\u200d"
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490, 3.1
_LABEL_LIMIT = 63
_VIRAMA = 9  # of Unicode's combining classes


def ascii_name(name: str) -> str:
    """The name in ASCII. Raises UnicodeError when it cannot be one."""
    if not _LOST & set(name):
        return name.encode("idna").decode("ascii")
    return ".".join(map(_ascii_label, _DOTS.split(name)))


def _ascii_label(label: str) -> str:
    small = "".join(c.lower() for c in label)  # each alone: Σ is no ς, wherever it stands
    text = unicodedata.normalize("NFKC", small)
    text = "".join(c for place, c in enumerate(text) if c not in _JOINERS or _joins(text, place))
    if not _LOST & set(text):
        return text.encode("idna").decode("ascii")
    # What else may not be in a name is the codec's to say.
    "".join("s" if c in "ßς" else c for c in text if c not in _JOINERS).encode("idna")
    coded = f"xn--{text.encode('punycode').decode('ascii')}"
    if len(coded) > _LABEL_LIMIT:
        raise UnicodeError("label too long")
    return coded


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where it changes what is read (RFC 5892, A.1 and A.2)."""
    before, after = text[:place][-1:], text[place + 1 :][:1]
    if before and unicodedata.combining(before) == _VIRAMA:
        return True
    arabic = [bool(c) and unicodedata.bidirectional(c) == "AL" for c in (before, after)]
    return text[place] == "\u200c" and all(arabic)
