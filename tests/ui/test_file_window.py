"""The window of one mail file: its inside by keys, an attached letter in its place, no letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from martlet.engine.one_file import OneFile
from martlet.link.local import LocalClient
from martlet.link.messages import Render
from martlet.mime.render import render
from martlet.ui import theme
from martlet.ui.file_window import FILE_MESSAGE, FileWindow
from martlet.ui.inside.headers_window import HeadersWindow
from martlet.ui.inside.source_window import SourceWindow
from martlet.ui.inside.structure_window import StructureWindow
from martlet.ui.link import EngineLink
from ui.compose_fakes import FakeLink
from ui.support.journey import activate, opened
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
_DIRECT = Qt.FindChildOption.FindDirectChildrenOnly
LETTER = b"""From: Mira Rossi <mira@example.com>
To: ada@example.org
Subject: Outside
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Words outside.
--b
Content-Type: message/rfc822

From: Bob <bob@example.com>
Subject: Inside
X-Inner: yes

Words inside.
--b--
"""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[FileWindow]:
    file = tmp_path / "letter.eml"
    file.write_bytes(LETTER)
    engine = OneFile(LETTER, tmp_path / "private")
    link = EngineLink(lambda: LocalClient(engine))
    window = FileWindow(link, file)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    yield window
    window.close()
    link.close()
    engine.close()


def press(qtbot: QtBot, window: FileWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    activate(qtbot, window)
    QTest.keyClick(window, key, held)


def text(window: FileWindow) -> str:
    return window.pane.rendered.text if window.pane.rendered is not None else ""


def test_its_inside_is_looked_at_by_keys(qtbot: QtBot, window: FileWindow) -> None:
    press(qtbot, window, Qt.Key.Key_U, CTRL)
    assert "Words inside." in opened(qtbot, SourceWindow).text.toPlainText()
    press(qtbot, window, Qt.Key.Key_U, CTRL | SHIFT)
    assert "Subject: Outside" in opened(qtbot, HeadersWindow).text.toPlainText()
    window.close()
    inside = (SourceWindow, HeadersWindow)
    assert not any(isinstance(w, inside) and w.isVisible() for w in QApplication.topLevelWidgets())


def test_an_attached_letter_takes_its_place_and_gives_it_back(
    qtbot: QtBot, window: FileWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_M, CTRL | ALT)
    structure = opened(qtbot, StructureWindow)
    assert structure.choose("2")
    QTest.keyClick(structure.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Words inside." in text(window))
    assert window.pane.head.subject.text() == "Inside"
    (back,) = window.pane.top.bar.findChildren(QToolButton, options=_DIRECT)[:1]
    assert back.isVisible()
    # Source and headers are those of what is shown.
    press(qtbot, window, Qt.Key.Key_U, CTRL | SHIFT)
    assert "X-Inner: yes" in opened(qtbot, HeadersWindow).text.toPlainText()
    press(qtbot, window, Qt.Key.Key_U, CTRL)
    source = opened(qtbot, SourceWindow).text.toPlainText()
    assert "X-Inner: yes" in source
    assert "Words outside." not in source
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "Words outside." in text(window))
    assert window.isVisible()
    assert not back.isVisible()
    # There is nothing further back; it would be the end of the program.
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.isVisible()
    press(qtbot, window, Qt.Key.Key_W, CTRL)
    assert not window.isVisible()


def test_while_it_is_read_it_says_that_and_no_more(qtbot: QtBot, tmp_path: Path) -> None:
    link = FakeLink()
    window = FileWindow(link, tmp_path / "letter.eml")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    assert window.windowTitle() == "Reading letter.eml…"
    qtbot.waitUntil(lambda: "Reading the file…" in words_in(window.pane.text))
    assert words_in(window.pane.head) == ["letter.eml", "Reading the file…"]
    link.last(Render).answer(render(FILE_MESSAGE, LETTER))
    qtbot.waitUntil(lambda: window.windowTitle() == "letter.eml")
    assert "Reading the file…" not in words_in(window.pane.head)
    assert window.pane.head.author.isVisible()
    assert "no date" in words_in(window.pane.head)


def words_in(widget: QWidget) -> list[str]:
    """What its labels say."""
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible() and each.text()]


def test_what_is_known_of_the_sender_and_the_colours_have_their_keys(
    qtbot: QtBot, window: FileWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_E, CTRL | SHIFT)
    assert window.pane.top.sender_card.isVisible()
    assert window.pane.top.sender_card.line
    dark = theme.current().dark
    press(qtbot, window, Qt.Key.Key_D, CTRL | SHIFT)
    assert theme.current().dark is not dark
    press(qtbot, window, Qt.Key.Key_D, CTRL | SHIFT)
    assert theme.current().dark is dark
    theme.choose("")


def test_there_is_nothing_to_write_or_search_with(qtbot: QtBot, window: FileWindow) -> None:
    window.pane.head.author.linkActivated.emit("0")
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["mira@example.com", "Copy address", "Copy name and address"]
    menu.close()
    assert window.pane.top.sender_card.check_button.isHidden()


def test_a_key_leads_to_the_attachments_and_back(qtbot: QtBot, window: FileWindow) -> None:
    bar = window.pane.attachments
    window.pane.body().setFocus()
    press(qtbot, window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: bar.isAncestorOf(window.focusWidget()))
    press(qtbot, window, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: window.focusWidget() is window.pane.body())
    press(qtbot, window, Qt.Key.Key_F6, SHIFT)
    qtbot.waitUntil(lambda: bar.isAncestorOf(window.focusWidget()))


def test_the_order_of_tab_is_that_on_screen(qtbot: QtBot, window: FileWindow) -> None:
    """From the head over the text to the attachments."""
    activate(qtbot, window)
    parts = {"head": window.pane.top, "text": window.pane.text, "bar": window.pane.attachments}
    window.pane.head.author.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[str] = []
    for _ in range(40):
        focus = window.focusWidget()
        name = next(name for name, part in parts.items() if part.isAncestorOf(focus))
        if not seen or seen[-1] != name:
            seen.append(name)
        window.focusNextChild()
    assert seen[:3] == ["head", "text", "bar"]
