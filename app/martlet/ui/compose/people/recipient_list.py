"""All recipients of a line that are too many for chips: to look through, to find, to take out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from martlet.mail.person_words import folded
from martlet.mail.safe_domain import safe_address
from martlet.mail.visible import visible
from martlet.ui import theme
from martlet.ui.compose.people.recipient_offers import PERSON, OfferLooks
from martlet.ui.compose.people.recipient_rows import Row
from martlet.ui.sheet import Sheet
from martlet.ui.shown_text import cut

Index = QModelIndex | QPersistentModelIndex
_LONGEST = 200
_BATCH = 2000  # rows that are laid out in one turn
_NO_INDEX = QModelIndex()


class RecipientModel(QAbstractListModel):
    """Rows that match what is looked for; those that cannot be an address come first."""

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self._all = sorted(rows, key=lambda row: not row.wrong)
        self.shown = self._all

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            address = safe_address(row.entry.address.address)
            name = row.entry.address.name
            return cut(visible(f"{name}  –  {address}" if name else address), _LONGEST)
        if role == PERSON:
            return None if row.wrong else row.entry.address
        if role == Qt.ItemDataRole.DecorationRole and row.wrong:
            return theme.icon("warning", "danger")
        if role == Qt.ItemDataRole.ToolTipRole and row.wrong:
            return self.tr("This cannot be an address.")
        return None

    def look_for(self, text: str) -> None:
        wanted = folded(text)
        self.beginResetModel()
        self.shown = [
            row
            for row in self._all
            if wanted in row.key or wanted in folded(row.entry.address.name)
        ] if wanted else self._all  # fmt: skip
        self.endResetModel()

    def take_out(self, keys: set[str]) -> None:
        self.beginResetModel()
        self._all = [row for row in self._all if row.key not in keys]
        self.shown = [row for row in self.shown if row.key not in keys]
        self.endResetModel()


class _Looks(OfferLooks):
    """People look as they do where they are offered; others have a sign of warning."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(PERSON) is None:
            QStyledItemDelegate.paint(self, painter, option, index)
        else:
            super().paint(painter, option, index)


class _View(QListView):
    delete_pressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


class RecipientList(Sheet):
    """removed: the keys of those who were taken out."""

    removed = Signal(object)

    def __init__(self, line: str, rows: Sequence[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self._line = line
        self.model = RecipientModel(rows)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a recipient"))
        self.search.setAccessibleName(self.tr("Find a recipient"))
        self.search.setClearButtonEnabled(True)
        self.view = _View(self)
        self.view.setModel(self.model)
        self.view.setUniformItemSizes(True)
        self.view.setLayoutMode(QListView.LayoutMode.Batched)
        self.view.setBatchSize(_BATCH)
        self.view.setObjectName("accountList")
        self.view.setItemDelegate(_Looks(self.view))
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName(self.tr("Recipients"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.body.addWidget(self.search)
        self.body.addWidget(self.view, 1)
        self._say()
        self.search.textChanged.connect(self._find)
        self.go.clicked.connect(self.take_out)
        self.view.delete_pressed.connect(self.take_out)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._show_go())
        self.resize(520, 560)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def take_out(self) -> None:
        """Those that are selected."""
        rows = self.view.selectionModel().selectedRows()
        keys = {self.model.shown[index.row()].key for index in rows}
        if not keys:
            return
        self.model.take_out(keys)
        self._say()
        self.removed.emit(sorted(keys))

    def _find(self, text: str) -> None:
        self.model.look_for(text)
        self._show_go()

    def _say(self) -> None:
        words = self.tr("{line}: {n} recipients")
        count = self.locale().toString(self.model.rowCount())
        self.head(words.format(line=self._line, n=count), self.tr("Remove"))
        self.cancel.setText(self.tr("Close"))
        self.go.setAutoDefault(False)
        self.go.setDefault(False)
        self._show_go()

    def _show_go(self) -> None:
        self.go.setEnabled(self.view.selectionModel().hasSelection())
