"""Windows that look inside a message: source, all headers, structure; and hostile amounts of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.reading import PartNode
from martlet.ui.inside.headers_window import HeadersWindow
from martlet.ui.inside.source_window import FIRST, SourceWindow
from martlet.ui.inside.structure_window import StructureWindow
from martlet.ui.inside.text_window import TextWindow
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
LETTER = b"Subject: Hello\r\nFrom: a@example.org\r\n\r\nTo: nobody\r\nHello, hello\r\n"
TREE = PartNode(
    "",
    "multipart/mixed",
    children=(
        PartNode("1", "text/plain", size=11, charset="utf-8", encoding="8bit"),
        PartNode(
            "2",
            "message/rfc822",
            "letter.eml",
            900,
            children=(PartNode("2.1", "text/plain", size=5),),
        ),
        PartNode("3", "application/pdf", "报告.pdf", 5_000_000, "base64"),
    ),
)


def opened(qtbot: QtBot, window: QWidget) -> None:
    # The bot holds it weakly, and nobody else does.
    qtbot.addWidget(window, before_close_func=lambda _widget: window.hide())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()


def is_bold(window: TextWindow, line: int) -> bool:
    cursor = QTextCursor(window.text.document().findBlockByNumber(line))
    cursor.movePosition(QTextCursor.MoveOperation.Right)
    return cursor.charFormat().fontWeight() == 600


def test_the_source_is_shown_searched_wrapped_and_saved(qtbot: QtBot) -> None:
    saved: list[bytes] = []
    window = SourceWindow("Hello", LETTER, lambda raw, _window: saved.append(raw))
    opened(qtbot, window)
    assert window.text.toPlainText() == LETTER.decode().replace("\r\n", "\n")
    assert is_bold(window, 0)
    assert not is_bold(window, 3)
    assert window.more.isHidden()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(window.finding.field, "hello")
    assert window.text.textCursor().selectionStart() == 9
    QTest.keyClick(window.finding.field, Qt.Key.Key_Return)
    assert window.text.textCursor().blockNumber() == 4
    QTest.keyClick(window.finding.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.text.textCursor().blockNumber() == 0
    QTest.keyClick(window.finding.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert window.text.textCursor().blockNumber() == 4
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    QTest.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(window.wrap.isChecked)  # as a button it is seen to go down first
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert saved == [LETTER]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_of_a_large_source_more_is_shown_when_asked_for(qtbot: QtBot) -> None:
    raw = LETTER + b"".join(b"line %d\r\n" % n for n in range(200_000))
    window = SourceWindow("Large", raw, lambda _raw, _window: None)
    opened(qtbot, window)
    shown = window.text.toPlainText()
    assert len(shown) <= FIRST
    assert "Save it to see all" in window.note.text()
    steps = 0
    while window.more.isVisible():
        QTest.mouseClick(window.more, Qt.MouseButton.LeftButton)
        steps += 1
    assert 1 < steps < 40
    assert window.text.toPlainText() == raw.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "raw", [b"x" * 30_000_000, b"\n" * 5_000_000, b"", b"\xff\xfe\x00" * 200_000]
)
def test_any_source_can_be_looked_at(qtbot: QtBot, raw: bytes) -> None:
    window = SourceWindow("", raw, lambda _raw, _window: None)
    opened(qtbot, window)
    assert len(window.text.toPlainText()) < 3_000_000
    assert window.text.document().blockCount() < 20_000


def test_all_headers_are_told_and_can_be_copied(qtbot: QtBot) -> None:
    headers = (("Received", "from a.example by b.example; Mon, 1 Jan 2029 00:00:00 +0000"),) * 2
    window = HeadersWindow("Hello", (*headers, ("Subject", "关于")))
    opened(qtbot, window)
    text = window.text.toPlainText()
    assert text.count("    by b.example") == 2
    assert text.endswith("Subject: 关于")
    assert "3 headers" in window.note.text()
    window.copy.click()
    assert QApplication.clipboard().text() == text


def test_the_structure_opens_saves_and_shows_what_is_chosen(qtbot: QtBot) -> None:
    window = StructureWindow("Hello", TREE)
    opened(qtbot, window)
    assert not window.save_button.isEnabled()
    assert window.choose("3")
    assert not window.choose("9")
    assert window.open_button.isEnabled()
    assert not window.show_button.isEnabled()
    with qtbot.waitSignal(window.save_wanted) as wanted:
        QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert wanted.args is not None
    assert wanted.args[0].filename == "报告.pdf"
    assert wanted.args[0].part == "3"
    QTest.keyClick(window.tree, Qt.Key.Key_Up)
    QTest.keyClick(window.tree, Qt.Key.Key_Up)
    assert window.show_button.isEnabled()
    with qtbot.waitSignal(window.message_wanted) as wanted:
        QTest.keyClick(window.tree, Qt.Key.Key_Return)
    assert wanted.args == ["2"]
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_ten_thousand_parts_and_a_thousand_levels(qtbot: QtBot) -> None:
    wide = PartNode("", "multipart/mixed", children=(PartNode("1", "text/plain"),) * 10_000)
    window = StructureWindow("Wide", wide)
    opened(qtbot, window)
    top = window.tree.topLevelItem(0)
    assert top is not None
    assert top.childCount() == 1999
    deep = PartNode("1", "text/plain")
    for _ in range(900):
        deep = PartNode("1", "multipart/mixed", children=(deep,))
    opened(qtbot, StructureWindow("Deep", deep))


def test_names_of_parts_are_bounded(qtbot: QtBot) -> None:
    window = StructureWindow("x" * 9000, PartNode("1", "text/plain", "n" * 10_000))
    opened(qtbot, window)
    assert len(window.windowTitle()) < 120
    item = window.tree.topLevelItem(0)
    assert item is not None
    assert len(item.text(1)) <= 120
