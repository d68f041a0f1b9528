"""Cards of a message: each kind found where it is, once, in bounds; digests and bounces listed."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from martlet.cli.inspect import inspect
from martlet.mail.cards import NO_CARDS, Cards
from martlet.mail.piece import Piece
from martlet.mail.report import Action
from martlet.mail.status_words import meaning, sentence
from martlet.mime.body import body
from martlet.mime.cards import MAX_INVITATIONS, MAX_PEOPLE, cards
from martlet.mime.content import attachments, content
from martlet.mime.layout import layout
from martlet.mime.parse import parse
from support.tnef import TnefFile, tnef

EVENT = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{0}\nSUMMARY:{0}\nEND:VEVENT\nEND:VCALENDAR\n"
VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{0}\nEND:VCARD\n"


def read(raw: str | bytes) -> Cards:
    message = parse(raw.encode("utf-8") if isinstance(raw, str) else raw)
    return cards(message, layout(message))


def mixed(*parts: str, kind: str = "multipart/mixed") -> str:
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return f"Subject: x\nContent-Type: {kind}; boundary=b\n\n{inner}--b--\n"


def test_a_plain_message_has_none() -> None:
    assert read("Subject: x\n\nhello\n") == NO_CARDS


def test_the_file_of_an_invitation_that_comes_twice_is_listed_once() -> None:
    form = f"Content-Type: text/calendar; method=REQUEST\n\n{EVENT.format('Lunch')}"
    file = f"Content-Type: application/ics; name=invite.ics\n\n{EVENT.format('Lunch')}"
    other = file.replace("Lunch", "Dinner")
    for parts, listed in (
        ((form, file), ["invite.ics"]),
        ((form, other), ["Invitation.ics", "invite.ics"]),
        ((form,), ["Invitation.ics"]),
        ((file, file), ["invite.ics", "invite.ics"]),
        (
            (form.partition("BEGIN")[0], file.partition("BEGIN")[0]),
            ["Invitation.ics", "invite.ics"],
        ),
    ):
        message = parse(mixed("\nwords", *parts).encode())
        assert [one.filename for one in attachments(message)] == listed
        assert content(message).attachments == len(listed)


def test_an_invitation_that_comes_twice_is_one() -> None:
    event = EVENT.format("会议")
    raw = mixed(
        "Content-Type: multipart/alternative; boundary=c\n\n--c\n\nhello\n--c\n"
        f"Content-Type: text/calendar; charset=utf-8; method=REQUEST\n\n{event}--c--",
        f"Content-Type: application/ics; name=invite.ics\n\n{event}",
        f"Content-Type: application/octet-stream; name=Other.ICS\n\n{EVENT.format('other')}",
    )
    found = read(raw).invitations
    assert [(one.part, one.summary, one.method.value) for one in found] == [
        ("1.2", "会议", "request"),
        ("3", "other", "publish"),
    ]
    names = [a.filename for a in attachments(parse(raw.encode()))]
    assert names == ["Invitation.ics", "invite.ics", "Other.ICS"]


def test_people_also_inside_a_container() -> None:
    data = base64.encodebytes(tnef([TnefFile(b"bo.vcf", VCARD.format("Bo").encode())])).decode()
    raw = mixed(
        f"Content-Type: text/directory; profile=vCard\n\n{VCARD.format('Ada')}",
        f"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\n{data}",
    )
    assert [(one.part, one.name) for one in read(raw).people] == [("1", "Ada"), ("2.u1", "Bo")]


def test_a_body_elsewhere_and_a_piece() -> None:
    there = "Content-Type: message/external-body; access-type=url; url=https://x.example/\n\n\n"
    (told,) = read(mixed(there)).elsewhere
    assert (told.part, told.url) == ("1", "https://x.example/")
    piece = "Content-Type: message/partial; id=a; number=2; total=3\n\nx"
    assert read(piece).piece == Piece("a", 2, 3, (2,))


STATUS = (
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
    "Final-Recipient: rfc822; bo@x.example\nAction: failed\nStatus: 5.0.0\n"
    "Diagnostic-Code: smtp; 552 no\n"
)
HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-ID: <a@b>\nSubject: Hi\n"


def test_a_bounce_and_the_names_of_its_parts() -> None:
    raw = mixed("Content-Type: text/plain\n\nSorry.", STATUS, HEADERS, kind="multipart/report")
    (report,) = read(raw).reports
    assert (report.message_id, report.fates[0].action) == ("<a@b>", Action.FAILED)
    names = [a.filename for a in attachments(parse(raw.encode()))]
    assert names == ["Delivery report.txt", "Original message headers.txt"]


def test_a_bounce_wrapped_by_a_list() -> None:
    inner = mixed("Content-Type: text/plain\n\nSorry.", STATUS, HEADERS).partition("\n")[2]
    inner = inner.replace("boundary=b", "boundary=c").replace("--b", "--c")
    raw = mixed(inner, "Content-Type: text/plain\n\nfooter")
    (report,) = read(raw).reports
    assert report.message_id == "<a@b>"
    assert content(parse(raw.encode())).report is None


def test_a_receipt_that_names_no_message() -> None:
    raw = (
        "Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;bo@x.example\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n"
    )
    (report,) = read(mixed(raw, kind="multipart/report")).reports
    assert (report.message_id, report.fates[0].read) == ("", True)
    assert attachments(parse(mixed(raw).encode()))[0].filename == "Read receipt.txt"


def test_codes_in_words() -> None:
    assert meaning("5.0.0", "552 no") == "the mailbox is full, or the message too big for it"
    assert meaning("", "smtp; 421-later") == "the server takes no mail just now"
    assert meaning("5.7.1", "552 no") == ""
    assert meaning("5.1.1", "552 no") == "there is no such address"
    assert meaning("", "550 no") == ""
    assert meaning("", "55212") == ""
    assert sentence("", "451 x").startswith("The server could not deal with the message just now.")
    assert "organization" in meaning("5.7.133")


def test_a_digest_lists_its_messages_by_subject() -> None:
    raw = mixed(
        "\nSubject: =?utf-8?b?5Lya6K6u?= 1/2\nFrom: a@b\n\none",
        "Content-Type: message/rfc822\n\nSubject: second\n\ntwo",
        "\nFrom: a@b\n\nthree",
        kind="multipart/digest",
    )
    message = parse(raw.encode())
    found = attachments(message)
    assert [(a.part, a.filename, a.content_type) for a in found] == [
        ("1", "会议 1_2.eml", "message/rfc822"),
        ("2", "second.eml", "message/rfc822"),
        ("3", "attachment.eml", "message/rfc822"),
    ]
    inner = message.part("1")
    assert inner is not None
    assert inner.embedded is not None
    assert inner.embedded.headers.get("from") == b"a@b"
    listed = "1. 会议 1/2\n    a@b\n\n2. second\n\n3. No subject\n    a@b"
    assert body(message).text == listed
    inside = raw.partition("\n")[2].replace("boundary=b", "boundary=c").replace("--b", "--c")
    said = mixed("Content-Type: text/plain\n\nhello", inside)
    assert body(parse(said.encode())).text == "hello"
    assert read(raw) == NO_CARDS


def test_a_request_for_a_receipt_is_kept_and_no_more() -> None:
    raw = "Disposition-Notification-To: a@b\nSubject: x\n\nhi\n"
    assert read(raw) == NO_CARDS
    assert parse(raw.encode()).headers.get("disposition-notification-to") == b"a@b"


def test_bounds() -> None:
    part = f"Content-Type: text/calendar\n\n{EVENT.format('x')}"
    events = [part.replace("UID:x", f"UID:{n}") for n in range(100)]
    assert len(read(mixed(*events)).invitations) <= MAX_INVITATIONS
    card = f"Content-Type: text/vcard\n\n{VCARD.format('x') * 150}"
    assert len(read(mixed(*[card] * 5)).people) == MAX_PEOPLE
    there = "Content-Type: message/external-body; access-type=url; url=https://x.example/\n\n\n"
    assert len(read(mixed(*[there] * 100)).elsewhere) == 50
    assert len(read(mixed(*[STATUS] * 100)).reports) == 20


def test_inspect_tells_of_them(tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_text(mixed(f"Content-Type: text/calendar\n\n{EVENT.format('x')}"), "utf-8")
    out = io.StringIO()
    assert inspect([str(file)], out) == 0
    (one,) = json.loads(out.getvalue())["cards"]["invitations"]
    assert (one["summary"], one["method"], one["start"]) == ("x", "publish", None)


KINDS = st.sampled_from(
    ["text/calendar", "text/vcard", "message/external-body; access-type=url; url=http://x",
     "message/partial; id=a; number=1; total=2", "message/delivery-status", "application/ms-tnef",
     "message/disposition-notification", "message/rfc822", "text/plain", "text/enriched"]
)  # fmt: skip


@given(st.lists(st.tuples(KINDS, st.binary(max_size=80)), max_size=6))
def test_any_parts(parts: list[tuple[str, bytes]]) -> None:
    inner = b"".join(
        b"--b\nContent-Type: " + kind.encode() + b"\n\n" + body + b"\n" for kind, body in parts
    )
    read(b"Content-Type: multipart/report; boundary=b\n\n" + inner + b"--b--\n")
