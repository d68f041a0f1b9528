"""Mail made to keep a reader busy: it is read, with bounded work, and told what was left out.

Work is counted in calls, memory in bytes. Patterns that would go back over what they have passed
would take hours with the sizes used here; the runner's limit on a test ends such a one.
"""

from __future__ import annotations

import base64
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from martlet.mail.reading import PartNode
from martlet.mime.addresses import MAX_PEOPLE, parse_addresses
from martlet.mime.body import MAX_TEXT, body, body_of
from martlet.mime.content import MAX_INDEX, attachments, safe_filename, summarise
from martlet.mime.headers import MAX_BLOCK, MAX_FIELD, MAX_FIELDS, envelope
from martlet.mime.layout import layout
from martlet.mime.parse import MAX_PARTS, parse
from martlet.mime.part import MAX_DEPTH, Message
from martlet.mime.render import all_attached
from martlet.mime.tree import tree
from support.work import calls, peak_bytes

MB = 1_000_000


def whole(raw: bytes) -> Message:
    """Everything that is done to a message; a hang or a crash is what it is for."""
    summarise(raw)
    message = parse(raw)
    found = layout(message)
    body_of(message, found)
    attachments(message)
    tree(message)
    return message


def told(message: Message, words: str) -> bool:
    return any(words in problem for problem in body(message).problems)


def mixed(*parts: bytes, boundary: bytes = b"b") -> bytes:
    head = b'Subject: s\r\nContent-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
    end = b"--" + boundary + b"--\r\n"
    return head + b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + end


def depth_of(node: PartNode) -> int:
    return 1 + max((depth_of(child) for child in node.children), default=0)


def size_of(node: PartNode) -> int:
    return 1 + sum(size_of(child) for child in node.children)


@pytest.mark.parametrize(
    "boundary",
    [
        pytest.param(lambda i: b"b%d" % i, id="each its own"),
        pytest.param(lambda i: b"b", id="one for all"),
        pytest.param(lambda i: b"b" * (i % 60 + 1), id="each the beginning of the next"),
    ],
)
def test_ten_thousand_multiparts_in_each_other(boundary: Callable[[int], bytes]) -> None:
    raw = b"Subject: s\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (boundary(i), boundary(i))
        for i in range(10_000)
    )
    message = whole(raw)
    assert envelope(message.headers).subject == "s"
    assert told(message, "nested too deeply") or told(message, "too many parts")
    assert depth_of(tree(message)) <= MAX_DEPTH + 2
    assert size_of(tree(message)) <= MAX_PARTS
    # Boundaries that begin like those around them are looked at on every level
    assert calls(lambda: parse(raw)) < 10_000 * MAX_DEPTH * 5


def test_ten_thousand_messages_in_each_other() -> None:
    message = whole(b"Content-Type: message/rfc822\r\n\r\n" * 10_000 + b"Subject: last\r\n\r\nx")
    last = all_attached(message)[-1]
    assert told(last, "nested too deeply")
    assert depth_of(tree(message)) <= MAX_DEPTH + 2


def test_messages_in_base64_in_each_other() -> None:
    raw = b"Subject: innermost\r\n\r\nwords"
    for _ in range(60):
        head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        raw = head + base64.encodebytes(raw) if len(raw) < 3 * MB else raw
    assert depth_of(tree(whole(raw))) > 20
    assert peak_bytes(lambda: tree(parse(raw))) < 5 * len(raw)


def test_attached_messages_share_one_number_of_parts() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c\r\n\r\nx\r\n" * 300
    raw = mixed(*[b"Content-Type: message/rfc822\r\n\r\n" + inner] * 3_000)
    message = parse(raw)
    assert size_of(tree(message)) < 30_000
    assert all(told(one, "too many parts") for one in all_attached(message))


def test_what_is_read_of_attached_messages_does_not_hang_on_who_reads_first() -> None:
    """One parsed message serves many readers, at once and in any order."""
    inner = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c\r\n\r\nx\r\n" * 6_000
    raw = mixed(*[b"Content-Type: message/rfc822\r\n\r\n" + inner] * 9)
    backwards, forwards = parse(raw), parse(raw)
    for part in reversed(backwards.root.children):
        assert part.embedded is not None
    assert tree(backwards) == tree(forwards)
    assert body(backwards).problems == body(parse(raw)).problems
    deep = b"Subject: innermost\r\n\r\nwords"
    for _ in range(MAX_DEPTH + 5):
        deep = b"Content-Type: message/rfc822\r\n\r\n" + deep
    message = parse(deep)
    before = body(message)
    tree(message)
    assert body(message) == before


def test_threads_that_open_an_attached_message_at_once_find_the_same() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + b"--c\r\n\r\nx\r\n" * 4_000
    held = [b"Content-Type: message/rfc822\r\n\r\n" + inner] * 4
    message = parse(b"Content-Type: message/rfc822\r\n\r\n" + mixed(*held))
    begin = threading.Barrier(3)

    def read() -> PartNode:
        begin.wait(20)
        return tree(message)

    with ThreadPoolExecutor(3) as threads:
        found = [threads.submit(read) for _ in range(3)]
        trees = [one.result(20) for one in found]
    assert trees == [tree(parse(message.raw))] * 3


def test_a_text_that_is_not_encoded_as_it_says_is_told_of_by_whoever_shows_it() -> None:
    raw = b"Content-Transfer-Encoding: base64\r\n\r\nDear all, it is plain: no base64 here!"
    held = parse(mixed(b"Content-Disposition: attachment\r\n" + raw))
    assert held.root.children[0].text().startswith("Dear all")
    assert body(held).problems == ()


def test_attached_messages_are_read_where_they_lie() -> None:
    """None is copied, however deep: a few megabytes must not become hundreds."""
    raw = b"Content-Type: message/rfc822\r\n\r\n" * 39 + b"\r\n" + b"x" * (5 * MB)
    assert peak_bytes(lambda: tree(parse(raw))) < MB


def test_a_hundred_thousand_parts() -> None:
    for part in (b"\r\nx", b"Content-Type: image/png; name=x.png\r\nContent-ID: <a>\r\n\r\nx"):
        raw = mixed(*[part] * 100_000)
        message = whole(raw)
        assert len(message.root.children) < MAX_PARTS
        assert told(message, "too many parts")
        assert calls(partial(parse, raw)) < 100 * MAX_PARTS


def test_a_hundred_thousand_fields() -> None:
    fields = b"".join(b"X-%d: v\r\n" % i for i in range(100_000))
    raw = fields + b"Subject: after them\r\nContent-Type: text/html\r\n\r\n<p>words</p>"
    message = whole(raw)
    assert len(message.headers.items()) <= MAX_FIELDS + 20
    assert told(message, "too many fields")
    # What a message cannot be read without is found all the same
    assert envelope(message.headers).subject == "after them"
    assert body(message).text.strip() == "words"


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(b"X: " + b"a" * (50 * MB) + b"\r\n", id="one line"),
        pytest.param(b"X: a" + b"\r\n b" * (12 * MB) + b"\r\n", id="folded"),
        pytest.param(b"X-Abcd: 0123456789\r\n" * (50 * MB // 20), id="many"),
    ],
)
def test_a_header_of_fifty_megabytes(field: bytes) -> None:
    message = parse(field + b"Subject: after it\r\n\r\nwords")
    assert sum(len(value) for _, value in message.headers.items()) <= MAX_BLOCK + MAX_FIELD
    assert told(message, "too long") or told(message, "too many fields")
    assert body(message).text == "words"
    assert envelope(message.headers).subject == "after it"


def test_a_header_without_an_end() -> None:
    message = whole(b"To:\n" + b"a:\n" * (10 * MB))
    assert told(message, "too long")
    assert len(message.headers.items()) <= MAX_FIELDS


def test_twelve_megabytes_of_recipients() -> None:
    people = b", ".join(b'"N, %d" <n%d@example.org>' % (i, i) for i in range(350_000))
    message = parse(b"To: " + people + b"\r\nSubject: after them\r\n\r\nwords")
    head = envelope(message.headers)
    assert head.subject == "after them"
    assert 20_000 < len(head.to) <= MAX_PEOPLE
    assert (head.to[7].name, head.to[7].address) == ("N, 7", "n7@example.org")
    assert told(message, "The field To")
    many = envelope(parse((b"To: " + b"a@b.c," * 100 + b"\r\n") * 5_000 + b"\r\n").headers)
    assert len(many.to) == MAX_PEOPLE


def test_one_line_of_fifty_megabytes() -> None:
    for head in (
        b"Content-Type: text/plain",
        b"Content-Type: text/plain; format=flowed",
        b"Content-Type: text/html",
    ):
        raw = b"Subject: s\r\n" + head + b"\r\n\r\n" + b"word " * (10 * MB)
        message = parse(raw)
        found = body(message)
        assert len(found.text) <= MAX_TEXT * 2
        assert found.cut
        assert len(summarise(raw)[1].index_text) <= MAX_INDEX
        assert peak_bytes(partial(summarise, raw)) < 40 * MB


@pytest.mark.parametrize("encoding", [b"quoted-printable", b"base64", b"x-uuencode", b"8bit"])
@pytest.mark.parametrize(
    "unit",
    [b"=\r\n", b"YQ==", b"=41", b"M" + b"A" * 60 + b"\n", b" ", b" \n", b"\xff", b"begin 644 x\n",
     b"\x1b$B-!\x1b(B"],
)  # fmt: skip
def test_encodings_that_say_little_at_great_length(encoding: bytes, unit: bytes) -> None:
    head = b"Content-Type: text/plain\r\nContent-Transfer-Encoding: " + encoding + b"\r\n\r\n"
    raw = head + unit * (2 * MB // len(unit)) + b"x \n"
    message = whole(raw)
    assert len(message.root.data()) <= len(raw)
    assert calls(lambda: body(parse(raw))) < 2 * MB


def test_decoding_never_makes_more_of_it() -> None:
    """Nothing that mail is encoded with unpacks to more than it was."""
    raw = base64.encodebytes(base64.encodebytes(base64.encodebytes(bytes(MB))))
    head = b"Content-Type: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    message = whole(head + raw)
    assert len(message.root.data()) < len(raw)
    (file,) = attachments(message)
    assert file.filename == "attachment.gz"


@pytest.mark.parametrize("field", ["To", "Subject", "Content-Type", "Content-ID", "References"])
@pytest.mark.parametrize(
    ("begin", "unit", "end"),
    [
        (b"a", b" ", b"b"), (b"a\r\n b", b" ", b"c"), (b'a; x="b"', b" ", b"x; y"),
        (b'a; x="b', b" ", b"c"), (b"", b'<\\"', b""), (b"", b'"a"a', b"@x"), (b"", b'"\\"', b"@x"),
        (b"a@b", b":a", b""), (b"<a", b"<", b""), (b"", b"=?a?q?", b""), (b"", b"=?a?b?YQ", b""),
        (b"", b"(", b""), (b"", b"<a@b", b""), (b"@", b"][\r<", b""), (b"", b"~{;", b""),
        (b"=?utf-8?q?", b"a?", b""), (b"", b"\x1b$B", b""), (b"a/b", b";x*1=y", b""),
        (b"a/b", b";x*0*=%41", b""), (b"a/b;", b'x="', b""), (b"", b"\r\n ", b"a"),
    ],
)  # fmt: skip
def test_no_field_is_worth_more_than_one_look(
    field: str, begin: bytes, unit: bytes, end: bytes
) -> None:
    value = begin + unit * (MAX_FIELD // len(unit) - 10) + end
    whole(field.encode() + b": " + value + b"\r\n\r\nx")


def test_lines_that_begin_like_a_boundary() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    message = whole(head + b"\n--bx" * (2 * MB))
    assert told(message, "cannot be told apart")
    long = b"Content-Type: multipart/mixed; boundary=" + b"-" * 60_000 + b"\r\n\r\n"
    assert told(whole(long + b"\r\n" + b"-" * (20 * MB)), "cannot be told apart")


def test_pictures_named_by_the_thousand() -> None:
    picture = b"Content-Type: image/png\r\nContent-Location: zz%d\r\nContent-ID: <c%d@x>\r\n\r\nq"
    page = b"Content-Type: text/html\r\n\r\n<img src='zz%d'><img src=\"cid:c%d@x\">"
    parts = [form % (i, i) for i in range(2_000) for form in (picture, page)]
    message = whole(mixed(*parts))
    assert all(file.inline for file in attachments(message))
    # Each page is looked through once, not once for every picture
    assert calls(lambda: layout(message).inline()) < 200_000


@pytest.mark.parametrize("filler", [b"\x00", b"\r", b"\n", b"\r\n", b" ", b"-", b"\xff", b"a:\r\n"])
def test_fifty_megabytes_of_one_thing(filler: bytes) -> None:
    summarise(filler * (50 * MB // len(filler)))


def test_a_large_message_is_not_copied() -> None:
    data = base64.encodebytes(random.Random(1).randbytes(600_000)).replace(b"\n", b"\r\n")
    file = b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = mixed(b"\r\nwords", *[file + data] * 40)
    assert len(raw) > 30 * MB
    assert peak_bytes(lambda: summarise(raw)) < MB
    message = parse(raw)
    assert calls(lambda: summarise(raw)) < 10_000
    assert [len(part.data()) for part in message.root.children[1:3]] == [600_000] * 2


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000 + ".pdf", "../" * 3_000 + "etc/passwd", "C:\\" + "a\\" * 3_000 + "b.txt",
        "a\x00b.exe", "invoice\u202efdp.exe", "CON", "NUL.txt", "com1.log", "LPT¹.txt", "aux .c",
        "CONIN$", "trailing. . .", "~/.bashrc", ".", "..", "/", "\\", " ", "\u200b", "a/b\\c:d",
        "会" * 5_000 + ".docx", "\n\r\t", "e\u0301" * 5_000, "a.\u2066b", "-rf *", "x" * 300,
    ],
)  # fmt: skip
def test_names_that_would_do_harm(name: str) -> None:
    for raw in (name.encode(), b"=?utf-8?B?" + base64.b64encode(name.encode()) + b"?="):
        value = raw.replace(b"\\", b"\\\\").replace(b"\r", b"").replace(b"\n", b"")
        message = parse(
            b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="'
            + value + b'"\r\n\r\nx'
        )  # fmt: skip
        for safe in (attachments(message)[0].filename, safe_filename(name, "application/pdf")):
            assert 0 < len(safe.encode()) <= 200
            assert safe.isprintable()
            assert not set(safe) & set('/\\:*?"<>|')
            assert safe == safe.strip(". ")
            stem = safe.partition(".")[0].rstrip(" ").upper()
            assert stem not in ("CON", "NUL", "AUX", "COM1", "LPT¹", "CONIN$")
        assert len(message.root.filename) <= 1_000


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 0000 00:00:00 +0000", "Mon, 1 Jan 99999 00:00:00 +0000", "0", "",
        "Mon, 31 Feb 2020 00:00:00 +0000", "Mon, 1 Jan 2020 99:99:99 +9999", "1" * 100_000,
        "Mon, 1 Jan " + "9" * 5_000 + " 00:00:00 +0000", "((((" * 10_000, "9999-99-99T99:99:99Z",
        "Mon, 01 Jan 0001 00:00:00 +2359", "Fri, 31 Dec 9999 23:59:59 -2359", "\x00",
    ],
)  # fmt: skip
def test_dates_that_cannot_be(date: str) -> None:
    message = parse(f"Subject: s\r\nDate: {date}\r\n\r\nx".encode())
    found = envelope(message.headers).date
    assert found is None or abs(found) < 300_000_000_000
    assert (found is None and bool(date.strip())) == told(message, "date")


def test_a_subject_of_a_megabyte_is_no_label() -> None:
    head = envelope(parse(b"Subject: " + b"a" * MB + b"\r\n\r\nx").headers)
    assert len(head.subject) <= 10_000
    (person,) = parse_addresses(b'"' + b"n" * MB + b'" <' + b"a" * 100 + b"@b.c>")[:1]
    assert len(person.name) <= 1_000
