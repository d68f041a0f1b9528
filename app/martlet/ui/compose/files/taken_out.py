"""What a person just took out of a letter's files, to be put back where it was: one slip of the
Delete key is no loss. Below the cards until other files come or go, or a while has passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from martlet.mail.outgoing import OutgoingPart
from martlet.ui import theme

_SHOWN_MS = 30_000


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that was in the letter. place: among the others, from 0."""

    place: int
    part: OutgoingPart
    thumbnail: QImage | None


class TakenOut(QWidget):
    """back: these are wanted again, in the order of their places. gone: nothing is offered now."""

    back = Signal(object)
    gone = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept: tuple[Gone, ...] = ()
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setFont(theme.font(12))
        self._words.setProperty("tone", "second")
        self.button = QPushButton(self.tr("Put back"), self)
        self.button.setProperty("kind", "link")
        self.button.setAutoDefault(True)  # else Enter does nothing
        self.button.clicked.connect(self.put_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._words)
        row.addWidget(self.button)
        row.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self.forget)
        self.hide()

    @property
    def offered(self) -> bool:
        """Whether something can be put back."""
        return bool(self._kept)

    def offer(self, kept: Sequence[Gone]) -> None:
        """Of what was taken out at once; what was offered before is not any more."""
        self._kept = tuple(sorted(kept, key=lambda each: each.place))
        if self._kept:
            self._fit()
            self.button.setAccessibleName(self.tr("Put back what was taken out"))
            self._timer.start()
        self.setVisible(self.offered)

    def forget(self) -> None:
        """It is not offered any more."""
        if self._kept:
            self._kept = ()
            self._timer.stop()
            self.hide()
            self.gone.emit()

    def put_back(self) -> None:
        """What the button does."""
        kept = self._kept
        self.forget()
        if kept:
            self.back.emit(kept)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if len(self._kept) == 1:
            name = self._kept[0].part.name
            room = max(80, self.width() - self.button.sizeHint().width() - 160)
            shown = QFontMetrics(self._words.font()).elidedText(
                name, Qt.TextElideMode.ElideMiddle, room
            )
            said = self.tr("“{name}” was taken out.").format(name=f"\u2068{shown}\u2069")
        else:
            number = self.locale().toString(len(self._kept))
            said = self.tr("{count} files were taken out.").format(count=number)
        self._words.setText(said)
