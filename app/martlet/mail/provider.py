"""What is known of a mail provider: where its servers are, and what it wants as password.

The nouns alone; the table is in `known`, looking in it in `providers`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from martlet.mail.server import DEFAULT_PORTS, Protocol, Security
from martlet.mail.sign_in import OAuthSettings


class SignIn(Enum):
    """What a provider wants from a mail program in place of the web password."""

    PASSWORD = "password"
    APP_PASSWORD = "app_password"
    """A password made for one program in the provider's security settings."""
    AUTH_CODE = "auth_code"
    """授权码: a code shown once when IMAP or POP3 is switched on in the web mail's settings."""
    SWITCH_ON = "switch_on"
    """The usual password, but IMAP and POP3 must first be switched on in the web mail."""
    BROWSER = "browser"
    """Sign-in by browser (OAuth 2) only; most accounts refuse every password."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is. host "" means the provider does not offer it."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's servers. known: from the table, not guessed. help_url: "" where we know none.

    domains: of its addresses. mx: what ends the names of the hosts that take its mail. hosts: other
    names of its servers. oauth: how its browser sign-in works; client_id is the user's to give.
    files_sent: what goes out by its SMTP server is in Sent by itself.
    local_user: it wants the part before the @ as user name, not the address.
    note: one sentence a person must know first, "" mostly.
    """

    name: str
    imap: Place
    pop3: Place
    smtp: Place
    sign_in: SignIn = SignIn.PASSWORD
    help_url: str = ""
    known: bool = True
    domains: tuple[str, ...] = field(default=())
    mx: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    oauth: OAuthSettings | None = None
    files_sent: bool = False
    local_user: bool = False
    note: str = ""


def tls(protocol: Protocol, host: str) -> Place:
    """That host on the usual port, with TLS from the first byte."""
    return Place(host, DEFAULT_PORTS[protocol, Security.TLS], Security.TLS)
