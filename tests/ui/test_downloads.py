"""What is not here: shown, chosen, fetched; and fetching that is paused, stopped, given up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.changes import BodyArrived, Progress, Unit
from martlet.mail.message import DELETED, MessageId
from martlet.store import mailbox
from martlet.store.database import Database
from martlet.ui.window import MainWindow
from ui.support.partly import ONE, REPORT, PartlyHere, chip, hear, line, open_first, working
from ui.support.sample import HEADLESS, fill
from ui.support.shown import asked, folder, main_window, said

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Unable to detect a launcher")
NOW = 1_790_000_000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW, count=6)
    yield database
    database.close()


@pytest.fixture
def client(database: Database) -> PartlyHere:
    return PartlyHere(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: PartlyHere) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window
        client.may_come.set()


def test_progress_says_how_much_of_what_and_how_long(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    hear(window, client, qtbot, working())
    hear(window, client, qtbot, Progress(ONE, "评审", 1200, 4000, Unit.BODIES, 130.0))
    assert "评审: 1200 of 4000 messages" in line(window).replace(",", "")
    assert "about 2 minutes left" in line(window)
    assert window.status_line.pause.isVisible()
    assert window.status_line.stop.isVisible()
    hear(window, client, qtbot, Progress(ONE, "评审", 4000, 4000, Unit.BODIES, 0.0))
    assert not window.status_line.stop.isVisible()


def test_fetching_is_paused_stays_so_in_sight_and_goes_on(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    hear(window, client, qtbot, working())
    hear(window, client, qtbot, Progress(ONE, "Inbox", 1, 9))
    window.status_line.pause.click()
    assert len(asked(client, link.PauseSync)) == 1
    hear(window, client, qtbot, working(paused=True))
    assert "paused" in line(window)
    assert window.status_line.pause.isVisible()
    assert window.status_line.pause.accessibleName() == "Go on downloading"
    assert not window.status_line.stop.isVisible()
    # What is asked for comes all the same, and is told.
    asked_for = Progress(ONE, "a.pdf", 1, 9, Unit.BYTES, -1.0, MessageId(3))
    hear(window, client, qtbot, asked_for)
    assert "a.pdf" in line(window)
    assert window.status_line.stop.isVisible()
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier
                   | Qt.KeyboardModifier.AltModifier)  # fmt: skip
    assert len(asked(client, link.ResumeSync)) == 1
    hear(window, client, qtbot, working())
    assert "paused" not in line(window)


def test_stop_gives_up_what_is_fetched(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    hear(window, client, qtbot, working())
    hear(window, client, qtbot, Progress(ONE, "Inbox", 1, 9))
    window.status_line.stop.click()
    qtbot.waitUntil(lambda: "Stopped" in said(window))
    assert len(asked(client, link.StopDownloads)) == 1


def test_a_row_says_aloud_what_is_not_here(window: MainWindow) -> None:
    index = window.list_model.index(0)
    assert "Not downloaded" in str(index.data(Qt.ItemDataRole.DisplayRole))
    assert "Not downloaded" in str(index.data(Qt.ItemDataRole.ToolTipRole))


def test_what_is_not_downloaded_is_shown_chosen_and_fetched(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    window.commands["missing"].trigger()
    bar = window.list_pane.bar
    assert bar.isVisible()
    assert "only on the server" in bar.accessibleName()
    assert window.list_model.row_count() == 6
    window.list.selectAll()
    QTest.keyClick(window.list, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: "Downloading 6 messages" in said(window))
    assert len(asked(client, link.Download)[0].message_ids) == 6
    bar.action.click()
    assert len(asked(client, link.Download)) == 2
    bar.cross.click()
    assert not bar.isVisible()
    assert not window.looking.only_missing


def test_the_filter_narrows_a_search_and_escape_leaves_both(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.search.setText("needle2 OR needle3")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.list_model.row_count() == 2
    window.looking.toggle_missing()
    assert window.list_model.row_count() == 2
    assert window.list_pane.bar.isVisible()
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.list_pane.bar.isVisible()
    assert window.list_model.row_count() == 6


def test_a_whole_folder_is_downloaded(qtbot: QtBot, window: MainWindow, client: PartlyHere) -> None:
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: "Downloading 12 messages" in said(window))
    request = asked(client, link.DownloadFolder)[0]
    assert request.folder_id == folder(window, "INBOX").id


def test_the_rest_of_a_message_is_fetched_from_its_bar(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    shown = open_first(qtbot, window)
    rest = window.pane.rest
    assert rest.isVisible()
    assert "5.0 MB" in rest.words
    rest.download.click()
    assert [r.message_ids for r in asked(client, link.Download)] == [[shown.message_id]]
    half = Progress(ONE, "Harbour walk", 2_500_000, 5_000_000, Unit.BYTES, 20.0, shown.message_id)
    hear(window, client, qtbot, half)
    assert "2.5 MB of 5.0 MB" in rest.words
    assert rest.stop.isVisible()
    rest.stop.click()
    hear(window, client, qtbot, half)
    assert not rest.stop.isVisible()
    client.came = True
    hear(window, client, qtbot, BodyArrived(shown.message_id))
    qtbot.waitUntil(rest.isHidden)
    assert chip(window, REPORT).attachment.here


def test_an_attachment_is_fetched_with_progress_and_then_opened(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    shown = open_first(qtbot, window)
    client.may_come.clear()
    text = window.pane.body()
    QTest.keyClick(chip(window, REPORT), Qt.Key.Key_Return)
    assert chip(window, REPORT).fetching
    name = REPORT.filename
    # The server counts what it sends, a third more than the file is.
    half = Progress(ONE, name, 2_800_000, 7_000_000, Unit.BYTES, -1.0, shown.message_id)
    hear(window, client, qtbot, half)
    assert "2.0 MB of 5.0 MB" in chip(window, REPORT).text()
    assert chip(window, REPORT).accessibleDescription()
    client.came = True
    client.may_come.set()
    # Nothing on this system opens it; that is said, so it was to be opened.
    qtbot.waitUntil(lambda: chip(window, REPORT).attachment.here)
    assert window.pane.body() is text
    assert [request.part for request in asked(client, link.OpenPart)] == ["2"]


def test_a_click_on_an_attachment_on_its_way_gives_it_up(
    qtbot: QtBot, window: MainWindow, client: PartlyHere
) -> None:
    shown = open_first(qtbot, window)
    client.may_come.clear()
    QTest.keyClick(chip(window, REPORT), Qt.Key.Key_Return)
    assert chip(window, REPORT).fetching
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    assert not chip(window, REPORT).fetching
    qtbot.waitUntil(lambda: bool(asked(client, link.StopDownloads)))
    late = Progress(ONE, REPORT.filename, 1, 9, Unit.BYTES, -1.0, shown.message_id)
    hear(window, client, qtbot, late)
    assert not chip(window, REPORT).fetching
    with qtbot.waitSignal(window.files.ended):
        client.may_come.set()
    assert "No program" not in said(window)


def test_what_is_marked_deleted_there_is_shown_and_taken_back(
    qtbot: QtBot, window: MainWindow, client: PartlyHere, database: Database
) -> None:
    inbox = folder(window, "INBOX")
    gone = window.list_model.row_at(1)
    assert gone is not None
    with database.write() as tx:
        mailbox.set_server_flags(tx, inbox.id, {gone.uid: frozenset({DELETED})})
    qtbot.waitUntil(lambda: window.list_model.row_count() == 5)
    assert not window.commands["undelete"].isEnabled()
    window.commands["folder.deleted"].trigger()
    assert window.list_model.row_count() == 1
    window.list.choose(0)
    assert window.commands["undelete"].isEnabled()
    QTest.keyClick(window.list, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: "1 message is back" in said(window))
    qtbot.waitUntil(lambda: window.list_model.row_count() == 0)
    QTest.keyClick(window.list, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 6)
