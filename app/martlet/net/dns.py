"""Asks the name server who serves a domain's mail: SRV (RFC 6186, RFC 8314) and MX; and for the
keys that mail is signed with (TXT, RFC 6376, 3.6.2).

What it says is nobody's promise: without DNSSEC anybody on the way may have written it. So it is
only ever a proposal, and names that could not be a host's are left out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from martlet.mail.errors import Offline
from martlet.mail.server import Protocol, Security
from martlet.mail.typed import is_host
from martlet.net.words import server_words

if TYPE_CHECKING:
    import dns.name
    import dns.resolver

_RECORDS_LIMIT = 20
_SERVICES = (
    ("_imaps", Protocol.IMAP, Security.TLS),
    ("_imap", Protocol.IMAP, Security.STARTTLS),
    ("_pop3s", Protocol.POP3, Security.TLS),
    ("_pop3", Protocol.POP3, Security.STARTTLS),
    ("_submissions", Protocol.SMTP, Security.TLS),
    ("_submission", Protocol.SMTP, Security.STARTTLS),
)


@dataclass(frozen=True, slots=True)
class Service:
    """A server that a domain's SRV records name."""

    protocol: Protocol
    host: str
    port: int
    security: Security


class NameServer:
    """address: (IP address, port) to ask, None for the system's. timeout_s: for all of a question.

    Every method raises Offline when no answer can be had, and nothing else.
    """

    def __init__(self, address: tuple[str, int] | None = None, *, timeout_s: float = 4.0) -> None:
        self._address = address
        self._timeout_s = timeout_s

    def services(self, domain: str) -> tuple[Service, ...]:
        """IMAP, POP3 and SMTP servers: by priority, TLS before STARTTLS, heavier ones first.

        A target of "." says that there is none (RFC 6186, 3.4); such a service is left out.
        """
        until = time.monotonic() + self._timeout_s
        found: list[tuple[tuple[int, int, bool, int], Service]] = []
        for label, protocol, security in _SERVICES:
            for record in self._ask(f"{label}._tcp.{domain}", "SRV", until):
                host = _host(record.target)
                if host and 0 < record.port < 65536:
                    rank = (
                        list(Protocol).index(protocol),
                        int(record.priority),
                        security is not Security.TLS,
                        -int(record.weight),
                    )
                    found.append((rank, Service(protocol, host, int(record.port), security)))
        found.sort(key=lambda one: one[0])
        return tuple(service for _, service in found)

    def mail_hosts(self, domain: str) -> tuple[str, ...]:
        """The hosts that take the domain's mail (MX), preferred ones first."""
        until = time.monotonic() + self._timeout_s
        records = sorted(self._ask(domain, "MX", until), key=lambda one: int(one.preference))
        return tuple(host for one in records if (host := _host(one.exchange)))

    def texts(self, name: str) -> tuple[bytes, ...]:
        """The TXT records of a name, the strings of each put together (RFC 7208, 3.3)."""
        until = time.monotonic() + self._timeout_s
        return tuple(b"".join(record.strings) for record in self._ask(name, "TXT", until))

    def _ask(self, name: str, kind: str, until: float) -> list[Any]:
        import dns.exception  # heavy, and only wanted where the table knows nothing
        import dns.resolver

        try:
            resolver = self._resolver()
            left = until - time.monotonic()
            if left <= 0:
                raise dns.exception.Timeout
            answer = resolver.resolve(f"{name}.", kind, lifetime=left)
            return list(answer)[:_RECORDS_LIMIT]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise _trouble(error) from None

    def _resolver(self) -> dns.resolver.Resolver:
        import dns.resolver

        resolver = dns.resolver.Resolver(configure=self._address is None)
        if self._address is not None:
            resolver.nameservers = [self._address[0]]
            resolver.port = self._address[1]
        return resolver


def _host(name: dns.name.Name) -> str:
    """The name as a host, in small letters; "" for the root and for what can be no host."""
    host = name.to_text(omit_final_dot=True).casefold()
    return host if is_host(host) else ""


def _trouble(error: Exception) -> Offline:
    return Offline(
        "The name server gave no answer.", server_words(f"{type(error).__name__}: {error}")
    )
