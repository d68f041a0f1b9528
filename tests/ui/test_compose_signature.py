"""Where a signature stands: for any letter, without and with Qt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QTextCursor, QTextDocument

from martlet.mail.identity import Signature
from martlet.mail.outgoing import OutgoingPart
from martlet.mime.html_text import to_text
from martlet.ui.compose.markup.lines import Line, Run, read_text
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.signing.signature import (
    find,
    has_mark,
    own_is_blank,
    place,
    sign,
    signature_lines,
    swap,
    wrapped,
)
from martlet.ui.compose.text.document import insert_lines, lines_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
BLUE = QColor("#0000ff")

texts = st.sampled_from(["", "Hello", "> quoted", ">> twice", "Anna wrote:", "名前は：", "-- "])
rich = st.builds(
    lambda text, quote: Line((Run(text),) if text else (), quote=quote),
    texts,
    st.integers(0, 2),
)
letters = st.lists(rich, min_size=1, max_size=12)


def plain(text: str) -> tuple[Line, ...]:
    return signature_lines(Signature(text=text), rich=False)


LOGO = OutgoingPart("logo.png", "image/png", 9, "blob", "logo@martlet")
RICH = Signature(
    "",
    "Tom\nThe shop",
    '<div><b>Tom</b> <a href="https://shop.example/">shop</a></div><ul><li>a</li><li>b</li></ul>'
    '<div><img src="cid:logo@martlet" alt="Logo" width="20"></div>',
    (LOGO,),
)
LIST = Signature("", "one", "<ol><li>one</li></ol>")
signatures = st.sampled_from(
    [
        *map(plain, ["Tom", "The shop\n小店", "a\n\nb", ""]),
        signature_lines(RICH, rich=True),
        signature_lines(LIST, rich=True, mark=False),
    ]
)


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
    assert [line.text for line in plain("Tom\n")] == ["-- ", "Tom"]
    assert plain(" \n") == ()
    assert [line.text for line in signature_lines(RICH, rich=False)] == ["-- ", "Tom", "The shop"]
    assert signature_lines(RICH, rich=True, mark=False)[0].runs[0].bold
    assert has_mark(lines("a\n-- \nTom"))
    assert not has_mark(read_text("> -- \n> Tom"))
    assert find(lines("a\n--\xa0\nTom"), plain("Tom")) == 1
    assert own_is_blank(lines("\n\n-- \nTom"), plain("Tom"))
    assert not own_is_blank(lines("\n\n-- \nTom"), plain("Anna"))


@given(letters)
def test_a_place_is_always_inside(written: list[Line]) -> None:
    assert 0 <= place(written) <= len(written)


@pytest.mark.usefixtures("qapp")
@given(letters, signatures)
def test_what_was_signed_is_found_and_nothing_else_changes(
    written: list[Line], signature: tuple[Line, ...]
) -> None:
    made = document(written)
    before = [(line.text, line.quote) for line in lines_of(made) if not line.blank]
    first = sign(made, signature, BLUE, 500)
    after = lines_of(made)
    if not signature:
        assert first is None
        return
    assert first is not None
    words = signature
    assert find(after, words) is not None
    assert find(after[first:], words) == 0
    assert all(not line.quote for line in after[first : first + len(words)])
    assert after[first - 1].blank
    rest = [*after[:first], *after[first + len(words) :]]
    assert [(line.text, line.quote) for line in rest if not line.blank] == before


@pytest.mark.usefixtures("qapp")
@given(letters.filter(lambda written: not has_mark(written)), signatures, signatures)
def test_a_swap_leaves_what_signing_so_would_have_made(
    written: list[Line], old: tuple[Line, ...], new: tuple[Line, ...]
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
    assert find(read_html(written), plain("Tom")) == 2
    assert write_text(read_html(written)) == "Hello\n\n-- \nTom"


@pytest.mark.usefixtures("qapp")
def test_a_swap_can_be_undone_and_what_was_changed_by_hand_is_left() -> None:
    old, new = signature_lines(RICH, rich=True), plain("Anna")
    made = document(lines("Hello"))
    sign(made, old, BLUE, 500)
    before = lines_of(made)
    assert swap(made, old, new, BLUE, 500)
    assert find(lines_of(made), new) is not None
    made.undo()
    assert lines_of(made) == before
    cursor = QTextCursor(made.findBlockByNumber(4))
    cursor.insertText("x")
    changed = lines_of(made)
    assert not swap(made, old, new, BLUE, 500)
    assert lines_of(made) == changed


@pytest.mark.usefixtures("qapp")
def test_a_look_changed_by_hand_is_a_change_too() -> None:
    old = signature_lines(RICH, rich=True)
    made = document(lines("Hello"))
    first = sign(made, old, BLUE, 500)
    assert first is not None
    cursor = QTextCursor(made.findBlockByNumber(first + 1))
    cursor.movePosition(QTextCursor.MoveOperation.NextWord, QTextCursor.MoveMode.KeepAnchor)
    bold = cursor.charFormat()
    bold.setFontItalic(True)
    cursor.mergeCharFormat(bold)
    assert find(lines_of(made), old) is None


@pytest.mark.usefixtures("qapp")
def test_one_stands_under_what_is_quoted_when_that_is_wanted() -> None:
    made = document(read_text("\n\nAnna wrote:\n> a\n> b\n"))
    sign(made, plain("Tom"), BLUE, 500, below=True)
    texts = [line.text for line in lines_of(made)]
    assert texts == ["", "", "Anna wrote:", "a", "b", "", "-- ", "Tom"]


@pytest.mark.usefixtures("qapp")
@given(letters.filter(lambda written: not has_mark(written)), signatures)
def test_the_box_for_other_programs_changes_nothing(
    written: list[Line], signature: tuple[Line, ...]
) -> None:
    made = document(written)
    sign(made, signature, BLUE, 500)
    markup = write_html(lines_of(made))
    boxed = wrapped(markup, signature)
    assert boxed.replace('<div class="moz-signature">', "", 1).replace("</div>", "") == (
        markup.replace("</div>", "")
    )
    assert ("moz-signature" in boxed) == bool(signature)
    known = {LOGO.content_id}.__contains__
    assert read_html(boxed, known) == read_html(markup, known)
