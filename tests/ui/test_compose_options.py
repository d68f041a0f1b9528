"""What a letter asks for and when it goes: set in the composer, seen there and taken out."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId, Priority, SendOptions
from martlet.ui import later, style, theme
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.going.options import begun
from martlet.ui.compose.going.own_headers import OwnHeadersSheet
from martlet.ui.habits import Habits
from martlet.ui.later_menu import LaterMenu, LaterSheet
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin")
BERLIN = ZoneInfo("Europe/Berlin")
DRAFT = Draft(
    DraftId(0), AccountId(1), (Address("", "anna@example.org"),), subject="Hi", text="Hello\n"
)


def letter(qtbot: QtBot, draft: Draft = DRAFT) -> ComposeWindow:
    store = FakeReader([account(1, "home", "tom@example.org")])
    window = ComposeWindow(FakeLink(), store.reader, draft)
    qtbot.addWidget(window)
    window.show()
    return window


def test_what_is_asked_is_seen_and_taken_out(qtbot: QtBot) -> None:
    window = letter(qtbot)
    assert not window.top.line.isVisible()
    window.top.priorities[Priority.HIGH].trigger()
    window.top.receipt.trigger()
    window.commands["dsn"].trigger()
    window.commands["tls"].trigger()
    assert window.top.line.isVisible()
    assert window.top.line.text == (
        "High priority · Read receipt · Told when delivered · Only encrypted"
    )
    assert window.draft().options == SendOptions(
        dsn=True, require_tls=True, receipt=True, priority=Priority.HIGH
    )
    for _ in range(4):
        QTest.mouseClick(window.top.line.chips[0].cross, Qt.MouseButton.LeftButton)
    assert window.draft().options == SendOptions()
    assert not window.top.line.isVisible()
    assert not window.top.receipt.isChecked()


def test_a_letter_opened_again_asks_for_the_same(qtbot: QtBot) -> None:
    options = SendOptions(receipt=True, priority=Priority.LOWEST, headers=(("X-Ticket", "4711"),))
    when = time.time() + 7200
    given = replace(DRAFT, options=options, send_at=when)
    window = letter(qtbot, given)
    assert (window.draft().options, window.draft().send_at) == (options, when)
    assert window.top.line.text.startswith("Goes out ")
    assert window.top.line.text.endswith("Lowest priority · Read receipt · X-Ticket: 4711")
    assert window.top.send.text() == "Send later"
    QTest.mouseClick(window.top.line.chips[0].cross, Qt.MouseButton.LeftButton)
    assert window.draft().send_at == 0.0
    assert window.top.send.text() == "Send"


def test_a_time_that_is_chosen_sends(qtbot: QtBot) -> None:
    window = letter(qtbot)
    menu = window.top.later_menu
    menu.fill()
    words = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert words[0] == "In 1 hour"
    assert words[-2:] == ["Date and time…", "This computer must be on and Martlet running."]
    window.header.to.set_addresses(())
    menu.actions()[0].trigger()  # nobody to send it to: it stays, with its time
    assert "recipient" in window.notice.text
    assert 3500 < window.draft().send_at - time.time() <= 3660
    window.commands["send.soon"].trigger()
    assert window.draft().send_at == 0.0
    window.header.to.set_addresses(DRAFT.to)
    window.editor.setPlainText("Dear Anna,")
    menu.actions()[0].trigger()
    assert window.sending.under_way


def test_a_time_of_ones_own_is_not_in_the_past(qtbot: QtBot) -> None:
    now = datetime.now().replace(hour=12, minute=0, second=0, microsecond=0).timestamp()
    sheet = LaterSheet(0.0, lambda: now)
    sheet.setStyleSheet(style.sheet(theme.current()))
    qtbot.addWidget(sheet)
    sheet.show()
    field = sheet.clock.findChild(QLineEdit)
    assert field is not None
    assert field.width() > 40, "there is room for the time in its field"
    today = QDate.currentDate()
    assert sheet.calendar.minimumDate() == today
    sheet.calendar.setSelectedDate(today)
    sheet.clock.setTime(QTime(11, 0))
    assert not sheet.go.isEnabled()
    assert sheet.words.text() == "That time is over."
    sheet.clock.setTime(QTime(18, 30))
    assert "this computer is on" in sheet.words.text()
    with qtbot.waitSignal(sheet.chosen) as found:
        sheet.go.click()
    assert found.args == [datetime.fromtimestamp(now).replace(hour=18, minute=30).timestamp()]


def test_headers_are_typed_and_what_may_not_be_is_said(qtbot: QtBot) -> None:
    window = letter(qtbot)
    window.top.ask_headers()
    sheet = window.top.headers_sheet
    assert isinstance(sheet, OwnHeadersSheet)
    fill(sheet, 0, "Bcc", "eve@example.org")
    sheet.go.click()
    assert sheet.notice.text == "Bcc is written by Martlet and cannot be set by hand."
    assert window.draft().options.headers == ()
    fill(sheet, 0, "X-Ticket", " 4711\r\n 4712 ")
    sheet.add.click()
    fill(sheet, 1, "X-", "")
    sheet.go.click()
    assert window.draft().options.headers == (("X-Ticket", "4711 4712"),)


def fill(sheet: OwnHeadersSheet, row: int, name: str, value: str) -> None:
    for column, text in enumerate((name, value)):
        cell = sheet.table.item(row, column)
        assert cell is not None
        cell.setText(text)


@pytest.mark.parametrize("width", [420, 600, 900])
def test_nothing_is_cut_off_in_a_narrow_window(qtbot: QtBot, width: int) -> None:
    window = letter(qtbot, replace(DRAFT, options=SendOptions(receipt=True, dsn=True)))
    window.resize(width, 600)
    qtbot.waitUntil(lambda: window.top.width() <= width)
    # Words are left out when there is no room; what stays is laid out anew after that.
    qtbot.waitUntil(lambda: window.top.send.width() >= window.top.send.minimumSizeHint().width())
    assert window.width() == width
    bar = window.top
    shown: list[QWidget] = [bar.send, bar.later, bar.attach, bar.more, bar.menu]
    for each in shown:
        assert each.isVisible()
        right = each.mapTo(window, each.rect().topRight()).x()
        assert right < width
        assert each.width() >= each.minimumSizeHint().width()


def test_a_new_letter_is_begun_as_this_person_wants_it() -> None:
    wants = Habits(rich=True, dsn=True, receipt=True)
    empty = Draft(DraftId(0), AccountId(1))
    assert begun(empty, wants).html == ""
    assert begun(empty, wants).options == SendOptions(dsn=True, receipt=True)
    hides = Habits(utc=True, agent=False)
    assert begun(DRAFT, hides).options == SendOptions(utc=True, agent=False)
    assert begun(DRAFT, wants).html is None  # it has words already
    assert begun(empty, Habits(rich=False)) == empty


# Times


def test_the_usual_times() -> None:
    friday = datetime(2026, 11, 20, 15, 20, 30, tzinfo=BERLIN).timestamp()
    found = [
        (m.words, datetime.fromtimestamp(m.when, BERLIN)) for m in later.moments(friday, BERLIN)
    ]
    assert found == [
        ("In 1 hour", datetime(2026, 11, 20, 16, 20, tzinfo=BERLIN)),
        ("This evening", datetime(2026, 11, 20, 18, 0, tzinfo=BERLIN)),
        ("Tomorrow morning", datetime(2026, 11, 21, 8, 0, tzinfo=BERLIN)),
        ("Monday morning", datetime(2026, 11, 23, 8, 0, tzinfo=BERLIN)),
    ]
    sunday = datetime(2026, 11, 22, 17, 45, tzinfo=BERLIN).timestamp()
    assert [m.words for m in later.moments(sunday, BERLIN)] == ["In 1 hour", "Tomorrow morning"]


def test_after_midnight_the_morning_that_comes_is_offered() -> None:
    night = datetime(2026, 11, 22, 0, 6, tzinfo=BERLIN).timestamp()
    found = {m.words: datetime.fromtimestamp(m.when, BERLIN) for m in later.moments(night, BERLIN)}
    assert found["This morning"] == datetime(2026, 11, 22, 8, tzinfo=BERLIN)
    late = datetime(2026, 11, 22, 6, 45, tzinfo=BERLIN).timestamp()
    assert "This morning" not in [m.words for m in later.moments(late, BERLIN)]


def test_eight_in_the_morning_is_eight_when_the_clocks_change() -> None:
    for day in (datetime(2026, 3, 28, 20), datetime(2026, 10, 24, 20)):
        now = day.replace(tzinfo=BERLIN).timestamp()
        tomorrow = next(m for m in later.moments(now, BERLIN) if m.words == "Tomorrow morning")
        there = datetime.fromtimestamp(tomorrow.when, BERLIN)
        assert (there.hour, there.day) == (8, day.day + 1)
        assert tomorrow.when - now in (11 * 3600, 13 * 3600)
    # 2:30 is not there in that night; it is 3:30.
    skipped = later.at(datetime(2026, 3, 29).date(), datetime(2026, 1, 1, 2, 30).time(), BERLIN)
    assert datetime.fromtimestamp(skipped, BERLIN).hour == 3


@pytest.mark.parametrize("when", [4e12, 1e308, -1e308, float("nan")])
def test_a_time_that_no_calendar_has_is_said_all_the_same(when: float) -> None:
    assert "9999" in later.said(when, 1_700_000_000.0, BERLIN)
    assert later.short(when, 1_700_000_000.0, BERLIN)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_whatever_the_time_what_is_offered_is_to_come_and_in_order(moment: datetime) -> None:
    now = moment.replace(tzinfo=BERLIN).timestamp()
    found = [each.when for each in later.moments(now, BERLIN)]
    assert found[1:] == sorted(found[1:])
    assert now < found[0] <= now + 3600
    assert all(when > now for when in found)
    for when in found:
        assert later.said(when, now, BERLIN)
        assert later.short(when, now, BERLIN)


def test_a_time_is_said_by_its_day() -> None:
    now = datetime(2026, 11, 20, 15, tzinfo=BERLIN)

    def said(when: datetime) -> str:
        return later.said(when.timestamp(), now.timestamp(), BERLIN)

    assert said(now + timedelta(hours=1)).startswith("today at 16:00")
    assert said(now + timedelta(days=1)).startswith("tomorrow at 15:00")
    assert said(now + timedelta(days=3)).startswith("on Monday 23 Nov at ")
    assert "2027" in said(now + timedelta(days=90))


def test_the_menu_asks_and_passes_on_what_is_chosen(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    menu = LaterMenu(owner, given=lambda: time.time() + 90_000)
    own = next(a for a in menu.actions() if a.text() == "Date and time…")
    own.trigger()
    assert menu.sheet is not None
    with qtbot.waitSignal(menu.chosen):
        menu.sheet.go.click()
