"""The head of a message: who, to whom, when, about what, and what can be done with it."""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.message import Address, Envelope
from martlet.ui import dates, theme

_SHOWN = 4
_BUTTON_PAD = 10


class HeaderBlock(QFrame):
    """Shows an envelope; its buttons are the commands' own actions."""

    address_clicked = Signal(object)

    def __init__(
        self, actions: Sequence[QAction], more: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("messageHead")
        outer = QVBoxLayout(self)
        # The symbols of the bar stand on the left edge of the text below them.
        outer.setContentsMargins(24 - _BUTTON_PAD, 8, 16, 12)
        outer.setSpacing(10)
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.setContentsMargins(0, 0, 0, 0)
        self._buttons: list[QToolButton] = []
        self._back: QToolButton | None = None
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(17, 17))
            bar.addWidget(button)
            if action.objectName() == "back":
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
                button.hide()
                self._back = button
            else:
                self._buttons.append(button)
        bar.addStretch(1)
        menu = QToolButton()
        menu.setIcon(theme.icon("more"))
        menu.setIconSize(QSize(17, 17))
        menu.setToolTip(self.tr("More actions"))
        menu.setAccessibleName(self.tr("More actions"))
        menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu.setMenu(more)
        bar.addWidget(menu)
        outer.addLayout(bar)
        self._subject = _label(19, bold=True)
        self._subject.setWordWrap(True)
        self._subject.setContentsMargins(_BUTTON_PAD, 0, 0, 0)
        outer.addWidget(self._subject)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.setContentsMargins(_BUTTON_PAD, 0, 0, 0)
        self._avatar = _Avatar()
        row.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        people = QVBoxLayout()
        people.setSpacing(2)
        self._from = _label(13)
        self._from.setTextFormat(Qt.TextFormat.RichText)
        self._from.setWordWrap(True)  # the address is never cut off
        self._to = _label(12)
        self._to.setWordWrap(True)
        self._to.setProperty("tone", "second")
        self._to.setTextFormat(Qt.TextFormat.RichText)
        self._to.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._to.linkActivated.connect(self._unfold)
        self._unfolded = False
        people.addWidget(self._from)
        people.addWidget(self._to)
        row.addLayout(people, 1)
        self._date = _label(12)
        self._date.setProperty("tone", "second")
        self._date.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row.addWidget(self._date, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(row)
        self._row, self._people = row, people
        self._narrow = False
        self._envelope: Envelope | None = None
        theme.notifier().changed.connect(self._again)

    def show_envelope(self, envelope: Envelope) -> None:
        if envelope != self._envelope:
            self._unfolded = False
        self._envelope = envelope
        tokens = theme.current()
        sender = envelope.sender
        self._subject.setText(envelope.subject or self.tr("(no subject)"))
        name = _escaped(sender.name)
        address = _escaped(sender.address)
        strong = f"<span style='font-weight:600; color:{tokens.text}'>{name or address}</span>"
        soft = f"  <span style='color:{tokens.text2}'>{address}</span>" if name else ""
        if not name and not address:
            strong = _escaped(self.tr("(unknown sender)"))
        self._from.setText(strong + soft)
        to, cc = self._people_of(envelope.to), self._people_of(envelope.cc)
        lines = [
            self.tr("To {people}").format(people=to) if to else "",
            self.tr("Cc {people}").format(people=cc) if cc else "",
        ]
        answers = [
            a for a in envelope.reply_to if a.address.casefold() != sender.address.casefold()
        ]
        if answers:
            lines.append(self.tr("Answers go to {people}").format(people=self._people_of(answers)))
        self._to.setText("<br>".join(line for line in lines if line))
        if envelope.date is None:
            self._date.setText(self.tr("no date"))
            self._date.setToolTip("")
        else:
            self._date.setText(dates.spoken(envelope.date, time.time()))
            self._date.setToolTip(dates.full(envelope.date))
        self._avatar.show_sender(sender)

    def show_back(self, shown: bool) -> None:
        """Shows the way back to the list."""
        if self._back is not None:
            self._back.setVisible(shown)

    def set_narrow(self, narrow: bool) -> None:
        """Without room the words go from the buttons, and the date below the names."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        policy = QSizePolicy.Policy
        self._date.setSizePolicy(policy.Preferred if narrow else policy.Fixed, policy.Preferred)
        if narrow:
            self._people.addWidget(self._date)
        else:
            self._row.addWidget(self._date, 0, Qt.AlignmentFlag.AlignTop)
        style = Qt.ToolButtonStyle
        for button in self._buttons:
            button.setToolButtonStyle(
                style.ToolButtonIconOnly if narrow else style.ToolButtonTextBesideIcon
            )

    def _people_of(self, people: Sequence[Address]) -> str:
        """Names of the first few and how many more; all with their addresses once unfolded."""
        if self._unfolded:
            return ", ".join(_escaped(str(each)) for each in people)
        names = ", ".join(_escaped(each.name or each.address) for each in people[:_SHOWN])
        rest = len(people) - _SHOWN
        if rest <= 0:
            return names
        words = self.tr("and {count} more").format(count=rest)
        colour = theme.current().accent
        return f"{names} <a href='all' style='color:{colour}; text-decoration:none'>{words}</a>"

    def _unfold(self) -> None:
        self._unfolded = True
        self._again()

    def _again(self) -> None:
        if self._envelope is not None:
            self.show_envelope(self._envelope)


class _Avatar(QWidget):
    """Initials on a colour that stays the same for an address."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(40, 40)
        self._initials = ""
        self._key = 0

    def show_sender(self, sender: Address) -> None:
        self._initials = initials(sender)
        self._key = zlib.crc32(sender.address.casefold().encode())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.avatars[self._key % len(tokens.avatars)]))
        painter.drawEllipse(self.rect())
        painter.setPen(QColor("#ffffff"))
        painter.setFont(theme.font(14, bold=True))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()


def initials(sender: Address) -> str:
    """One or two letters for a person; one character for names in Chinese, Japanese or Korean."""
    words = [w for w in sender.name.replace('"', " ").split() if w[:1].isalnum()]
    if not words:
        return sender.address[:1].upper() or "?"
    if ord(words[0][0]) >= 0x2E80:
        return words[0][0]
    last = words[-1][0] if len(words) > 1 else ""
    return (words[0][0] + last).upper()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _label(pixels: int, *, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setFont(theme.font(pixels, bold=bold))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(40)
    return label
