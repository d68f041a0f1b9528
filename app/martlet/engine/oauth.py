"""Signing in by browser: a sign-in begins, the browser comes back, its grant waits for an account.

    begin ──► the caller opens the URL ──► wait: the browser comes back with a code ──► Grants
What providers are asked, and how distrustfully, is in net.oauth and net.oauth_loopback; what an
account's tokens are worth later, in access_tokens.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from threading import Lock

from martlet.engine.grants import KEPT_S, Grants
from martlet.mail.errors import Refused
from martlet.mail.route import Route
from martlet.mail.sign_in import OAuthPending, OAuthSettings
from martlet.net import oauth
from martlet.net.oauth_loopback import Loopback

# Each that is waited for holds one of the link's few threads for what takes long.
AT_ONCE = 3


@dataclass(slots=True)
class _Begun:
    """A sign-in the browser has not come back from. waited: somebody waits for it."""

    settings: OAuthSettings
    asked: oauth.Asking
    loopback: Loopback
    route: Route
    client_secret: str = field(repr=False)
    waited: bool = False


class SignIns:
    """At most AT_ONCE at a time; the oldest gives way. wait_s: how long the browser may take."""

    def __init__(self, grants: Grants, wait_s: float = KEPT_S) -> None:
        self._grants = grants
        self._wait_s = wait_s
        self._lock = Lock()
        self._begun: dict[str, _Begun] = {}

    def begin(
        self, settings: OAuthSettings, user: str, client_secret: str, route: Route
    ) -> OAuthPending:
        """Refused: settings that nobody can sign in with. route: how the provider is reached."""
        oauth.check(settings)
        loopback = Loopback(settings.redirect_host)
        asked = oauth.asking(loopback.redirect)
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            self._begun[ticket] = _Begun(settings, asked, loopback, route, client_secret)
            crowd = list(self._begun)[:-AT_ONCE]
        for old in crowd:
            self.cancel(old)
        return OAuthPending(ticket, oauth.page(settings, asked, user))

    def wait(self, ticket: str) -> None:
        """Comes back with the grant kept under the ticket; see link.messages.SignInWait."""
        with self._lock:
            begun = self._begun.get(ticket)
            if begun is None or begun.waited:
                raise Refused("This sign-in by browser is not known, or waited for already.")
            begun.waited = True
        try:
            code = begun.loopback.wait(begun.asked.state, begun.settings.provider, self._wait_s)
            tokens = oauth.exchange(
                begun.settings, begun.asked, code, begun.client_secret, route=begun.route
            )
        finally:
            with self._lock:
                wanted = self._begun.pop(ticket, None) is not None
        if not wanted:
            raise Refused("The sign-in was cancelled.")
        if not tokens.refresh:
            raise Refused(
                f"{begun.settings.provider} gave a sign-in that ends within the hour.",
                "No refresh token came with it; the scope may lack offline_access.",
            )
        self._grants.put(ticket, begun.settings, tokens, begun.client_secret)

    def cancel(self, ticket: str) -> None:
        """Ends a sign-in, or forgets what came of it. One that is not known is no error."""
        self._grants.drop(ticket)
        with self._lock:
            begun = self._begun.pop(ticket, None)
        if begun is None:
            return
        if begun.waited:
            begun.loopback.cancel()
        else:
            begun.loopback.close()

    def close(self) -> None:
        """Ends them all."""
        with self._lock:
            tickets = list(self._begun)
        for ticket in tickets:
            self.cancel(ticket)
