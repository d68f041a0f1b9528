"""One recipient as a rounded chip: initial, name, a cross to take it out; marked when it is wrong.

What its keys, its menu and a drag do to the line is its field's matter.
"""

from __future__ import annotations

import zlib
from enum import Enum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from martlet.mail.safe_domain import disguised, safe_address
from martlet.mail.typed import Typed
from martlet.mail.visible import visible
from martlet.ui import theme
from martlet.ui.avatar import initials
from martlet.ui.paint import mix
from martlet.ui.shown_text import cut, tip

_WIDEST = 320
_LONGEST = 120  # characters
_DISC = 18
_LEFT, _GAP, _RIGHT = 4, 6, 26
_SIGN = 16


class Mark(Enum):
    """What a chip shows beside its name."""

    NONE = ""
    WRONG = "warning"
    DISGUISED = "eye"
    TWICE = "twice"
    WIDE = "info"


# Signs that stand behind the name
_BEHIND = (Mark.DISGUISED, Mark.WIDE)


class RecipientChip(QWidget):
    """removed: its cross was pressed. edit_wanted: it was double-clicked.

    pressed: a key that is not its own. menu_wanted: at this point of the screen. dragged: away.
    """

    removed = Signal(QWidget)
    edit_wanted = Signal(QWidget)
    pressed = Signal(QWidget, QKeyEvent)
    menu_wanted = Signal(QWidget, QPoint)
    dragged = Signal(QWidget)
    taken = Signal(QWidget)

    def __init__(self, entry: Typed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._twice = ""
        self._chosen = False
        self._from: QPoint | None = None
        self._disguised = disguised(entry.address.address)
        self._valid = entry.valid
        self._wide = not entry.address.address.rpartition("@")[0].isascii()
        self._alike = False
        self._text = self._shown()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 1, 0)
        row.addStretch()
        cross = QToolButton(self)
        cross.setIcon(theme.icon("close", "text"))
        cross.setIconSize(QSize(14, 14))
        cross.setProperty("kind", "bare")
        cross.setFixedSize(24, 24)
        cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cross.setToolTip(self.tr("Remove"))
        cross.setAccessibleName(self.tr("Remove {name}").format(name=self._text))
        cross.clicked.connect(lambda: self.removed.emit(self))
        row.addWidget(cross)
        self._say()

    @property
    def mark(self) -> Mark:
        if not self._valid:
            return Mark.WRONG
        if self._disguised:
            return Mark.DISGUISED
        if self._twice:
            return Mark.TWICE
        return Mark.WIDE if self._wide else Mark.NONE

    def show_twice(self, where: str) -> None:
        """where: the other line that this recipient stands in, "" for none."""
        if where != self._twice:
            self._twice = where
            self._say()
            self.updateGeometry()

    def tell_apart(self, alike: bool) -> None:
        """alike: another one in sight has the same name, so that the address is to be seen."""
        if alike != self._alike:
            self._alike = alike
            self._text = self._shown()
            self.updateGeometry()
            self.update()

    def _shown(self) -> str:
        name, address = self.entry.address.name, safe_address(self.entry.address.address)
        shown = name or address or self.entry.written
        if name and "@" in name and address:
            shown = address  # a name that looks like one may not hide where the letter goes
        elif name and (self._disguised or self._alike):
            shown = f"{name} <{address}>"
        return cut(visible(shown), _LONGEST)

    def show_chosen(self, chosen: bool) -> None:
        """As one of several that are copied or taken out together."""
        self._chosen = chosen
        self.update()

    def _say(self) -> None:
        address = safe_address(self.entry.address.address)
        lines = [f"{self.entry.address.name} <{address}>" if self.entry.address.name else address]
        if self.mark is Mark.WRONG:
            words = self.tr("“{text}” cannot be an address. Double-click to correct it.")
            lines = [words.format(text=cut(visible(self.entry.written), _LONGEST))]
        elif self._disguised:
            lines.append(self.tr("The domain is written in look-alike letters."))
        elif self._wide:
            lines.append(self.tr("Only servers that know international addresses can take it."))
        if self._twice:
            lines.append(self.tr("Stands in {line}, too; gets the letter once.").format(
                line=self._twice
            ))  # fmt: skip
        self.setToolTip(tip("\n".join(lines)))
        self.setAccessibleName(". ".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        mark = 20 if self.mark in _BEHIND else 0
        if self.mark is Mark.TWICE:
            mark = _GAP + metrics.horizontalAdvance(self._also)
        width = metrics.horizontalAdvance(self._text) + _LEFT + self._before + _RIGHT + mark + 2
        return QSize(min(width, _WIDEST), metrics.height() + 8)

    @property
    def _before(self) -> int:
        """What its disc or sign takes, to where the name begins."""
        return (_SIGN if self.mark is Mark.WRONG else _DISC) + _GAP

    @property
    def _also(self) -> str:
        """Behind the name of somebody who gets the letter by another line already."""
        return self.tr("also in {line}").format(line=self._twice)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # Mouse and keys

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._from = None
        self.edit_wanted.emit(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._from
        far = QApplication.startDragDistance()
        if start is not None and (event.position().toPoint() - start).manhattanLength() >= far:
            self._from = None
            self.dragged.emit(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._from = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.mapToGlobal(self.rect().bottomLeft())
        self.menu_wanted.emit(self, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.pressed.emit(self, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.taken.emit(self)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # Looks

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme.current()
        ground, ink = QColor(tokens.soft_quiet), QColor(tokens.text)
        edge = QColor(tokens.handle if tokens.dark else tokens.line)
        mark = self.mark
        if mark is Mark.WRONG:
            ground = mix(tokens.page, tokens.danger, 0.12)
            edge = ink = QColor(tokens.danger)
        elif mark is Mark.DISGUISED:
            edge = QColor(tokens.star)
        elif mark is Mark.TWICE:
            ground, edge = QColor(Qt.GlobalColor.transparent), QColor(tokens.text3)
        if self._chosen or self.hasFocus():
            ground = mix(tokens.page, tokens.accent, 0.2)
            edge = QColor(tokens.accent)
        painter.setBrush(ground)
        pen = QPen(edge, 1.5 if self.hasFocus() else 1)
        if mark is Mark.TWICE:
            pen.setDashPattern([3, 3])
        painter.setPen(pen)
        inner = self.rect().toRectF().adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        place = self.rect().adjusted(_LEFT, 0, -_RIGHT, 0)
        if right:
            place = self.rect().adjusted(_RIGHT, 0, -_LEFT, 0)
        disc = QRectF(
            place.right() - _DISC if right else place.left(),
            (self.height() - _DISC) / 2, _DISC, _DISC,
        )  # fmt: skip
        if mark is Mark.WRONG:
            x = place.right() - _SIGN if right else place.left() + 2
            y = (self.height() - _SIGN) // 2
            theme.icon(mark.value, "danger").paint(painter, x, y, _SIGN, _SIGN)
        else:
            self._paint_disc(painter, disc)
        cut_off = self._before
        place.adjust(0 if right else cut_off, 0, -cut_off if right else 0, 0)
        if mark in _BEHIND:
            icon = theme.icon(mark.value, "star" if mark is Mark.DISGUISED else "")
            size = 14
            x = place.left() if right else place.right() - size
            icon.paint(painter, x, (self.height() - size) // 2, size, size)
            place.adjust(size + 4 if right else 0, 0, 0 if right else -size - 4, 0)
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        if right:
            start, end = end, start
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
        if mark is Mark.TWICE:
            also, wide = self._also, self.fontMetrics().horizontalAdvance(self._also)
            painter.setPen(QColor(tokens.text3))
            painter.drawText(place, middle | end, also)
            place.adjust(wide + _GAP if right else 0, 0, 0 if right else -wide - _GAP, 0)
        painter.setPen(ink)
        words = self.fontMetrics().elidedText(
            self._text, Qt.TextElideMode.ElideRight, place.width() + 1
        )
        painter.drawText(place, middle | start, words)
        painter.end()

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        tokens = theme.current()
        key = zlib.crc32(self.entry.address.address.casefold().encode("utf-8", "replace"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.avatars[key % len(tokens.avatars)]))
        painter.drawEllipse(disc)
        painter.setPen(QColor("#ffffff"))
        before = painter.font()
        painter.setFont(theme.font(10, bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, initials(self.entry.address)[:1])
        painter.setFont(before)
