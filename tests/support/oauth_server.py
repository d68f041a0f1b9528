"""A small authorization server on loopback, and a person with a browser: OAuth 2 in earnest.

    with OAuthServer() as provider:
        pending = sign_ins.begin(provider.settings(), "ada", "", STRAIGHT)
        page = browse(pending.url)      # while another thread waits for the sign-in
        ...
    Dovecot(oauth=provider.introspection)

Authorization code with PKCE S256, refresh tokens that change with every use (using an old one ends
the sign-in, RFC 9700, 4.14.2), introspection (RFC 7662) for mail servers. `says` makes the token
endpoint answer something else; `consent` is what the person does.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from martlet.mail.sign_in import OAuthSettings

from .certificates import Certificates
from .scripted import server_context

CLIENT_ID = "martlet-test"


class Page(NamedTuple):
    """What a browser ended at."""

    status: int
    url: str
    text: str
    headers: dict[str, str]


def browse(url: str, headers: dict[str, str] | None = None) -> Page:
    """Opens a page as a browser does, redirects and all."""
    request = urllib.request.Request(url, headers=headers or {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=20) as answer:
            return Page(answer.status, answer.url, answer.read().decode(), dict(answer.headers))
    except urllib.error.HTTPError as error:
        with error:
            told = dict(error.headers)
            return Page(error.code, error.url or url, error.read().decode("utf-8", "replace"), told)


@dataclass(slots=True)
class SignIn:
    """One person's consent: what it is for and the tokens it has led to."""

    user: str
    redirect: str
    challenge: str
    code: str
    refresh: list[str] = field(default_factory=list)
    access: set[str] = field(default_factory=set)
    over: bool = False


class OAuthServer:
    """Listens while in its `with`.

    user: who signs in. lasts_s: what it says of access tokens. rotate: whether a refresh brings a
    new refresh token. client_secret: wanted of the client when not "". certificates: HTTPS.
    asked: the queries of the authorize page; forms: of the token endpoint. granted: access tokens
    so far; refreshes: how many of them came by refresh. sign_ins: consents so far. consent: False
    refuses. says: (status, body) the token endpoint answers instead, when not None.
    """

    def __init__(
        self,
        *,
        user: str = "ada",
        lasts_s: object = 3600,
        rotate: bool = True,
        client_secret: str = "",
        certificates: Certificates | None = None,
    ) -> None:
        self.user = user
        self.lasts_s = lasts_s
        self.rotate = rotate
        self.client_secret = client_secret
        self.consent = True
        self.says: tuple[int, bytes] | None = None
        self.asked: list[dict[str, str]] = []
        self.forms: list[dict[str, str]] = []
        self.granted: list[str] = []
        self.refreshes = 0
        self.sign_ins: list[SignIn] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _responder(self))
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])
        self.scheme = "http"
        if certificates is not None:
            self.scheme = "https"
            context = server_context(certificates)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="oauth-server", daemon=True
        )

    @property
    def base(self) -> str:
        host = "localhost" if self.scheme == "https" else "127.0.0.1"
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def introspection(self) -> str:
        """Where a mail server asks about a token, which it puts at the end."""
        return f"{self.base}/introspect?token="

    def settings(self, client_id: str = CLIENT_ID) -> OAuthSettings:
        return OAuthSettings(
            "Testmail", f"{self.base}/authorize", f"{self.base}/token", "mail", client_id
        )

    def __enter__(self) -> OAuthServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(30)

    def expire_access(self) -> None:
        """No access token given so far is good any more."""
        with self._lock:
            for one in self.sign_ins:
                one.access.clear()

    def revoke(self) -> None:
        """The person takes every consent back in the provider's settings."""
        with self._lock:
            for one in self.sign_ins:
                one.over = True
                one.access.clear()

    def consented(self, url: str) -> dict[str, str]:
        """What the browser would bring back from the authorize page of this URL."""
        status, headers, _ = self.answer("/authorize", _pairs(urlsplit(url).query))
        assert status == 302
        return _pairs(urlsplit(headers["Location"]).query)

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers, body."""
        with self._lock:
            if path == "/authorize":
                return self._authorize(query)
            if path == "/token":
                status, body = self._token(query)
            elif path == "/introspect":
                status, body = 200, self._introspect(query.get("token", ""))
            else:
                return 404, {}, b""
        return status, {"Content-Type": "application/json"}, body

    def _authorize(self, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(query)
        redirect = query.get("redirect_uri", "")
        place = urlsplit(redirect)
        if query.get("client_id") != CLIENT_ID or place.hostname not in ("127.0.0.1", "localhost"):
            return 400, {}, b"unknown client"
        back = {"state": query.get("state", "")}
        if query.get("response_type") != "code" or query.get("code_challenge_method") != "S256":
            back["error"] = "invalid_request"
        elif not self.consent:
            back |= {"error": "access_denied", "error_description": "The <b>person</b> said no"}
        else:
            code = secrets.token_urlsafe(16)
            user = query.get("login_hint") or self.user
            challenge = query.get("code_challenge", "")
            self.sign_ins.append(SignIn(user, redirect, challenge, code))
            back["code"] = code
        return 302, {"Location": f"{redirect}?{urlencode(back)}"}, b""

    def _token(self, form: dict[str, str]) -> tuple[int, bytes]:
        self.forms.append(form)
        if self.says is not None:
            return self.says
        if form.get("client_id") != CLIENT_ID or (
            self.client_secret and form.get("client_secret") != self.client_secret
        ):
            return _error(401, "invalid_client")
        if form.get("grant_type") == "authorization_code":
            return self._by_code(form)
        if form.get("grant_type") == "refresh_token":
            return self._by_refresh(form)
        return _error(400, "unsupported_grant_type")

    def _by_code(self, form: dict[str, str]) -> tuple[int, bytes]:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        for one in self.sign_ins:
            if one.code == form.get("code") and one.code:
                one.code = ""
                if one.challenge != proof or one.redirect != form.get("redirect_uri"):
                    return _error(400, "invalid_grant", "PKCE or redirect")
                one.refresh.append(secrets.token_urlsafe(24))
                return self._given(one, one.refresh[-1])
        return _error(400, "invalid_grant", "no such code")

    def _by_refresh(self, form: dict[str, str]) -> tuple[int, bytes]:
        token = form.get("refresh_token", "")
        for one in self.sign_ins:
            if token not in one.refresh:
                continue
            if token != one.refresh[-1]:
                one.over = True  # an old one: somebody has stolen it
                one.access.clear()
            if one.over:
                break
            self.refreshes += 1
            if self.rotate:
                one.refresh.append(secrets.token_urlsafe(24))
                return self._given(one, one.refresh[-1])
            return self._given(one, "")
        return _error(400, "invalid_grant", "The sign-in has ended.")

    def _given(self, one: SignIn, refresh: str) -> tuple[int, bytes]:
        access = secrets.token_urlsafe(32)
        one.access.add(access)
        self.granted.append(access)
        told: dict[str, object] = {"access_token": access, "token_type": "Bearer"}
        if self.lasts_s is not None:
            told["expires_in"] = self.lasts_s
        if refresh:
            told["refresh_token"] = refresh
        return 200, json.dumps(told).encode()

    def _introspect(self, token: str) -> bytes:
        for one in self.sign_ins:
            if token in one.access:
                told = {"active": True, "username": one.user, "email": one.user, "scope": "mail"}
                return json.dumps(told).encode()
        return b'{"active": false}'


def _responder(server: OAuthServer) -> type[BaseHTTPRequestHandler]:
    class Responder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            self._answer(self.rfile.read(length).decode())

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self, query: str) -> None:
            path = urlsplit(self.path).path
            status, headers, body = server.answer(path, _pairs(query))
            with contextlib.suppress(OSError):  # who asked may have gone
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

    return Responder


def _pairs(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _error(status: int, code: str, description: str = "") -> tuple[int, bytes]:
    told = {"error": code}
    if description:
        told["error_description"] = description
    return status, json.dumps(told).encode()
