"""What became of a sent message, under its head; and a report, which says what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.changes import DeliveryChanged
from martlet.mail.folder import Role
from martlet.mail.message import Address, Content, Envelope, MessageId
from martlet.mail.outgoing import Delivery, DeliveryKind
from martlet.mail.sync import Arrival
from martlet.store import deliveries, folders, mailbox
from martlet.store.database import Database
from martlet.ui.ledger_line import LedgerLine
from martlet.ui.list_model import FATE, ROW
from martlet.ui.window import MainWindow
from ui.support.partly import hear
from ui.support.sample import HEADLESS, ME, SampleClient, fill
from ui.support.shown import folder, main_window, said

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
NOW = 1_790_000_000.0
ONE = AccountId(1)
SENT = "<plan@example.org>"
FULL = "The mailbox is full. The server said: “452 4.2.2 Quota exceeded”."


def arrive(database: Database, role: Role, envelope: Envelope, uid: int) -> MessageId:
    with database.write() as tx:
        place = folders.by_role(tx, ONE, role)
        assert place is not None
        content = Content("A preview", "text")
        arrival = Arrival(uid, envelope, frozenset(), 900, envelope.date or NOW, content, "x")
        return mailbox.add_many(tx, place.id, [arrival])[0]


class Post:
    """A letter to two, one of whom has no room; and the report about that."""

    def __init__(self, database: Database) -> None:
        self.database = database
        people = (Address("Anna", "anna@example.org"), Address("陈晓明", "chen@example.cn"))
        head = Envelope("季度計劃", ME, people, date=NOW - 7200, message_id=SENT)
        self.sent = arrive(database, Role.SENT, head, 900)
        daemon = Address("Mail Delivery System", "mailer-daemon@example.org")
        report = Envelope("Undelivered", daemon, (ME,), date=NOW, message_id="<r@example.org>")
        self.report = arrive(database, Role.INBOX, report, 901)
        self.note(
            Delivery(NOW - 7190, "anna@example.org", DeliveryKind.ACCEPTED),
            Delivery(NOW - 7190, "chen@example.cn", DeliveryKind.ACCEPTED),
        )

    def note(self, *lines: Delivery) -> None:
        with self.database.write() as tx:
            deliveries.note(tx, ONE, SENT, "", lines)

    def fails(self) -> None:
        self.note(
            Delivery(NOW, "anna@example.org", DeliveryKind.DELIVERED, source=self.report),
            Delivery(NOW, "chen@example.cn", DeliveryKind.FAILED, "5.2.2", FULL, self.report),
        )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = fill(tmp_path, NOW, count=6)
    yield database
    database.close()


@pytest.fixture
def post(database: Database) -> Post:
    return Post(database)


@pytest.fixture
def client(database: Database, post: Post) -> SampleClient:
    return SampleClient(database)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, client: SampleClient) -> Iterator[MainWindow]:
    with main_window(qtbot, tmp_path, client) as window:
        yield window


def shown(window: MainWindow, qtbot: QtBot, message: MessageId) -> None:
    def there() -> bool:
        rendered = window.pane.rendered
        return rendered is not None and rendered.message_id == message

    qtbot.waitUntil(there)


def all_to_be_seen(line: LedgerLine) -> bool:
    """Whether every line of the details has its room."""
    labels = [label for label in line.details.findChildren(QLabel) if label.text()]
    lines = len({label.y() for label in labels})
    place = line.details.parentWidget()
    return lines > 1 and place is not None and place.height() >= lines * labels[0].height() * 0.9


def test_a_sent_message_says_what_became_of_it(
    qtbot: QtBot, window: MainWindow, post: Post
) -> None:
    window.folders.choose(folder(window, "Sent").id)
    window.list.choose(0)
    shown(window, qtbot, post.sent)
    line = window.pane.ledger
    assert line.isVisible()
    assert line.words == "Sent to 2"
    assert not line.unfolded


def test_news_are_shown_at_once_and_unfolded_details_stay(
    qtbot: QtBot, window: MainWindow, post: Post, client: SampleClient
) -> None:
    window.folders.choose(folder(window, "Sent").id)
    window.list.choose(0)
    shown(window, qtbot, post.sent)
    line = window.pane.ledger
    line.more.click()
    assert line.unfolded
    assert line.more.text() == "Less"
    assert "Accepted by your server" in line.details.text
    assert all_to_be_seen(line)
    post.fails()
    hear(window, client, qtbot, DeliveryChanged(SENT))
    assert line.words == "Delivered to 1, failed for 1: the mailbox is full"
    assert line.unfolded
    assert FULL in line.details.text
    assert all_to_be_seen(line)
    line.more.click()
    assert not line.unfolded


def test_from_a_sent_message_to_its_report_and_back(
    qtbot: QtBot, window: MainWindow, post: Post
) -> None:
    post.fails()
    window.folders.choose(folder(window, "Sent").id)
    window.list.choose(0)
    shown(window, qtbot, post.sent)
    line = window.pane.ledger
    line.more.click()
    opener = next(
        b
        for b in line.details.findChildren(QPushButton)
        if b.accessibleName() == "Show report: chen@example.cn"
    )
    opener.click()
    shown(window, qtbot, post.report)
    current = window.folders.current_folder()
    assert current is not None
    assert current.role is Role.INBOX
    assert line.words.startswith("This report is about “季度計劃”, sent ")
    assert not line.unfolded
    line.open.click()
    shown(window, qtbot, post.sent)
    assert line.words.startswith("Delivered to 1, failed for 1")


def test_the_key_unfolds_it_and_leads_from_a_report(
    qtbot: QtBot, window: MainWindow, post: Post
) -> None:
    post.fails()
    window.verbs.show_message(post.report)
    shown(window, qtbot, post.report)
    window.verbs.deliveries()
    shown(window, qtbot, post.sent)
    window.verbs.deliveries()
    assert window.pane.ledger.unfolded
    window.verbs.deliveries()
    assert not window.pane.ledger.unfolded


def test_the_list_of_sent_mail_marks_what_did_not_arrive(
    qtbot: QtBot, window: MainWindow, post: Post, client: SampleClient
) -> None:
    window.folders.choose(folder(window, "Sent").id)
    index = window.list_model.index(0)
    assert index.data(ROW).id == post.sent
    assert index.data(FATE) is DeliveryKind.ACCEPTED
    assert "Not delivered" not in index.data()
    post.fails()
    hear(window, client, qtbot, DeliveryChanged(SENT))
    assert index.data(ROW).id == post.sent
    assert index.data(FATE) is DeliveryKind.FAILED
    assert index.data().endswith("Not delivered to everyone")
    window.folders.choose(folder(window, "INBOX").id)
    assert window.list_model.index(0).data(FATE) is None


def test_of_many_recipients_those_it_did_not_reach_come_first(qtbot: QtBot) -> None:
    line = LedgerLine(clock=lambda: NOW)
    qtbot.addWidget(line)
    line.show()
    many = [Delivery(NOW, f"p{n}@example.org", DeliveryKind.ACCEPTED) for n in range(500)]
    line.show_ledger([*many, Delivery(NOW, "p499@example.org", DeliveryKind.FAILED, "5.1.1")])
    assert line.words == "Sent to 499, failed for 1: there is no such address"
    line.more.click()
    told = line.details.text.splitlines()
    assert told[0] == "p499@example.org"
    assert told[-1] == "… and 460 more recipients"


def test_a_thousand_forged_reports_do_not_hold_the_window_up(qtbot: QtBot) -> None:
    line = LedgerLine(clock=lambda: NOW)
    qtbot.addWidget(line)
    line.show_ledger([Delivery(NOW, "a@x", DeliveryKind.FAILED, said=str(n)) for n in range(1000)])
    line.turn()
    assert line.details.text.count("Could not be delivered") == 12
    assert line.details.text.endswith("999")


def test_other_messages_have_no_such_line(qtbot: QtBot, window: MainWindow, post: Post) -> None:
    window.list.choose(3)
    qtbot.waitUntil(lambda: window.pane.rendered is not None)
    assert not window.pane.ledger.isVisible()
    assert window.pane.ledger.words == ""
    window.verbs.deliveries()
    assert "Nothing is known" in said(window)


def test_a_report_read_before_it_was_understood_says_so_then(
    qtbot: QtBot, window: MainWindow, post: Post, client: SampleClient
) -> None:
    window.verbs.show_message(post.report)
    shown(window, qtbot, post.report)
    assert window.pane.ledger.words == ""
    post.fails()
    window.ledger.body_arrived(post.report)
    assert window.pane.ledger.words.startswith("This report is about")


def test_a_message_that_is_gone_is_not_shown(window: MainWindow) -> None:
    window.verbs.show_message(MessageId(99_999))
    assert window.pane.rendered is None
