"""A line of recipients: chips for those entered, an edit with completion for the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QMimeData, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from martlet.mail.message import Address
from martlet.mail.typed import Typed, is_address, parse_typed
from martlet.ui.compose.chip import RecipientChip
from martlet.ui.flow import FlowLayout, grows_down

Complete = Callable[[str, int], list[Address]]
_SUGGESTIONS = 8
_ROOM = 120
_NO_ROOM = 8
_COMES_BACK = (
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
)
BARE_EDIT = "QLineEdit { border: none; background: transparent; padding: 2px 0; }"
"""A field whose line is drawn by its surroundings."""
_POPUP = """
QListView { background: palette(base); border: 1px solid palette(mid); padding: 2px; outline: 0; }
QListView::item { padding: 6px 8px; border-radius: 5px; color: palette(text); }
QListView::item:selected { background: palette(midlight); color: palette(text); }
"""


class RecipientField(QWidget):
    """changed: the recipients are others now."""

    changed = Signal()

    def __init__(self, name: str, complete: Complete, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._chips: list[RecipientChip] = []
        self._flow = FlowLayout(self, gap=5, stretch_last=True)
        self.edit = _Entry(complete, self)
        self.edit.setAccessibleName(name)
        self.edit.entered.connect(self.take)
        self.edit.pasted.connect(self._paste)
        self.edit.back.connect(self._edit_last)
        self.edit.textEdited.connect(lambda _text: self.changed.emit())
        self._flow.addWidget(self.edit)
        self.setFocusProxy(self.edit)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        grows_down(self)

    def take(self) -> None:
        """Makes chips of what stands in the edit."""
        text = self.edit.text()
        if text.strip():
            self.edit.clear()
            self._append(parse_typed(text))

    def addresses(self) -> tuple[Address, ...]:
        """Those entered, whatever is still being typed included; wrong ones too (see `wrong`)."""
        return tuple(entry.address for entry in self._entries())

    def wrong(self) -> list[str]:
        """Entries that cannot be an address."""
        return [entry.written for entry in self._entries() if not entry.valid]

    def set_addresses(self, addresses: Iterable[Address]) -> None:
        for chip in list(self._chips):
            self._drop(chip)
        self.edit.clear()
        self._append(tuple(Typed(a, str(a)) for a in addresses), tell=False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus()
        super().mousePressEvent(event)

    def _entries(self) -> tuple[Typed, ...]:
        return (*(chip.entry for chip in self._chips), *parse_typed(self.edit.text()))

    def _append(self, entries: tuple[Typed, ...], *, tell: bool = True) -> None:
        known = {chip.entry.address.address.casefold() for chip in self._chips}
        for entry in entries:
            key = entry.address.address.casefold()
            if key in known:
                continue
            known.add(key)
            chip = RecipientChip(entry, self)
            chip.removed.connect(self._remove)
            chip.edit_wanted.connect(self._edit_chip)
            self._flow.insert_widget(len(self._chips), chip)
            self._chips.append(chip)
            chip.show()
        self._describe()
        if tell:
            self.changed.emit()

    def _describe(self) -> None:
        self.edit.setAccessibleDescription(", ".join(c.accessibleName() for c in self._chips))
        self.updateGeometry()

    def _drop(self, chip: QWidget) -> None:
        self._chips = [c for c in self._chips if c is not chip]
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self._describe()

    def _remove(self, chip: QWidget) -> None:
        self._drop(chip)
        self.edit.setFocus()
        self.changed.emit()

    def _edit_chip(self, chip: RecipientChip) -> None:
        self.take()
        text = chip.entry.written
        self._drop(chip)
        self.edit.setText(text)
        self.edit.setFocus()
        self.changed.emit()

    def _edit_last(self) -> None:
        if self._chips:
            self._edit_chip(self._chips[-1])

    def _paste(self, text: str) -> None:
        entries = parse_typed(self.edit.text() + text)
        self.edit.clear()
        self._append(entries)


class _Entry(QLineEdit):
    entered = Signal()
    pasted = Signal(str)
    back = Signal()

    def __init__(self, complete: Complete, parent: QWidget) -> None:
        super().__init__(parent)
        self._complete = complete
        self.setStyleSheet(BARE_EDIT)
        self.setMinimumWidth(_NO_ROOM)
        self.setAcceptDrops(False)  # files belong to the letter
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._popup = QListView()
        self._popup.setStyleSheet(_POPUP)
        self._completer.setPopup(self._popup)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.activated.connect(self._accept)
        self.textEdited.connect(self._suggest)

    def _suggest(self, text: str) -> None:
        prefix = text.strip()
        found = self._complete(prefix, _SUGGESTIONS) if prefix else []
        if not found:
            self._popup.hide()
            return
        self._model.setStringList([str(address) for address in found])
        self._completer.complete()
        self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _accept(self, text: str) -> None:
        self.setText(text)
        self.entered.emit()

    def _chosen(self) -> str:
        """The suggestion that Enter or Tab would take, "" without one."""
        popup = self._popup
        if not popup.isVisible() or not popup.currentIndex().isValid():
            return ""
        return str(popup.currentIndex().data())

    def event(self, event: QEvent) -> bool:
        tab = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if tab and event.type() == QEvent.Type.KeyPress and (chosen := self._chosen()):
            self._popup.hide()
            self._accept(chosen)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if chosen := self._chosen():
                self._popup.hide()
                self._accept(chosen)
            else:
                self.entered.emit()
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste(QGuiApplication.clipboard().mimeData())
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.back.emit()
            return
        if event.text() in (",", ";", "，", "；") and self._complete_enough():
            self._popup.hide()
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def _complete_enough(self) -> bool:
        """Whether a comma ends the entry (in "Berg, Anna <" or in quotes it does not)."""
        entries = parse_typed(self.text())
        return bool(entries) and any(is_address(entry.address.address) for entry in entries)

    def _paste(self, data: QMimeData) -> None:
        text = data.text()
        if any(mark in text for mark in "@\n,;"):
            self.pasted.emit(text)
        else:
            self.insert(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setMinimumWidth(_ROOM)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # Whoever only looks something up in another window has not ended the address.
        if event.reason() not in _COMES_BACK:
            self.entered.emit()
        if not self.text():
            self.setMinimumWidth(_NO_ROOM)  # no line of its own while nobody writes in it
        super().focusOutEvent(event)
