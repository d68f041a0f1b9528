"""The first start without an account, and the inbox that is opened when there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from martlet.mail.account import Account, AccountId
from martlet.mail.changes import FoldersChanged
from martlet.mail.folder import FolderId, Role
from martlet.store import accounts
from martlet.store.reader import Reader
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.welcome import Welcome
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, SampleClient, fill

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_each_way_does_one_thing_by_mouse_and_by_key(qtbot: QtBot, at: int) -> None:
    done: list[str] = []
    page = Welcome(
        lambda: done.append("add"), lambda: done.append("files"), lambda: done.append("demo")
    )
    qtbot.addWidget(page)
    page.show()
    way = (page.add_button, page.files_button, page.demo_button)[at]
    QTest.mouseClick(way, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(way, key)
    assert done == [("add", "files", "demo")[at]] * 4
    assert way.accessibleName()
    assert way.accessibleDescription()


def test_no_word_of_it_is_cut(qtbot: QtBot) -> None:
    page = Welcome(lambda: None, lambda: None, lambda: None)
    qtbot.addWidget(page)
    page.resize(560, 420)
    page.show()
    for label in page.findChildren(QLabel):
        if label.text():
            room = label.heightForWidth(label.width()) if label.wordWrap() else label.height()
            assert label.height() >= room, label.text()
            words = label.fontMetrics().horizontalAdvance(label.text())
            assert label.wordWrap() or label.width() >= words, label.text()


def now_at(window: MainWindow) -> FolderId | None:
    """The folder that is shown; its counts may be others by now."""
    folder = window.folders.current_folder()
    return folder.id if folder is not None else None


def test_the_inbox_of_a_new_account_is_opened_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    database = fill(tmp_path, 1_790_000_000.0, 3)
    line = EngineLink(lambda: SampleClient(database))
    reader = Reader(tmp_path)
    window = MainWindow(line, reader, Settings(tmp_path / "settings.json"))
    qtbot.addWidget(window)
    window.show()
    at_first = now_at(window)
    assert at_first is not None
    with database.write() as tx:
        added = accounts.add(tx, Account(AccountId(0), "Second", "b@example.org"))
    window.windows.account_added.emit(int(added))
    opened = window.folders.current_folder()
    assert opened is not None
    assert (opened.account_id, opened.role) == (added, Role.INBOX)
    # Once: whoever looks at another folder afterwards is left there.
    window.folders.choose(at_first)
    line.changed.emit(FoldersChanged(added))
    assert now_at(window) == at_first
    # One whose mail goes to an inbox that others share has none of its own to look at.
    with database.write() as tx:
        guest = accounts.add(tx, Account(AccountId(0), "Third", "c@example.org", into=added))
    window.windows.account_added.emit(int(guest))
    assert now_at(window) == opened.id
    window.close()
    line.close()
    reader.close()
    database.close()
