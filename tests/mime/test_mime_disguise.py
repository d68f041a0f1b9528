"""Names that were written to be read as others are told."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.content import attachments
from martlet.mime.disguise import disguised
from martlet.mime.parse import parse


def mail(disposition: bytes, content_type: bytes = b"application/octet-stream") -> bytes:
    return (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
        + b"Content-Type: "
        + content_type
        + b"\r\nContent-Disposition: "
        + disposition
        + b"\r\n\r\nx\r\n--b--\r\n"
    )


def word(name: str) -> bytes:
    return b"=?utf-8?b?" + base64.b64encode(name.encode()) + b"?="


@pytest.mark.parametrize(
    "disposition",
    [
        b'attachment; filename="' + "photo_\u202egnp.exe".encode() + b'"',
        b"attachment; filename*=utf-8''photo_%E2%80%AEgnp.exe",
        b'attachment; filename="' + word("photo_\u202egnp.exe") + b'"',
        b'attachment; filename="' + word("in\u200bvoice.pdf") + b'"',
        b'attachment; filename="invoice.pdf\x00.exe"',
        b'attachment; filename="' + word("\u3164\u3164.exe") + b'"',
    ],
)
def test_what_turns_or_hides_is_told(disposition: bytes) -> None:
    (found,) = attachments(parse(mail(disposition)))
    assert found.disguised


@pytest.mark.parametrize(
    "disposition",
    [
        b"attachment",
        b'attachment; filename="report.pdf"',
        b'attachment;\r\n\tfilename="100% sure.pdf"',
        b"attachment; filename*=utf-8''%E6%8A%A5%E5%91%8A.pdf",
        b'attachment; filename="' + word("گزارش می\u200cشود.pdf") + b'"',
        b'attachment; filename="' + word("👩\u200d🔬.png") + b'"',
        b'attachment; filename="' + word("שלום\u200f.txt") + b'"',
        b"attachment; filename*=gb18030''%B1%A8%B8%E6.pdf",
    ],
)
def test_names_as_people_give_them_are_not(disposition: bytes) -> None:
    (found,) = attachments(parse(mail(disposition)))
    assert not found.disguised


def test_a_name_in_the_type_counts_too() -> None:
    raw = mail(b"attachment", b'application/pdf; name="' + word("a\u202efdp.exe") + b'"')
    (found,) = attachments(parse(raw))
    assert found.disguised


@given(st.binary(max_size=200))
def test_any_bytes_have_an_answer(data: bytes) -> None:
    part = parse(b"Content-Disposition: " + data + b"\r\n\r\n")
    assert disguised(part.headers) in (True, False)
