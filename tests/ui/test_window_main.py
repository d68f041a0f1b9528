"""The main window as a person uses it, over a real store: keys, clicks, what is shown and asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.account import AccountId, AccountState, WorkerState
from martlet.mail.changes import Notice, Progress, StateChanged
from martlet.mail.errors import ErrorKind
from martlet.mail.folder import Folder, Role
from martlet.mail.message import FLAGGED, SEEN
from martlet.store.database import Database
from martlet.store.reader import Reader
from martlet.ui.commands import COMMANDS
from martlet.ui.folder_model import NODE
from martlet.ui.link import EngineLink
from martlet.ui.settings import Settings
from martlet.ui.text_view import TextView
from martlet.ui.ways import Mode
from martlet.ui.window import MainWindow
from ui.support.sample import HEADLESS, SampleClient, fill

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0
A = TypeVar("A", bound=link.Request[Any])


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
    line = EngineLink(lambda: client)
    reader = Reader(tmp_path)
    window = MainWindow(line, reader, Settings(tmp_path / "settings.json"))
    qtbot.addWidget(window)
    window.resize(1200, 760)
    # Without a window manager nobody makes it active, and shortcuts need an active window.
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: bool(window.status_line.states()))
    yield window
    line.close()
    reader.close()


def press(
    qtbot: QtBot,
    window: MainWindow,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """A key for whatever has the focus of the window.

    The first HTML message gives the window another surface: where no window manager does it,
    somebody must make it active again.
    """
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, key, modifier)


def asked(client: SampleClient, kind: type[A]) -> list[A]:
    return [each for each in client.asked if isinstance(each, kind)]


def words(window: MainWindow) -> str:
    return " | ".join(label.text() for label in window.toast.findChildren(QLabel))


def test_it_opens_on_the_inbox_and_chooses_nothing(
    window: MainWindow, client: SampleClient
) -> None:
    folder = window.folders.current_folder()
    assert folder is not None
    assert folder.role is Role.INBOX
    assert window.list_model.row_count() == 60
    assert not window.list.selected_rows()
    assert not asked(client, link.Render)


def test_folders_stand_in_the_order_people_look_for_them(window: MainWindow) -> None:
    model = window.folders.folders
    top = model.item(0)
    assert top.text() == "Example"
    names = [top.child(row).text() for row in range(top.rowCount())]
    assert names == ["Inbox", "Drafts", "Sent", "Archive", "Junk", "Trash", "Projects", "Receipts"]
    projects = top.child(6)
    assert [projects.child(row).text() for row in range(projects.rowCount())] == [
        "Lighthouse",
        "评审",
    ]


def test_a_chosen_message_is_shown_and_after_two_seconds_read(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.list.choose(0)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    rendered = window.pane.rendered
    assert rendered is not None
    assert rendered.envelope.subject == "Harbour walk on Saturday?"
    assert not asked(client, link.SetFlags)
    qtbot.waitUntil(lambda: bool(asked(client, link.SetFlags)))
    flags = asked(client, link.SetFlags)[0]
    assert isinstance(flags, link.SetFlags)
    assert flags.add == [SEEN]
    qtbot.waitUntil(lambda: not window.list.selected_rows()[0].unread)


def test_arrow_keys_in_haste_mark_nothing_and_pile_up_no_requests(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.list.choose(10)
    for _ in range(6):
        QTest.keyClick(window.list, Qt.Key.Key_Down)
    last = window.list.selected_rows()[0].id
    qtbot.waitUntil(
        lambda: window.pane.rendered is not None and window.pane.rendered.message_id == last
    )
    assert len(asked(client, link.Render)) <= 3
    assert not asked(client, link.SetFlags)


def test_archive_says_so_and_undo_brings_it_back(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.list.choose(5)
    row = window.list.selected_rows()[0]
    press(qtbot, window, Qt.Key.Key_A)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 59)
    qtbot.waitUntil(lambda: "Archived 1 message" in words(window))
    assert window.list.selected_rows() != [row]
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.list_model.row_count() == 60)
    qtbot.waitUntil(lambda: "Undone" in words(window))


def test_star_and_unread_are_toggled_for_all_chosen(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.list.choose(0)
    QTest.keyClick(window.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: all(row.flagged for row in window.list.selected_rows()))
    flags = asked(client, link.SetFlags)[-1]
    assert isinstance(flags, link.SetFlags)
    assert flags.add == [FLAGGED]
    assert len(flags.message_ids) == 2
    press(qtbot, window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: not any(row.flagged for row in window.list.selected_rows()))


def test_a_narrow_window_shows_list_and_message_in_turn(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    window.resize(760, 600)
    qtbot.waitUntil(lambda: window.panes.narrow)
    window.list.choose(0)
    assert window.list.isVisible()
    assert not window.pane.isVisible()
    assert not asked(client, link.Render)
    row = window.list.visualRect(window.list_model.index(2)).center()
    QTest.mouseClick(window.list.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert window.pane.isVisible()
    assert not window.list.isVisible()
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    press(qtbot, window, Qt.Key.Key_Escape)
    assert window.list.isVisible()
    assert window.list.hasFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Return)
    assert window.pane.isVisible()
    window.resize(1200, 760)
    qtbot.waitUntil(lambda: window.list.isVisible() and window.pane.isVisible())


def test_words_are_found_in_a_message(qtbot: QtBot, window: MainWindow) -> None:
    window.list.choose(0)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    window.pane.set_mode(Mode.PLAIN)
    rendered = window.pane.rendered
    assert rendered is not None
    word = next(each for each in rendered.text.split() if each.isalpha() and len(each) > 3)
    press(qtbot, window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    field = window.pane.finding.field
    assert field.isVisible()
    QTest.keyClicks(field, word)
    body = window.pane.body()
    assert isinstance(body, TextView)
    assert body.textCursor().selectedText().casefold() == word.casefold()
    QTest.keyClicks(field, "§§")
    assert not body.textCursor().hasSelection()
    press(qtbot, window, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_search_shows_what_is_found_and_escape_returns(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_Slash)
    QTest.keyClicks(window.search, "needle7")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.list_model.row_count() == 1
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert window.list_model.row_count() == 60
    assert not window.search.text()


def test_typing_shows_what_is_found_and_keeps_the_field(qtbot: QtBot, window: MainWindow) -> None:
    press(qtbot, window, Qt.Key.Key_Slash)
    QTest.keyClicks(window.search, "needle7")
    qtbot.waitUntil(lambda: window.list_model.row_count() == 1)
    # Keys go on into the field, not to the list as commands.
    assert window.search.hasFocus()
    QTest.keyClicks(window.search, "x")
    qtbot.waitUntil(lambda: window.list_model.row_count() == 0)


def test_a_body_that_is_not_here_yet_is_shown_when_it_came(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    client.complete = False
    window.list.choose(1)
    row = window.list.selected_rows()[0]
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    client.complete = True
    window.pane.body_arrived(row.id)
    qtbot.waitUntil(lambda: window.pane.rendered is not None and window.pane.rendered.complete)


def test_trouble_with_an_account_offers_what_helps(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    assert client.on_change is not None
    state = AccountState(AccountId(1), WorkerState.NEEDS_PASSWORD, "The password was refused.")
    client.on_change(StateChanged(state))
    with qtbot.waitSignal(window.link.changed):
        pass

    def line() -> str:
        return " ".join(label.text() for label in window.status_line.findChildren(QLabel))

    # Said once: in the banner, and below once that was put away.
    assert window.notice.words == "Example: The password was refused."
    assert "refused" not in line()
    window.notice.close_button.click()
    assert line().strip() == "Example: The password was refused."
    client.on_change(Notice("Example", ErrorKind.REFUSED, "The server said no.", "NO [CANNOT]"))
    qtbot.waitUntil(window.notice.isVisible)
    client.on_change(Progress(AccountId(1), "Fetching messages", 3, 10))


def test_the_engine_may_go_and_come_back(
    qtbot: QtBot, window: MainWindow, client: SampleClient
) -> None:
    assert client.on_lost is not None
    with qtbot.waitSignals([window.link.lost, window.link.restored]):
        client.on_lost()
    window.list.choose(0)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)


def test_messages_can_be_moved_to_a_folder_by_name(
    qtbot: QtBot, window: MainWindow, client: SampleClient, tmp_path: Path
) -> None:
    receipts = window.reader.find_folder("Receipts")[0]
    window.list.choose(3)
    window.verbs.move_to([window.list.selected_rows()[0].id], receipts)
    qtbot.waitUntil(lambda: "Moved 1 message to Receipts" in words(window))

    def count() -> int:
        node = window.folders.folders.index_of(receipts.id).data(NODE)
        assert isinstance(node, Folder)
        return node.total

    qtbot.waitUntil(lambda: count() == 3)


def test_every_command_has_a_key_and_no_two_the_same() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert all(command.keys for command in COMMANDS)
    assert len(keys) == len(set(keys))


def test_every_button_has_a_name_to_be_read_aloud(window: MainWindow) -> None:
    for button in window.findChildren(QToolButton):
        if button.objectName().startswith("qt_") or not button.isVisibleTo(window):
            continue
        assert button.text() or button.accessibleName() or button.toolTip(), button


def test_size_and_folder_are_remembered(window: MainWindow, tmp_path: Path) -> None:
    receipts = window.reader.find_folder("Receipts")[0]
    window.folders.choose(receipts.id)
    window.close()
    settings = Settings(tmp_path / "settings.json")
    assert settings.number("folder") == receipts.id
    assert settings.text("geometry")


def test_no_account_offers_three_ways_on(qtbot: QtBot, tmp_path: Path) -> None:
    line = EngineLink(lambda: SampleClient(Database(tmp_path / "other")))
    root = tmp_path / "empty"
    root.mkdir()
    reader = Reader(root)
    window = MainWindow(line, reader, Settings(root / "settings.json"))
    qtbot.addWidget(window)
    window.show()
    assert window.empty.add_button.isVisible()
    assert window.empty.files_button.isVisible()
    assert window.empty.demo_button.isVisible()
    line.close()
