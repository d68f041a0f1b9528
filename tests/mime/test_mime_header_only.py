"""A header by itself as a message: valid, empty, and without problems of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.message import MessageId
from martlet.mime.content import Apart, attachments, summarise
from martlet.mime.header_only import header_only
from martlet.mime.parse import parse
from martlet.mime.render import render


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=utf-8",
        "text/html",
        'multipart/mixed; boundary="a b"',
        "multipart/alternative; boundary=x",
        "multipart/signed; boundary=x; protocol=application/pgp-signature",
        "multipart/related; boundary==_x",
    ],
)
def test_nothing_is_said_of_what_is_not_here(kind: str) -> None:
    raw = f"From: a@x.org\r\nSubject: Hi\r\nContent-Type: {kind}\r\n\r\n".encode()
    for shown in (raw, raw + b"first line\r\n", raw.replace(b"\r\n", b"\n")):
        made = header_only(shown)
        head, content = summarise(made)
        assert (head.subject, content.preview, content.attachments) == ("Hi", "", 0)
        rendered = render(MessageId(1), made, {"1": Apart(100, False)})
        assert (rendered.text, rendered.problems, rendered.attachments) == ("", (), ())
        assert parse(made).part("1") is not None


def test_a_message_that_is_a_file_is_one_that_is_not_here() -> None:
    raw = b"Subject: Hi\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n"
    (file,) = attachments(parse(header_only(raw)), {"1": Apart(100, False)})
    assert (file.filename, file.here, file.size) == ("a.pdf", False, 100)


@given(st.binary(max_size=300))
def test_any_bytes(shown: bytes) -> None:
    made = header_only(shown)
    summarise(made)
    assert header_only(made) == made or b"\n\n" in shown or b"\r" in shown
