"""Who else is behind a message than its sender: who sent it, who gets the answers, where its links
lead. Notes mostly: newsletters and lists do all of this with good reason."""

from __future__ import annotations

import re
from collections.abc import Sequence

from martlet.mail import providers
from martlet.mail.message import Address, Envelope
from martlet.mail.reading import Link, LinkRisk
from martlet.mail.registrable import registrable, same_site
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime.addresses import parse_addresses
from martlet.mime.headers import Headers
from martlet.mime.sender_values import value

_LIST_FIELDS = ("list-id", "list-post", "mailing-list", "x-mailing-list", "list-subscribe")
_BULK_FIELDS = (*_LIST_FIELDS, "list-unsubscribe", "feedback-id")
_MAILTO = re.compile(r"mailto:([^?>\s,]{1,300})", re.IGNORECASE)
_READ = 4000


def by_list(headers: Headers) -> bool:
    """Whether a mailing list sent it (RFC 2919, RFC 2369)."""
    if any(headers.get(name) for name in _LIST_FIELDS):
        return True
    return headers.get("precedence").strip().lower() == b"list"


def around(envelope: Envelope, headers: Headers, links: Sequence[Link]) -> list[SenderFact]:
    """SENT_BY_OTHER, REPLY_ELSEWHERE and what is odd about its links."""
    found = [
        *_sent_by(envelope.sender, headers),
        *_reply_to(envelope, headers),
        *_links(links),
    ]
    return found


def _sent_by(sender: Address, headers: Headers) -> list[SenderFact]:
    raw = headers.get("sender")
    if not raw or not headers.get("from") or by_list(headers):
        return []
    other = next((one.address for one in parse_addresses(raw[:_READ]) if "@" in one.address), "")
    if not other or same_site(providers.domain_of(other), providers.domain_of(sender.address)):
        return []
    told = (value(sender.address), value(other))
    return [SenderFact(FactKind.SENT_BY_OTHER, Weight.NOTE, told)]


def _reply_to(envelope: Envelope, headers: Headers) -> list[SenderFact]:
    """Answers that go to strangers: a CAUTION where it is a mailbox that anybody can have, in the
    sender's name. (A form on a web site writes in its own name, and answers go to the visitor.)
    """
    sender = envelope.sender.address
    own = providers.domain_of(sender)
    for one in envelope.reply_to[:5]:
        domain = providers.domain_of(one.address)
        if not domain or one.address.casefold() == sender.casefold():
            continue
        free = providers.lookup(one.address) is not None
        if same_site(domain, own) and not free:
            continue
        if _is_lists(one.address, domain, headers):
            continue
        told = (value(one.address), value(sender))
        bulk = any(headers.get(name) for name in _BULK_FIELDS)
        alike = one.name.casefold() in ("", envelope.sender.name.casefold())
        if free and alike and not bulk and not same_site(domain, own):
            return [SenderFact(FactKind.REPLY_ELSEWHERE, Weight.CAUTION, told)]
        if free or not bulk:
            return [SenderFact(FactKind.REPLY_ELSEWHERE, Weight.NOTE, told)]
    return []


def _is_lists(address: str, domain: str, headers: Headers) -> bool:
    """Whether answers go to the list itself, or to the author of a message that a list sent in
    its own name, as DMARC makes them do."""
    if not by_list(headers):
        return False
    post = headers.get("list-post")[:_READ].decode("ascii", "replace")
    if address.casefold() in (found.casefold() for found in _MAILTO.findall(post)):
        return True
    list_id = headers.get("list-id")[:_READ].decode("ascii", "replace").rpartition("<")[2]
    site = registrable(list_id.strip(" <>\t\r\n"))
    sender = parse_addresses(headers.get("from")[:_READ])
    return same_site(domain, site) or any(
        same_site(providers.domain_of(one.address), site) for one in sender
    )


def _links(links: Sequence[Link]) -> list[SenderFact]:
    found: list[SenderFact] = []
    other = [link for link in links if link.risk is LinkRisk.OTHER_SITE]
    if len(other) == 1:
        told = (value(other[0].shown), value(other[0].host))
        found.append(SenderFact(FactKind.ONE_LINK, Weight.CAUTION, told))
    elif other:
        found.append(SenderFact(FactKind.LINKS, Weight.CAUTION, (str(len(other)),)))
    hidden = [link for link in links if link.risk in (LinkRisk.LOOK_ALIKE, LinkRisk.USER_PART)]
    if hidden:
        found.append(SenderFact(FactKind.ODD_LINKS, Weight.WARNING, (value(hidden[0].host),)))
    numbers = [link for link in links if link.risk is LinkRisk.IP_ADDRESS]
    if numbers:
        host = value(numbers[0].host)
        found.append(SenderFact(FactKind.NUMBER_LINK, Weight.CAUTION, (host,)))
    return found
