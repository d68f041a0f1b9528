"""The tags of a message as coloured labels, in lines that wrap."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from martlet.ui import tags, theme
from martlet.ui.flow import FlowLayout, grows_down
from martlet.ui.paint import mix
from martlet.ui.shown_text import cut, tip

_MOST = 20
_LONGEST = 32
_SIDE, _ABOVE = 8, 2


class TagRow(QWidget):
    """Hidden while there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips = FlowLayout(self, gap=5)
        self._shown: tuple[tags.Tag, ...] = ()
        grows_down(self)
        self.hide()

    @property
    def names(self) -> list[str]:
        """Of those shown."""
        return [tag.name for tag in self._shown]

    def show_tags(self, words: Collection[str]) -> None:
        """words: keywords of the message; what is no tag is left out."""
        found = tags.of(frozenset(words))
        if found == self._shown:
            return
        self._shown = found
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for tag in found[:_MOST]:
            chip = TagChip(tag, self)
            self._chips.addWidget(chip)
            chip.show()
        self.setVisible(bool(found))
        self.setAccessibleName(self.tr("Tags: {names}").format(names=tags.spoken(words)))
        self.updateGeometry()


class TagChip(QLabel):
    """One tag: its name on a ground of its colour."""

    def __init__(self, tag: tags.Tag, parent: QWidget | None = None) -> None:
        super().__init__(cut(tag.name, _LONGEST), parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.font(11, bold=True))
        self.setToolTip(tip(tag.name))
        self._tag = tag
        theme.notifier().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + 2 * _SIDE, hint.height() + 2 * _ABOVE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.current()
        colour = tags.colour(self._tag, tokens)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(tokens.page, colour, 0.14))
        half = self.height() / 2
        painter.drawRoundedRect(QRectF(self.rect()), half, half)
        painter.setPen(QColor(colour))
        painter.setFont(self.font())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
