"""What the account's own server found out about the sender (RFC 8601), and nobody else's word.

A sender can write Authentication-Results of any wording into the message. So a field counts only

* in the name of a server that is the account's own (`own_server`), and
* where the sender's bytes cannot stand: above the line in which that server says from where the
  mail came. From the top down, Received lines that hand on inside the house are passed over:

      Received: by store.example.org with LMTP            inside
      Authentication-Results: mx.example.org; ...         counts
      Received: from mx.example.org ... by store...       inside, if what it says is its own address
      Received: from sender.example (...) by mx...        the border: below this all is the sender's
      Authentication-Results: mx.example.org; ...         does not count

  Gmail writes its field below the border, and takes out forged ones: there the topmost counts, up
  to the next Received line.

Of each method the topmost field counts: servers add at the top.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from martlet.mail.known.authserv import BORDERS, Border
from martlet.mail.providers import domain_of
from martlet.mail.registrable import below, registrable, same_site
from martlet.mail.sender_facts import FactKind, SenderFact, Weight
from martlet.mime.auth_results import Result, Results, parse_results
from martlet.mime.headers import Headers
from martlet.mime.sender_values import value

_READ = 4000
_MOST_HOPS = 20
_MOST_SAID = 20
_MOST_FIELDS = 200
_PROOFS = ("dmarc", "dkim", "spf")
_CAME = re.compile(rb"(?:\A|\s)from\s+([^\s;()]+)\s*(\([^()]*\))?", re.IGNORECASE)
_BY = re.compile(rb"(?:\A|\s)by\s+([^\s;()]+)", re.IGNORECASE)
_WITH = re.compile(rb"\swith\s+([^\s;()]+)", re.IGNORECASE)
_SEEN = re.compile(
    r"\(\s*(?:(?!(?:HELO|EHLO|LHLO)\s)([A-Za-z0-9._-]{1,253})\s+(?=\[))?"
    r"\[?(?:IPv6:)?([0-9a-fA-F:.]{3,45})\]?\s*\)",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"\([^()]*\)")
_WORD = re.compile(rb"[^\s]+")
_BY_HAND = re.compile(rb"\b(?:invoked|userid|uid)\b")
# Words in the names of what providers let to others, or lend: their customers' computers
_LENT = re.compile(
    r"(?:a?dsl|cable|clients?|cust(?:omers?)?|dhcp|dial(?:in|up)?|dip|dyn(?:amic)?|fiber|ftth|"
    r"hsd|instances?|ips?|kvm|pools?|ppp(?:oe)?|res|rev|static|user|v?ds|vm|vps|wifi)[0-9]*\Z"
)
_PIECE = re.compile(r"[a-z]+[0-9]*|[0-9]+")
_MICROSOFT = tuple(map(ipaddress.ip_network, ("2603:1000::/24", "2a01:110::/31")))


@dataclass(frozen=True, slots=True)
class OwnServer:
    """Whose word counts for one account. sites: registrable domains of its servers' names."""

    sites: frozenset[str]
    border: Border | None = None

    def signs(self, server: str) -> bool:
        """Whether a field signed so is its own."""
        if self.border is not None:
            if not server:
                return self.border.nameless
            if self.border.below:
                return server in self.border.signs_as  # this name alone it takes away
            return any(below(server, name) for name in self.border.signs_as)
        return bool(server) and registrable(server) in self.sites

    def owns(self, host: str) -> bool:
        if self.border is not None:
            return any(below(host, name) for name in self.border.hosts)
        return registrable(host) in self.sites


def own_server(host: str) -> OwnServer | None:
    """The server that mail is fetched from; None where its word cannot be told from others'."""
    site = registrable(host)
    border = next((one for one in BORDERS if site in one.fetched_from), None)
    if border is not None:
        return OwnServer(border.fetched_from, border)
    return OwnServer(frozenset({site})) if "." in site and not _address(site) else None


def authentic(headers: Headers, sender: str, own: OwnServer) -> list[SenderFact]:
    """PASSED or FAILED, if the account's own server said either of the sender's domain."""
    domain = domain_of(sender)
    if not domain or not headers.get("authentication-results"):
        return []
    fields = list(_trusted(headers, own))
    found: dict[str, list[Result]] = {}
    for field in fields:
        seen = set(found)
        for one in field.results:
            if one.method not in seen:
                found.setdefault(one.method, []).append(one)
    server = value(next((field.server for field in fields if field.server), "")) or _name(own)
    told = _told(found, domain)
    if told is None:
        return []
    kind, words = told
    weight = Weight.NOTE if kind is FactKind.PASSED else Weight.WARNING
    return [SenderFact(kind, weight, (server, value(domain), ", ".join(words)))]


def examined(headers: Headers, own: OwnServer) -> bool:
    """Whether the account's own server looked for what proves the sender, whatever it found."""
    if not headers.get("authentication-results"):
        return False
    return any(one.method in _PROOFS for field in _trusted(headers, own) for one in field.results)


def _name(own: OwnServer) -> str:
    return own.border.signs_as[0] if own.border is not None else min(own.sites)


# --- where a field counts


def _trusted(headers: Headers, own: OwnServer) -> Iterator[Results]:
    under = False  # the border line
    hops = said = 0
    for name, raw in headers.items()[:_MOST_FIELDS]:
        field = name.lower()
        if field == "received":
            hops += 1
            if under or hops > _MOST_HOPS:
                return
            if not _inside(raw[:_READ], own):
                if own.border is None or not own.border.below or not _received_by(raw, own):
                    return
                under = True
        elif field == "authentication-results":
            said += 1
            if said > _MOST_SAID:
                return
            results = parse_results(raw)
            if own.signs(results.server):
                yield results
                # One says it all; what else there is of that name is a sender's.
                if under or not results.server:
                    return


def _received_by(raw: bytes, own: OwnServer) -> bool:
    match = _BY.search(_COMMENT.sub(b" ", raw[:_READ]))
    return match is not None and own.owns(match[1].decode("ascii", "replace"))


def _inside(raw: bytes, own: OwnServer) -> bool:
    """Whether a Received line hands on inside the house. What cannot be told is the border.

    The name after `from` is what the client calls itself: a sender's word. Behind it, in brackets,
    stands what the server saw, "(name [address])"; all other forms may hold the client's words.
    """
    plain = _COMMENT.sub(b" ", _COMMENT.sub(b" ", raw))
    words = [word.lower() for word in _WORD.findall(plain)]
    # A client may call itself "x with LMTP", "x (y) by z": of such a line nothing can be told.
    if words.count(b"by") != 1 or words.count(b"with") > 1 or any(c in plain for c in b'()"'):
        return False
    protocol = _WITH.search(plain)
    if protocol is not None and protocol[1].upper() in (b"LMTP", b"LMTPS", b"LMTPA", b"LMTPSA"):
        return True
    came = _CAME.search(raw)
    if came is None:
        # Handed on by itself: "by 2002:a05:... with SMTP id ..."; not by a person of the house
        return not _BY_HAND.search(raw)
    by = _BY.search(raw, came.end())
    if by is None or b"[" in raw[came.end() : by.start()]:
        return False
    seen = _SEEN.fullmatch(came[2].decode("ascii", "replace")) if came[2] else None
    address = _address(seen[2]) if seen is not None else None
    if seen is None or address is None:
        return False
    if address.is_loopback:
        return True  # a filter hands it back. A private address may be a gateway's, before anybody
    if seen[1]:
        name = seen[1].rstrip(".").casefold()
        return own.owns(name) and (address.is_private or not _lent(name, str(address)))
    # Microsoft's hosts hand on among addresses of theirs, by which alone they are known.
    nameless = own.border is not None and own.border.nameless
    return nameless and any(address in net for net in _MICROSOFT if net.version == address.version)


def _lent(name: str, address: str) -> bool:
    """Whether a computer of this name looks like one of the house's customers: the sender's may
    be. Such names are made of the address, or say that they are lent."""
    pieces = _PIECE.findall(name)
    if any(_LENT.match(piece) for piece in pieces):
        return True
    numbers = {piece.lstrip("0") or "0" for piece in re.findall(r"[0-9]+", name)}
    own = set(address.split(".")) if "." in address else set()
    return bool(own) and len(own & numbers) >= min(3, len(own))


def _address(word: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(word)
    except ValueError:
        return None


# --- what it says


def _told(found: dict[str, list[Result]], domain: str) -> tuple[FactKind, list[str]] | None:
    """What follows for From's domain. A pass for another domain proves nothing of this one."""
    passed: list[str] = []
    failed: list[str] = []
    dmarc = [
        one
        for one in found.get("dmarc", ())
        if not one.get("header.from") or same_site(one.get("header.from"), domain)
    ]
    if any(one.verdict == "fail" for one in dmarc):
        failed.append("DMARC")
    elif any(one.verdict in ("pass", "bestguesspass") and one.get("header.from") for one in dmarc):
        passed.append("DMARC")
    dkim = [
        one for one in found.get("dkim", ()) if _signer(one) and same_site(_signer(one), domain)
    ]
    if any(one.verdict == "pass" for one in dkim):
        passed.append("DKIM")
    elif any(one.verdict == "fail" for one in dkim):
        failed.append("DKIM")
    spf = [one for one in found.get("spf", ()) if same_site(_mail_from(one), domain)]
    if any(one.verdict == "pass" for one in spf):
        passed.append("SPF")
    elif any(one.verdict in ("fail", "hardfail") for one in spf):
        failed.append("SPF")
    if "DMARC" in failed or (failed and not passed):
        return FactKind.FAILED, failed
    return (FactKind.PASSED, passed) if passed else None


def _signer(one: Result) -> str:
    return one.get("header.d") or domain_of(one.get("header.i"))


def _mail_from(one: Result) -> str:
    found = one.get("smtp.mailfrom") or one.get("smtp.mail") or one.get("smtp.from")
    return domain_of(found) or found
