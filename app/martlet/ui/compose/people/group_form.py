"""One group of people as it is made or changed: its name, and who is in it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from martlet.mail.visible import visible
from martlet.mail.writing import Group
from martlet.ui.compose.people.recipient_edit import Complete
from martlet.ui.compose.people.recipients import RecipientField
from martlet.ui.compose.people.some_lines import SomeLines

_LONGEST_NAME = 200
_HIGH = 230  # then it is scrolled


class GroupForm(QWidget):
    """changed: something else stands in it. done: Enter in the name, or in an empty line of people.

    asked: a request for the engine about somebody in it.
    """

    changed = Signal()
    done = Signal()
    asked = Signal(object)

    def __init__(self, complete: Complete, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = QLineEdit(self)
        self.name.setMaxLength(_LONGEST_NAME)
        self.name.setAccessibleName(self.tr("Name of the group"))
        self.name.setPlaceholderText(self.tr("For example: Choir"))
        self.people: RecipientField = RecipientField(self.tr("People of the group"), complete, self)
        box = QFrame(self)
        box.setObjectName("accountCard")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 8, 8)
        inside.addWidget(SomeLines(self.people, box, highest=_HIGH))
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        for words, field, stretch in (
            (self.tr("Name"), self.name, 0), (self.tr("People"), box, 1),
        ):  # fmt: skip
            label = QLabel(words, self)
            label.setProperty("tone", "second")
            label.setBuddy(self.name if field is self.name else self.people)
            lines.addWidget(label)
            lines.addWidget(field, stretch)
        lines.insertSpacing(2, 8)
        self.name.textEdited.connect(lambda _text: self.changed.emit())
        self.people.changed.connect(self.changed)
        self.people.asked.connect(self.asked)
        self.people.edit.done.connect(self.done)
        self.name.returnPressed.connect(self.done)

    def load(self, group: Group) -> None:
        self.name.setText(group.name)
        self.people.set_addresses(group.members)

    def group(self) -> Group:
        """As it stands; what cannot be an address is left out (see `wrong`)."""
        rows = self.people.rows
        return Group(
            visible(self.name.text()), tuple(row.entry.address for row in rows if not row.wrong)
        )

    def wrong(self) -> str:
        """What keeps it from being kept, in a sentence; "" for nothing."""
        self.people.take()
        wrong = self.people.wrong()
        if self.people.reading:
            return self.tr("The list of people is still being read.")
        if not visible(self.name.text()):
            return self.tr("Give the group a name.")
        if wrong:
            words = self.tr("“{text}” cannot be an address. Correct or remove it.")
            return words.format(text=visible(wrong[0]))
        if not len(self.people.rows):
            return self.tr("Put at least one person into the group.")
        return ""
