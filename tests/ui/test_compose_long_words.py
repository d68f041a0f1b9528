"""Words of thousands of characters: they never make the editor stand still, and are never lost."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from martlet.link.messages import AttachBytes
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.markup.lines import Line, Run
from martlet.ui.compose.markup.long_words import LONGEST, MOST, broken, broken_lines, has_long_word
from martlet.ui.compose.text.editor import BodyEditor
from ui import hands_desk as desk
from ui.compose_fakes import FakeLink

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LONG = "W" * (3 * LONGEST + 5)
TEXTS = st.lists(
    st.sampled_from(["a", " ", "W" * 4000, "W" * 12_000, "\n", "字" * 11_000, "> "]), max_size=9
)


@settings(max_examples=40)
@given(TEXTS)
def test_nothing_is_lost_and_nothing_is_long(pieces: list[str]) -> None:
    text = "".join(pieces)
    made = broken(text)
    assert not has_long_word(made)
    assert "".join(made.replace(">", "").split()) == "".join(text.replace(">", "").split())


@settings(max_examples=40)
@given(TEXTS, st.booleans())
def test_nor_in_lines_of_runs(pieces: list[str], last: bool) -> None:
    runs = tuple(Run(each.replace("\n", ""), bold=n % 2 == 0) for n, each in enumerate(pieces))
    line = Line(tuple(run for run in runs if run.text), quote=1)
    made = broken_lines([line, Line((Run("x"),))] if last else [line])
    assert not any(has_long_word(each.text) for each in made)
    assert "".join(each.text for each in made) == line.text + ("x" if last else "")
    assert all(each.quote == 1 for each in made[: len(made) - last])


def test_short_ones_are_left_alone() -> None:
    text = f"{'w' * LONGEST} {'w' * LONGEST}\n{'字' * 50_000}"
    assert broken(text) == text


@pytest.mark.parametrize("rich", [True, False])
def test_a_hostile_quotation_stays_one(qtbot: QtBot, rich: bool) -> None:
    editor = BodyEditor()
    qtbot.addWidget(editor)
    if rich:
        editor.load_html(f"<blockquote type=cite><div>{LONG}</div></blockquote>")
        assert [(len(line.text), line.quote) for line in editor.taken.lines()] == [
            (LONGEST, 1), (LONGEST, 1), (LONGEST, 1), (5, 1),
        ]  # fmt: skip
    else:
        editor.load_text(f"hi\n>> {LONG}")
        lines = editor.text().split("\n")
        assert lines[0] == "hi"
        assert all(line.startswith(">> WWWWW") for line in lines[1:])
        assert len(lines) == 5


def answer(window: ComposeWindow, words: str) -> None:
    box = window.hands.long_paste.question
    assert box is not None
    next(b for b in box.findChildren(QPushButton) if b.text() == words).click()


@pytest.mark.parametrize("how", ["paste", "plain", "quotation"])
def test_pasted_it_is_asked_about(qtbot: QtBot, how: str) -> None:
    window = desk.window(qtbot, "<p>a</p>")
    link = cast("FakeLink", window._link)
    data = QMimeData()
    data.setText(LONG)
    data.setHtml(f"<p>{LONG}</p>")

    def paste() -> None:
        if how == "paste":
            window.editor.insertFromMimeData(data)
            return
        QGuiApplication.clipboard().setText(LONG)
        (window.hands.pasting.plain if how == "plain" else window.hands.pasting.quotation)()

    paste()
    assert "W" not in window.editor.text()
    answer(window, "Attach it as a file")
    (asked,) = link.of(AttachBytes)
    assert (asked.name, asked.data) == ("text.txt", LONG.encode())
    paste()
    answer(window, "Put it in")
    assert window.editor.text().count("W") == len(LONG)
    assert not has_long_word(window.editor.text())
    window.editor.undo()
    assert "W" not in window.editor.text()


def test_more_than_a_letter_can_hold_is_not_cut_silently(qtbot: QtBot) -> None:
    window = desk.window(qtbot, "<p>a</p>")
    QGuiApplication.clipboard().setText("word " * (MOST // 5 + 1))
    window.hands.pasting.plain()
    box = window.hands.long_paste.question
    assert box is not None
    offered = {button.text() for button in box.findChildren(QPushButton)}
    assert offered == {"Attach it as a file", "Leave it out"}
    answer(window, "Leave it out")
    assert window.editor.text().strip() == "a"
