"""Fetches a picture from wherever a stranger's mail says it lies; distrustful of all of it.

Only http and https, to addresses of the internet: what a name leads to is looked at before anybody
is spoken to, the connection is made to just that address, and so again at each redirect. Through a
proxy the name is the proxy's to look up; names and numbers that cannot be of the internet are
refused all the same. No cookies, no referer, no sign-in, nothing that tells who asks. It is a
picture when its first bytes say so, whatever else anybody says; never SVG, which is a program.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from martlet.mail.errors import Refused
from martlet.mail.host_name import ascii_name
from martlet.mail.reading import Picture
from martlet.mail.registrable import is_number
from martlet.mail.route import Route
from martlet.mail.typed import is_host
from martlet.net.http_answer import Answer
from martlet.net.reach import Address, LookUp, look_up
from martlet.net.redirects import follow, sent_on
from martlet.net.web import get_request
from martlet.net.web_line import web_line
from martlet.net.words import server_words

LIMIT = 10 << 20  # bytes of one picture
REDIRECTS = 4
URL_LIMIT = 8_192
_ACCEPT = "image/*"
# Says nothing but that it is a program that shows pages: some sites give others no pictures.
_AGENT = "Mozilla/5.0"
_USUAL = {"http": 80, "https": 443}
# What listens below on other ports than these was never meant to be spoken to by HTTP.
_LOWEST_PORT = 1024
_NOT_OUTSIDE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet")
_HANDED_OUT = ipaddress.IPv6Network("2000::/3")
_EXAMPLES = ipaddress.IPv6Network("3fff::/20")
# A public number under which each of a cloud's computers reaches what manages it
_OF_A_CLOUD = (ipaddress.IPv4Address("168.63.129.16"),)
# What may stand in a request as it is; all else is percent-encoded, as browsers do.
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~-._"


def of_the_internet(address: str) -> bool:
    """Whether this address (IPv4 or IPv6) is anybody's, and not of this computer or its network."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour or _nat64(known)
        if inner is not None:
            return of_the_internet(str(inner))
        # Of the rest nothing is handed out; some of it stands for IPv4 (::127.0.0.1, 64:ff9b:1::)
        if known.teredo is not None or known not in _HANDED_OUT or known in _EXAMPLES:
            return False
    elif known in _OF_A_CLOUD:
        return False
    return known.is_global and not known.is_multicast


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a translator would go to for this one (RFC 6052)."""
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def kind_of(data: bytes) -> str:
    """The image type of these bytes by their beginning, "" for what is not shown."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        return "image/avif"
    return ""


@dataclass(frozen=True, slots=True)
class _Place:
    """private: by TLS. named: the host as a request names it, with an unusual port."""

    private: bool
    host: str
    port: int
    named: str
    target: str


class PictureWeb:
    """ca_file: certificates (PEM) trusted besides the system's, or "". timeout_s: for a picture,
    redirects and all. permitted: whether an address may be spoken to; tests let loopback in.
    """

    def __init__(
        self,
        *,
        ca_file: str = "",
        look_up: LookUp = look_up,
        permitted: Callable[[str], bool] = of_the_internet,
        timeout_s: float = 20.0,
    ) -> None:
        self._ca_file = ca_file
        self._look_up = look_up
        self._permitted = permitted
        self._timeout_s = timeout_s

    def get(self, url: str, by: Route) -> Picture:
        """The picture of that URL, by that route's proxy if it has one (nothing else of the route
        is used).

        Raises Refused (no such picture, or one that we do not go to), Offline, TlsRefused,
        BadServer (no HTTP, too large, sent on too often), and what a proxy raises.
        """
        until = time.monotonic() + self._timeout_s
        route = Route(self._ca_file, proxy=by.proxy, proxy_secret=by.proxy_secret)
        return follow(url, REDIRECTS, lambda url: self._ask(self._place(url), route, until))

    def _ask(self, place: _Place, route: Route, until: float) -> tuple[str, str | Picture]:
        """The host, and where it sends us on to or its picture."""
        with web_line(
            place.host,
            place.port,
            private=place.private,
            route=route,
            until=until,
            look_up=self._look_up_outside,
        ) as line:
            line.write(get_request(place.named, place.target, _ACCEPT, _AGENT))
            answer = Answer(line)
            where = sent_on(answer, place.host)
            if where:
                return place.host, where
            if answer.status != 200:
                raise Refused(f"{place.host} has no such picture.", f"HTTP {answer.status}")
            body = answer.body(LIMIT)
        kind = kind_of(body)
        if not kind:
            raise Refused(f"What {place.host} sent is no picture.")
        return place.host, Picture(kind, body)

    def _look_up_outside(self, host: str, port: int) -> Sequence[Address]:
        """Those addresses of a name that may be spoken to."""
        found = self._look_up(host, port)
        outside = [one for one in found if self._permitted(str(one.place[0]))]
        if found and not outside:
            raise Refused(f"{host} is not on the internet, so it is not asked for a picture.")
        return outside

    def _place(self, url: str) -> _Place:
        """What a URL says, as we would ask for it. Raises Refused where we do not go."""
        try:
            parts = urlsplit(url)
            scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
            host = host if host.isascii() else ascii_name(host)
            usual = _USUAL.get(scheme, 0)
            port = usual if parts.port is None else parts.port
        except ValueError:
            scheme, host, usual, port = "", "", 0, 0
        shown = server_words(url, 100)
        if not usual or not host or not is_host(host) or len(url) > URL_LIMIT:
            raise Refused("This is no address of a picture on the internet.", shown)
        if "@" in parts.netloc:
            raise Refused("An address of a picture has no user name.", shown)
        if port not in _USUAL.values() and port < _LOWEST_PORT:
            raise Refused(f"{host} would be asked on an unusual port, so it is not asked.", shown)
        if not self._may_be_outside(host):
            raise Refused(f"{host} is not on the internet, so it is not asked for a picture.")
        target = quote(parts.path or "/", safe=_AS_IT_IS)
        if parts.query:
            target += "?" + quote(parts.query, safe=_AS_IT_IS)
        named = f"[{host}]" if ":" in host else host
        return _Place(
            scheme == "https", host, port, named if port == usual else f"{named}:{port}", target
        )

    def _may_be_outside(self, host: str) -> bool:
        """Whether this name or number can be of the internet, before anybody is asked of it."""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            # Who looks such a "name" up, a proxy perhaps, may well read it as an address.
            number = is_number(host.rpartition(".")[2])
            return "." in host and not number and not host.lower().endswith(_NOT_OUTSIDE)
        return self._permitted(host)
