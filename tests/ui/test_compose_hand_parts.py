"""Emoji, links, pasting, the bar and the keys of a letter's window."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from martlet.ui.compose.commands import TABLE
from martlet.ui.compose.letter_keys import LetterKeys
from martlet.ui.compose.markup.lines import Run
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.pasting import Pasting, words_of
from martlet.ui.compose.tools import emoji, links
from martlet.ui.compose.tools.emoji_picker import EmojiPicker
from martlet.ui.compose.tools.emoji_words import WORDS
from martlet.ui.compose.tools.links import Links
from martlet.ui.compose.tools.popup import Popup
from martlet.ui.compose.tools.swatches import Swatches
from martlet.ui.settings import Settings
from ui.hands_desk import press, put_behind, rich, select, texts, window

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


# Emoji


def test_emoji_are_found_in_three_languages() -> None:
    assert emoji.look_up("herz")[0].text == "❤\ufe0f"
    assert emoji.look_up("心")[0].text == "❤\ufe0f"
    assert emoji.look_up("thumbs up")[0].text == "👍"
    assert emoji.look_up("DANKE")[0].text == "🙏"
    assert emoji.look_up("生日")[0].text == "🎂"
    assert emoji.look_up("no such thing at all") == []
    assert emoji.look_up("   ") == []


def test_every_emoji_is_there_once_and_has_a_name() -> None:
    every = emoji.all_emoji()
    assert len(every) > 1000
    assert all(each.name and each.group in emoji.groups() for each in every)
    assert max(Counter(each.text for each in every).values()) == 1
    known = {each.text.removesuffix("\ufe0f") for each in every}
    assert WORDS.keys() <= known


def test_an_emoji_is_chosen_by_keys_and_kept_in_mind(qtbot: QtBot) -> None:
    settings = Settings()
    editor = rich(qtbot)
    for word, wanted in (("party", "🎉"), ("heart", "❤\ufe0f")):
        picker = EmojiPicker(editor, settings)
        picker.open_at(editor.mapToGlobal(QPoint(5, 5)))
        QTest.keyClicks(picker.field, word)
        first = picker.list.item(0).data(Qt.ItemDataRole.UserRole)
        with qtbot.waitSignal(picker.chosen) as chosen:
            QTest.keyClick(picker.field, Qt.Key.Key_Return)
        assert chosen.args == [first]
        assert first == wanted
    picker = EmojiPicker(editor, settings)
    qtbot.addWidget(picker)
    assert picker.list.item(0).text() == picker.used()[0]
    assert len(picker.used()) == 2
    assert picker.list.count() == len(emoji.all_emoji())


def test_an_emoji_goes_where_the_cursor_is_also_into_a_plain_letter(qtbot: QtBot) -> None:
    made = window(qtbot, None, "good")
    put_behind(made.editor, "good")
    press(made.editor, Qt.Key.Key_Period, CTRL)
    picker = made.hands.popup
    assert isinstance(picker, EmojiPicker)
    picker.field.setText("thumbs up")
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert made.draft().text == "good👍"


# Links


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("example.org", "https://example.org"), ("https://a.b/c d", "https://a.b/c d"),
        ("anna@example.org", "mailto:anna@example.org"), ("", ""), ("https://", ""),
        ("localhost:8080/x", "https://localhost:8080/x"), ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""), ("file:///etc/passwd", ""), ("data:text/html,x", ""),
        ("vbscript:x", ""), ("tel:123", "tel:123"),
    ],
)  # fmt: skip
def test_an_address_is_made_whole_or_refused(typed: str, address: str) -> None:
    assert links.address(typed) == address


def test_a_link_is_made_changed_and_taken_away(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>see here now</div>")
    hands = Links(editor)
    select(editor, "here")
    hands.ask()
    assert hands.sheet is not None
    assert hands.sheet.words.text() == "here"
    hands.sheet.href.setText("example.org")
    QTest.keyClick(hands.sheet.href, Qt.Key.Key_Return)
    assert lines_of(editor.document())[0].runs[1] == Run("here", href="https://example.org")
    put_behind(editor, "he")
    hands.ask()
    assert hands.sheet.words.text() == "here"
    assert hands.sheet.href.text() == "https://example.org"
    hands.sheet.words.setText("there")
    hands.sheet.keep()
    assert texts(editor) == ["see there now"]
    assert lines_of(editor.document())[0].runs[1].href == "https://example.org"
    put_behind(editor, "the")
    hands.remove()
    assert lines_of(editor.document())[0].runs == (Run("see there now"),)


def test_a_link_without_words_begins_at_its_address(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    hands = Links(editor)
    hands.ask()
    sheet = hands.sheet
    assert sheet is not None
    assert sheet.focusWidget() is sheet.href
    sheet.words.setText("our page")
    QTest.keyClick(sheet.words, Qt.Key.Key_Return)
    assert sheet.isVisible()  # nothing of it is lost
    assert sheet.focusWidget() is sheet.href
    sheet.words.setText("www.example.org/page")
    QTest.keyClick(sheet.words, Qt.Key.Key_Return)
    assert not sheet.isVisible()
    (run,) = lines_of(editor.document())[0].runs
    assert (run.text, run.href) == ("www.example.org/page", "https://www.example.org/page")


def test_behind_a_new_link_one_writes_plainly(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    Links(editor).set("example.org")
    QTest.keyClicks(editor, " on")
    assert lines_of(editor.document())[0].runs == (
        Run("https://example.org", href="https://example.org"), Run(" on"),
    )  # fmt: skip


# Pasting


def clipboard(text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)


def test_plain_pasting_takes_the_look_of_its_place(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div><b>bold</b></div>")
    clipboard("words", "<i>words</i>")
    put_behind(editor, "bold")
    Pasting(editor).plain()
    assert lines_of(editor.document())[0].runs == (Run("boldwords", bold=True),)


def test_a_quotation_is_pasted_and_one_goes_on_below(qtbot: QtBot) -> None:
    editor = rich(qtbot, "<div>above</div>")
    clipboard("one\r\ntwo\n")
    put_behind(editor, "above")
    Pasting(editor).quotation()
    QTest.keyClicks(editor, "below")
    assert [(line.text, line.quote) for line in lines_of(editor.document())] == [
        ("above", 0), ("one", 1), ("two", 1), ("below", 0),
    ]  # fmt: skip
    editor.load_text("above")
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    clipboard("one\n> two")
    Pasting(editor).quotation()
    assert editor.text() == "above\n> one\n>> two\n"


def test_what_no_letter_can_hold_is_left_out() -> None:
    data = QMimeData()
    data.setText("a\0b\r\nc\rd")
    assert words_of(data) == "ab\nc\nd"
    assert words_of(None) == ""
    assert words_of(QMimeData()) == ""


# The bar


def test_the_bar_follows_the_cursor(qtbot: QtBot) -> None:
    made = window(qtbot, "<h2>Title</h2><div><b>bold</b> plain</div><ul><li>item</li></ul>")
    put_behind(made.editor, "Title")
    assert made.format_bar.button("STYLE").text() == "Heading 2"
    put_behind(made.editor, "bol")
    assert made.commands["bold"].isChecked()
    assert made.format_bar.button("STYLE").text() == "Normal text"
    put_behind(made.editor, "plain")
    assert not made.commands["bold"].isChecked()
    put_behind(made.editor, "item")
    assert made.commands["bullets"].isChecked()


def test_what_does_not_fit_is_in_the_last_menu(qtbot: QtBot) -> None:
    made = window(qtbot)
    bar = made.format_bar
    shown: list[int] = []

    def buttons() -> list[QToolButton]:
        return [each for each in bar.findChildren(QToolButton) if not each.isHidden()]

    def fits(width: int) -> bool:
        right = max(each.geometry().right() for each in buttons())
        return made.width() == width and right <= bar.width() <= width

    for width in (900, 620, 420):
        made.resize(width, 500)
        qtbot.waitUntil(partial(fits, width))
        shown.append(len(buttons()))
        assert not bar.button("MORE").isHidden()
    assert shown == sorted(shown, reverse=True)
    assert shown[-1] < shown[0]
    bar._fill_more(bar._menus["MORE"])
    words = [action.text() for action in bar._menus["MORE"].actions()]
    assert "Table…" in words
    assert "Strike through" in words


def test_the_bar_is_one_stop_and_the_arrows_go_about_it(qtbot: QtBot) -> None:
    made = window(qtbot)
    bar = made.format_bar
    bar.button("STYLE").setFocus()
    QTest.keyClick(bar.button("STYLE"), Qt.Key.Key_Right)
    assert bar.button("FONT").hasFocus()
    QTest.keyClick(bar.button("FONT"), Qt.Key.Key_Left)
    QTest.keyClick(bar.button("STYLE"), Qt.Key.Key_Left)
    assert bar.button("MORE").hasFocus()
    QTest.keyClick(bar.button("bold"), Qt.Key.Key_Space)
    assert made.commands["bold"].isChecked()
    assert made.editor.hasFocus()


def test_menus_run_as_the_window_does(qtbot: QtBot) -> None:
    bar = window(qtbot).format_bar
    for menu in bar._menus.values():
        assert menu.layoutDirection() is bar.layoutDirection()


def test_everything_of_the_bar_has_a_name_and_a_tip(qtbot: QtBot) -> None:
    made = window(qtbot)
    for each in made.format_bar.findChildren(QToolButton):
        assert each.accessibleName()
        assert each.toolTip()
    assert "Ctrl+B" in made.format_bar.button("bold").toolTip()


def test_a_colour_is_chosen_by_keys(qtbot: QtBot) -> None:
    made = window(qtbot, "<div>word</div>")
    made.editor.selectAll()
    made.format_bar.open("colour")
    [sheet] = made.format_bar.findChildren(Swatches)
    assert all(each.accessibleName() for each in sheet.buttons)
    QTest.keyClick(sheet.buttons[0], Qt.Key.Key_Right)
    assert sheet.buttons[1].hasFocus()
    QTest.keyClick(sheet.buttons[1], Qt.Key.Key_Down)
    assert sheet.buttons[6].hasFocus()
    QTest.keyClick(sheet.buttons[6], Qt.Key.Key_Space)
    assert lines_of(made.editor.document())[0].runs[0].colour == sheet_colour()


def sheet_colour() -> str:
    from martlet.ui.compose.text.colours import TEXT

    return TEXT[6].value


# Keys


def test_formatting_by_keys(qtbot: QtBot) -> None:
    made = window(qtbot)
    QTest.keyClicks(made.editor, "one ")
    QTest.keyClick(made.editor, Qt.Key.Key_B, CTRL)
    QTest.keyClicks(made.editor, "two")
    QTest.keyClick(made.editor, Qt.Key.Key_B, CTRL)
    QTest.keyClick(made.editor, Qt.Key.Key_Return)
    QTest.keyClick(made.editor, Qt.Key.Key_8, CTRL | SHIFT)
    QTest.keyClicks(made.editor, "item")
    QTest.keyClick(made.editor, Qt.Key.Key_Return)
    QTest.keyClick(made.editor, Qt.Key.Key_Return)
    made.hands.links.set("example.org")
    QTest.keyClicks(made.editor, " end")
    html = made.draft().html
    assert html is not None
    assert html.replace("\n", "") == (
        '<div>one <b>two</b></div><ul style="margin-top:0;margin-bottom:0"><li>item</li></ul>'
        '<div><a href="https://example.org">https://example.org</a> end</div>'
    )


def test_no_key_has_two_meanings() -> None:
    keys = Counter(
        QKeySequence(key).toString()
        for rows in TABLE.values()
        for row in rows
        if row is not None
        for key in row.keys
    )
    assert "" not in keys
    assert [key for key, number in keys.items() if number > 1] == []


def test_no_command_is_there_twice() -> None:
    ids = Counter(row.id for rows in TABLE.values() for row in rows if row is not None)
    assert [each for each, number in ids.items() if number > 1] == []


@pytest.mark.parametrize(
    ("key", "held", "command"),
    [
        (Qt.Key.Key_B, CTRL, "bold"), (Qt.Key.Key_I, CTRL, "italic"),
        (Qt.Key.Key_U, CTRL, "underline"), (Qt.Key.Key_E, CTRL, "code"),
        (Qt.Key.Key_X, CTRL | SHIFT, "strike"), (Qt.Key.Key_1, CTRL | ALT, "style.1"),
        (Qt.Key.Key_8, CTRL | SHIFT, "bullets"), (Qt.Key.Key_E, CTRL | SHIFT, "align.center"),
    ],
)  # fmt: skip
def test_keys_reach_their_commands_in_the_editor(
    qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier, command: str
) -> None:
    made = window(qtbot, "<div>word</div>")
    made.editor.selectAll()
    QTest.keyClick(made.editor, key, held)
    assert made.commands[command].isChecked()
    assert made.editor.toPlainText() == "word"


@pytest.mark.parametrize(
    ("key", "held"),
    [(Qt.Key.Key_K, CTRL), (Qt.Key.Key_F12, CTRL), (Qt.Key.Key_Period, CTRL)],
)
def test_keys_open_their_sheets(qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    made = window(qtbot, "<div>word</div>")
    QTest.keyClick(made.editor, key, held)
    [sheet] = made.editor.findChildren(Popup)
    assert sheet.isVisible()
    assert made.editor.toPlainText() == "word"
    sheet.close()


def test_a_table_by_keys_alone(qtbot: QtBot) -> None:
    made = window(qtbot)
    made.hands.tables.insert(1, 1)
    editor = made.editor
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(editor, key, ALT)
    assert (editor.html().count("<tr>"), editor.html().count("<td")) == (3, 9)
    QTest.keyClick(editor, Qt.Key.Key_Delete, ALT)
    QTest.keyClick(editor, Qt.Key.Key_Delete, ALT | SHIFT)
    assert (editor.html().count("<tr>"), editor.html().count("<td")) == (2, 4)


def test_rich_commands_do_nothing_to_a_plain_letter(qtbot: QtBot) -> None:
    made = window(qtbot, None, "word")
    rich_only = ("style.", "bold", "align.", "table", "clear", "picture", "row.", "column.")
    made.editor.selectAll()
    for rows in TABLE.values():
        for row in rows:
            if row is not None and row.id.startswith(rich_only):
                made.commands[row.id].trigger()
    assert made.draft().text == "word"
    assert made.draft().html is None


def test_a_key_still_works_after_its_menu_was_looked_at(qtbot: QtBot) -> None:
    made = window(qtbot, None, "word")
    made.commands.refresh()
    assert not made.commands["bold"].isEnabled()
    made.commands.wake()
    made.set_rich(True)
    made.editor.selectAll()
    QTest.keyClick(made.editor, Qt.Key.Key_B, CTRL)
    assert made.commands["bold"].isChecked()


def test_the_help_shows_every_key(qtbot: QtBot) -> None:
    sheet = LetterKeys()
    qtbot.addWidget(sheet)
    words = {label.text() for label in sheet.findChildren(QLabel)}
    for rows in TABLE.values():
        for row in rows:
            if row is not None and row.keys:
                assert row.text.rstrip("…") in words


def test_a_group_of_emoji_is_gone_to_and_nothing_found_is_said(qtbot: QtBot) -> None:
    settings = Settings()
    editor = rich(qtbot)
    picker = EmojiPicker(editor, settings)
    picker.open_at(editor.mapToGlobal(QPoint(5, 5)))
    picker.show_group("Food")
    here = picker.list.currentItem().text()
    assert next(each for each in emoji.all_emoji() if each.text == here).group == "Food"
    assert picker.list.visualItemRect(picker.list.currentItem()).top() < 40
    picker.field.setText("zzqq")
    said = [each for each in picker.list.findChildren(QLabel) if each.isVisible()]
    assert [each.text() for each in said] == ["Nothing is called that."]
    picker.show_group("Faces")
    assert not said[0].isVisible()
    picker.close()


def test_what_opens_at_the_foot_of_a_window_opens_above_the_line(qtbot: QtBot) -> None:
    settings = Settings()
    editor = rich(qtbot)
    editor.resize(640, 560)
    for y, above in ((20, False), (520, True)):
        picker = EmojiPicker(editor, settings)
        place = editor.mapToGlobal(QPoint(5, y))
        picker.open_at(place, above=30)
        assert (picker.geometry().bottom() < place.y() - 20) is above
        assert (picker.y() >= place.y()) is not above
        picker.close()


def test_the_colour_pointed_at_is_named(qtbot: QtBot) -> None:
    editor = rich(qtbot)
    sheet = Swatches(editor, lambda _value: None, lambda _value: None, ("", ""))
    sheet.open_at(editor.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(sheet.buttons[2], QEvent(QEvent.Type.Enter))
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert sheet.buttons[2].accessibleName() in words
    sheet.close()
