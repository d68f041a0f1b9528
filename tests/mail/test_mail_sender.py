"""Whose an address is, however it is spelt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from martlet.mail.sender import caught, named
from support.stores import imap


@pytest.mark.parametrize(
    ("own", "address", "is_own"),
    [
        ("ada@straße.de", "Ada@STRAẞE.de", True),
        ("ada@straße.de", "ada@xn--strae-oqa.de", True),
        ("ada@straße.de", "ada+shop@xn--strae-oqa.de", True),
        ("ada@straße.de", "ada@strasse.de", False),
        ("ada@strasse.de", "ada@straße.de", False),
        ("groß@example.org", "GROẞ@example.org", True),
        ("groß@example.org", "gross@example.org", False),
        ("jürgen@example.org", "JÜRGEN@example.org", True),
    ],
)
def test_own_addresses(own: str, address: str, is_own: bool) -> None:
    account = replace(imap("x"), address=own)
    assert (named(account, address) is not None) == is_own


def test_names_at_ones_own_domain() -> None:
    account = replace(imap("x"), address="ada@straße.de", catch_all=True)
    assert caught(account, "shop@xn--strae-oqa.de")
    assert not caught(account, "shop@strasse.de")
