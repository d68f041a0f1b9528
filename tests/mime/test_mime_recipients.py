"""Whoever is typed as a recipient: no header can be broken into, and others read who it is."""

from __future__ import annotations

import email
import email.policy
import unicodedata
from email.headerregistry import AddressHeader

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.mail.typed import parse_typed
from martlet.mail.visible import visible
from martlet.mime.headers import envelope, parse_headers
from martlet.mime.writing.compose import build

ME = Address("Me", "me@example.org")
NASTY = st.text(
    st.sampled_from('ab@x.org<>,;:"\\()\r\n\t\0\x85\u2028\u202e\u200b\ud800é王 =?[]'), max_size=30
)
KNOWN = {
    "date", "from", "to", "cc", "bcc", "reply-to", "subject", "message-id", "mime-version",
    "user-agent", "content-type", "content-transfer-encoding",
}  # fmt: skip


def built(**lines: tuple[Address, ...]) -> bytes:
    draft = Draft(
        DraftId(0),
        AccountId(1),
        subject="Hi",
        text="Hi",
        to=lines.get("to", ()),
        cc=lines.get("cc", ()),
        bcc=lines.get("bcc", ()),
        reply_to=lines.get("reply_to", ()),
    )
    return build(draft, ME, "<1@example.org>", 1.8e9, lambda _part: b"", True)


@given(NASTY, NASTY, NASTY)
def test_nothing_gets_into_the_head(name: str, address: str, typed: str) -> None:
    read = tuple(entry.address for entry in parse_typed(typed))
    raw = built(
        to=(Address(name, address), *read),
        cc=(Address(address, f"{name}@example.org"),),
        bcc=read or (ME,),
        reply_to=(Address(name, f'"{address}"@example.org'),),
    )
    head, _, body = raw.partition(b"\r\n\r\n")
    assert body == b"Hi\r\n"
    assert b"\0" not in head
    assert head.count(b"\n") == head.count(b"\r\n") == head.count(b"\r")
    for parsed in (
        email.message_from_bytes(raw, policy=email.policy.compat32),
        email.message_from_bytes(raw, policy=email.policy.default),
    ):
        assert {key.lower() for key in parsed} <= KNOWN
        assert len(parsed.keys()) == len({key.lower() for key in parsed})
    for one in envelope(parse_headers(raw)).to:
        assert visible(one.name) == one.name
    for line in head.decode("utf-8").split("\r\n"):
        assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl") for c in line)
        assert "\u202e" not in line
        assert len(line.encode()) <= 998


@given(st.lists(st.tuples(st.text(max_size=20), st.from_regex(r"[a-z]{1,9}", fullmatch=True))))
def test_others_read_who_was_meant(people: list[tuple[str, str]]) -> None:
    entries = [
        entry.address
        for name, local in people
        for entry in parse_typed(str(Address(name, f"{local}@example.org")))
        if entry.valid
    ]
    raw = built(to=tuple(entries), cc=(ME,))
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    field = parsed["To"]
    read = [one.addr_spec for one in field.addresses] if isinstance(field, AddressHeader) else []
    assert read == [one.address for one in entries]


@pytest.mark.parametrize(
    "address",
    ["jürgen@example.org", "用户@例子.公司", "δοκιμή@example.org", "josé.p@x.example"],
)
def test_a_local_part_beyond_ascii_stands_as_it_is(address: str) -> None:
    raw = built(to=(Address("Jürgen 王", address),), cc=(Address("", "info@例子.公司"),))
    to = next(line for line in raw.split(b"\r\n") if address.split("@")[0].encode() in line)
    assert to.decode("utf-8").endswith(">")
    head = envelope(parse_headers(raw))
    assert head.to[0].name == "Jürgen 王"
    assert head.to[0].address.partition("@")[0] == address.partition("@")[0]
    assert b"info@xn--fsqu00a.xn--55qx5d" in raw
    read = email.message_from_string(raw.decode(), policy=email.policy.SMTPUTF8)["To"]
    assert [one.username for one in read.addresses] == [address.partition("@")[0]]


def test_a_domain_beyond_ascii_alone_needs_nothing_of_servers() -> None:
    assert built(to=(Address("", "info@bücher.example"),)).isascii()


def test_reply_to_is_the_drafts_before_the_identitys() -> None:
    draft = Draft(DraftId(0), AccountId(1), to=(ME,), reply_to=(Address("A", "a@x.org"),))
    raw = build(draft, ME, "<1@example.org>", 1.8e9, lambda _part: b"", False, "own@x.org")
    assert b"Reply-To: A <a@x.org>\r\n" in raw
    assert b"own@" not in raw
