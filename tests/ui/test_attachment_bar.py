"""The attachment bar: everything in sight, by mouse and by keys, one or several."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QMenu,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from martlet.mail.message import Attachment, MessageId
from martlet.ui import theme
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.attachment_chip import AttachmentChip
from ui.support.attached import Desk, desk, mail, pdf
from ui.support.sample import HEADLESS, png

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)

ONE = MessageId(1)
CONTROL = Qt.KeyboardModifier.ControlModifier


def attachment(part: int, name: str = "", *, size: int = 1000) -> Attachment:
    return Attachment(str(part), name or f"IMG_{part} 港口.jpg", "image/jpeg", size)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


@pytest.fixture
def bar(qtbot: QtBot) -> AttachmentBar:
    made = AttachmentBar()
    made.resize(800, 60)
    qtbot.addWidget(made)
    return made


def shown(qtbot: QtBot, bar: AttachmentBar, count: int) -> list[AttachmentChip]:
    bar.show_attachments([attachment(n) for n in range(1, count + 1)], ONE)
    with qtbot.waitExposed(bar):
        bar.show()
    qtbot.waitUntil(lambda: len(bar.findChildren(AttachmentChip)) == count)
    found = [bar.chip(str(n)) for n in range(1, count + 1)]
    return [chip for chip in found if chip is not None]


def test_forty_wrap_to_three_lines_and_scroll(qtbot: QtBot, bar: AttachmentBar) -> None:
    chips = shown(qtbot, bar, 40)
    assert len(chips) == 40
    line = chips[0].height()
    qtbot.waitUntil(lambda: 3 * line < bar.height() < 5 * line)
    qtbot.waitUntil(lambda: chips[-1] not in bar.in_sight())
    assert chips[0] in bar.in_sight()
    bar.set_current("40")
    qtbot.waitUntil(lambda: chips[-1] in bar.in_sight())
    # Those before it grow; it does not slip away.
    chips[0].setFixedHeight(6 * line)
    qtbot.waitUntil(lambda: chips[-1].y() > 6 * line)
    qtbot.waitUntil(lambda: chips[-1] in bar.in_sight())
    # Where a person has scrolled to, it stays.
    scroll = bar.findChildren(QScrollArea)[0].verticalScrollBar()
    scroll.triggerAction(QScrollBar.SliderAction.SliderToMinimum)
    chips[1].setFixedHeight(7 * line)
    qtbot.waitUntil(lambda: chips[0].height() == 6 * line and chips[-1].y() > 7 * line)
    bar.repaint()
    assert chips[-1] not in bar.in_sight()


def test_a_thousand_come_in_slices(qtbot: QtBot, bar: AttachmentBar) -> None:
    bar.setLocale(QLocale(QLocale.Language.German))
    bar.show_attachments([attachment(n) for n in range(1200)], ONE)
    assert len(bar.findChildren(AttachmentChip)) < 100
    more = next(iter(bar.findChildren(QPushButton)))
    qtbot.waitUntil(lambda: not more.isHidden())
    assert more.text() == "1.000 more…"  # as those write who read German
    assert bar.chip("199") is not None
    assert bar.chip("200") is None
    more.click()
    qtbot.waitUntil(lambda: more.text() == "800 more…")
    assert bar.chip("399") is not None
    # Another message in between: nothing of this one goes on.
    bar.show_attachments([attachment(n) for n in range(1000)], MessageId(2))
    bar.show_attachments([attachment(1)], MessageId(3))
    qtbot.wait(20)
    assert bar.chip("50") is None
    assert more.isHidden()


def test_a_narrow_bar_keeps_names_and_sizes(qtbot: QtBot, bar: AttachmentBar) -> None:
    bar.resize(320, 60)
    (chip,) = shown(qtbot, bar, 1)
    assert "1 kB" in chip.text()
    assert bar.width() == 320
    assert chip.width() <= 300


def test_names_for_those_who_listen(bar: AttachmentBar) -> None:
    away_still = replace(attachment(2), here=False)
    bar.show_attachments([attachment(1, "invoice.pdf.exe"), away_still], ONE)
    program, away = bar.chip("1"), bar.chip("2")
    assert program is not None
    assert away is not None
    assert program.accessibleName() == "invoice.pdf.exe, program, 1 kB"
    assert "Running it" in program.accessibleDescription()
    assert "On the server" in away.accessibleDescription()


def test_what_was_unpacked_says_from_what(bar: AttachmentBar) -> None:
    bar.show_attachments([replace(attachment(1, "报告.doc"), inside="winmail.dat")], ONE)
    chip = bar.chip("1")
    assert chip is not None
    assert "from winmail.dat" in chip.text()


def test_pictures_in_the_text_are_not_listed(bar: AttachmentBar) -> None:
    bar.show_attachments([replace(attachment(1), inline=True)], ONE)
    assert bar.isHidden()


def test_arrows_space_and_enter(qtbot: QtBot, bar: AttachmentBar) -> None:
    chips = shown(qtbot, bar, 9)
    with qtbot.waitActive(bar):
        bar.activateWindow()
    chips[0].setFocus()
    qtbot.waitUntil(chips[0].hasFocus)
    for key, to in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
        (Qt.Key.Key_End, 8),
        (Qt.Key.Key_Right, 8),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Up, 0),
    ):
        QTest.keyClick(focused(), key)
        assert focused() is chips[to]
    QTest.keyClick(chips[0], Qt.Key.Key_Down)
    below = focused()
    assert isinstance(below, AttachmentChip)
    assert below.y() > chips[0].y()
    assert below.x() == chips[0].x()
    with qtbot.waitSignal(bar.preview_wanted) as looked:
        QTest.keyClick(below, Qt.Key.Key_Space)
    assert looked.args == [below.attachment]
    with qtbot.waitSignal(bar.open_wanted) as opened:
        QTest.keyClick(below, Qt.Key.Key_Return)
    assert opened.args == [below.attachment]


def test_tab_stops_once(qtbot: QtBot, bar: AttachmentBar) -> None:
    chips = shown(qtbot, bar, 9)
    with qtbot.waitActive(bar):
        bar.activateWindow()
    chips[3].setFocus()
    qtbot.waitUntil(chips[3].hasFocus)
    strong = [c for c in chips if c.focusPolicy() is Qt.FocusPolicy.StrongFocus]
    assert strong == [chips[3]]


def test_delete_does_nothing(qtbot: QtBot, bar: AttachmentBar) -> None:
    from PySide6.QtGui import QKeySequence, QShortcut

    deleted: list[bool] = []
    chips = shown(qtbot, bar, 2)
    QShortcut(QKeySequence(Qt.Key.Key_Delete), bar).activated.connect(lambda: deleted.append(True))
    with qtbot.waitActive(bar):
        bar.activateWindow()
    chips[0].setFocus()
    qtbot.waitUntil(chips[0].hasFocus)
    QTest.keyClick(chips[0], Qt.Key.Key_Delete)
    assert not deleted
    assert len(bar.shown()) == 2


def test_several_are_chosen_and_meant_together(qtbot: QtBot, bar: AttachmentBar) -> None:
    chips = shown(qtbot, bar, 4)
    for chip in chips[1:3]:
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton, CONTROL)
    with qtbot.waitSignal(bar.drag_wanted) as dragged:
        QTest.mousePress(chips[1], Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        QTest.mouseMove(chips[1], QPoint(90, 20))
        QTest.mouseMove(chips[1], QPoint(120, 30))
    assert dragged.args == [[chips[1].attachment, chips[2].attachment]]
    QTest.mouseRelease(chips[1], Qt.MouseButton.LeftButton)
    chips[1].setFocus()
    with qtbot.waitSignal(bar.copy_wanted) as copied:
        QTest.keyClick(chips[1], Qt.Key.Key_C, CONTROL)
    assert len(copied.args[0]) == 2
    with qtbot.waitSignal(bar.save_wanted) as saved:
        QTest.keyClick(chips[3], Qt.Key.Key_S, CONTROL)
    assert saved.args is not None
    QTest.keyClick(chips[1], Qt.Key.Key_A, CONTROL)
    assert len(bar.chosen()) == 4
    QTest.keyClick(chips[1], Qt.Key.Key_Escape)
    assert not bar.chosen()


def test_the_menu_never_opens_a_program(qtbot: QtBot, bar: AttachmentBar) -> None:
    bar.show_attachments([attachment(1, "a.exe"), attachment(2)], ONE)
    for part, may in (("1", False), ("2", True)):
        chip = bar.chip(part)
        assert chip is not None
        chip.customContextMenuRequested.emit(QPoint(4, 4))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        texts = {action.text(): action.isEnabled() for action in menu.actions()}
        assert texts["Open"] is may
        assert texts["Save…"]
        assert texts["Copy"]
        menu.close()


def test_a_file_that_came_keeps_its_chip(bar: AttachmentBar) -> None:
    bar.show_attachments([replace(attachment(1), here=False)], ONE)
    before = bar.chip("1")
    bar.show_attachments([attachment(1)], ONE)
    after = bar.chip("1")
    assert after is before
    assert after is not None
    assert after.attachment.here


@pytest.fixture
def joined(qtbot: QtBot, tmp_path: Path) -> Desk:
    files = [("a.png", "image/png", png()), ("b.pdf", "application/pdf", pdf())]
    broken = [("c.png", "image/png", png()[:50]), ("d.zip", "application/zip", b"PK\3\4")]
    return desk(qtbot, tmp_path, mail([*files, *broken]))


def test_thumbnails_come_of_what_can_be_drawn(qtbot: QtBot, joined: Desk) -> None:
    qtbot.waitUntil(lambda: joined.chip("b.pdf").thumbnail is not None)
    picture = joined.chip("a.png").thumbnail
    assert picture is not None
    assert picture.pixelColor(picture.width() // 2, picture.height() // 2).green() > 240
    assert joined.chip("d.zip").thumbnail is None
    assert joined.chip("c.png").thumbnail is None


def test_the_focus_stays_among_the_files_or_is_given_up(qtbot: QtBot, bar: AttachmentBar) -> None:
    first = shown(qtbot, bar, 3)[0]
    with qtbot.waitActive(bar):
        bar.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    bar.show_attachments([attachment(7), attachment(8)], MessageId(2))
    assert focused() is bar.chip("7")
    with qtbot.waitSignal(bar.focus_left):
        bar.show_attachments((), None)


def test_another_message_is_not_held_up_by_saving(qtbot: QtBot, bar: AttachmentBar) -> None:
    shown(qtbot, bar, 3)
    bar.show_saving(1, 3)
    save_all = next(b for b in bar.findChildren(QToolButton) if "Save all" in b.accessibleName())
    assert not save_all.isEnabled()
    bar.show_attachments([attachment(7), attachment(8)], MessageId(2))
    assert save_all.isEnabled()


def test_read_from_the_right_it_begins_at_the_right(qtbot: QtBot, bar: AttachmentBar) -> None:
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    chips = shown(qtbot, bar, 3)
    qtbot.waitUntil(lambda: chips[0].x() > chips[1].x() > chips[2].x())
    with qtbot.waitActive(bar):
        bar.activateWindow()
    chips[0].setFocus()
    qtbot.waitUntil(chips[0].hasFocus)
    QTest.keyClick(chips[0], Qt.Key.Key_Left)
    assert focused() is chips[1]
    shot = chips[2].grab().toImage()
    ratio = shot.devicePixelRatio()
    ground = QColor(theme.current().soft_quiet).name()

    def colour(x: int) -> str:
        return shot.pixelColor(round(x * ratio), shot.height() // 2).name()

    assert colour(chips[2].width() - 7) == ground
    assert colour(7) != ground
