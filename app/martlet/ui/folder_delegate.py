"""Paints a folder: symbol, name, how many are unread in a pill, and quiet marks beside it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from martlet.mail.account import Account
from martlet.mail.folder import Folder, Role
from martlet.ui import theme
from martlet.ui.folder_model import COUNT, NODE, SYMBOL, TROUBLE, Place
from martlet.ui.tokens import Tokens

_ROW = 32
_MARK = 15


class FolderDelegate(QStyledItemDelegate):
    """Knows the height of a row; `target` is the row something is about to be dropped on."""

    def __init__(self) -> None:
        super().__init__()
        self.target = QPersistentModelIndex()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, max(_ROW, QFontMetrics(theme.font(13)).height() + 12))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tokens = theme.current()
        node = index.data(NODE)
        rect: QRect = option.rect
        row = QRect(8, rect.top() + 1, option.widget.width() - 16, rect.height() - 2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.soft if selected else tokens.soft_quiet))
            painter.drawRoundedRect(QRectF(row), 7, 7)
        if self.target.isValid() and self.target == index:
            painter.setPen(QColor(tokens.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        heading = isinstance(node, Account)
        count = int(index.data(COUNT) or 0)
        view = option.widget
        if not heading and isinstance(view, QTreeView) and not view.isExpanded(index):
            count += _folded_away(index)
        right = row.right() - 8
        if index.data(TROUBLE):
            right = self._mark(painter, row, right, "warning", tokens.danger)
        elif isinstance(node, Folder) and node.parked:
            right = self._mark(painter, row, right, "pause", tokens.danger)
        bold = heading or (count > 0 and not isinstance(node, Place) and _counts_unread(node))
        if count:
            right = self._pill(painter, row, right, count, tokens, quiet=not bold)
        left = rect.left() + (30 if isinstance(node, Place) else 16)
        quiet = isinstance(node, Folder) and (not node.subscribed or not node.selectable)
        if not heading:
            size = 17
            colour = tokens.accent if selected else tokens.text3 if quiet else tokens.text2
            box = QRectF(left, row.center().y() - size / 2 + 0.5, size, size)
            theme.draw(painter, str(index.data(SYMBOL)), box, colour)
            left += size + 9
        painter.setFont(theme.font(12 if heading else 13, bold=bold))
        painter.setPen(QColor(tokens.text2 if heading or quiet else tokens.text))
        text = painter.fontMetrics().elidedText(
            str(index.data(Qt.ItemDataRole.DisplayRole)),
            Qt.TextElideMode.ElideRight,
            right - left - 4,
        )
        painter.drawText(
            QRect(left, row.top(), right - left, row.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            text,
        )
        painter.restore()

    def _mark(self, painter: QPainter, row: QRect, right: int, symbol: str, colour: str) -> int:
        box = QRectF(right - _MARK, row.center().y() - 7, _MARK, _MARK)
        theme.draw(painter, symbol, box, colour)
        return right - _MARK - 7

    def _pill(
        self,
        painter: QPainter,
        row: QRect,
        right: int,
        count: int,
        tokens: Tokens,
        *,
        quiet: bool,
    ) -> int:
        painter.setFont(theme.font(11, bold=not quiet))
        text = str(count) if count < 100_000 else f"{count // 1000}k"
        metrics = painter.fontMetrics()
        width = max(metrics.horizontalAdvance(text) + 12, 22)
        height = metrics.height() + 3
        pill = QRectF(right - width, row.center().y() - height / 2 + 0.5, width, height)
        if not quiet:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(QColor(tokens.text3 if quiet else tokens.on_accent))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
        return round(pill.left())


def _folded_away(index: QModelIndex | QPersistentModelIndex) -> int:
    """What the folders inside would show, were they to be seen."""
    model, found = index.model(), 0
    for row in range(model.rowCount(index)):
        inner = model.index(row, 0, index)
        found += int(inner.data(COUNT) or 0) + _folded_away(inner)
    return found


def _counts_unread(node: object) -> bool:
    return isinstance(node, Folder) and node.role not in (Role.DRAFTS, Role.JUNK)
