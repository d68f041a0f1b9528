"""The context menu of a letter's text: what it has for what is pointed at, by mouse and by key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.images.picture_place import rect_at
from martlet.ui.compose.text.editor import BodyEditor
from ui.hands_desk import press, put_behind, select, window
from ui.support.sample import HEADLESS
from ui.test_compose_picture_hands import letter_with_picture

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
LINK = '<div>see <a href="https://example.org/a">the page</a> and words</div>'


@pytest.fixture(autouse=True)
def no_clipboard_left() -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()


def rows(menu: QMenu) -> list[str]:
    return [each.text() for each in menu.actions() if not each.isSeparator()]


def usable(menu: QMenu) -> set[str]:
    return {each.text() for each in menu.actions() if each.isEnabled() and not each.isSeparator()}


def trigger(menu: QMenu, text: str) -> None:
    next(each for each in menu.actions() if each.text() == text).trigger()


def place_of(editor: BodyEditor, words: str) -> QPoint:
    """The middle of words as they stand in the letter, in the viewport."""
    cursor = editor.textCursor()
    cursor.setPosition(editor.document().toPlainText().index(words) + len(words) // 2)
    return editor.cursorRect(cursor).center()


def opened(qtbot: QtBot, made: ComposeWindow, event: QContextMenuEvent) -> QMenu:
    """The menu that an event brings up."""
    by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(made.editor if by_key else made.editor.viewport(), event)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def by_key(made: ComposeWindow) -> QContextMenuEvent:
    at = QPoint(3, 3)
    reason = QContextMenuEvent.Reason.Keyboard
    return QContextMenuEvent(reason, at, made.editor.mapToGlobal(at))


def test_words_have_the_rows_of_the_table_with_their_keys_and_icons(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>some words</div>")
    menu = made.hands.menu.by_mouse(place_of(made.editor, "some"))
    assert rows(menu) == [
        "Undo", "Redo", "Cut", "Copy", "Paste", "Paste as plain text", "Paste as quotation",
        "Select all",
    ]  # fmt: skip
    cut = made.commands["cut"]
    assert cut in menu.actions()
    assert cut.isShortcutVisibleInContextMenu()
    assert not cut.icon().isNull()
    assert not {"Cut", "Copy"} & usable(menu)
    select(made.editor, "some")
    assert {"Cut", "Copy"} <= usable(made.hands.menu.by_key())


def test_what_is_pasted_goes_where_the_pointer_was(qtbot: QtBot) -> None:
    made = window(qtbot, None, "one two")
    put_behind(made.editor, "two")
    QGuiApplication.clipboard().setText("1 ")
    line = made.editor.cursorRect()
    start = QPoint(made.editor.cursorRect(QTextCursor(made.editor.document())).left(), line.y() + 4)
    trigger(made.hands.menu.by_mouse(start), "Paste")
    assert made.draft().text.startswith("1 one two")


def test_a_selection_that_is_pointed_at_stays(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>one two three</div><div>four</div>")
    select(made.editor, "one two")
    made.hands.menu.by_mouse(place_of(made.editor, "two"))
    assert made.editor.textCursor().selectedText() == "one two"
    made.hands.menu.by_mouse(place_of(made.editor, "four"))
    assert not made.editor.textCursor().hasSelection()


def test_a_link_can_be_copied_and_removed(qtbot: QtBot) -> None:
    made = window(qtbot, LINK)
    menu = made.hands.menu.by_mouse(place_of(made.editor, "the page"))
    assert rows(menu)[:4] == ["Open link", "Edit link…", "Copy address of link", "Remove link"]
    trigger(menu, "Copy address of link")
    assert QGuiApplication.clipboard().text() == "https://example.org/a"
    trigger(menu, "Remove link")
    assert "href" not in (made.draft().html or "")
    assert "the page" in made.draft().text
    assert "Open link" not in rows(made.hands.menu.by_mouse(place_of(made.editor, "and words")))


def test_the_first_half_of_a_links_first_letter_is_the_link(qtbot: QtBot) -> None:
    made = window(qtbot, LINK)
    cursor = made.editor.textCursor()
    cursor.setPosition(made.editor.document().toPlainText().index("the page"))
    place = made.editor.cursorRect(cursor).center() + QPoint(2, 0)
    assert "Open link" in rows(made.hands.menu.by_mouse(place))


def test_a_picture_has_its_sizes_and_a_plain_letter_no_looks(qtbot: QtBot) -> None:
    made = letter_with_picture(qtbot)
    menu = made.hands.menu.by_mouse(rect_at(made.editor, 0).center().toPoint())
    assert rows(menu)[0] == "Size"
    assert {"Words for those who cannot see it…", "Save picture as…", "Remove picture"} <= usable(
        menu
    )
    plain = window(qtbot, None, "https://example.org")
    assert rows(plain.hands.menu.by_key())[0] == "Undo"


def test_in_a_table_its_rows_are_those_of_the_cell_pointed_at(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>above</div>")
    made.hands.tables.insert(2, 2)
    made.editor.insertPlainText("cell")
    put_behind(made.editor, "above")
    assert "Table" not in rows(made.hands.menu.by_mouse(place_of(made.editor, "above")))
    menu = made.hands.menu.by_mouse(place_of(made.editor, "cell"))
    part = next(each for each in menu.actions() if each.text() == "Table").menu()
    assert isinstance(part, QMenu)
    trigger(part, "Row below")
    table = made.hands.tables.here()
    assert table is not None
    assert table.rows() == 3


def test_the_menu_key_opens_it_at_the_cursor(qtbot: QtBot) -> None:
    made = window(qtbot, "<div><br></div>" * 90 + "<div>last words</div>")
    put_behind(made.editor, "last")
    made.editor.verticalScrollBar().setValue(0)
    menu = opened(qtbot, made, by_key(made))
    below = made.editor.viewport().mapToGlobal(made.editor.cursorRect().bottomLeft())
    assert made.editor.viewport().rect().contains(made.editor.cursorRect().center())
    assert abs(menu.x() - below.x()) <= 2 or menu.geometry().right() <= below.x()
    menu.close()


def test_a_keyboard_without_a_menu_key_has_another(qtbot: QtBot) -> None:
    made = window(qtbot, LINK)
    put_behind(made.editor, "the pa")
    press(made.editor, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert rows(menu)[0] == "Open link"
    menu.close()


def test_its_keys_work_again_when_it_has_closed(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>words</div>")
    menu = opened(qtbot, made, by_key(made))
    assert not made.commands["cut"].isEnabled()
    menu.close()
    assert made.commands["cut"].isEnabled()


def test_what_is_done_to_a_link_is_for_the_one_the_cursor_is_in(qtbot: QtBot) -> None:
    made = window(qtbot, LINK)
    put_behind(made.editor, "and words")
    made.commands["link.remove"].trigger()
    assert "https://example.org/a" in (made.draft().html or "")
    put_behind(made.editor, "the pa")
    made.commands["link.remove"].trigger()
    assert "https://example.org/a" not in (made.draft().html or "")
