"""Messages we build: what stands on the wire, and that others read it as meant."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address, MessageId
from martlet.mail.outgoing import Draft, DraftId, DraftKind, OutgoingPart
from martlet.mail.writing import AnswerTo
from martlet.mime.body import body
from martlet.mime.content import attachments
from martlet.mime.headers import envelope
from martlet.mime.parse import parse
from martlet.mime.subjects import forward_subject, reply_subject
from martlet.mime.words import INVISIBLE
from martlet.mime.writing.compose import build, new_message_id, recipients, strip_bcc
from martlet.mime.writing.forward import inline as forward
from martlet.mime.writing.quoting import quote, without_signature
from martlet.mime.writing.reply import edit, reply
from support.wire import faults

ME = Address("Martha Müller", "me@example.org")
MID = "<1@example.org>"


YOU = (Address("", "you@example.org"),)


def draft(
    *,
    to: tuple[Address, ...] = YOU,
    cc: tuple[Address, ...] = (),
    bcc: tuple[Address, ...] = (),
    subject: str = "",
    text: str = "",
    html: str | None = None,
    parts: tuple[OutgoingPart, ...] = (),
    in_reply_to: str = "",
    references: tuple[str, ...] = (),
) -> Draft:
    return Draft(
        DraftId(0), AccountId(1), to, cc, bcc, subject, text, html, parts, in_reply_to, references
    )


def built(letter: Draft, files: dict[str, bytes] | None = None, bcc: bool = False) -> bytes:
    store = files or {}
    raw = build(letter, ME, MID, 1_000_000_000.0, lambda p: store[p.blob], include_bcc=bcc)
    assert faults(raw) == []
    return raw


def read_by_others(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def assert_fit_for_the_wire(raw: bytes) -> None:
    assert raw.isascii()
    assert b"\x00" not in raw
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_plain() -> None:
    raw = built(draft(subject="Grüße", text="Hallo  Welt\n\n-- \nM"))
    assert_fit_for_the_wire(raw)
    other = read_by_others(raw)
    assert other["subject"] == "Grüße"
    assert other["from"].addresses[0].display_name == "Martha Müller"
    assert other["message-id"] == MID
    assert other.get_content_type() == "text/plain"
    assert other.get_param("format") == "flowed"
    assert body(parse(raw)).text == "Hallo  Welt\n\n-- \nM"


def test_long_lines_come_back_whole() -> None:
    text = "word " * 100 + "\n> " + "quoted " * 50 + "\nFrom here\n>quote\n  indented"
    raw = built(draft(text=text))
    assert body(parse(raw)).text.split() == text.replace(">quote", "> quote").split()


def test_rich_with_pictures_and_files() -> None:
    parts = (
        OutgoingPart("报告 2024 最终版本的名字很长很长很长很长.pdf", "application/pdf", 3, "f"),
        OutgoingPart("a.png", "image/png", 3, "p", "pic@x"),
        OutgoingPart("unused.png", "image/png", 3, "p", "other@x"),
    )
    html = '<p>你好 <b>世界</b></p><img src="cid:pic@x">'
    raw = built(draft(html=html, parts=parts), {"f": b"pdf", "p": b"png"})
    assert_fit_for_the_wire(raw)
    message = parse(raw)
    kinds = [part.content_type for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
        "image/png",
    ]
    assert body(message).text == "你好 世界\n\n[a.png]"
    assert [a.inline for a in attachments(message)] == [True, False, False]
    names = [part.get_filename() for part in read_by_others(raw).walk() if part.get_filename()]
    assert names == ["a.png", parts[0].name, "unused.png"]


def test_a_message_as_attachment_stays_readable() -> None:
    inner = b"Subject: inner\nFrom: a@b.c\n\nhello\n"
    part = OutgoingPart("inner.eml", "message/rfc822", len(inner), "m")
    raw = built(draft(parts=(part,)), {"m": inner})
    assert_fit_for_the_wire(raw)
    found = parse(raw).part("2")
    assert found is not None
    assert found.embedded is not None
    assert found.embedded.headers.get("subject") == b"inner"
    raw = built(draft(parts=(part,)), {"m": inner + "é".encode()})
    assert_fit_for_the_wire(raw)
    found = parse(raw).part("2")
    assert found is not None
    assert found.data() == inner + "é".encode()


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: e@e.e", "a\nX: y", "a\r\n\r\nbody", "a\x00b", "a\u2028X: y"]
)
def test_no_text_ends_a_field(evil: str) -> None:
    part = OutgoingPart(evil, f"text/plain{evil}", 1, "x")
    letter = draft(
        subject=evil,
        to=(Address(evil, f"a{evil}@b.c{evil}"),),
        in_reply_to=f"<a@b{evil}>",
        references=(evil, "<ok@x>"),
        parts=(part,),
    )
    raw = build(letter, Address(evil, "me@x.org"), MID, 0.0, lambda p: b"x", include_bcc=False)
    names = [name.lower() for name, _ in parse(raw).headers.items()]
    assert set(names) <= {
        "date", "from", "to", "subject", "message-id", "references", "mime-version", "user-agent",
        "content-type",
    }  # fmt: skip
    assert len(names) == len(set(names))
    assert parse(raw).root.children[0].content_type == "text/plain"
    assert len(parse(raw).root.children) == 2


def test_bcc_is_kept_only_where_asked() -> None:
    letter = draft(bcc=(Address("", "secret@x.org"),))
    assert b"secret" not in built(letter)
    kept = built(letter, bcc=True)
    assert recipients(kept) == ["you@example.org", "secret@x.org"]
    assert strip_bcc(kept) == built(letter)
    assert strip_bcc(b"A: b\nBcc: x,\n y\nC: d\n\nBcc: stays\n") == b"A: b\nC: d\n\nBcc: stays\n"
    assert b"undisclosed-recipients:;" in built(draft(to=(), bcc=letter.bcc))


def test_what_only_this_program_is_told_does_not_go_out() -> None:
    raw = (
        b"X-Martlet-Draft-Id: abc\r\nTo: z@x.org\r\nBcc: y@x.org,\r\n w@x.org\r\n"
        b"x-martlet-draft-info:\r\n eyJ9\r\nSubject: s\r\n\r\nBcc: said\r\n"
    )
    assert strip_bcc(raw) == b"To: z@x.org\r\nSubject: s\r\n\r\nBcc: said\r\n"


@pytest.mark.parametrize(
    "field",
    [
        b"Bcc\0: y@x.org\r\n",
        b"\xef\xbb\xbfBcc: y@x.org\r\n",
        b"B\0cc : y@x.org\r\n",
        b"Bcc: z@x.org,\r\n\x0b y@x.org\r\n",
        b"Bcc: y@x.org\r\ty@x.org\r\n",
        b"Resent-Bcc\t:\r\n y@x.org\r\n",
        b"bcc: y@x.org\r",
    ],
)
def test_bcc_oddly_written_does_not_go_out(field: bytes) -> None:
    rest = b"To: z@x.org\r\nX-Bcc: z\r\n\r\nBcc: said\r\n"
    assert strip_bcc(field + rest) == rest
    assert strip_bcc(b"A: b\r\n" + field + rest) == b"A: b\r\n" + rest
    assert strip_bcc(b"A: b\r" + field + rest) == b"A: b\r" + rest


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_all_else_stays_byte_for_byte(head: bytes, body: bytes) -> None:
    name = re.compile(rb"bcc|martlet|[\0-\x08\x0e-\x1f\x7f-\xff]", re.IGNORECASE)
    raw = name.sub(b"", head) + b"\r\n\r\nBcc: " + body
    assert strip_bcc(raw) == raw


def test_answers_may_go_elsewhere() -> None:
    def fields(reply_to: str) -> list[str]:
        raw = build(draft(), ME, MID, 0.0, lambda _: b"", include_bcc=False, reply_to=reply_to)
        assert_fit_for_the_wire(raw)
        return [str(value) for value in read_by_others(raw).get_all("reply-to", [])]

    assert fields("") == []
    assert fields("a@x.org") == ["a@x.org"]
    assert fields("Ä <a@x.org>, b@x.org") == ["Ä <a@x.org>, b@x.org"]
    assert fields("no one\r\nBcc: evil@x.org") in ([], ["evil@x.org"])


def test_message_ids() -> None:
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", new_message_id("me@Example.ORG"))
    assert new_message_id("me@例子.cn").endswith("@xn--fsqu00a.cn>")
    assert new_message_id("me@straße.de").endswith("@xn--strae-oqa.de>")
    assert new_message_id("nonsense\r\n") != new_message_id("nonsense\r\n")
    for odd in ("me@[IPv6:fe80::1]", "me@b..c", "me@" + "a." * 200 + "b", "me", "", "me@"):
        assert new_message_id(odd).endswith("@martlet.invalid>")
    assert new_message_id("me@[192.0.2.1]").endswith("@192.0.2.1>")


def solid(text: str) -> str:
    """What is left of a label that is made one line, without what cannot be seen."""
    return INVISIBLE.sub("", re.sub(r"[\s\x1c-\x1f\x85]+", "", text))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
_NAME = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Z", "Cf"]), max_size=40)


@settings(deadline=None)
@given(
    _TEXT, _TEXT, st.none() | _TEXT, st.lists(st.tuples(_NAME, st.binary(max_size=99)), max_size=3)
)
def test_what_is_written_is_read(
    subject: str, text: str, html: str | None, files: list[tuple[str, bytes]]
) -> None:
    parts = tuple(
        OutgoingPart(name, "application/x-test", len(data), str(i))
        for i, (name, data) in enumerate(files)
    )
    letter = draft(
        subject=subject, text=text, html=html, parts=parts, cc=(Address(subject, "a@b.c"),)
    )
    raw = built(letter, {str(i): data for i, (_, data) in enumerate(files)})
    assert_fit_for_the_wire(raw)
    message = parse(raw)
    head = envelope(message.headers)
    assert solid(head.subject) == solid(subject)
    assert head.cc[0].address == "a@b.c"
    sent = [part.data() for part in message.walk() if part.content_type == "application/x-test"]
    assert sent == [data for _, data in files]
    names = [part.filename for part in message.walk() if part.content_type == "application/x-test"]
    assert names == [name or "attachment" for name, _ in files]
    if html is None:
        shown = message.part("1") or message.root
        words = shown.text().split()
        assert words == text.replace("\x00", "").encode().decode().replace("\r", "\n").split() or (
            ">" in text
        )
    other = read_by_others(raw)
    assert [p.get_payload(decode=True) for p in other.walk() if p.get_filename()] == sent
    assert other["message-id"] == MID


ORIGINAL = (
    b"From: Anna <anna@x.org>\r\nTo: me@example.org, Bob <bob@x.org>\r\nCc: carl@x.org\r\n"
    b"Subject: AW: Re[2]: Plan\r\nDate: Fri, 21 Nov 1997 09:55:06 -0600\r\n"
    b"Message-ID: <m@x>\r\nReferences: <r1@x> <r2@x>\r\n"
)
PLAIN = ORIGINAL + b"\r\nHello\r\n> earlier\r\n-- \r\nAnna\r\n"


def answer(raw: bytes, to_all: bool = False) -> Draft:
    draft, _pictures = reply(
        parse(raw),
        (ME,),
        AccountId(1),
        MessageId(7),
        to=AnswerTo.ALL if to_all else AnswerTo.SENDER,
    )
    return draft


def test_pictures_in_what_is_quoted_go_along() -> None:
    raw = (
        b"From: a@b.example\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        b'Content-Type: text/html\n\n<p>Look <img src="cid:pic@a"></p>\n--x\n'
        b"Content-Type: image/png\nContent-ID: <pic@a>\n\nPNG\n--x\n"
        b"Content-Disposition: attachment; filename=a.txt\n\nno\n--x--\n"
    )
    draft, pictures = reply(parse(raw), (ME,), AccountId(1), MessageId(7))
    assert [each.content_id for each in pictures] == ["pic@a"]
    assert "cid:pic@a" in (draft.html or "")


def test_reply_to_plain() -> None:
    found = answer(PLAIN)
    assert found.to == (Address("Anna", "anna@x.org"),)
    assert found.subject == "Re: Plan"
    assert found.text == "\n\nOn 21 Nov 1997 at 09:55, Anna wrote:\n> Hello\n>> earlier\n"
    assert found.html is None
    assert (found.in_reply_to, found.references) == ("<m@x>", ("<r1@x>", "<r2@x>", "<m@x>"))
    assert (found.kind, found.source) == (DraftKind.REPLY, MessageId(7))


def test_reply_to_all() -> None:
    found = answer(PLAIN, to_all=True)
    assert [a.address for a in found.to] == ["anna@x.org", "bob@x.org"]
    assert [a.address for a in found.cc] == ["carl@x.org"]


def test_reply_to_is_honoured_unless_a_list_put_it_there() -> None:
    assert answer(b"Reply-To: r@x.org\r\n" + PLAIN).to[0].address == "r@x.org"
    munged = b"List-Post: <mailto:l@x.org>\r\nReply-To: l@x.org\r\n" + PLAIN
    assert answer(munged).to[0].address == "anna@x.org"
    assert "l@x.org" in [a.address for a in answer(munged, to_all=True).to]


def test_an_answer_to_oneself_goes_where_the_first_letter_went() -> None:
    mine = b"From: me@example.org\r\nTo: bob@x.org\r\nSubject: x\r\n\r\ny"
    assert answer(mine).to[0].address == "bob@x.org"
    alone = b"From: me@example.org\r\nTo: me@example.org\r\n\r\ny"
    assert answer(alone, to_all=True).to[0].address == "me@example.org"


def test_reply_to_rich() -> None:
    raw = ORIGINAL + (
        b"Content-Type: text/html\r\n\r\n<style>p{color:red}</style><p onclick=x>Hi</p>"
        b"<img src=https://evil.example/x>"
    )
    found = answer(raw)
    assert found.html is not None
    cited = '<div><p style="color:red">Hi</p></div>'
    assert f'<blockquote type="cite">{cited}</blockquote>' in found.html
    assert "evil" not in found.html
    assert "<style" not in found.html


def test_forward_and_edit_take_the_files_along() -> None:
    part = OutgoingPart("a.bin", "application/x-test", 1, "x")
    raw = built(draft(subject="Plan", text="words", parts=(part,), cc=(ME,)), {"x": b"1"})
    going, files = forward(parse(raw), AccountId(1), MessageId(7))
    assert going.subject == "Fwd: Plan"
    assert "From: Martha Müller <me@example.org>" in going.text
    assert going.kind is DraftKind.FORWARD
    assert [f.filename for f in files] == ["a.bin"]
    again, files = edit(parse(raw), AccountId(1), own=True)
    assert (again.subject, again.text, again.cc) == ("Plan", "words", (ME,))
    assert len(files) == 1


def test_words_and_prefixes() -> None:
    assert quote("a\n> b\n\n" + ">" * 12 + " c") == "> a\n>> b\n>\n>>>>>>>>> c"
    assert without_signature("a\n-- \nb") == "a"
    assert reply_subject("RE: AW: 回复：Re[2]: x") == "Re: x"
    assert reply_subject("Report") == "Re: Report"
    assert reply_subject("Re: {{me.name}}") == "Re: { {me.name}}"
    assert forward_subject("{{me.name}}") == "Fwd: { {me.name}}"
    assert forward_subject("Fw: WG: 转发: x") == "Fwd: x"


def test_references_are_bounded() -> None:
    refs = b" ".join(b"<%d@x>" % i for i in range(100))
    found = answer(b"Message-ID: <last@x>\r\nReferences: " + refs + b"\r\n\r\nx")
    assert len(found.references) == 21
    assert (found.references[0], found.references[-1]) == ("<0@x>", "<last@x>")
