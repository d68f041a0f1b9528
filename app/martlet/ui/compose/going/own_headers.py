"""A small table of header fields of the writer's own. What may not be set is said at once."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from martlet.mail.own_headers import MOST, first_refusal
from martlet.ui import theme
from martlet.ui.sheet import Sheet

_NAME, _VALUE = 0, 1
_ROWS = 3


class OwnHeadersSheet(Sheet):
    """taken: the fields as they are to be, (name, value) in order."""

    taken = Signal(tuple)

    def __init__(self, headers: tuple[tuple[str, str], ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.head(self.tr("Extra headers"), self.tr("Save"))
        self.body.addWidget(
            self.text(
                self.tr("They go out with this letter, for programs that look for them. Everybody "
                        "who gets it can read them.")
            )
        )  # fmt: skip
        self.table = QTableWidget(0, 2, self)
        self.table.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Value")])
        self.table.setAccessibleName(self.tr("Extra headers"))
        self.table.setObjectName("headerTable")
        self.table.setFrameShape(QFrame.Shape.Box)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        across = self.table.horizontalHeader()
        across.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Interactive)
        across.setSectionResizeMode(_VALUE, QHeaderView.ResizeMode.Stretch)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        across.resizeSection(_NAME, 170)
        self.table.verticalHeader().setDefaultSectionSize(32)
        self.table.setMinimumHeight(170)
        self.add = QPushButton(theme.icon("add"), self.tr("Add a header"), self)
        self.remove = QPushButton(theme.icon("remove"), self.tr("Remove"), self)
        self.remove.setToolTip(self.tr("Removes the chosen header (Del)"))
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch()
        self.body.addWidget(self.table, 1)
        self.body.addLayout(row)
        self.setMinimumWidth(520)
        for name, value in headers:
            self._row(name, value)
        if not headers:
            self._row("X-", "")
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.go.clicked.connect(self._take)
        delete = QShortcut(QKeySequence("Del"), self.table, self._remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.table.itemChanged.connect(lambda _item: self.notice.clear())
        self.table.setFocus()
        self.table.setCurrentCell(self.table.rowCount() - 1, _NAME)

    def headers(self) -> tuple[tuple[str, str], ...]:
        """As they stand, without those that nobody filled in."""
        rows = (self._text(at) for at in range(self.table.rowCount()))
        return tuple((name, value) for name, value in rows if name not in ("", "X-") or value)

    def _text(self, at: int) -> tuple[str, str]:
        found = [self.table.item(at, column) for column in (_NAME, _VALUE)]
        name, value = (" ".join(cell.text().split()) if cell else "" for cell in found)
        return name, value

    def _row(self, name: str, value: str) -> None:
        at = self.table.rowCount()
        self.table.insertRow(at)
        for column, text in ((_NAME, name), (_VALUE, value)):
            self.table.setItem(at, column, QTableWidgetItem(text))

    def _add(self) -> None:
        if self.table.rowCount() < MOST:
            self._row("X-", "")
        self.table.setFocus()
        self.table.setCurrentCell(self.table.rowCount() - 1, _NAME)  # and so it is edited

    def _remove(self) -> None:
        at = self.table.currentRow()
        if at >= 0:
            self.table.removeRow(at)
        self.table.setFocus()

    def _take(self) -> None:
        self.table.setCurrentCell(-1, -1)  # what is still being typed counts
        why = first_refusal(self.headers())
        if why:
            self.notice.say(why)
            return
        self.taken.emit(self.headers())
        self.accept()
