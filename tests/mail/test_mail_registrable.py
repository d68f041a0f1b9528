"""Whose site a host belongs to."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from martlet.mail.registrable import (
    below,
    bought,
    is_number,
    registrable,
    same_site,
    shown_host,
    suffix_of,
)


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("www.example.org", "example.org"),
        ("EXAMPLE.org.", "example.org"),
        ("a.b.shop.co.uk", "shop.co.uk"),
        ("co.uk", "co.uk"),
        ("mail.sina.com.cn", "sina.com.cn"),
        ("www.uol.com.br", "uol.com.br"),
        ("mail.yahoo.co.jp", "yahoo.co.jp"),
        ("www.gov.uk", "www.gov.uk"),
        ("ada.github.io", "ada.github.io"),
        ("x.ada.github.io", "ada.github.io"),
        ("bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"),
        ("bucket.s3.eu-west-1.amazonaws.com", "bucket.s3.eu-west-1.amazonaws.com"),
        ("mail.co.de", "co.de"),
        ("ada.com.ru", "ada.com.ru"),
        ("mail.ada.co.at", "ada.co.at"),
        ("a.b.pp.ru", "b.pp.ru"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]", "[2001:db8::1]"),
        ("localhost", "localhost"),
        ("www.bücher.de", "xn--bcher-kva.de"),
        ("почта.рф", "xn--80a1acny.xn--p1ai"),
        ("", ""),
        ("...", ""),
        ("0..:", "0.:"),
        ("a. .b. ", "a.b"),
    ],
)
def test_site(host: str, site: str) -> None:
    assert registrable(host) == site


@pytest.mark.parametrize(
    ("host", "paid"),
    [("ada.duckdns.org", "duckdns.org"), ("x.ada.github.io", "github.io"),
     ("ada.blogspot.co.uk", "blogspot.co.uk"), ("b.s3.amazonaws.com", "amazonaws.com"),
     ("www.shop.co.uk", "shop.co.uk"), ("com", "com"), ("192.0.2.7", "192.0.2.7"), ("", "")],
)  # fmt: skip
def test_names_that_cost_nothing_are_their_hosts(host: str, paid: str) -> None:
    assert bought(host) == paid


def test_same_site_and_below() -> None:
    assert same_site("mail.example.co.uk", "www.example.co.uk")
    assert not same_site("one.co.uk", "two.co.uk")
    assert not same_site("a.github.io", "b.github.io")
    assert not same_site("", "")
    assert same_site("bücher.de", "www.xn--bcher-kva.de")
    assert below("mx.google.com", "google.com")
    assert below("google.com", "google.com")
    assert not below("evilgoogle.com", "google.com")
    assert not below("google.com", "")


def test_suffix() -> None:
    assert suffix_of("www.shop.co.uk") == "co.uk"
    assert suffix_of("paypal.com") == "com"
    assert suffix_of("127.0.0.1") == ""


def test_shown_host() -> None:
    assert shown_host("www.XN--BCHER-KVA.de") == "www.bücher.de"
    assert shown_host("xn--80ak6aa92e.com") == "аррӏе.com"
    # Nothing that a registry would refuse: it is shown as it stands.
    assert shown_host("xn--a.com") == "xn--a.com"
    assert shown_host("xn--99999999.com") == "xn--99999999.com"


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f000001", "2130706433", "127.1", "[::1]", "::1"])
def test_numbers(host: str) -> None:
    assert is_number(host)


@pytest.mark.parametrize("host", ["1and1.com", "163.com", "a.b", "", "1.2.3.4.5.example"])
def test_not_numbers(host: str) -> None:
    assert not is_number(host)


@example("0..:")
@example("a. .b")
@given(st.one_of(st.text(max_size=300), st.from_regex(r"(xn--)?[a-z0-9.-]{0,70}", fullmatch=True)))
def test_never_raises(host: str) -> None:
    site = registrable(host)
    assert registrable(site) == site or not site.isascii()  # what is no host stays as it is
    suffix_of(host)
    is_number(host)
    assert shown_host(host).isprintable()
