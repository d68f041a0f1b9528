"""A letter edited as new asks for what it asked for before."""

from __future__ import annotations

import io

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, Priority, SendOptions
from martlet.mime.headers import parse_headers
from martlet.mime.parse import parse
from martlet.mime.writing import compose
from martlet.mime.writing.options import options_of
from martlet.mime.writing.reply import edit

ASKED = SendOptions(
    receipt=True,
    priority=Priority.HIGH,
    headers=(("X-Project", "湖边 – phase 2"), ("Organization", "Sailing club")),
)
ADA = Address("Ada", "ada@example.org")


def built() -> bytes:
    draft = Draft(DraftId(0), AccountId(1), (ADA,), subject="Again", text="Hi", options=ASKED)
    return b"".join(
        compose.pieces(
            draft, ADA, "<a@example.org>", 1_790_000_000.0, lambda _part: io.BytesIO(), False
        )
    )


def test_what_was_asked_for_is_asked_for_again() -> None:
    draft, _files = edit(parse(built()), AccountId(1), own=True)
    assert draft.options == ASKED


def test_fields_of_other_programs_and_servers_are_not_the_writers() -> None:
    others = b"X-Spam-Score: 3\r\nX-Mozilla-Keys: x\r\nSubject: a\r\n\r\n"
    assert options_of(parse_headers(others)).headers == ()
    assert options_of(parse_headers(b"User-Agent: Other\r\n" + others)).headers == ()
    strange, _files = edit(parse(built()), AccountId(1), own=False)
    assert strange.options == SendOptions()
