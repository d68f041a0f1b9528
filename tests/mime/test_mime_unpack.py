"""Files inside a text: uuencode and yEnc, whole, cut, damaged, in parts, and any bytes."""

from __future__ import annotations

import binascii
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mime.body import body
from martlet.mime.content import attachments
from martlet.mime.parse import parse
from martlet.mime.unpack import unpack, without_files
from martlet.mime.yenc import MAX_ESCAPES, yencoded


def uu(data: bytes, name: str = "a.bin") -> bytes:
    lines = [binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n"


def encoded(data: bytes) -> bytes:
    moved = bytes((byte + 42) & 255 for byte in data)
    out = re.sub(rb"[\0\n\r=]", lambda match: b"=%c" % ((match[0][0] + 64) & 255), moved)
    lines = [out[at : at + 128] for at in range(0, len(out), 128)]
    return b"\r\n".join(lines).replace(b"=\r\n", b"\r\n=")


def yenc(data: bytes, name: str = "joystick.jpg") -> bytes:
    crc = binascii.crc32(data)
    head = f"=ybegin line=128 size={len(data)} name={name}\r\n".encode()
    return head + encoded(data) + f"\r\n=yend size={len(data)} crc32={crc:08x}\r\n".encode()


def ypart(data: bytes, number: int, total: int, begin: int, size: int) -> bytes:
    crc = binascii.crc32(data)
    return (
        f"=ybegin part={number} total={total} line=128 size={size} name=all.bin\r\n"
        f"=ypart begin={begin} end={begin + len(data) - 1}\r\n"
    ).encode() + (
        encoded(data) + f"\r\n=yend size={len(data)} part={number} pcrc32={crc:08x}\r\n".encode()
    )


DATA = random.Random(5).randbytes(5_000)


def mail(text: bytes) -> bytes:
    return b"Subject: x\r\nContent-Transfer-Encoding: 8bit\r\n\r\nbefore\r\n" + text + b"after\r\n"


@pytest.mark.parametrize("text", [uu(DATA, "joystick.jpg"), yenc(DATA)])
def test_a_file_and_the_text_around_it(text: bytes) -> None:
    message = parse(mail(text))
    (file,) = attachments(message)
    assert (file.part, file.filename, file.content_type) == ("1.u1", "joystick.jpg", "image/jpeg")
    inner = message.part("1.u1")
    assert inner is not None
    assert inner.data() == DATA
    assert body(message).text.split() == ["before", "after"]
    assert body(message).problems == ()


def test_both_kinds_keep_their_order() -> None:
    message = parse(mail(yenc(b"y" * 9, "1.bin") + uu(b"u" * 9, "2.bin") + yenc(b"z", "3.bin")))
    assert [a.filename for a in attachments(message)] == ["1.bin", "2.bin", "3.bin"]
    assert body(message).text.split() == ["before", "after"]


@pytest.mark.parametrize("before", [b"", b"\n", b"a\n", b"ab\n", b"abc\n"])
@pytest.mark.parametrize("file", [uu(b"x"), yenc(b"x", "a.bin")])
def test_text_in_base64_is_looked_into(before: bytes, file: bytes) -> None:
    raw = b"Content-Transfer-Encoding: base64\n\n" + binascii.b2a_base64(before + file)
    assert [a.filename for a in attachments(parse(raw))] == ["a.bin"]
    quoted = b"Content-Transfer-Encoding: quoted-printable\n\n"
    quoted += binascii.b2a_qp(before + file, istext=False)
    assert [a.filename for a in attachments(parse(quoted))] == ["a.bin"]


def test_a_damaged_file_is_told_of() -> None:
    wrong = yenc(DATA).replace(b"crc32=", b"crc32=f")
    found = body(parse(mail(wrong)))
    assert found.problems == ("The file “joystick.jpg” in the text is damaged.",)
    cut = mail(uu(DATA))[:2000]
    found = body(parse(cut))
    assert found.problems == ("The file “a.bin” in the text is cut off.",)
    assert DATA.startswith(unpack("text/plain", cut).files[0].data[:1000])


def test_parts_that_are_all_here_are_one_file() -> None:
    text = ypart(DATA[:3000], 1, 2, 1, 5000) + b"\r\n" + ypart(DATA[3000:], 2, 2, 3001, 5000)
    (file,) = unpack("text/plain", text).files
    assert (file.name, file.data) == ("all.bin", DATA)


def test_a_part_alone_says_so() -> None:
    found = unpack("text/plain", ypart(DATA[3000:], 2, 2, 3001, 5000))
    assert [(file.name, file.data) for file in found.files] == [("all.bin.002", DATA[3000:])]
    assert found.problems == ("Only part 2 of 2 of the file “all.bin” is here.",)


def test_what_is_no_file() -> None:
    for text in (b"begin 644 x\nnot lines\n", b"=ybegin line=128\r\nx\r\n", b"=ybegin name=x\n"):
        assert unpack("text/plain", text).files == ()
        assert without_files(text) == text


def test_names_cannot_hide_or_break_out() -> None:
    text = yenc(b"x", "../\u202egpj.exe\x00")
    (file,) = attachments(parse(mail(text)))
    assert "/" not in file.filename
    assert "\u202e" not in file.filename


def test_many_beginnings_take_no_long_time() -> None:
    for line in (b"=ybegin size=1 name=x\n", b"begin 644 x\n", b"begin 644 x\n#86)C\n"):
        assert len(unpack("text/plain", line * 100_000).files) <= 200


def test_what_is_nearly_all_escapes_is_left_as_it_is() -> None:
    head = b"=ybegin line=128 size=3 name=x\n"
    text = head + b"=a" * (MAX_ESCAPES + 1) + b"\n=yend size=3\n"
    assert unpack("text/plain", text).files == ()
    both = text + head + encoded(b"abc") + b"\n=yend size=3\n"
    assert [file.data for file in unpack("text/plain", both).files] == [b"abc"]


@given(st.binary(max_size=500))
def test_round_trip(data: bytes) -> None:
    assert [file.data for file in yencoded(yenc(data)) if data] == ([data] if data else [])
    assert [file.whole for file in yencoded(yenc(data)) if data] == ([True] if data else [])


@given(st.lists(st.sampled_from([b"=ybegin line=1 size=3 name=a\n", b"=ypart begin=1 end=2\n",
    b"=ybegin part=2 total=9 size=99 name=b\r\n", b"=yend size=3 crc32=00\n", b"begin 644 c\n",
    b"#86)C\n", b"end\n", b"`\n", b"text\n", b"=", b"\xff\x00"]), max_size=30))  # fmt: skip
def test_any_order_of_lines(lines: list[bytes]) -> None:
    text = b"".join(lines)
    unpack("text/plain", text)
    assert len(without_files(text)) <= len(text)
    attachments(parse(b"Subject: x\n\n" + text))
