"""What an account tells of itself: its log, its traffic, and how much of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from martlet.link.messages import AccountEdit, CheckMail
from martlet.mail.account import Keep, Protocol
from martlet.mail.changes import AccountsChanged
from martlet.mail.sync import LogEntry, Traffic
from martlet.ui.accounts import AccountsDialog, AccountSettings
from martlet.ui.accounts.keeping import KeepingBox, month_bytes, traffic_words
from martlet.ui.accounts.log import AccountLogDialog
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOME = account(1, "home", "tom@example.org")
LINES = [
    LogEntry(1_790_000_300.0, "offline", "The server cannot be reached.", "refused\nport 993"),
    LogEntry(1_790_000_200.0, "conflict", "“湖边” was moved elsewhere first.", "UID 7"),
    LogEntry(1_790_000_100.0, "info", "Inbox: 79 new."),
]


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


@pytest.fixture
def store() -> FakeReader:
    return FakeReader([HOME], lines=list(LINES))


@pytest.fixture
def log(qtbot: QtBot, link: FakeLink, store: FakeReader) -> AccountLogDialog:
    made = AccountLogDialog(link, store.reader, HOME)
    qtbot.addWidget(made)
    made.show()
    return made


def sentences(log: AccountLogDialog) -> list[str]:
    tops = (log.tree.topLevelItem(at) for at in range(log.tree.topLevelItemCount()))
    return [top.text(1) for top in tops if top is not None]


def test_it_reads_newest_first_with_details_behind(log: AccountLogDialog) -> None:
    assert sentences(log) == [line.sentence for line in LINES]
    first = log.tree.topLevelItem(0)
    assert first is not None
    assert not first.isExpanded()
    detail = first.child(0)
    assert detail is not None
    assert detail.text(1) == "refused\nport 993"


def test_conflicts_can_be_looked_at_alone(log: AccountLogDialog) -> None:
    log.kinds.setCurrentIndex(1)
    assert len(sentences(log)) == 2
    log.kinds.setCurrentIndex(2)
    assert sentences(log) == ["“湖边” was moved elsewhere first."]


def test_it_can_be_copied_whole_or_in_part(log: AccountLogDialog) -> None:
    log.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "port 993" in text
    assert "[conflict]" in text
    second = log.tree.topLevelItem(1)
    assert second is not None
    second.setSelected(True)
    log.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "UID 7" in text
    assert "port 993" not in text


def test_it_follows_what_happens(link: FakeLink, store: FakeReader, log: AccountLogDialog) -> None:
    store.lines.insert(0, LogEntry(1_790_000_400.0, "info", "Connected again."))
    link.changed.emit(AccountsChanged())
    assert sentences(log)[0] == "Connected again."
    log.again.click()
    assert link.of(CheckMail)[0].account_ids == [HOME.id]


def test_nothing_happened_is_said(qtbot: QtBot, link: FakeLink) -> None:
    empty = AccountLogDialog(link, FakeReader([HOME]).reader, HOME)
    qtbot.addWidget(empty)
    empty.show()
    assert empty.nothing.isVisible()
    assert not empty.copy.isEnabled()
    empty.close()


def test_traffic_is_that_of_this_month() -> None:
    days = [Traffic("2026-11-02", 5_000_000, 10), Traffic("2026-10-31", 7, 7)]
    assert month_bytes(days, datetime(2026, 11, 21, tzinfo=UTC)) == (5_000_000, 10)
    assert traffic_words([]) == ""


def test_what_is_kept_and_fetched_is_saved(qtbot: QtBot, link: FakeLink, store: FakeReader) -> None:
    dialog = AccountSettings(link, store.reader, HOME)
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.keeping
    assert box.keep.currentText() == "The newest 1 year"
    box.keep.choose(Keep.HEADERS, 0)
    box.budget.setCurrentIndex(2)
    box.connections.setCurrentIndex(0)
    dialog.save.click()
    saved = link.of(AccountEdit)[0].account
    assert (saved.keep, saved.month_mb, saved.connections) == (Keep.HEADERS, 500, 1)
    assert saved.whole_kb == HOME.whole_kb


def test_unusual_settings_survive_a_look(qtbot: QtBot) -> None:
    odd = replace(HOME, month_mb=77, whole_kb=300, keep_days=12, connections=4)
    box = KeepingBox(odd)
    qtbot.addWidget(box)
    assert box.into(odd) == odd


def test_pop3_has_none_of_this(qtbot: QtBot, link: FakeLink) -> None:
    pop = account(1, "old", "tom@example.org", Protocol.POP3)
    dialog = AccountSettings(link, FakeReader([pop]).reader, pop)
    qtbot.addWidget(dialog)
    dialog.show()
    words = [dialog.tabs.tabText(at) for at in range(dialog.tabs.count())]
    assert "Mail on the server" in words
    assert "On this computer" not in words
    assert not dialog.keeping.isVisible()


def test_the_overview_tells_the_month_and_opens_the_log(
    qtbot: QtBot, link: FakeLink, store: FakeReader
) -> None:
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    store.days.append(Traffic(today, 12_000_000, 0))
    dialog = AccountsDialog(link, store.reader)
    qtbot.addWidget(dialog)
    dialog.show()
    item = dialog.list.item(0)
    assert item is not None
    assert "12.0 MB this month" in item.text()
    dialog.log.click()
    log = dialog.findChild(AccountLogDialog)
    assert isinstance(log, AccountLogDialog)
    assert log.isVisible()
