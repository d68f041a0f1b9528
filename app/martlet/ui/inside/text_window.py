"""A window of text that can be read, searched and copied, and of which more can be asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QFontInfo,
    QKeySequence,
    QShortcut,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.find_bar import FindBar
from martlet.ui.room import fit

_MOST_FOUND = 1000
_MOST_NAMES = 1000
_KEEP = QTextCursor.MoveMode.KeepAnchor
_NAME = re.compile(r"^[!-9;-~]{1,60}:")


class TextWindow(QFrame):
    """shown: what it is about, for its title. Esc ends the search, or closes it."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setWindowIcon(theme.application_icon())
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("sourceText")
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setAccessibleName(title)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.document().setDocumentMargin(16)
        # The keys go through the text, and a reader of the screen follows them.
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        font = theme.font(13)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setFamilies([QFontInfo(fixed).family(), *font.families()])
        self.text.setFont(font)
        self.finding = FindBar(self)
        self.finding.wanted.connect(self._find)
        self._sought = ""
        self._foot = QFrame(self)
        self._foot.setObjectName("windowFoot")
        self.foot = QHBoxLayout(self._foot)
        self.foot.setContentsMargins(16, 8, 12, 8)
        self.foot.setSpacing(8)
        self.note = QLabel(self._foot)
        self.note.setProperty("tone", "second")
        self.foot.addWidget(self.note, 1)
        self.wrap = QCheckBox(self.tr("&Wrap lines"), self._foot)
        self.wrap.toggled.connect(self._wrap)
        self.foot.addWidget(self.wrap)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.finding)
        column.addWidget(self.text, 1)
        column.addWidget(self._foot)
        for keys, run in (("Esc", self._leave), ("Ctrl+W", self.close)):
            QShortcut(QKeySequence(keys), self, run)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.finding.begin)
        QShortcut(QKeySequence(QKeySequence.StandardKey.FindNext), self, self.finding.next)
        self._wrap(on=False)
        fit(self, 900, 680)

    def offer(self, words: str, run: Callable[[], None]) -> QPushButton:
        """One more button at its foot."""
        button = QPushButton(words, self._foot)
        button.clicked.connect(run)
        self.foot.addWidget(button)
        return button

    def copy_all(self) -> None:
        cursor = self.text.textCursor()
        self.text.selectAll()
        self.text.copy()
        self.text.setTextCursor(cursor)

    def _wrap(self, on: bool) -> None:
        mode = QPlainTextEdit.LineWrapMode
        self.text.setLineWrapMode(mode.WidgetWidth if on else mode.NoWrap)

    def _leave(self) -> None:
        if self.finding.isVisible():
            self.finding.leave()
            self.text.setFocus()
        else:
            self.close()

    def _find(self, words: str, forwards: bool) -> None:
        """To the next place of these words, round the end."""
        places = self._places(words)
        cursor = self.text.textCursor()
        if not places:
            cursor.setPosition(cursor.selectionStart())
            self.text.setTextCursor(cursor)
            self.finding.show_count(0, 0)
            self._sought = ""
            return
        start = cursor.selectionStart()
        again = words == self._sought and cursor.hasSelection()
        if forwards:
            first = start + 1 if again else start
            found = (at for at, each in enumerate(places) if each.selectionStart() >= first)
            at = next(found, 0)
        else:
            back = reversed(range(len(places)))
            at = next((at for at in back if places[at].selectionStart() < start), len(places) - 1)
        self._sought = words
        self.text.setTextCursor(places[at])
        self.text.centerCursor()
        self.finding.show_count(at + 1, len(places))

    def _places(self, words: str) -> list[QTextCursor]:
        document = self.text.document()
        found: list[QTextCursor] = []
        place = document.find(words, 0) if words else QTextCursor()
        while not place.isNull() and len(found) < _MOST_FOUND:
            found.append(place)
            place = document.find(words, place)
        return found


class HeaderNames(QObject):
    """Names of headers stand out, up to the first empty line; of very many the first."""

    def __init__(self, window: TextWindow) -> None:
        super().__init__(window)
        self._document = window.text.document()
        theme.notifier().changed.connect(self.mark)

    def mark(self) -> None:
        """Once the text is there, and in the colours of now."""
        look = QTextCharFormat()
        look.setForeground(QColor(theme.current().accent))
        look.setFontWeight(600)
        block = self._document.begin()
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        for _ in range(_MOST_NAMES):
            text = block.text()
            if not block.isValid() or not text:
                break
            if found := _NAME.match(text):
                cursor.setPosition(block.position())
                cursor.setPosition(block.position() + found.end(), _KEEP)
                cursor.mergeCharFormat(look)
            block = block.next()
        cursor.endEditBlock()
