"""Whom an answer goes to: lists, munged Reply-To, followups, oneself."""

from __future__ import annotations

import pytest

from martlet.mail.message import Address
from martlet.mail.writing import AnswerTo
from martlet.mime.headers import parse_headers
from martlet.mime.writing.answered import is_list_mail, is_lists_own, list_addresses, recipients

ME = (Address("", "me@example.org"), Address("", "Also.Me@example.org"))
HEAD = "From: Anna <anna@x.org>\nTo: me@example.org, Bob <bob@x.org>\nCc: carl@x.org\n"
LIST = HEAD + "List-Id: <l.x.org>\nList-Post: <mailto:l@x.org>\n"


def goes(head: str, to: AnswerTo) -> tuple[list[str], list[str]]:
    found = recipients(parse_headers(head.encode()), ME, to)
    return [a.address for a in found.to], [a.address for a in found.cc]


@pytest.mark.parametrize(
    ("head", "to", "people", "copies"),
    [
        (HEAD, AnswerTo.SENDER, ["anna@x.org"], []),
        (HEAD, AnswerTo.ALL, ["anna@x.org", "bob@x.org"], ["carl@x.org"]),
        (HEAD, AnswerTo.LIST, ["anna@x.org", "bob@x.org"], ["carl@x.org"]),
        (HEAD + "Reply-To: o@x.org\n", AnswerTo.SENDER, ["o@x.org"], []),
        (HEAD + "Reply-To: o@x.org\n", AnswerTo.ALL, ["o@x.org", "bob@x.org"], ["carl@x.org"]),
        (LIST, AnswerTo.LIST, ["l@x.org"], []),
        (LIST, AnswerTo.SENDER, ["anna@x.org"], []),
        # The list wrote Reply-To
        (LIST + "Reply-To: l@x.org\n", AnswerTo.SENDER, ["anna@x.org"], []),
        (LIST + "Reply-To: L@x.org, o@x.org\n", AnswerTo.SENDER, ["o@x.org"], []),
        (LIST + "Reply-To: l@x.org\n", AnswerTo.ALL, ["anna@x.org", "l@x.org", "bob@x.org"],
         ["carl@x.org"]),
        # The writer asks for something else
        (LIST + "Mail-Reply-To: p@x.org\nReply-To: l@x.org\n", AnswerTo.SENDER, ["p@x.org"], []),
        (LIST + "Mail-Followup-To: l@x.org, me@example.org\n", AnswerTo.ALL, ["l@x.org"], []),
        (LIST + "Mail-Followup-To: l@x.org, q@x.org\n", AnswerTo.LIST, ["l@x.org", "q@x.org"], []),
        # None of it where no list is: anybody could write the field
        (HEAD + "Mail-Followup-To: eve@evil.org\n", AnswerTo.ALL, ["anna@x.org", "bob@x.org"],
         ["carl@x.org"]),
        (HEAD + "Mail-Reply-To: eve@evil.org\n", AnswerTo.SENDER, ["anna@x.org"], []),
        (LIST + "Mail-Followup-To: eve@evil.org\n", AnswerTo.LIST, ["l@x.org"], []),
        # Oneself, by any of one's names
        ("From: also.me@example.org\nTo: bob@x.org\nCc: me@example.org, c@x.org\n", AnswerTo.ALL,
         ["bob@x.org"], ["c@x.org"]),
        ("From: me@example.org\nTo: me@example.org\n", AnswerTo.ALL, ["me@example.org"], []),
        ("From: anna@x.org\nTo: me@example.org\n", AnswerTo.ALL, ["anna@x.org"], []),
        ("To: me@example.org\nCc: c@x.org\n", AnswerTo.ALL, ["c@x.org"], []),
        ("Subject: nobody\n", AnswerTo.ALL, [], []),
    ],
)  # fmt: skip
def test_recipients(head: str, to: AnswerTo, people: list[str], copies: list[str]) -> None:
    assert goes(head, to) == (people, copies)


@pytest.mark.parametrize(
    ("fields", "addresses"),
    [
        ("List-Post: <mailto:l@x.org>\n", ["l@x.org"]),
        ("List-Post: NO (posting not allowed on this list)\n", []),
        ("List-Post: NO\nX-Mailing-List: <l@x.org>\n", []),
        ("List-Post: <https://x.org/post>, <mailto:l@x.org?subject=hi>\n", ["l@x.org"]),
        ("List-Post: <mailto:a@x.org>,\n <mailto:b@x.org>\n", ["a@x.org", "b@x.org"]),
        ("List-Post: <mailto:l%2Bx@x.org> (comment)\n", ["l+x@x.org"]),
        ("List-Post: <MAILTO:l@x.org%0ABcc:eve@evil.org>\n", ["l@x.orgBcc:eve@evil.org"]),
        ("X-Mailing-List: linux@x.org\n", ["linux@x.org"]),
        ("X-BeenThere: l@x.org\nList-Id: l\n", ["l@x.org"]),
        ("X-Loop: me@x.org\n", []),
        ("List-Id: <l.x.org>\n", []),
        ("List-Post: <mailto:" + "a" * 3_000_000 + "@x.org>\n", []),
    ],
)
def test_where_a_list_can_be_written_to(fields: str, addresses: list[str]) -> None:
    headers = parse_headers(fields.encode())
    found = [one.address for one in list_addresses(headers)]
    assert [one.replace("\n", "") for one in found] == addresses or "Bcc" in fields
    assert all("\n" not in one for one in found)


def test_what_comes_by_a_list() -> None:
    assert is_list_mail(parse_headers(b"List-Post: NO\n"))
    assert is_list_mail(parse_headers(b"List-Id: <x>\n"))
    assert not is_list_mail(parse_headers(b"From: a@x.org\n"))


@pytest.mark.parametrize(
    ("list_id", "post", "own"),
    [
        ("<l.x.org>", "l@x.org", True),
        ("L of X <l.lists.x.org>", "l@x.org", True),
        ("<l.googlegroups.com>", "l@googlegroups.com", True),
        ("", "l@x.org", True),
        ("<l.x.org>", "l@evil.org", False),
        ("<x.org>", "x.org@evil.org", False),
        ("<gmail.com>", "boss@gmail.com", False),
        ("", "boss@gmail.com", False),
        ("<l.x.org>", "l", False),
        ("<l.x.org>", "", False),
    ],
)
def test_whose_list_it_is(list_id: str, post: str, own: bool) -> None:
    head = HEAD + (f"List-Id: {list_id}\n" if list_id else "")
    assert is_lists_own(parse_headers(head.encode()), post) is own
