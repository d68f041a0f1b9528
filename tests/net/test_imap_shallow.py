"""The quick ways through an answer read the same as the slow ones."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from martlet.net import imap_cursor
from martlet.net.imap_fetch import parse_date
from martlet.net.imap_wire import Fetch, Parser

ATOMS = st.sampled_from(
    [b"NIL", b"1", b"text", b'"x"', b'"a \\" ) ("', b'"\\\\"', b"\\Seen", b'""']
)
LISTS = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=5).map(lambda v: b"(" + b" ".join(v) + b")")
)
ITEMS = st.sampled_from(
    [
        b"UID 7",
        b"FLAGS (\\Seen $Forwarded)",
        b"RFC822.SIZE 99",
        b'INTERNALDATE "17-Jul-1996 02:44:25 -0700"',
        b"MODSEQ (624140003)",
    ]
)


@given(LISTS)
def test_a_structure_ends_where_its_parentheses_say(value: bytes) -> None:
    text = b"(" + value + b" NIL) UID 7)\r\n"
    cursor = imap_cursor.Cursor(text, 0, ())
    found = cursor.structure()
    slow = imap_cursor.Cursor(text, 0, ())
    slow.skip()
    assert cursor.at == slow.at
    assert found is not None
    assert found.text == text[: slow.at]


@given(st.lists(ITEMS, unique=True, min_size=1), st.booleans())
def test_the_usual_items_in_any_order(items: list[bytes], lower: bool) -> None:
    text = b" ".join(items)
    if lower:
        text = re.sub(rb"[A-Z0-9.]+(?= )", lambda m: m[0].lower(), text, count=1)
    parser = Parser()
    parser.feed(b'* 3 FETCH (%s BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 1 1))\r\n' % text)
    answer = parser.next()
    assert isinstance(answer, Fetch)
    assert answer.structure is not None
    assert answer.uid == (7 if b"UID 7" in items else 0)
    assert answer.size == (99 if b"RFC822.SIZE 99" in items else 0)
    assert (answer.flags is None) == (ITEMS_FLAGS not in items)
    assert answer.modseq == (624140003 if b"MODSEQ (624140003)" in items else 0)
    assert bool(answer.date) == any(item.startswith(b"INTERNALDATE") for item in items)


ITEMS_FLAGS = b"FLAGS (\\Seen $Forwarded)"


def test_dates_in_all_zones() -> None:
    assert parse_date(b"17-Jul-1996 02:44:25 -0700") == 837596665.0
    assert parse_date(b" 1-jan-1970 00:00:00 +0000") == 0.0
    assert parse_date(b"29-Feb-2024 23:59:60 +0530") == 1709231399.0
    for wrong in (b"30-Feb-2024 00:00:00 +0000", b"1-Foo-2024 00:00:00 +0000", b"", b"1-Jan-2024"):
        assert parse_date(wrong) == 0.0
