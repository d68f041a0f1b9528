"""The files of a letter: cards with name, size and a way to take them out; busy while the engine
takes a file in."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.outgoing import OutgoingPart
from martlet.ui import dates, theme
from martlet.ui.flow import FlowLayout, grows_down

_CARD_WIDTH = 232


class AttachmentCard(QWidget):
    """One file. part is None while it is being taken in."""

    removed = Signal(QWidget)

    def __init__(self, name: str, size: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.part: OutgoingPart | None = None
        self.setAccessibleName(name)
        self.setFixedSize(_CARD_WIDTH, 46)
        picture = QLabel(self)
        picture.setPixmap(theme.icon("file").pixmap(QSize(20, 20)))
        self._title = QLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        metrics = QFontMetrics(self._title.font())
        self._title.setText(
            metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _CARD_WIDTH - 84)
        )
        self._title.setToolTip(name)
        self._size = QLabel(dates.size(size) if size else "", self)
        self._size.setProperty("tone", "third")
        self._size.setFont(theme.font(12))
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)
        self._busy.setFixedHeight(4)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("{name} is being taken in").format(name=name))
        cross = QToolButton(self)
        cross.setIcon(theme.icon("close"))
        cross.setIconSize(QSize(14, 14))
        cross.setProperty("kind", "bare")
        cross.setToolTip(self.tr("Take out of the letter"))
        cross.setAccessibleName(self.tr("Take {name} out of the letter").format(name=name))
        cross.clicked.connect(lambda: self.removed.emit(self))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._size)
        words.addWidget(self._busy)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 6, 0)
        row.setSpacing(8)
        row.addWidget(picture)
        row.addLayout(words, 1)
        row.addWidget(cross)
        self._size.hide()

    def arrived(self, part: OutgoingPart) -> None:
        self.part = part
        self._busy.hide()
        self._size.setText(dates.size(part.size))
        self._size.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        painter.setBrush(QColor(tokens.list))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()


class AttachmentBar(QWidget):
    """All files of the letter; hidden while there are none."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[AttachmentCard] = []
        self.setAccessibleName(self.tr("Attachments"))
        self._flow = FlowLayout(self, gap=8)
        self._flow.setContentsMargins(20, 8, 20, 8)
        grows_down(self)
        self.hide()

    @property
    def cards(self) -> tuple[AttachmentCard, ...]:
        return tuple(self._cards)

    def add(self, name: str, size: int) -> AttachmentCard:
        """A card that is busy until it is told what arrived."""
        card = AttachmentCard(name, size, self)
        card.removed.connect(self.remove)
        self._cards.append(card)
        self._flow.addWidget(card)
        card.show()
        self.show()
        self.changed.emit()
        return card

    def remove(self, card: QWidget) -> None:
        if card not in self._cards:
            return
        self._cards = [c for c in self._cards if c is not card]
        self._flow.removeWidget(card)
        card.hide()
        card.deleteLater()
        self.setVisible(bool(self._cards))
        self.changed.emit()

    def holds(self, card: AttachmentCard) -> bool:
        return card in self._cards

    def parts(self) -> tuple[OutgoingPart, ...]:
        return tuple(card.part for card in self._cards if card.part is not None)

    def busy(self) -> bool:
        return any(card.part is None for card in self._cards)
