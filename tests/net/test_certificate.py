"""Which hosts a certificate is for, as OpenSSL sees it, and certificates nobody can read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.net.certificate import Certificate, describe

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


@given(st.binary(max_size=300))
def test_what_cannot_be_read_has_its_fingerprint_and_no_opinion(der: bytes) -> None:
    found = describe(der)
    assert len(found.fingerprint) == 64
    assert found.words.endswith(found.fingerprint)
    assert found.faults("mail.example.org", NOW) == ()
