"""How this person writes, to be set: every row holds for the letters that are begun from now on.

What is set is kept at once: there is nothing to confirm, and nothing to forget confirming.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.writing import ForwardAs, Place
from martlet.ui import habits
from martlet.ui.accounts.options import explained
from martlet.ui.accounts.parts import Card, title
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.compose.preferences_spelling import SpellingCard
from martlet.ui.compose.spelling.dictionaries import Dictionaries
from martlet.ui.habits import Habits
from martlet.ui.settings import Settings
from martlet.ui.sheet import Sheet

V = TypeVar("V")

_UNDO_S = (0, 5, 10, 20, 30, 60)
_MANY = (0, 5, 10, 20, 50)
_HEIGHT = 620
_WIDTH = 560
_LEAST = 380
_BESIDE = 430  # below it a field stands under its name


class WritingPreferences(Sheet):
    """changed: something is kept now that was not.

    dictionaries: whose languages are offered for spelling.
    """

    changed = Signal()

    def __init__(
        self, settings: Settings, dictionaries: Dictionaries, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.habits: Habits = habits.read(settings)
        self.setObjectName("accountSettings")
        self.head(self.tr("Writing"))
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        back = self.isRightToLeft()
        self._column.setContentsMargins(10 if back else 0, 0, 0 if back else 10, 0)
        self._column.setSpacing(10)
        self._sending()
        self._letters()
        self._answers()
        self.spelling = SpellingCard(settings, dictionaries, self.habits, inside)
        self.spelling.taken.connect(lambda values: self._take(**values))
        self._column.addWidget(title(inside, self.tr("Spelling"), 14))
        self._column.addWidget(self.spelling)
        self._column.addStretch()
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        self.setMinimumWidth(_LEAST)
        self.resize(_WIDTH, _HEIGHT)

    # The groups

    def _sending(self) -> None:
        group = self._group(self.tr("Sending"))
        seconds = [(number, self._seconds(number)) for number in _UNDO_S]
        self.undo = group.choice(
            self.tr("&Time to take a letter back"), seconds, self.habits.undo_s
        )
        self.undo.activated.connect(lambda _at: self._take(undo_s=self.undo.currentData()))
        people = [(n, self.tr("From {count} on").format(count=n)) for n in _MANY if n]
        self.many = group.choice(
            self.tr("Ask about &many recipients in To and Cc"),
            [(0, self.tr("Never")), *people],
            self.habits.many,
        )
        self.many.activated.connect(lambda _at: self._take(many=self.many.currentData()))
        self.inside = QLineEdit(self.habits.own_domains, self)
        self.inside.setPlaceholderText(self.tr("example.org example.com"))
        group.field(self.tr("Our own &domains"), self.inside)
        self.inside.editingFinished.connect(
            lambda: self._take(own_domains=" ".join(self.inside.text().replace(",", " ").split()))
        )
        group.words(
            self.tr(
                "You are asked before a letter goes anywhere else. Leave empty never to be asked."
            )
        )
        self.remind = self._check(group, self.tr("&Remind me of forgotten attachments"), "remind")
        self.utc = self._check(group, self.tr("Do not tell my time &zone"), "utc")
        self.agent = self._check(group, self.tr("Tell that Martlet &wrote the letter"), "agent")

    def _letters(self) -> None:
        group = self._group(self.tr("New letters"))
        self.rich = self._check(group, self.tr("&Begin with formatting"), "rich")
        group.words(self.tr("Answers are written as the mail is that they answer."))
        self.line_starts = self._check(
            group,
            self.tr("“- ”, “1. ” and “# ” make lists and heading&s"),
            "line_starts",
        )
        self.receipt = self._check(group, self.tr("Ask for a read re&ceipt"), "receipt")
        self.dsn = self._check(group, self.tr("Tell me when it is &delivered"), "dsn")
        self.bcc_self = self._check(
            group, self.tr("Send a hidden cop&y (Bcc) to myself"), "bcc_self"
        )

    def _answers(self) -> None:
        group = self._group(self.tr("Answers and forwarded mail"))
        self.place = group.choice(
            self.tr("&Answer stands"),
            [
                (Place.SMART, self.tr("Above, but below in plain lists")),
                (Place.ABOVE, self.tr("Above what it answers")),
                (Place.BELOW, self.tr("Below what it answers")),
            ],
            self.habits.place,
        )
        self.place.activated.connect(lambda _at: self._take(place=self.place.currentData()))
        self.forward = group.choice(
            self.tr("&Forwarded mail goes"),
            [
                (ForwardAs.INLINE, self.tr("In the letter")),
                (ForwardAs.ATTACHED, self.tr("As an attachment")),
            ],
            self.habits.forward,
        )
        self.forward.activated.connect(lambda _at: self._take(forward=self.forward.currentData()))
        self.below = self._check(group, self.tr("Signature &below the quote"), "signature_below")

    # Parts

    def _group(self, heading: str) -> _Group:
        parent = self._column.parentWidget() or self
        self._column.addWidget(title(parent, heading, 14))
        group = _Group(parent)
        self._column.addWidget(group)
        self._column.addSpacing(6)
        return group

    def _check(self, group: _Group, words: str, name: str) -> QCheckBox:
        box = group.check(words, on=bool(getattr(self.habits, name)))
        box.toggled.connect(lambda on: self._take(**{name: on}))
        return box

    def _seconds(self, number: int) -> str:
        if not number:
            return self.tr("None: sent at once")
        return self.tr("{count} seconds").format(count=number)

    def _take(self, **values: Any) -> None:
        self.habits = replace(self.habits, **values)
        habits.write(self._settings, self.habits)
        self.changed.emit()


class _Group(Card):
    """Rows of a group: a name on the left and what is chosen on the right, or a check box."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(0, 1)
        self.column.addLayout(self._grid)
        self._fields: list[tuple[QLabel, QWidget, int]] = []
        self._narrow = False

    def choice(self, words: str, offered: Sequence[tuple[V, str]], now: V) -> QComboBox:
        """A box of these, that which holds now chosen; added, when it is none of the usual."""
        box = ChoiceBox(self)
        for value, text in offered:
            box.addItem(text, value)
        values = [value for value, _ in offered]
        if now not in values:
            shown = now.value if isinstance(now, Enum) else now
            box.addItem(str(shown), now)
            values.append(now)
        box.setCurrentIndex(values.index(now))
        self.field(words, box)
        return box

    def field(self, words: str, widget: QWidget) -> None:
        label = QLabel(words, self)
        label.setBuddy(widget)
        label.setWordWrap(True)
        widget.setAccessibleName(words.replace("&", ""))
        widget.setMinimumWidth(200)
        row = self._grid.rowCount()
        self._fields.append((label, widget, row))
        self._stand(label, widget, row)

    def _stand(self, label: QLabel, widget: QWidget, row: int) -> None:
        """Beside one another, or one below the other where that would be too narrow."""
        if self._narrow:
            self._grid.addWidget(label, row, 0, 1, 2)
            self._grid.addWidget(widget, row + 1, 0, 1, 2)
        else:
            self._grid.addWidget(label, row, 0)
            self._grid.addWidget(widget, row, 1)
            self._grid.addItem(QSpacerItem(0, 0), row + 1, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _BESIDE
        if narrow != self._narrow:
            self._narrow = narrow
            for label, widget, row in self._fields:
                self._grid.removeWidget(label)
                self._grid.removeWidget(widget)
                self._stand(label, widget, row)

    def check(self, words: str, *, on: bool) -> QCheckBox:
        box = QCheckBox(words, self)
        box.setChecked(on)
        self._grid.addWidget(box, self._grid.rowCount(), 0, 1, 2)
        return box

    def words(self, sentence: str) -> None:
        """What the row above means."""
        self._grid.addWidget(explained(self, sentence), self._grid.rowCount(), 0, 1, 2)
