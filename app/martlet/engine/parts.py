"""Which secrets an account has, and which of them is for which server. Pure; see mail.sign_in for
their names and secrets for where they are.
"""

from __future__ import annotations

from martlet.mail.account import Account, Protocol, SecretSource, Server
from martlet.mail.errors import AuthFailed
from martlet.mail.sign_in import (
    CERTIFICATE,
    CLIENT,
    PASSWORD,
    PROXY,
    SMTP,
    TOKEN,
    part_of_identity,
)


def parts_for(account: Account, server: Server, identity: int = 0) -> tuple[str, ...]:
    """The parts that may sign in to this server, first to last.

    A server with a secret of its own is never given the account's, unless it is the same host and
    user: the password of one provider is not for another.
    """
    own_smtp = account.smtp_secret and server.protocol is Protocol.SMTP
    shared = SMTP if own_smtp else PASSWORD
    if not identity:
        return (shared,)
    ours = (account.outgoing,) if own_smtp else (account.outgoing, account.incoming)
    if not any(_same(server, one) for one in ours if one is not None):
        return (part_of_identity(identity),)
    if shared == PASSWORD and account.secret in (SecretSource.OAUTH, SecretSource.DESKTOP):
        return (shared,)  # a token, by a mechanism for tokens: no password can take its place
    return (part_of_identity(identity), shared)


def _same(one: Server, other: Server) -> bool:
    # Not folded: straße is not strasse.
    return (one.host.lower(), one.user) == (other.host.lower(), other.user)


def needed(account: Account, server: Server) -> AuthFailed:
    """Nothing is kept that could sign in to this server."""
    return AuthFailed(f"The password for {server.host} is needed.", "", account.name)


def wanted(account: Account) -> frozenset[str]:
    """The parts that these settings may have a secret for."""
    parts = {part_of_identity(identity.id) for identity in account.identities if identity.outgoing}
    if account.secret is SecretSource.OAUTH:
        parts |= {TOKEN, CLIENT}
    elif account.secret is SecretSource.KEYRING:
        parts.add(PASSWORD)
    if account.smtp_secret:
        parts.add(SMTP)
    if account.proxy is not None and account.proxy.user:
        parts.add(PROXY)
    if account.certificate:
        parts.add(CERTIFICATE)
    return frozenset(parts)


def lasts(account: Account, part: str) -> bool:
    """Whether the keyring is the place for it."""
    if part:
        return account.secret is not SecretSource.ASK
    return account.secret is SecretSource.KEYRING
