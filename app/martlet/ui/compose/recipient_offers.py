"""People and groups that are offered while one types: as a list, and how a row looks."""

from __future__ import annotations

import zlib

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from martlet.mail.message import Address
from martlet.mail.safe_domain import safe_address
from martlet.mail.visible import visible
from martlet.mail.writing import Group
from martlet.ui import theme
from martlet.ui.avatar import initials

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_WORDS_ROLE = Qt.ItemDataRole.UserRole
_HEIGHT, _DISC, _EDGE, _GAP = 34, 22, 8, 8


def words_of(one: Address | Group) -> tuple[str, str]:
    """Its name, and what is said beside it."""
    if isinstance(one, Group):
        words = QCoreApplication.translate("recipients", "{n} people")
        return visible(one.name), words.format(n=len(one.members))
    address = visible(safe_address(one.address))
    return (visible(one.name), address) if one.name else (address, "")


class Offers(QAbstractListModel):
    """Those that are offered now, best first."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[Address | Group] = []

    def offer(self, people: list[Address | Group]) -> None:
        self.beginResetModel()
        self.people = people
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.people[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return "  –  ".join(filter(None, words_of(one)))
        return one if role == _WORDS_ROLE else None


class OfferLooks(QStyledItemDelegate):
    """A disc, the name, the address in softer ink."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = index.data(_WORDS_ROLE)
        if not isinstance(one, Address | Group):
            return
        tokens = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(tokens.soft_quiet))
            painter.drawRoundedRect(area.adjusted(2, 1, -2, -1), 6, 6)
        _paint_row(painter, area, one)
        painter.restore()


def _paint_row(painter: QPainter, area: QRect, one: Address | Group) -> None:
    tokens = theme.current()
    disc = QRect(area.left() + _EDGE, area.center().y() - _DISC // 2 + 1, _DISC, _DISC)
    name, beside = words_of(one)
    if isinstance(one, Group):
        theme.icon("account").paint(painter, disc.adjusted(2, 2, -2, -2))
    else:
        key = zlib.crc32(one.address.casefold().encode("utf-8", "replace"))
        painter.setBrush(QColor(tokens.avatars[key % len(tokens.avatars)]))
        painter.drawEllipse(disc)
        painter.setPen(QColor("#ffffff"))
        painter.setFont(theme.font(11, bold=True))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, initials(one)[:1])
    place = area.adjusted(_EDGE + _DISC + _GAP, 0, -_EDGE, 0)
    for text, font, ink in (
        (name, theme.font(13, bold=True), tokens.text),
        (beside, theme.font(13), tokens.text2),
    ):
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(0, place.width()))
        painter.setFont(font)
        painter.setPen(QColor(ink))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, middle, shown)
        place.setLeft(place.left() + metrics.horizontalAdvance(shown) + _GAP)
