"""Chips by the keyboard: arrows between them, Delete, Enter to edit, copy and cut of one or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from martlet.mail.typed import Typed
from martlet.ui.compose.people.chip import RecipientChip

if TYPE_CHECKING:
    from martlet.ui.compose.people.recipients import RecipientField

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
_GONE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class ChipKeys(QObject):
    """Those of one line. Ctrl+A takes all recipients together, those that are not shown too."""

    def __init__(self, field: RecipientField) -> None:
        super().__init__(field)
        self._field = field
        self.all = False
        field.edit.left.connect(self._enter)
        field.edit.all_wanted.connect(self._choose_all)

    def watch(self, chip: RecipientChip) -> None:
        chip.pressed.connect(self._pressed)
        chip.taken.connect(lambda _chip: self.forget())
        chip.show_chosen(self.all)

    def forget(self) -> None:
        """Nothing is chosen together any more."""
        if self.all:
            self._show(False)

    def _choose_all(self) -> None:
        if self._field.chips:
            self._field.chips[-1].setFocus()
            self._show(True)

    def _show(self, chosen: bool) -> None:
        self.all = chosen
        for chip in self._field.chips:
            chip.show_chosen(chosen)

    def _enter(self) -> None:
        if self._field.chips:
            self._field.chips[-1].setFocus()

    def _pressed(self, chip: RecipientChip, event: QKeyEvent) -> None:
        field, key, row = self._field, event.key(), self._field.chips
        back = chip.layoutDirection() is Qt.LayoutDirection.RightToLeft
        before = Qt.Key.Key_Right if back else Qt.Key.Key_Left
        after = Qt.Key.Key_Left if back else Qt.Key.Key_Right
        at = row.index(chip)
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._choose_all()
        elif event.matches(QKeySequence.StandardKey.Copy):
            field.copy(self._chosen(chip))
        elif event.matches(QKeySequence.StandardKey.Cut):
            field.copy(self._chosen(chip))
            self._take_out(chip)
        elif event.matches(QKeySequence.StandardKey.Paste):
            field.edit.setFocus()
            field.edit.keyPressEvent(event)
        elif key in _GONE:
            self._take_out(chip)
        elif key in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            field.edit_chip(chip)
        elif key in (before, Qt.Key.Key_Home):
            row[0 if key == Qt.Key.Key_Home else max(0, at - 1)].setFocus()
        elif key in (after, Qt.Key.Key_End):
            last = key == Qt.Key.Key_End or at + 1 >= len(row)
            (field.edit if last else row[at + 1]).setFocus()
        elif event.text().isprintable() and event.text():
            field.edit.setFocus()
            field.edit.keyPressEvent(event)
        else:
            event.ignore()

    def _chosen(self, chip: RecipientChip) -> list[Typed]:
        return [row.entry for row in self._field.rows] if self.all else [chip.entry]

    def _take_out(self, chip: RecipientChip) -> None:
        field = self._field
        if self.all:
            field.remove([row.key for row in field.rows])
            field.edit.setFocus()
            return
        at = field.chips.index(chip)
        field.remove([field.key_of(chip)])
        (field.chips[min(at, len(field.chips) - 1)] if field.chips else field.edit).setFocus()
