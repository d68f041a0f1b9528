"""What an account did and what went wrong, in sentences; the server's words behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from martlet.link.messages import CheckMail
from martlet.mail.account import Account
from martlet.mail.sync import LogEntry
from martlet.ui import dates, theme
from martlet.ui.choice_box import ChoiceBox
from martlet.ui.sheet import Sheet

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.link import EngineLink

_MOST = 1000
_ICON = 15
_ENTRY = Qt.ItemDataRole.UserRole
_INFO, _CONFLICT = "info", "conflict"


class AccountLogDialog(Sheet):
    """Newest first. What was decided against the user (a conflict) and trouble are marked."""

    def __init__(
        self, link: EngineLink, reader: Reader, account: Account, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.head(self.tr("What happened: {name}").format(name=account.name))
        self.setObjectName("accountLog")
        self._reader = reader
        self._account = account
        self._open = True
        self.kinds = ChoiceBox(self)
        self.kinds.setAccessibleName(self.tr("What to show"))
        for words in (
            self.tr("Everything"),
            self.tr("Conflicts and trouble"),
            self.tr("Conflicts only"),
        ):
            self.kinds.addItem(words)
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("logTree")
        self.tree.setAccessibleName(self.tr("What happened, newest first"))
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setIconSize(QSize(15, 15))
        self.tree.setWordWrap(True)
        self.tree.setItemDelegateForColumn(1, _Wrapping(self.tree))
        self.tree.header().sectionResized.connect(lambda *_: self.tree.scheduleDelayedItemsLayout())
        self.tree.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(True)
        self.nothing = self.text(self.tr("Nothing worth telling has happened."), "third")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.copy = QPushButton(self.tr("Copy"), self)
        self.copy.setToolTip(self.tr("Copies what is chosen, or all of it (Ctrl+C)"))
        self.copy.setAutoDefault(False)
        self.again = QPushButton(theme.icon("refresh"), self.tr("Check now"), self)
        self.again.setAutoDefault(False)
        self.buttons.insertWidget(0, self.copy)
        self.buttons.insertWidget(1, self.again)
        self.body.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.tree, 1)
        self.body.addWidget(self.nothing, 1)
        self.resize(720, 520)
        self.kinds.currentIndexChanged.connect(lambda _at: self.fill())
        self.copy.clicked.connect(self._copy)
        self.again.clicked.connect(lambda: link.ask(CheckMail([account.id])))
        QShortcut(QKeySequence.StandardKey.Copy, self.tree).activated.connect(self._copy)
        QShortcut(QKeySequence.StandardKey.Refresh, self).activated.connect(self.fill)
        link.changed.connect(self._heard)
        self.fill()

    def fill(self) -> None:
        """Reads the log again."""
        entries = [e for e in self._reader.log(self._account.id, _MOST) if self._wanted(e)]
        self.tree.clear()
        self.tree.addTopLevelItems([self._item(entry) for entry in entries])
        self.tree.setVisible(bool(entries))
        self.nothing.setVisible(not entries)
        self.copy.setEnabled(bool(entries))

    def as_text(self, entries: list[LogEntry]) -> str:
        """Lines to be sent to somebody who helps."""
        lines = []
        for entry in entries:
            lines.append(f"{dates.full(entry.time)}  [{entry.kind}]  {entry.sentence}")
            lines.extend(f"    {line}" for line in entry.detail.splitlines())
        return "\n".join(lines) + "\n"

    def _wanted(self, entry: LogEntry) -> bool:
        chosen = self.kinds.currentIndex()
        if chosen == 0:
            return True
        return entry.kind == _CONFLICT or (chosen == 1 and entry.kind != _INFO)

    def _item(self, entry: LogEntry) -> QTreeWidgetItem:
        item = QTreeWidgetItem([dates.stamp(entry.time), entry.sentence])
        item.setData(0, _ENTRY, entry)
        tokens = theme.current()
        item.setForeground(0, QColor(tokens.text3))
        item.setTextAlignment(0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        item.setToolTip(0, dates.full(entry.time))
        if entry.kind == _CONFLICT:
            item.setIcon(1, theme.icon("warning", "star"))
            item.setToolTip(1, self.tr("Two sides wanted different things; this was done."))
        elif entry.kind == _INFO:
            item.setIcon(1, theme.icon("info"))
        else:
            item.setIcon(1, theme.icon("error", "danger"))
        if entry.detail:
            detail = QTreeWidgetItem(["", entry.detail])
            detail.setForeground(1, QColor(tokens.text2))
            item.addChild(detail)
        return item

    def _copy(self) -> None:
        items = self.tree.selectedItems()
        if not items:
            every = (self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount()))
            items = [item for item in every if item is not None]
        # A detail stands below the sentence it belongs to.
        found = ((item.parent() or item).data(0, _ENTRY) for item in items)
        entries = [entry for entry in found if isinstance(entry, LogEntry)]
        QGuiApplication.clipboard().setText(self.as_text(list(dict.fromkeys(entries))))

    def _heard(self, change: object) -> None:
        # Whoever reads is not disturbed: only what stands at the top is followed.
        at_top = self.tree.verticalScrollBar().value() == 0
        if self._open and at_top and not self.tree.selectedItems():
            newest = self._reader.log(self._account.id, 1)
            first = self.tree.topLevelItem(0) if self.tree.topLevelItemCount() else None
            if newest and (first is None or first.data(0, _ENTRY) != newest[0]):
                self.fill()

    def done(self, result: int) -> None:
        self._open = False
        super().done(result)


class _Wrapping(QStyledItemDelegate):
    """Gives a sentence as many lines as it needs; a tree view alone would cut it off."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        metrics = option.fontMetrics
        room = QRect(0, 0, max(80, self._tree.columnWidth(1) - 2 * _ICON), 10_000)
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        height = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()
        return QSize(room.width(), max(height, metrics.height()) + 10)
