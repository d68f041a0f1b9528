"""Names of hosts in ASCII: as browsers have them, not as IDNA had them in 2003."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.discovery import ascii_domain, hosts_asked
from martlet.mail.host_name import ascii_name
from martlet.mail.providers import guess


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("straße.de", "xn--strae-oqa.de"),
        ("STRAẞE.de", "xn--strae-oqa.de"),
        ("faß\u3002DE", "xn--fa-hia.de"),
        ("βόλος.com", "xn--nxasmm1c.com"),
        ("ΒΌΛΟΣ.com", "xn--nxasmq6b.com"),
        ("نامه\u200cای.com", "xn--mgba3gch31f060k.com"),
        ("क्\u200dष.example", "xn--11b2ezcw70k.example"),
        ("exa\u200dmple.org", "example.org"),  # reads as it leads
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("mail.Example.ORG", "mail.Example.ORG"),
        ("straße.de.", "xn--strae-oqa.de."),
    ],
)
def test_names(name: str, known: str) -> None:
    assert ascii_name(name) == known


@pytest.mark.parametrize("name", ["ß" * 70, "ß\udc80.de", "a..ü", "ß\u0627.example", "a" * 64])
def test_what_cannot_be_a_name(name: str) -> None:
    with pytest.raises(UnicodeError):
        ascii_name(name)


def test_an_address_leads_to_nobody_elses_domain() -> None:
    assert ascii_domain("ada@Straße.de") == "xn--strae-oqa.de"
    assert hosts_asked("ada@straße.de", False)[1] == "xn--strae-oqa.de"
    assert ascii_name(guess("ada@straße.de").imap.host) == "imap.xn--strae-oqa.de"


@given(st.text(st.sampled_from("aÜßẞςΣ\u200c\u200d\u0627\u094d.\u3002-\ud800"), max_size=30))
def test_any_name(name: str) -> None:
    with contextlib.suppress(UnicodeError):
        assert ascii_name(name).isascii()
