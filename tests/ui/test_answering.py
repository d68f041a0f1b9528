"""Which answers make sense for a message, before it is asked for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.rendered import Rendered
from martlet.ui.answering import has_others, takes_list_mail
from ui.compose_fakes import account

HEAD = Envelope("x", Address("A", "anna@x.org"), (), (), (), (), 1.0, "<m@x>")
ME = [account(1, "Work", "me@example.org"), account(2, "Home", "Also@example.org")]


def people(*addresses: str) -> tuple[Address, ...]:
    return tuple(Address("", one) for one in addresses)


@pytest.mark.parametrize(
    ("head", "others"),
    [
        (replace(HEAD, to=people("me@example.org")), False),
        (replace(HEAD, to=people("Me@Example.org"), cc=people("also@example.org")), False),
        (replace(HEAD, to=people("me@example.org", "bob@x.org")), True),
        (replace(HEAD, to=people("me@example.org"), cc=people("bob@x.org")), True),
        (replace(HEAD, to=people("me@example.org"), reply_to=people("list@x.org")), True),
        (replace(HEAD, to=people("me@example.org"), cc=people("ANNA@x.org")), False),
        (replace(HEAD, sender=Address("", "me@example.org"), to=people("a@x.org")), False),
    ],
)
def test_others(head: Envelope, others: bool) -> None:
    assert has_others(head, ME) is others


def test_what_is_not_known_may_be_anything() -> None:
    assert has_others(None, ME)
    assert takes_list_mail(None)
    assert takes_list_mail(Rendered(MessageId(1), HEAD))


@pytest.mark.parametrize(
    ("fields", "takes"),
    [
        ((("List-Post", "<mailto:l@x.org>"),), True),
        ((("LIST-POST", "NO"),), False),
        ((("List-Post", "NO"), ("X-Mailing-List", "l@x.org")), False),
        ((("X-Mailing-List", "l@x.org"),), True),
        ((("Subject", "List-Post: <mailto:l@x.org>"),), False),
    ],
)
def test_lists(fields: tuple[tuple[str, str], ...], takes: bool) -> None:
    assert takes_list_mail(Rendered(MessageId(1), HEAD, headers=fields)) is takes
