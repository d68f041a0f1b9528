"""Who answers: the identity written to, plus forms, catch-all names, lists; who is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.engine.identities import answering, check, chosen, mine, written_to
from martlet.mail.account import Account, AccountId
from martlet.mail.errors import Refused
from martlet.mail.identity import Identity
from martlet.mail.message import Address
from martlet.mail.sender import identity_of, without_plus
from martlet.mime.headers import parse_headers

ADA = Account(
    AccountId(1),
    "home",
    "ada@example.org",
    "Ada",
    reply_to="list@example.org",
    identities=(
        Identity(1, "sales@shop.example", "The Shop", "answers@shop.example"),
        Identity(2, "ada@Work.example", "Lovelace"),
    ),
)
CATCH = replace(ADA, catch_all=True)
OTHER = Account(AccountId(2), "other", "ada@other.example")


def answer(account: Account, **fields: str) -> str:
    block = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return str(answering(account, parse_headers(block.encode())))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"To": "ada@example.org"}, "Ada <ada@example.org>"),
        ({"To": "Sales@Shop.Example"}, "The Shop <sales@shop.example>"),
        ({"To": "x@y.example", "Cc": "ada@work.example"}, "Lovelace <ada@Work.example>"),
        ({"To": "ada+shop@example.org"}, "Ada <ada+shop@example.org>"),
        ({"To": "sales+7@shop.example"}, "The Shop <sales+7@shop.example>"),
        # Both were written to: the first counts.
        (
            {"To": "x@y.example, sales@shop.example, ada@example.org"},
            "The Shop <sales@shop.example>",
        ),
        # A list, or a blind copy: who it was delivered to.
        (
            {"To": "all@list.example", "Delivered-To": "sales@shop.example"},
            "The Shop <sales@shop.example>",
        ),
        (
            {"To": "all@list.example", "X-Original-To": "ada+l@example.org"},
            "Ada <ada+l@example.org>",
        ),
        ({"Envelope-To": "sales@shop.example"}, "The Shop <sales@shop.example>"),
        # Nothing says it.
        ({"To": "all@list.example"}, "Ada <ada@example.org>"),
        ({}, "Ada <ada@example.org>"),
        ({"To": "undisclosed-recipients:;"}, "Ada <ada@example.org>"),
        # My own letter, answered again.
        ({"From": "sales@shop.example", "To": "ada@example.org"}, "The Shop <sales@shop.example>"),
        # Not at my domain's word: without catch-all a name there is somebody else.
        ({"To": "bob@example.org"}, "Ada <ada@example.org>"),
    ],
)
def test_who_answers(fields: dict[str, str], expected: str) -> None:
    assert answer(ADA, **fields) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"To": "shop@example.org", "Delivered-To": "ada@example.org"}, "Ada <shop@example.org>"),
        ({"To": "x@y.example", "X-Original-To": "Shop@Example.ORG"}, "Ada <Shop@Example.ORG>"),
        ({"To": "shop@example.org, sales@shop.example"}, "The Shop <sales@shop.example>"),
        ({"To": "shop@shop.example"}, "Ada <ada@example.org>"),
        ({"From": "bob@example.org", "To": "ada@example.org"}, "Ada <ada@example.org>"),
    ],
)
def test_who_answers_for_a_whole_domain(fields: dict[str, str], expected: str) -> None:
    assert answer(CATCH, **fields) == expected


def test_my_own_letter_from_a_caught_name_is_answered_from_it() -> None:
    head = parse_headers(b"From: shop@example.org\r\nTo: bob@x.example\r\n")
    assert str(answering(CATCH, head, own=True)) == "Ada <shop@example.org>"
    assert str(answering(CATCH, head)) == "Ada <ada@example.org>"
    assert "shop@example.org" in {a.address for a in mine([CATCH], CATCH, head, own=True)}


def test_a_domain_is_the_same_in_both_its_forms() -> None:
    account = replace(ADA, identities=(Identity(1, "ada@münchen.example", "Lovelace"),))
    assert answer(account, To="ada@xn--mnchen-3ya.example") == "Lovelace <ada@münchen.example>"
    assert answer(account, To="ada@MÜNCHEN.example") == "Lovelace <ada@münchen.example>"
    assert answer(account, To="ada+x@xn--mnchen-3ya.example").endswith("+x@xn--mnchen-3ya.example>")


def test_who_answers_of_several_accounts_with_one_inbox() -> None:
    def by(text: str) -> str:
        return written_to([OTHER, ADA], parse_headers(text.encode())).name

    assert by("To: ada@example.org\r\n") == "home"
    assert by("To: list@x.example\r\nDelivered-To: ada@example.org\r\n") == "home"
    assert by("To: ada@other.example, ada@example.org\r\n") == "other"
    assert by("To: list@x.example\r\n") == "other"


def left_out(account: Account, text: str) -> set[str]:
    head = parse_headers(text.encode())
    return {one.address.casefold() for one in mine([account, OTHER], account, head)}


OWN = {"ada@example.org", "sales@shop.example", "ada@work.example", "ada@other.example"}


def test_every_address_of_mine_is_left_out() -> None:
    text = "From: b@x.example\r\nTo: ada+a@example.org, b@y.example\r\nCc: Sales+1@shop.example\r\n"
    assert left_out(ADA, text) == OWN | {"ada+a@example.org", "sales+1@shop.example"}


def test_colleagues_at_my_domain_are_not_left_out() -> None:
    text = "From: bob@x.example\r\nTo: shop@example.org, eve@example.org\r\n"
    assert left_out(CATCH, text) == OWN | {"shop@example.org"}


def test_mail_from_my_other_account_is_answered_to_it() -> None:
    text = "From: ada@other.example\r\nTo: ada@example.org\r\n"
    assert left_out(ADA, text) == OWN - {"ada@other.example"}


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (None, ("Ada <ada@example.org>", 0, "list@example.org")),
        ("SALES@shop.example", ("SALES@shop.example", 1, "answers@shop.example")),
        ("sales+x@shop.example", ("sales+x@shop.example", 1, "answers@shop.example")),
        ("ada@work.example", ("ada@work.example", 2, "")),
        ("new@nowhere.example", ("new@nowhere.example", 0, "")),
    ],
)
def test_whose_way_a_letter_goes(sender: str | None, expected: tuple[str, int, str]) -> None:
    address = Address("", sender) if sender else None
    found, identity, reply_to = chosen(ADA, address)
    assert (str(found), identity, reply_to) == expected


def test_a_caught_name_does_not_tell_what_is_behind_it() -> None:
    assert chosen(CATCH, Address("", "shop@example.org"))[2] == ""
    assert chosen(CATCH, Address("", "ada+x@example.org"))[2] == "list@example.org"


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("a+b@x.example", "a@x.example"),
        ("a+b+c@x.example", "a@x.example"),
        ("+b@x.example", "+b@x.example"),
        ("a@x.example", "a@x.example"),
        ("a+b", "a+b"),
        ("", ""),
    ],
)
def test_without_plus(address: str, plain: str) -> None:
    assert without_plus(address) == plain


@given(st.text(max_size=30), st.booleans())
def test_any_address(address: str, catch_all: bool) -> None:
    found = identity_of(replace(ADA, catch_all=catch_all), address)
    assert found is None or "@" in address


@given(st.binary(max_size=200))
def test_any_headers(block: bytes) -> None:
    headers = parse_headers(b"To: " + block)
    assert "@" in answering(CATCH, headers).address
    assert mine([ADA, OTHER], CATCH, headers)


def test_an_address_is_one_identitys_in_whatever_form() -> None:
    both = (Identity(1, "a@münchen.example"), Identity(2, "A@xn--mnchen-3ya.example"))
    with pytest.raises(Refused, match="there twice"):
        check(replace(ADA, identities=both))
