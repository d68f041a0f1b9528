"""The list of the outbox and what stands beside it: the letter that is chosen with all that is
known of it, or how several stand. In a narrow window it stands below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSplitter, QStackedWidget, QWidget

from martlet.mail.changes import Progress
from martlet.mail.outgoing import OutboxEntry, OutboxId
from martlet.ui import dates, ledger_words
from martlet.ui.outbox import words
from martlet.ui.outbox.choosing import OutboxList
from martlet.ui.outbox.hands import MOST_DRAFTS, OutboxHands
from martlet.ui.outbox.letter import OutboxLetter
from martlet.ui.outbox.model import OutboxModel
from martlet.ui.outbox.several import OutboxSeveral

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_STORY = 30
_NARROW = 760
_BESIDE, _BELOW = (300, 560), (220, 300)


class OutboxPanes(QSplitter):
    """letter: the one that is chosen, None when none or several are."""

    def __init__(
        self, letters: OutboxList, hands: OutboxHands, reader: Reader, parent: QWidget
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._list = letters
        self._hands = hands
        self._reader = reader
        self._numbers: list[OutboxId] = []
        self._letters: list[OutboxEntry] = []
        self.letter: OutboxLetter | None = None
        self.several = OutboxSeveral(self)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.viewport().setAutoFillBackground(False)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.several)
        self._stack.addWidget(self._scroll)
        letters.setMinimumSize(220, 90)
        self._stack.setMinimumWidth(430)
        self._stack.setBackgroundRole(QPalette.ColorRole.Base)
        self._stack.setAutoFillBackground(True)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.addWidget(letters)
        self.addWidget(self._stack)
        self.setStretchFactor(1, 1)
        self.setSizes(_BESIDE)
        self.several.send.clicked.connect(lambda: hands.send(self._numbers))
        self.several.edit.clicked.connect(lambda: hands.edit(self._letters))
        self.several.delete.clicked.connect(lambda: hands.delete(self._numbers, self._letters))
        self.several.times.chosen.connect(lambda when: hands.put_off(self._numbers, when))

    def fit(self, width: int) -> None:
        """Beside each other where there is room for it, in pixels."""
        beside = width >= _NARROW
        way = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if way is not self.orientation():
            self.setOrientation(way)
            self.setSizes(_BESIDE if beside else _BELOW)

    def show_chosen(self, numbers: list[OutboxId], model: OutboxModel) -> None:
        """These are chosen."""
        self._numbers = numbers
        found = (model.letter(one) for one in numbers[:MOST_DRAFTS])
        self._letters = [one for one in found if one is not None]
        if len(numbers) > MOST_DRAFTS:
            self._letters = []
        if len(numbers) == 1 and self._letters:
            self._show_letter(self._letters[0], model.far(numbers[0]))
            return
        if self.letter is not None:
            self._let_go()
        shown = numbers or model.ids
        states = [model.states[one] for one in shown]
        self.several.show_states(states, chosen=bool(numbers))
        if any(one.resent for one in self._letters):
            self.several.edit.hide()
        self._stack.setCurrentWidget(self.several)

    def _show_letter(self, entry: OutboxEntry, far: Progress | None) -> None:
        if self.letter is None or self.letter.entry.id != entry.id:
            if self.letter is not None:
                self._let_go()
            self.letter = self._made(entry)
            self._scroll.setWidget(self.letter)
        elif self.letter.entry != entry:
            self.letter.show_entry(entry, self._by(entry))
        self.letter.show_story(self._story(entry))
        if far is not None:
            self.letter.show_progress(far)
        self._stack.setCurrentWidget(self._scroll)

    def _let_go(self) -> None:
        """The focus goes to the list, not to a button of the letter that comes."""
        assert self.letter is not None
        focus = QApplication.focusWidget()
        if focus is not None and (focus is self.letter or self.letter.isAncestorOf(focus)):
            self._list.setFocus()
        gone = self._scroll.takeWidget()
        if gone is not None:
            gone.hide()
            gone.deleteLater()
        self.letter = None

    def _made(self, entry: OutboxEntry) -> OutboxLetter:
        letter = OutboxLetter(entry, self._by(entry), self._scroll)
        hands, number = self._hands, entry.id
        letter.send.clicked.connect(lambda: hands.send([number]))
        letter.edit.clicked.connect(lambda: hands.edit([letter.entry]))
        letter.times.chosen.connect(lambda when: hands.put_off([number], when))
        letter.delete.clicked.connect(lambda: hands.delete([number], [letter.entry]))
        letter.arrived.clicked.connect(lambda: hands.resolve([number], True))
        letter.again.clicked.connect(lambda: hands.resolve([number], False))
        return letter

    def _by(self, entry: OutboxEntry) -> str:
        names = {account.id: account.name for account in self._reader.accounts()}
        asked = words.options(entry.options)
        if len(names) > 1:
            said = self.tr("From {address}, account “{name}”")
            name = names.get(entry.account_id, "")
            asked.insert(0, said.format(address=entry.sender, name=name))
        return "  ·  ".join(asked)

    def _story(self, entry: OutboxEntry) -> list[str]:
        """The ledger, a line each."""
        told = self._reader.deliveries(entry.message_id, entry.account_id)
        return [
            f"{dates.stamp(line.time)}  {ledger_words.event(line)}"
            + (f" ({line.recipient})" if line.recipient else "")
            for line in told[-_STORY:]
        ]
