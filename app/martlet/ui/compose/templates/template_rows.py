"""How a template or snippet looks in a list: its name, what it says, and its shortcut."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from martlet.mail.visible import visible
from martlet.mail.writing import Template, TemplateKind
from martlet.ui import theme

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 52
_SYMBOL, _EDGE, _GAP = 18, 10, 10
_PILL, _WIDEST = 22, 140
_READ = 400
_Place = Callable[[int, int, int, int], QRect]


def said(one: Template) -> str:
    """What stands below the name: the subject and the beginning of the text."""
    text = " ".join(one.text[:_READ].split())
    return visible(" · ".join(part for part in (one.subject, text) if part))


class TemplateRows(QStyledItemDelegate):
    """Rows whose item has its Template as user data."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(one, Template):
            super().paint(painter, option, index)
            return
        tokens = theme.current()
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        reads: Qt.LayoutDirection = option.direction
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(tokens.soft))
            painter.drawRoundedRect(area, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(area, 6, 6)

        def place(left: int, top: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(reads, area, QRect(left, top, width, height))

        middle = area.center().y() + 1
        left = area.left() + _EDGE
        symbol = "text" if one.kind is TemplateKind.SNIPPET else "mail"
        spot = place(left, middle - _SYMBOL // 2, _SYMBOL, _SYMBOL)
        theme.icon(symbol).paint(painter, spot)
        left += _SYMBOL + _GAP
        right = area.right() + 1 - _EDGE
        if one.shortcut:
            right -= self._pill(painter, one.shortcut, place, right, middle) + _GAP
        lines = (
            (visible(one.name), theme.font(13, bold=True), tokens.text, area.top() + 6),
            (said(one), theme.font(12), tokens.text2, area.top() + 27),
        )
        side = QStyle.visualAlignment(reads, Qt.AlignmentFlag.AlignLeft)
        for words, font, ink, top in lines:
            shown = QFontMetrics(font).elidedText(
                words, Qt.TextElideMode.ElideRight, max(0, right - left)
            )
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(place(left, top, max(0, right - left), 20), side, shown)
        painter.restore()

    def _pill(
        self,
        painter: QPainter,
        shortcut: str,
        place: _Place,
        right: int,
        middle: int,
    ) -> int:
        """The letters and the key that put it in; answers how wide that is."""
        tokens = theme.current()
        font = theme.font(12)
        words = QCoreApplication.translate("templates", "{letters} + Tab")
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(
            words.format(letters=visible(shortcut)), Qt.TextElideMode.ElideRight, _WIDEST
        )
        width = metrics.horizontalAdvance(shown) + 16
        pill = place(right - width, middle - _PILL // 2, width, _PILL)
        painter.setPen(QColor(tokens.handle))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(pill.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text2))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
        return width
