"""The head of a message: about what, who, to whom, when, and its tags.

The sender's name never stands without the address. Whoever is named can be clicked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.message import Address, Envelope
from martlet.mail.priority import Priority, said_by
from martlet.mail.rendered import Rendered
from martlet.ui import dates, theme
from martlet.ui.avatar import Avatar
from martlet.ui.people_line import PeopleLine
from martlet.ui.shown_text import breakable, cut, tip
from martlet.ui.tag_row import TagRow

_SUBJECT, _WHOLE = 220, 4000
_LINK_HEIGHT = 22
_HEADER = 300
_COMPARED = 300
# The years 1 to 9999: others no calendar of people has.
_FIRST, _LAST = -62_135_596_800, 253_402_300_799
_TOP = Qt.AlignmentFlag.AlignTop
_IN_ANGLES = re.compile(r"^\s*(.*?)\s*<([^<>\s]+)>\s*$")


class HeaderBlock(QFrame):
    """picked: somebody was clicked, and the widget that names them."""

    picked = Signal(object, object)

    def __init__(
        self, parent: QWidget | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(parent)
        self.setObjectName("messageHead")
        self._clock = clock
        self._envelope: Envelope | None = None
        self._sent = self._subject = ""
        self._unfolded = False
        self._told: object = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 8, 24, 10)
        outer.setSpacing(8)
        self.subject = _label(19, bold=True)
        self.subject.setWordWrap(True)
        self.subject.setMinimumWidth(40)
        outer.addWidget(self.subject)
        self.whole = QPushButton(self)
        self.whole.setProperty("kind", "link")
        self.whole.setMaximumHeight(_LINK_HEIGHT)
        self.whole.setStyleSheet("padding-left: 0; padding-right: 0")  # level with the subject
        self.whole.clicked.connect(self._turn_subject)
        self.whole.hide()
        outer.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)
        self.tags = TagRow(self)
        outer.addWidget(self.tags)
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._avatar = Avatar()
        self._row.addWidget(self._avatar, 0, _TOP)
        self._people = QVBoxLayout()
        self._people.setSpacing(3)
        self.author = PeopleLine(13, whole=True)
        self.author.picked.connect(lambda who: self.picked.emit(who, self.author))
        self._people.addWidget(self.author)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(8)
        self._lines.setVerticalSpacing(2)
        self._lines.setColumnStretch(1, 1)
        self._captions: list[QLabel] = []
        self.lines: list[PeopleLine] = []
        for at in range(5):
            self._add_line(at)
        self._people.addLayout(self._lines)
        self._row.addLayout(self._people, 1)
        self.urgent = _label(12)
        self.urgent.setProperty("tone", "danger")
        self.urgent.hide()
        self._row.addWidget(self.urgent, 0, _TOP)
        self.date = _label(12)
        self.date.setProperty("tone", "second")
        self._row.addWidget(self.date, 0, _TOP)
        outer.addLayout(self._row)
        self._waiting = _label(13)
        self._waiting.setProperty("tone", "second")
        outer.addWidget(self._waiting)
        self._waiting.hide()
        self._narrow = False
        theme.notifier().changed.connect(self._again)

    def show_envelope(self, envelope: Envelope) -> None:
        """What the store knows of a message."""
        if envelope is not self._envelope:
            self._sent = ""
            self._show_priority(Priority.NORMAL)
        self._envelope = envelope
        self._say(envelope, None)

    def show_rendered(self, rendered: Rendered) -> None:
        """With what only the whole message says: who sent it for another, its date as written."""
        self._envelope = rendered.envelope
        headers = {name.casefold(): value for name, value in reversed(rendered.headers)}
        self._sent = headers.get("date", "")[:_HEADER]
        self._show_priority(said_by(lambda name: headers.get(name, "")[:_HEADER]))
        self._say(rendered.envelope, _address_in(headers.get("sender", "")[:_HEADER]))

    def wait(self, words: str) -> None:
        """Nobody knows yet who wrote it and when; nor is that said of it, but these words."""
        self._waiting.setText(words)
        self._told = None
        for widget in (self._avatar, self.author, self.urgent, self.date):
            widget.hide()
        self._waiting.show()

    def show_tags(self, words: Collection[str]) -> None:
        self.tags.show_tags(words)

    def set_narrow(self, narrow: bool) -> None:
        """Without room the date goes below the names."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for label in (self.urgent, self.date):
            if narrow:
                self._people.addWidget(label)
            else:
                self._row.addWidget(label, 0, _TOP)

    def _show_priority(self, priority: Priority) -> None:
        """Whether its writer calls it urgent, or the contrary."""
        high = priority in (Priority.HIGH, Priority.HIGHEST)
        low = priority in (Priority.LOW, Priority.LOWEST)
        words = self.tr("High priority") if high else self.tr("Low priority") if low else ""
        self.urgent.setText(words)
        self.urgent.setProperty("tone", "danger" if high else "third")
        self.urgent.style().polish(self.urgent)
        self.urgent.setVisible(bool(words))

    def _say(self, envelope: Envelope, by: Address | None) -> None:
        groups = (envelope.to, envelope.cc, envelope.bcc, envelope.reply_to)
        named = tuple((group[:_COMPARED], len(group)) for group in groups)
        told = (envelope.subject, envelope.sender, envelope.date, by, self._sent, named)
        if told == self._told:
            return
        self._told = told
        self._waiting.hide()
        self._avatar.show()
        self.date.show()
        self._subject = envelope.subject or self.tr("(no subject)")
        self._unfolded = False
        self._say_subject()
        self.subject.setProperty("tone", "" if envelope.subject else "second")
        self.subject.style().polish(self.subject)
        sender = envelope.sender
        self.author.show_people((sender,), self.tr("From"))
        self._avatar.show_sender(sender)
        own = sender.address.casefold()
        answers = [each for each in envelope.reply_to[:_COMPARED] if each.address.casefold() != own]
        others = [by] if by is not None and by.address.casefold() != own else []
        for at, (caption, people) in enumerate(
            (
                (self.tr("Sent by"), others),
                (self.tr("To"), envelope.to),
                (self.tr("Cc"), envelope.cc),
                (self.tr("Bcc"), envelope.bcc),
                (self.tr("Answers to"), answers),
            )
        ):
            self._show_line(at, caption, people)
        if envelope.date is None or not _FIRST <= envelope.date <= _LAST:
            self.date.setText(self.tr("no date"))
            self.date.setToolTip(tip(self._sent))
            return
        self.date.setText(dates.spoken(envelope.date, self._clock()))
        whole = dates.full(envelope.date)
        written = self.tr("Written as: {date}").format(date=self._sent) if self._sent else ""
        self.date.setToolTip(tip("\n".join(part for part in (whole, written) if part)))
        self.date.setAccessibleName(whole)

    def _say_subject(self) -> None:
        """Its beginning, for about three lines; the rest of a longer one unfolds."""
        most = _WHOLE if self._unfolded else _SUBJECT
        long = len(self._subject) > _SUBJECT
        self.subject.setText(breakable(cut(self._subject, most)))
        hidden = long and not self._unfolded
        self.subject.setToolTip(tip(cut(self._subject, _WHOLE)) if hidden else "")
        self.whole.setText(self.tr("Less") if self._unfolded else self.tr("Whole subject"))
        self.whole.setVisible(long)

    def _turn_subject(self) -> None:
        self._unfolded = not self._unfolded
        self._say_subject()

    def _add_line(self, at: int) -> None:
        caption = _label(12)
        caption.setProperty("tone", "third")
        caption.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        line = PeopleLine(12)
        line.picked.connect(lambda who: self.picked.emit(who, line))
        line.turned.connect(self.updateGeometry)
        self._lines.addWidget(caption, at, 0, _TOP)
        self._lines.addWidget(line, at, 1)
        caption.hide()
        self._captions.append(caption)
        self.lines.append(line)

    def _show_line(self, at: int, caption: str, people: Sequence[Address]) -> None:
        self._captions[at].setText(caption)
        self._captions[at].setVisible(bool(people))
        self.lines[at].show_people(people, caption)

    def _again(self) -> None:
        for line in (self.author, *self.lines):
            line.again()


def _address_in(header: str) -> Address | None:
    """The one address of a decoded header, as far as a label needs it."""
    found = _IN_ANGLES.match(header)
    if found:
        return Address(found[1].strip('" '), found[2])
    bare = header.strip()
    return Address("", bare) if "@" in bare and " " not in bare else None


def _label(pixels: int, *, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setFont(theme.font(pixels, bold=bold))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    # On the side where all else stands, whichever way its own text runs.
    right = label.layoutDirection() is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    label.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
    return label
