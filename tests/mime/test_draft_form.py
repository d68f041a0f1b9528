"""Drafts as messages: what was written is read again; what others wrote does no harm."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, DraftKind, Priority, SendOptions
from martlet.mime.draft_form import draft_message_id, draft_pieces, with_fields
from martlet.mime.headers import envelope, parse_headers

ADA = Address("Ada", "ada@example.org")
PLAIN = Draft(DraftId(0), AccountId(1), key="k" * 24, updated=1_700_000_000.0)
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
    send_at=st.floats(0, 4e9),
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
    read, about = with_fields(PLAIN, parse_headers(raw))
    assert (read.key, read.options, read.kind) == (draft.key, options, kind)
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
    read, _ = with_fields(replace(PLAIN, key=""), parse_headers(raw))
    assert read.key == "" or read.key.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=80))
def test_any_address_has_a_domain_to_name_copies_by(address: str) -> None:
    assert draft_message_id("k" * 24, address).isascii()
