"""The list of the outbox, and which of its letters are chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListView, QWidget

from martlet.mail.outgoing import OutboxEntry, OutboxId
from martlet.ui.outbox.model import OutboxModel, Standing
from martlet.ui.outbox.rows import OutboxRows


class OutboxList(QListView):
    """chosen: others are, or none. scrolled: others are in sight."""

    chosen = Signal()
    scrolled = Signal()

    def __init__(self, letters: OutboxModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._letters = letters
        self._rows = OutboxRows(letters)
        self.setModel(letters)
        self.setItemDelegate(self._rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Letters that wait"))
        self._taking = False
        self.selectionModel().selectionChanged.connect(lambda _new, _old: self._changed())
        self.verticalScrollBar().valueChanged.connect(lambda _at: self.scrolled.emit())

    def take(self, standing: Standing) -> None:
        """The outbox as it is now, without a word. Where the chosen letter has gone no other is
        chosen in its place: a button pressed just then would be another letter's."""
        before = self.numbers()
        fresh = not self._letters.ids
        self._taking = True
        self._letters.take(standing)
        after = self.numbers()
        if fresh and standing:
            self.choose(0)
        elif after and not set(after) <= set(before):
            self.clearSelection()
        self._taking = False

    def choose(self, at: int) -> None:
        """This one alone."""
        index = self._letters.index(at)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def numbers(self) -> list[OutboxId]:
        """Those chosen, from the first to the last in the list."""
        found: list[OutboxId] = []
        chosen = self.selectionModel().selection()
        stretches = (chosen.at(at) for at in range(chosen.count()))
        for top, bottom in sorted((one.top(), one.bottom()) for one in stretches):
            found += self._letters.ids[top : bottom + 1]
        return found

    def in_sight(self) -> list[OutboxEntry]:
        """The letters that can be seen."""
        area = self.viewport().rect()
        first = self.indexAt(QPoint(1, 1)).row()
        last = self.indexAt(QPoint(1, area.bottom() - 1)).row()
        if first < 0:
            return []
        ids: Sequence[OutboxId] = self._letters.ids
        seen = ids[first : last + 1] if last >= 0 else ids[first:]
        return [letter for number in seen if (letter := self._letters.letter(number)) is not None]

    def step(self, by: int) -> None:
        """To the next or previous letter, wherever the focus is."""
        count = self._letters.rowCount()
        if count:
            at = self.currentIndex().row() + by if self.numbers() else (0 if by > 0 else count - 1)
            self.choose(max(0, min(at, count - 1)))
            self.setFocus()

    def _changed(self) -> None:
        if not self._taking:
            self.chosen.emit()
