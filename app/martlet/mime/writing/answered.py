"""Whom an answer goes to: the writer, everybody, or the mailing list (RFC 5322, 3.6.2; RFC 2369).

A list that writes its own address into Reply-To ("munged") does not make an answer to the writer
one to the list; Mail-Reply-To and Mail-Followup-To say what the writer of list mail wants instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from urllib.parse import unquote

from martlet.mail import providers
from martlet.mail.address_key import address_key
from martlet.mail.message import Address
from martlet.mail.registrable import same_site
from martlet.mail.writing import AnswerTo
from martlet.mime.addresses import parse_addresses
from martlet.mime.headers import Headers, envelope

_MAILTO = re.compile(rb"<\s*mailto:([^>?\s]{1,500})(?=[>?\s])", re.IGNORECASE)
_NO = re.compile(rb"\s*no\b", re.IGNORECASE)
_MOST = 20
_READ = 2000
# What lists wrote before there was List-Post, and some still do.
_OLD = ("x-mailing-list", "x-beenthere", "x-loop")


@dataclass(frozen=True, slots=True)
class Recipients:
    """To and Cc of an answer."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()


def list_addresses(headers: Headers) -> tuple[Address, ...]:
    """Where the list that brought a message can be written to, the one it prefers first.

    () for mail of no list, and for a list that takes no mail (List-Post: NO).
    """
    posted = headers.get("list-post")
    if posted:
        found = [unquote(each.decode("utf-8", "replace")) for each in _mailtos(posted)]
        if found or _NO.match(posted):
            return tuple(parse_addresses(", ".join(found).encode("utf-8", "replace")))[:_MOST]
    for name in _OLD:
        value = headers.get(name)
        if value and (headers.get("list-id") or name == _OLD[0]):
            return tuple(one for one in parse_addresses(value) if "@" in one.address)[:1]
    return ()


def is_list_mail(headers: Headers) -> bool:
    """Whether a mailing list brought it, one that can be written to or not."""
    return bool(headers.get("list-id") or headers.get("list-post") or list_addresses(headers))


def list_place(headers: Headers) -> str:
    """The name of the list that a message says to have come by (List-Id, RFC 2919), "" for none."""
    named = headers.get("list-id")[:_READ].decode("ascii", "replace").rpartition("<")[2]
    return named.strip(" <>\t\r\n")


def is_lists_own(headers: Headers, post: str) -> bool:
    """Whether an address can be that of the list which the message says to have come by: at the
    list's own place (List-Id, RFC 2919), and not where everybody can have a mailbox."""
    domain = providers.domain_of(post)
    if not domain or providers.lookup(post) is not None:
        return False
    place = list_place(headers)
    return not place or same_site(place, domain)


def recipients(headers: Headers, me: tuple[Address, ...], to: AnswerTo) -> Recipients:
    """To and Cc. me: all own addresses; they are left out unless nobody else would remain.

    An answer to the list of mail that no list brought goes to everybody.
    """
    head = envelope(headers)
    own = {_key(a) for a in me}
    post = list_addresses(headers)
    lists = {_key(a) for a in post}
    followup = parse_addresses(headers.get("mail-followup-to")) if is_list_mail(headers) else ()
    if to is AnswerTo.LIST and post:
        if any(_key(a) in lists for a in followup):
            return Recipients(_once(followup, own) or _once(followup, set()))
        return Recipients(_once(post[:1], set()))
    sender = (head.sender,) if head.sender.address else ()
    mine = bool(sender) and _key(head.sender) in own
    wished = parse_addresses(headers.get("mail-reply-to")) if is_list_mail(headers) else ()
    elsewhere = wished or head.reply_to
    # Written there by the list, not by whom the mail is from
    direct = tuple(a for a in elsewhere if _key(a) not in lists) or sender
    if mine and head.to:
        direct = head.to
    if to is AnswerTo.SENDER:
        return Recipients(_once(direct, set()))
    if followup:
        return Recipients(_once(followup, own) or _once(followup, set()))
    munged = tuple(a for a in head.reply_to if _key(a) in lists)
    everybody = _once((*direct, *munged, *(() if mine else head.to)), own)
    copies = _once(head.cc, own | {_key(a) for a in everybody})
    if everybody:
        return Recipients(everybody, copies)
    return Recipients(copies) if copies else Recipients(_once(direct, set()))


def _mailtos(value: bytes) -> Iterable[bytes]:
    return (match[1] for match in islice(_MAILTO.finditer(value[:10_000]), _MOST))


def _key(address: Address) -> str:
    return address_key(address.address)


def _once(addresses: Iterable[Address], without: set[str]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for address in addresses:
        key = _key(address)
        if key and key not in without:
            found.setdefault(key, address)
    return tuple(found.values())
