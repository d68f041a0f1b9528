"""Access tokens of accounts that sign in by browser: in memory only, renewed one at a time.

    fresh ──► kept and not near its end ──► given
       └────► refresh token ──► the provider ──► kept; a new refresh token goes to the keyring
A provider that says the sign-in has ended is not asked again until the person has signed in anew:
worker after worker would ask it in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Protocol as TypingProtocol

from martlet.mail.account import Account, AccountId
from martlet.mail.errors import AuthFailed
from martlet.mail.route import Route
from martlet.mail.sign_in import CLIENT, TOKEN
from martlet.net import oauth
from martlet.net.oauth import Tokens

MARGIN_S = 120.0
# A token that is refused within this time of being got is not stale: another is no better.
STALE_S = 60.0


class Keeper(TypingProtocol):
    """What is needed of Secrets."""

    def part(self, account: Account, part: str) -> str: ...
    def keep(self, account: Account, password: str, part: str = "") -> None: ...
    def route(self, account: Account) -> Route: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str = field(repr=False)
    got: float
    until: float


@dataclass(slots=True)
class _One:
    """An account's. over: the refresh token whose sign-in has ended, and how that was told."""

    turn: RLock = field(default_factory=RLock)
    kept: _Kept | None = None
    over: tuple[str, str, str] | None = field(default=None, repr=False)


class AccessTokens:
    """clock: Unix time."""

    def __init__(self, keeper: Keeper, clock: Callable[[], float]) -> None:
        self._keeper = keeper
        self._clock = clock
        self._lock = Lock()
        self._ones: dict[AccountId, _One] = {}

    def fresh(self, account: Account) -> str:
        """A token with time left. AuthFailed: sign in (again). Offline, TlsRefused, BadServer."""
        one = self._one(account.id)
        with one.turn:
            if one.kept is None or one.kept.until <= self._clock():
                self._renew(account, one)
            assert one.kept is not None
            return one.kept.token

    def refused(self, account: Account, token: str) -> bool:
        """A server refused this token; whether there is another one now. May raise like `fresh`."""
        one = self._one(account.id)
        with one.turn:
            if one.kept is None or one.kept.token != token:
                return self.fresh(account) != token
            if self._clock() - one.kept.got < STALE_S:
                return False
            self._renew(account, one)
            return one.kept.token != token

    def take(self, account: Account, tokens: Tokens, got: float) -> None:
        """The person has signed in: what that gave, at `got`, is used from now on."""
        one = self._one(account.id)
        with one.turn:
            one.over = None
            one.kept = _judged(tokens, got)

    def drop(self, account_id: AccountId) -> None:
        """Forgets an account's."""
        with self._lock:
            self._ones.pop(account_id, None)

    def _one(self, account_id: AccountId) -> _One:
        with self._lock:
            return self._ones.setdefault(account_id, _One())

    def _renew(self, account: Account, one: _One) -> None:
        one.kept = None
        token = self._keeper.part(account, TOKEN)
        if not token or account.oauth is None:
            raise AuthFailed(f"{account.name} needs you to sign in by browser.", "", account.name)
        if one.over is not None and one.over[0] == token:
            raise AuthFailed(one.over[1], one.over[2], account.name)
        try:
            tokens = oauth.refresh(
                account.oauth,
                token,
                self._keeper.part(account, CLIENT),
                route=self._keeper.route(account),
            )
        except AuthFailed as error:
            one.over = (token, error.summary, error.detail)
            raise
        one.kept = _judged(tokens, self._clock())
        if tokens.refresh and tokens.refresh != token:
            self._keeper.keep(account, tokens.refresh, TOKEN)


def _judged(tokens: Tokens, got: float) -> _Kept:
    # Half its life where the margin would leave less.
    left = max(tokens.lasts_s - MARGIN_S, tokens.lasts_s / 2)
    return _Kept(tokens.access, got, got + left)
