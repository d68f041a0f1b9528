"""Which spellings are one address, and which are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.address_key import address_key, shown_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("STRAẞE@example.org", "straße@example.org"),
        ("MÜLLER@example.org", "müller@example.org"),
        ("mu\u0308ller@example.org", "müller@example.org"),
        ("ada@straße.de", "ada@XN--strae-oqa.de"),
        ("ada@STRAẞE.de", "ada@straße.de"),
        ("ada@bücher.de", "ada@BÜCHER.DE"),
        ("ada@bücher\u3002de", "ada@xn--bcher-kva.de"),
        ("@straße.de", "@xn--strae-oqa.de"),
        (" Ada@example.org ", "ada@example.org"),
        ("İpek@example.org", "i\u0307pek@example.org"),
    ],
)
def test_one(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@straße.de", "ada@strasse.de"),
        ("groß@example.org", "gross@example.org"),
        ("ﬁn@example.org", "fin@example.org"),
        ("İpek@example.org", "ipek@example.org"),
        ("ıpek@example.org", "ipek@example.org"),
        ("а@example.org", "a@example.org"),
        ("eve@a\uff20example.org", "eve@a@example.org"),
    ],
)
def test_two(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_shown() -> None:
    assert shown_address(address_key("Ada@STRAẞE.de")) == "ada@straße.de"
    assert shown_address("nobody") == "nobody"


@given(st.text(max_size=40) | st.emails())
def test_any_text(text: str) -> None:
    key = address_key(text)
    assert address_key(key) == key
    assert key.count("@") == text.count("@")


def test_what_is_no_domain_for_its_length() -> None:
    assert address_key("A@" + "Ü" * 300) == "a@" + "ü" * 300
