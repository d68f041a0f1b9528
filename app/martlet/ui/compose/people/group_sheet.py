"""The groups of people that are kept: to write to one, or to take it away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QWidget

from martlet.link.messages import RemoveGroup
from martlet.mail.safe_domain import safe_address
from martlet.mail.visible import visible
from martlet.mail.writing import Group
from martlet.ui.sheet import Sheet

_NAMED = 40


class GroupSheet(Sheet):
    """chosen: this group is to be written to. asked: a request for the engine."""

    chosen = Signal(object)
    asked = Signal(object)

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.head(self.tr("Groups"), self.tr("Write to them"))
        self.cancel.setText(self.tr("Close"))
        self._groups = list(groups)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Groups"))
        self.list.setObjectName("accountList")
        self.members = self.text("")
        self.members.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remove = QPushButton(self.tr("Remove group"), self)
        self.remove.setAutoDefault(False)
        self.buttons.insertWidget(0, self.remove)
        self.none = self.text(
            self.tr("No groups yet. Put several people in To, right-click one and choose “Save "
                    "these as a group”.")
        )  # fmt: skip
        self.body.addWidget(self.none)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.members)
        for group in self._groups:
            words = self.tr("{name}  –  {n} people")
            QListWidgetItem(words.format(name=visible(group.name), n=len(group.members)), self.list)
        self.list.currentRowChanged.connect(lambda _row: self._say())
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.go.clicked.connect(self._choose)
        self.remove.clicked.connect(self._take_away)
        self.list.setCurrentRow(0)
        self._say()

    def _current(self) -> Group | None:
        row = self.list.currentRow()
        return self._groups[row] if 0 <= row < len(self._groups) else None

    def _say(self) -> None:
        group = self._current()
        people = group.members if group is not None else ()
        names = [visible(each.name or safe_address(each.address)) for each in people[:_NAMED]]
        more = len(people) - len(names)
        self.members.setText(", ".join(names) + (f" +{more}" if more else ""))
        for widget in (self.list, self.members, self.remove, self.go):
            widget.setVisible(group is not None)
        self.none.setVisible(group is None)

    def _choose(self) -> None:
        group = self._current()
        if group is not None:
            self.chosen.emit(group)
            self.accept()

    def _take_away(self) -> None:
        group = self._current()
        if group is not None:
            self._groups.remove(group)
            self.list.takeItem(self.list.currentRow())
            self.asked.emit(RemoveGroup(group.name))
            self._say()
