"""Signing in with one's own certificate (EXTERNAL, RFC 4422 A), and the way by proxies, live.

Dovecot takes the user's name from the certificate; Postfix has no such thing, so that SMTP's
server is a script that asks for a certificate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from martlet.mail.account import Protocol, Security
from martlet.mail.errors import AuthFailed
from martlet.mail.route import ProxyKind, Route
from martlet.net.imap import ImapSession
from martlet.net.pop3 import Pop3Session
from martlet.net.smtp import check
from support.certificates import Own, own
from support.dovecot import Dovecot, installed
from support.scripted import Script, Scripted, expect, send, start_tls
from support.tunnels import Tunnels

pytestmark = pytest.mark.skipif(not installed(), reason="no Dovecot here")

SETTINGS = """
ssl_ca = <{ca}
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
passdb {{
  driver = static
  mechanisms = external
  args = nopassword=y
}}
"""


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Own:
    return own(tmp_path_factory.mktemp("own"), "ada", "tops3cret")


@pytest.fixture(scope="module")
def dovecot(mine: Own) -> Iterator[Dovecot]:
    settings = SETTINGS.format(ca=mine.ca_file)
    with Dovecot(mechanisms="plain external", settings=settings) as server:
        server.deliver("ada", b"Subject: one\r\n\r\nhello\r\n")
        yield server


def counted(dovecot: Dovecot, protocol: Protocol, route: Route, user: str, auth: str) -> int:
    """Signs in and answers how many messages there are."""
    security = Security.STARTTLS if user else Security.TLS
    server = dovecot.server(protocol, user, security, auth)
    secret = dovecot.password if auth == "PLAIN" else ""
    if protocol is Protocol.POP3:
        with Pop3Session.open(server, secret, route=route, timeout_s=10.0) as pop3:
            return pop3.count()
    session = ImapSession.open(server, secret, route=route, timeout_s=10.0)
    try:
        session.select("INBOX")
        return session.exists
    finally:
        session.close()


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
@pytest.mark.parametrize("user", ["ada", ""])
def test_a_certificate_signs_in(dovecot: Dovecot, mine: Own, protocol: Protocol, user: str) -> None:
    route = Route(dovecot.ca_file, certificate=str(mine.file), certificate_secret="tops3cret")
    assert counted(dovecot, protocol, route, user, "EXTERNAL") == 1


@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_without_a_certificate_or_as_somebody_else_nobody_is_let_in(
    dovecot: Dovecot, mine: Own, protocol: Protocol
) -> None:
    route = Route(dovecot.ca_file, certificate=str(mine.file), certificate_secret="tops3cret")
    for way, user in ((route, "bruno"), (Route(dovecot.ca_file), "ada")):
        with pytest.raises(AuthFailed, match="did not accept your certificate"):
            counted(dovecot, protocol, way, user, "EXTERNAL")


@pytest.mark.parametrize("kind", ProxyKind)
@pytest.mark.parametrize("protocol", [Protocol.IMAP, Protocol.POP3])
def test_by_a_proxy_it_is_all_the_same(
    dovecot: Dovecot, mine: Own, protocol: Protocol, kind: ProxyKind
) -> None:
    with Tunnels(kind, "eve", "of the proxy") as proxy:
        route = Route(dovecot.ca_file, proxy=proxy.named(), proxy_secret="of the proxy")
        assert counted(dovecot, protocol, route, "ada", "PLAIN") == 1
        shown = replace(route, certificate=str(mine.file), certificate_secret="tops3cret")
        assert counted(dovecot, protocol, shown, "", "EXTERNAL") == 1
        assert {host for host, _ in proxy.places} == {"localhost"}


@pytest.mark.parametrize("user", ["ada", ""])
@pytest.mark.parametrize("kind", [None, *ProxyKind])
def test_a_certificate_signs_in_to_send(
    dovecot: Dovecot, mine: Own, user: str, kind: ProxyKind | None
) -> None:
    name = "YWRh" if user else "="
    script: Script = [
        send("220 hi\r\n"),
        expect("EHLO"),
        send("250-hi\r\n250 STARTTLS\r\n"),
        expect("STARTTLS"),
        send("220 go\r\n"),
        start_tls(),
        expect("EHLO"),
        send("250-hi\r\n250 AUTH EXTERNAL\r\n"),
        expect(f"AUTH EXTERNAL {name}\r\n"),
        send("235 in\r\n"),
        expect("QUIT"),
        send("221 bye\r\n"),
    ]
    asking = replace(dovecot.certificates, clients_ca=mine.ca_file)
    with Scripted(script, certificates=asking) as server, Tunnels(kind or ProxyKind.HTTP) as proxy:
        account = server.account(
            Protocol.SMTP, Security.STARTTLS, user, "EXTERNAL", host="localhost"
        )
        route = Route(
            dovecot.ca_file,
            proxy=proxy.named() if kind else None,
            certificate=str(mine.file),
            certificate_secret="tops3cret",
        )
        check(account, "", route=route, timeout_s=10.0)
