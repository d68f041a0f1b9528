"""Files of a letter: names that every parser reads, nothing that ends a field, bytes that stay."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message as Other
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart
from martlet.mime.filenames import safe_filename
from martlet.mime.parse import parse
from martlet.mime.writing import compose
from martlet.mime.writing.file_part import file_part
from martlet.mime.writing.file_type import type_of_name

ADA = Address("Ada", "ada@example.org")
NAMES = [
    "report.pdf",
    "two words, and (more) [things];.txt",
    "报告 2026.pdf",
    "مرفق التقرير.docx",
    "דוח שנתי.xlsx",
    "Überblick – final.pdf",
    "👩‍👩‍👧‍👦 family 🎉.png",
    "写" * 70 + ".txt",
    "a" * 200 + ".tar",
    "100%27s.txt",
    "a'b''c.txt",
    "İstanbul ﬁle.txt",
    "é.txt",
]
TRICKS = [
    '"; filename="evil.exe',
    "a\r\nBcc: mallory@example.org\r\n\r\nbody",
    "a\nContent-Type: text/html\n.txt",
    "back\\slash\\.txt",
    'quo"te.txt',
    "nul\0in.txt",
    "ls\u2028ps\u2029nel\x85.txt",
    "surrogate\udc80.txt",
    "",
    "   ",
    "\r\n",
    "x" * 5000,
    "甲" * 5000 + ".pdf",
]


class Pieces(io.RawIOBase, BinaryIO):
    """Reads a little at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._inner = io.BytesIO(data)
        self._step = step

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        return self._inner.read(self._step if size < 0 else min(size, self._step))


def written(name: str, kind: str, data: bytes, step: int = 1 << 20) -> bytes:
    part = OutgoingPart(name, kind, len(data), "key")
    return b"".join(file_part(part, lambda _part: Pieces(data, step)))


def other(raw: bytes) -> Other:
    return email.message_from_bytes(raw)


def of_old_readers(raw: bytes) -> str:
    """The name as who knows no RFC 2231 reads it: Outlook, QQ, 163."""
    found = other(raw).get_param("name")
    assert isinstance(found, str)
    return str(make_header(decode_header(found)))


@pytest.mark.parametrize("name", NAMES)
def test_every_reader_has_the_name(name: str) -> None:
    raw = written(name, "application/pdf", b"x")
    assert parse(raw).root.filename == name
    assert other(raw).get_filename() == name
    assert of_old_readers(raw) == name
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?.\?[^?]*\?=", head))


@pytest.mark.parametrize("name", TRICKS)
@pytest.mark.parametrize("kind", ["application/pdf", "text/html\r\nBcc: x@y", 'a/b"; x="', ""])
def test_no_name_and_no_type_ends_its_field(name: str, kind: str) -> None:
    raw = written(name, kind, b"x")
    one = other(raw)
    assert sorted(one.keys()) == [
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Content-Type",
    ]
    assert one.get_payload(decode=True) == b"x"
    assert one.get_content_type() in ("application/pdf", "application/octet-stream")
    found = one.get_filename()
    assert found
    assert not re.search("[\r\n\0]", found)
    assert parse(raw).root.filename
    assert [key for key, _ in one.get_params(header="content-disposition") or []] == [
        "attachment",
        "filename",
    ]
    assert max(map(len, raw.split(b"\r\n"))) <= 120


@given(st.text(max_size=300), st.binary(max_size=300), st.integers(1, 100))
def test_any_name_any_bytes(name: str, data: bytes, step: int) -> None:
    safe = safe_filename(name, "application/pdf")
    raw = written(safe, "application/pdf", data, step)
    assert raw == written(safe, "application/pdf", data)
    assert other(raw).get_payload(decode=True) == data
    assert parse(raw).root.data() == data
    assert other(raw).get_filename() == parse(raw).root.filename == safe


@given(st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b" ", b"From "])).map(b"".join))
def test_texts_keep_their_line_ends(data: bytes) -> None:
    raw = written("notes.txt", "text/plain", data, 3)
    assert b"base64" in raw
    assert parse(raw).root.data() == data


@pytest.mark.parametrize(
    ("data", "charset"),
    [(b"plain", "us-ascii"), ("写".encode(), "utf-8"), (b"\xff\xfe", None), (b"\xe5\x86", None)],
)
def test_a_text_says_what_it_is_written_in(data: bytes, charset: str | None) -> None:
    assert other(written("a.txt", "text/plain", data, 1)).get_content_charset() == charset


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
@pytest.mark.parametrize(
    ("inner", "whole"),
    [
        (b"Subject: a\r\n\r\nbody\r\n", True),
        (b"Subject: a\n\nbody\n", True),
        (b"Subject: a\r\rbody\r", False),
        (b"a: b\rc: d\r\n\r\nbody\r\n", False),
        (b"a: b\nc: d\r\n\r\nbody\r\n", False),
        (b"a: b\r\n\r\nbody\r", False),
        (b"Subject: a\r\n\r\n" + b"x" * 998 + b"\r\n", True),
        (b"Subject: a\r\n\r\n" + b"x" * 999 + b"\r\n", False),
        (b"Subject: a\r\n\r\n\xe4\r\n", False),
        (b"Subject: a\r\n\r\n\0\r\n", False),
    ],
)
def test_a_message_is_never_base64_as_a_message(inner: bytes, whole: bool, step: int) -> None:
    raw = written("a.eml", "message/rfc822", inner, step)
    head, _, body = raw.partition(b"\r\n\r\n")
    if whole:
        assert b"message/rfc822" in head
        assert b"7bit" in head
        assert body == re.sub(rb"\r\n|\r|\n", b"\r\n", inner)
    else:
        assert b"application/octet-stream" in head
        assert parse(raw).root.data() == inner
    assert parse(raw).root.filename == "a.eml"


@pytest.mark.parametrize("kind", ["message/partial", "message/external-body", "multipart/mixed"])
def test_no_file_is_a_container(kind: str) -> None:
    assert other(written("a", kind, b"x")).get_content_type() == "application/octet-stream"


def letter(parts: tuple[OutgoingPart, ...], html: str | None = "<p>hello</p>") -> Draft:
    return Draft(DraftId(0), AccountId(1), to=(ADA,), subject="s", html=html, parts=parts)


def test_nothing_but_a_picture_is_inline() -> None:
    page = OutgoingPart("a.html", "text/html", 1, "k", "cid1@x")
    raw = compose.build(
        letter((page,), '<p><img src="cid:cid1@x"></p>'),
        ADA,
        "<1@x>",
        0.0,
        lambda _part: b"x",
        include_bcc=False,
    )
    found = [each for each in other(raw).walk() if each.get_filename() == "a.html"]
    assert [each.get_content_disposition() for each in found] == ["attachment"]


def test_a_large_letter_is_never_whole() -> None:
    size = 64 << 20
    seen = hashlib.sha256()
    most = 0

    class Endless(io.RawIOBase, BinaryIO):
        left = size

        def readable(self) -> bool:
            return True

        def read(self, count: int = -1, /) -> bytes:
            assert 0 < count <= 1 << 20
            data = bytes(min(count, self.left))
            self.left -= len(data)
            seen.update(data)
            return data

    def pieces() -> Iterator[bytes]:
        part = OutgoingPart("zeros.bin", "application/octet-stream", size, "k")
        return compose.pieces(
            letter((part,)), ADA, "<1@x>", 0.0, lambda _part: Endless(), include_bcc=False
        )

    total = 0
    for piece in pieces():
        most = max(most, len(piece))
        total += len(piece)
    assert size * 4 / 3 < total < size * 1.4
    assert most < 2 << 20
    assert seen.hexdigest() == hashlib.sha256(bytes(size)).hexdigest()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "application/pdf"),
        ("A.PDF", "application/pdf"),
        ("报告.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.tar.gz", "application/gzip"),
        ("a.svg", "image/svg+xml"),
        ("page.html", "text/html"),
        ("mail.eml", "message/rfc822"),
        ("a.ts", "text/plain"),
        ("noend", "application/octet-stream"),
        (".bashrc", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("http://x/y?z.jpg", "image/jpeg"),
        ("", "application/octet-stream"),
        ("a.exe", "application/octet-stream"),
    ],
)
def test_types_by_name(name: str, kind: str) -> None:
    found = type_of_name(name)
    if name.endswith(".exe"):
        assert found.startswith("application/")
    else:
        assert found == kind
