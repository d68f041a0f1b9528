"""Who is asked for an address's servers, said before anybody is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.discovery import ISPDB_HOST, ascii_domain, hosts_asked


def test_a_domain_nobody_knows() -> None:
    assert hosts_asked("ada@Example.org", True) == (
        "autoconfig.example.org", "example.org", ISPDB_HOST,
    )  # fmt: skip
    assert hosts_asked("ada@example.org", False) == ("autoconfig.example.org", "example.org")


@pytest.mark.parametrize("address", ["ada@gmail.com", "ada", "", "ada@[192.0.2.1]", "ada@1.2.3.4"])
def test_nobody_needs_to_be_asked(address: str) -> None:
    assert hosts_asked(address, True) == ()


@pytest.mark.parametrize("domain", ["localhost", "box.local", "mail.internal", "x.home.arpa"])
def test_strangers_do_not_hear_of_names_of_this_network(domain: str) -> None:
    assert hosts_asked(f"ada@{domain}", True) == (f"autoconfig.{domain}", domain)


def test_other_scripts_are_asked_for_in_letters_of_the_net() -> None:
    assert ascii_domain("ada@Müller.example") == "xn--mller-kva.example"
    assert hosts_asked("ada@例子.公司", True)[1] == "xn--fsqu00a.xn--55qx5d"


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    for host in hosts_asked(text, True):
        assert host.isascii()
        assert not set(host) & set(" /@:?#\r\n\0")
