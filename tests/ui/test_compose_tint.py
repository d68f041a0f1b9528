"""How a letter's colours are shown: readable on every page, and sent as they were chosen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from martlet.ui import theme
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.compose.text.tint import contrast, readable

_colours = st.integers(0, 0xFFFFFF).map(lambda rgb: QColor(f"#{rgb:06x}"))


@given(_colours, _colours)
def test_any_colour_becomes_readable_on_any_paper(ink: QColor, paper: QColor) -> None:
    assert contrast(readable(ink, paper), paper) >= 4.4


def test_a_colour_that_can_be_read_stays() -> None:
    assert readable(QColor("#8b0000"), QColor("#ffffff")) == QColor("#8b0000")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explicit_colours_are_tinted_and_sent_as_chosen(qtbot: QtBot, scheme: str) -> None:
    theme.choose(scheme)
    editor = BodyEditor()
    qtbot.addWidget(editor)
    markup = '<div>usual <span style="color:#000080">navy</span></div>'
    editor.load_html(markup)
    editor.resize(400, 300)
    editor.show()
    editor.grab()
    shown = [form.format.foreground().color() for form in
             editor.document().firstBlock().layout().formats()]  # fmt: skip
    page = QColor(theme.current().page)
    theme.choose("")
    assert bool(shown) == (scheme == "dark")
    assert all(contrast(colour, page) >= 4.4 for colour in shown)
    assert editor.html() == markup
    assert not editor.document().isModified()


def test_quotes_step_back_and_nothing_counts_as_changed(qtbot: QtBot) -> None:
    editor = BodyEditor()
    qtbot.addWidget(editor)
    editor.load_html("<blockquote type=cite><div>theirs</div></blockquote><div>mine</div>")
    changes: list[None] = []
    editor.textChanged.connect(lambda: changes.append(None))
    editor.resize(400, 300)
    editor.show()
    editor.grab()
    first = editor.document().firstBlock()
    (form,) = first.layout().formats()
    assert form.format.foreground().color() == QColor(theme.current().text2)
    assert not first.next().layout().formats()
    assert not changes
