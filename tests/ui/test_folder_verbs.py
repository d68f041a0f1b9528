"""Folders as a person handles them in the window: menu, keys, dragging, undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.account import AccountId
from martlet.mail.folder import Role
from martlet.store import folders
from martlet.store.database import Database
from martlet.ui.folder_pane import FOLDER_MIME
from martlet.ui.folder_picker import FolderPicker
from martlet.ui.folders.deleting import DeleteFolderDialog
from martlet.ui.folders.missing_dialog import MissingRoleDialog
from martlet.ui.folders.naming import FolderNameDialog
from martlet.ui.folders.properties import PropertiesDialog
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import asked, folder, main_window, opened, said

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW)
    yield database
    database.close()


@pytest.fixture
def client(database: Database) -> SampleClient:
    return SampleClient(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: SampleClient) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window


def names(window: MainWindow) -> set[str]:
    return {each.name for each in window.reader.folders()}


def menu_of(window: MainWindow, name: str) -> dict[str, QAction]:
    window.folder_verbs.menu(folder(window, name), QPoint(10, 10))
    menu = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible())
    found = {action.objectName(): action for action in menu.actions()}
    menu.close()
    return found


def undo(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def drop(window: MainWindow, name: str, target: str) -> None:
    pane = window.folders
    data = QMimeData()
    data.setData(FOLDER_MIME, str(folder(window, name).id).encode())
    at = pane.visualRect(pane.folders.index_of(folder(window, target).id)).center()
    move, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    view = pane.viewport()
    QApplication.sendEvent(view, QDragEnterEvent(at, move, data, left, none))
    QApplication.sendEvent(view, QDragMoveEvent(at, move, data, left, none))
    QApplication.sendEvent(view, QDropEvent(QPointF(at), move, data, left, none))


def test_a_folder_is_made_inside_the_chosen_one_renamed_and_both_undone(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.folders.choose(folder(window, "Projects").id)
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier
                   | Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    dialog = opened(FolderNameDialog)
    QTest.keyClicks(dialog.name, "Harbour")
    dialog.go.click()
    qtbot.waitUntil(lambda: "Projects/Harbour" in names(window))
    qtbot.waitUntil(lambda: "Harbour" in said(window))
    qtbot.waitUntil(lambda: window.folders.choose(folder(window, "Projects/Harbour").id))
    window.commands["folder.rename"].trigger()
    dialog = opened(FolderNameDialog)
    dialog.name.setText("港口")
    dialog.go.click()
    qtbot.waitUntil(lambda: "Projects/港口" in names(window))
    undo(qtbot, window)
    qtbot.waitUntil(lambda: "Projects/Harbour" in names(window))
    undo(qtbot, window)
    qtbot.waitUntil(lambda: "Projects/Harbour" not in names(window))
    qtbot.waitUntil(lambda: "Undone" in said(window))


def test_a_folder_is_dragged_onto_another_but_never_into_itself(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    drop(window, "Projects", "Projects/Lighthouse")
    drop(window, "Archive", "Receipts")
    assert not asked(client, link.FolderRename)
    drop(window, "Receipts", "Projects")
    qtbot.waitUntil(lambda: "Projects/Receipts" in names(window))
    qtbot.waitUntil(lambda: "Moved “Receipts” to Projects" in said(window))
    undo(qtbot, window)
    qtbot.waitUntil(lambda: "Receipts" in names(window))


def test_a_folder_is_moved_by_name_to_the_top(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.folder_verbs.do("folder.move", folder(window, "Projects/Lighthouse"))
    picker = opened(FolderPicker)
    field = picker.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "Example")

    def taken() -> bool:
        # It takes nothing in its first moment, so that letters meant for the list do not choose.
        QTest.keyClick(field, Qt.Key.Key_Return)
        return bool(asked(client, link.FolderRename))

    qtbot.waitUntil(taken)
    qtbot.waitUntil(lambda: "Lighthouse" in names(window))


def test_deleting_asks_and_goes_to_trash(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.folder_verbs.do("folder.delete", folder(window, "Projects"))
    dialog = opened(DeleteFolderDialog)
    assert not asked(client, link.FolderDelete)
    dialog.go.click()
    qtbot.waitUntil(lambda: "Trash/Projects/Lighthouse" in names(window))
    request = asked(client, link.FolderDelete)[0]
    assert not request.permanently
    undo(qtbot, window)
    qtbot.waitUntil(lambda: "Projects/Lighthouse" in names(window))


def test_all_of_a_folder_is_marked_read_in_one_step(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    inbox = folder(window, "INBOX")
    assert inbox.unread > 1
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: folder(window, "INBOX").unread == 0)
    qtbot.waitUntil(lambda: f"Marked {inbox.unread} messages as read" in said(window))
    assert len(asked(client, link.MarkAllRead)) == 1
    undo(qtbot, window)
    qtbot.waitUntil(lambda: folder(window, "INBOX").unread == inbox.unread)


def test_what_the_server_forbids_is_grey(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    receipts = folder(window, "Receipts")
    with database.write() as tx:
        folders.put_rights(tx, receipts.id, "lr")
    qtbot.waitUntil(lambda: folder(window, "Receipts").rights == "lr")
    entries = menu_of(window, "Receipts")
    for verb in ("folder.new", "folder.rename", "folder.move", "folder.delete", "read.all"):
        assert not entries[verb].isEnabled(), verb
    assert entries["folder.properties"].isEnabled()
    window.folders.choose(receipts.id)
    window.list.choose(0)
    for command in ("delete", "archive", "move", "star", "read"):
        assert not window.commands[command].isEnabled(), command
    assert window.commands["copy"].isEnabled()
    assert window.commands["reply"].isEnabled()


def test_folders_with_a_purpose_keep_their_names(window: MainWindow) -> None:
    entries = menu_of(window, "Sent")
    assert not entries["folder.rename"].isEnabled()
    assert not entries["folder.delete"].isEnabled()
    assert "folder.again" not in entries


def test_a_folder_left_alone_says_why_and_is_tried_again(
    qtbot: QtBot, window: MainWindow, client: SampleClient, database: Database
) -> None:
    receipts = folder(window, "Receipts")
    window.folders.choose(receipts.id)
    with database.write() as tx:
        folders.park(tx, receipts.id, "The server refused to open it.")
    bar = window.list_pane.bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.accessibleName() == "The server refused to open it."
    tip = window.folders.folders.index_of(receipts.id).data(Qt.ItemDataRole.ToolTipRole)
    assert "The server refused to open it." in tip
    client.asked.clear()
    bar.action.click()
    assert [request.folder_id for request in asked(client, link.FolderOpened)] == [receipts.id]
    with database.write() as tx:
        folders.park(tx, receipts.id, "")
    qtbot.waitUntil(bar.isHidden)


def test_what_is_folded_away_stays_so(qtbot: QtBot, window: MainWindow, database: Database) -> None:
    index = window.folders.folders.index_of(folder(window, "Projects").id)
    window.folders.collapse(index)
    with database.write() as tx:
        folders.create(tx, AccountId(1), "New", "/", Role.NONE, False)
    qtbot.waitUntil(
        lambda: (
            "New" in names(window)
            and window.folders.folders.index_of(folder(window, "New").id).isValid()
        )
    )
    index = window.folders.folders.index_of(folder(window, "Projects").id)
    assert not window.folders.isExpanded(index)
    window.close()
    assert "Projects" in window.settings.text("folded")


def test_properties_open_for_the_chosen_folder(qtbot: QtBot, window: MainWindow) -> None:
    window.folders.choose(folder(window, "Receipts").id)
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    dialog = opened(PropertiesDialog)
    qtbot.waitUntil(lambda: dialog.bytes.text() == "48.0 MB")
    dialog.reject()


def test_archive_without_an_archive_asks_once_and_goes_on(
    qtbot: QtBot, window: MainWindow, client: SampleClient, database: Database
) -> None:
    archive = folder(window, "Archive")
    with database.write() as tx:
        folders.set_role(tx, archive.id, Role.NONE)
    window.list.choose(0)
    QTest.keyClick(window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: bool(asked(client, link.Archive)))

    def asks() -> bool:
        tops = QApplication.topLevelWidgets()
        return any(isinstance(w, MissingRoleDialog) and w.isVisible() for w in tops)

    qtbot.waitUntil(asks)
    dialog = opened(MissingRoleDialog)
    assert dialog.picked is not None
    assert dialog.picked.id == archive.id
    dialog.go.click()
    qtbot.waitUntil(lambda: len(asked(client, link.Archive)) == 2)
    qtbot.waitUntil(lambda: folder(window, "Archive").total == 1)
    assert folder(window, "Archive").role is Role.ARCHIVE
    assert not window.notice.isVisible()


def test_junk_without_a_junk_folder_makes_one(
    qtbot: QtBot, window: MainWindow, client: SampleClient, database: Database
) -> None:
    with database.write() as tx:
        folders.set_role(tx, folder(window, "Junk").id, Role.NONE)
    window.list.choose(0)
    QTest.keyClick(window, Qt.Key.Key_J)
    dialog = opened(MissingRoleDialog)
    dialog.new.click()
    dialog.name.setText("Spam")
    dialog.go.click()
    qtbot.waitUntil(lambda: "Spam" in names(window) and folder(window, "Spam").total == 1)
    assert folder(window, "Spam").role is Role.JUNK


def test_a_click_on_a_chevron_folds_and_chooses_nothing(window: MainWindow) -> None:
    pane = window.folders
    index = pane.folders.index_of(folder(window, "Projects").id)
    for side in (-6, 6):
        was = pane.isExpanded(index)
        at = pane.visualRect(index)
        point = QPoint(at.left() + side, at.center().y())
        QTest.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert pane.isExpanded(index) is not was
    current = pane.current_folder()
    assert current is not None
    assert current.role is Role.INBOX
