"""Flags folded, packed and spelt; words for the index."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.mail.message import SEEN
from martlet.store.fold import fold, has_tokens, normal, pack, tokens, unpack

flags = st.frozensets(st.sampled_from(["\\Seen", "\\Flagged", "paid", "$Junk", "später"]))
changes = st.lists(st.tuples(flags, flags))


@given(server=flags, pending=changes)
def test_the_last_change_of_a_flag_wins(
    server: frozenset[str], pending: list[tuple[frozenset[str], frozenset[str]]]
) -> None:
    result = fold(server, pending)
    for flag in ("\\Seen", "\\Flagged", "paid"):
        touching = [add for add, remove in pending if flag in add | remove]
        assert (flag in result) == (flag in touching[-1] if touching else flag in server)


@given(server=flags, pending=changes)
def test_folding_again_changes_nothing(
    server: frozenset[str], pending: list[tuple[frozenset[str], frozenset[str]]]
) -> None:
    once = fold(server, pending)
    assert fold(once, pending) == once
    half = len(pending) // 2
    assert fold(fold(server, pending[:half]), pending[half:]) == once


@given(st.frozensets(st.text()))
def test_flags_survive_being_packed(any_flags: frozenset[str]) -> None:
    usable = normal(any_flags)
    assert unpack(pack(usable)) == usable
    assert normal(usable) == usable


def test_flags_are_spelt_as_usual() -> None:
    assert normal(["\\SEEN", "\\recent", "Paid", "two words", ""]) == {SEEN, "Paid"}


def test_cjk_characters_stand_alone() -> None:
    assert tokens("Straße 12").split() == ["Straße", "12"]
    assert tokens("日本語2024年").split() == ["日", "本", "語", "2024", "年"]
    assert tokens("カナと한글𠀀x").split() == ["カ", "ナ", "と", "한", "글", "𠀀", "x"]


@given(st.text())
def test_tokens_lose_nothing(text: str) -> None:
    assert tokens(text).replace(" ", "") == text.replace(" ", "")
    has_tokens(text)
