"""Plain text in its view: folding by link, bar and key, finding, copying, any size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QKeySequence, QTextCursor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.ui.text_view import TextView, selected
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
TAIL = "\n".join(f"> quoted line {n}" for n in range(23))
LETTER = f"Dear Ada,\nsee https://example.com/a.\n\n{TAIL}\n"


@pytest.fixture
def view(qtbot: QtBot) -> TextView:
    view = TextView()
    qtbot.addWidget(view)
    view.resize(700, 500)
    with qtbot.waitExposed(view):
        view.show()
    return view


def place_of(view: TextView, words: str) -> QPoint:
    cursor = view.document().find(words)
    assert not cursor.isNull(), words
    cursor.setPosition(cursor.selectionStart() + 2)
    return view.cursorRect(cursor).center()


def test_a_long_quoted_tail_is_unfolded_by_a_click_and_folded_by_its_bar(
    view: TextView, qtbot: QtBot
) -> None:
    view.show_text(LETTER)
    assert "Show 23 quoted lines" in view.toPlainText()
    assert "quoted line 7" not in view.toPlainText()
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(view.viewport(), left, pos=place_of(view, "Show 23 quoted lines"))
    assert "quoted line 22" in view.toPlainText()
    at = place_of(view, "quoted line 3")
    QTest.mouseClick(view.viewport(), left, pos=QPoint(3, at.y()))
    assert "quoted line 3" not in view.toPlainText()


def test_the_fold_is_reached_by_keys(view: TextView, qtbot: QtBot) -> None:
    view.show_text(f"Dear Ada,\n\n{TAIL}\n")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert "quoted line 22" in view.toPlainText()


def test_all_quotes_are_folded_and_unfolded(view: TextView) -> None:
    view.show_text("a\n> one\n> two\n\nb\n> three\n> four\n")
    assert "three" in view.toPlainText()
    assert view.toggle_quotes()
    assert "one" not in view.toPlainText()
    assert "three" not in view.toPlainText()
    assert view.toggle_quotes()
    assert "three" in view.toPlainText()
    view.show_text("nothing quoted")
    assert not view.toggle_quotes()


def test_words_in_a_folded_quote_are_found(view: TextView) -> None:
    view.show_text(LETTER)
    assert view.find_words("quoted line 9", True) == (1, 1)
    assert view.textCursor().selectedText() == "quoted line 9"


def test_all_that_is_found_is_marked(view: TextView) -> None:
    view.show_text("one tide, two tides\n\nthree tides\n")
    assert view.find_words("tide", True) == (1, 3)
    assert [mark.cursor.selectedText() for mark in view.extraSelections()] == ["tide"] * 3
    view.find_words("", True)
    assert not view.extraSelections()
    view.find_words("tide", True)
    view.show_text("another letter")
    assert not view.extraSelections()


def test_links_and_addresses_are_told_and_the_text_after_them_is_not(
    view: TextView, qtbot: QtBot
) -> None:
    view.show_text("见 https://example.cn/a）の後。\nwww.example.org, ada@example.org; x@y\n")
    targets = set(_targets(view)) - {""}
    assert targets == {
        "https://example.cn/a",
        "https://www.example.org",
        "mailto:ada@example.org",
    }
    with qtbot.waitSignal(view.link_clicked) as said:
        at = place_of(view, "ada@example.org")
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert said.args == [QUrl("mailto:ada@example.org")]


def _targets(view: TextView) -> Iterator[str]:
    cursor = QTextCursor(view.document())
    while cursor.movePosition(QTextCursor.MoveOperation.NextCharacter):
        yield cursor.charFormat().anchorHref()


def test_a_text_of_five_million_characters_is_laid_out_in_slices(
    view: TextView, qtbot: QtBot
) -> None:
    view.show_text("a word and another, and so on.\n" * 170_000)
    assert "a word" in view.toPlainText()
    assert view.unfinished
    qtbot.waitUntil(lambda: not view.unfinished)
    text = view.toPlainText()
    assert "Show more of this text" in text
    assert len(text) < 300_000
    view.moveCursor(QTextCursor.MoveOperation.End)
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=place_of(view, "Show more of this text"),
    )
    qtbot.waitUntil(lambda: not view.unfinished)
    assert len(view.toPlainText()) > 400_000


def test_one_line_of_megabytes_is_shown_in_pieces_and_copied_as_one(
    view: TextView, qtbot: QtBot
) -> None:
    view.show_text("漢字" * 30_000 + "\nsecond 😀 line")
    qtbot.waitUntil(lambda: not view.unfinished)
    view.selectAll()
    QTest.keySequence(view, QKeySequence.StandardKey.Copy)
    assert QApplication.clipboard().text() == "漢字" * 30_000 + "\nsecond 😀 line"
    cursor = view.document().find("😀")
    assert selected(cursor) == "😀"


def test_zoom_is_asked_for_by_the_wheel_and_changes_the_text(view: TextView, qtbot: QtBot) -> None:
    view.show_text("hello")
    before = view.document().size().height()
    view.zoom(2.0)
    assert view.document().size().height() > before
    event = QWheelEvent(
        QPointF(50, 50), QPointF(50, 50), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    with qtbot.waitSignal(view.zoom_wanted) as said:
        QApplication.sendEvent(view.viewport(), event)
    assert said.args == [1]


def test_from_right_to_left_bars_stand_on_the_right(view: TextView) -> None:
    view.show_text("שלום\n> שלום עולם\n> עוד שורה\n")
    block = view.document().findBlockByNumber(1)
    assert block.blockFormat().rightMargin() > 0
    assert block.blockFormat().leftMargin() == 0
