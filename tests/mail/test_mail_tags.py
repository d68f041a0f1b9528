"""Tags in any script become ASCII keywords, and are shown as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet.mail import tags


@pytest.mark.parametrize(
    ("tag", "keyword"),
    [
        ("重要", "&kc2JgQ-"),
        ("срочно", "&BEEEQAQ+BEcEPQQ+-"),
        ("R&D重要", "R&-D&kc2JgQ-"),
        ("urgent", "urgent"),
        ("R&D", "R&D"),
        ("$Forwarded", "$Forwarded"),
    ],
)
def test_known_ones(tag: str, keyword: str) -> None:
    assert tags.keyword(tag) == keyword
    assert tags.shown(keyword) == tag


@pytest.mark.parametrize(
    "keyword", ["&kc2jgq-x&", "&-", "R&-D", "&AGE-", "&A-", "&2AA-", "&IAo-", "&kc2jgq-"]
)
def test_what_may_not_be_coded_is_shown_as_it_is(keyword: str) -> None:
    assert tags.shown(keyword) == keyword


@pytest.mark.parametrize("tag", ["", "two words", "a*", "ä\u3000ö", "重\n", "(x", "\ud800"])
def test_what_cannot_be_a_tag(tag: str) -> None:
    assert not tags.is_possible(tag)


@given(st.text(max_size=20))
def test_any_tag_is_an_atom(text: str) -> None:
    tags.shown(text)
    if tags.is_possible(text):
        keyword = tags.keyword(text)
        assert keyword.isascii()
        assert tags.is_possible(keyword)
        assert tags.keyword(tags.shown(keyword)) == keyword
