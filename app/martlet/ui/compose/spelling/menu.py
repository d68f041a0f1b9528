"""What can be done about a wrong word, as a menu; and the languages to choose from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QPoint
from PySide6.QtGui import QAction, QFont, QTextCursor
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

from martlet.ui.compose.spelling.words import Word

if TYPE_CHECKING:
    from martlet.ui.compose.spelling.marks import Spelling
    from martlet.ui.compose.text.editor import BodyEditor


def _tr(text: str) -> str:
    return QCoreApplication.translate("Spelling", text)


def offer(menu: QMenu, spelling: Spelling, editor: BodyEditor, position: int) -> None:
    """Puts what can be done about the wrong word at `position` on top of a menu, if there is one.

    What may be meant is put in when it is known; the menu may be open by then.
    """
    found = spelling.word_at(position)
    if found is None:
        return
    cursor, word = found
    first = menu.actions()[0] if menu.actions() else menu.addSeparator()
    waiting = QAction(_tr("Looking for words…"), menu)
    waiting.setEnabled(False)
    menu.insertAction(first, waiting)
    for text, what in (
        (_tr("Add “{word}” to my words"), spelling.keep_word),
        (_tr("Ignore in this letter"), spelling.ignore),
    ):
        action = QAction(text.format(word=_shown(word.text)), menu)
        action.triggered.connect(_calling(what, word.text))
        menu.insertAction(first, action)
    menu.insertSeparator(first)

    def arrived(words: list[str]) -> None:
        if not isValid(menu) or not isValid(waiting):
            return
        if not words:
            waiting.setText(_tr("No word is like it"))
            return
        for each in words:
            action = QAction(_shown(each), menu)
            font = QFont(menu.font())
            font.setBold(True)
            action.setFont(font)
            action.triggered.connect(_putting(editor, cursor, word, each))
            menu.insertAction(waiting, action)
        menu.insertSeparator(waiting)
        menu.removeAction(waiting)
        menu.setActiveAction(menu.actions()[0])

    spelling.suggest(word, cursor.block(), arrived)


def open_at(spelling: Spelling, editor: BodyEditor, back: bool = False) -> bool:
    """Goes to the next wrong word and opens its menu there; False: there is none."""
    cursor = spelling.next_wrong(back)
    if cursor is None:
        return False
    editor.setTextCursor(cursor)
    editor.ensureCursorVisible()
    menu = QMenu(editor)
    menu.aboutToHide.connect(menu.deleteLater)
    offer(menu, spelling, editor, cursor.selectionStart())
    place = editor.cursorRect(cursor).bottomLeft() + QPoint(0, 4)
    menu.popup(editor.viewport().mapToGlobal(place))
    return True


def languages(spelling: Spelling, parent: QWidget) -> QMenu:
    """The languages there are words of, each to be switched on or off."""
    menu = QMenu(_tr("Languages of spelling"), parent)
    if not spelling.available:
        none = menu.addAction(_tr("No dictionaries are installed (hunspell or aspell)"))
        none.setEnabled(False)
    for each in spelling.available:
        action = menu.addAction(name_of(each))
        action.setCheckable(True)
        action.setChecked(each in spelling.languages)
        action.toggled.connect(_switching(spelling, each))
    return menu


def name_of(language: str) -> str:
    """ "de_AT" -> "Deutsch (Österreich)"."""
    locale = QLocale(language)
    if locale.language() is QLocale.Language.C:
        return language
    name = locale.nativeLanguageName()
    place = locale.nativeTerritoryName() if "_" in language else ""
    return f"{name} ({place})" if place and place not in name else name


def _switching(spelling: Spelling, language: str) -> Callable[[bool], None]:
    def switch(on: bool) -> None:
        others = [each for each in spelling.languages if each != language]
        spelling.use(tuple([*others, language] if on else others))

    return switch


def _calling(what: Callable[[str], None], word: str) -> Callable[[], None]:
    return lambda: what(word)


def _putting(editor: BodyEditor, cursor: QTextCursor, word: Word, other: str) -> Callable[[], None]:
    def put() -> None:
        # The letter may have changed while the menu was open.
        if cursor.selectedText().replace("\u2019", "'") == word.text:
            curly = "\u2019" in cursor.selectedText()
            cursor.insertText(other.replace("'", "\u2019") if curly else other)
            editor.setTextCursor(cursor)

    return put


def _shown(word: str) -> str:
    return word.replace("&", "&&")
