"""Where a signature stands: for any letter, without and with Qt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QTextCursor, QTextDocument

from martlet.mime.html_text import to_text
from martlet.ui.compose.document import insert_lines, lines_of
from martlet.ui.compose.lines import Line, Run, read_text, write_html, write_text
from martlet.ui.compose.read_html import read_html
from martlet.ui.compose.signature import (
    find,
    has_mark,
    own_is_blank,
    place,
    sign,
    signature_lines,
    swap,
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
BLUE = QColor("#0000ff")

texts = st.sampled_from(["", "Hello", "> quoted", ">> twice", "Anna wrote:", "名前は：", "-- "])
rich = st.builds(
    lambda text, quote: Line((Run(text),) if text else (), quote=quote),
    texts,
    st.integers(0, 2),
)
letters = st.lists(rich, min_size=1, max_size=12)
signatures = st.sampled_from(["Tom", "The shop\n小店", "a\n\nb", ""])


def lines(text: str) -> list[Line]:
    return [Line((Run(each),) if each else ()) for each in text.split("\n")]


def document(written: list[Line]) -> QTextDocument:
    made = QTextDocument()
    insert_lines(QTextCursor(made), written, BLUE, 500)
    return made


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 1),
        ("Hello", 1),
        ("\n\nAnna wrote:\n> a\n> b\n", 2),
        ("Yes.\n\n> a", 2),
        ("Anna wrote:\n> a\n\n", 4),
        ("> a\nYes.\n> b\nNo.", 4),
        ("\n-------- Forwarded message --------\n> a", 1),
        ("-------- Forwarded message --------", 0),
        ("Hi\n\nAnna wrote:\n> a\n\n> b", 2),
    ],
)
def test_its_place(text: str, at: int) -> None:
    assert place(lines(text)) == at


def test_the_mark_and_empty_ones() -> None:
    assert signature_lines("Tom\n") == ("-- ", "Tom")
    assert signature_lines(" \n") == ()
    assert has_mark(lines("a\n-- \nTom"))
    assert not has_mark(read_text("> -- \n> Tom"))
    assert find(lines("a\n--\xa0\nTom"), "Tom") == 1
    assert own_is_blank(lines("\n\n-- \nTom"), "Tom")
    assert not own_is_blank(lines("\n\n-- \nTom"), "Anna")


@given(letters)
def test_a_place_is_always_inside(written: list[Line]) -> None:
    assert 0 <= place(written) <= len(written)


@pytest.mark.usefixtures("qapp")
@given(letters, signatures)
def test_what_was_signed_is_found_and_nothing_else_changes(
    written: list[Line], signature: str
) -> None:
    made = document(written)
    before = [(line.text, line.quote) for line in lines_of(made) if not line.blank]
    first = sign(made, signature, BLUE, 500)
    after = lines_of(made)
    if not signature:
        assert first is None
        return
    assert first is not None
    words = signature_lines(signature)
    assert tuple(line.text for line in after[first : first + len(words)]) == words
    assert all(not line.quote for line in after[first : first + len(words)])
    assert after[first - 1].blank
    rest = [*after[:first], *after[first + len(words) :]]
    assert [(line.text, line.quote) for line in rest if not line.blank] == before


@pytest.mark.usefixtures("qapp")
@given(letters.filter(lambda written: not has_mark(written)), signatures, signatures)
def test_a_swap_leaves_what_signing_so_would_have_made(
    written: list[Line], old: str, new: str
) -> None:
    made, wanted = document(written), document(written)
    sign(made, old, BLUE, 500)
    swap(made, old, new, BLUE, 500)
    sign(wanted, new, BLUE, 500)

    def said(of: QTextDocument) -> list[tuple[str, int]]:
        return [(line.text, line.quote) for line in lines_of(of) if not line.blank]

    assert said(made) == said(wanted)


def test_the_mark_keeps_its_space_on_the_way_through_html() -> None:
    written = write_html(lines("Hello\n\n-- \nTom"))
    assert to_text(written) == "Hello\n\n-- \nTom"
    assert find(read_html(written), "Tom") == 2
    assert write_text(read_html(written)) == "Hello\n\n-- \nTom"
