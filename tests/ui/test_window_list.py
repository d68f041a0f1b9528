"""The message list: what stands in it, what stays put, and that a long one costs no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.mail.changes import MessagesChanged
from martlet.mail.folder import FolderId, Role
from martlet.mail.message import FLAGGED, MessageRow
from martlet.store import folders, journal, mailbox
from martlet.store.database import Database
from martlet.store.reader import Reader
from martlet.ui.list_model import ROW, ListModel
from martlet.ui.message_list import MessageList
from ui.support.sample import HEADLESS, arrival, fill

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW)
    yield database
    database.close()


@pytest.fixture
def reader(tmp_path: Path, database: Database) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.close()


@pytest.fixture
def inbox(reader: Reader) -> FolderId:
    return reader.find_folder("INBOX")[0].id


@pytest.fixture
def view(qtbot: QtBot, reader: Reader, inbox: FolderId) -> MessageList:
    model = ListModel(reader)
    view = MessageList(model)
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(400, 500)
    model.show_folder(inbox)
    view.show()
    return view


def shown(model: ListModel) -> list[int]:
    return [row.id for at in range(model.row_count()) if (row := model.row_at(at)) is not None]


def listen(database: Database, model: ListModel) -> None:
    def take(change: object) -> None:
        if isinstance(change, MessagesChanged):
            model.apply(change)

    database.listen(take)


def the_model(view: MessageList) -> ListModel:
    model = view.model()
    assert isinstance(model, ListModel)
    return model


def test_rows_are_those_of_the_store_newest_first(
    view: MessageList, reader: Reader, inbox: FolderId
) -> None:
    model = the_model(view)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert shown(model) == [row.id for row in reader.page(inbox, None, 100)]
    row = model.index(0).data(ROW)
    assert isinstance(row, MessageRow)
    assert row.subject == "Harbour walk on Saturday?"
    assert "Mira Rossi" in str(model.index(0).data())


def test_new_mail_comes_in_above_and_what_is_read_stays_put(
    view: MessageList, database: Database, inbox: FolderId
) -> None:
    model = the_model(view)
    listen(database, model)
    view.choose(20)
    view.verticalScrollBar().setValue(20 * view.delegate.height)
    before, top = view.current_row(), view.visualRect(view.currentIndex()).top()
    with database.write() as tx:
        mailbox.add_many(tx, inbox, [arrival(-at, NOW) for at in (1, 2, 3)])
    assert model.row_count() == 63
    assert view.current_row() == before
    assert view.currentIndex().row() == 23
    assert view.visualRect(view.currentIndex()).top() == top


def test_at_the_very_top_new_mail_is_seen(
    view: MessageList, database: Database, inbox: FolderId
) -> None:
    listen(database, the_model(view))
    with database.write() as tx:
        new = mailbox.add_many(tx, inbox, [arrival(-1, NOW)])
    assert view.verticalOffset() == 0
    row = the_model(view).row_at(0)
    assert row is not None
    assert row.id == new[0]


def test_when_the_chosen_one_goes_its_successor_is_chosen(
    view: MessageList, database: Database
) -> None:
    model = the_model(view)
    listen(database, model)
    view.choose(4)
    after = model.row_at(5)
    gone = view.current_row()
    assert gone is not None
    with database.write() as tx:
        archive = folders.by_role(tx, gone.account_id, Role.ARCHIVE)
        assert archive is not None
        journal.move(tx, [gone.id], archive.id)
    assert model.row_count() == 59
    assert view.selected_rows() == [after]


def test_a_flag_is_seen_at_once(view: MessageList, database: Database) -> None:
    model = the_model(view)
    listen(database, model)
    row = model.row_at(1)
    assert row is not None
    with database.write() as tx:
        journal.flag(tx, [row.id], frozenset({FLAGGED}), frozenset())
    changed = model.row_at(1)
    assert changed is not None
    assert changed.flagged


def test_rows_gone_unnoticed_are_found_when_they_are_looked_for(
    qtbot: QtBot, view: MessageList, database: Database, reader: Reader, inbox: FolderId
) -> None:
    model = the_model(view)
    with database.write() as tx:
        mailbox.remove_uids(tx, inbox, range(960, 970))
    model.compare()
    qtbot.waitUntil(lambda: model.row_count() == 50)
    assert shown(model) == [row.id for row in reader.page(inbox, None, 100)]


def test_a_search_is_a_list_too(view: MessageList, reader: Reader, database: Database) -> None:
    model = the_model(view)
    listen(database, model)
    model.show_rows(reader.search("评审"))
    assert model.row_count() == 6
    row = model.row_at(0)
    assert row is not None
    assert row.subject == "关于下周项目评审的安排"
    with database.write() as tx:
        journal.flag(tx, [row.id], frozenset({FLAGGED}), frozenset())
    flagged = model.row_at(0)
    assert flagged is not None
    assert flagged.flagged


def test_keys_move_and_extend(qtbot: QtBot, view: MessageList) -> None:
    view.choose(0)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().row() == 1
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(view.selected_rows()) == 3
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 59
    assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))
    view.selectAll()
    assert len(view.selected_rows()) == 60


def test_a_click_on_the_star_chooses_nothing(qtbot: QtBot, view: MessageList) -> None:
    view.choose(0)
    star = view.delegate.star_rect(view.visualRect(the_model(view).index(2))).center()
    with qtbot.waitSignal(view.star_clicked) as said:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=star)
    assert said.args is not None
    assert said.args[0] == the_model(view).row_at(2)
    assert view.currentIndex().row() == 0


def test_a_long_folder_is_loaded_in_chunks_and_reads_only_what_is_seen(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = tmp_path / "long"
    database = fill(root, NOW, 1)
    reader = Reader(root)
    inbox = reader.find_folder("INBOX")[0].id
    with database.write() as tx:
        mailbox.add_many(tx, inbox, [arrival(at, NOW) for at in range(2000, 5000)])
    model = ListModel(reader)
    view = MessageList(model)
    qtbot.addWidget(view)
    view.resize(400, 500)
    with qtbot.waitSignal(model.loaded):
        model.show_folder(inbox)
        assert model.row_count() == 1000
    assert model.row_count() == len(set(shown(model))) == 3001
    view.selectionModel().select(model.index(0), QItemSelectionModel.SelectionFlag.Select)
    reader.close()
    database.close()


class _Painted(QObject):
    """Keeps what is asked to be painted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return super().eventFilter(watched, event)


def test_after_a_jump_every_row_in_sight_is_painted(qtbot: QtBot, view: MessageList) -> None:
    with qtbot.waitExposed(view):
        view.choose(0)
    QApplication.processEvents()
    painted = _Painted()
    view.viewport().installEventFilter(painted)
    QTest.keyClick(view, Qt.Key.Key_End)
    whole = QRegion(view.viewport().rect())
    qtbot.waitUntil(lambda: whole.subtracted(painted.region).isEmpty())
