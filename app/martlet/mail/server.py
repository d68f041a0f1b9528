"""Servers: where they are, how the line is made private, who signs in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Protocol(Enum):
    """A mail protocol."""

    IMAP = "imap"
    POP3 = "pop3"
    SMTP = "smtp"


class Security(Enum):
    """How a connection is made private (RFC 8314): from the first byte, by STARTTLS, or not."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


BEARER = "BEARER"

DEFAULT_PORTS: dict[tuple[Protocol, Security], int] = {
    (Protocol.IMAP, Security.TLS): 993,
    (Protocol.IMAP, Security.STARTTLS): 143,
    (Protocol.IMAP, Security.NONE): 143,
    (Protocol.POP3, Security.TLS): 995,
    (Protocol.POP3, Security.STARTTLS): 110,
    (Protocol.POP3, Security.NONE): 110,
    (Protocol.SMTP, Security.TLS): 465,
    (Protocol.SMTP, Security.STARTTLS): 587,
    (Protocol.SMTP, Security.NONE): 25,
}


@dataclass(frozen=True, slots=True)
class Server:
    """One server of an account.

    auth: a SASL mechanism name in capitals, or "" for the best one offered. BEARER: the secret is
    an access token, so OAUTHBEARER, else XOAUTH2.
    """

    protocol: Protocol
    host: str
    port: int
    security: Security
    user: str
    auth: str = ""
