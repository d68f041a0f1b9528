"""From an address alone to mail that comes and goes: discovery against Dovecot and Postfix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from martlet.engine.discovery import discover
from martlet.engine.engine import Engine
from martlet.engine.network import Network
from martlet.mail.account import Account, AccountId, SecretSource
from martlet.mail.discovery import FoundBy
from martlet.mail.server import Protocol, Security
from martlet.paths import Profile
from support.certificates import Certificates, issue
from support.dovecot import Dovecot
from support.names import Names
from support.postfix import AUTH_LISTENER, Postfix, unusable
from support.web import Loopback, Website

pytestmark = pytest.mark.skipif(bool(unusable()), reason=unusable() or "usable")

ADDRESS = "ada@localhost"
TLS, STARTTLS = Security.TLS, Security.STARTTLS


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return issue(tmp_path_factory.mktemp("tls"), "localhost", "autoconfig.localhost")


@pytest.fixture(scope="module")
def host(certificates: Certificates) -> Iterator[tuple[Dovecot, Postfix]]:
    with (
        Dovecot(settings=AUTH_LISTENER, certificates=certificates) as dovecot,
        Postfix(dovecot) as postfix,
    ):
        yield dovecot, postfix


def published(dovecot: Dovecot, postfix: Postfix) -> bytes:
    def server(kind: str, protocol: str, port: int, security: str) -> str:
        return (
            f'<{kind} type="{protocol}"><hostname>localhost</hostname><port>{port}</port>'
            f"<socketType>{security}</socketType><username>%EMAILLOCALPART%</username>"
            f"<authentication>password-cleartext</authentication></{kind}>"
        )

    return (
        '<clientConfig version="1.1"><emailProvider id="localhost">'
        + server("incomingServer", "imap", dovecot.imaps, "SSL")
        + server("incomingServer", "pop3", dovecot.pop3s, "SSL")
        + server("outgoingServer", "smtp", postfix.smtp, "STARTTLS")
        + "</emailProvider></clientConfig>"
    ).encode()


def test_an_address_alone_becomes_an_account_that_works(
    tmp_path: Path, host: tuple[Dovecot, Postfix], certificates: Certificates
) -> None:
    dovecot, postfix = host
    pages = {("autoconfig.localhost", "/mail/config-v1.1.xml"): published(dovecot, postfix)}
    with Website(certificates, pages) as site, Names({}) as names:
        network = Network(
            ca_file=str(certificates.ca_file), nameserver=names.place, look_up=site.look_up
        )
        engine = Engine(Profile(tmp_path), network=network)
        try:
            offer = engine.discover(ADDRESS).offers[0]
            assert offer.found_by is FoundBy.AUTOCONFIG
            assert offer.confirm == ""
            account = Account(
                AccountId(0),
                "found",
                ADDRESS,
                incoming=offer.incoming[0],
                outgoing=offer.outgoing[0],
                secret=SecretSource.ASK,
                ca_file=str(certificates.ca_file),
            )
            steps = engine.account_test(account, dovecot.password)
        finally:
            engine.close()
    assert steps
    assert [step.said for step in steps if not step.ok] == []


def test_real_servers_are_known_by_their_greetings(
    host: tuple[Dovecot, Postfix], certificates: Certificates
) -> None:
    dovecot, postfix = host
    places = {
        ("localhost", 993): dovecot.imaps,
        ("localhost", 143): dovecot.imap,
        ("localhost", 995): dovecot.pop3s,
        ("localhost", 110): dovecot.pop3,
        ("localhost", 465): postfix.smtps,
        ("localhost", 587): postfix.smtp,
    }
    with Names({}) as names:
        network = Network(
            ca_file=str(certificates.ca_file),
            nameserver=names.place,
            look_up=Loopback(places).look_up,
        )
        (guess,) = discover(ADDRESS, True, network).offers
    assert [(one.protocol, one.port, one.security) for one in guess.incoming] == [
        (Protocol.IMAP, 993, TLS),
        (Protocol.IMAP, 143, STARTTLS),
        (Protocol.POP3, 995, TLS),
        (Protocol.POP3, 110, STARTTLS),
    ]
    assert [(one.port, one.security) for one in guess.outgoing] == [(465, TLS), (587, STARTTLS)]


def test_greetings_of_servers_whose_certificate_is_unknown(
    host: tuple[Dovecot, Postfix],
) -> None:
    dovecot, _ = host
    places = {("localhost", 993): dovecot.imaps, ("localhost", 143): dovecot.imap}
    with Names({}) as names:
        network = Network(nameserver=names.place, look_up=Loopback(places).look_up)
        result = discover(ADDRESS, True, network)
    assert [one.port for one in result.offers[0].incoming] == [993, 143]
    said = next(one.said for one in result.asked if one.host == "localhost" and one.ok)
    assert "certificate" in said
