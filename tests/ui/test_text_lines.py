"""Lines of a plain text: what is quoted, folded, shaped, a signature; any text is read quickly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from martlet.ui.text_lines import (
    LONGEST,
    Fold,
    folded_at_first,
    quotes,
    rows,
    run,
    visible,
)


def test_quotes_have_a_level_and_lose_their_marks() -> None:
    found = rows("me\n> you\n>> they\n> > they too\n>>> all\nme again")
    assert [(row.level, row.text) for row in found] == [
        (0, "me"),
        (1, "you"),
        (2, "they"),
        (2, "they too"),
        (3, "all"),
        (0, "me again"),
    ]
    assert list(quotes(found)) == [Fold(1, 4, 1)]
    assert run(found, 3, 2) == Fold(2, 4, 2)
    assert run(found, 3, 3) is None
    assert run(found, 0, 1) is None


def test_the_long_quote_below_an_answer_is_folded_and_what_is_answered_is_not() -> None:
    tail = "\n".join(f"> line {n}" for n in range(8))
    found = rows(f"Yes.\n\n> one?\n> two?\n\nBoth.\n\n{tail}\n-- \nAda")
    folds = folded_at_first(found)
    assert [(fold.lines, fold.level) for fold in folds] == [(8, 1)]
    shown = list(visible(found, folds))
    assert sum(isinstance(each, Fold) for each in shown) == 1
    assert len(shown) == len(found) - 7


def test_a_text_that_is_only_passed_on_stays_open() -> None:
    assert not folded_at_first(rows("\n".join(f"> line {n}" for n in range(50))))


def test_tables_and_code_keep_their_shape_and_prose_does_not() -> None:
    table = "turn      p50     p99\nbefore    4.1      38\nafter     3.9       9"
    prose = "One sentence.  And another.\nThis is prose."
    found = rows(f"{prose}\n\n{table}\n")
    assert [row.shaped for row in found] == [False, False, False, True, True, True]
    assert "before    4.1      38" in [row.text for row in found]
    code = rows("if a:\n    b()\n    c()\n    d()")
    assert all(row.shaped for row in code)


def test_what_is_no_text_is_left_out() -> None:
    assert [row.text for row in rows("a\x00b\x1b[1m\u2028c\x07")] == ["ab[1m c"]


def test_a_line_of_megabytes_comes_in_pieces() -> None:
    found = rows("x" * 3_000_000)
    assert all(len(row.text) <= LONGEST for row in found)
    assert [row.goes_on for row in found] == [False] + [True] * (len(found) - 1)
    assert "".join(row.text for row in found) == "x" * 3_000_000


def test_many_short_lines_of_many_levels_are_read_in_a_bound() -> None:
    text = "\n".join(f"{'>' * (n % 300)} word and word {n}" for n in range(40_000))
    assert len(rows(text)) <= 40_000


@given(st.text(alphabet=st.sampled_from("> ab-\n\t|é漢\u2028\x00"), max_size=300))
def test_any_text_is_rows_that_are_all_seen_once(text: str) -> None:
    found = rows(text)
    assert not any("\n" in row.text for row in found)
    shown: list[int] = []
    for each in visible(found, set(quotes(found))):
        shown += range(each.first, each.last + 1) if isinstance(each, Fold) else [each]
    assert shown == list(range(len(found)))
