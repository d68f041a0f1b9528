"""A letter for each row: whom it is for, what stands in it, what is wrong with rows."""

from __future__ import annotations

import pytest

from martlet.mail.account import AccountId
from martlet.mail.merge import (
    Wrong,
    address_column,
    first_name,
    letter,
    problems,
    recipient,
    values_of,
)
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, SendOptions

ME = Address("Zoë Adler", "zoe@example.org")
TO = Address("", "everybody@example.org")


def draft(text: str = "", subject: str = "", html: str | None = None) -> Draft:
    return Draft(
        DraftId(7), AccountId(1), to=(TO,), cc=(TO,), bcc=(TO,), subject=subject, text=text,
        html=html, key="k",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Anna Berg", "Anna"), ("Berg, Anna Maria", "Anna"), ("Dr. Anna Berg", "Anna"),
        ("王小明", "王小明"), ("anna@example.org", ""), ("", ""),
        ("Prof.", "Prof."), ("Berg,", "Berg"),
    ],
)  # fmt: skip
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    ("row", "person"),
    [
        ({"e": "a@b.org", "Name": "Anna"}, Address("Anna", "a@b.org")),
        ({"e": "Berg <a@b.org>", "Name": "Anna"}, Address("Berg", "a@b.org")),
        (
            {"e": "a@b.org", "First name": "Anna", "Last name": "Berg"},
            Address("Anna Berg", "a@b.org"),
        ),
        ({"e": "a@b.org", "姓": "王", "名": "小明"}, Address("王小明", "a@b.org")),
        ({"e": "a@b.org, c@d.org"}, None),
        ({"e": "nobody"}, None),
        ({"e": ""}, None),
        ({}, None),
        ({"e": "a@b.org", "name": "A\r\nBcc: x@y.org"}, Address("A Bcc: x@y.org", "a@b.org")),
    ],
)
def test_whom_a_row_is_for(row: dict[str, str], person: Address | None) -> None:
    assert recipient(row, "e") == person


def test_the_column_of_addresses_is_guessed() -> None:
    rows = [{"Name": "A", "Boss": "x@y.org", "E-Mail": "a@b.org"}, {"E-Mail": "c@d.org"}]
    assert address_column(["Name", "Boss", "E-Mail"], rows) == "E-Mail"
    assert address_column(["邮箱", "x"], [{"邮箱": "", "x": ""}]) == "邮箱"
    assert address_column(["x", "y"], [{"x": "1", "y": "2"}]) == ""
    assert address_column([], []) == ""


def test_the_letter_of_a_row_is_for_that_one_alone() -> None:
    given = draft(
        "Dear {{to.first}}, {{sum}} of {{date}} {{me.name}}: {{subject}}", "For {{to.name}}"
    )
    row = {"mail": "a@b.org", "Name": "Anna Berg", "Sum": "5"}
    made = letter(given, row, "mail", ME, {"date": "today", "sum": "9"})
    assert made.to == (Address("Anna Berg", "a@b.org"),)
    assert (made.cc, made.bcc, made.id, made.key) == ((), (), 0, "")
    assert made.subject == "For Anna Berg"
    assert made.text == "Dear Anna, 5 of today Zoë Adler: For Anna Berg"


def test_own_headers_are_filled_in_on_one_line() -> None:
    given = Draft(DraftId(0), AccountId(1), options=SendOptions(headers=(("X-Id", "{{id}}"),)))
    made = letter(given, {"m": "a@b.org", "id": "1\r\nBcc: x@y.org"}, "m", ME, {})
    assert made.options.headers == (("X-Id", "1 Bcc: x@y.org"),)


def test_what_is_wrong_with_rows() -> None:
    given = draft("{{name}} {{sum|0}} {{me.name}}")
    rows = [
        {"m": "a@b.org", "name": "A"},
        {"m": "", "name": "B"},
        {"m": "nobody", "name": "C"},
        {"m": "A@B.org", "name": ""},
    ]
    found = [(one.row, one.wrong, one.said) for one in problems(given, rows, "m", ME, {})]
    assert found == [
        (1, Wrong.NO_ADDRESS, ""),
        (2, Wrong.BAD_ADDRESS, "nobody"),
        (3, Wrong.DUPLICATE, "A@B.org"),
        (3, Wrong.EMPTY_FIELD, "name"),
    ]


def test_values_of_a_letter_with_nobody_to_go_to() -> None:
    values = values_of(Draft(DraftId(0), AccountId(1), subject="{{to.name}}"), ME, {"Date": "d"})
    assert values["subject"] == "{{to.name}}"
    assert values["me.first"] == "Zoë"
    assert values["date"] == "d"
    assert "to.name" not in values
