"""Typed and pasted address lists, hosts; words that promise an attachment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.letter import own_text, promises_attachment
from martlet.mail.message import Address
from martlet.mail.typed import is_address, is_host, parse_typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anna@example.org", [("", "anna@example.org")]),
        ("Anna Berg <anna@example.org>", [("Anna Berg", "anna@example.org")]),
        ('"Berg, Anna" <anna@example.org>', [("Berg, Anna", "anna@example.org")]),
        ("Berg, Anna <anna@example.org>", [("Berg, Anna", "anna@example.org")]),
        ("anna@example.org (Anna Berg)", [("Anna Berg", "anna@example.org")]),
        ("Anna Berg anna@example.org", [("Anna Berg", "anna@example.org")]),
        ("mailto:anna@example.org?subject=x", [("", "anna@example.org")]),
        ("a@x.org; b@x.org,c@x.org\nd@x.org", [("", f"{c}@x.org") for c in "abcd"]),
        ("a@x.org b@x.org", [("", "a@x.org"), ("", "b@x.org")]),
        ("王小明 <w@163.com>，李雷<l@qq.com>、", [("王小明", "w@163.com"), ("李雷", "l@qq.com")]),
        ("O'Brien <o@x.org>, Tom <t@x.org", [("O'Brien", "o@x.org"), ("Tom", "t@x.org")]),
        (' , ;; "Anna <a@x.org>', [('"Anna', "a@x.org")]),
    ],
)
def test_lists_as_people_paste_them(text: str, expected: list[tuple[str, str]]) -> None:
    entries = parse_typed(text)
    assert [(e.address.name, e.address.address) for e in entries] == expected
    assert all(e.valid for e in entries)


@pytest.mark.parametrize(
    "text",
    ["anna", "anna@", "@example.org", "anna@@example.org", "anna@gmail", "a b@c d", "a@b..c"],
)
def test_what_cannot_be_an_address_is_kept_and_marked(text: str) -> None:
    entries = parse_typed(text)
    assert entries
    assert not all(entry.valid for entry in entries)


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for entry in parse_typed(text):
        assert isinstance(entry.address, Address)
        if entry.valid:
            assert not set(entry.address.address) & set("\r\n\0<>,")


@pytest.mark.parametrize(
    "text",
    ["a@localhost", "jörg@müller.example", '"a b"@x.org', "a+b@x.co.uk", "x@[192.0.2.1]",
     "用户@例子.公司"],
)  # fmt: skip
def test_right_addresses(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["mail.example.org", "localhost", "192.0.2.7", "::1", "例子.公司"])
def test_right_hosts(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize(
    "text", ["", "a b", "http://x.org", "x..org", "-x.org", "1.2.3", "x_.org-"]
)
def test_wrong_hosts(text: str) -> None:
    assert not is_host(text)


@pytest.mark.parametrize(
    "text",
    ["Please find attached the figures.", "Im Anhang die Zahlen.", "anbei das Angebot",
     "请见附件。", "詳見附檔"],
)  # fmt: skip
def test_promises(text: str) -> None:
    assert promises_attachment(text)


@pytest.mark.parametrize(
    "text",
    ["I am fond of you.", "Yes.\n\nAnna wrote:\n> see the attachment", "Hi\n-- \nattached to none"],
)
def test_no_promise(text: str) -> None:
    assert not promises_attachment(text)


def test_own_text_leaves_quotes_and_their_announcement_out() -> None:
    text = "Hello\n\nOn Monday Anna wrote:\n> hi\n\nyes\n-- \nTom"
    assert own_text(text).split() == ["Hello", "yes"]
