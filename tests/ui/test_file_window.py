"""The window of one mail file: its inside by keys, an attached letter in its place, no letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from martlet.engine.one_file import OneFile
from martlet.link.local import LocalClient
from martlet.ui.file_window import FileWindow
from martlet.ui.inside.headers_window import HeadersWindow
from martlet.ui.inside.source_window import SourceWindow
from martlet.ui.inside.structure_window import StructureWindow
from martlet.ui.link import EngineLink
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
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_there_is_nothing_to_write_or_search_with(qtbot: QtBot, window: FileWindow) -> None:
    window.pane.head.author.linkActivated.emit("0")
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["mira@example.com", "Copy address", "Copy name and address"]
    menu.close()
    assert window.pane.top.sender_card.check_button.isHidden()
