"""The sheets about folders: a name, a deletion, the properties, a purpose nobody has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from martlet.link.messages import FolderKeep, FolderProperties, FolderRole
from martlet.mail.account import AccountId, Keep
from martlet.mail.errors import Offline
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.sync import FolderInfo, Quota
from martlet.ui.accounts import AccountSettings, AccountWizard
from martlet.ui.accounts.log import AccountLogDialog
from martlet.ui.folders.deleting import DeleteFolderDialog
from martlet.ui.folders.missing_dialog import MissingRoleDialog
from martlet.ui.folders.naming import FolderNameDialog
from martlet.ui.folders.properties import PropertiesDialog
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

WORK = account(1, "Work", "ada@example.org")


Keeper = Callable[[QDialog], None]


@pytest.fixture
def keep(qtbot: QtBot) -> Keeper:
    """Dialogs that are nobody's child live until the test is over, not until Python tidies up."""
    held: list[QDialog] = []

    def take(dialog: QDialog) -> None:
        qtbot.addWidget(dialog)
        held.append(dialog)

    return take


def folder(number: int, name: str, role: Role = Role.NONE) -> Folder:
    return Folder(FolderId(number), AccountId(1), name, "/", role)


INBOX = folder(1, "INBOX", Role.INBOX)
TRASH = folder(2, "Trash", Role.TRASH)
PROJECTS = folder(3, "Projects")
REVIEW = folder(4, "Projects/评审")
ALL = [INBOX, TRASH, PROJECTS, REVIEW]


def test_a_new_folder_stands_where_it_is_wanted(qtbot: QtBot, keep: Keeper) -> None:
    dialog = FolderNameDialog(WORK, ALL, REVIEW)
    keep(dialog)
    dialog.show()
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.name, "Q3")
    assert dialog.path == "Projects/评审/Q3"
    assert dialog.go.isEnabled()
    dialog.place.choose(None)
    assert dialog.path == "Q3"
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)


def test_a_name_that_is_taken_or_split_is_refused_while_typing(qtbot: QtBot, keep: Keeper) -> None:
    dialog = FolderNameDialog(WORK, ALL, None)
    keep(dialog)
    QTest.keyClicks(dialog.name, "Projects")
    assert "already" in dialog.problem.text()
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.name, "/x")
    assert "“/”" in dialog.problem.text()


def test_renaming_offers_no_place_inside_itself(qtbot: QtBot, keep: Keeper) -> None:
    dialog = FolderNameDialog(WORK, ALL, None, PROJECTS)
    keep(dialog)
    places = [dialog.place.itemText(at) for at in range(dialog.place.count())]
    assert places == ["Work", "Inbox", "Trash"]
    assert not dialog.go.isEnabled()
    dialog.name.setText("Ideas")
    assert dialog.go.isEnabled()
    assert dialog.path == "Ideas"


def test_a_folder_whose_server_forbids_it_is_no_place(qtbot: QtBot, keep: Keeper) -> None:
    closed = replace(PROJECTS, rights="lrs")
    dialog = FolderNameDialog(WORK, [INBOX, closed], None)
    keep(dialog)
    places = [dialog.place.itemText(at) for at in range(dialog.place.count())]
    assert "Projects" not in places


def test_enter_deletes_nothing_for_good(qtbot: QtBot, keep: Keeper) -> None:
    dialog = DeleteFolderDialog(replace(PROJECTS, total=4), ALL, TRASH)
    keep(dialog)
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "1 folder and, in all, 4 messages" in words
    assert "Undo brings it back" in words
    assert not dialog.for_good
    final = DeleteFolderDialog(folder(9, "Trash/Old"), ALL, None)
    keep(final)
    final.show()
    assert final.for_good
    with qtbot.waitSignal(final.rejected):
        QTest.keyClick(final, Qt.Key.Key_Return)


def test_properties_show_what_is_known_and_fill_in(qtbot: QtBot, keep: Keeper) -> None:
    link = FakeLink()
    dialog = PropertiesDialog(link, replace(PROJECTS, total=1200, unread=7), WORK, 0)
    keep(dialog)
    dialog.show()
    assert "1200 here" in dialog.counts.text().replace(",", "")
    assert "Asking" in dialog.bytes.text()
    quota = Quota("", "STORAGE", 1_900, 2_000)
    link.last(FolderProperties).answer(FolderInfo(1300, 82_000_000, "lrs", (quota,)))
    assert "1300 on the server" in dialog.counts.text().replace(",", "")
    assert dialog.bytes.text() == "82.0 MB"
    assert dialog.rights.text() == "read, mark as read"
    bar = dialog.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert bar.value() == 950


def test_properties_that_cannot_be_had_say_why(qtbot: QtBot, keep: Keeper) -> None:
    link = FakeLink()
    dialog = PropertiesDialog(link, PROJECTS, WORK, 0)
    keep(dialog)
    dialog.show()
    link.last(FolderProperties).refuse(Offline("The server cannot be reached."))
    assert dialog.notice.text == "The server cannot be reached."
    assert "Asking" not in dialog.bytes.text()


def test_properties_tell_what_is_whole_and_leave_out_rights_nobody_knows(
    qtbot: QtBot, keep: Keeper
) -> None:
    link = FakeLink()
    dialog = PropertiesDialog(link, replace(PROJECTS, total=20), WORK, 4)
    keep(dialog)
    dialog.show()
    assert dialog.rights.isVisible()
    link.last(FolderProperties).answer(FolderInfo(20, 9_000_000, ""))
    assert dialog.counts.text() == "20 here (4 of them whole), 20 on the server, 0 unread"
    assert not dialog.rights.isVisible()


def test_only_what_was_changed_is_asked_for(qtbot: QtBot, keep: Keeper) -> None:
    link = FakeLink()
    dialog = PropertiesDialog(link, PROJECTS, WORK, 0)
    keep(dialog)
    dialog.show()
    dialog.go.click()
    assert not link.of(FolderRole)
    assert not link.of(FolderKeep)
    dialog = PropertiesDialog(link, PROJECTS, WORK, 0)
    keep(dialog)
    dialog.show()
    dialog.role.choose(Role.ARCHIVE)
    dialog.keep.choose(Keep.RECENT, 90)
    dialog.go.click()
    assert [request.role for request in link.of(FolderRole)] == [Role.ARCHIVE]
    assert [(request.keep, request.days) for request in link.of(FolderKeep)] == [(Keep.RECENT, 90)]


def test_what_is_set_is_shown_even_if_it_is_unusual(qtbot: QtBot, keep: Keeper) -> None:
    link = FakeLink()
    kept = replace(PROJECTS, keep=Keep.RECENT, keep_days=12, role=Role.SENT, chosen=True)
    dialog = PropertiesDialog(link, kept, WORK, 0)
    keep(dialog)
    assert dialog.keep.currentText() == "The newest 12 days"
    assert dialog.role.currentText() == "Sent"
    dialog.go.click()
    assert not link.of(FolderKeep)
    assert not link.of(FolderRole)


def test_the_inbox_stays_the_inbox(qtbot: QtBot, keep: Keeper) -> None:
    dialog = PropertiesDialog(FakeLink(), INBOX, WORK, 0)
    keep(dialog)
    assert not dialog.role.isEnabled()


def test_a_missing_purpose_is_given_to_a_new_or_an_old_folder(qtbot: QtBot, keep: Keeper) -> None:
    dialog = MissingRoleDialog(WORK, ALL, Role.ARCHIVE)
    keep(dialog)
    dialog.show()
    assert not dialog.picked
    assert dialog.path == "Archive"
    dialog.old.click()
    assert not dialog.go.isEnabled()
    dialog.list.setCurrentRow(1)
    assert [dialog.picked] == [REVIEW]
    assert dialog.go.isEnabled()


def test_a_folder_of_that_name_is_offered_first(qtbot: QtBot, keep: Keeper) -> None:
    archive = folder(8, "archive")
    dialog = MissingRoleDialog(WORK, [*ALL, archive], Role.ARCHIVE)
    keep(dialog)
    assert dialog.picked == archive


def test_every_field_has_a_name_to_be_read_aloud(qtbot: QtBot, keep: Keeper) -> None:
    sheets: list[QDialog] = [
        FolderNameDialog(WORK, ALL, None),
        PropertiesDialog(FakeLink(), PROJECTS, WORK, 0),
        MissingRoleDialog(WORK, ALL, Role.TRASH),
        DeleteFolderDialog(PROJECTS, ALL, TRASH),
        AccountLogDialog(FakeLink(), FakeReader([WORK]).reader, WORK),
        AccountSettings(FakeLink(), FakeReader([WORK]).reader, WORK),
        AccountWizard(FakeLink(), FakeReader([WORK]).reader),
    ]
    for sheet in sheets:
        keep(sheet)
        sheet.show()
        for kind in (QLineEdit, QComboBox, QAbstractButton, QTreeWidget, QListWidget):
            for field in sheet.findChildren(kind):
                said = field.accessibleName() or (
                    field.text() if isinstance(field, QAbstractButton) else ""
                )
                inner = field.objectName().startswith("qt_")
                assert said or inner or not field.isVisibleTo(sheet), (sheet, field)
        sheet.close()
