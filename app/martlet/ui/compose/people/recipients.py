"""A line of recipients: chips for the first ones, a number for the others, an edit for the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import QPushButton, QWidget

from martlet.link.messages import ForgetAddress, RememberAddress
from martlet.mail.message import Address
from martlet.mail.person_words import folded
from martlet.mail.typed import Typed, parse_typed
from martlet.mail.writing import Group
from martlet.ui.compose.people import recipient_drag
from martlet.ui.compose.people.chip import RecipientChip
from martlet.ui.compose.people.recipient_edit import BARE_EDIT, ROOM, Complete, RecipientEdit
from martlet.ui.compose.people.recipient_keys import ChipKeys
from martlet.ui.compose.people.recipient_list import RecipientList
from martlet.ui.compose.people.recipient_menu import chip_menu
from martlet.ui.compose.people.recipient_reading import LONG, ListReading
from martlet.ui.compose.people.recipient_rows import RecipientRows
from martlet.ui.flow import FlowLayout, grows_down

__all__ = ["BARE_EDIT", "Complete", "RecipientField"]

_ALL = 32  # so many are all shown as chips
_CHIPS = 15  # of more than these, where there is room for so many


class RecipientField(QWidget):
    """changed: the recipients are others now. asked: a request for the engine (groups, contacts).

    read: a long list was taken in, so many. moved: (field of another line, entries) to be taken
    there. group_wanted: these people are to become a group. resized: it needs another height.
    """

    changed = Signal()
    asked = Signal(object)
    read = Signal(int)
    moved = Signal(str, object)
    group_wanted = Signal(object)
    resized = Signal()

    def __init__(self, name: str, complete: Complete, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.others: tuple[str, ...] = ()
        self.rows = RecipientRows()
        self.chips: list[RecipientChip] = []
        self._twice: dict[str, str] = {}
        self._room: QSize | None = None
        self._reading = ListReading(self.rows, self)
        self._reading.went_on.connect(self._count)
        self._reading.ended.connect(self._all_read)
        self._list: RecipientList | None = None
        self._flow = FlowLayout(self, gap=5, stretch_last=True)
        self.edit = RecipientEdit(complete, self)
        self.edit.setAccessibleName(name)
        self.edit.entered.connect(self.take)
        self.edit.chosen.connect(self.take_chosen)
        self.edit.pasted.connect(self.paste)
        self.edit.forgotten.connect(lambda address: self.asked.emit(ForgetAddress(address)))
        self.edit.back.connect(self._edit_last)
        self.edit.textEdited.connect(lambda _text: self.changed.emit())
        self.more = QPushButton(self)
        self.more.setProperty("kind", "link")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self.show_all)
        self.more.hide()
        self._flow.addWidget(self.more)
        self._flow.addWidget(self.edit)
        self.keys = ChipKeys(self)
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        grows_down(self)

    # What it holds

    @property
    def reading(self) -> bool:
        """Whether a long list is still being read."""
        return self._reading.under_way

    def addresses(self) -> tuple[Address, ...]:
        """Those entered, whatever is still being typed included; wrong ones too (see `wrong`)."""
        if not self.edit.text().strip():
            return self.rows.people
        typed = (entry.address for entry in parse_typed(self.edit.text()))
        return (*self.rows.people, *typed)

    def wrong(self) -> list[str]:
        """Entries that cannot be an address."""
        typed = (entry.written for entry in parse_typed(self.edit.text()) if not entry.valid)
        return [*self.rows.wrong, *typed]

    def set_addresses(self, addresses: Iterable[Address]) -> None:
        self._stop_reading()
        self.rows.clear()
        self.edit.clear()
        for one in addresses:
            self.rows.add(Typed(one, str(one)))
        self.show_rows()

    def take(self) -> None:
        """Makes chips of what stands in the edit."""
        text, group = self.edit.text(), self.edit.group_named()
        if group is not None:
            self.edit.clear()
            self.take_chosen(group)
        elif text.strip():
            self.edit.clear()
            self.add(parse_typed(text))

    def add(self, entries: Iterable[Typed]) -> None:
        """Takes these in beside those that are there."""
        for entry in entries:
            self.rows.add(entry)
        self._changed()

    def take_all(self, other: RecipientField) -> None:
        """Everybody of another line comes here."""
        self.rows.take_all(other.rows)
        other._changed()
        self._changed()

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            self.rows.remove(key)
        self._changed()

    def replace(self, key: str, address: Address) -> None:
        """Another address in the place of this one."""
        self.rows.replace(key, Typed(address, str(address)))
        self._changed()

    def show_twice(self, where: dict[str, str]) -> None:
        """where: the name of another line that has it, too, by the key of an address."""
        self._twice = where
        self._mark()
        self._fit()

    # Long lists

    def paste(self, text: str) -> None:
        """Reads a list, very long ones in slices between which the window stays alive."""
        if len(text) <= LONG and not self.reading:
            self.add(parse_typed(text))
            return
        self._reading.begin(text)
        self.edit.setReadOnly(True)

    def _all_read(self, count: int) -> None:
        self.edit.setReadOnly(False)
        self._changed()
        self.read.emit(count)

    def _stop_reading(self) -> None:
        self._reading.stop()
        self.edit.setReadOnly(False)

    # What is seen

    def show_rows(self) -> None:
        """Makes the chips say what the rows are."""
        first = self.rows.first(_ALL if len(self.rows) <= _ALL else _CHIPS)
        if [chip.entry for chip in self.chips] != [row.entry for row in first]:
            kept = {id(chip.entry): chip for chip in self.chips}
            for chip in self.chips:
                self._flow.removeWidget(chip)
            self.chips = [
                kept.pop(id(row.entry)) if id(row.entry) in kept else self._chip(row.entry)
                for row in first
            ]
            for chip in kept.values():
                chip.hide()
                chip.deleteLater()
            for at, chip in enumerate(self.chips):
                self._flow.insert_widget(at, chip)
                chip.show()
        self._count()
        self._mark()
        self._fit()
        self.edit.setAccessibleDescription(", ".join(c.accessibleName() for c in self.chips))
        self.updateGeometry()
        self.resized.emit()

    def give_room(self, room: QSize) -> None:
        """room: pixels. Where not all are shown there are only so many chips as it holds."""
        if room != self._room:
            self._room = room
            if len(self.rows) > _ALL:
                self.show_rows()

    def _fit(self) -> None:
        """The last chips go, until those left, the number of the others and the edit have room."""
        room = self._room
        if room is None or len(self.rows) <= _ALL:
            return
        before = len(self.chips)
        while len(self.chips) > 1 and self._flow.height_with(ROOM, room.width()) > room.height():
            chip = self.chips.pop()
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
            self._count()
        if len(self.chips) < before:
            self._mark()

    def show_all(self) -> None:
        """The list of all of them."""
        self._list = RecipientList(self.name, list(self.rows), self)
        self._list.removed.connect(self.remove)
        self._list.open()

    def _count(self) -> None:
        rest = len(self.rows) - len(self.chips)
        number = self.locale().toString(rest)
        words = self.tr("reading… {n}") if self.reading else self.tr("and {n} more")
        self.more.setText(words.format(n=number))
        self.more.setVisible(rest > 0)

    def _mark(self) -> None:
        shown = self.rows.first(len(self.chips))
        names = Counter(folded(row.entry.address.name) for row in shown)
        for chip, row in zip(self.chips, shown, strict=True):
            chip.show_twice(self._twice.get(row.key, ""))
            chip.tell_apart(names[folded(row.entry.address.name)] > 1)

    def _chip(self, entry: Typed) -> RecipientChip:
        chip = RecipientChip(entry, self)
        chip.removed.connect(self._remove)
        chip.edit_wanted.connect(self.edit_chip)
        chip.menu_wanted.connect(self._menu)
        chip.dragged.connect(self._drag)
        self.keys.watch(chip)
        return chip

    def _changed(self) -> None:
        self.keys.forget()
        self.show_rows()
        self.changed.emit()

    # What is done

    def key_of(self, chip: RecipientChip) -> str:
        return self.rows.first(len(self.chips))[self.chips.index(chip)].key

    def take_chosen(self, chosen: Address | Group) -> None:
        """Takes in one that was offered; of a group its members."""
        people = chosen.members if isinstance(chosen, Group) else (chosen,)
        self.add(Typed(one, str(one)) for one in people)

    def _remove(self, chip: RecipientChip) -> None:
        self.remove([self.key_of(chip)])
        self.edit.setFocus()

    def edit_chip(self, chip: RecipientChip) -> None:
        """Makes text of it again."""
        self.take()
        text = chip.entry.written
        self.remove([self.key_of(chip)])
        self.edit.setText(text)
        self.edit.setFocus()

    def _edit_last(self) -> None:
        if self.more.isVisible():
            self.show_all()
        elif self.chips:
            self.edit_chip(self.chips[-1])

    def _menu(self, chip: RecipientChip, at: QPoint) -> None:
        chip_menu(self, chip).popup(at)

    def move_to(self, chip: RecipientChip, line: str) -> None:
        """Takes it out of here, for the line of that name."""
        entry = chip.entry
        self.remove([self.key_of(chip)])
        self.moved.emit(line, (entry,))

    def want_group(self) -> None:
        """All of this line, but for what cannot be an address, are to become a group."""
        self.group_wanted.emit(tuple(row.entry.address for row in self.rows if not row.wrong))

    def remember(self, chip: RecipientChip) -> None:
        self.asked.emit(RememberAddress(chip.entry.address))

    def copy(self, entries: Iterable[Typed]) -> None:
        QGuiApplication.clipboard().setMimeData(recipient_drag.data(list(entries)))

    def _drag(self, chip: RecipientChip) -> None:
        recipient_drag.drag(self, chip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus()
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Not by a proxy: Tab would stop at the field, too.
        self.edit.setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if recipient_drag.fits(event.mimeData()):
            event.acceptProposedAction()
        else:
            event.ignore()  # files belong to the letter

    def dropEvent(self, event: QDropEvent) -> None:
        own = event.source() in self.chips
        if own or not recipient_drag.fits(event.mimeData()):
            event.ignore()
            return
        event.acceptProposedAction()
        self.take()
        entries = recipient_drag.entries(event.mimeData())
        if entries:
            self.add(entries)
        else:
            self.paste(recipient_drag.words(event.mimeData()))
