"""BEARER: an access token goes out as one, or not at all."""

from __future__ import annotations

import pytest

from martlet.net import sasl
from martlet.net.sasl import NotOffered


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ("PLAIN XOAUTH2 OAUTHBEARER", "OAUTHBEARER"),
        ("plain xoauth2", "XOAUTH2"),
        ("OAUTHBEARER", "OAUTHBEARER"),
    ],
)
@pytest.mark.parametrize("secure", [True, False])
def test_the_standard_one_first(offered: str, chosen: str, secure: bool) -> None:
    assert sasl.choose(offered.split(), "bearer", secure=secure) == chosen


@pytest.mark.parametrize("offered", ["", "PLAIN LOGIN", "SCRAM-SHA-256-PLUS EXTERNAL", "BEARER"])
def test_never_in_place_of_a_password(offered: str) -> None:
    with pytest.raises(NotOffered) as caught:
        sasl.choose(offered.split(), "BEARER", secure=True, binding=True)
    assert caught.value.summary == "The server does not offer to sign in by browser or token."


def test_a_password_is_never_sent_as_a_token() -> None:
    assert sasl.choose(["XOAUTH2", "OAUTHBEARER"], "", secure=True) == ""
