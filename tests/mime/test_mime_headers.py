"""Header fields: encoded words, raw 8-bit, addresses, dates, parameters."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.message import Address
from martlet.mime.addresses import parse_addresses
from martlet.mime.charset import decode
from martlet.mime.dates import parse_date
from martlet.mime.headers import envelope, parse_headers, parse_message_ids
from martlet.mime.parameters import parse_parameters
from martlet.mime.words import decode_text


def words(charset: str, *pieces: bytes) -> bytes:
    return b"\r\n ".join(
        b"=?" + charset.encode() + b"?B?" + base64.b64encode(piece) + b"?=" for piece in pieces
    )


GBK = "关于下周会议的通知".encode("gbk")
BIG5 = "會議通知書".encode("big5")
UTF8 = "项目进度".encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain", "plain"),
        (b"=?iso-8859-1?Q?Gr=FC=DFe?=", "Grüße"),
        (b"=?ISO-8859-1?Q?a?= b", "a b"),
        (b"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
        (b"=?ISO-8859-1?Q?a?=\r\n     =?ISO-8859-1?Q?b?=", "ab"),
        (b"=?ISO-8859-1?Q?a_b?=", "a b"),
        (b"x=?utf-8?q?=C3=A9?=y", "xéy"),
        (b"=?utf-8*en?q?hi?=", "hi"),
        (b"=?utf-8?q?a b?=", "a b"),
        (b"=?utf-8?B?w6k?=", "é"),
        (b"=?x-nothing?q?abc?=", "abc"),
        (b"=?utf-7?q?+ADw-script+AD4-?=", "+ADw-script+AD4-"),
        (b"=?iso-8859-1?q?\x93=80\x94?=", "“€”"),
        (b"=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        (b"=?utf-8?q?a=00b?=", "ab"),
        (words("gb2312", GBK[:5], GBK[5:]), "关于下周会议的通知"),
        (words("GB18030", "㐀镕".encode("gb18030")), "㐀镕"),
        (words("big5", BIG5[:3], BIG5[3:]), "會議通知書"),
        (words("utf-8", UTF8[:4], UTF8[4:7], UTF8[7:]), "项目进度"),
        (words("iso-2022-jp", "会議".encode("iso2022_jp")), "会議"),
        ("报价单.xls".encode("gbk"), "报价单.xls"),
        ("会议".encode("gbk"), "会议"),
        (BIG5, "會議通知書"),
        ("Größe é".encode("latin-1"), "Größe é"),
        ("Größe 项目".encode(), "Größe 项目"),
        ("Привет, как дела".encode("koi8-r"), "Привет, как дела"),
        ("会議の件".encode("iso2022_jp"), "会議の件"),
        (b"a\r\n\tb", "a b"),
    ],
)
def test_text(raw: bytes, text: str) -> None:
    assert decode_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a@b.c", [("", "a@b.c")]),
        (b"Anna <a@b.c>", [("Anna", "a@b.c")]),
        (b'"Berg, Anna" <a@b.c>, x@y.z', [("Berg, Anna", "a@b.c"), ("", "x@y.z")]),
        (b'"a \\"q\\" b" <a@b.c>', [('a "q" b', "a@b.c")]),
        (b"a@b.c (Anna (B) Berg)", [("Anna (B) Berg", "a@b.c")]),
        (b"Group: a@b.c, Bo <d@e.f>;, g@h.i", [("", "a@b.c"), ("Bo", "d@e.f"), ("", "g@h.i")]),
        (b"undisclosed-recipients:;", []),
        (b"=?utf-8?Q?Berg,_Anna?= <a@b.c>", [("Berg, Anna", "a@b.c")]),
        (b'"=?utf-8?B?5byg5LiJ?=" <z@b.c>', [("张三", "z@b.c")]),
        ('"张三" <z@b.c>'.encode("gbk"), [("张三", "z@b.c")]),
        (b"Anna Berg a@b.c", [("Anna Berg", "a@b.c")]),
        (b"<@r.x,@s.y:a@b.c>", [("", "a@b.c")]),
        (b"shoshi", [("", "shoshi")]),
        (b'"a b"@c.d', [("", '"a b"@c.d')]),
        (b"a@[IPv6:::1]", [("", "a@[IPv6:::1]")]),
        (b"A <a@b.c>; B <d@e.f>", [("A", "a@b.c"), ("B", "d@e.f")]),
        (b"A <a@b.c> B <d@e.f>", [("A", "a@b.c"), ("B", "d@e.f")]),
        (b"John :-( <a@b.c>", [("-(", "a@b.c")]),
        (b'"unclosed <a@b.c>', [("unclosed", "a@b.c")]),
        (b"", []),
        (b",,;", []),
    ],
)
def test_addresses(raw: bytes, expected: list[tuple[str, str]]) -> None:
    found = [(a.name, a.address) for a in parse_addresses(raw)]
    assert found == expected


def test_an_address_hidden_in_an_encoded_word_is_not_the_sender() -> None:
    raw = b"=?utf-8?b?cG90dXNAd2hpdGVob3VzZS5nb3Y=?=@evil.example"
    assert not parse_addresses(raw)[0].address.startswith("potus")


def test_twenty_thousand_recipients() -> None:
    raw = b", ".join(b'"N, %d" <n%d@example.org>' % (i, i) for i in range(20_000))
    assert len(parse_addresses(raw)) == 20_000
    for hostile in (
        b'"' * 100_000,
        b"(" * 100_000,
        b"<" * 100_000,
        b'"\\' * 50_000,
        b"=?" * 50_000,
    ):
        parse_addresses(hostile)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        (b"Fri, 21 Nov 1997 09:55:06 -0600", 880127706),
        (b"21 Nov 97 09:55:06 -0600 (CST)", 880127706),
        (b"Fri, 21 Nov 1997 15:55:06 GMT", 880127706),
        (b"Fri, 21 Nov 1997 09:55:06 CST", 880127706),
        (b"Fri Nov 21 15:55:06 1997", 880127706),
        (b"1997-11-21T15:55:06Z", 880127706),
        (b"Fri, 21 Nov 1997 15:55:06", 880127706),
        (b"Fri,21 Nov 1997 16:55:06+01:00", 880127706),
    ],
)
def test_dates(raw: bytes, seconds: int) -> None:
    assert parse_date(raw) == seconds


@pytest.mark.parametrize(
    "raw", [b"", b"yesterday", b"99 Nov 1997 10:00", b"31 Feb 2020 10:00:00 +0000"]
)
def test_no_date(raw: bytes) -> None:
    assert parse_date(raw) is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"text/plain; charset=us-ascii (comment)", {"charset": "us-ascii"}),
        (b'text/plain; CHARSET="utf-8"; format=flowed', {"charset": "utf-8", "format": "flowed"}),
        (b"text/plain; name=a b.txt; x=y", {"name": "a b.txt", "x": "y"}),
        (b'text/plain; name="a;b.txt"', {"name": "a;b.txt"}),
        (b'text/plain; name="a "q" b.txt"', {"name": 'a "q" b.txt'}),
        (b"text/plain; name*=utf-8''%e4%bc%9a.txt", {"name": "会.txt"}),
        (b"text/plain; name*0*=utf-8''%e4%bc; name*1*=%9a; name*2=.txt", {"name": "会.txt"}),
        (b"text/plain; name=x.txt; name*=gbk'zh'%bb%e1.txt", {"name": "会.txt"}),
        (b"text/plain; name*1=b; name*0=a", {"name": "ab"}),
        (b'text/plain; name="=?gb2312?B?u+E=?=.txt"', {"name": "会.txt"}),
        ('text/plain; name="会议纪要.txt"'.encode("gbk"), {"name": "会议纪要.txt"}),
        (b"text/plain boundary=x", {"boundary": "x"}),
        (b"text/plain;;; a=b;", {"a": "b"}),
    ],
)
def test_parameters(raw: bytes, expected: dict[str, str]) -> None:
    assert parse_parameters(raw) == ("text/plain", expected)


def test_fields() -> None:
    headers = parse_headers(
        b"From x\nSubject: one\n two\nbad line\nTO : a@b.c\nsubject: second\n\nBody: no\n"
    )
    assert headers.get("SUBJECT") == b"one\n two"
    assert headers.get_all("subject") == [b"one\n two", b"second"]
    assert headers.get("to") == b"a@b.c"
    assert headers.get("body") == b""
    assert [name for name, _ in headers.items()] == ["Subject", "TO", "subject"]


def test_message_ids() -> None:
    assert parse_message_ids(b"<a@b> (x) <c@d>\r\n\t<e@f>") == ("<a@b>", "<c@d>", "<e@f>")
    assert parse_message_ids(b"a@b") == ("<a@b>",)
    assert parse_message_ids(b"") == ()


def test_envelope() -> None:
    found = envelope(
        parse_headers(b"From: A <a@b.c>\nSubject: x\nDate: 21 Nov 1997 15:55:06 GMT\n\n")
    )
    assert found.sender == Address("A", "a@b.c")
    assert (found.subject, found.date) == ("x", 880127706)


def read_all(raw: bytes, label: str) -> None:
    for text in (decode_text(raw), decode(raw, label)):
        text.encode("utf-8")
    parse_addresses(raw)
    parse_date(raw)
    parse_message_ids(raw)
    parse_parameters(raw)
    envelope(parse_headers(raw))


_BITS = st.sampled_from(
    [b"=?", b"?=", b"utf-8", b"gb2312", b"?B?", b"?q?", b'"', b"(", b")", b"<", b">", b"@", b",",
     b";", b":", b"\\", b"\r\n ", b"=", b"*0*", b"*", b"'", b"%e4", b"\xc4\xe3", b"a", b" ", b"1",
     b"\x1b$B", b"~{"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_BITS, max_size=40).map(b"".join))
def test_no_structure_raises(raw: bytes) -> None:
    read_all(raw, "gbk")


@settings(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=20))
def test_nothing_raises(raw: bytes, label: str) -> None:
    read_all(raw, label)
