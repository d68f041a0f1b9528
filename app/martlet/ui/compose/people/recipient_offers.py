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
PERSON = Qt.ItemDataRole.UserRole
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
        return one if role == PERSON else None


class OfferLooks(QStyledItemDelegate):
    """A disc, the name, the address in softer ink."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _HEIGHT)  # as wide as there is room

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = index.data(PERSON)
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
        direction: Qt.LayoutDirection = option.direction
        _paint_row(painter, area, one, direction)
        painter.restore()


def _paint_row(
    painter: QPainter, area: QRect, one: Address | Group, direction: Qt.LayoutDirection
) -> None:
    tokens = theme.current()

    def there(x: int, width: int, height: int) -> QRect:
        """So far from the side where reading begins, in the middle of the row."""
        place = QRect(area.left() + x, area.center().y() - height // 2 + 1, width, height)
        return QStyle.visualRect(direction, area, place)

    disc = there(_EDGE, _DISC, _DISC)
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
    x = _EDGE + _DISC + _GAP
    room = max(0, area.width() - x - _EDGE)
    # A long name leaves room for what tells two of that name apart.
    first = room * 6 // 10 if beside else room
    middle = Qt.AlignmentFlag.AlignVCenter | QStyle.visualAlignment(
        direction, Qt.AlignmentFlag.AlignLeft
    )
    rest = QFontMetrics(theme.font(13)).horizontalAdvance(beside) + _GAP
    for text, font, ink, most in (
        (name, theme.font(13, bold=True), tokens.text, max(first, room - rest)),
        (beside, theme.font(13), tokens.text2, room),
    ):
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(0, min(most, room)))
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(
            there(x, room, area.height()), middle | Qt.AlignmentFlag.AlignAbsolute, shown
        )
        used = metrics.horizontalAdvance(shown) + _GAP
        x, room = x + used, room - used
