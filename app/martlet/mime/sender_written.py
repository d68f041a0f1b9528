"""How the sender is written: whether every program reads the same address out of it, and whether
its letters are what they seem to be (the tricks published as Mailsploit, and their kin)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from martlet.mail.message import Address
from martlet.mail.registrable import registrable, shown_host
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime import hidden
from martlet.mime.addresses import parse_addresses
from martlet.mime.confusable import disguised_words, latin_label, looks_latin, mixed, mixed_label
from martlet.mime.confusable import skeleton as looks_like
from martlet.mime.sender_values import value, values
from martlet.mime.words import decode_words, raw_text

_MOST = 4_000  # of a field; an ordinary one has a hundred bytes
_FIELDS = 5
_SHOWN = 3
_ORDINARY = re.compile(rb"[\w .,'&/()!+-]*\s*<[\w.+=#&-]{1,64}@[\w.-]{1,253}>", re.ASCII)
_BARE = re.compile(rb"[\w.+=#&-]{1,64}@[\w.-]{1,253}", re.ASCII)
_ADDRESS = re.compile(r"[^\s<>\"'@,;:()\[\]]{1,200}@[^\s<>\"'@,;:()\[\]]{1,255}")
# One that is not closed takes all the rest: the text is not looked through for each mark in it.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*("|\\?\Z)', re.DOTALL)
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_CUT = re.compile("[\x00\r\n]")


def written(fields: list[bytes], sender: Address) -> list[SenderFact]:
    """Facts of the From fields as they stand, and of the address read out of them.

    fields: every From field; [] when only the envelope is known.
    """
    found: list[SenderFact] = []
    if "@" not in sender.address:
        found.append(SenderFact(FactKind.NO_SENDER, Weight.NOTE))
    if _plain(fields, sender):
        return found
    people = _people(fields) or [sender.address]
    if len(people) > 1:
        weight = Weight.WARNING if len(fields) > 1 else Weight.CAUTION
        found.append(SenderFact(FactKind.SEVERAL_SENDERS, weight, (values(people, _SHOWN),)))
    found += _broken(fields, people)
    found += _hidden(fields, sender)
    found += _letters(sender)
    return found


def _plain(fields: list[bytes], sender: Address) -> bool:
    if (
        not sender.name.isascii()
        or not sender.address.isascii()
        or "xn--" in sender.address.lower()
    ):
        return False
    if len(fields) != 1:
        return not fields
    field = fields[0]
    if len(field) > _MOST:
        return False
    return bool(_ORDINARY.fullmatch(field) or _BARE.fullmatch(field))


def _people(fields: list[bytes]) -> list[str]:
    """The different addresses that the fields name, as we read them."""
    every = (one.address for raw in fields[:_FIELDS] for one in parse_addresses(raw[:_MOST]))
    return list({one.casefold(): one for one in every if "@" in one}.values())


# --- who reads what


def _broken(fields: list[bytes], people: list[str]) -> list[SenderFact]:
    others = dict.fromkeys(
        one.casefold() for raw in fields[:_FIELDS] for one in _readings(raw_text(raw[:_MOST]))
    )
    ours = [one.casefold() for one in people]
    strange = [one for one in others if one not in ours]
    if not strange and all(len(raw) <= _MOST for raw in fields):
        return []
    # What is so long is cut by every program at another place.
    told = values([*strange[:1], *people[:2]])
    return [SenderFact(FactKind.BROKEN_FROM, Weight.WARNING, (told,))]


def _readings(text: str) -> Iterator[str]:
    """Addresses that other programs find in a From field, where those may differ from ours."""
    unfolded = _FOLD.sub("", text)
    decoded = decode_words(unfolded)
    if decoded != unfolded or _CUT.search(unfolded):
        # Decoded before it is taken apart; and by programs in which NUL or a line end ends text.
        # A quotation mark, comma or bracket that was encoded belongs to a name, as it should.
        for read in (decoded, _CUT.split(decoded, maxsplit=1)[0]):
            yield from _last(read)
    for one in parse_addresses(text.encode("utf-8", "replace")):
        local, at, _ = one.address.rpartition("@")
        inner = decode_words(local)
        if at and ("@" in inner or inner != local):
            # "potus@whitehouse.gov"@example.org, =?utf-8?b?...?=@example.org
            yield from _ADDRESS.findall(inner) or [f"{_CUT.split(inner)[0]}@…"]
    bare = _QUOTED.sub(lambda found: "" if found[1] == '"' else found[0], unfolded)
    yield from _last(bare) if "<" in bare else ()
    head, colon, _ = bare.partition(":")
    if colon and "<" not in head and "(" not in head:
        yield from _ADDRESS.findall(head)  # the name of a group


def _last(text: str) -> list[str]:
    """The address in the last angle brackets, else the first that stands anywhere."""
    angles = re.findall(r"<([^<>]*)>", text)
    found = [one for inner in angles for one in _ADDRESS.findall(inner)]
    if angles:
        return found[-1:]
    return _ADDRESS.findall(text)[:1]


# --- letters


def _hidden(fields: list[bytes], sender: Address) -> list[SenderFact]:
    texts = [decode_words(_FOLD.sub("", raw_text(raw[:_MOST]))) for raw in fields[:_FIELDS]]
    names = [_name(text) for text in texts] or [sender.name]
    if any(hidden.turns(name) for name in names):
        return [SenderFact(FactKind.HIDDEN_CHARACTERS, Weight.WARNING)]
    addresses = [text for text in texts if "@" in text]
    if any(map(hidden.hides, names)) or any(map(_hides_in_address, addresses)):
        return [SenderFact(FactKind.HIDDEN_CHARACTERS, Weight.CAUTION)]
    return []


def _name(text: str) -> str:
    """What stands before the address, roughly: enough to look for what is not to be seen."""
    head = text.rpartition("<")[0] if "<" in text else text
    return head.strip().strip("\"'").strip()


def _hides_in_address(text: str) -> bool:
    tail = text.rpartition("<")[2] if "<" in text else ""
    return hidden.hides(tail) or hidden.turns(tail)


def _letters(sender: Address) -> list[SenderFact]:
    found: list[SenderFact] = []
    local, at, domain = sender.address.rpartition("@")
    if disguised_words(sender.name):
        found.append(_fact(FactKind.MIXED_SCRIPTS, Weight.CAUTION, sender.name))
    if not at:
        return found
    shown = shown_host(domain)
    label = mixed_label(domain)
    if label or mixed(local):
        found.append(_fact(FactKind.MIXED_SCRIPTS, Weight.WARNING, shown if label else local))
    if latin_label(domain):
        found.append(_fact(FactKind.LOOKS_LATIN, Weight.WARNING, shown, _as_latin(shown)))
    elif domain.isascii() and looks_latin(local):
        found.append(_fact(FactKind.LOOKS_LATIN, Weight.WARNING, local, looks_like(local)))
    site = registrable(domain)
    if shown_host(site) != site:
        found.append(_fact(FactKind.PUNYCODE, Weight.NOTE, site, shown_host(site)))
    return found


def _as_latin(host: str) -> str:
    return ".".join(looks_like(one) if looks_latin(one) else one for one in host.split("."))


def _fact(kind: FactKind, weight: Weight, *texts: str) -> SenderFact:
    return SenderFact(kind, weight, tuple(map(value, texts)))
