"""Which row of the folder pane commands act on: it is always the one that is seen to be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.folder import Role
from martlet.mail.sync import ListedFolder
from martlet.store import folders
from martlet.store.database import Database
from martlet.ui.folder_model import NODE
from martlet.ui.folders.deleting import DeleteFolderDialog
from martlet.ui.folders.naming import FolderNameDialog
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import folder, main_window, opened, said

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0
ONE = AccountId(1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW)
    with database.write() as tx:
        known = [
            ListedFolder(f.name, f.delimiter, f.role) for f in folders.of_account(database, ONE)
        ]
        shelf = ListedFolder("Shelf", "/", selectable=False)
        folders.put_listed(tx, ONE, [*known, shelf, replace(shelf, name="Shelf/Books")])
    yield database
    database.close()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, database: Database) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, SampleClient(database)) as window:
        yield window


def row(window: MainWindow, name: str) -> QModelIndex:
    return window.folders.folders.index_of(folder(window, name).id)


def click(window: MainWindow, index: QModelIndex) -> None:
    pane = window.folders
    pane.scrollTo(index)
    at = pane.visualRect(index).center()
    QTest.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=at)


def seen(window: MainWindow) -> str:
    """The names of the rows that are painted as chosen."""
    chosen = window.folders.selectionModel().selectedRows()
    return ", ".join(str(index.data(Qt.ItemDataRole.DisplayRole)) for index in chosen)


def list_says(window: MainWindow) -> str:
    labels = window.list_pane.findChildren(QLabel)
    return " | ".join(label.text() for label in labels if label.isVisible())


def test_a_folder_without_messages_is_chosen_in_sight_and_its_list_is_empty(
    qtbot: QtBot, window: MainWindow
) -> None:
    click(window, row(window, "Shelf"))
    assert seen(window) == "Shelf"
    assert window.list_model.row_count() == 0
    assert "holds folders, but no messages" in list_says(window)
    assert "Shelf" in list_says(window)
    window.refresh_folders()
    assert seen(window) == "Shelf"
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert opened(FolderNameDialog).name.text() == "Shelf"


def test_an_account_is_chosen_in_sight_and_no_folder_command_acts(window: MainWindow) -> None:
    top = window.folders.folders.index(0, 0)
    click(window, top)
    assert seen(window) == "Example"
    assert "Choose a folder" in list_says(window)
    assert not window.commands["folder.rename"].isEnabled()
    assert window.current_account() == top.data(NODE)
    window.refresh_accounts()
    assert seen(window) == "Example"
    click(window, row(window, "INBOX"))
    assert window.list_model.row_count() == 60


def test_a_menu_is_for_the_row_it_is_opened_on_and_opens_nothing(
    qtbot: QtBot, window: MainWindow
) -> None:
    pane = window.folders
    at = pane.visualRect(row(window, "Receipts")).center()
    QTest.mouseClick(pane.viewport(), Qt.MouseButton.RightButton, pos=at)
    glob = pane.viewport().mapToGlobal(at)
    mouse = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(pane.viewport(), QContextMenuEvent(mouse, at, glob))
    menu = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible())
    assert seen(window) == "Inbox"
    assert window.list_model.row_count() == 60
    assert pane.marked() == row(window, "Receipts")
    rename = next(a for a in menu.actions() if a.objectName() == "folder.rename")
    rename.trigger()
    menu.close()
    assert not pane.marked().isValid()
    assert opened(FolderNameDialog).name.text() == "Receipts"


def test_a_folder_just_made_is_the_current_one(qtbot: QtBot, window: MainWindow) -> None:
    pane = window.folders
    window.folders.choose(folder(window, "Projects").id)
    pane.collapse(pane.currentIndex())
    window.commands["folder.new"].trigger()
    dialog = opened(FolderNameDialog)
    QTest.keyClicks(dialog.name, "Harbour")
    dialog.go.click()
    qtbot.waitUntil(lambda: "Harbour" in said(window))
    assert seen(window) == "Harbour"
    assert pane.visualRect(pane.currentIndex()).isValid()
    assert "Harbour" in list_says(window)


def test_moving_into_a_folder_that_vanished_names_it(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    receipts = folder(window, "Receipts")
    with database.write() as tx:
        rest = [f for f in folders.of_account(database, ONE) if f.id != receipts.id]
        folders.put_listed(tx, ONE, [ListedFolder(f.name, "/", f.role) for f in rest])
    window.list.choose(0)
    window.verbs.move_to([window.list.selected_rows()[0].id], receipts)
    qtbot.waitUntil(window.notice.isVisible)
    words = window.notice.words
    assert "“Receipts”" in words
    assert "stayed" in words


def test_the_toast_covers_no_attachment(qtbot: QtBot, window: MainWindow) -> None:
    model = window.list_model
    at = next(n for n in range(20) if "Invoice" in getattr(model.row_at(n), "subject", ""))
    # One that can take something back stays when another message is chosen.
    window.toast.say("Before it is shown", lambda: None)
    window.list.choose(at)
    bar = window.pane.attachments
    qtbot.waitUntil(bar.isVisible)
    top = bar.mapToGlobal(QPoint(0, 0)).y()
    toast = window.toast
    assert toast.isVisible()
    qtbot.waitUntil(lambda: toast.mapToGlobal(QPoint(0, toast.height())).y() < top)


def test_where_trash_can_hold_no_folders_deleting_is_for_good(
    window: MainWindow, database: Database
) -> None:
    window.folder_verbs.delete(folder(window, "Receipts"))
    dialog = opened(DeleteFolderDialog)
    assert not dialog.for_good
    dialog.reject()
    with database.write() as tx:
        listed = [
            ListedFolder(f.name, "/", f.role, inferiors=f.role is not Role.TRASH)
            for f in folders.of_account(database, ONE)
        ]
        folders.put_listed(tx, ONE, listed)
    window.folder_verbs.delete(folder(window, "Receipts"))
    assert opened(DeleteFolderDialog).for_good
