"""Whatever a letter holds: what we build of it is read alike by Python's email and MIME::Tools."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart, Priority, SendOptions
from martlet.mime.writing.compose import build
from support.agreed import agree, by_python
from support.second_reader import SecondReader, second_reader
from support.wire import faults

ME = Address("Martha Müller", "me@example.org")
MID = "<1.a@example.org>"
YOU = (Address("", "you@example.org"),)
NOTHING_ASKED = SendOptions()
SLOW = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def second() -> Iterator[SecondReader]:
    with second_reader() as reader:
        yield reader


def letter(
    text: str = "",
    html: str | None = None,
    *,
    to: tuple[Address, ...] = YOU,
    cc: tuple[Address, ...] = (),
    subject: str = "",
    parts: tuple[OutgoingPart, ...] = (),
    references: tuple[str, ...] = (),
    original: str = "",
    options: SendOptions = NOTHING_ASKED,
) -> Draft:
    return Draft(
        DraftId(0),
        AccountId(1),
        to,
        cc,
        (Address("Secret", "bcc@example.org"),),
        subject,
        text,
        html,
        parts,
        references[-1] if references else "",
        references,
        original=original,
        options=options,
    )


def built(draft: Draft, files: dict[str, bytes]) -> bytes:
    return build(draft, ME, MID, 1_000_000_000.0, lambda p: files[p.blob], include_bcc=False)


def sent(second: SecondReader, draft: Draft, files: dict[str, bytes] | None = None) -> bytes:
    raw = built(draft, files or {})
    agree(second, draft, raw, files or {})
    return raw


_ANY = st.text(max_size=200) | st.text(
    st.sampled_from("ab \u00a0\t\n\r\x00>-é字🙂אب\ud800\u2028\u200f=?_.,From"), max_size=200
)
_NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Z", "Cf", "M"], exclude_characters='"\\'),
    max_size=60,
)
_LOCAL = st.text("abcxyz019._+-", min_size=1, max_size=60).filter(
    lambda local: local.strip(".") == local and ".." not in local
)
_PEOPLE = st.lists(
    st.builds(lambda name, local: Address(name, f"{local}@example.org"), _NAMES, _LOCAL),
    min_size=1,
    max_size=5,
).map(tuple)
_FILES = st.lists(st.tuples(_NAMES.filter(bool), st.binary(max_size=200)), max_size=4)


def parts_of(files: list[tuple[str, bytes]]) -> tuple[OutgoingPart, ...]:
    return tuple(
        OutgoingPart(name, "application/x-test", len(data), str(number))
        for number, (name, data) in enumerate(files)
    )


@SLOW
@given(subject=_ANY, text=_ANY, to=_PEOPLE, cc=_PEOPLE, files=_FILES)
@example(subject="", text="-- ", to=YOU, cc=YOU, files=[])
@example(subject="=?utf-8?q?no?=", text="From me\n.\n..\nFrom", to=YOU, cc=YOU, files=[])
@example(subject="x" * 2000, text="y" * 10_000, to=YOU, cc=YOU, files=[])
@example(subject="字" * 700, text="字" * 10_000, to=YOU, cc=YOU, files=[])
@example(subject="a\r\nBcc: eve@evil.example\r\n\r\nx", text="\ud83d", to=YOU, cc=YOU, files=[])
def test_plain_letters(
    second: SecondReader,
    subject: str,
    text: str,
    to: tuple[Address, ...],
    cc: tuple[Address, ...],
    files: list[tuple[str, bytes]],
) -> None:
    stored = {str(number): data for number, (_name, data) in enumerate(files)}
    sent(second, letter(text, to=to, cc=cc, subject=subject, parts=parts_of(files)), stored)


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>Wort</b>", "字字", "🙂", " ", "\n", "<br>", "<blockquote>", "</blockquote>",
     "<pre>a\n  b</pre>", '<img src="cid:pic1@x" alt="A">', '<img src="cid:pic11@x">', "From ", ".",
     "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>", "\x00", "\ud800",
     "<a href='https://example.org/" + "a" * 300 + "'>x</a>", "-- <br>", "\r\n", "é" * 80]
)  # fmt: skip


@SLOW
@given(
    st.lists(_PIECES, max_size=25).map("".join), st.lists(_PIECES, max_size=9).map("".join), _FILES
)
def test_rich_letters(
    second: SecondReader, html: str, original: str, files: list[tuple[str, bytes]]
) -> None:
    pictures = (
        OutgoingPart("a.png", "image/png", 3, "a", "pic1@x"),
        OutgoingPart("bild ü.png", "image/png", 3, "b", "pic11@x"),
    )
    stored = {str(number): data for number, (_name, data) in enumerate(files)}
    stored |= {"a": b"\x89PN", "b": b"\r\n\x00"}
    draft = letter(html=html, original=original, parts=(*parts_of(files), *pictures))
    sent(second, draft, stored)


@SLOW
@given(st.lists(st.text("abc.<>@ \r\n\x00é字", max_size=60), max_size=9), _ANY, _ANY)
def test_nothing_that_was_handed_on_ends_a_field(
    second: SecondReader, ids: list[str], name: str, value: str
) -> None:
    options = SendOptions(priority=Priority.HIGH, receipt=True, headers=((name, value),))
    draft = letter("x", references=tuple(ids), options=options, to=(Address(value, "a@b.example"),))
    raw = built(draft, {})
    assert faults(raw) == []
    by_python(raw)
    assert second.read(raw).said == ()


def test_many_references_files_and_recipients(second: SecondReader) -> None:
    ids = tuple(f"<{number}.{'x' * 60}@mail.example.org>" for number in range(300))
    files = {str(n): bytes([n]) * n * 100 for n in range(50)}
    parts = tuple(OutgoingPart(f"文件 {n}.txt", "text/plain", n * 100, str(n)) for n in range(50))
    people = tuple(Address(f"Ünder {n}", f"u{n}@example.org") for n in range(500))
    draft = letter("x", to=people, subject="🙂" * 300, references=ids, parts=parts)
    raw = sent(second, draft, files)
    assert raw.count(b"mail.example.org>") == 301


def test_pictures_in_what_is_passed_on(second: SecondReader) -> None:
    parts = (
        OutgoingPart("logo.png", "image/png", 1, "l", "logo@x"),
        OutgoingPart("report.pdf", "application/pdf", 1, "r"),
    )
    draft = letter(
        html="<p>See below</p>",
        original='<p>-------- Forwarded message --------</p><img src="cid:logo@x"><p>Old</p>',
        parts=parts,
    )
    raw = sent(second, draft, {"l": b"1", "r": b"2"})
    found = by_python(raw)
    types = [part.get_content_type() for part in found.walk()]
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    plain = next(part for part in found.walk() if part.get_content_type() == "text/plain")
    assert plain.get_content().replace("\r\n", "\n") == (
        "See below\n\n-------- Forwarded message --------\n\n[logo.png]\n\nOld\n"
    )


@pytest.mark.parametrize(
    ("text", "charset", "encoding"),
    [
        ("Plain words.\n", "us-ascii", "7bit"),
        ("Grüße aus dem Süden, wo es wärmer ist als hier.", "utf-8", "quoted-printable"),
        ("你好，世界。今天天气很好。", "utf-8", "base64"),
        ("Съешь ещё этих мягких французских булок", "utf-8", "base64"),
        ("a\x0cb", "utf-8", "quoted-printable"),
        ("x" * 500, "utf-8", "quoted-printable"),
    ],
)
def test_encodings(second: SecondReader, text: str, charset: str, encoding: str) -> None:
    found = by_python(sent(second, letter(text)))
    assert found.get_content_charset() == charset
    assert found["content-transfer-encoding"] == encoding
