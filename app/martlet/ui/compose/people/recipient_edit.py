"""Where the next recipient is typed: offers people and groups, says when an entry has ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from martlet.mail.message import Address
from martlet.mail.typed import is_address, parse_typed
from martlet.mail.visible import visible
from martlet.mail.writing import Group
from martlet.ui.compose.people import recipient_drag
from martlet.ui.compose.people.recipient_offers import OfferLooks, Offers

Complete = Callable[[str, int], Sequence[Address | Group]]
_SUGGESTIONS = 8
ROOM = 120
"""Pixels at the least while one writes in it."""
_NO_ROOM = 8
_LONG_TYPED = 2000
_LONGEST_LOOKED_FOR = 200
_ENDS = (",", ";", "，", "；", "、")
_OF_LISTS = "@＠\n\t" + "".join(_ENDS)
_OFFERS_WIDE, _SIDE = 520, 20
_COMES_BACK = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
)
BARE_EDIT = "QLineEdit { border: none; background: transparent; padding: 2px 0; }"
"""A field whose line is drawn by its surroundings."""
_POPUP = "QListView { background: palette(base); border: 1px solid palette(mid); outline: 0; }"


def begins_at_its_name(field: QLineEdit) -> None:
    """Beside the name of its line, whichever way what is written in it runs."""
    if field.isRightToLeft():
        field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)


class RecipientEdit(QLineEdit):
    """entered: what stands in it is whole. chosen: an Address or Group of those offered.

    pasted: a list. back: Backspace before everything. left: the arrow to what stands before it.
    done, all_wanted: Enter and Ctrl+A with nothing typed. forgotten: Shift+Delete on an address
    that is offered.
    """

    entered = Signal()
    chosen = Signal(object)
    done = Signal()
    pasted = Signal(str)
    back = Signal()
    left = Signal()
    all_wanted = Signal()
    forgotten = Signal(str)

    def __init__(self, complete: Complete, parent: QWidget) -> None:
        super().__init__(parent)
        self._complete = complete
        self.setStyleSheet(BARE_EDIT)
        self.setMinimumWidth(_NO_ROOM)
        self.setMaxLength(32_767)
        self.setAcceptDrops(False)  # files belong to the letter
        begins_at_its_name(self)
        self._model = Offers()
        self._completer = QCompleter(self._model, self)
        self._popup = QListView()
        self._popup.setStyleSheet(_POPUP)
        self._popup.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._popup.setAccessibleName(self.tr("People who are offered"))
        self._completer.setPopup(self._popup)
        # After setPopup, which brings one of its own
        self._popup.setItemDelegate(OfferLooks(self._popup))
        self._completer.setMaxVisibleItems(_SUGGESTIONS)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.activated.connect(self._accept_words)
        self.textEdited.connect(self._suggest)

    def suggest(self) -> None:
        """Offers people for what stands in it; those most written to for nothing."""
        self._offer(self.text().strip())

    def group_named(self) -> Group | None:
        """The group whose whole name stands in it."""
        name = visible(self.text()).rstrip(",;").casefold()
        if not name or "@" in name or len(name) >= _LONGEST_LOOKED_FOR:
            return None
        offered = (one for one in self._complete(name, _SUGGESTIONS) if isinstance(one, Group))
        return next((one for one in offered if visible(one.name).casefold() == name), None)

    def _suggest(self, text: str) -> None:
        if text.strip():
            self._offer(text.strip())
        else:
            self._popup.hide()

    def _offer(self, text: str) -> None:
        self._model.offer(
            list(self._complete(text, _SUGGESTIONS)) if len(text) < _LONGEST_LOOKED_FOR else []
        )
        if not self._model.people:
            self._popup.hide()
            return
        self._completer.complete(self._place())
        self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _place(self) -> QRect:
        """Below what is typed and wide enough for name and address, inside of the window."""
        window = self.window()
        width = min(_OFFERS_WIDE, window.width() - 2 * _SIDE)
        here = self.mapTo(window, self.rect().topLeft()).x()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            here += self.width() - width
        x = max(_SIDE, min(here, window.width() - _SIDE - width))
        return QRect(self.mapFrom(window, QPoint(x, 0)).x(), 0, width, self.height())

    def _accept_words(self, words: str) -> None:
        rows = range(self._model.rowCount())
        said = [str(self._model.index(row).data()) for row in rows]
        self._accept(said.index(words))

    def _accept(self, row: int) -> None:
        if not 0 <= row < len(self._model.people):
            return
        one = self._model.people[row]
        self.clear()
        self._popup.hide()
        self.chosen.emit(one)

    def _current(self) -> int:
        """The row that Enter or Tab would take, -1 without one."""
        popup = self._popup
        if not popup.isVisible() or not popup.currentIndex().isValid():
            return -1
        return popup.currentIndex().row()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._is_own(event):
                event.accept()
                return True
            tab = event.key() == Qt.Key.Key_Tab and event.type() == QEvent.Type.KeyPress
            if tab and (row := self._current()) >= 0:
                self._accept(row)
                return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        """Escape puts the offers away before it closes the letter."""
        return event.key() == Qt.Key.Key_Escape and self._popup.isVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if (row := self._current()) >= 0:
                self._accept(row)
            elif not self.text().strip():
                self.done.emit()
            else:
                self.entered.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.matches(QKeySequence.StandardKey.SelectAll) and not self.text():
            self.all_wanted.emit()
        elif key == Qt.Key.Key_Backspace and not self.text():
            self.back.emit()
        elif key == self._key_back() and not self.cursorPosition() and not self.hasSelectedText():
            self.left.emit()
        elif key == Qt.Key.Key_Delete and self._shifted(event) and self._current() >= 0:
            self._forget(self._current())
        elif key == Qt.Key.Key_Down and plain and not self._popup.isVisible():
            self.suggest()
        elif event.text() in _ENDS and self._complete_enough():
            self._end()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """The marks of Chinese writing come by an input method, not by a key."""
        if event.commitString() in _ENDS and not self.isReadOnly() and self._complete_enough():
            super().inputMethodEvent(QInputMethodEvent())  # nothing is composed any more
            self._end()
        else:
            super().inputMethodEvent(event)

    def _end(self) -> None:
        self._popup.hide()
        self.entered.emit()

    def _shifted(self, event: QKeyEvent) -> bool:
        return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)

    def _forget(self, row: int) -> None:
        one = self._model.people[row]
        if isinstance(one, Group):
            return
        self._model.offer([each for each in self._model.people if each is not one])
        if not self._model.people:
            self._popup.hide()
        else:
            at = min(row, len(self._model.people) - 1)
            self._popup.setCurrentIndex(self._completer.completionModel().index(at, 0))
        self.forgotten.emit(one.address)

    def _key_back(self) -> Qt.Key:
        """The arrow that leads to what stands before."""
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return Qt.Key.Key_Right if right else Qt.Key.Key_Left

    def _complete_enough(self) -> bool:
        """Whether a comma ends the entry (in "Berg, Anna <" or in quotes it does not)."""
        text = self.text()
        if len(text) > _LONG_TYPED:
            return True
        return any(is_address(entry.address.address) for entry in parse_typed(text))

    def paste_data(self, data: QMimeData) -> None:
        """What was copied elsewhere: a list is read, a word is put where the cursor is."""
        text = recipient_drag.words(data)
        if not any(mark in text for mark in _OF_LISTS) and len(text) <= _LONG_TYPED:
            self.insert(visible(text))
            return
        whole, at = self.text(), self.cursorPosition()
        marked = self.hasSelectedText()
        start, end = (self.selectionStart(), self.selectionEnd()) if marked else (at, at)
        self.clear()
        self._popup.hide()
        self.pasted.emit(f"{whole[:start]}{text}{whole[end:]}")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                # Qt's own would put all of a list into this one line.
                action.triggered.disconnect()
                action.triggered.connect(self._paste)
        menu.popup(event.globalPos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The middle button pastes what is marked somewhere, on systems that have that."""
        clipboard = QGuiApplication.clipboard()
        if event.button() is not Qt.MouseButton.MiddleButton or not clipboard.supportsSelection():
            super().mouseReleaseEvent(event)
        elif not self.isReadOnly():
            self.setCursorPosition(self.cursorPositionAt(event.position().toPoint()))
            self.paste_data(clipboard.mimeData(QClipboard.Mode.Selection))

    def _paste(self) -> None:
        self.paste_data(QGuiApplication.clipboard().mimeData())

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setMinimumWidth(ROOM)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # Whoever only looks something up in another window has not ended the address.
        if event.reason() not in _COMES_BACK:
            self.entered.emit()
        if not self.text():
            self.setMinimumWidth(_NO_ROOM)  # no line of its own while nobody writes in it
        super().focusOutEvent(event)
