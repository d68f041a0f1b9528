"""Whom the profile knows, in memory: to tell at once whether an address or a name looks like one.

Kept up to date by what came since: contacts by the time of their last use, writers and those to
whom sent mail is by message id.
Nobody is forgotten before the next start.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from martlet.mail import providers
from martlet.mail.address_key import address_key, shown_address
from martlet.mail.message import MessageId
from martlet.mail.registrable import registrable, shown_host, suffix_of
from martlet.mime.confusable import script, skeleton
from martlet.store import correspondents
from martlet.store.database import Source

# So many messages make a writer somebody one knows; so many more, somebody not to be suspected.
KNOWN = 3
TRUSTED = 10
AT_ONCE = 2_000
_LONG_NAME = 5
_SHORTEST, _LONG = 5, 9  # letters from which one, and two, may differ
_MOST_LETTERS = 64
_MOST_ALIKE = 4
_MOST_LOOKED_AT = 200
_DIGITS = "0123456789"
_WORD = re.compile(r"[^\W_]+")
_GENERIC_WORDS = (
    "info service support team kundenservice customer care help desk no reply noreply news"
    " newsletter office mail admin sales shop online notification notifications account billing"
    " center centre the kontakt contact"
)
_GENERIC = frozenset(_GENERIC_WORDS.split(" "))
_EASTERN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})


@dataclass(frozen=True, slots=True)
class Alike:
    """What something looks like. same: to the eye; else a letter or two differ."""

    known: str
    same: bool


class _Spellings:
    """Words by length and by their first and last letters, one of which a slip or a forger leaves
    as it is; with the set of their letters as bits, so that few need a closer look."""

    def __init__(self) -> None:
        self._alike: dict[tuple[int, str, bool], list[tuple[int, str]]] = {}

    def add(self, word: str) -> None:
        if _SHORTEST <= len(word) <= _MOST_LETTERS:
            entry = (_bits(word), word)
            for key in _ends(word, len(word)):
                self._alike.setdefault(key, []).append(entry)

    def near(self, word: str) -> str:
        """A word that differs in one letter, or in two of a long one; "" if there is none."""
        if not _SHORTEST <= len(word) <= _MOST_LETTERS:
            return ""
        most = 2 if len(word) >= _LONG else 1
        bits, plain = _bits(word), word.rstrip(_DIGITS)
        looked_at = 0
        for length in range(len(word) - most, len(word) + most + 1):
            for key in _ends(word, length):
                for other_bits, other in self._alike.get(key, ()):
                    if (bits ^ other_bits).bit_count() > 2 * most:
                        continue
                    if distance(word, other, most) <= most and other.rstrip(_DIGITS) != plain:
                        return other
                    looked_at += 1
                    if looked_at == _MOST_LOOKED_AT:
                        return ""
        return ""


def _ends(word: str, length: int) -> tuple[tuple[int, str, bool], tuple[int, str, bool]]:
    return (length, word[0], True), (length, word[-1], False)


@dataclass(slots=True)
class _Index:
    # Addresses by their keys (mail.address_key)
    contacts: dict[str, str] = field(default_factory=dict)  # address -> name
    writers: Counter[str] = field(default_factory=Counter)
    spelt: dict[str, set[str]] = field(default_factory=dict)  # address -> otherwise in the store
    names: dict[str, set[str]] = field(default_factory=dict)
    looks: dict[str, list[str]] = field(default_factory=dict)  # skeleton -> addresses
    sites: dict[str, list[str]] = field(default_factory=dict)  # site -> some addresses there
    site_looks: dict[str, list[str]] = field(default_factory=dict)  # skeleton of label -> sites
    labels: dict[str, _Spellings] = field(default_factory=dict)  # suffix -> labels
    locals: dict[str, _Spellings] = field(default_factory=dict)  # provider's domain -> local parts


class KnownPeople:
    """source: the store. at_once: so many messages are read by one refresh, but for the first.
    Used by any thread."""

    def __init__(self, source: Source, at_once: int = AT_ONCE) -> None:
        self._source = source
        self._at_once = at_once
        self._lock = threading.Lock()
        self._index = _Index()
        self._contacts_until = -1.0
        self._messages_until = MessageId(0)
        # Of the contacts: as they are, and as they were read
        self._newest, self._read = object(), object()
        self._learnt: set[str] = set()

    def changed(self) -> None:
        """Letters went out: there may be contacts that are not known yet."""
        self._newest = object()

    def refresh(self) -> bool:
        """Learns what came since; whether that is all there is. The first time reads all: some
        10 ms for 1,000 people."""
        with self._lock:
            newest = self._newest
            if self._read is not newest:
                came = correspondents.contacts_since(self._source, self._contacts_until)
                self._read = newest
                for address, name, used in came:
                    self._contact(address_key(address), name)
                    self._contacts_until = max(self._contacts_until, used)
            after = self._messages_until
            until, newest_one = correspondents.next_ids(self._source, after, self._at_once)
            sent_to = correspondents.sent_to(self._source, after, until)
            writers = correspondents.writers(self._source, after, until)
            self._messages_until = until
            for one in sent_to:
                self._contact(address_key(one.address), one.name)
            for written, count in writers:
                address = address_key(written)
                if written != address:
                    self._index.spelt.setdefault(address, set()).add(written)
                before = self._index.writers[address]
                self._index.writers[address] = before + count
                if before < KNOWN <= before + count:
                    self._address(address)
            return until == newest_one

    def learn(self, address: str) -> None:
        """Somebody one knows in any case: oneself."""
        address = address_key(address)
        with self._lock:
            if address not in self._learnt:
                self._learnt.add(address)
                self._address(address)

    def wrote_to(self, address: str) -> bool:
        """Whether mail was sent there."""
        return address_key(address) in self._index.contacts

    def often(self, address: str, times: int) -> bool:
        """Whether that many messages came from there, as far as it is known; Junk included."""
        return self._index.writers[address_key(address)] >= times

    def spellings(self, addresses: Iterable[str]) -> set[str]:
        """These and all that are the same, as the store may have them."""
        found: set[str] = set()
        for address in addresses:
            key = address_key(address)
            found.update((address, key), self._index.spelt.get(key, ()))
        return found

    def namesakes(self, name: str) -> tuple[str, ...]:
        """Addresses of contacts with a name that looks the same, words in any order."""
        return tuple(sorted(self._index.names.get(_name_key(name), ())))

    def like_address(self, address: str) -> Alike | None:
        """A known address in the same domain that this is easily taken for."""
        key = address_key(address)
        local, _, domain = key.rpartition("@")
        for text in {address, key, shown_address(key)}:
            for found in self._index.looks.get(skeleton(text), ()):
                if found != key:
                    return Alike(found, True)
        spellings = self._index.locals.get(domain)
        near = spellings.near(local) if spellings is not None else ""
        return Alike(f"{near}@{domain}", False) if near else None

    def like_site(self, site: str) -> Alike | None:
        """A known site that this one, known or not, is easily taken for."""
        label, suffix = _cut(site)
        if len(label) < _SHORTEST - 1:
            return None
        for found in self._index.site_looks.get(_label_look(site), ()):
            if _cut(found)[0] != label:
                return Alike(found, True)
        spellings = self._index.labels.get(suffix)
        near = spellings.near(label) if spellings is not None else ""
        if near:
            return Alike(f"{near}.{suffix}", False)
        for other in _SLIPS.get(suffix, ()):
            if f"{label}.{other}" in self._index.sites:
                return Alike(f"{label}.{other}", False)
        return None

    def known_at(self, site: str) -> list[str]:
        """Some known addresses of a site."""
        return list(self._index.sites.get(site, ()))

    def _contact(self, address: str, name: str) -> None:
        known = self._index.contacts.get(address)
        if known is not None and name in ("", known):
            return
        self._index.contacts[address] = name
        if known is None:
            self._address(address)
        key = _name_key(name)
        if key:
            self._index.names.setdefault(key, set()).add(address)

    def _address(self, address: str) -> None:
        index = self._index
        local, at, domain = address.rpartition("@")
        if not at:
            return
        _keep(index.looks, skeleton(shown_address(address)), address)
        if providers.lookup(address) is not None:
            index.locals.setdefault(domain, _Spellings()).add(local)
        site = registrable(domain)
        there = index.sites.setdefault(site, [])
        if len(there) < KNOWN and address not in there:
            there.append(address)
        if len(there) == 1:
            label, suffix = _cut(site)
            _keep(index.site_looks, _label_look(site), site)
            index.labels.setdefault(suffix, _Spellings()).add(label)


# Endings that are typed, and sold, in place of another.
_SLIPS = {"co": ("com",), "cm": ("com",), "om": ("com",), "con": ("com",), "ne": ("net",),
          "og": ("org",), "orq": ("org",)}  # fmt: skip


def _keep(looks: dict[str, list[str]], look: str, one: str) -> None:
    """A few of each look: it must not be the forger's alone that is remembered."""
    alike = looks.setdefault(look, [])
    if len(alike) < _MOST_ALIKE and one not in alike:
        alike.append(one)


def _cut(site: str) -> tuple[str, str]:
    suffix = suffix_of(site)
    return site.removesuffix(suffix).rstrip("."), suffix


def _label_look(site: str) -> str:
    return skeleton(_cut(shown_host(site))[0] if "xn--" in site else _cut(site)[0])


def _name_key(name: str) -> str:
    """A person's name as it looks, its words in order of the alphabet; "" of none that would
    tell a person apart."""
    words = _WORD.findall(name[:200])
    if all(word.casefold() in _GENERIC for word in words):
        return ""
    eastern = bool(words) and all(script(char) in _EASTERN for char in "".join(words))
    letters = sum(map(len, words))
    if letters < 2 or (not eastern and (len(words) < 2 or letters < _LONG_NAME)):
        return ""
    return " ".join(sorted(map(skeleton, words)))


def _bits(word: str) -> int:
    bits = 0
    for char in word:
        bits |= 1 << (ord(char) & 63)
    return bits


def distance(one: str, other: str, most: int) -> int:
    """Letters to insert, drop, change or swap with a neighbour; more than `most` is most + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    far = most + 1
    width = len(other) + 1
    before: list[int] = []
    row = [min(place, far) for place in range(width)]
    for i, a in enumerate(one, 1):
        two_before, before = before, row
        # Beyond the band the cost is more than most whatever follows.
        low, high = max(1, i - most), min(width - 1, i + most)
        row = [far] * width
        row[0] = min(i, far)
        least = row[0]
        for j in range(low, high + 1):
            b = other[j - 1]
            cost = before[j - 1] + (a != b)
            if before[j] < cost:
                cost = before[j] + 1
            if row[j - 1] < cost:
                cost = row[j - 1] + 1
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, two_before[j - 2] + 1)
            row[j] = cost if cost < far else far
            least = min(least, row[j])
        if least > most:
            return far
    return row[-1]
