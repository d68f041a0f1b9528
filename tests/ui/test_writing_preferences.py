"""How this person writes, set in the dialog; and a message sent on by its sheet."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from martlet.link.messages import Redirect
from martlet.mail.errors import Refused
from martlet.mail.message import Address, Envelope, MessageId
from martlet.mail.outgoing import OutboxId
from martlet.mail.writing import ForwardAs, Place
from martlet.ui import habits
from martlet.ui.compose.preferences import WritingPreferences
from martlet.ui.compose.spelling.dictionaries import Dictionaries
from martlet.ui.redirect_sheet import RedirectSheet
from martlet.ui.settings import Settings
from ui.compose_fakes import FakeLink, FakeReader, account

pytestmark = pytest.mark.qt_log_ignore("This plugin")


class Dialog:
    def __init__(self, qtbot: QtBot, settings: Settings) -> None:
        self.settings = settings
        self.dictionaries = Dictionaries()
        self.window = WritingPreferences(settings, self.dictionaries)
        qtbot.addWidget(self.window)
        self.window.show()

    def choose(self, box: QComboBox, value: object) -> None:
        at = next(n for n in range(box.count()) if box.itemData(n) == value)
        box.setCurrentIndex(at)
        box.activated.emit(at)


def test_every_row_is_kept_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    dialog = Dialog(qtbot, Settings(file))
    window = dialog.window
    dialog.choose(window.undo, 30)
    dialog.choose(window.many, 0)
    dialog.choose(window.place, Place.BELOW)
    dialog.choose(window.forward, ForwardAs.ATTACHED)
    boxes: list[QCheckBox] = [
        window.remind, window.rich, window.line_starts, window.receipt, window.dsn,
        window.bcc_self, window.below, window.spelling.spell, window.utc, window.agent,
    ]  # fmt: skip
    for box in boxes:
        box.click()
    window.inside.setText("example.org, example.com")
    window.inside.editingFinished.emit()
    assert habits.read(Settings(file)) == habits.Habits(
        undo_s=30, rich=False, place=Place.BELOW, forward=ForwardAs.ATTACHED,
        signature_below=True, spell=False, many=0, own_domains="example.org example.com",
        remind=False, receipt=True, dsn=True, bcc_self=True, line_starts=False, utc=True,
        agent=False,
    )  # fmt: skip


def test_what_is_set_already_is_shown_whatever_it_is(qtbot: QtBot) -> None:
    settings = Settings()
    habits.write(settings, habits.Habits(undo_s=7, place=Place.ABOVE, many=50))
    window = Dialog(qtbot, settings).window
    assert window.undo.currentData() == 7
    assert window.place.currentData() is Place.ABOVE
    assert window.many.currentText() == "From 50 on"
    assert habits.read(settings).undo_s == 7


def test_words_of_ones_own_are_taken_out(qtbot: QtBot) -> None:
    settings = Settings()
    settings.put(**{"write.words": "Martlet\nLindqvist\nZebra"})
    card = Dialog(qtbot, settings).window.spelling
    card.words.setCurrentRow(0)
    card.remove.click()
    assert settings.text("write.words") == "Martlet\nZebra"
    assert [card.words.item(n).text() for n in range(card.words.count())] == ["Martlet", "Zebra"]


def sheet(qtbot: QtBot) -> tuple[RedirectSheet, FakeLink]:
    link, store = FakeLink(), FakeReader([account(1, "home", "tom@example.org")])
    head = Envelope("Invitation", Address("Grete", "grete@example.net"))
    made = RedirectSheet(link, store.reader, MessageId(7), head, 10.0)
    qtbot.addWidget(made)
    made.show()
    return made, link


def test_a_message_is_sent_on_once_to_those_named(qtbot: QtBot) -> None:
    made, link = sheet(qtbot)
    assert not made.go.isEnabled()
    QTest.keyClicks(made.to.edit, "anna@example.org, bruno@example.org")
    QTest.mouseClick(made.go, Qt.MouseButton.LeftButton)
    QTest.mouseClick(made.go, Qt.MouseButton.LeftButton)
    people = [Address("", "anna@example.org"), Address("", "bruno@example.org")]
    assert link.of(Redirect) == [Redirect(MessageId(7), people, 10.0)]
    with qtbot.waitSignal(made.sent) as told:
        link.last(Redirect).answer(OutboxId(3))
    assert told.args == [3]
    assert not made.isVisible()


def test_enter_ends_the_address_and_then_sends_it_on(qtbot: QtBot) -> None:
    made, link = sheet(qtbot)
    QTest.keyClick(made.to.edit, Qt.Key.Key_Return)
    QTest.keyClicks(made.to.edit, "anna@example.org")
    QTest.keyClick(made.to.edit, Qt.Key.Key_Return)
    assert link.of(Redirect) == []
    QTest.keyClick(made.to.edit, Qt.Key.Key_Return)
    assert link.of(Redirect) == [Redirect(MessageId(7), [Address("", "anna@example.org")], 10.0)]


def test_what_cannot_be_is_said_and_the_sheet_stays(qtbot: QtBot) -> None:
    made, link = sheet(qtbot)
    QTest.keyClicks(made.to.edit, "nobody")
    QTest.mouseClick(made.go, Qt.MouseButton.LeftButton)
    assert "cannot be an address" in made.notice.text
    assert link.of(Redirect) == []
    made.to.set_addresses([Address("", "anna@example.org")])
    made.to.changed.emit()
    made.go.click()
    link.last(Redirect).refuse(Refused("The account home has no server to send by."))
    assert made.notice.text == "The account home has no server to send by."
    assert made.isVisible()
    assert made.go.isEnabled()
