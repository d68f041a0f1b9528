"""Signing in with what is kept, and once more where there is something newer to sign in with.

An access token may have run out, a password command may print another password by now. A password
that was refused is never tried twice: accounts get locked that way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from martlet.engine.secrets import Secrets
from martlet.engine.trial import Trial
from martlet.mail.account import Account
from martlet.mail.errors import AuthFailed
from martlet.mail.route import Route
from martlet.mail.server import Server
from martlet.net.sasl import NotOffered

T = TypeVar("T")


def signed_in(
    secrets: Secrets | Trial,
    account: Account,
    server: Server,
    attempt: Callable[[str, Route], T],
    identity: int = 0,
) -> T:
    """What `attempt` answers when given the secret and the way to the server.

    identity: whose own server it is, 0 for the account's. Raises what `attempt` raises, and
    AuthFailed when there is no secret.
    """
    route = secrets.route(account)
    secret = secrets.for_server(account, server, identity)
    try:
        return attempt(secret, route)
    except NotOffered:
        raise  # no secret was refused, and none is the cure
    except AuthFailed:
        if not secrets.refused(account, server, secret, identity):
            raise
    return attempt(secrets.for_server(account, server, identity), route)
