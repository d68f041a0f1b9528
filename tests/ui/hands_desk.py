"""A rich letter to try the hands on: an editor alone, or its whole window."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from martlet.mail.account import AccountId
from martlet.mail.message import Address
from martlet.mail.outgoing import Draft, DraftId
from martlet.ui.compose import ComposeWindow
from martlet.ui.compose.text.document import lines_of
from martlet.ui.compose.text.editor import BodyEditor
from ui.compose_fakes import FakeLink, FakeReader, account

LETTER = replace(
    Draft(DraftId(0), AccountId(1)),
    to=(Address("Anna Berg", "anna@example.org"),),
    subject="Plans",
)


def rich(qtbot: QtBot, html: str = "") -> BodyEditor:
    """An editor with a rich letter in it, shown."""
    editor = BodyEditor()
    qtbot.addWidget(editor)
    editor.resize(640, 480)
    editor.load_html(html)
    with qtbot.waitExposed(editor):
        editor.show()
    return editor


def window(qtbot: QtBot, html: str | None = "", text: str = "") -> ComposeWindow:
    """A letter's window, active, with the cursor in the letter."""
    store = FakeReader([account(1, "home", "tom@example.org")])
    made = ComposeWindow(FakeLink(), store.reader, replace(LETTER, html=html, text=text))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made, before_close_func=lambda w: w.finish())
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.editor.setFocus()
    return made


def select(editor: BodyEditor, words: str) -> None:
    """Selects words as they stand in the letter."""
    at = editor.document().toPlainText().index(words)
    cursor = editor.textCursor()
    cursor.setPosition(at)
    cursor.setPosition(at + len(words), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def put_behind(editor: BodyEditor, words: str) -> None:
    """Puts the cursor behind words."""
    select(editor, words)
    cursor = editor.textCursor()
    cursor.setPosition(cursor.selectionEnd())
    editor.setTextCursor(cursor)


def texts(editor: BodyEditor) -> list[str]:
    return [line.text for line in lines_of(editor.document())]


def press(editor: BodyEditor, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= each
    QTest.keyClick(editor, key, modifiers)
