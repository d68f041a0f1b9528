"""SMTP's replies in plain words, sizes in megabytes, and addresses that cannot end a command."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from martlet.mail.errors import Refused
from martlet.net.smtp_address import envelope
from martlet.net.smtp_words import megabytes, reply_of


@pytest.mark.parametrize(
    ("code", "said", "words", "meaning"),
    [
        (550, b"5.1.1 No\n5.1.1 such user", "550 5.1.1 No such user", "there is no such address"),
        (452, b"4.2.2 full", "452 4.2.2 full", "the mailbox is full"),
        (
            554,
            b"5.7.1 Relay access denied.",
            "554 5.7.1 Relay access denied.",
            "“Relay access denied”",
        ),
        (550, b"Get lost", "550 Get lost", "“Get lost”"),
        (550, b"", "550", "code 550"),
        (550, b"5.1.1", "550 5.1.1", "there is no such address"),
        (550, b"5.9.9.9 x", "550 5.9.9.9 x", "“5.9.9.9 x”"),
    ],
)
def test_replies(code: int, said: bytes, words: str, meaning: str) -> None:
    reply = reply_of(code, said)
    assert (reply.words, reply.meaning) == (words, meaning)


@given(st.integers(200, 599), st.binary(max_size=500))
def test_any_reply_can_be_shown(code: int, said: bytes) -> None:
    reply = reply_of(code, said)
    assert reply.words.isprintable()
    assert reply.meaning.isprintable()
    assert reply.meaning


@pytest.mark.parametrize(
    ("size", "up", "shown"),
    [
        (25 << 20, False, "25 MB"),
        (26_000_000, False, "24.7 MB"),
        ((31 << 20) - 5, True, "31 MB"),
        ((25 << 20) + 1, True, "25.1 MB"),
        (10_240, False, "10 KB"),
        (10_241, True, "11 KB"),
        (3, False, "1 KB"),
    ],
)
def test_sizes(size: int, up: bool, shown: str) -> None:
    assert megabytes(size, up=up) == shown


@pytest.mark.parametrize(
    "address",
    ["a@b", "a.b+c@example.org", '"a b"@example.org', "a@[192.0.2.1]", "a'b=c/d@x", "好@例.org"],
)
def test_addresses_as_they_are_written(address: str) -> None:
    letter = envelope(address, [address], Refused)
    assert (letter.sender, letter.recipients) == (address, ((address, address),))


@given(st.text(max_size=60))
@example("0@´")  # which becomes "xn-- -xbb"
def test_no_address_ends_its_command(text: str) -> None:
    try:
        letter = envelope("", [text], Refused)
    except Refused:
        return
    wire = letter.recipients[0][1]
    assert not set(wire) & set("\r\n\0")
    assert "@" in wire
    if not wire.startswith('"'):
        assert not set(wire) & set(" <>")
