"""Small parts the pages about accounts are made of: notes, marks, boxes and links."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.paint import mix

_TURN_MS = 90
_STEP = 30
_SYMBOLS = {"warn": "warning", "danger": "warning", "info": "info"}
_TONES = {"warn": "star", "danger": "danger", "info": "accent"}


def note(parent: QWidget, words: str = "", tone: str = "second") -> QLabel:
    """A paragraph that wraps; hidden by nobody, "" takes no room in a form."""
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    if tone:
        label.setProperty("tone", tone)
    return label


def title(parent: QWidget, words: str, pixels: int = 13) -> QLabel:
    """A heading inside a page."""
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(theme.font(pixels, bold=True))
    label.setWordWrap(True)
    return label


def link_button(parent: QWidget, words: str) -> QPushButton:
    """A button that looks like a link and is never pressed by Enter elsewhere."""
    button = QPushButton(words, parent)
    button.setProperty("kind", "link")
    button.setAutoDefault(False)
    return button


def plain_button(parent: QWidget, words: str) -> QPushButton:
    """A button that is never pressed by Enter elsewhere."""
    button = QPushButton(words, parent)
    button.setAutoDefault(False)
    return button


class Mark(QWidget):
    """A symbol of icons/ in a token's colour; "" a hollow ring, "busy" one that turns."""

    def __init__(self, parent: QWidget, name: str = "", colour: str = "text3") -> None:
        super().__init__(parent)
        self._name = name
        self._colour = colour
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._turn)
        self.setFixedSize(18, 18)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_symbol(self, name: str, colour: str = "text3") -> None:
        self._name, self._colour = name, colour
        self._follow()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(getattr(theme.current(), self._colour))
        if self._name and self._name != "busy":
            theme.draw(painter, self._name, QRectF(1, 1, 16, 16), colour)
        elif self._name:
            painter.setPen(QPen(colour, 2))
            painter.drawArc(QRectF(3, 3, 12, 12), -self._angle * 16, 260 * 16)
        else:
            painter.setPen(QPen(colour, 1.2))
            painter.drawEllipse(QRectF(6, 6, 6, 6))
        painter.end()

    def showEvent(self, event: QShowEvent) -> None:
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _follow(self) -> None:
        if self._name == "busy" and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def _turn(self) -> None:
        self._angle = (self._angle + _STEP) % 360
        self.update()


class Callout(QFrame):
    """A box that says one thing loudly, with buttons below. tone: "warn", "danger" or "info"."""

    def __init__(self, parent: QWidget, tone: str = "warn") -> None:
        super().__init__(parent)
        self.setObjectName("callout")
        self.mark = Mark(self)
        self.words = note(self, "", "")
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = note(self, "", "second")
        self.more.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more.hide()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch()
        text = QVBoxLayout()
        text.setSpacing(6)
        text.addWidget(self.words)
        text.addWidget(self.more)
        text.addLayout(self.buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 11, 14, 11)
        row.setSpacing(10)
        row.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        self._tone = tone
        self.set_tone(tone)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, "" while hidden."""
        return "" if self.isHidden() else self.words.text()

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.mark.show_symbol(_SYMBOLS[tone], _TONES[tone])
        self.update()

    def say(self, sentence: str, more: str = "") -> None:
        """Shows a sentence, and what the other side said; "" hides the box."""
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.setVisible(bool(sentence))

    def add_button(self, button: QPushButton) -> None:
        """At the end of the line of buttons, which begins on the left."""
        self.buttons.insertWidget(self.buttons.count() - 1, button)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        colour = str(getattr(tokens, _TONES[self._tone]))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(mix(tokens.ground, colour, 0.45), 1))
        painter.setBrush(mix(tokens.raised, colour, 0.09))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.end()


class Card(QFrame):
    """A quiet box around things that belong together."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("accountCard")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 13, 16, 13)
        self.column.setSpacing(8)
