"""Encoded words and parameters (RFC 2047, RFC 2231) in the forms that software really writes."""

from __future__ import annotations

import base64

import pytest

from martlet.mime.parameters import parse_parameters
from martlet.mime.parse import parse
from martlet.mime.words import decode_text

TITLE = "关于下周会议的通知"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


UTF8 = b64(TITLE.encode())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        # Characters cut between words, and base64 cut instead of text
        (f"=?utf-8?B?{b64(TITLE.encode()[:4])}?= =?utf-8?B?{b64(TITLE.encode()[4:])}?=", TITLE),
        (f"=?utf-8?B?{UTF8[:7]}?=\r\n =?utf-8?B?{UTF8[7:18]}?=\r\n =?utf-8?B?{UTF8[18:]}?=", TITLE),
        ("=?utf-8?Q?=E4=BC?= =?utf-8?Q?=9A?=", "会"),
        ("=?UTF-8?Q?=E4=BC?= =?utf-8?b?mg==?=", "会"),
        ("=?utf-8?B?5Lya?==?utf-8?B?6K6u?=", "会议"),
        # An end that is missing
        (f"=?utf-8?B?{UTF8}", TITLE),
        (f"=?utf-8?B?{UTF8}?", TITLE),
        ("=?utf-8?Q?=E4=BC=9A", "会"),
        ("=?utf-8?B?5Lya =?utf-8?B?6K6u?=", "会议"),
        ("=?utf-8?q?a is no word", "=?utf-8?q?a is no word"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        # Spaces, line ends, question marks and raw text inside
        ("=?utf-8?Q?a b =E4=BC=9A?=", "a b 会"),
        ("=?utf-8?Q?really??=", "really?"),
        ("=?utf-8?B?5Lya\r\n 6K6u?=", "会议"),
        ("=?utf-8?Q?会议?=", "会议"),
        ("=?iso-8859-1?Q?Gr\u00fc\u00dfe?=", "Grüße"),
        # Padding
        ("=?utf-8?B?5LyaIQ?=", "会!"),
        ("=?utf-8?B?5LyaIQ=?=", "会!"),
        ("=?utf-8?B?5LyaIQ===?=", "会!"),
        ("=?utf-8?B??=", ""),
        # Labels
        ("=?gb2312?B?u+E=?=", "会"),
        (f"=?gb2312?B?{UTF8}?=", TITLE),
        (f"=?utf-8?B?{b64(TITLE.encode('gbk'))}?=", TITLE),
        ("=?utf-8*zh-CN?B?5Lya?=", "会"),
        ("=?utf-7?Q?+ADw-b+AD4-?=", "+ADw-b+AD4-"),
        (f"=?iso-2022-jp?B?{b64('会議'.encode('iso2022_jp'))}?=", "会議"),
        (f"=?euc-kr?B?{b64('회의'.encode('euc-kr'))}?=", "회의"),
        (f"=?big5?B?{b64('會議'.encode('big5'))}?=", "會議"),
        # Beside other text
        ("Re: =?utf-8?B?5Lya?= x =?utf-8?B?5Lya?=", "Re: 会 x 会"),
        ('"=?utf-8?B?5Lya?="', '"会"'),
        # Nothing it says gets out of its line, or turns what follows
        ("=?utf-8?Q?a=0D=0ABcc:_x=00=E2=80=AEy=E2=80=8F?=", "a Bcc: xy"),
    ],
)
def test_encoded_words(raw: str, text: str) -> None:
    assert decode_text(raw.encode()) == text


def test_a_word_of_any_length_is_read() -> None:
    title = TITLE * 500
    assert decode_text(f"=?utf-8?B?{b64(title.encode())}?=".encode()) == title


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        # Continuations: gaps, any order, duplicates, encoded and not
        ("name*0=a; name*2=c.txt", "ac.txt"),
        ("name*2=c.txt; name*0=a; name*1=b", "abc.txt"),
        ("name*0=a; name*1=b; name*1=X; name*2=.txt", "ab.txt"),
        ("name*0*=utf-8''%e4%bc; name*1*=%9a; name*2=.txt", "会.txt"),
        ("name*0*=gbk'zh'%bb; name*1*=%e1; name*2*=.txt", "会.txt"),
        ("name*0=plain-; name*1*=utf-8''%e4%bc%9a.txt", "plain-会.txt"),
        ('name*0="=?utf-8?B?5Lya"; name*1="?=.txt"', "会.txt"),
        ("name*00=a; name*01=b.txt", "ab.txt"),
        # One form beside the other: the extended one is the better
        ("name=x.txt; name*=utf-8''%e4%bc%9a.txt", "会.txt"),
        ("name*=utf-8''%e4%bc%9a.txt; name*0=x; name*1=y", "会.txt"),
        # Charset and language forgotten, or all of it encoded twice
        ("name*=%e4%bc%9a.txt", "会.txt"),
        ("name*=utf-8'%e4%bc%9a.txt", "会.txt"),
        ("name*=''%e4%bc%9a.txt", "会.txt"),
        ("name*=it's%20a%20'file'.txt", "it's a 'file'.txt"),
        ("name*=utf-8''=?utf-8?B?5Lya?=.txt", "会.txt"),
        ("name*=utf-8''%zz%e4%bc%9a%.txt", "%zz会%.txt"),
        ("name*=\"utf-8''%e4%bc%9a.txt\"", "会.txt"),
        # Spaces, quotes, semicolons
        ("name=a b c.txt", "a b c.txt"),
        ("name = a.txt ;x=y", "a.txt"),
        ('name="a "b" c.txt"; x=y', 'a "b" c.txt'),
        ('name="a.txt" x="y"', "a.txt"),
        ('name="a.txt', "a.txt"),
        ('name="a\\"b\\\\.txt"', 'a"b\\.txt'),
        ('name="=?gb2312?B?u+E=?= =?gb2312?B?0uk=?=.txt"', "会议.txt"),
        ("name==?utf-8?Q?=E4=BC=9A.txt?=", "会.txt"),
        ("name=a.txt; name=b.txt", "a.txt"),
        ('name="a\r\n b.txt"', "a b.txt"),
        ("name=a.txt (a comment)", "a.txt"),
        ("NAME=A.TXT", "A.TXT"),
    ],
)
def test_file_names(raw: str, name: str) -> None:
    assert parse_parameters(f"application/pdf; {raw}".encode())[1]["name"] == name


def test_a_label_of_the_name_comes_first_whatever_its_form() -> None:
    raw = (
        b"Content-Type: application/pdf; name=ascii.pdf\r\nContent-Disposition: attachment;\r\n"
        b" filename*0*=utf-8''%e4%bc;\r\n filename*1*=%9a.pdf; filename=fallback.pdf\r\n\r\nx"
    )
    assert parse(raw).root.filename == "会.pdf"


@pytest.mark.parametrize(
    ("raw", "kind", "parameters"),
    [
        (b"multipart/mixed boundary=x", "multipart/mixed", {"boundary": "x"}),
        (b"multipart/mixed; boundary=x y", "multipart/mixed", {"boundary": "x y"}),
        (b'multipart/mixed; boundary="a;b"; x', "multipart/mixed", {"boundary": "a;b"}),
        (b'multipart/mixed; boundary="a" charset="b"', "multipart/mixed",
         {"boundary": "a", "charset": "b"}),
        (b"name=x.txt", "", {"name": "x.txt"}),
        (b"TEXT/Plain;Charset=GBK", "text/plain", {"charset": "GBK"}),
        (b";;;", "", {}),
        (b"=;=;==", "", {}),
    ],
)  # fmt: skip
def test_fields_with_parameters(raw: bytes, kind: str, parameters: dict[str, str]) -> None:
    assert parse_parameters(raw) == (kind, parameters)
