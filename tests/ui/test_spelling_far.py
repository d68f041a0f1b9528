"""The next misspelt word is found also where nobody has looked yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from martlet.ui.compose.spelling import Dictionaries, Spelling
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.settings import Settings
from ui.hands_desk import window
from ui.support.sample import HEADLESS

pytestmark = pytest.mark.qt_log_ignore(*HEADLESS)
FAR = "<div>these are words</div>" * 300


def test_one_far_below_is_gone_to_at_the_first_key(qtbot: QtBot) -> None:
    made = window(qtbot, f"{FAR}<div>and here is a mispeltt word in a line</div>")
    qtbot.waitUntil(lambda: bool(made.spelling.available))
    if not made.spelling.languages[:1] or not made.spelling.languages[0].startswith("en"):
        pytest.skip("enchant has no English words here")
    made.commands["spell.next"].trigger()
    qtbot.waitUntil(lambda: made.editor.textCursor().selectedText() == "mispeltt")
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()
    assert made.notice.text == ""


def test_that_there_is_none_is_said_when_all_is_known(qtbot: QtBot) -> None:
    made = window(qtbot, FAR)
    qtbot.waitUntil(lambda: bool(made.spelling.available))
    made.commands["spell.next"].trigger()
    qtbot.waitUntil(lambda: made.notice.text == "No misspelt word was found.")


class Slow(Dictionaries):
    """Knows no word until it is told to answer; then all that were asked for are right."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[tuple[str, str]] = set()
        self.known: set[tuple[str, str]] = set()

    def open(self) -> None:
        """There is nothing to find out."""

    @property
    def languages(self) -> tuple[str, ...]:
        return ("en_US",)

    def verdict(self, language: str, word: str) -> bool | None:
        return True if (language, word) in self.known else None

    def look_up(self, languages: Sequence[str], words: Iterable[str]) -> bool:
        self.asked |= {(each, word) for word in words for each in languages} - self.known
        return bool(self.asked)

    def answer(self) -> None:
        self.known |= self.asked
        self.asked.clear()
        self.looked_up.emit()


def test_words_that_come_while_the_key_still_asks_are_its_answer(qtbot: QtBot) -> None:
    editor = BodyEditor()
    qtbot.addWidget(editor)
    editor.load_text("these are words")
    slow = Slow()
    said: list[str] = []
    spelling = Spelling(editor, Settings(), slow)

    def press() -> None:
        if spelling.next_wrong() is None and not spelling.when_sure(press):
            said.append("none")

    slow.look_up(slow.languages, ["these", "are", "words"])  # as painting does
    press()
    slow.answer()  # before the key's own question went out
    assert said == []
    qtbot.waitUntil(lambda: said == ["none"])


def test_who_asks_is_told_whether_an_answer_comes(qtbot: QtBot) -> None:
    words = Dictionaries()
    with qtbot.waitSignal(words.ready):
        words.open()
    with qtbot.waitSignal(words.looked_up):
        assert words.look_up(["en_US"], ["these", "are"])
        assert words.look_up(["en_US"], ["are"])  # on its way already
    assert not words.look_up(["en_US"], ["these", "are"])
    words.close()
