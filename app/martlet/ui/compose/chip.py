"""One recipient as a rounded chip with a cross to take it out; red when it is no address."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from martlet.mail.typed import Typed
from martlet.ui import theme
from martlet.ui.paint import mix
from martlet.ui.shown_text import tip

_WIDEST = 320


class RecipientChip(QWidget):
    """removed: its cross was pressed. edit_wanted: it was double-clicked."""

    removed = Signal(QWidget)
    edit_wanted = Signal(QWidget)

    def __init__(self, entry: Typed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._text = entry.address.name or entry.address.address or entry.written
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if entry.valid:
            self.setToolTip(tip(entry.address.address))
            self.setAccessibleName(str(entry.address))
        else:
            words = self.tr("“{text}” cannot be an address. Double-click to correct it.")
            self.setToolTip(tip(words.format(text=entry.written)))
            self.setAccessibleName(self.toolTip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.addStretch()
        cross = QToolButton(self)
        cross.setIcon(theme.icon("close"))
        cross.setIconSize(QSize(12, 12))
        cross.setProperty("kind", "bare")
        cross.setFixedSize(18, 18)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setToolTip(self.tr("Take out"))
        cross.setAccessibleName(self.tr("Take out {name}").format(name=self._text))
        cross.clicked.connect(lambda: self.removed.emit(self))
        row.addWidget(cross)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self._text) + 12 + 26
        return QSize(min(width, _WIDEST), metrics.height() + 8)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.edit_wanted.emit(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        ground, edge, ink = QColor(tokens.soft_quiet), QColor(tokens.line), QColor(tokens.text)
        if not self.entry.valid:
            ground = mix(tokens.page, tokens.danger, 0.12)
            edge = ink = QColor(tokens.danger)
        painter.setBrush(ground)
        painter.setPen(QPen(edge, 1))
        inner = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        painter.setPen(ink)
        place = self.rect().adjusted(12, 0, -24, 0)
        words = self.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.end()
