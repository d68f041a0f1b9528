"""The letters that go out in a moment, one below the other at the foot of the window, each with its
seconds, "Undo" and "Send now"."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from martlet.mail.outgoing import OutboxEntry, OutboxId
from martlet.ui.shown_text import tip

_FOOT, _EDGE, _GAP = 40, 16, 6
_NARROW, _NARROW_EDGE = 520, 12
_MOST = 3
_SUBJECT, _SHORTEST = 190, 90
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class GoingCard(QFrame):
    """One letter. It looks like the toast that says what was done."""

    def __init__(self, entry: OutboxEntry, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.entry = entry
        self.subject = entry.subject or self.tr("(no subject)")
        self._which = QLabel(self)
        self._which.setTextFormat(Qt.TextFormat.PlainText)
        self._which.setToolTip(tip(f"{self.subject}\n{', '.join(entry.recipients[:9])}"))
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self.undo = QPushButton(self.tr("Undo"), self)
        self.now = QPushButton(self.tr("Send now"), self)
        for button in (self.undo, self.now):
            button.setAccessibleName(f"{button.text()}: {self.subject}")
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(6)
        row.addWidget(self._which)
        row.addWidget(self._words, 1)
        row.addSpacing(6)
        row.addWidget(self.undo)
        row.addWidget(self.now)
        # Where there is no room for the button.
        send = QAction(self.now.text(), self)
        send.triggered.connect(self.now.click)
        self.addAction(send)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._name(_SUBJECT)

    @property
    def named(self) -> str:
        """Its subject as far as that is shown."""
        return self._which.text()

    def fit(self, width: int) -> None:
        """Says no more of the subject than there is room for in so many pixels; where that is too
        little, "Send now" is in the menu alone."""
        self._name(_SUBJECT)
        self.now.show()
        more = self._wanted() - width
        if more > _SUBJECT - _SHORTEST:
            self.now.hide()
            more = self._wanted() - width
        if more > 0:
            wide = QFontMetrics(self._which.font()).horizontalAdvance(self._which.text())
            self._name(max(_SHORTEST // 3, wide - more))
        self._row.invalidate()
        self.updateGeometry()

    def _wanted(self) -> int:
        self._row.invalidate()
        return self._row.sizeHint().width()

    def _name(self, room: int) -> None:
        metrics = QFontMetrics(self._which.font())
        around = metrics.horizontalAdvance("“”") if room < _SUBJECT else 0
        words = metrics.elidedText(self.subject, Qt.TextElideMode.ElideRight, room - around)
        self._which.setText(self.tr("“{subject}”").format(subject=words))

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def say(self, words: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(f"{self.subject}: {words}")


class GoingStack(QWidget):
    """undo_wanted, now_wanted: of this letter. outbox_wanted: to see those that have no room here.

    clear_of: what stands at the foot and is never covered while it is in sight.
    """

    undo_wanted = Signal(int)
    now_wanted = Signal(int)
    outbox_wanted = Signal()

    def __init__(self, parent: QWidget, clear_of: QWidget) -> None:
        super().__init__(parent)
        self.cards: dict[OutboxId, GoingCard] = {}
        self._over = parent
        self._clear_of = clear_of
        self._more = QPushButton(self)
        self._more.clicked.connect(self.outbox_wanted)
        self._more.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignRight)
        parent.installEventFilter(self)
        clear_of.installEventFilter(self)
        self.hide()

    def show_letters(self, letters: list[tuple[OutboxEntry, str]]) -> None:
        """These, with what is said of each; the newest are at the foot."""
        shown = letters[-_MOST:]
        alive = {entry.id for entry, _ in shown}
        for gone in [number for number in self.cards if number not in alive]:
            card = self.cards.pop(gone)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for entry, words in shown:
            card = self.cards.get(entry.id) or self._card(entry)
            card.entry = entry
            card.say(words)
        left = len(letters) - len(shown)
        words = self.tr("{count} more in the outbox").format(count=left)
        self._more.setText(words)
        self._more.setVisible(left > 0)
        self.setVisible(bool(shown))
        self._place()

    def _card(self, entry: OutboxEntry) -> GoingCard:
        card = GoingCard(entry, self)
        number = entry.id
        card.undo.clicked.connect(lambda: self.undo_wanted.emit(number))
        card.now.clicked.connect(lambda: self.now_wanted.emit(number))
        self.cards[number] = card
        self._column.addWidget(card)
        card.show()
        return card

    def _place(self) -> None:
        if self.isHidden():
            return
        edge = _NARROW_EDGE if self._over.width() < _NARROW else _EDGE
        for card in self.cards.values():
            card.fit(self._over.width() - 2 * edge)
        self._column.invalidate()
        self._column.activate()
        self.resize(self.sizeHint().boundedTo(self._over.size()))
        foot = self._over.height() - _FOOT
        if self._clear_of.isVisible():
            top = self._clear_of.mapTo(self._over, QPoint(0, 0)).y()
            foot = min(foot, top - _GAP)
        self.move(max(0, self._over.width() - self.width() - edge), foot - self.height())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return super().eventFilter(watched, event)
