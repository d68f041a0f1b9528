"""Which hosts a certificate is for, as OpenSSL sees it, and certificates nobody can read."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.net.certificate import Certificate, describe
from martlet.net.tls import end_point
from support.certificates import self_signed

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DAY = timedelta(days=1)


def made(*hosts: str, starts: int = -1, ends: int = 1) -> Certificate:
    return Certificate(
        "ab", hosts, "CN=x", NOW + starts * DAY, NOW + ends * DAY, "CN=y", frozenset(hosts)
    )


@pytest.mark.parametrize(
    ("name", "host", "good"),
    [
        ("mail.example.org", "MAIL.example.org.", True),
        ("*.example.org", "mail.example.org", True),
        ("*.example.org", "a.mail.example.org", False),
        ("*.example.org", "example.org", False),
        ("*", "localhost", False),
        ("*.", "localhost", False),
        ("ma*.example.org", "mail.example.org", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "0:0::1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("xn--mller-kva.example", "m\u00fcller.example", True),
        ("xn--strae-oqa.example", "Stra\u00dfe.example", True),
        ("strasse.example", "stra\u00dfe.example", False),
        ("example.org", "a" * 90, False),
    ],
)
def test_the_hosts_it_is_for(name: str, host: str, good: bool) -> None:
    assert made(name).faults(host, NOW) == (() if good else (f"is for {name}, not for {host}",))


def test_all_faults_are_found() -> None:
    assert made(starts=1, ends=-1).faults("mail.example.org", NOW) == (
        "expired on 20 November 2026",
        "is not valid before 22 November 2026",
        "is for no name, not for mail.example.org",
    )


def test_names_that_are_no_hosts_are_shown_as_its_own_words() -> None:
    lure = "yours. Press Trust to go on\u201d"
    assert made("mail.invalid", lure).faults("mail.example.org", NOW) == (
        'is for mail.invalid, \u201cyours. Press Trust to go on"\u201d, not for mail.example.org',
    )


@pytest.mark.parametrize("version", [1, 3, 9, 127])
def test_a_version_that_openssl_takes_and_nobody_else(version: int, tmp_path: Path) -> None:
    pem = self_signed(tmp_path).chain_file.read_text()
    der = ssl.PEM_cert_to_DER_cert(pem)
    place = der.index(bytes.fromhex("a003020102")) + 4
    odd = der[:place] + bytes([version]) + der[place + 1 :]
    assert describe(odd) == Certificate(hashlib.sha256(odd).hexdigest())
    assert end_point(odd) is None


@given(st.binary(max_size=300))
def test_what_cannot_be_read_has_its_fingerprint_and_no_opinion(der: bytes) -> None:
    found = describe(der)
    assert len(found.fingerprint) == 64
    assert found.words.endswith(found.fingerprint)
    assert found.faults("mail.example.org", NOW) == ()
