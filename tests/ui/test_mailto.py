"""A letter as a link describes it: what a page may put into it, and what not."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft
from martlet.mime.writing.compose import build
from martlet.ui.mailto import from_mailto

ME = Address("", "me@example.org")


def read(link: str) -> Draft:
    return from_mailto(QUrl(link), AccountId(1))


def mails(people: tuple[Address, ...]) -> list[str]:
    return [each.address for each in people]


def test_what_a_link_says() -> None:
    draft = read(
        "mailto:a@x.org,%E5%BC%A0@x.org?CC=c@x.org&bcc=d+e@x.org&to=t@x.org"
        "&subject=1%2B1%20%E5%A5%BD&body=Hi%0D%0Athere&attach=/etc/passwd&from=eve@x.org"
    )
    assert mails(draft.to) == ["a@x.org", "张@x.org", "t@x.org"]
    assert (mails(draft.cc), mails(draft.bcc)) == (["c@x.org"], ["d+e@x.org"])
    assert (draft.subject, draft.text) == ("1+1 好", "Hi\nthere")
    assert (draft.parts, draft.sender, draft.options.headers) == ((), None, ())


@pytest.mark.parametrize(
    "link",
    [
        "mailto:a@x.org%0D%0ABcc:%20eve@x.org",
        "mailto:a@x.org%00",
        "mailto:?to=a@x.org%0ABcc:eve@x.org",
        "mailto:?cc=a%E2%80%AE@x.org",
    ],
)
def test_addresses_with_line_ends_or_unseen_characters_are_left_out(link: str) -> None:
    draft = read(link)
    assert (draft.to, draft.cc, draft.bcc) == ((), (), ())


def test_nothing_of_it_is_filled_in() -> None:
    draft = read("mailto:a@x.org?subject=%7B%7Bme.name%7D%7D&body=%7B%7Bto.name%7D%7D%00%1B")
    assert "{{" not in draft.subject + draft.text
    assert not set(draft.text) & set("\0\x1b")


@given(st.text(alphabet='ab@x.org%0DA:&?=,+bcctobodysubject<>"é\r\n ', max_size=80))
def test_no_header_can_be_broken_into(rest: str) -> None:
    draft = read(f"mailto:{rest}")
    raw = build(draft, ME, "<1@example.org>", 1.8e9, lambda _part: b"", True)
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.count(b"\n") == head.count(b"\r\n")
    parsed = email.message_from_bytes(raw, policy=email.policy.SMTP)
    names = {name.lower() for name, _ in parsed.items()}
    known = "date from to cc bcc subject message-id mime-version user-agent content-type"
    assert names <= {*known.split(), "content-transfer-encoding"}
