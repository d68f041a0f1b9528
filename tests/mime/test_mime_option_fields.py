"""Priority, receipts and fields of one's own in a letter; its Date, and what goes before mail that
is sent on. Read back by the standard library's parser."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, OutgoingPart, Priority, SendOptions
from martlet.mail.own_headers import MOST, first_refusal, refusal
from martlet.mime.writing.compose import build
from martlet.mime.writing.dating import dated
from martlet.mime.writing.resent import resent

ADA = Address("Ada Løvelace", "ada@example.org")
BRUNO = Address("", "bruno@example.org")


def no_parts(_part: OutgoingPart) -> bytes:
    raise AssertionError("nothing is attached")


def letter(options: SendOptions, text: str = "hello\n") -> bytes:
    draft = Draft(DraftId(0), AccountId(1), (BRUNO,), subject="Hi", text=text, options=options)
    return build(draft, ADA, "<id@example.org>", 1_000_000_000.0, no_parts, include_bcc=False)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize(
    ("priority", "said"),
    [
        (Priority.HIGHEST, ("1 (Highest)", "High", "urgent")),
        (Priority.HIGH, ("2 (High)", "High", "urgent")),
        (Priority.NORMAL, (None, None, None)),
        (Priority.LOW, ("4 (Low)", "Low", "non-urgent")),
        (Priority.LOWEST, ("5 (Lowest)", "Low", "non-urgent")),
    ],
)
def test_how_urgent_it_is_stands_in_all_three_fields(
    priority: Priority, said: tuple[str | None, ...]
) -> None:
    got = read(letter(SendOptions(priority=priority)))
    assert (got["X-Priority"], got["Importance"], got["Priority"]) == said


def test_a_receipt_goes_to_whom_the_letter_is_from() -> None:
    got = read(letter(SendOptions(receipt=True)))
    assert str(got["Disposition-Notification-To"]) == "Ada Løvelace <ada@example.org>"
    assert "Disposition-Notification-To" not in read(letter(SendOptions()))


def test_fields_of_ones_own_are_there_as_they_were_given() -> None:
    headers = (("X-Ticket", "4711"), ("Organization", "Größe & Söhne"), ("X-Ticket", "4712"))
    got = read(letter(SendOptions(headers=headers)))
    assert got.get_all("X-Ticket") == ["4711", "4712"]
    assert got["Organization"] == "Größe & Söhne"


@pytest.mark.parametrize(
    "name",
    [
        "From", "to", "CC", "Bcc", "DATE", "Message-ID", "MIME-Version", "Content-Type",
        "content-anything", "Received", "Return-Path", "DKIM-Signature", "Resent-To", "ARC-Seal",
        "Subject", "X-Martlet-Draft-Id", "Importance", "", " ", "X Space", "Näme", "X:Y",
        "X\r\nBcc", "x" * 77,
    ],
)  # fmt: skip
def test_what_may_not_be_set_is_refused_in_a_sentence_and_never_written(name: str) -> None:
    why = refusal(name, "evil@example.org")
    assert why.endswith(".")
    assert "\n" not in why
    headers = ((name, "evil@example.org"),)
    assert b"evil@example.org" not in letter(SendOptions(headers=headers))


def test_a_field_without_a_value_and_too_many_of_them_are_refused() -> None:
    assert refusal("X-Empty", " \r\n ") == "X-Empty needs a value."
    assert refusal("X-Long", "x" * 2001)
    assert first_refusal([("X-One", "1")] * (MOST + 1))
    assert first_refusal([("X-One", "1"), ("To", "me")]).startswith("To ")
    assert not first_refusal([("X-One", "1")] * MOST)


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=200)), max_size=6))
def test_nothing_that_is_typed_makes_a_field_of_its_own(headers: list[tuple[str, str]]) -> None:
    plain = read(letter(SendOptions()))
    raw = letter(SendOptions(headers=tuple(headers)))
    raw.decode("ascii")
    got = message_from_bytes(raw)
    allowed = {name.strip().lower() for name, value in headers if not refusal(name, value)}
    assert {name.lower() for name in got} <= {name.lower() for name in plain} | allowed
    assert body(got) == body(message_from_bytes(letter(SendOptions())))
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


def body(message: Message) -> object:
    return message.get_payload(decode=True)


def test_a_letter_is_dated_anew_and_nothing_else_of_it_changes() -> None:
    raw = letter(SendOptions(), "Date: in the text\n")
    later = dated(raw, 1_100_000_000.0)
    assert parsedate_to_datetime(str(read(later)["Date"])).timestamp() == 1_100_000_000.0
    assert later.split(b"\r\n")[1:] == raw.split(b"\r\n")[1:]
    assert later.count(b"\r\nDate: ") == raw.count(b"\r\nDate: ")


def test_a_letter_need_not_tell_where_and_by_what_it_was_written() -> None:
    told = letter(SendOptions(), "hello")
    assert b"\r\nUser-Agent: Martlet\r\n" in told
    assert not date_line(told).endswith(b"-0000")
    hidden = letter(SendOptions(utc=True, agent=False), "hello")
    assert b"user-agent" not in hidden.lower()
    assert date_line(hidden).endswith(b"-0000")
    assert read(hidden)["Date"].datetime.timestamp() == read(told)["Date"].datetime.timestamp()
    # One that waited for its time hides it as before
    assert date_line(dated(hidden, 1_100_000_000.0)) == b"Date: Tue, 09 Nov 2004 11:33:20 -0000"
    assert not date_line(dated(told, 1_100_000_000.0)).endswith(b"-0000")
    on = resent(told, ADA, [BRUNO], "<r@example.org>", 1_100_000_000.0, utc=True)
    assert on.startswith(b"Resent-Date: Tue, 09 Nov 2004 11:33:20 -0000\r\n")


def date_line(raw: bytes) -> bytes:
    return next(line for line in raw.split(b"\r\n") if line.startswith(b"Date: "))


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (b"To: x\r\nDate: o\r\n ld\r\nCc:\r\n\r\nDate: b", b"To: x\r\nDATE\r\nCc:\r\n\r\nDate: b"),
        (b"Subject: x\r\n\r\nDate: b", b"DATE\r\nSubject: x\r\n\r\nDate: b"),
        (b"date : old", b"DATE\r\n"),
        (b"\r\nDate: b", b"DATE\r\n\r\nDate: b"),
        (b"", b"DATE\r\n"),
    ],
)  # fmt: skip
def test_the_date_is_found_in_the_head_alone(raw: bytes, wanted: bytes) -> None:
    got = dated(raw, 0.0)
    line = next(one for one in got.split(b"\r\n") if one.startswith(b"Date: ") and b"19" in one)
    assert got == wanted.replace(b"DATE", line)


SIGNED = (
    b"DKIM-Signature: v=1; b=abc\r\nFrom: c@example.net\r\nBcc: secret@example.org,\r\n"
    b" more@example.org\r\nTo: ada@example.org\r\nSubject:  odd   spaces \r\n\r\nBcc: in text\r\n"
)


def test_mail_sent_on_is_as_it_was_but_for_who_sent_it_and_bcc() -> None:
    got = resent(SIGNED, ADA, [BRUNO, Address("Zoë", "zoe@example.org")], "<r@example.org>", 0.0)
    at = got.index(b"DKIM-Signature")
    before = read(got[:at] + b"\r\n")
    assert list(before) == [
        "Resent-Date", "Resent-From", "Resent-To", "Resent-Message-ID",
    ]  # fmt: skip
    assert [one.addr_spec for one in before["Resent-To"].addresses] == [
        "bruno@example.org", "zoe@example.org",
    ]  # fmt: skip
    bcc = b"Bcc: secret@example.org,\r\n more@example.org\r\n"
    assert got[at:] == SIGNED.replace(bcc, b"")


@given(st.binary(max_size=400), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_sent_on_the_fields_before_it_are_ours(
    raw: bytes, name: str, address: str
) -> None:
    got = resent(raw, Address(name, "ada@example.org"), [Address(name, address)], "<r@x>", 0.0)
    lines = got.split(b"\r\n")
    named = [line for line in lines[:12] if line.startswith(b"Resent-")]
    assert [line.split(b":")[0] for line in named[:4]] == [
        b"Resent-Date", b"Resent-From", b"Resent-To", b"Resent-Message-ID",
    ]  # fmt: skip


def test_an_address_that_no_ascii_can_say_is_sent_on_to_in_utf8() -> None:
    got = resent(SIGNED, ADA, [Address("", "grüße@example.org")], "<r@example.org>", 0.0)
    assert "Resent-To: grüße@example.org\r\n".encode() in got
