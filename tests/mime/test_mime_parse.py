"""The tree, the body, attachments and previews of received messages."""

from __future__ import annotations

import base64
import email.message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.message import MessageId
from martlet.mime.body import body
from martlet.mime.content import attachments, content, safe_filename, summarise
from martlet.mime.flowed import flow, unflow
from martlet.mime.parse import MAX_PARTS, parse
from martlet.mime.render import render


def part(head: str, text: str | bytes) -> bytes:
    raw = text if isinstance(text, bytes) else text.encode()
    return head.encode() + b"\r\n\r\n" + raw


def multipart(kind: str, *parts: bytes, boundary: str = "b") -> bytes:
    lines = b"".join(f"\r\n--{boundary}\r\n".encode() + p for p in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    return head.encode() + lines + f"\r\n--{boundary}--\r\n".encode()


TEXT = part("Content-Type: text/plain; charset=utf-8", "words")
HTML = part("Content-Type: text/html", '<p>rich</p><img src="cid:pic@x">')
PICTURE = part(
    "Content-Type: image/png\r\nContent-ID: <pic@x>\r\nContent-Transfer-Encoding: base64", "iVBO"
)


def test_paths_count_as_imap_does() -> None:
    inner = b"Subject: inner\r\n" + multipart("mixed", TEXT, PICTURE, boundary="i")
    raw = multipart(
        "mixed",
        multipart("alternative", TEXT, HTML, boundary="a"),
        part("Content-Type: message/rfc822", inner),
    )
    message = parse(raw)
    assert [p.path for p in message.walk()] == ["", "1", "1.1", "1.2", "2"]
    found = message.part("2.2")
    assert found is not None
    assert found.content_type == "image/png"
    assert message.part("9") is None
    assert parse(b"a: b\n\nx").root.path == "1"
    (listed,) = attachments(message)
    assert (listed.part, listed.filename) == ("2", "inner.eml")


def test_alternative_and_related() -> None:
    raw = multipart(
        "alternative", TEXT, multipart("related", HTML, PICTURE, boundary="r"), boundary="a"
    )
    message = parse(raw)
    read = body(message)
    assert read.text == "words"
    assert "rich" in (read.html or "")
    (picture,) = attachments(message)
    assert picture.inline
    assert content(message).attachments == 0
    shown = render(MessageId(1), raw)
    assert 'src="martlet-part:/2.2"' in (shown.html or "")
    assert shown.blocked == 0


def test_a_picture_in_the_wrong_place_is_still_shown() -> None:
    raw = multipart("mixed", HTML, PICTURE)
    assert 'src="martlet-part:/2"' in (render(MessageId(1), raw).html or "")
    assert attachments(parse(raw))[0].inline


def test_several_texts_are_joined() -> None:
    raw = multipart("mixed", TEXT, PICTURE, part("Content-Type: text/plain", "footer <1>"))
    assert body(parse(raw)).text == "words\n\nfooter <1>"
    raw = multipart("mixed", HTML, part("Content-Type: text/plain", "footer <1>"))
    assert "footer &lt;1&gt;" in (body(parse(raw)).html or "")


def test_named_text_is_a_file() -> None:
    note = part("Content-Type: text/plain; name=note.txt\r\nContent-Disposition: inline", "n")
    found = attachments(parse(multipart("mixed", TEXT, note)))
    assert [a.filename for a in found] == ["note.txt"]


def test_uuencoded_files_are_attachments() -> None:
    raw = b"Subject: x\r\n\r\nlook\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbye\r\n"
    message = parse(raw)
    (file,) = attachments(message)
    assert (file.part, file.filename, file.size) == ("1.u1", "cat.txt", 3)
    again = parse(raw).part("1.u1")
    assert again is not None
    assert again.data() == b"Cat"
    assert body(message).text.split() == ["look", "bye"]


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "x-gbk", "GB_2312-80", "cp936"])
def test_chinese_bodies_with_any_label(charset: str) -> None:
    raw = part(f"Content-Type: text/plain; charset={charset}", "镕基：会议€㐀".encode("gb18030"))
    assert body(parse(raw)).text == "镕基：会议€㐀"


def test_unlabelled_chinese() -> None:
    words = "请查收附件中的项目进度报告，如有问题请回复。"
    assert body(parse(b"A: b\r\n\r\n" + words.encode("gbk"))).text == words
    words = "請查收附件中的專案進度報告，如有問題請回覆。"
    assert body(parse(b"A: b\r\n\r\n" + words.encode("big5"))).text == words


def test_raw_gbk_file_name() -> None:
    head = '附件; filename="会议纪要.doc"'.replace("附件", "attachment")
    raw = b"Content-Type: application/msword\r\nContent-Disposition: " + head.encode("gbk")
    assert attachments(parse(raw + b"\r\n\r\nx"))[0].filename == "会议纪要.doc"


def test_charset_of_the_meta_element() -> None:
    html = '<meta charset="gbk"><p>会议</p>'.encode("gbk")
    assert "会议" in (body(parse(b"Content-Type: text/html\r\n\r\n" + html)).html or "")


@pytest.mark.parametrize(
    ("encoded", "plain"),
    [
        (b"aGVsbG8=", b"hello"),
        (b"aGVs\r\nbG8", b"hello"),
        (b"aGVsbG8=\r\nIHdvcmxk", b"hello world"),
        (b"aGVs!!bG8=", b"hello"),
        (b"aGVsb", b"hel"),
        (b"", b""),
        (b"\xff\xfe", b""),
    ],
)
def test_base64_of_any_quality(encoded: bytes, plain: bytes) -> None:
    message = parse(b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded)
    assert message.root.data() == plain


def test_size_is_known_without_decoding() -> None:
    data = bytes(range(256)) * 50
    encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
    message = parse(b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded)
    assert message.root.size == len(data)


def test_broken_structure_is_read_and_named() -> None:
    missing_end = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo"
    assert body(parse(missing_end)).text == "one\n\ntwo"
    no_boundary = parse(b"Content-Type: multipart/mixed\n\nshown all the same")
    assert body(no_boundary).text == "shown all the same"
    assert no_boundary.problems
    no_blank = parse(b"Subject: x\nthis is text\nand more")
    assert no_blank.root.text() == "this is text\nand more"
    assert parse(b"Subject: a\rTo: b\r\rtext").root.text() == "text"
    assert parse(b"").root.text() == ""


def test_limits() -> None:
    many = multipart("mixed", *[b"\r\n\r\nx"] * (MAX_PARTS + 10))
    message = parse(many)
    assert len(message.root.children) < MAX_PARTS + 1
    assert any("too many parts" in p for p in message.problems)
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(500)
    )
    assert any("too deeply" in p for p in parse(deep).problems)
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 500 + b"end"
    attachments(parse(nested))
    assert parse(b"X: " + b"a" * 3_000_000).problems


def test_preview_and_index() -> None:
    raw = b"Subject: s\r\n\r\nHello   there\r\n> quoted\r\nmore " + b"word " * 100
    head, found = summarise(raw)
    assert head.subject == "s"
    assert found.preview.startswith("Hello there more word")
    assert len(found.preview) <= 200
    assert "quoted" in found.index_text
    rich = part("Content-Type: text/html", "<style>x</style><p>One</p><p>two &amp;</p>")
    assert content(parse(rich)).preview == "One two &"
    file = part("Content-Type: application/pdf; name=budget.pdf", "x")
    assert "budget.pdf" in content(parse(multipart("mixed", TEXT, file))).index_text


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("", "image/png", "attachment.png"),
        ("../../etc/passwd", "text/plain", "passwd"),
        ("C:\\Users\\me\\a.doc", "application/msword", "a.doc"),
        ("..", "text/plain", "attachment.txt"),
        (".bashrc", "text/plain", "bashrc"),
        ("a\u202egnp.exe", "image/png", "agnp.exe"),
        ("CON.txt", "text/plain", "_CON.txt"),
        ("a:b?.txt", "text/plain", "a_b_.txt"),
        ("报告.pdf", "application/pdf", "报告.pdf"),
        ("x" * 300 + ".pdf", "application/pdf", "x" * 196 + ".pdf"),
        ("a\r\nb.txt", "text/plain", "a b.txt"),
    ],
)
def test_file_names_are_safe(name: str, kind: str, safe: str) -> None:
    assert safe_filename(name, kind) == safe


def test_flowed() -> None:
    assert unflow("one \ntwo\n> a \n> b\n-- \nsig") == "one two\n> a b\n-- \nsig"
    assert unflow("会 \n议", delsp=True) == "会议"
    assert unflow(" >not a quote\n From") == ">not a quote\nFrom"


@given(st.text("ab >F\n-", max_size=300))
def test_flowing_keeps_the_words(text: str) -> None:
    assert unflow(flow(text)).split() == text.split() or ">" in text


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(raw: bytes) -> None:
    render(MessageId(1), raw)
    summarise(raw)


_PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: multipart/alternative;"
        b' boundary="bb"\r\n', b"Content-Type: text/html\n", b"Content-Type: message/rfc822\n",
        b"Content-Type: text/plain; format=flowed; charset=gb2312\n", b"\n", b"\r\n\r\n", b"--b\n",
        b"--bb\r\n", b"--b--\n", b"Content-Transfer-Encoding: base64\n", b"aGVsbG8=\n", b"<p>x",
        b"Content-Transfer-Encoding: quoted-printable\n", b"=C4=\n", b"\xc4\xe3\xba\xc3", b" ",
        b"Content-Disposition: attachment; filename*0*=gbk''%bb%e1\n", b"begin 644 x\n", b"end\n",
        b"Content-ID: <a@b>\n", b'<img src="cid:a@b">', b"From: =?gbk?B?xOM=?= <a@b>\n", b"#0V%T\n",
        b"Content-Type: multipart/related; start=x\n", b"Content-Transfer-Encoding: x-uuencode\n",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=30).map(b"".join))
def test_any_structure_is_read(raw: bytes) -> None:
    message = parse(raw)
    for found in message.walk():
        if found.path:
            assert message.part(found.path) is found
        found.text()
        assert found.size >= 0
    shown = render(MessageId(1), raw)
    assert [a.part for a in shown.attachments if parse(raw).part(a.part) is None] == []
    summarise(raw)


@given(st.lists(st.text(max_size=50), min_size=1, max_size=5))
def test_what_the_standard_library_writes_is_read(texts: list[str]) -> None:
    built = email.message.EmailMessage()
    built.set_content("x")
    for text in texts:
        built.add_attachment(text.encode("utf-8", "replace"), "application", "x", filename="f.bin")
    message = parse(built.as_bytes())
    data = [p.data() for p in message.walk() if p.filename]
    assert data == [text.encode("utf-8", "replace") for text in texts]
