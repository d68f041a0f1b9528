"""A server's words cannot end the quotes they stand in, nor look like ours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.status_words import sentence


def test_words_that_pretend_to_be_ours() -> None:
    said = "550 no”. Your account is closed: visit https://evil.example “now"
    assert sentence("5.1.1", said) == (
        'There is no such address. The server said: “550 no". Your account is closed: visit'
        ' https://evil.example "now”.'
    )


@given(st.text(min_size=1))
def test_nothing_ends_the_quotes(said: str) -> None:
    told = sentence("", said)
    assert (told.count("“"), told.count("”")) == (1, 1)
    assert told.endswith("”.")
