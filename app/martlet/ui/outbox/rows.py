"""How a letter of the outbox looks in the list: whom it goes to, its subject, how it stands."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from martlet.mail.outgoing import OutboxEntry, OutboxState
from martlet.ui import theme
from martlet.ui.outbox import words
from martlet.ui.outbox.model import LETTER, STANDS, Index, OutboxModel, subject, to

_SYMBOLS = {
    OutboxState.QUEUED: "clock",
    OutboxState.SENDING: "send",
    OutboxState.SENT: "check",
    OutboxState.FILED: "check",
    OutboxState.FAILED: "error",
    OutboxState.UNKNOWN: "warning",
}
_BAD = (OutboxState.FAILED, OutboxState.UNKNOWN)
_EDGE, _INSET, _PAD, _GAP = 6, 16, 9, 2
_SYMBOL, _BAR = 15, 3


def symbol(letter: OutboxEntry) -> tuple[str, str]:
    """The picture of how it stands, and its colour."""
    name = "offline" if words.offline(letter) else _SYMBOLS[letter.state]
    return name, "danger" if letter.state in _BAD else ""


class OutboxRows(QStyledItemDelegate):
    """Rows of an OutboxModel, all of one height."""

    def __init__(self, model: OutboxModel) -> None:
        super().__init__()
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = _height(theme.font(13, bold=True)) + _height(theme.font(13))
        return QSize(0, 2 * _PAD + lines + max(_SYMBOL, _height(theme.font(12))) + 2 * _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        letter = index.data(LETTER)
        if not isinstance(letter, OutboxEntry):
            return
        tokens = theme.current()
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, option)
        left, width = area.left() + _INSET, area.width() - 2 * _INSET
        top = area.top() + _PAD
        bad = letter.state in _BAD
        bold, plain, small = theme.font(13, bold=True), theme.font(13), theme.font(12)
        for text, font, ink in (
            (to(letter), bold, tokens.text),
            (subject(letter), plain, tokens.text2),
        ):
            height = _height(font)
            line = QRect(left, top, width, height)
            _write(painter, option, font, ink, line, text)
            top += height + _GAP
        name, colour = symbol(letter)
        height = max(_SYMBOL, _height(small))
        mark = QRect(left, top + (height - _SYMBOL) // 2, _SYMBOL, _SYMBOL)
        theme.icon(name, colour).paint(painter, QStyle.visualRect(option.direction, area, mark))
        said = QRect(left + _SYMBOL + 6, top, width - _SYMBOL - 6, height)
        ink = tokens.danger if bad else tokens.text2
        _write(painter, option, small, ink, said, str(index.data(STANDS)))
        self._bar(painter, option, letter)
        painter.restore()

    def _bar(self, painter: QPainter, option: QStyleOptionViewItem, letter: OutboxEntry) -> None:
        """How much of it has gone up, at the lower edge."""
        far = self._model.far(letter.id)
        if far is None or not far.total:
            return
        area: QRect = option.rect
        tokens = theme.current()
        width = area.width() - 2 * _INSET
        share = min(1.0, far.done / far.total)
        painter.setPen(Qt.PenStyle.NoPen)
        for part, ink in ((1.0, tokens.line), (share, tokens.accent)):
            bar = QRect(area.left() + _INSET, area.bottom() - _BAR - 2, round(width * part), _BAR)
            painter.setBrush(QColor(ink))
            painter.drawRoundedRect(QStyle.visualRect(option.direction, area, bar), 1.5, 1.5)


def _ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    tokens = theme.current()
    state: QStyle.StateFlag = option.state
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    place = QRectF(option.rect.adjusted(_EDGE, 1, -_EDGE, -1))
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        active = state & QStyle.StateFlag.State_Active
        ground = tokens.hover
        if chosen:
            ground = tokens.soft if active else tokens.soft_quiet
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(place, 7, 7)
    if state & QStyle.StateFlag.State_HasFocus and not chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(tokens.accent))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)


def _write(
    painter: QPainter, option: QStyleOptionViewItem, font: QFont, ink: str, line: QRect, text: str
) -> None:
    metrics = QFontMetrics(font)
    text = metrics.elidedText(text[:400], Qt.TextElideMode.ElideRight, line.width())
    side = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
    flags = side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(QStyle.visualRect(option.direction, option.rect, line), flags, text)


def _height(font: QFont) -> int:
    return QFontMetrics(font).height()
