"""Signing in without a password: OAuth 2 by browser, and accounts the desktop is signed in to.

Facts and settings; what is said to whom is in engine.oauth and net.oauth.
"""

from __future__ import annotations

from dataclasses import dataclass

from martlet.mail.server import Server


@dataclass(frozen=True, slots=True)
class OAuthSettings:
    """How an account gets its access tokens (RFC 6749, RFC 7636, RFC 8252).

    provider: the provider's name as a person knows it. authorize_url, token_url: https, but for
    loopback. scope: space separated. client_id: registered with the provider, by the user where
    we have none; its secret, where the provider wants one, is in the keyring (part "client").
    register_url: the provider's page where one gets a client id, or "". redirect_host: the name of
    this computer in the address the browser comes back to, as the provider wants it registered.
    """

    provider: str
    authorize_url: str
    token_url: str
    scope: str
    client_id: str = ""
    register_url: str = ""
    redirect_host: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class OAuthPending:
    """A sign-in by browser has begun. ticket: names it. url: what the browser is to open."""

    ticket: str
    url: str


@dataclass(frozen=True, slots=True)
class DesktopAccount:
    """A mail account the desktop is signed in to.

    key: what Account.desktop holds ("goa:account_17"). service: "GNOME Online Accounts", "KDE".
    tokens: whether it gives OAuth access tokens; else a password. incoming, outgoing: as far as
    the desktop knows them, user names filled in.
    """

    key: str
    service: str
    provider: str
    address: str
    full_name: str = ""
    tokens: bool = True
    incoming: Server | None = None
    outgoing: Server | None = None


def part_of_identity(identity: int) -> str:
    """The secret's part (see engine.secrets) of an identity's own server."""
    return f"identity:{identity}"


# Secrets beside the account's password, by part.
PASSWORD = ""
SMTP = "smtp"  # the sending server's, where it differs
PROXY = "proxy"
CERTIFICATE = "certificate"
CLIENT = "client"  # OAuth: the client's own secret
TOKEN = "token"  # OAuth: the refresh token; written by the engine alone
