"""Whatever a letter holds: it comes back from HTML and from the editor as it went."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from PySide6.QtGui import QColor, QTextCursor, QTextDocument
from pytestqt.qtbot import QtBot

from martlet.ui.compose.markup.lines import Line
from martlet.ui.compose.markup.read_html import read_html
from martlet.ui.compose.markup.settle import settled
from martlet.ui.compose.markup.write_html import write_html
from martlet.ui.compose.markup.write_text import write_text
from martlet.ui.compose.text.document import block_format, insert_lines, lines_of
from ui.support.letter_lines import PICTURE, letters


def _known(content_id: str) -> bool:
    return content_id == PICTURE


@given(letters())
@settings(max_examples=200)
def test_lines_settle_once(lines: list[Line]) -> None:
    once = settled(lines)
    assert settled(once) == once


@given(letters())
@settings(max_examples=250)
def test_html_gives_back_the_lines(lines: list[Line]) -> None:
    once = settled(lines)
    written = write_html(once)
    # HTML has no letter without a line.
    assert settled(read_html(written, _known)) == once
    assert write_html(read_html(written, _known)) == written


@given(letters())
@settings(max_examples=200)
def test_any_letter_is_text(lines: list[Line]) -> None:
    text = write_text(lines)
    text.encode()
    assert "\x00" not in text


@given(letters())
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_editor_gives_back_the_lines(qtbot: QtBot, lines: list[Line]) -> None:
    once = settled(lines) or [Line()]
    document = QTextDocument()
    cursor = QTextCursor(document)
    cursor.setBlockFormat(block_format())
    insert_lines(cursor, once, QColor("#0000ee"), 560)
    assert lines_of(document) == once
