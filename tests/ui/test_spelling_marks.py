"""Spelling in a letter, with the words that enchant has here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from martlet.ui.compose.spelling import Dictionaries, Spelling, menu
from martlet.ui.compose.spelling.words import words_of
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.settings import Settings

NEEDED = {"en_US", "de_DE"}


@pytest.fixture
def dictionaries(qtbot: QtBot) -> Iterator[Dictionaries]:
    found = Dictionaries()
    with qtbot.waitSignal(found.ready):
        found.open()
    if not set(found.languages) >= NEEDED:
        pytest.skip("enchant has no English and German words here")
    yield found
    found.close()


class Desk:
    """A letter being written, its spelling checked in English and German."""

    def __init__(self, qtbot: QtBot, dictionaries: Dictionaries, settings: Settings) -> None:
        self.qtbot = qtbot
        settings.put(**{"write.languages": "en_US de_DE"})
        self.dictionaries = dictionaries
        self.editor = BodyEditor()
        self.editor.resize(600, 400)
        qtbot.addWidget(self.editor)
        self.spelling = Spelling(self.editor, settings, dictionaries)

    def write(self, text: str, *, rich: bool = False) -> None:
        if rich:
            self.editor.load_html(text)
        else:
            self.editor.load_text(text)

    def wrong(self) -> list[str]:
        """All that is wrong in the letter, once every word of it is looked up."""
        document = self.editor.document()
        blocks = [document.findBlockByNumber(n) for n in range(document.blockCount())]
        words = {w.text for b in blocks for w in words_of(b.text())}
        pairs = [(each, word) for each in self.spelling.languages for word in words]

        def known() -> bool:
            self.dictionaries.look_up(self.spelling.languages, sorted(words))
            return all(self.dictionaries.verdict(*pair) is not None for pair in pairs)

        self.qtbot.waitUntil(known)
        return [w.text for b in blocks for w in self.spelling.wrong_in(b)]


@pytest.fixture
def desk(qtbot: QtBot, dictionaries: Dictionaries, tmp_path: Path) -> Desk:
    return Desk(qtbot, dictionaries, Settings(tmp_path / "settings.json"))


def test_each_paragraph_is_checked_in_its_language(desk: Desk) -> None:
    desk.write(
        "I have recieved your letter, and the weather is good.\n"
        "Ich habe deinen Breif bekommen, und das Wetter ist gut.\n"
        "请看 attachment，谢谢。\n"
    )
    assert desk.wrong() == ["recieved", "Breif"]


def test_quotes_code_and_the_signature_are_not_the_writers_words(desk: Desk) -> None:
    desk.write("All is well here todday.\n> you recieved it\n\n-- \nAnna Recieveski\n")
    assert desk.wrong() == ["todday"]
    desk.write(
        "<div>All is well here todday.</div><blockquote>you recieved it</blockquote>"
        "<div>--&nbsp;</div><div>Anna Recieveski</div>",
        rich=True,
    )
    assert desk.wrong() == ["todday"]


def test_code_within_a_sentence_is_not_checked(desk: Desk) -> None:
    desk.write(
        "<p>请看 😀 and run <code>recieve reciever recieves recieved</code> todday with me.</p>"
        "<pre>recieve the todday</pre>",
        rich=True,
    )
    assert desk.wrong() == ["todday"]
    found = desk.spelling.next_wrong()
    assert found is not None
    assert found.selectedText() == "todday"


def test_suggestions_are_in_the_alphabet_of_the_word(desk: Desk) -> None:
    if "ru_RU" not in desk.dictionaries.languages:
        pytest.skip("enchant has no Russian words here")
    desk.spelling.use(("ru_RU", "en_US"))
    desk.write("Привет, это письмо написал мой друг, он работает здесь: recieved.")
    assert desk.wrong() == ["recieved"]
    block = desk.editor.document().begin()
    (word,) = desk.spelling.wrong_in(block)
    found: list[str] = []
    desk.spelling.suggest(word, block, found.extend)
    desk.qtbot.waitUntil(lambda: bool(found))
    assert found[0] == "received"


def test_the_line_above_a_quotation_is_not_checked(desk: Desk) -> None:
    desk.write("All is well here todday.\n\nOn Monday, Recieveski Vrote:\n> you recieved it\n")
    assert desk.wrong() == ["todday"]
    desk.write("All of it is here todday:\nand is well\n")
    assert desk.wrong() == ["todday"]


def test_a_wrong_word_is_marked_on_the_screen(desk: Desk, qtbot: QtBot) -> None:
    desk.write("I have received your letter, and the weather is good.")
    desk.wrong()
    with qtbot.waitExposed(desk.editor):
        desk.editor.show()
    clean = desk.editor.grab().toImage()
    desk.write("I have recieved your letter, and the weather is good.")
    desk.wrong()
    marked = desk.editor.grab().toImage()
    red = [
        (x, y)
        for x in range(marked.width())
        for y in range(60)
        if marked.pixelColor(x, y).red() > 150 > marked.pixelColor(x, y).green() + 40
        and clean.pixelColor(x, y) != marked.pixelColor(x, y)
    ]
    assert red
    left = desk.editor.cursorRect(_at(desk.editor, 7)).left()
    right = desk.editor.cursorRect(_at(desk.editor, 15)).right()
    assert all(left - 3 <= x <= right + 3 for x, _ in red)


def test_the_word_being_typed_is_left_alone_until_it_is_left(desk: Desk, qtbot: QtBot) -> None:
    desk.write("")
    with qtbot.waitActive(desk.editor):
        desk.editor.show()
        desk.editor.activateWindow()
    desk.editor.setFocus()
    qtbot.waitUntil(desk.editor.hasFocus)
    QTest.keyClicks(desk.editor, "We have recieved")
    assert desk.wrong() == ["recieved"]
    assert not _marked(desk)
    QTest.keyClick(desk.editor, Qt.Key.Key_Space)
    assert desk.wrong() == ["recieved"]
    assert _marked(desk)


def test_a_suggestion_takes_the_words_place_and_can_be_undone(desk: Desk, qtbot: QtBot) -> None:
    desk.write("I have recieved your letter, and it is good.")
    desk.wrong()
    choices = QMenu(desk.editor)
    menu.offer(choices, desk.spelling, desk.editor, 9)
    qtbot.waitUntil(lambda: any(a.text() == "received" for a in choices.actions()))
    next(a for a in choices.actions() if a.text() == "received").trigger()
    assert desk.editor.toPlainText().startswith("I have received your")
    desk.editor.undo()
    assert desk.editor.toPlainText().startswith("I have recieved your")


def test_own_words_last_and_ignored_ones_are_of_this_letter(
    desk: Desk, qtbot: QtBot, dictionaries: Dictionaries, tmp_path: Path
) -> None:
    text = "All of the Martlett and the Zzwick are here now."
    desk.write(text)
    assert desk.wrong() == ["Martlett", "Zzwick"]
    desk.spelling.keep_word("Martlett")
    desk.spelling.ignore("Zzwick")
    assert desk.wrong() == []
    other = Desk(qtbot, dictionaries, Settings(tmp_path / "settings.json"))
    other.write(text)
    assert other.wrong() == ["Zzwick"]
    other.spelling.forget_word("Martlett")
    assert other.wrong() == ["Martlett", "Zzwick"]


def test_f7_goes_round_the_letter(desk: Desk) -> None:
    desk.write("one todday here is it\nall is well here\nanother recieved is there\n")
    desk.wrong()
    seen = []
    for _ in range(3):
        cursor = desk.spelling.next_wrong()
        assert cursor is not None
        seen.append(cursor.selectedText())
        desk.editor.setTextCursor(cursor)
    assert seen == ["todday", "recieved", "todday"]
    back = desk.spelling.next_wrong(back=True)
    assert back is not None
    assert back.selectedText() == "recieved"


def test_switched_off_nothing_is_wrong(desk: Desk) -> None:
    desk.write("one todday here is it")
    assert desk.wrong() == ["todday"]
    desk.spelling.turn(False)
    assert desk.wrong() == []


def test_without_languages_nothing_is_wrong_and_the_menu_says_why(
    qtbot: QtBot, tmp_path: Path
) -> None:
    unopened = Dictionaries()
    editor = BodyEditor()
    qtbot.addWidget(editor)
    settings = Settings(tmp_path / "settings.json")
    settings.put(**{"write.spell": 0})
    spelling = Spelling(editor, settings, unopened)
    editor.load_text("one todday here")
    assert spelling.wrong_in(editor.document().begin()) == ()
    choices = menu.languages(spelling, editor)
    assert not choices.actions()[0].isEnabled()


def _at(editor: BodyEditor, position: int) -> QTextCursor:
    cursor = editor.textCursor()
    cursor.setPosition(position)
    return cursor


def _marked(desk: Desk) -> bool:
    """Whether the wrong word at the end of the first line has its wave."""
    image = desk.editor.viewport().grab().toImage()
    place = desk.editor.cursorRect(_at(desk.editor, 12)).bottomLeft() + QPoint(2, 0)
    around = [
        image.pixelColor(place.x() + dx, place.y() + dy)
        for dx in range(-8, 20)
        for dy in range(-8, 6)
    ]
    return any(c.red() > 150 > c.green() + 40 for c in around)
