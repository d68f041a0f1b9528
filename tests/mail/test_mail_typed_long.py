"""Long lists of recipients: nothing is dropped, and each entry is there before the next is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType

import pytest

from martlet.mail.typed import Typed, parse_typed, read_typed

MANY = 20_000


def costs(text: str) -> Iterator[tuple[Typed, int]]:
    """Each entry, and how many functions were called for it."""
    calls = 0

    def called(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    entries = read_typed(text)
    while True:
        before, calls = sys.getprofile(), 0
        sys.setprofile(called)
        try:
            entry = next(entries, None)
        finally:
            sys.setprofile(before)
        if entry is None:
            return
        yield entry, calls


@pytest.mark.parametrize(
    ("form", "between"),
    [
        ("p{n}@x.org", " "),
        ("Anna Berg p{n}@x.org", " "),
        ("p{n}@x.org Anna Berg", " "),
        ("p{n}@x.org and", " "),
        ("Anna Berg <p{n}@x.org>", " "),
        ("<p{n}@x.org>", ""),
        ("Anna", ","),
        ("Project:", ""),
        ("a@@x.org b", " "),
        ("BEGIN:VCARD\nFN:Anna\nEMAIL:p{n}@x.org\nEND:VCARD", "\n"),
    ],
)
def test_no_entry_waits_for_all_others(form: str, between: str) -> None:
    text = between.join(form.format(n=n) for n in range(MANY))
    found = list(costs(text))
    assert len(found) >= MANY / 50
    assert max(cost for _, cost in found) < MANY


def test_one_card_that_does_not_end_is_read_in_slices() -> None:
    found = list(costs("BEGIN:VCARD\n" + "EMAIL:a@x.org\n" * MANY))
    assert found
    assert max(cost for _, cost in found) < MANY


@pytest.mark.parametrize(
    "form", ["p{n}@x.org", "Anna Berg p{n}@x.org", "p{n}@x.org Anna Berg", "Anna Berg <p{n}@x.org>"]
)
def test_all_of_very_many_in_one_line_are_there(form: str) -> None:
    found = parse_typed(" ".join(form.format(n=n) for n in range(3000)))
    assert [one.address.address for one in found] == [f"p{n}@x.org" for n in range(3000)]
    assert {one.address.name for one in found} == {"Anna Berg" if "Anna" in form else ""}


def test_remarks_behind_very_many_are_nobody() -> None:
    found = parse_typed(" ".join(f"Anna <p{n}@x.org>" for n in range(3000)) + " (at work)")
    assert len(found) == 3000


def test_cards_with_photos_are_read_to_the_end() -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join(["QUJD" * 18] * 700) + "=\r\n"
    card = "BEGIN:VCARD\r\n{photo}FN:P{n}\r\nEMAIL:p{n}@x.org\r\nEND:VCARD\r\n"
    cards = "".join(card.format(photo=photo, n=n) for n in range(250))
    assert len(cards) > 12_000_000
    found = parse_typed(cards)
    assert [one.address.address for one in found] == [f"p{n}@x.org" for n in range(250)]


def test_what_a_note_of_a_card_says_is_no_address_of_it() -> None:
    note = "NOTE;ENCODING=QUOTED-PRINTABLE:write to=0D=0A=\r\nEMAIL:eve@x.org\r\n"
    [one] = parse_typed(f"BEGIN:VCARD\r\n{note}FN:Anna\r\nEMAIL:a@x.org\r\nEND:VCARD\r\n")
    assert (one.address.name, one.address.address) == ("Anna", "a@x.org")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Project:", ["Project:"]),
        ("Project:;", ["Project:"]),
        ("a:b:c:", ["a:", "b:", "c:"]),
        ("Meeting 10:30", ["Meeting 10:30"]),
        ("http://x.org/y", ["http://x.org/y"]),
        ("Team:\nAnna", ["Team:", "Anna"]),
        ("Anna a@x.org Bo b@", ["Anna a@x.org", "Bo b@"]),
        ("b@ Bo a@x.org Anna", ["b@ Bo", "a@x.org Anna"]),
        ("项目：", ["项目："]),
    ],
)
def test_what_is_nobody_is_shown(text: str, written: list[str]) -> None:
    assert [one.written for one in parse_typed(text)] == written
    assert not all(one.valid for one in parse_typed(text))


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Team:\na@x.org\nb@x.org", ["a@x.org", "b@x.org"]),
        ("To: Berg, Anna <a@x.org>", ['"Berg, Anna" <a@x.org>']),
        ("To: Team: a@x.org\nCc:\nBcc:", ["a@x.org"]),
        ("undisclosed-recipients:;", []),
        ("Team: a@x.org, b@x.org;", ["a@x.org", "b@x.org"]),
    ],
)
def test_a_label_of_people_is_nobody(text: str, people: list[str]) -> None:
    assert [str(one.address) for one in parse_typed(text)] == people
