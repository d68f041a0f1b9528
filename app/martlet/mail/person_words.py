"""What people are found by while their name or address is typed: small letters without accents.

A person is found by the beginning of the address, of what stands between its dots, of the domain
with "@" before it, of the name, of each of its words and of its initials; a name in a script
without spaces by any part of it.
"""

from __future__ import annotations

import re
import unicodedata

from martlet.mail.message import Address

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_PIECE = re.compile(r"[._+\-]+")
_NO_SPACES = re.compile("[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff]+")
# Letters that people type without their stroke, but Unicode does not take apart.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_LONGEST = 200  # characters of a name that are looked at
_MOST = 24  # words of a name


def folded(text: str) -> str:
    """Without accents and without a difference of case; white space as single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.casefold().translate(_PLAIN)
    return " ".join(text.encode("utf-8", "ignore").decode("utf-8").split())


def words_of(person: Address) -> list[str]:
    """All that this person is found by, folded, each once; for the beginning of each."""
    name = folded(person.name[:_LONGEST])
    address = folded(person.address[:_LONGEST])
    found = {name: None, address: None}
    local, at, domain = address.rpartition("@")
    found.update(dict.fromkeys(piece for piece in _PIECE.split(local)))
    if at:
        found[f"@{domain}"] = None
    words = _WORD.findall(name)[:_MOST]
    for word in words:
        found[word] = None
        found.update(dict.fromkeys(re.split("['’ʼ]", word)))
        for run in _NO_SPACES.findall(word):
            found.update(dict.fromkeys(run[at:] for at in range(len(run))))
    if len(words) > 1:
        initials = "".join(word[0] for word in words)
        found[initials] = None
        found[initials[0] + initials[-1]] = None
        found[initials[-1] + initials[0]] = None
    found.pop("", None)
    return list(found)


def typed_words(text: str) -> list[str]:
    """What was typed, as words that all have to be the beginning of one of a person's."""
    text = folded(text[:_LONGEST]).replace('"', " ").replace("<", " ").replace(",", " ")
    return text.split()[:_MOST]
