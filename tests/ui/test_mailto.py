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
    return from_mailto(QUrl(link), AccountId(1)).draft


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


@pytest.mark.parametrize(
    ("rest", "lines", "size"),
    [
        ("body=" + "a%0A" * 300_000, 2000, 3999),
        ("body=" + "a%0D%0A" * 30_000, 2000, 3999),
        ("body=" + "A" * 300_000, 1, 64_000),
        ("body=" + "%E5%A5%BD" * 100_000, 1, 64_000),
        ("&body=x" * 60_000, 2000, 3999),
    ],
    ids=["lines", "their ends", "letters", "Chinese", "fields"],
)
def test_a_long_text_is_cut_and_that_is_said(rest: str, lines: int, size: int) -> None:
    linked = from_mailto(QUrl(f"mailto:a@x.org?{rest}"), AccountId(1))
    assert (linked.draft.text.count("\n") + 1, len(linked.draft.text)) == (lines, size)
    assert linked.cut
    assert "cut" in linked.remark()


@pytest.mark.parametrize("field", ["", "?to=", "?cc=", "?bcc="])
@pytest.mark.parametrize("between", [",", "%20", "%3B"])
def test_of_very_many_people_the_first_are_taken(field: str, between: str) -> None:
    people = between.join(f"p{n}@x.org" for n in range(20_000))
    linked = from_mailto(QUrl(f"mailto:{field}{people}"), AccountId(1))
    draft = linked.draft
    assert mails(draft.to + draft.cc + draft.bcc) == [f"p{n}@x.org" for n in range(500)]
    assert linked.cut


@pytest.mark.parametrize("field", ["", "?subject=S&to=", "?cc=", "?bcc="])
def test_where_it_is_cut_no_half_address_is_taken(field: str) -> None:
    people = [f"p{n}@{'x' * 60}.{'y' * 60}.{'z' * 60}.org" for n in range(10_000)]
    linked = from_mailto(QUrl(f"mailto:{field}{','.join(people)}"), AccountId(1))
    found = mails(linked.draft.to + linked.draft.cc + linked.draft.bcc)
    assert found == people[: len(found)]
    assert len(found) > 200


def test_where_the_whole_link_is_cut_no_half_address_is_taken() -> None:
    subject = "?subject=" + "S" * (640_000 - 30)
    link = f"mailto:{subject}&to=a@x.org,b@{'x' * 60}.example.org"
    assert mails(from_mailto(QUrl(link), AccountId(1)).draft.to) == ["a@x.org"]


def test_a_long_subject_is_cut() -> None:
    linked = from_mailto(QUrl("mailto:a@x.org?subject=" + "S" * 200_000), AccountId(1))
    assert (linked.draft.subject, linked.cut) == ("S" * 998, True)


def test_most_links_need_no_remark() -> None:
    linked = from_mailto(QUrl("mailto:a@x.org?cc=b@x.org&subject=S&body=B%0A"), AccountId(1))
    assert (linked.cut, linked.remark(), linked.draft.text) == (False, "", "B\n")


def test_who_gets_a_hidden_copy_is_said() -> None:
    linked = from_mailto(QUrl("mailto:a@x.org?bcc=spy@x.org"), AccountId(1))
    assert "hidden copy" in linked.remark()
    assert mails(linked.draft.bcc) == ["spy@x.org"]


def test_the_text_is_what_it_looks_like() -> None:
    draft = read("mailto:a@x.org?body=a%C2%85b%E2%80%AEc%E2%80%8B%09d%E2%81%A6%20%20e%E2%80%A8f%07")
    assert draft.text == "a\nbc\td  e\nf"
    family = "👩\u200d👧"
    assert read(f"mailto:a@x.org?body={family}").text == family


def test_a_name_hides_no_address() -> None:
    assert read("mailto:?to=%22boss@x.org%22%20%3Ceve@x.org%3E").to == (Address("", "eve@x.org"),)


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
