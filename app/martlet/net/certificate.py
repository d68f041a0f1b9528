"""A server's certificate in words a person can decide by, and everything that is wrong with it.

OpenSSL names the first fault it meets; a self-signed certificate may be too old as well, and be for
another name. What follows from it is the policy's (`tls.py`).
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from martlet.mail.host_name import ascii_name
from martlet.net.words import quoted, server_words

if TYPE_CHECKING:
    from cryptography import x509

NAMES_KEPT = 10
_HOST_LIKE = re.compile(r"[A-Za-z0-9.*:_-]+")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate, as far as a person decides by it.

    fingerprint: SHA-256 of the DER form, lower hex. names: the hosts it is for, at most ten.
    hosts: all of them, for comparing. subject, issuer: as RFC 4514 writes them.
    valid_from, valid_until: None when they cannot be read.
    """

    fingerprint: str
    names: tuple[str, ...] = ()
    issuer: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    subject: str = ""
    hosts: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """One line per fact, for the window's certificate box and the command line."""
        lines = [f"For: {', '.join(self.names) or 'no name'}"]
        if self.subject and self.subject.removeprefix("CN=") not in self.names:
            lines.append(f"Belongs to: {self.subject}")
        lines.append(f"Issued by: {self.issuer or 'nobody named'}")
        if self.valid_from is not None and self.valid_until is not None:
            lines.append(f"Valid: {day(self.valid_from)} to {day(self.valid_until)}")
        lines.append(f"SHA-256: {self.fingerprint}")
        return "\n".join(lines)

    @property
    def whom(self) -> str:
        """Its first three names within a sentence; what looks like no host's name is quoted."""
        shown = (n if _HOST_LIKE.fullmatch(n) else quoted(n, 80) for n in self.names[:3])
        return ", ".join(shown) or "no name"

    def faults(self, host: str, now: datetime) -> tuple[str, ...]:
        """What is wrong with it for this host at this moment, as ends of a sentence.

        Whether its issuer can be trusted is not seen here.
        """
        found: list[str] = []
        if self.valid_until is not None and self.valid_until < now:
            found.append(f"expired on {day(self.valid_until)}")
        if self.valid_from is not None and self.valid_from > now:
            found.append(f"is not valid before {day(self.valid_from)}")
        if self.valid_from is not None and not any(_covers(name, host) for name in self.hosts):
            found.append(f"is for {self.whom}, not for {host}")
        return tuple(found)


def describe(der: bytes) -> Certificate:
    """Reads a certificate. One that cannot be read has only its fingerprint."""
    from cryptography import x509  # heavy, and only wanted when something is wrong

    known = hashlib.sha256(der).hexdigest()
    try:
        found = x509.load_der_x509_certificate(der)
        names = _names(found)
        return Certificate(
            known,
            tuple(server_words(name, 80) for name in names[:NAMES_KEPT]),
            server_words(found.issuer.rfc4514_string(), 120),
            found.not_valid_before_utc,
            found.not_valid_after_utc,
            server_words(found.subject.rfc4514_string(), 120),
            frozenset(_alternative_names(found)),
        )
    except (ValueError, TypeError, x509.InvalidVersion):  # OpenSSL takes more than this reads
        return Certificate(known)


def day(when: datetime) -> str:
    """A date as a sentence holds it."""
    return f"{when.day} {when:%B %Y}"


def now() -> datetime:
    """This moment, as certificates count time."""
    return datetime.now(UTC)


def _names(found: x509.Certificate) -> list[str]:
    """Those it is valid for, or where there are none, what it calls its owner."""
    from cryptography.x509.oid import NameOID

    return _alternative_names(found) or [
        str(a.value) for a in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    ]


def _alternative_names(found: x509.Certificate) -> list[str]:
    from cryptography import x509

    try:
        extension = found.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return []
    return [str(name.value) for name in extension.value]


def _covers(name: str, host: str) -> bool:
    """Whether a name in a certificate is the host's (RFC 9525, 6.3): one label may be a star."""
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    try:
        return ipaddress.ip_address(name) == ipaddress.ip_address(host)
    except ValueError:
        pass
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    try:
        return name in (host, ascii_name(host))
    except UnicodeError:
        return name == host
