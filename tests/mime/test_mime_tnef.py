"""winmail.dat: files and text taken out, names in their code page, lies and bombs."""

from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.cards import Method
from martlet.mail.message import Address
from martlet.mime.body import body
from martlet.mime.cards import cards
from martlet.mime.content import attachments, content
from martlet.mime.headers import envelope
from martlet.mime.layout import layout
from martlet.mime.lzfu import MAX_RTF, decompress
from martlet.mime.parse import parse
from martlet.mime.part import Message
from martlet.mime.tnef import DAMAGED, MAX_DEPTH, MAX_FILES, TEXT_DAMAGED, TOO_MANY, unpacked
from support.tnef import (
    BINARY,
    FILE,
    LONG,
    MESSAGE_IID,
    NAMED,
    OBJECT,
    STRING,
    TIME,
    UNICODE,
    TnefFile,
    attribute,
    compressed,
    properties,
    tnef,
)  # fmt: skip

LONG_NAME, TAG, CID, DATA, METHOD = 0x3707, 0x370E, 0x3712, 0x3701, 0x3705
BODY, HTML, RTF, SUBJECT = 0x1000, 0x1013, 0x1009, 0x0037
NAME = "评审会议纪要 最终版本.docx"


def mail(data: bytes, text: str = "", kind: str = "application/ms-tnef") -> Message:
    raw = (
        "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\n{text}\n"
        f"--b\nContent-Type: {kind}; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        f"{base64.encodebytes(data).decode()}\n--b--\n"
    )
    return parse(raw.encode())


FILES = tnef(
    [
        TnefFile(NAME.encode("gbk")[:12], b"long", [(LONG_NAME, UNICODE, NAME)]),
        TnefFile(NAME.encode("gbk"), b"title"),
        TnefFile(b"pic.png", b"\x89PNG", [(CID, STRING, "pic@x"), (TAG, STRING, "image/x-own")]),
    ],
    page=936,
)


@pytest.mark.parametrize(
    "kind", ["application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"]
)
def test_its_files_are_files_of_the_message(kind: str) -> None:
    message = mail(FILES, "hello", kind)
    found = attachments(message)
    assert [(a.part, a.filename, a.content_id, a.inside) for a in found] == [
        ("2", "winmail.dat", "", ""),
        ("2.u1", NAME, "", "winmail.dat"),
        ("2.u2", NAME, "", "winmail.dat"),
        ("2.u3", "pic.png", "pic@x", "winmail.dat"),
    ]
    assert found[3].content_type == "image/x-own"
    inner = message.part("2.u2")
    assert inner is not None
    assert inner.data() == b"title"
    assert NAME in content(message).index_text
    assert body(message).text == "hello"


def test_without_a_code_page() -> None:
    assert unpacked(tnef([TnefFile(NAME.encode("gbk"), b"x")], page=0)).files[0].name == NAME


def test_its_text_counts_where_the_message_has_none() -> None:
    data = tnef(held=[(BODY, UNICODE, "你好"), (HTML, BINARY, "<p>你好</p>".encode("gb18030")),
                      (0x3FDE, LONG, 936)])  # fmt: skip
    read = body(mail(data))
    assert (read.text, read.html) == ("你好", "<p>你好</p>")
    assert body(mail(data, "said in the mail")).text == "said in the mail"
    assert body(mail(data, "said in the mail")).html is None


def test_its_text_is_not_read_as_what_a_person_says_of_the_rest() -> None:
    raw = mail(tnef(held=[(BODY, UNICODE, "你好")])).raw
    assert body(parse(raw, "big5")).text == "你好"


def test_pictures_of_its_rich_text() -> None:
    data = tnef(
        [TnefFile(b"a.png", b"\x89PNG", [(CID, UNICODE, "a@x")])],
        [(HTML, BINARY, b'<img src="cid:a@x">')],
    )
    message = mail(data)
    assert {name: part.path for name, part in layout(message).inline().items()} == {"a@x": "2.u2"}
    assert [(a.filename, a.inline) for a in attachments(message)][1:] == [("a.png", True)]


def test_compressed_rtf() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg936 {\fonttbl{\f0\fcharset134 \'cb\'ce;}}\f0 \'c4\'e3\'ba\'c3\par x}"
    )
    assert decompress(compressed(rtf)) == (rtf, True)
    assert body(mail(tnef(held=[(RTF, BINARY, compressed(rtf))]))).text == "你好\nx"
    broken = bytearray(compressed(rtf))
    broken[13] ^= 1
    assert TEXT_DAMAGED in body(mail(tnef(held=[(RTF, BINARY, bytes(broken))]))).problems


def test_the_example_of_the_specification() -> None:
    # MS-OXRTFCP, 4.1.1
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af3"
        "2068656c090020627705b06c647d0a800fa0"
    )
    assert decompress(packed) == (b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", True)


SENT = 132_500_000_000_000_000


def nested(level: int) -> bytes:
    files = [TnefFile(b"in.txt", b"inner")]
    if level:
        inside = (DATA, OBJECT, MESSAGE_IID + nested(level - 1))
        files.append(TnefFile(b"m", b"", [(METHOD, LONG, 5), inside]))
    return tnef(
        files,
        [(SUBJECT, UNICODE, "\x01\x05Re: 会议"), (BODY, UNICODE, "inner text"),
         (0x0042, UNICODE, "Ada"), (0x5D02, UNICODE, "ada@x.example"), (0x0039, TIME, SENT)],
        recipients=[[(0x3001, UNICODE, "Bo\r\nBcc: x"), (0x39FE, UNICODE, "bo@x.example")]],
    )  # fmt: skip


def test_a_message_inside_is_a_message() -> None:
    message = mail(nested(1), "outer")
    found = attachments(message)
    assert [a.filename for a in found] == ["winmail.dat", "in.txt", "Re_ 会议.eml"]
    part = message.part("2.u3")
    assert part is not None
    assert part.embedded is not None
    head = envelope(part.embedded.headers)
    assert (head.subject, head.sender.address, head.to[0].address) == (
        "Re: 会议", "ada@x.example", "bo@x.example",
    )  # fmt: skip
    assert head.date == 1_605_526_400.0
    assert body(part.embedded).text == "inner text"
    inner = message.part("2.u3.2")
    assert inner is not None
    assert inner.data() == b"inner"


def invitation(kind: str) -> bytes:
    return tnef(
        held=[(0x001A, UNICODE, kind), (SUBJECT, UNICODE, "评审, 会议"), (0x0042, UNICODE, "Ada"),
              (0x5D02, UNICODE, "ada@x.example"), (NAMED + 0x8208, UNICODE, "Room 3"),
              (NAMED + 0x820D, TIME, SENT), (NAMED + 0x820E, TIME, SENT + 36_000_000_000),
              (NAMED + 3, BINARY, b"\x04\x00")],
        recipients=[[(0x3001, UNICODE, "Bo"), (0x39FE, UNICODE, "bo@x.example")]],
    )  # fmt: skip


def test_a_meeting_is_an_invitation() -> None:
    message = mail(invitation("IPM.Schedule.Meeting.Request"))
    (found,) = cards(message, layout(message)).invitations
    assert (found.part, found.method, found.summary) == ("2.u1", Method.REQUEST, "评审, 会议")
    assert (found.start, found.end) == (1_605_526_400.0, 1_605_530_000.0)
    assert (found.location, found.uid) == ("Room 3", "0400")
    assert found.organizer == Address("Ada", "ada@x.example")
    assert found.attendees == ((Address("Bo", "bo@x.example"), "needs-action"),)
    assert [a.filename for a in attachments(message)] == ["winmail.dat", "Invitation.ics"]


@pytest.mark.parametrize(
    ("kind", "method", "answer"),
    [
        ("IPM.Microsoft Schedule.MtgCncl", Method.CANCEL, "needs-action"),
        ("IPM.Schedule.Meeting.Resp.Neg", Method.REPLY, "declined"),
        ("IPM.Microsoft Schedule.MtgRespP", Method.REPLY, "accepted"),
    ],
)
def test_answers_and_cancellations(kind: str, method: Method, answer: str) -> None:
    message = mail(invitation(kind))
    (found,) = cards(message, layout(message)).invitations
    assert (found.method, found.attendees[0][1]) == (method, answer)
    assert unpacked(invitation("IPM.Note")).files == ()


def test_messages_in_messages_end_somewhere() -> None:
    found = unpacked(nested(30))
    assert found.problems == ()
    assert len(found.files[-1].data) < len(nested(30)) * 2
    assert found.files[-1].data.count(b"\nSubject: ") + 1 == MAX_DEPTH - 1


def test_what_lies_about_its_length() -> None:
    whole = FILES
    for cut in range(len(whole)):
        unpacked(whole[:cut])
    assert unpacked(whole[:-3]).problems == (DAMAGED,)
    assert [f.name for f in unpacked(whole[:-3]).files][:2] == [NAME, NAME]
    assert unpacked(whole + b"\0\0\0 a list's footer").problems == (DAMAGED,)
    wrong = bytearray(whole)
    wrong[-1] ^= 1
    assert unpacked(bytes(wrong)).problems == (DAMAGED,)
    assert unpacked(b"\x78\x9f\x3e\x22").files == ()
    assert unpacked(b"no winmail.dat").problems == (DAMAGED,)


@pytest.mark.parametrize("kind", [0x0003, 0x1003, 0x001F, 0x101F, 0x0102, 0x1102, 0x1001, 0x0001])
def test_counts_that_lie(kind: int) -> None:
    for count in (0, 1, 0xFFFF, 0xFFFFFFFF):
        value = struct.pack("<IHHI", count, kind, LONG_NAME, count) + b"\xff" * 40
        unpacked(tnef([TnefFile(b"a", b"x")]) + attribute(FILE, 0x00069005, value))


def test_more_files_than_anybody_sends() -> None:
    found = unpacked(tnef([TnefFile(b"a", b"x")] * (MAX_FILES + 5)))
    assert len(found.files) == MAX_FILES
    assert TOO_MANY in found.problems


def bomb() -> bytes:
    """Formatted text of 1 MB, packed small, in each of 30 messages."""
    packed = [struct.pack("<IIII", 0, 1 << 20, 0x75465A4C, 0), b"\0{\\rtf1 a"]
    for number in range(60_000):  # each: 17 times the letter before
        before = (207 + 8 + number * 17 - 1) % 4096
        packed += [b"\xff"] * (number % 8 == 0) + [struct.pack(">H", before << 4 | 15)]
    inside = tnef(held=[(RTF, BINARY, b"".join(packed))])
    one = TnefFile(b"m", b"", [(METHOD, LONG, 5), (DATA, OBJECT, MESSAGE_IID + inside)])
    return tnef([one] * 30)


def test_a_bomb_of_formatted_text() -> None:
    found = [len(file.data) for file in unpacked(bomb()).files]
    assert found[0] > 1 << 19
    assert sum(found) < MAX_RTF + 30 * 1_000


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 255))
def test_any_bytes(noise: bytes, place: int, byte: int) -> None:
    for data in (FILES, nested(2), b"\x78\x9f\x3e\x22\x01\x00" + noise):
        changed = bytearray(data)
        changed[place % len(changed)] = byte
        for one in (bytes(changed), data[: place % len(data)] + noise + data[place % len(data) :]):
            found = unpacked(one)
            assert sum(len(file.data) for file in found.files) <= len(one) * 8 + 100_000
            attachments(mail(one))


KINDS = st.sampled_from([STRING, UNICODE, BINARY, OBJECT])


@given(st.lists(st.tuples(st.integers(0, 0x7FFF), KINDS, st.binary(max_size=30)), max_size=8))
def test_any_properties(items: list[tuple[int, int, bytes]]) -> None:
    unpacked(tnef([TnefFile(b"x", b"y", list(items))], list(items)))
    properties(items)
