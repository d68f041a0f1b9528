"""What is told of downloads: the same everywhere, as long as they run, and how they ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.account import AccountState, Protocol, WorkerState
from martlet.mail.changes import BodyArrived, Notice, Progress, StateChanged, Unit
from martlet.mail.errors import ErrorKind, Offline
from martlet.mail.message import Content, Envelope, MessageId
from martlet.store import mailbox
from martlet.store.database import Database
from martlet.ui.folder_model import TROUBLE
from martlet.ui.window import MainWindow
from ui.support.partly import ONE, REPORT, PartlyHere, chip, hear, line, open_first, working
from ui.support.sample import HEADLESS, SampleClient, fill
from ui.support.shown import asked, main_window, said

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS, "Unable to detect a launcher")
NOW = 1_790_000_000.0


class Failing(PartlyHere):
    """What it is asked for does not come while `fails`."""

    fails = False

    def _answer(self, request: link.Request[object]) -> object:
        answer = super()._answer(request)
        if self.fails and isinstance(request, link.OpenPart | link.PartBytes):
            raise Offline("The line was lost.", "", "Example")
        return answer


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW, count=6)
    yield database
    database.close()


@pytest.fixture
def client(database: Database) -> Failing:
    return Failing(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: Failing) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window
        client.may_come.set()


def half(message_id: MessageId) -> Progress:
    """As the server counts, a third more than the file is."""
    return Progress(ONE, REPORT.filename, 2_800_000, 7_000_000, Unit.BYTES, -1.0, message_id)


def come(database: Database, message_id: MessageId) -> None:
    with database.write() as tx:
        mailbox.set_body(tx, message_id, Envelope(subject="x"), Content("", "", 0), "f" * 64)


def banner(window: MainWindow) -> str:
    return window.notice.words


def test_a_download_has_one_size_wherever_it_is_told(
    qtbot: QtBot, window: MainWindow, client: Failing
) -> None:
    shown = open_first(qtbot, window)
    client.may_come.clear()
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    hear(window, client, qtbot, working())
    hear(window, client, qtbot, half(shown.message_id))
    assert "2.0 MB of 5.0 MB" in chip(window, REPORT).text()
    assert "2.0 MB of 5.0 MB" in line(window)


def test_a_download_goes_on_in_sight_when_its_message_is_left_and_opened_again(
    qtbot: QtBot, window: MainWindow, client: Failing
) -> None:
    shown = open_first(qtbot, window)
    client.may_come.clear()
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    window.list.choose(1)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    assert not chip(window, REPORT).fetching
    hear(window, client, qtbot, half(shown.message_id))
    assert not chip(window, REPORT).fetching
    open_first(qtbot, window)
    qtbot.waitUntil(
        lambda: (
            window.pane.rendered is not None and window.pane.rendered.message_id == shown.message_id
        )
    )
    assert chip(window, REPORT).fetching
    assert "2.0 MB of 5.0 MB" in chip(window, REPORT).text()


def test_what_was_cut_off_says_what_is_kept(
    qtbot: QtBot, window: MainWindow, client: Failing
) -> None:
    shown = open_first(qtbot, window)
    client.fails = True
    client.may_come.clear()
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    hear(window, client, qtbot, half(shown.message_id))
    client.may_come.set()
    qtbot.waitUntil(lambda: not chip(window, REPORT).fetching)
    assert "5.0 MB, 2.0 MB here already" in chip(window, REPORT).text()
    assert "go on" in chip(window, REPORT).toolTip()
    client.may_come.clear()
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    assert "2.0 MB of 5.0 MB" in chip(window, REPORT).text()


def test_what_waits_for_a_pause_says_so(qtbot: QtBot, window: MainWindow, client: Failing) -> None:
    shown = open_first(qtbot, window)
    client.may_come.clear()
    hear(window, client, qtbot, working(paused=True))
    QTest.mouseClick(chip(window, REPORT), Qt.MouseButton.LeftButton)
    assert "5.0 MB, paused" in chip(window, REPORT).text()
    hear(window, client, qtbot, working())
    assert "paused" not in chip(window, REPORT).text()
    hear(window, client, qtbot, half(shown.message_id))
    hear(window, client, qtbot, working(paused=True))
    assert "2.0 MB of 5.0 MB, paused" in chip(window, REPORT).text()
    window.list.choose(1)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    window.pane.rest.download.click()
    assert "Waits" in window.pane.rest.words
    hear(window, client, qtbot, working())
    assert "Downloading" in window.pane.rest.words


def test_stop_with_nothing_on_its_way_says_so(
    qtbot: QtBot, window: MainWindow, client: Failing
) -> None:
    window.commands["stop"].trigger()
    assert "Nothing is being downloaded" in said(window)
    assert not asked(client, link.StopDownloads)
    window.commands["folder.download"].trigger()
    qtbot.waitUntil(lambda: "Downloading" in said(window))
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: "Stopped" in said(window))


def test_what_has_come_leaves_the_list_of_what_is_not_downloaded(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    window.looking.toggle_missing()
    bar = window.list_pane.bar
    before = bar.accessibleName()
    first = window.list_model.row_at(0)
    assert first is not None
    come(database, first.id)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 5)
    qtbot.waitUntil(lambda: bar.accessibleName() != before)
    labels = [label.text() for label in window.list_pane.findChildren(QLabel)]
    assert "5 messages" in labels
    # One that is read stays as long as it is, and the next is not opened in its place.
    window.list.choose(0)
    read = window.list.selected_rows()[0]
    come(database, read.id)
    rest = [window.list_model.row_at(at) for at in range(1, 5)]
    for row in rest:
        assert row is not None
        come(database, row.id)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 1)
    assert window.list.selected_rows()[0].id == read.id
    qtbot.waitUntil(lambda: "Everything here is downloaded" in bar.accessibleName())
    assert not bar.action.isVisible()


def test_the_end_of_a_download_is_said(
    qtbot: QtBot, window: MainWindow, database: Database
) -> None:
    window.looking.toggle_missing()
    window.list.selectAll()
    ids = [row.id for row in window.list.selected_rows()]
    QTest.keyClick(window.list, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: "Downloading 6 messages" in said(window))
    for each in ids:
        come(database, each)
    qtbot.waitUntil(lambda: "6 messages downloaded" in said(window))
    qtbot.waitUntil(lambda: window.list_model.row_count() == 0)


def test_an_error_of_the_line_is_over_when_the_account_works_again(
    qtbot: QtBot, window: MainWindow, client: Failing
) -> None:
    def notice(kind: ErrorKind) -> None:
        hear(window, client, qtbot, Notice("Example", kind, "It went wrong."))
        assert "It went wrong." in banner(window)

    def state(now: WorkerState, problem: str = "") -> None:
        told = AccountState(ONE, now, problem, protocol=Protocol.IMAP)
        hear(window, client, qtbot, StateChanged(told))

    notice(ErrorKind.OFFLINE)
    state(WorkerState.WAITING, "The line was lost.")
    assert banner(window)
    state(WorkerState.WORKING)
    assert not banner(window)
    notice(ErrorKind.REFUSED)
    state(WorkerState.IDLE)
    assert banner(window)
    window.list.choose(1)
    assert not banner(window)
    notice(ErrorKind.REFUSED)
    window.say("Moved 1 message")
    assert not banner(window)


def test_a_password_that_is_needed_is_said_in_the_banner_until_it_is_there(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    needs = AccountState(ONE, WorkerState.NEEDS_PASSWORD, "It was refused.", protocol=Protocol.IMAP)
    hear(window, client, qtbot, StateChanged(needs))
    assert banner(window) == "Example: It was refused."
    assert window.notice.action.text() == "Enter password…"
    window.list.choose(1)
    assert banner(window)
    hear(window, client, qtbot, Notice("Example", ErrorKind.REFUSED, "Not that folder."))
    assert "Not that folder." in banner(window)
    window.list.choose(2)
    assert "It was refused." in banner(window)
    window.notice.close_button.click()
    hear(window, client, qtbot, StateChanged(needs))
    assert not banner(window)
    hear(window, client, qtbot, working())
    hear(window, client, qtbot, StateChanged(needs))
    assert banner(window)
    hear(window, client, qtbot, working())
    assert not banner(window)
    named = replace(needs, problem="The password of Example is needed.")
    hear(window, client, qtbot, StateChanged(named))
    assert banner(window) == "The password of Example is needed."


def test_trouble_with_sending_stays_marked_while_receiving_is_well(
    qtbot: QtBot, window: MainWindow, client: Failing
) -> None:
    needs = AccountState(ONE, WorkerState.NEEDS_PASSWORD, "It was refused.", protocol=Protocol.SMTP)
    hear(window, client, qtbot, StateChanged(needs))
    hear(window, client, qtbot, working(paused=True))
    assert window.folders.folders.item(0).data(TROUBLE)
    assert "It was refused." in banner(window)
    assert "It was refused." not in line(window)
    window.notice.close_button.click()
    assert "It was refused." in line(window)
    assert "paused" in line(window)


def test_a_body_that_came_is_not_an_end_while_others_are_waited_for(
    qtbot: QtBot, window: MainWindow, client: Failing, database: Database
) -> None:
    window.list.choose(0)
    QTest.keyClick(window.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    ids = [row.id for row in window.list.selected_rows()]
    QTest.keyClick(window.list, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: "Downloading 2 messages" in said(window))
    come(database, ids[0])
    hear(window, client, qtbot, BodyArrived(ids[0]))
    assert window.batches.running
    come(database, ids[1])
    qtbot.waitUntil(lambda: "2 messages downloaded" in said(window))
    assert not window.batches.running
