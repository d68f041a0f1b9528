"""Dialogs and small sheets show all that they say, and stay whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from martlet.ui.compose.going.before_sending import BeforeSending
from martlet.ui.compose.going.checks import Question
from martlet.ui.compose.preferences import WritingPreferences
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.compose.spelling.dictionaries import Dictionaries
from martlet.ui.compose.tools.links import LinkSheet
from martlet.ui.settings import Settings
from martlet.ui.sheet import Sheet
from ui.hands_desk import put_behind, window

pytestmark = pytest.mark.qt_log_ignore("This plugin")

LINK = '<div>Here is <a href="https://example.org/report">the report</a> now.</div>'
LONG = "A sentence that is long enough to need several lines on every screen there is. " * 2


class Tops(QObject):
    """Notes the kind of each window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


def cut(sheet: Sheet) -> list[str]:
    """The words that have less room than they need."""
    labels = [one for one in sheet.findChildren(QLabel) if one.isVisible() and one.text()]
    return [one.text() for one in labels if one.height() < one.heightForWidth(one.width())]


def test_what_a_sheet_says_is_never_cut(qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    sheet.head("A question", "Do it")
    for _ in range(5):
        sheet.body.addWidget(sheet.text(LONG))
    sheet.resize(460, 100)
    with qtbot.waitExposed(sheet):
        sheet.show()
    assert cut(sheet) == []


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def asked(qtbot: QtBot, parent: QWidget, count: int) -> BeforeSending:
    questions = [Question(LONG, LONG, "Mend it", lambda: None) for _ in range(count)]
    sheet = BeforeSending(questions, "Send anyway", lambda: None, parent)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    with qtbot.waitExposed(sheet):
        sheet.show()
    return sheet


def test_all_that_is_asked_before_sending_can_be_read(qtbot: QtBot, parent: QWidget) -> None:
    sheet = asked(qtbot, parent, 3)
    qtbot.waitUntil(lambda: cut(sheet) == [])


def test_more_than_the_screen_holds_is_scrolled(qtbot: QtBot, parent: QWidget) -> None:
    sheet = asked(qtbot, parent, 30)
    room = sheet.screen().availableGeometry().height()
    qtbot.waitUntil(lambda: sheet.height() <= room)
    assert sheet.cancel.isVisible()
    assert sheet.rect().contains(sheet.cancel.geometry())


def test_what_mends_is_the_last_of_the_buttons(qtbot: QtBot, parent: QWidget) -> None:
    sheet = asked(qtbot, parent, 1)
    found = sorted(sheet.findChildren(QPushButton), key=lambda one: one.x())
    assert [one.text() for one in found] == ["Send anyway", "Keep writing", "Mend it"]
    assert found[-1].isDefault()


def test_a_link_under_the_cursor_is_changed_in_its_sheet(qtbot: QtBot) -> None:
    made = window(qtbot, LINK)
    put_behind(made.editor, "the rep")
    tops = Tops()
    running = QApplication.instance()
    assert running is not None
    running.installEventFilter(tops)
    made.commands["link"].trigger()
    sheet = made.hands.links.sheet
    assert isinstance(sheet, LinkSheet)
    qtbot.waitUntil(lambda: sheet.isVisible())
    running.removeEventFilter(tops)
    assert tops.shown == ["LinkSheet"]
    assert (sheet.words.text(), sheet.href.text()) == ("the report", "https://example.org/report")
    assert sheet.gone.isVisible()
    assert sheet.go.isVisible()
    right = made.frameGeometry().right()
    assert sheet.frameGeometry().right() <= right
    sheet.close()


def test_a_question_reads_from_going_back_to_what_is_meant(qtbot: QtBot, parent: QWidget) -> None:
    role = QMessageBox.ButtonRole
    box = ask(
        parent,
        "Quit",
        "A letter goes out.",
        "What is not sent stays.",
        [
            Choice("Wait", role.AcceptRole),
            Choice("Quit", role.ActionRole),
            Choice("Stay", role.RejectRole, None, True),
        ],
    )
    with qtbot.waitExposed(box):
        pass
    found = sorted(box.buttons(), key=lambda one: one.mapTo(box, QPoint()).x())
    assert [one.text() for one in found] == ["Stay", "Quit", "Wait"]
    assert box.defaultButton() is found[-1]
    assert box.escapeButton() is found[0]
    label = box.findChild(QLabel, "qt_msgbox_label")
    assert isinstance(label, QLabel)
    grid = box.layout()
    assert grid is not None
    assert label.x() == grid.contentsMargins().left(), "no empty column beside it"
    box.close()


def test_preferences_are_whole_in_a_narrow_window(qtbot: QtBot) -> None:
    sheet = WritingPreferences(Settings(), Dictionaries())
    qtbot.addWidget(sheet)
    sheet.resize(420, 620)
    with qtbot.waitExposed(sheet):
        sheet.show()
    area = sheet.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    inside = area.widget()
    assert inside is not None
    qtbot.waitUntil(lambda: inside.width() <= area.viewport().width())
    assert sheet.undo.x() == sheet.inside.x() < 40, "fields stand below their names"
