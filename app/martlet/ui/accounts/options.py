"""A few choices below one another, each with a sentence about what it means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from martlet.ui.accounts.parts import note

V = TypeVar("V")
_INDENT = 24


class _Sentence(QLabel):
    """Belongs to a choice: pressing it chooses that."""

    def __init__(self, radio: QRadioButton, words: str) -> None:
        super().__init__(words, radio.parentWidget())
        self._radio = radio
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("tone", "second")
        self.setContentsMargins(_INDENT, 0, 0, 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._radio.click()


@dataclass(frozen=True, slots=True)
class _Row(Generic[V]):
    value: V
    whole: QWidget
    radio: QRadioButton
    field: QWidget | None


class Options(QWidget, Generic[V]):
    """chosen: a person chose another one."""

    chosen = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._rows: list[_Row[V]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(9)
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit())

    def add(
        self,
        value: V,
        words: str,
        sentence: str = "",
        field: Callable[[QWidget], QWidget] | None = None,
    ) -> None:
        """field: makes something to fill in, shown below while this one is chosen.

        It is made after the choice, so that Tab goes from this to that.
        """
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        radio = QRadioButton(words, whole)
        radio.setAccessibleName(words)
        radio.setAccessibleDescription(sentence)
        self._group.addButton(radio)
        column.addWidget(radio)
        if sentence:
            column.addWidget(_Sentence(radio, sentence))
        inner = None
        if field is not None:
            inner = QWidget(whole)
            beneath = QVBoxLayout(inner)
            beneath.setContentsMargins(_INDENT, 3, 0, 3)
            beneath.addWidget(field(inner))
            column.addWidget(inner)
            radio.toggled.connect(inner.setVisible)
            inner.hide()
        self._column.addWidget(whole)
        self._rows.append(_Row(value, whole, radio, inner))
        if len(self._rows) == 1:
            radio.setChecked(True)

    @property
    def value(self) -> V:
        return next(row.value for row in self._rows if row.radio.isChecked())

    def choose(self, value: V) -> None:
        """Chooses it without a signal."""
        self.radio(value).setChecked(True)

    def focus(self) -> None:
        """The keys go to the one that is chosen."""
        self.radio(self.value).setFocus()

    def radio(self, value: V) -> QRadioButton:
        return self._row(value).radio

    def offer(self, value: V, offered: bool) -> None:
        """Whether this one is there to be chosen at all."""
        self._row(value).whole.setVisible(offered)

    def offers(self, value: V) -> bool:
        return not self._row(value).whole.isHidden()

    def be_only(self, value: V, only: bool) -> None:
        """Where there is no other choice there is nothing to choose: its field stands alone."""
        row = self._row(value)
        row.radio.setVisible(not only)
        if row.field is not None:
            layout = row.field.layout()
            assert layout is not None
            layout.setContentsMargins(0 if only else _INDENT, 3, 0, 3)

    def _row(self, value: V) -> _Row[V]:
        return next(row for row in self._rows if row.value == value)


def explained(parent: QWidget, words: str) -> QLabel:
    """A sentence below a check box, as far in as its text."""
    label = note(parent, words)
    label.setContentsMargins(_INDENT, 0, 0, 0)
    return label
