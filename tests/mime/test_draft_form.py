"""Drafts as messages: what was written is read again; what others wrote does no harm."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, DraftKind, Priority, SendOptions
from martlet.mail.own_headers import MOST, refusal
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.writing.draft_form import draft_message_id, draft_pieces, with_fields

ADA = Address("Ada", "ada@example.org")
PLAIN = Draft(DraftId(0), AccountId(1), key="k" * 24, updated=1_700_000_000.0)
NOW = 1_700_000_000.0
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
OPTIONS = st.builds(
    SendOptions,
    dsn=st.booleans(),
    require_tls=st.booleans(),
    receipt=st.booleans(),
    priority=st.sampled_from(Priority),
    headers=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
)


def built(draft: Draft, source: str = "") -> bytes:
    message_id = draft_message_id(draft.key, ADA.address)
    made = draft_pieces(draft, ADA, message_id, lambda part: io.BytesIO(), "", source)
    return b"".join(made)


@given(
    options=OPTIONS,
    kind=st.sampled_from(DraftKind),
    send_at=st.floats(0, NOW + 3e8),
    source=st.sampled_from(["", "<a@example.org>"]),
    subject=WORDS,
)
def test_what_no_standard_field_says_is_read_again(
    options: SendOptions, kind: DraftKind, send_at: float, source: str, subject: str
) -> None:
    draft = replace(PLAIN, options=options, kind=kind, send_at=send_at, subject=subject)
    raw = built(draft, source)
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) <= 998
    read, about = with_fields(PLAIN, parse_headers(raw), NOW)
    good = tuple(one for one in options.headers if not refusal(*one))
    assert (read.key, read.kind) == (draft.key, kind)
    assert read.options == replace(options, headers=good)
    assert (read.send_at, about) == (send_at, source)


def test_each_copy_has_a_name_of_its_own() -> None:
    first, second = (envelope(parse_headers(built(PLAIN))).message_id for _ in range(2))
    assert first != second
    assert first.startswith(f"<{PLAIN.key}.")
    assert first.endswith("@example.org>")


def test_nobody_to_write_to_is_no_group() -> None:
    assert b"undisclosed" not in built(PLAIN)


@given(st.binary(max_size=400), st.binary(max_size=400))
@example(b"x" * 24, b"bm8=")
@example(b"a b", b"eyJvcHRpb25zIjp7ImRzbiI6NX19")
def test_fields_that_others_wrote_do_no_harm(key: bytes, info: bytes) -> None:
    raw = b"X-Martlet-Draft-Id: " + key + b"\r\nX-Martlet-Draft-Info: " + info + b"\r\n\r\n"
    read, _ = with_fields(replace(PLAIN, key=""), parse_headers(raw), NOW)
    assert read.key == "" or read.key.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=80))
def test_any_address_has_a_domain_to_name_copies_by(address: str) -> None:
    assert draft_message_id("k" * 24, address).isascii()


def forged(info: object, more: bytes = b"") -> Draft:
    packed = base64.b64encode(msgspec.json.encode(info))
    raw = more + b"X-Martlet-Draft-Id: " + b"z" * 24 + b"\r\nX-Martlet-Draft-Info: " + packed
    return with_fields(replace(PLAIN, key=""), parse_headers(raw + b"\r\n\r\n"), NOW)[0]


@pytest.mark.parametrize("send_at", [4e12, 1e308, -1.0, -1e308])
def test_no_draft_waits_for_a_time_that_never_comes(send_at: float) -> None:
    assert forged({"send_at": send_at}).send_at == 0


def test_header_fields_that_nobody_could_type_are_left_out() -> None:
    headers = [["X-Mine", "a"], ["Bcc", "e@example.org"], ["X-B", ""], ["To", "e@example.org"]]
    assert forged({"options": {"headers": headers}}).options.headers == (("X-Mine", "a"),)
    many = [[f"X-{n}", "a"] for n in range(MOST + 5)]
    assert len(forged({"options": {"headers": many}}).options.headers) == MOST


@pytest.mark.parametrize("field", [b"Received: from e", b"Return-Path: <e@x>", b"Delivered-To: a"])
def test_mail_put_among_the_drafts_does_not_say_how_it_goes_out(field: bytes) -> None:
    info = {"send_at": NOW + 60, "options": {"receipt": True, "headers": [["X-Mine", "a"]]}}
    stranger = b"\r\nBcc: e@example.org\r\nReply-To: e@example.org\r\n"
    read = forged(info, field + stranger)
    assert (read.send_at, read.options, read.reply_to) == (0, SendOptions(), ())
    assert (read.key, read.bcc) == ("", ())
