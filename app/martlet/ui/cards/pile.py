"""The cards of one message, one below the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from martlet.mail.cards import NO_CARDS, Cards
from martlet.ui.cards.card import Card
from martlet.ui.cards.elsewhere_card import ElsewhereCard
from martlet.ui.cards.invitation_card import InvitationCard
from martlet.ui.cards.person_card import PersonCard
from martlet.ui.cards.piece_card import PieceCard
from martlet.ui.cards.report_card import ReportCard
from martlet.ui.fact_row import plain

_MOST = 6


class CardPile(QWidget):
    """What the cards say goes up: a part to open or save, somebody picked, a link followed."""

    open_wanted = Signal(str)
    save_wanted = Signal(str)
    picked = Signal(object, object)
    link_clicked = Signal(QUrl)
    said = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 2, 24, 8)
        self._column.setSpacing(8)
        self._shown = NO_CARDS
        self.cards: list[Card] = []
        self.hide()

    def show_cards(self, cards: Cards) -> None:
        """These instead of those before; the same ones stay as they are, what is unfolded too."""
        if cards == self._shown:
            return
        self._shown = cards
        self.cards = []
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self._add([ReportCard(each) for each in cards.reports[:_MOST]], len(cards.reports))
        self._add(
            [InvitationCard(each) for each in cards.invitations[:_MOST]], len(cards.invitations)
        )
        self._add([PersonCard(each) for each in cards.people[:_MOST]], len(cards.people))
        self._add([ElsewhereCard(each) for each in cards.elsewhere[:_MOST]], len(cards.elsewhere))
        if cards.piece is not None:
            self._add([PieceCard(cards.piece)], 1)
        self.setVisible(bool(self.cards))

    def _add(self, made: Sequence[Card], count: int) -> None:
        for card in made:
            match card:
                case InvitationCard() | PersonCard():
                    card.open_wanted.connect(self.open_wanted)
                    card.save_wanted.connect(self.save_wanted)
                    card.picked.connect(self.picked)
                case ElsewhereCard():
                    card.link_clicked.connect(self.link_clicked)
                    card.said.connect(self.said)
            card.resized.connect(self.resized)
            self._column.addWidget(card)
            card.show()
        self.cards.extend(made)
        if count > len(made):
            words = self.tr("… and {n} more of these").format(n=count - len(made))
            self._column.addWidget(plain(words, "third", self))
