"""What is made of answers about an address's servers, and what a person must confirm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine import offers
from martlet.mail.discovery import FoundBy, Offer
from martlet.mail.providers import SignIn, by_host, lookup
from martlet.mail.server import Protocol, Security, Server
from martlet.net.autoconfig import Published
from martlet.net.dns import Service

ADDRESS = "ada@example.org"


def imap(host: str, port: int = 993) -> Server:
    return Server(Protocol.IMAP, host, port, Security.TLS, ADDRESS)


def file(*hosts: str) -> Published:
    return Published(tuple(imap(host) for host in hosts), (), "Example")


def test_the_table_needs_no_confirming_and_knows_the_user_name() -> None:
    provider = lookup("ada@free.fr")
    assert provider is not None
    offer = offers.of_table(provider, "ada@free.fr")
    assert [(one.host, one.user) for one in offer.incoming] == [
        ("imap.free.fr", "ada"), ("pop.free.fr", "ada"),
    ]  # fmt: skip
    assert offer.outgoing == (Server(Protocol.SMTP, "smtp.free.fr", 465, Security.TLS, "ada"),)
    assert offer.confirm == ""


def test_a_provider_without_servers_offers_its_note() -> None:
    provider = lookup("ada@tuta.com")
    assert provider is not None
    offer = offers.of_table(provider, "ada@tuta.com")
    assert offer.incoming == offer.outgoing == ()
    assert "IMAP" in offer.note


@pytest.mark.parametrize(
    ("hosts", "named"),
    [
        (["imap.example.org"], []),
        (["example.org"], []),
        (["imap.evilexample.org"], ["imap.evilexample.org"]),
        (["imap.example.org", "mail.other.net"], ["mail.other.net"]),
        (["example.org.evil.example"], ["example.org.evil.example"]),
        (["127.0.0.1"], ["127.0.0.1"]),
        (["imap.gmail.com"], []),
        (["imap.gmail.com", "mail.other.net"], ["imap.gmail.com", "mail.other.net"]),
    ],
)
def test_hosts_of_another_domain_are_to_be_confirmed(hosts: list[str], named: list[str]) -> None:
    offer = offers.of_file(file(*hosts), FoundBy.AUTOCONFIG, ADDRESS)
    assert bool(offer.confirm) == bool(named)
    assert all(host in offer.confirm for host in named)
    assert offer.confirm.count(". ") == 0


def test_what_the_name_server_says_is_to_be_confirmed_even_below_the_domain() -> None:
    (offer,) = offers.of_services(
        [Service(Protocol.IMAP, "imap.example.org", 993, Security.TLS)], ADDRESS
    )
    assert offer.found_by is FoundBy.SRV
    assert "imap.example.org" in offer.confirm
    (evil,) = offers.of_services(
        [Service(Protocol.IMAP, "imap.evil.example", 993, Security.TLS)], ADDRESS
    )
    assert "imap.evil.example" in evil.confirm


def test_services_without_one_to_receive_from_are_no_offer() -> None:
    smtp = Service(Protocol.SMTP, "smtp.example.org", 465, Security.TLS)
    assert offers.of_services([smtp], ADDRESS) == []
    assert offers.of_services([], ADDRESS) == []


def test_what_is_known_of_a_server_goes_with_it() -> None:
    offer = offers.of_file(file("imap.gmail.com"), FoundBy.ISPDB, ADDRESS)
    assert (offer.who, offer.sign_in) == ("Gmail", SignIn.APP_PASSWORD)
    assert offer.help_url
    assert offer.oauth is not None


def test_one_known_server_among_strange_ones_lends_them_nothing() -> None:
    offer = offers.of_file(file("imap.gmail.com", "imap.evil.example"), FoundBy.ISPDB, ADDRESS)
    assert (offer.who, offer.help_url, offer.oauth) == ("Example", "", None)


def test_a_file_that_wants_a_browser() -> None:
    published = Published((imap("imap.example.org"),), (), browser=True)
    assert offers.of_file(published, FoundBy.AUTOCONFIG, ADDRESS).sign_in is SignIn.BROWSER


def test_a_guess_takes_what_answered_and_guesses_the_rest() -> None:
    plain = offers.of_guess(ADDRESS)
    assert [one.host for one in plain.incoming] == ["imap.example.org", "pop.example.org"]
    assert [one.host for one in plain.outgoing] == ["smtp.example.org"]
    there = imap("mail.example.org")
    better = offers.of_guess(ADDRESS, [there])
    assert better.incoming == (there,)
    assert better.outgoing == plain.outgoing
    assert better == Offer(FoundBy.GUESS, (there,), plain.outgoing)


def test_an_address_at_a_number() -> None:
    offer = offers.of_guess("ada@[192.0.2.1]")
    assert {one.host for one in (*offer.incoming, *offer.outgoing)} == {"192.0.2.1"}
    six = offers.of_guess("ada@[IPv6:2001:db8::1]")
    assert {one.host for one in six.incoming} == {"2001:db8::1"}


def test_guesses_are_below_the_domain_and_private() -> None:
    found = offers.guesses(ADDRESS)
    assert len(found) == len(set(found))
    assert found[0] == imap("imap.example.org")
    for server in found:
        assert server.host == "example.org" or server.host.endswith(".example.org")
        assert server.security is not Security.NONE


@given(
    st.from_regex(r"[a-z0-9.-]{1,40}", fullmatch=True),
    st.sampled_from([FoundBy.AUTOCONFIG, FoundBy.WELL_KNOWN, FoundBy.ISPDB]),
)
def test_no_host_outside_the_domain_goes_unconfirmed(host: str, how: FoundBy) -> None:
    offer = offers.of_file(file(host), how, ADDRESS)
    inside = host == "example.org" or host.endswith(".example.org")
    assert bool(offer.confirm) == (not inside and by_host(host) is None)


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("mx1.mail.example.net", "example.net"),
        ("mx.example.co.uk", "example.co.uk"),
        ("mx.example.com.cn", "example.com.cn"),
        ("mx.a.de", "a.de"),
        ("example.net", "example.net"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
    ],
)
def test_who_registered_a_host(host: str, base: str) -> None:
    assert offers.base_domain(host) == base
