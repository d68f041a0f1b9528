"""Paints one message of the list: who and when, subject, a line of preview, and its marks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QLocale, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from martlet.mail.message import ANSWERED, DRAFT, FORWARDED, MessageRow
from martlet.mail.outgoing import DeliveryKind
from martlet.ui import dates, ledger_words, tags, theme
from martlet.ui.list_model import FATE, ROW
from martlet.ui.tokens import Tokens

_LEFT = 26
_RIGHT = 14
_PAD = 9
_GAP = 2
_ICON = 16
_MARK, _MARKS = 9, 4


class RowDelegate(QStyledItemDelegate):
    """Knows the height of a row, paints rows, and says where their star is."""

    def __init__(self) -> None:
        super().__init__()
        self.to_mode = False
        self._locale = QLocale()
        self.take_fonts()

    def take_fonts(self) -> None:
        """Measures the fonts again, after the application's changed."""
        self._name = theme.font(13)
        self._name_bold = theme.font(13, bold=True)
        self._small = theme.font(12)
        metrics = QFontMetrics(self._name_bold)
        self._line = max(metrics.height(), 19)
        self._small_line = max(QFontMetrics(self._small).height(), 17)

    @property
    def height(self) -> int:
        """Of every row, in pixels."""
        return 2 * _PAD + 2 * self._line + self._small_line + 2 * _GAP

    def star_rect(self, row: QRect) -> QRect:
        """Where the star of a row is to be clicked: larger than it looks."""
        return QRect(
            row.right() - _RIGHT - _ICON - 6, row.top() + _PAD + self._line - 3, 32, self._line + 8
        )

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        message = index.data(ROW)
        if not isinstance(message, MessageRow):
            return
        tokens = theme.current()
        rect = option.rect
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        active = bool(state & QStyle.StateFlag.State_Active)
        hover = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or hover:
            ground = tokens.soft if selected and active else tokens.soft_quiet
            painter.setBrush(QColor(ground if selected else tokens.hover))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(rect.adjusted(6, 1, -6, -1)), 7, 7)
        if state & QStyle.StateFlag.State_HasFocus and not selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(tokens.accent))
            painter.drawRoundedRect(QRectF(rect).adjusted(6.5, 1.5, -6.5, -1.5), 7, 7)
        elif not selected and not hover:
            width = rect.width() - _LEFT - _RIGHT
            line = QRect(rect.left() + _LEFT, rect.bottom(), width, 1)
            painter.fillRect(line, QColor(tokens.line))
        fate = index.data(FATE)
        known = fate if isinstance(fate, DeliveryKind) else None
        self._paint_text(painter, rect, message, tokens, known)
        self._paint_marks(painter, rect, message, tokens, hover or selected)
        painter.restore()

    def _paint_text(
        self,
        painter: QPainter,
        rect: QRect,
        message: MessageRow,
        tokens: Tokens,
        fate: DeliveryKind | None,
    ) -> None:
        left, width = rect.left() + _LEFT, rect.width() - _LEFT - _RIGHT
        unread = message.unread
        top = rect.top() + _PAD
        stamp = _when(message.date, int(time.time() // 60), self._locale)
        painter.setFont(self._small)
        stamp_width = painter.fontMetrics().horizontalAdvance(stamp) + 2
        painter.setPen(QColor(tokens.accent if unread else tokens.text3))
        stamp_rect = QRect(left + width - stamp_width, top, stamp_width, self._line)
        aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(stamp_rect, aligned, stamp)
        room = width - stamp_width - 10
        if message.attachments:
            clip = QRectF(left + width - stamp_width - 20, top + (self._line - 14) / 2, 14, 14)
            theme.draw(painter, "attachment", clip, tokens.text3)
            room -= 16
        font = self._name_bold if unread else self._name
        mark = 0
        if DRAFT in message.flags:
            words = self.tr("Draft")
            painter.setPen(QColor(tokens.danger))
            _line(painter, self._name, QRect(left, top, room, self._line), words)
            mark = min(room, QFontMetrics(self._name).horizontalAdvance(words) + 8)
        painter.setPen(QColor(tokens.text))
        who = QRect(left + mark, top, room - mark, self._line)
        _line(painter, font, who, self._who(message))
        top += self._line + _GAP
        worn = tags.of(message.tags)[:_MARKS] if message.tags else ()
        width_of_marks = len(worn) * (_MARK + 3) + 3 if worn else 0
        if worn:
            self._paint_tags(painter, left + width - _ICON - 5, top, worn, tokens)
        subject = message.subject or self.tr("(no subject)")
        painter.setPen(QColor(tokens.text if unread or message.subject else tokens.text2))
        room = width - _ICON - 8 - width_of_marks
        _line(painter, font, QRect(left, top, room, self._line), subject)
        top += self._line + _GAP
        painter.setPen(QColor(tokens.text2))
        room = width
        if not message.has_body:
            # What a click on the message, or Download, has to fetch yet.
            symbol = "download" if message.partial and message.preview else "cloud"
            box = QRectF(left + width - 15, top + (self._small_line - 15) / 2, 15, 15)
            theme.draw(painter, symbol, box, tokens.text3)
            room -= _ICON + 8
        preview = message.preview
        if message.partial and not preview:
            preview = self.tr("{size} on the server").format(size=dates.size(message.size))
        trouble = ledger_words.fate(fate) if fate is not None else ""
        if trouble:
            bad = ledger_words.is_bad(fate)
            colour = tokens.danger if bad else tokens.text2
            box = QRectF(left, top + (self._small_line - 15) / 2, 15, 15)
            theme.draw(painter, "warning" if bad else "clock", box, colour)
            painter.setPen(QColor(colour))
            preview = trouble
            left, room = left + _ICON + 4, room - _ICON - 4
        _line(painter, self._small, QRect(left, top, room, self._small_line), preview)

    def _paint_tags(
        self, painter: QPainter, right: int, top: int, worn: Sequence[tags.Tag], tokens: Tokens
    ) -> None:
        """A small square in the colour of each; their names are in the tool tip."""
        painter.setPen(Qt.PenStyle.NoPen)
        y = top + (self._line - _MARK) / 2 + 0.5
        for at, tag in enumerate(reversed(worn)):
            painter.setBrush(QColor(tags.colour(tag, tokens)))
            x = right - _MARK - at * (_MARK + 3)
            painter.drawRoundedRect(QRectF(x, y, _MARK, _MARK), 2.5, 2.5)

    def _paint_marks(
        self,
        painter: QPainter,
        rect: QRect,
        message: MessageRow,
        tokens: Tokens,
        pointed: bool,
    ) -> None:
        middle = rect.top() + _PAD + self._line / 2
        if message.unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(QPointF(rect.left() + 16, middle), 4, 4)
        done = (
            "reply"
            if ANSWERED in message.flags
            else "forward"
            if FORWARDED in message.flags or FORWARDED in message.tags
            else ""
        )
        if done:
            at = QRectF(rect.left() + 9, middle + self._line - 5, 14, 14)
            theme.draw(painter, done, at, tokens.text3)
        star = QRectF(
            rect.right() - _RIGHT - _ICON + 1,
            rect.top() + _PAD + self._line + _GAP + (self._line - _ICON) / 2,
            _ICON,
            _ICON,
        )
        if message.flagged:
            theme.draw(painter, "star-filled", star, tokens.star)
        elif pointed:
            theme.draw(painter, "star", star, tokens.text3)

    def _who(self, message: MessageRow) -> str:
        if self.to_mode and message.to:
            return self.tr("To {people}").format(people=message.to)
        if DRAFT in message.flags:
            return message.to or self.tr("(no recipients)")
        return message.sender.name or message.sender.address or self.tr("(unknown sender)")


def _line(painter: QPainter, font: QFont, rect: QRect, text: str) -> None:
    painter.setFont(font)
    text = text.replace("\n", " ")[:400]
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(rect, flags, elided)


@lru_cache(maxsize=2048)
def _when(date: float, minute: int, locale: QLocale) -> str:
    return dates.short(date, minute * 60.0, locale)
