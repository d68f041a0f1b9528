"""Reads config-v1.1.xml, in which domains and the ISPDB publish their mail servers.

The format is Thunderbird's (clientConfig, emailProvider, incomingServer, outgoingServer). What is
read was written by a stranger: its size and depth are bounded, it may declare no document type, so
no entities either, and what cannot be a server is left out. Nothing in it makes us send a password
in clear: a plain server is taken on loopback only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

from martlet.mail.discovery import ascii_domain
from martlet.mail.errors import BadServer
from martlet.mail.host_name import ascii_name
from martlet.mail.server import DEFAULT_PORTS, Protocol, Security, Server
from martlet.mail.typed import is_host
from martlet.net.words import server_words

SIZE_LIMIT = 256 * 1024
_DEPTH_LIMIT = 20
_SERVERS_LIMIT = 20
_USER_LIMIT = 320
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_SECURITY = {"ssl": Security.TLS, "starttls": Security.STARTTLS, "plain": Security.NONE}
_PASSWORD = {"password-cleartext", "password-encrypted", "plain", "secure"}
_NOBODY = {"none", "client-ip-address"}
_BROWSER = "oauth2"


@dataclass(frozen=True, slots=True)
class Published:
    """What a file says. incoming: IMAP before POP3, else in its order; outgoing in its order.

    name: the provider's, fit to be shown, or "". browser: every incoming server wants a sign-in by
    browser and takes no password.
    """

    incoming: tuple[Server, ...]
    outgoing: tuple[Server, ...]
    name: str = ""
    browser: bool = False


class _Tree(ElementTree.TreeBuilder):
    """Builds a tree of bounded depth from XML without a document type."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ValueError("a document type is declared")

    def start(self, tag: str, attrs: dict[str, str]) -> ElementTree.Element:
        self._depth += 1
        if self._depth > _DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str) -> ElementTree.Element:
        self._depth -= 1
        return super().end(tag)


def parse(raw: bytes, address: str, host: str) -> Published:
    """The servers published for an address. host: who published them.

    Raises BadServer: it is too large, no such file, or has no server that can be used.
    """
    if len(raw) > SIZE_LIMIT:
        raise _unreadable(host, "larger than 256 KB")
    try:
        parser = ElementTree.XMLParser(target=_Tree())
        parser.feed(raw)
        root = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise _unreadable(host, f"{type(error).__name__}: {error}") from None
    provider = _child(root, "emailProvider") if _name(root) == "clientConfig" else None
    if provider is None:
        raise _unreadable(host, "no clientConfig with an emailProvider")
    said = _Said(address)
    incoming: list[tuple[Server, bool]] = []
    outgoing: list[tuple[Server, bool]] = []
    for element in provider:
        protocol = _protocol(element)
        found = said.server(element, protocol) if protocol is not None else None
        if found is not None:
            (outgoing if protocol is Protocol.SMTP else incoming).append(found)
    incoming = incoming[:_SERVERS_LIMIT]
    outgoing = outgoing[:_SERVERS_LIMIT]
    if not incoming and not outgoing:
        raise _unreadable(host, "no server in it can be used")
    incoming.sort(key=lambda one: one[0].protocol is not Protocol.IMAP)
    return Published(
        tuple(server for server, _ in incoming),
        tuple(server for server, _ in outgoing),
        server_words(said.filled(_text(provider, "displayName")), 60),
        bool(incoming) and all(browser for _, browser in incoming),
    )


class _Said:
    """Fills an address into what a file says."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._parts = {
            "%EMAILADDRESS%": address,
            "%EMAILLOCALPART%": address.rpartition("@")[0],
            "%EMAILDOMAIN%": ascii_domain(address),
        }

    def filled(self, text: str) -> str:
        """The text with its placeholders filled in, once: an address may hold one itself."""
        return re.sub(
            "%EMAIL(?:ADDRESS|LOCALPART|DOMAIN)%", lambda found: self._parts[found[0]], text
        )

    def server(
        self, element: ElementTree.Element, protocol: Protocol
    ) -> tuple[Server, bool] | None:
        """A server, and whether it takes a sign-in by browser only; None: it cannot be used."""
        host = self._host(_text(element, "hostname"))
        security = _SECURITY.get(_text(element, "socketType").casefold())
        if not host or security is None:
            return None
        if security is Security.NONE and host not in _LOOPBACK:
            return None
        port = _port(_text(element, "port") or str(DEFAULT_PORTS[protocol, security]))
        if port is None:
            return None
        ways = {
            (one.text or "").strip().casefold() for one in element if _name(one) == "authentication"
        }
        password, browser = not ways or bool(ways & _PASSWORD), _BROWSER in ways
        if not password and not browser:
            if protocol is not Protocol.SMTP or not ways & _NOBODY:
                return None
            return Server(protocol, host, port, security, ""), False
        user = self.filled(_text(element, "username")) or self._address
        if len(user) > _USER_LIMIT or not user.isprintable():
            return None
        return Server(protocol, host, port, security, user), not password

    def _host(self, text: str) -> str:
        host = self.filled(text).strip().rstrip(".").lower()
        try:
            host = host if host.isascii() else ascii_name(host)
        except UnicodeError:
            return ""
        return host if host.isascii() and is_host(host) and "[" not in host else ""


def _protocol(element: ElementTree.Element) -> Protocol | None:
    kind = (element.get("type") or "").casefold()
    if _name(element) == "outgoingServer":
        return Protocol.SMTP if kind in ("smtp", "") else None
    if _name(element) == "incomingServer":
        return {"imap": Protocol.IMAP, "pop3": Protocol.POP3}.get(kind)
    return None


def _name(element: ElementTree.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def _child(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((one for one in element if _name(one) == name), None)


def _text(element: ElementTree.Element, name: str) -> str:
    found = _child(element, name)
    return (found.text or "").strip() if found is not None else ""


def _port(text: str) -> int | None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5):
        return None
    return int(text) if 0 < int(text) < 65536 else None


def _unreadable(host: str, why: str) -> BadServer:
    return BadServer(f"{host} publishes settings that cannot be used.", server_words(why))
