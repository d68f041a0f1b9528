"""Messages that were cut off, and files that are none."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.body import body
from martlet.mime.parse import parse

EARLY = ("The message ends too early; something of it is missing.",)
NO_MAIL = ("This does not look like a mail message.",)
WORDS = base64.encodebytes(b"Words that are sent as base64, for some reason. " * 9)
SINGLE = (
    b"From: ada@example.org\r\nSubject: s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + WORDS.replace(b"\n", b"\r\n")
)
INNER = (
    b"Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\r\nplain\r\n"
    b"--in\r\nContent-Type: text/html\r\n\r\n<p>rich\r\n"
)
SEVERAL = (
    b"From: ada@example.org\r\nSubject: s\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n"
    b"--out\r\n" + INNER + b"--in--\r\n--out\r\nContent-Type: application/pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + WORDS.replace(b"\n", b"\r\n") + b"--out--\r\n"
)


@pytest.mark.parametrize("size", [20, 60, 115, 130, 150, 200, 230, 300, 600, -1, -3, -6, -10])
def test_several_parts_that_were_cut_anywhere(size: int) -> None:
    cut = SEVERAL[:size] if size > 0 else SEVERAL[:-4][:size]
    assert body(parse(cut)).problems == EARLY


@pytest.mark.parametrize("size", [30, 40, -3, -7, -40, -79])
def test_base64_that_was_cut(size: int) -> None:
    assert EARLY[0] in body(parse(SINGLE[:size])).problems


def test_cut_without_a_part_yet() -> None:
    start = SEVERAL.index(b"--out\r\n")
    for end in (start, start + 3, start + 5, start + 7):
        assert body(parse(SEVERAL[:end])).problems == EARLY


@pytest.mark.parametrize(
    "raw",
    [
        SINGLE,
        SINGLE.rstrip(),
        SEVERAL,
        SEVERAL.rstrip(),
        SEVERAL + b"an epilogue",
        # One inside another that nothing closes, as some write: all of it is here
        SEVERAL.replace(b"--in--\r\n", b""),
        b"From: a@b.c\r\n\r\n",
        b"From: a@b.c\r\n",
        b"From: a@b.c\r\n\r\nwords without an end",
        SINGLE + b"_______\r\nA list's footer\r\n",
        b"Subject: s\r\nContent-Transfer-Encoding: base64\r\n\r\nno base64 at all, but words\r\n",
        b"Subject: s\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    ],
)
def test_what_is_here_to_its_end(raw: bytes) -> None:
    assert EARLY[0] not in body(parse(raw)).problems
    assert NO_MAIL[0] not in body(parse(raw)).problems


def test_an_attached_message_has_an_end_of_its_own() -> None:
    held = (
        b"Subject: s\r\nContent-Type: multipart/mixed; boundary=h\r\n\r\n--h\r\n"
        b"Content-Type: message/rfc822\r\n\r\n" + SEVERAL[:300] + b"\r\n--h\r\n"
        b"Content-Type: message/rfc822\r\n\r\nSubject: a header alone\r\n--h--\r\n"
    )
    message = parse(held)
    assert body(message).problems == ()
    inner = [part.embedded for part in message.walk() if part.embedded is not None]
    assert [one.problems for one in inner] == [EARLY, ()]


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" + bytes(range(256)) * 40,
        random.Random(7).randbytes(20_000),
        b"Dear all,\nnote: this is a text.\n\nRegards\n",
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"PK\x03\x04" + b"\x14" * 100,
        b"x",
    ],
)
def test_what_is_no_mail(raw: bytes) -> None:
    assert parse(raw).problems == NO_MAIL


@pytest.mark.parametrize("raw", [b"", b"\r\n", b" \n\n"])
def test_an_empty_file(raw: bytes) -> None:
    assert parse(raw).problems == ("This file is empty.",)


@given(st.binary(max_size=300))
def test_one_sentence_is_enough_for_what_is_no_mail(raw: bytes) -> None:
    problems = parse(b"\x00" + raw).problems
    assert len(problems) == 1 or NO_MAIL[0] not in problems
