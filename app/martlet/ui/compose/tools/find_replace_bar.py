"""The bar below a letter in which words are looked for and replaced."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTextEdit,
    QToolButton,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.compose.text.finding import Finder, Wanted

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindReplaceBar(QFrame):
    """One row to find; a second one to replace when that is asked for."""

    def __init__(self, editor: QTextEdit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.finder = Finder(editor)
        self.finder.found.connect(self._show_count)
        self.setObjectName("findBar")
        self.setAccessibleName(self.tr("Find and replace"))
        self.field = self._line(self.tr("Find in the letter"))
        self.field.textChanged.connect(self._wanted)
        self.other = self._line(self.tr("Replace with"))
        self.count = QLabel()
        self.count.setProperty("tone", "second")
        self.count.setFont(theme.font(12))
        self.case = self._switch("Aa", self.tr("Match capitals (Alt+C)"), "Alt+C")
        self.whole = self._switch("|ab|", self.tr("Whole words only (Alt+W)"), "Alt+W")
        self.one = self._button(self.tr("Replace"), self.tr("Replace (Enter)"), self.replace)
        self.all = self._button(
            self.tr("Replace all"), self.tr("Replace all (Alt+A)"), self.replace_all
        )
        self.all.setShortcut("Alt+A")
        grid = QGridLayout(self)
        grid.setContentsMargins(20, 6, 12, 6)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.field, 0, 0)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self._symbol("chevron-up", self.tr("Previous (Shift+F3)"), self.previous))
        row.addWidget(self._symbol("chevron-down", self.tr("Next (F3)"), self.next))
        row.addWidget(self.case)
        row.addWidget(self.whole)
        row.addSpacing(4)
        row.addWidget(self.count)
        row.addStretch(1)
        row.addWidget(self._symbol("close", self.tr("Close (Esc)"), self.leave))
        grid.addLayout(row, 0, 1)
        grid.addWidget(self.other, 1, 0)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self.one)
        below.addWidget(self.all)
        below.addStretch(1)
        grid.addLayout(below, 1, 1)
        self._order()
        self.hide()

    def begin(self, *, replace: bool = False) -> None:
        """Shows itself, with what is selected (one line of it) as what is looked for."""
        chosen = self._editor.textCursor().selectedText()
        for part in (self.other, self.one, self.all):
            part.setVisible(replace)
        self.show()
        if chosen and "\u2029" not in chosen and "\ufffc" not in chosen:
            self.field.setText(chosen)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._wanted()

    def leave(self) -> None:
        """Back to the letter."""
        if not self.isHidden():
            self.hide()
            self.finder.stop()
            self._editor.setFocus()

    def next(self) -> None:
        """To the next one; asks what for when nothing is looked for yet."""
        self._go(self.finder.next)

    def previous(self) -> None:
        self._go(self.finder.previous)

    def replace(self) -> None:
        self.finder.replace(self.other.text())

    def replace_all(self) -> None:
        number = self.finder.replace_all(self.other.text())
        self.count.setText(self.tr("%n replaced", "", number))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc and Enter are the bar's while one types in it, not the window's."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not isinstance(event, QKeyEvent) or event.key() not in (Qt.Key.Key_Escape, *_ENTER):
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif watched is self.other:
            self.replace()
        elif held:
            self.previous()
        else:
            self.next()
        return True

    def _go(self, where: Callable[[], None]) -> None:
        if self.isHidden() or not self.field.text():
            self.begin(replace=not self.isHidden() and not self.other.isHidden())
        else:
            where()

    def _wanted(self) -> None:
        self.finder.look_for(
            Wanted(self.field.text(), self.case.isChecked(), self.whole.isChecked())
        )

    def _show_count(self, at: int, number: int) -> None:
        tone = "second"
        if not self.field.text():
            self.count.clear()
        elif not number:
            self.count.setText(self.tr("Not found"))
            tone = "danger"
        elif at:
            self.count.setText(self.tr("{at} of {number}").format(at=at, number=number))
        else:
            self.count.setText(self.tr("%n found", "", number))
        for button in (self.one, self.all):
            button.setEnabled(number > 0)
        if self.count.property("tone") != tone:
            for widget in (self.count, self.field):
                widget.setProperty("tone", tone)
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _order(self) -> None:
        for before, after in ((self.field, self.other), (self.other, self.one),
                              (self.one, self.all), (self.all, self.case),
                              (self.case, self.whole)):  # fmt: skip
            QWidget.setTabOrder(before, after)

    def _line(self, words: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(words)
        line.setAccessibleName(words)
        line.setMinimumWidth(90)
        line.setMaximumWidth(320)
        line.installEventFilter(self)
        return line

    def _switch(self, text: str, tip: str, key: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setShortcut(key)
        button.toggled.connect(self._wanted)
        return self._told(button, tip)

    def _symbol(self, symbol: str, tip: str, run: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(symbol))
        button.setIconSize(QSize(16, 16))
        button.clicked.connect(run)
        return self._told(button, tip)

    def _told(self, button: QToolButton, tip: str) -> QToolButton:
        button.setProperty("kind", "bare")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.installEventFilter(self)
        return button

    def _button(self, text: str, tip: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(run)
        return button
