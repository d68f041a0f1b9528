"""The files of a letter: a card each, and below them how large the letter has become.

Enter or double click: open    F2: rename    Delete: take out    arrows: to another
Alt+arrow, or drag: to another place    Ctrl+click, Ctrl+Space, Ctrl+A: choose several
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from martlet.mail.outgoing import OutgoingPart
from martlet.ui import file_data
from martlet.ui.compose.files.attachment_card import HEIGHT, AttachmentCard, shared
from martlet.ui.compose.files.card_hands import CardHands
from martlet.ui.compose.files.taken_out import Gone, TakenOut
from martlet.ui.compose.files.weight_line import WeightLine
from martlet.ui.flow import FlowLayout

_LINES = 3
_GAP = 8
_MARGIN = 20
_FEW = 20
_TOGETHER_MS = 20

__all__ = ["AttachmentBar", "AttachmentCard"]


class AttachmentBar(QWidget):
    """Hidden while there is no file.

    changed: other files, or another order or name. gone(card): taken out. open_wanted(card),
    drag_wanted(cards): wanted as files on the disk. pasted: what is on the clipboard is wanted
    here. renamed(card, name): typed by a person. scrolled: other
    cards are in sight.
    """

    changed = Signal()
    gone = Signal(object)
    open_wanted = Signal(object)
    drag_wanted = Signal(object)
    pasted = Signal()
    renamed = Signal(object, str)
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[AttachmentCard] = []
        self.setAccessibleName(self.tr("Attachments"))
        self._row = QWidget()
        self._flow = FlowLayout(self._row, gap=_GAP)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }"
        )
        self._area.setWidget(self._row)
        self._area.verticalScrollBar().valueChanged.connect(lambda _value: self.scrolled.emit())
        self.weight = WeightLine(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        column.setSpacing(6)
        self.taken_out = TakenOut(self)
        self.taken_out.back.connect(self._put_back)
        self.taken_out.gone.connect(self._fit)
        column.addWidget(self._area)
        column.addWidget(self.taken_out)
        column.addWidget(self.weight)
        self._hands = CardHands(self)
        # Once for all that come together.
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.setInterval(_TOGETHER_MS)
        self._fitting.timeout.connect(self._fit)
        self.hide()

    @property
    def cards(self) -> tuple[AttachmentCard, ...]:
        return tuple(self._cards)

    def add(self, name: str, size: int) -> AttachmentCard:
        """A card that is busy until it is told what arrived."""
        self.taken_out.forget()
        card = AttachmentCard(name, size)
        card.removed.connect(lambda: self.take_out([card]))
        card.focused.connect(lambda: self._focus(card))
        self._hands.serve(card)
        self._cards.append(card)
        if len(self._cards) == 1:
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        card.hide()
        self._flow.addWidget(card)
        if len(self._cards) <= _FEW:
            self._fit()
        elif not self._fitting.isActive():
            self._fitting.start()
        self.show()
        self.changed.emit()
        return card

    def remove(self, card: QWidget) -> None:
        if card in self._cards:
            self.remove_all([each for each in self._cards if each is card])

    def remove_all(self, cards: Sequence[AttachmentCard]) -> None:
        """Takes these out; what had the focus gives it to the next one."""
        going = [card for card in self._cards if card in cards]
        if not going:
            return
        at = self._cards.index(going[0])
        held = any(card.hasFocus() for card in going)
        self._cards = [card for card in self._cards if card not in going]
        if held and self._cards:
            self._cards[min(at, len(self._cards) - 1)].setFocus()
        if self._cards and not any(
            card.focusPolicy() is Qt.FocusPolicy.StrongFocus for card in self._cards
        ):
            self._cards[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for card in going:
            self._flow.removeWidget(card)
            card.hide()
            card.deleteLater()
            self.gone.emit(card)
        self._fit()
        self.changed.emit()

    def take_out(self, cards: Sequence[AttachmentCard]) -> None:
        """The same by a person's hand, who may want them back."""
        kept = [
            Gone(place, card.part, card.thumbnail)
            for place, card in enumerate(self._cards)
            if card in cards and card.part is not None
        ]
        held = any(card.hasFocus() for card in cards)
        self.remove_all(cards)
        self.taken_out.offer(kept)
        self._fit()
        if held and not self._cards and kept:
            self.taken_out.button.setFocus()

    def _put_back(self, kept: Sequence[Gone]) -> None:
        for each in kept:
            card = self.add(each.part.name, each.part.size)
            card.arrived(each.part)
            if each.thumbnail is not None:
                card.set_thumbnail(each.thumbnail)
            self.put_at(card, each.place)
        self._cards[kept[0].place].setFocus()
        self.changed.emit()

    def put_at(self, card: AttachmentCard, place: int) -> None:
        """Moves a card among the others."""
        place = min(max(place, 0), len(self._cards) - 1)
        if self._cards[place] is card:
            return
        self._cards.remove(card)
        self._cards.insert(place, card)
        self._flow.removeWidget(card)
        self._flow.insert_widget(place, card)
        self._flow.activate()
        self.changed.emit()

    def rename(self, card: AttachmentCard) -> None:
        """Lets a person type another name, the ending left as it is unless they reach for it."""
        self._hands.rename(card)

    def chosen(self) -> list[AttachmentCard]:
        """Those chosen beside one another."""
        return [card for card in self._cards if card.chosen]

    def in_sight(self) -> list[AttachmentCard]:
        """Cards that a person can see now."""
        seen = self._area.viewport().rect()
        seen.moveTop(self._area.verticalScrollBar().value())
        return [card for card in self._cards if card.geometry().intersects(seen)]

    def holds(self, card: AttachmentCard) -> bool:
        return card in self._cards

    def parts(self) -> tuple[OutgoingPart, ...]:
        return tuple(card.part for card in self._cards if card.part is not None)

    def busy(self) -> bool:
        return any(card.part is None for card in self._cards)

    def start_drag(self, paths: Sequence[str]) -> None:
        """Drags files out to another program, unless the button was let go meanwhile."""
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            file_data.drag(self, paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _focus(self, card: AttachmentCard) -> None:
        """One stop for Tab: the card that had the focus last."""
        for each in self._cards:
            strong = each is card
            each.setFocusPolicy(Qt.FocusPolicy.StrongFocus if strong else Qt.FocusPolicy.ClickFocus)
        self._area.ensureWidgetVisible(card, 0, 4)

    def _fit(self) -> None:
        """As many lines as there are, three at most; then it scrolls, the next one looking out."""
        self.setVisible(bool(self._cards) or self.taken_out.offered)
        self._area.setVisible(bool(self._cards))
        # Each `show` would lay all of them out anew.
        self._flow.setEnabled(False)
        width = max(self.width() - 2 * _MARGIN, 1)
        wide = shared(width, _GAP)
        if len(self._cards) > _LINES * ((width + _GAP) // (wide + _GAP)):
            wide = shared(width - self._area.verticalScrollBar().sizeHint().width(), _GAP)
        for card in self._cards:
            card.set_wide(wide)
            if card.isHidden():
                card.show()
        self._flow.setEnabled(True)
        self._flow.invalidate()
        wanted = self._flow.heightForWidth(width)
        most = _LINES * HEIGHT + (_LINES - 1) * _GAP
        self._area.setFixedHeight(wanted if wanted <= most else most + HEIGHT // 3)
        self._flow.activate()
