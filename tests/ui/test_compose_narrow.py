"""A letter in a narrow window: nothing is squeezed into a column beside something else."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import OutboxEntry, OutboxId, OutboxState
from martlet.ui.compose.files.weight_line import WeightLine
from martlet.ui.compose.people.hint import HintLine
from martlet.ui.compose.reminder import Reminder
from martlet.ui.flow import FlowLayout
from martlet.ui.going_stack import GoingStack
from ui.hands_desk import window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PEOPLE = tuple(Address(f"Person {n}", f"person.{n}@example.org") for n in range(6))


def test_recipients_have_their_line_for_themselves(qtbot: QtBot) -> None:
    made = window(qtbot)
    made.resize(780, 640)
    header = made.header
    header.to.set_addresses(PEOPLE)
    assert header.show_cc.parentWidget() is header.show_bcc.parentWidget()
    assert header.show_cc.parentWidget() is not header.writer.parentWidget()
    made.resize(420, 640)
    assert header.show_cc.parentWidget() is header.writer.parentWidget()
    assert header.show_cc.isVisible()
    assert header.show_bcc.isVisible()
    qtbot.waitUntil(lambda: header.to.chips[0].y() == header.to.chips[1].y())
    header.reveal(header.cc)
    made.resize(780, 640)
    assert header.show_cc.isHidden()
    assert header.show_bcc.isVisible()


def test_what_takes_no_room_begins_no_line_of_its_own(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    flow = FlowLayout(around, gap=5, stretch_last=True)
    wide, rest = QWidget(), QWidget()
    wide.setFixedSize(200, 26)
    rest.setFixedSize(8, 26)
    flow.addWidget(wide)
    flow.addWidget(rest)
    assert flow.heightForWidth(200) == 26
    rest.setFixedSize(120, 26)
    flow.invalidate()
    assert flow.heightForWidth(200) == 26 + 5 + 26


def test_what_can_be_done_about_a_remark_stands_below_it(qtbot: QtBot) -> None:
    hint = HintLine()
    qtbot.addWidget(hint)
    hint.say("Your answer goes to the list, not to Anna who wrote.", "Answer the writer")
    hint.resize(780, 60)
    qtbot.waitUntil(lambda: hint.action.x() > 300)
    hint.resize(420, 90)
    qtbot.waitUntil(lambda: hint.action.x() < 210)


def test_the_bar_of_a_heavy_letter_has_a_line_of_its_own(qtbot: QtBot) -> None:
    line = WeightLine()
    qtbot.addWidget(line)
    line.show_weight(2, 30_000_000, 22_000_000, 10_000_000)
    line.resize(380, 120)
    qtbot.waitUntil(lambda: line.words.x() == 0 < line.words.width())
    line.resize(740, 40)
    qtbot.waitUntil(lambda: line.words.x() > 90)


def test_a_reminder_is_no_wider_than_the_letters_lines(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>The report is attached.</div>")
    reminder = made.findChild(Reminder)
    assert isinstance(reminder, Reminder)
    made.resize(1200, 640)
    made.reminder.written("", wanted=True)
    made.reminder.look()
    line = reminder.findChild(QWidget, "factLine")
    assert isinstance(line, QWidget)
    qtbot.waitUntil(lambda: line.width() == 760)
    assert line.x() == 20


@pytest.mark.parametrize("width", [320, 420, 900])
def test_a_letter_that_goes_out_fits_its_window(qtbot: QtBot, width: int) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(width, 400)
    bar = QWidget(over)
    bar.hide()
    stack = GoingStack(over, bar)
    subject = "王小明：Donaudampfschifffahrtsgesellschaftskapitän"
    entry = OutboxEntry(
        OutboxId(1), AccountId(1), "<1@x>", subject, "tom@example.org",
        ("anna@example.org",), OutboxState.QUEUED, 1200, 990.0, not_before=1008.0,
    )  # fmt: skip
    over.show()
    stack.show_letters([(entry, "goes out in 30 s")])
    edge = 12 if width < 520 else 16
    assert stack.x() >= edge
    assert stack.geometry().right() < width - edge + 1
    (card,) = stack.cards.values()
    assert card.named.endswith("…”")
    assert card.undo.isVisible()
    assert card.now.isHidden() or width > 360
    assert card.now.isVisible() or width < 900
    assert [each.text() for each in card.actions()] == ["Send now"]
    with qtbot.waitSignal(stack.now_wanted):
        card.actions()[0].trigger()
