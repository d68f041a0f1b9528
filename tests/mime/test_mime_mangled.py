"""Changed messages are read like any other: nothing raises, and what must hold of all mail holds.

A short run of what `tests/bench/mime_fuzz.py` does at length; what that has found stands below.
"""

from __future__ import annotations

import pytest

from martlet.mime.addresses import parse_addresses
from martlet.mime.body import body
from martlet.mime.parse import parse
from martlet.mime.words import decode_text
from support.mangled import CHARSETS, mangled, read_whole, seeds


@pytest.mark.parametrize("seed", range(4))
def test_changed_messages_are_read(seed: int) -> None:
    for number, raw in enumerate(mangled(250, seed)):
        read_whole(raw, CHARSETS[number % len(CHARSETS)], rendered=number % 20 == 0)


@pytest.mark.parametrize("number", range(20))
def test_messages_cut_anywhere_are_read(number: int) -> None:
    for raw in seeds()[number::20]:
        for cut in range(0, len(raw), max(1, len(raw) // 25)):
            read_whole(raw[:cut])


def test_an_empty_part_does_not_end_before_it_begins() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n--b\n--b--\n"
    assert all(part.size >= 0 for part in parse(raw).walk())


def test_a_nul_in_an_address_is_not_kept() -> None:
    for raw in (b"a\x00b@c.d", b"A <a\x00b@c.d>", "A <a\u202eb@c.d>".encode()):
        assert parse_addresses(raw)[0].address == "ab@c.d"


@pytest.mark.parametrize("label", ["zlib", "bz2", "hex", "rot13", "base64", "uu", "quopri"])
def test_a_codec_of_python_that_is_no_charset(label: str) -> None:
    assert decode_text(f"=?{label}?q?=E9t=E9?=".encode()) == "été"
    raw = f"Content-Type: text/plain; charset={label}\n\n".encode() + b"\xe9t\xe9"
    assert body(parse(raw)).text == "été"
