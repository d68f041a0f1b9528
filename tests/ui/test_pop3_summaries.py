"""Mail of which POP3 has brought the headers only: marked, told of, downloaded, left or deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from martlet.link import messages as link
from martlet.mail.account import AccountId, Protocol
from martlet.mail.changes import BodyArrived, Progress, Unit
from martlet.mail.message import Content, Envelope, MessageId
from martlet.store import accounts, mailbox, pop3
from martlet.store.database import Database
from martlet.ui.list_model import ROW
from martlet.ui.window import MainWindow
from ui.support.partly import ONE, hear
from ui.support.sample import HEADLESS
from ui.support.shown import asked, main_window
from ui.support.summaries import BIG, Pop3Client, fill_pop3

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0
Mailbox = tuple[Database, list[MessageId]]


@pytest.fixture
def mailbox_there(tmp_path: Path) -> Iterator[Mailbox]:
    database, summaries = fill_pop3(tmp_path, NOW)
    yield database, summaries
    database.close()


@pytest.fixture
def summaries(mailbox_there: Mailbox) -> list[MessageId]:
    return mailbox_there[1]


@pytest.fixture
def client(mailbox_there: Mailbox) -> Pop3Client:
    return Pop3Client(*mailbox_there)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: Pop3Client) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window


def place(window: MainWindow, message: MessageId) -> int:
    row = window.reader.row(message)
    assert row is not None
    return window.list_model.position_of(row.sort_key)


def show(qtbot: QtBot, window: MainWindow, message: MessageId) -> None:
    window.list.choose(place(window, message))

    def there() -> bool:
        rendered = window.pane.rendered
        return rendered is not None and rendered.message_id == message

    qtbot.waitUntil(there)


def bar_words(window: MainWindow) -> str:
    bar = window.list_pane.bar
    words = " ".join(label.text() for label in bar.findChildren(QLabel)).strip()
    return words if bar.isVisible() else ""


def press(label: str) -> None:
    """Presses a button of the question that opens next."""

    def find() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        buttons: list[QAbstractButton] = box.buttons()
        next(b for b in buttons if b.text().replace("&", "") == label).click()

    QTimer.singleShot(0, find)


def arrives(qtbot: QtBot, window: MainWindow, client: Pop3Client, message: MessageId) -> None:
    with client.database.write() as tx:
        pop3.complete(tx, message, Envelope("Here"), Content("Now it is here"), "b" * 64, BIG)
    client.waiting.discard(message)
    hear(window, client, qtbot, BodyArrived(message))


def test_rows_are_marked_and_say_how_large_they_are(
    window: MainWindow, summaries: list[MessageId]
) -> None:
    index = window.list_model.index(place(window, summaries[0]))
    row = index.data(ROW)
    assert not row.has_body
    assert row.partial
    assert "Only its headers are here, 12" in index.data()


def test_the_pane_shows_what_is_known_and_what_can_be_done(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    show(qtbot, window, summaries[0])
    rest = window.pane.rest
    assert rest.isVisible()
    assert rest.words.startswith("12")
    assert rest.words.endswith("MB of this message is on the server.")
    assert [b.text() for b in (rest.download, rest.leave, rest.delete) if b.isVisible()] == [
        "Download", "Leave it there", "Delete it there…"
    ]  # fmt: skip
    said = " ".join(label.text() for label in window.pane.findChildren(QLabel) if label.isVisible())
    assert "Only the headers of this message are here." in said
    rest.download.setFocus()
    rest.download.click()
    assert window.focusWidget() is rest.stop
    qtbot.waitUntil(lambda: client.downloads() == [[summaries[0]]])
    half = Progress(ONE, "关于", BIG // 2, BIG, Unit.BYTES, 30.0, summaries[0])
    hear(window, client, qtbot, half)
    assert rest.stop.isVisible()
    assert not rest.delete.isVisible()
    assert "of 12" in rest.words
    arrives(qtbot, window, client, summaries[0])
    qtbot.waitUntil(lambda: not rest.isVisible())
    # A page of HTML has its focus in a widget of its own below it.
    body, focused = window.pane.body(), window.focusWidget()
    assert focused is body or body.isAncestorOf(focused)
    assert "lighthouse" in window.pane.rendered.text if window.pane.rendered else False


def test_left_there_it_stays_so_and_can_still_be_had(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    show(qtbot, window, summaries[0])
    window.pane.rest.leave.click()
    assert "stays on the server" in window.pane.rest.words
    assert not window.pane.rest.leave.isVisible()
    show(qtbot, window, summaries[1])
    assert window.pane.rest.leave.isVisible()
    show(qtbot, window, summaries[0])
    assert not window.pane.rest.leave.isVisible()
    assert window.pane.rest.download.isVisible()
    assert not client.downloads()


def test_deleting_it_there_asks_first(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    show(qtbot, window, summaries[0])
    press("Keep it")
    window.pane.rest.delete.click()
    assert not asked(client, link.Delete)
    press("Delete it there")
    window.pane.rest.delete.click()
    qtbot.waitUntil(lambda: bool(asked(client, link.Delete)))
    (deleted,) = asked(client, link.Delete)
    assert deleted.message_ids == [summaries[0]]
    assert deleted.permanently


def test_above_the_list_all_can_be_downloaded(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    assert bar_words(window) == "2 messages are only on the server."
    window.list_pane.bar.action.click()
    qtbot.waitUntil(lambda: bool(client.downloads()))
    assert sorted(client.downloads()[0]) == sorted(summaries)
    arrives(qtbot, window, client, summaries[0])
    qtbot.waitUntil(lambda: bar_words(window) == "1 message is only on the server.")
    arrives(qtbot, window, client, summaries[1])
    qtbot.waitUntil(lambda: bar_words(window) == "")


def test_several_are_chosen_and_downloaded(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    window.list.selectAll()
    window.verbs.download()
    qtbot.waitUntil(lambda: bool(client.downloads()))
    assert sorted(client.downloads()[0]) == sorted(summaries)


def test_deleting_for_good_says_what_is_only_there(
    qtbot: QtBot, window: MainWindow, client: Pop3Client
) -> None:
    window.list.selectAll()
    seen: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.text())
        box.reject()

    QTimer.singleShot(0, look)
    window.verbs.delete_forever()
    assert "2 are only on the server, and are deleted there." in seen[0]


def test_only_the_missing_have_a_bar_of_their_own(qtbot: QtBot, window: MainWindow) -> None:
    window.verbs.only_missing()
    assert window.list_model.row_count() == 2
    assert "only on the server" in bar_words(window)
    window.summaries.look_again()
    window.looking.leave()
    assert bar_words(window) == "2 messages are only on the server."


def test_they_are_told_of_in_another_accounts_inbox_too(
    qtbot: QtBot, window: MainWindow, client: Pop3Client
) -> None:
    (own,) = accounts.all_accounts(client.database)
    assert own.incoming is not None
    imap = replace(own, incoming=replace(own.incoming, protocol=Protocol.IMAP))
    with client.database.write() as tx:
        accounts.edit(tx, imap)
    window.folders.announce()
    assert bar_words(window) == ""
    other = replace(own, id=AccountId(0), name="Old", address="old@example.org", into=own.id)
    with client.database.write() as tx:
        accounts.add(tx, other)
    window.folders.announce()
    assert bar_words(window) == "2 messages are only on the server."


def test_a_summary_gone_there_is_gone_from_the_bar(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    with client.database.write() as tx:
        mailbox.remove(tx, [summaries[0]])
    qtbot.waitUntil(lambda: bar_words(window) == "1 message is only on the server.")


def test_one_that_turns_out_to_be_empty_is_shown_empty(
    qtbot: QtBot, window: MainWindow, client: Pop3Client, summaries: list[MessageId]
) -> None:
    show(qtbot, window, summaries[0])
    client.empty.add(summaries[0])
    arrives(qtbot, window, client, summaries[0])
    qtbot.waitUntil(lambda: not window.pane.rest.isVisible())
    told = [label.text() for label in window.pane.findChildren(QLabel) if label.isVisible()]
    assert "Only the headers of this message are here." not in told
    assert window.pane.body().isVisible()
