"""The token endpoint: what it is sent, and what is believed of its answers."""

from __future__ import annotations

import contextlib
import json
import ssl
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.errors import AuthFailed, BadServer, MailError, Offline, Refused, TlsRefused
from martlet.mail.route import STRAIGHT, Pin, ProxyKind, Route
from martlet.mail.sign_in import OAuthSettings
from martlet.net import oauth, tls
from martlet.net.oauth import Asking, Tokens
from martlet.net.oauth_post import ANSWER_LIMIT, check_url
from support.certificates import issue
from support.oauth_server import OAuthServer
from support.scripted import Scripted, close, read_to, send, stall
from support.tunnels import Tunnels

TOKEN = b'{"access_token": "abc", "token_type": "Bearer", "expires_in": 60}'


def settings(port: int, scheme: str = "http", host: str = "127.0.0.1") -> OAuthSettings:
    base = f"{scheme}://{host}:{port}"
    return OAuthSettings("Testmail", f"{base}/authorize", f"{base}/token", "mail", "martlet-test")


def answered(raw: bytes, timeout_s: float = 5.0) -> Tokens:
    """What a refresh makes of these bytes as the whole answer."""
    with Scripted([read_to(b"\r\n\r\n"), read_to(b"martlet-test"), send(raw), close()]) as server:
        return oauth.refresh(settings(server.port), "r", "", route=STRAIGHT, timeout_s=timeout_s)


def http(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body


def test_a_challenge_is_the_one_of_rfc_7636() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_two_sign_ins_share_nothing() -> None:
    one, other = oauth.asking("http://127.0.0.1:1"), oauth.asking("http://127.0.0.1:1")
    assert len({one.state, other.state, one.verifier, other.verifier}) == 4
    assert 43 <= len(one.verifier) <= 128
    assert one.state not in repr(one)
    assert one.verifier not in repr(one)


def test_code_and_refresh_over_https(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    with OAuthServer(certificates=certificates, client_secret="s e+c&ret") as provider:
        asked = oauth.asking("http://127.0.0.1:9")
        known = provider.settings()
        # The browser's part, whose certificate store is not ours to test here.
        code = provider.consented(oauth.page(known, asked, "eve"))["code"]
        route = Route(str(certificates.ca_file))
        first = oauth.exchange(known, asked, code, "s e+c&ret", route=route)
        assert first.access == provider.granted[0]
        assert first.lasts_s == 3600
        again = oauth.refresh(known, first.refresh, "s e+c&ret", route=route)
        assert again.access == provider.granted[1]
        assert again.refresh not in ("", first.refresh)
        assert provider.asked[0]["login_hint"] == "eve"
        with pytest.raises(AuthFailed) as caught:
            oauth.refresh(known, again.refresh, "wrong", route=route)
        assert caught.value.summary == (
            "Testmail does not know this client id, or its secret is wrong."
        )
        with pytest.raises(TlsRefused) as untrusted:
            oauth.refresh(known, again.refresh, "", route=STRAIGHT)
        # A person is not asked to trust who gives out tokens.
        assert untrusted.value.fingerprint == ""


def test_a_pin_does_not_vouch_for_a_token_endpoint(tmp_path: Path) -> None:
    certificates = issue(tmp_path)
    with OAuthServer(certificates=certificates) as provider:
        pem = ssl.get_server_certificate(("127.0.0.1", provider.port))
        pin = Pin("localhost", tls.fingerprint(ssl.PEM_cert_to_DER_cert(pem)))
        with pytest.raises(TlsRefused):
            oauth.refresh(provider.settings(), "r", "", route=Route(pins=(pin,)))
        assert provider.forms == []


def test_a_used_refresh_token_ends_the_sign_in() -> None:
    with OAuthServer() as provider:
        asked = oauth.asking("http://127.0.0.1:9")
        known = provider.settings()
        code = provider.consented(oauth.page(known, asked, ""))["code"]
        first = oauth.exchange(known, asked, code, "", route=STRAIGHT)
        oauth.refresh(known, first.refresh, "", route=STRAIGHT)
        with pytest.raises(AuthFailed) as caught:
            oauth.refresh(known, first.refresh, "", route=STRAIGHT)
        assert caught.value.summary == "Testmail wants you to sign in again."
        assert caught.value.detail == "The sign-in has ended. (invalid_grant)"


@pytest.mark.parametrize("kind", list(ProxyKind))
def test_the_accounts_proxy_is_gone_through(kind: ProxyKind) -> None:
    with OAuthServer() as provider, Tunnels(kind, "ada", "p") as proxy:
        known = provider.settings()
        asked = oauth.asking("http://127.0.0.1:9")
        code = provider.consented(oauth.page(known, asked, ""))["code"]
        route = Route(proxy=proxy.named(), proxy_secret="p")
        tokens = oauth.exchange(known, asked, code, "", route=route)
        oauth.refresh(known, tokens.refresh, "", route=route)
        assert proxy.places == [("127.0.0.1", provider.port)] * 2


def test_the_code_is_worth_nothing_without_its_verifier() -> None:
    with OAuthServer() as provider:
        known = provider.settings()
        asked = oauth.asking("http://127.0.0.1:9")
        code = provider.consented(oauth.page(known, asked, ""))["code"]
        thief = Asking(asked.redirect, asked.state, oauth.asking("").verifier)
        with pytest.raises(AuthFailed):
            oauth.exchange(known, thief, code, "", route=STRAIGHT)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (http(b'{"error": "invalid_grant"}', "400 Bad Request"), AuthFailed),
        (http(b'{"error": "unauthorized_client"}', "400 Bad Request"), AuthFailed),
        (http(b'{"error": "temporarily_unavailable"}', "400 Bad Request"), Offline),
        (http(b"busy", "503 Service Unavailable"), Offline),
        (http(b'{"error": "invalid_grant"}', "500 Oops"), Offline),
        (http(b"", "429 Too Many Requests"), Offline),
        (http(b"<html>", "400 Bad Request"), BadServer),
        (http(TOKEN, "302 Found", "Location: http://127.0.0.1:1/\r\n"), BadServer),
        (http(b"[]"), BadServer),
        (http(b"null"), BadServer),
        (http(b"[" * 30_000), BadServer),
        (http(b'{"access_token": ""}'), BadServer),
        (http(b'{"access_token": 7}'), BadServer),
        (http(b'{"access_token": "a\\u0001b"}'), BadServer),
        (http(b'{"access_token": "a", "refresh_token": "b\\r\\n"}'), BadServer),
        (http(b'{"access_token": "a", "token_type": "mac"}'), BadServer),
        (http(b'{"access_token": "' + b"a" * 20_000 + b'"}'), BadServer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", BadServer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", BadServer),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * (ANSWER_LIMIT + 70_000), BadServer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", BadServer),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n", BadServer),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, BadServer),
        (b"X: y\r\n" * 200, BadServer),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200, BadServer),
        (b"* OK IMAP4rev1 ready\r\n", BadServer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{", Offline),
        (b"", Offline),
    ],
)
def test_answers_that_are_none(raw: bytes, kind: type[MailError]) -> None:
    with pytest.raises(MailError) as caught:
        answered(raw)
    assert type(caught.value) is kind
    assert len(caught.value.detail) < 500


@pytest.mark.parametrize(
    ("raw", "lasts_s"),
    [
        (http(TOKEN), 60),
        (b"HTTP/1.0 200 OK\r\n\r\n" + TOKEN, 60),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + http(TOKEN), 60),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"10;x=y\r\n" + TOKEN[:16] + b"\r\n%x\r\n" % len(TOKEN[16:]) + TOKEN[16:]
            + b"\r\n0\r\n\r\n",
            60,
        ),
        (http(b'{"access_token": "abc", "expires_in": "90"}'), 90),
        (http(b'{"access_token": "abc"}'), 3600),
        (http(b'{"access_token": "abc", "expires_in": -5}'), 3600),
        (http(b'{"access_token": "abc", "expires_in": NaN}'), 3600),
        (http(b'{"access_token": "abc", "expires_in": true}'), 3600),
        (http(b'{"access_token": "abc", "expires_in": 1e300}'), 30 * 86_400),
    ],
)  # fmt: skip
def test_answers_in_every_form(raw: bytes, lasts_s: float) -> None:
    tokens = answered(raw)
    assert (tokens.access, tokens.refresh, tokens.lasts_s) == ("abc", "", lasts_s)
    assert "abc" not in repr(tokens)


def test_a_silent_endpoint_is_offline() -> None:
    with Scripted([read_to(b"\r\n\r\n"), stall()]) as server, pytest.raises(Offline):
        oauth.refresh(settings(server.port), "r", "", route=STRAIGHT, timeout_s=0.2)


def test_one_that_dribbles_is_not_waited_for() -> None:
    drops = [send(b"X: y\r\n") for _ in range(90)]
    script = [read_to(b"\r\n\r\n"), send(b"HTTP/1.1 200 OK\r\n"), *drops, stall()]
    with Scripted(script) as server, pytest.raises(Offline):
        oauth.refresh(settings(server.port), "r", "", route=STRAIGHT, timeout_s=0.2)


def test_the_provider_is_told_no_more_than_it_must() -> None:
    with Scripted([read_to(b"\r\n\r\n"), stall()]) as server:
        with pytest.raises(Offline):
            oauth.refresh(settings(server.port), "r", "", route=STRAIGHT, timeout_s=0.2)
        (heard,) = server.heard
    names = {line.split(b":")[0] for line in heard[0].split(b"\r\n")[1:] if line}
    assert names == {
        b"Host", b"User-Agent", b"Accept", b"Accept-Encoding", b"Connection", b"Content-Type",
        b"Content-Length",
    }  # fmt: skip


def test_words_of_a_provider_cannot_paint() -> None:
    told = {"error": "x\n\x1b[31m", "error_description": "a\u202eb\r\n" + "c" * 900}
    with pytest.raises(AuthFailed) as caught:
        answered(http(json.dumps(told).encode(), "400 Bad Request"))
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 400


@pytest.mark.parametrize(
    "url",
    [
        "", "http://example.org/token", "ftp://127.0.0.1/", "https://", "https://[::1", "file:///x",
        "https://user@example.org/", "https://example.org/\r\nX: y", "https://exämple.org/",
        "https://example.org:0/", "https://example.org:99999/", "javascript:alert(1)",
        "http://127.0.0.1.example.org/", "https://example.org/" + "a" * 2000,
    ],
)  # fmt: skip
def test_only_private_addresses_are_asked(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url)


@given(st.text(max_size=60))
def test_any_text_as_address(text: str) -> None:
    with contextlib.suppress(Refused):
        assert check_url(text)


def test_without_a_client_id_the_sentence_says_where() -> None:
    known = OAuthSettings(
        "Gmail", "https://a.example/", "https://b.example/", "mail",
        register_url="https://console.cloud.google.com/apis/credentials",
    )  # fmt: skip
    with pytest.raises(Refused) as caught:
        oauth.check(known)
    assert caught.value.summary == (
        "Signing in to Gmail by browser needs a client id of your own. "
        "One is made at https://console.cloud.google.com/apis/credentials."
    )
