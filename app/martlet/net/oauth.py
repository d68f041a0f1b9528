"""OAuth 2 as a native program speaks it: the page to open, the code and the tokens it is worth.

Authorization code with PKCE S256 (RFC 6749, 7636, 8252). Pure but for `exchange` and `refresh`,
which each ask the provider's token endpoint once. The browser's way back is in `oauth_loopback`;
what is kept, and when a token is renewed, is the engine's.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused
from martlet.mail.route import Route
from martlet.mail.sign_in import OAuthSettings
from martlet.net.oauth_post import Answer, check_url, post
from martlet.net.words import server_words

TIMEOUT_S = 20.0
_TOKEN_LIMIT = 16_384
_USUAL_S = 3600.0
_LONGEST_S = 30 * 86_400.0
_PASSING = {"temporarily_unavailable", "server_error", "slow_down"}
_CLIENT = {"invalid_client", "unauthorized_client"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave. refresh: "" when it gave no new one. lasts_s: of the access token."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    lasts_s: float


@dataclass(frozen=True, slots=True)
class Asking:
    """What is made up for one sign-in. state: comes back with the code. verifier: proves to the
    provider that who brings the code is who asked for it (RFC 7636).
    """

    redirect: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


def asking(redirect: str) -> Asking:
    """A new one, 256 bits each."""
    return Asking(redirect, secrets.token_urlsafe(32), secrets.token_urlsafe(32))


def challenge(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def check(settings: OAuthSettings) -> None:
    """Refuses settings nobody can sign in with, in one sentence."""
    check_url(settings.authorize_url)
    check_url(settings.token_url)
    if settings.redirect_host not in ("127.0.0.1", "localhost"):
        raise Refused("The browser must come back to this computer.", settings.redirect_host[:100])
    if not settings.client_id:
        page = f" One is made at {settings.register_url}." if settings.register_url else (
            " Its pages for developers give one."
        )  # fmt: skip
        raise Refused(
            f"Signing in to {settings.provider} by browser needs a client id of your own.{page}"
        )


def page(settings: OAuthSettings, asked: Asking, user: str) -> str:
    """The URL for the browser (RFC 6749, 4.1.1). user: who is to sign in, or ""."""
    query = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": asked.redirect,
        "scope": settings.scope,
        "state": asked.state,
        "code_challenge": challenge(asked.verifier),
        "code_challenge_method": "S256",
    }
    if user:
        query["login_hint"] = user
    url, _, fragment = settings.authorize_url.partition("#")
    del fragment  # a page's own place; it would swallow the query
    return url + ("&" if "?" in url else "?") + urlencode(query)


def exchange(
    settings: OAuthSettings, asked: Asking, code: str, client_secret: str, *, route: Route,
    timeout_s: float = TIMEOUT_S,
) -> Tokens:  # fmt: skip
    """Tokens for the code (RFC 6749, 4.1.3). AuthFailed, Offline, TlsRefused, BadServer."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.redirect,
        "client_id": settings.client_id,
        "code_verifier": asked.verifier,
    }
    return _tokens(settings, form, client_secret, route, timeout_s)


def refresh(
    settings: OAuthSettings, token: str, client_secret: str, *, route: Route,
    timeout_s: float = TIMEOUT_S,
) -> Tokens:  # fmt: skip
    """A new access token (RFC 6749, 6), and a new refresh token where the provider changes it.

    AuthFailed: the person must sign in again. Offline: later. TlsRefused, BadServer.
    """
    form = {
        "grant_type": "refresh_token",
        "refresh_token": token,
        "client_id": settings.client_id,
    }
    return _tokens(settings, form, client_secret, route, timeout_s)


def _tokens(
    settings: OAuthSettings,
    form: dict[str, str],
    client_secret: str,
    route: Route,
    timeout_s: float,
) -> Tokens:
    if client_secret:
        form["client_secret"] = client_secret
    answer = post(settings.token_url, form, route=route, timeout_s=timeout_s)
    told = _told(answer)
    if answer.status != 200:
        raise _refusal(settings.provider, answer.status, told)
    kind = told.get("token_type", "bearer")
    access, renewed = told.get("access_token"), told.get("refresh_token", "")
    if not (isinstance(kind, str) and kind.lower() == "bearer"):
        raise _strange(settings.provider, "token_type")
    if not (isinstance(access, str) and access and _is_token(access)):
        raise _strange(settings.provider, "access_token")
    if not isinstance(renewed, str) or not _is_token(renewed):
        raise _strange(settings.provider, "refresh_token")
    return Tokens(access, renewed, _lasts(told.get("expires_in")))


def _told(answer: Answer) -> Mapping[str, object]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _is_token(text: str) -> bool:
    """VSCHAR (RFC 6749, A.12): what goes into a SASL line must not be able to end it."""
    return len(text) <= _TOKEN_LIMIT and all(" " <= c <= "~" for c in text)


def _lasts(told: object) -> float:
    """Seconds; some providers write them as text."""
    if isinstance(told, str) and told.isascii() and told.isdecimal() and len(told) < 12:
        told = int(told)
    if isinstance(told, bool) or not isinstance(told, int | float) or not told >= 0:
        return _USUAL_S
    return min(float(told), _LONGEST_S)


def _refusal(provider: str, status: int, told: Mapping[str, object]) -> MailError:
    """What an error answer means (RFC 6749, 5.2)."""
    error = told.get("error")
    code = server_words(error, 60) if isinstance(error, str) else ""
    said = said_by(told.get("error_description"), code) or f"HTTP status {status}"
    if status >= 500 or status in (408, 429) or code in _PASSING:
        return Offline(f"The sign-in of {provider} does not work at the moment.", said)
    if code in _CLIENT:
        return AuthFailed(f"{provider} does not know this client id, or its secret is wrong.", said)
    if code == "invalid_grant":
        return AuthFailed(f"{provider} wants you to sign in again.", said)
    if code:
        return AuthFailed(f"{provider} refused the sign-in.", said)
    return _strange(provider, said)


def said_by(description: object, code: str) -> str:
    """A provider's words about an error: its description, else the bare code."""
    words = server_words(description) if isinstance(description, str) else ""
    return f"{words} ({code})" if words and code else words or code


def _strange(provider: str, detail: str) -> BadServer:
    return BadServer(f"The sign-in of {provider} answered something that is no answer.", detail)
