"""Structure as it should not be: boundaries lost, repeated, reused; bodies not as they say."""

from __future__ import annotations

import base64

import pytest

from martlet.mime.body import body
from martlet.mime.content import attachments, summarise
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.part import Message

PDF = b'Content-Type: application/pdf; name="a.pdf"\r\n\r\n%PDF'
TEXT = b"Content-Type: text/plain\r\n\r\nwords"
HTML = b"Content-Type: text/html\r\n\r\n<p>rich</p>"


def mail(kind: bytes, boundary: bytes, rest: bytes) -> Message:
    head = b"Subject: s\r\nContent-Type: " + kind + b"; boundary=" + boundary + b"\r\n\r\n"
    return parse(head + rest)


def shape(message: Message) -> list[tuple[str, str]]:
    return [(part.path, part.content_type) for part in message.walk()]


def names(message: Message) -> list[str]:
    return [file.filename for file in attachments(message)]


def told(message: Message, words: str) -> bool:
    return any(words in problem for problem in message.problems)


def test_a_boundary_that_begins_like_another() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=bb\r\n\r\n"
    parts = inner + b"--bb\r\n" + TEXT + b"\r\n--bb\r\n" + HTML + b"\r\n--bb--\r\n"
    message = mail(b"multipart/mixed", b"b", b"--b\r\n" + parts + b"--b\r\n" + PDF + b"\r\n--b--")
    assert [path for path, _ in shape(message)] == ["", "1", "1.1", "1.2", "2"]
    assert body(message).text == "words"
    assert names(message) == ["a.pdf"]
    assert message.problems == ()


def test_a_boundary_that_looks_like_the_end_of_another() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=b--x\r\n\r\n"
    parts = inner + b"--b--x\r\n" + TEXT + b"\r\n--b--x\r\n" + HTML + b"\r\n--b--x--\r\n"
    message = mail(b"multipart/mixed", b"b", b"--b\r\n" + parts + b"--b\r\n" + PDF + b"\r\n--b--")
    assert [path for path, _ in shape(message)] == ["", "1", "1.1", "1.2", "2"]


def test_one_boundary_for_two_multiparts() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
    parts = inner + b"--b\r\n" + TEXT + b"\r\n--b\r\n" + HTML + b"\r\n--b--\r\n"
    message = mail(
        b"multipart/mixed", b"b", b"--b\r\n" + parts + b"\r\n--b\r\n" + PDF + b"\r\n--b--\r\n"
    )
    assert shape(message) == [
        ("", "multipart/mixed"), ("1", "multipart/alternative"), ("1.1", "text/plain"),
        ("1.2", "text/html"), ("2", "application/pdf"),
    ]  # fmt: skip
    read = body(message)
    assert (read.text, "rich" in (read.html or "")) == ("words", True)
    assert names(message) == ["a.pdf"]
    assert told(message, "two multiparts")


def test_parts_after_the_end() -> None:
    end = b"\r\n--b--\r\nA list added this.\r\n--b\r\n" + PDF + b"\r\n--b--\r\n"
    message = mail(b"multipart/mixed", b"b", b"--b\r\n" + TEXT + end)
    assert names(message) == ["a.pdf"]
    assert told(message, "after the end")


def test_text_after_the_end_is_no_part() -> None:
    end = b"\r\n--b--\r\nepilogue\r\n--b\r\nnot a part\r\n"
    message = mail(b"multipart/mixed", b"b", b"preamble\r\n--b\r\n" + TEXT + end)
    assert body(message).text == "words"
    assert message.problems == ()


def test_the_end_is_missing_inside() -> None:
    inner = b"Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\n" + TEXT
    parts = b"--b\r\n" + inner + b"\r\n--i\r\n" + HTML + b"\r\n--b\r\n" + PDF
    message = mail(b"multipart/mixed", b"b", parts)
    assert [path for path, _ in shape(message)] == ["", "1", "1.1", "1.2", "2"]


def test_a_boundary_twice_in_a_row() -> None:
    parts = b"--b\r\n--b\r\n" + TEXT + b"\r\n--b\r\n--b--\r\n--b--\r\n"
    assert body(mail(b"multipart/mixed", b"b", parts)).text == "words"


@pytest.mark.parametrize(
    "announced",
    [b"multipart/mixed", b"multipart/mixed; boundary=other", b"multipart/mixed; boundary=\"\"",
     b"multipart", b"multipart/mixed; boundary*=utf-8''q%20r"],
)  # fmt: skip
def test_the_boundary_announced_is_not_the_one_used(announced: bytes) -> None:
    raw = b"Content-Type: " + announced + b"\r\n\r\n--b\r\n" + TEXT + b"\r\n--b\r\n" + PDF
    message = parse(raw + b"\r\n--b--\r\n")
    assert body(message).text == "words"
    assert names(message) == ["a.pdf"]
    assert told(message, "announced")


@pytest.mark.parametrize("rest", [b"", b"just words", b"--nothing\r\n", b"\r\n\r\n"])
def test_a_multipart_without_parts_is_shown_as_it_is(rest: bytes) -> None:
    message = mail(b"multipart/mixed", b"b", rest)
    assert body(message).text == rest.decode().strip()
    assert told(message, "cannot be told apart" if rest.strip() else "ends too early")


@pytest.mark.parametrize(
    "raw", [b"Subject: s", b"Subject: s\r\n", b"Subject: s\r\n\r\n", b"Subject: s\n\n\n"]
)
def test_a_header_and_nothing_else(raw: bytes) -> None:
    head, content = summarise(raw)
    assert (head.subject, content.preview, content.attachments) == ("s", "", 0)
    assert body(parse(raw)).text.strip() == ""


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n\n\nwords", b"\x00", b"words", b": x\r\n\r\ny"])
def test_no_header_at_all(raw: bytes) -> None:
    head, _ = summarise(raw)
    assert head.subject == ""
    assert "words" not in raw.decode() or body(parse(raw)).text == "words"


def test_an_attached_message_in_any_encoding() -> None:
    inner = b"Subject: inner\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n" + PDF
    inner += b"\r\n--i--\r\n"
    for encoding, raw in (
        (b"7bit", inner),
        (b"base64", base64.encodebytes(inner)),
        (b"quoted-printable", inner.replace(b"=", b"=3D")),
        # Said to be encoded, and is not
        (b"base64", inner),
    ):
        head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: " + encoding
        message = mail(
            b"multipart/mixed", b"b", b"--b\r\n" + TEXT + b"\r\n--b\r\n" + head + b"\r\n\r\n" + raw
        )
        attached = message.part("2")
        assert attached is not None
        assert attached.embedded is not None
        assert envelope(attached.embedded.headers).subject == "inner"
        file = message.part("2.1")
        assert file is not None
        assert file.data().strip() == b"%PDF"
        assert attached.embedded.raw.startswith(b"Subject: inner")


def test_a_digest() -> None:
    parts = (
        b"--b\r\n\r\nSubject: one\r\n\r\nfirst\r\n--b\r\n\r\nSubject: two\r\n\r\nsecond\r\n--b--"
    )
    message = mail(b"multipart/digest", b"b", parts)
    assert names(message) == ["one.eml", "two.eml"]
    second = message.part("2.1")
    assert second is not None
    assert second.text().strip() == "second"


@pytest.mark.parametrize(
    ("encoded", "plain"),
    [
        (b"d29yZHM=", "words"), (b"d29yZHM", "words"), (b"d29y\r\n!!ZHM=", "words"),
        (b"d29yZHM= and more", "words"), (b"d29y\r\n\r\nZHM=\r\n-- \r\nlist", "words"),
        (b"d29yZA==cw==", "words"),
    ],
)  # fmt: skip
def test_base64_of_any_quality(encoded: bytes, plain: str) -> None:
    raw = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded
    assert body(parse(raw)).text == plain


def test_text_that_only_says_it_is_base64() -> None:
    for text in ("Dear all, it is plain: no base64 here!", "关于下周会议的通知"):
        raw = b"Content-Transfer-Encoding: base64\r\n\r\n" + text.encode()
        found = body(parse(raw))
        assert found.text == text
        assert any("not encoded as it says" in problem for problem in found.problems)


@pytest.mark.parametrize(
    ("encoded", "plain"),
    [
        (b"a=20b", "a b"), (b"a=\r\nb", "ab"), (b"a= \r\nb", "ab"), (b"a=\nb", "ab"),
        (b"a=zz=3", "a=zz=3"), (b"x   \r\ny", "x\ny"), (b"caf=C3=A9", "café"),
        (b"caf=c3=a9", "café"), (b"caf\xc3\xa9=", "café"), (b"=", ""),
    ],
)  # fmt: skip
def test_quoted_printable_of_any_quality(encoded: bytes, plain: str) -> None:
    raw = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encoded
    assert body(parse(raw)).text == plain


@pytest.mark.parametrize(
    ("line", "encoding"),
    [
        (b"BASE64", "base64"), (b'"base64"', "base64"), (b"base64 (as it were)", "base64"),
        (b"base64;", "base64"), (b"8-bit", "8-bit"), (b"", ""),
    ],
)  # fmt: skip
def test_names_of_encodings(line: bytes, encoding: str) -> None:
    raw = b"Content-Transfer-Encoding: " + line + b"\r\n\r\nx"
    assert parse(raw).root.encoding == encoding


def test_one_bad_line_hides_nothing() -> None:
    raw = b"Subject: s\r\n\x00\x01 what\r\n>From x\r\nContent-Type: text/html\r\n\r\n<p>rich"
    assert body(parse(raw)).text == "rich"
    assert body(parse(b">From a\nSubject: s\n\nwords")).text == "words"
