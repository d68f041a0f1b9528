"""Which of an account's servers are signed in to with an access token, so that none is ever sent
as a password, nor a password as a token.
"""

from __future__ import annotations

from dataclasses import replace

from martlet.engine.desktop import Desktop
from martlet.engine.parts import parts_for
from martlet.mail.account import Account, SecretSource
from martlet.mail.server import BEARER, Server
from martlet.mail.sign_in import PASSWORD

TOKENS_ONLY = (BEARER, "XOAUTH2", "OAUTHBEARER")


def settled(account: Account, desktop: Desktop) -> Account:
    """The account with the way to sign in that its secret is fit for.

    What a command prints is for the user to say; a desktop that does not answer changes nothing.
    """
    if account.secret is SecretSource.COMMAND:
        return account
    if account.secret is SecretSource.DESKTOP:
        tokens = desktop.gives_tokens(account.desktop)
        return with_bearer(account, tokens=True) if tokens else account
    return with_bearer(account, tokens=account.secret is SecretSource.OAUTH)


def with_bearer(account: Account, *, tokens: bool) -> Account:
    """BEARER wherever the secret is a token; where it is not, BEARER goes again."""
    identities = tuple(
        replace(
            one,
            outgoing=_judged(
                one.outgoing, tokens and PASSWORD in parts_for(account, one.outgoing, one.id)
            ),
        )
        if one.outgoing is not None
        else one
        for one in account.identities
    )
    return replace(
        account,
        identities=identities,
        incoming=_judged(account.incoming, tokens),
        outgoing=_judged(account.outgoing, tokens and not account.smtp_secret),
    )


def _judged(server: Server | None, tokens: bool) -> Server | None:
    if server is None:
        return None
    if tokens:
        return server if server.auth in TOKENS_ONLY else replace(server, auth=BEARER)
    return replace(server, auth="") if server.auth == BEARER else server
