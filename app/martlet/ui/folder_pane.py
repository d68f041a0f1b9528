"""The folder pane: says which folder was chosen and what is wanted of it, paints counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetrics,
    QPainter,
)
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from martlet.mail.account import Account, AccountState
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import MessageId
from martlet.ui import theme
from martlet.ui.folder_model import COUNT, NODE, SYMBOL, TROUBLE, FolderModel, Place
from martlet.ui.list_model import MIME_TYPE
from martlet.ui.tokens import Tokens

if TYPE_CHECKING:
    from martlet.store.reader import Reader

_ROW = 32
Index = QModelIndex | QPersistentModelIndex


class FolderPane(QTreeView):
    """Signals up: chosen, place_opened, create/rename/delete/subscribe wanted, messages dropped."""

    chosen = Signal(object)
    place_opened = Signal(object)
    account_opened = Signal(object)
    create_wanted = Signal(object)
    rename_wanted = Signal(object)
    delete_wanted = Signal(object)
    subscribe_wanted = Signal(object)
    dropped = Signal(object, object, bool)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folderTree")
        self.setAccessibleName(self.tr("Folders"))
        self.folders = FolderModel(reader, self)
        self.setModel(self.folders)
        self._delegate = _FolderDelegate()
        self.setItemDelegate(self._delegate)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QTreeView.DragDropMode.DropOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_clicked)
        theme.notifier().changed.connect(self.viewport().update)
        self._quiet = False

    def refresh(self) -> None:
        """Reads the store again, keeping what is chosen and what is folded away."""
        folder = self.current_folder()
        folded = self._folded()
        self._quiet = True
        if self.folders.refresh():
            self.expandAll()
            for index in self._all():
                if index.data(Qt.ItemDataRole.DisplayRole) in folded:
                    self.collapse(index)
            if folder is not None:
                self.setCurrentIndex(self.folders.index_of(folder.id))
        self._quiet = False

    def set_state(self, state: AccountState) -> None:
        self.folders.set_state(state)

    def current_folder(self) -> Folder | None:
        node = self.currentIndex().data(NODE)
        return node if isinstance(node, Folder) else None

    def choose(self, folder_id: FolderId) -> bool:
        """Chooses a folder; False when there is none of that id."""
        index = self.folders.index_of(folder_id)
        self.setCurrentIndex(index)
        return index.isValid()

    def choose_first(self) -> None:
        self.setCurrentIndex(self.folders.first_inbox())

    def choose_role(self, role: Role) -> None:
        """Goes to the folder of this purpose in the current account, else in the first."""
        current = self.current_folder()
        found = [f for i in self._all() if isinstance(f := i.data(NODE), Folder) and f.role is role]
        found.sort(key=lambda f: current is not None and f.account_id != current.account_id)
        if found:
            self.choose(found[0].id)

    def sizeHint(self) -> QSize:
        return QSize(220, 600)

    def _all(self) -> list[QModelIndex]:
        found: list[QModelIndex] = []
        waiting = [self.folders.index(row, 0) for row in range(self.folders.rowCount())]
        while waiting:
            index = waiting.pop(0)
            found.append(index)
            waiting.extend(
                self.folders.index(row, 0, index) for row in range(self.folders.rowCount(index))
            )
        return found

    def _folded(self) -> set[str]:
        name = Qt.ItemDataRole.DisplayRole
        return {
            str(i.data(name))
            for i in self._all()
            if self.folders.rowCount(i) and not self.isExpanded(i)
        }

    def _on_current(self, index: QModelIndex, before: QModelIndex) -> None:
        node = index.data(NODE)
        if not self._quiet and isinstance(node, Folder) and node.selectable:
            self.chosen.emit(node)

    def _on_clicked(self, index: QModelIndex) -> None:
        node = index.data(NODE)
        if isinstance(node, Place):
            self.place_opened.emit(node)
        elif isinstance(node, Account) and index.data(TROUBLE):
            self.account_opened.emit(node)

    def _on_activated(self, index: QModelIndex) -> None:
        self._on_clicked(index)

    def _menu(self, point: QPoint) -> None:
        node = self.indexAt(point).data(NODE)
        menu = QMenu(self)
        if isinstance(node, Account):
            menu.addAction(
                theme.icon("folder-new"),
                self.tr("New folder…"),
                lambda: self.create_wanted.emit(node),
            )
        elif isinstance(node, Folder):
            menu.addAction(
                theme.icon("folder-new"),
                self.tr("New folder inside…"),
                lambda: self.create_wanted.emit(node),
            )
            if node.role is Role.NONE:
                menu.addAction(self.tr("Rename…"), lambda: self.rename_wanted.emit(node))
                menu.addAction(
                    theme.icon("trash"), self.tr("Delete…"), lambda: self.delete_wanted.emit(node)
                )
            if not node.local and node.role is not Role.INBOX:
                menu.addSeparator()
                shown = menu.addAction(self.tr("Subscribed"))
                shown.setCheckable(True)
                shown.setChecked(node.subscribed)
                shown.triggered.connect(lambda: self.subscribe_wanted.emit(node))
        if not menu.isEmpty():
            menu.exec(self.viewport().mapToGlobal(point))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """A quiet chevron before what can be folded; the selection is the delegate's."""
        if self.folders.rowCount(index) and index.parent().isValid():
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            box = QRectF(rect.right() - 6, rect.center().y() - 5, 12, 12)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw(painter, name, box, theme.current().text3)

    # Messages dropped on a folder

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(MIME_TYPE):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        node = self.indexAt(event.position().toPoint()).data(NODE)
        if isinstance(node, Folder) and node.selectable:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        node = self.indexAt(event.position().toPoint()).data(NODE)
        data = event.mimeData().data(MIME_TYPE).data()
        if isinstance(node, Folder) and node.selectable and data:
            ids = [MessageId(int(part)) for part in bytes(data).decode("ascii").split(",") if part]
            copying = event.dropAction() is Qt.DropAction.CopyAction
            self.dropped.emit(ids, node, copying)
            event.acceptProposedAction()


class _FolderDelegate(QStyledItemDelegate):
    """Paints a folder: symbol, name, and how many are unread in a pill."""

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
        view = option.widget
        row = QRect(8, rect.top() + 1, view.width() - 16, rect.height() - 2)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.soft if selected else tokens.soft_quiet))
            painter.drawRoundedRect(QRectF(row), 7, 7)
        heading = isinstance(node, Account)
        count = int(index.data(COUNT) or 0)
        right = row.right() - 8
        trouble = str(index.data(TROUBLE) or "")
        if trouble:
            mark = QRectF(right - 15, row.center().y() - 7, 15, 15)
            theme.draw(painter, "warning", mark, tokens.danger)
            right -= 22
        bold = heading or (count > 0 and not isinstance(node, Place) and _counts_unread(node))
        if count:
            right = self._pill(painter, row, right, count, tokens, quiet=not bold)
        left = rect.left() + (30 if isinstance(node, Place) else 16)
        if not heading:
            size = 17
            colour = tokens.accent if selected else tokens.text2
            box = QRectF(left, row.center().y() - size / 2 + 0.5, size, size)
            theme.draw(painter, str(index.data(SYMBOL)), box, colour)
            left += size + 9
        painter.setFont(theme.font(12 if heading else 13, bold=bold))
        painter.setPen(QColor(tokens.text2 if heading else tokens.text))
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


def _counts_unread(node: object) -> bool:
    return isinstance(node, Folder) and node.role not in (Role.DRAFTS, Role.JUNK)
