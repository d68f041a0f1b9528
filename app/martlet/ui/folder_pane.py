"""The folder pane: says which folder was chosen, what is dropped on it, and for whom a menu is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QMimeData,
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
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QFrame, QStyleOptionViewItem, QTreeView, QWidget

from martlet.mail.account import Account, AccountState
from martlet.mail.folder import Folder, FolderId, Role
from martlet.mail.message import MessageId
from martlet.ui import theme
from martlet.ui.folder_delegate import FolderDelegate
from martlet.ui.folder_model import NODE, TROUBLE, FolderModel, Place
from martlet.ui.folders import rights
from martlet.ui.list_model import MIME_TYPE

if TYPE_CHECKING:
    from martlet.store.reader import Reader

FOLDER_MIME = "application/x-martlet-folder"
# So far on either side of where a row begins its chevron is to be clicked.
_CHEVRON = 11
Index = QModelIndex | QPersistentModelIndex


class FolderPane(QTreeView):
    """Signals up: chosen, place_opened, account_opened, menu_wanted, what is dropped where.

    The current row is the one commands act on, and always seen to be so. barren: a row without
    messages of its own was chosen; its name and what it is.
    may_move: whether a folder may be dropped on a folder or account; the window says.
    """

    chosen = Signal(object)
    barren = Signal(str, object)
    place_opened = Signal(object)
    account_opened = Signal(object)
    menu_wanted = Signal(object, QPoint)
    dropped = Signal(object, object, bool)
    folder_dropped = Signal(object, object)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folderTree")
        self.setAccessibleName(self.tr("Folders"))
        self.folders = FolderModel(reader, self)
        self.setModel(self.folders)
        self.may_move: Callable[[Folder, object], bool] = lambda _folder, _target: False
        self._delegate = FolderDelegate()
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
        self.setDragEnabled(True)
        self.setDragDropMode(QTreeView.DragDropMode.DragDrop)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.selectionModel().currentChanged.connect(lambda now, _before: self._on_current(now))
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_clicked)
        theme.notifier().changed.connect(self.viewport().update)
        self._quiet = False

    def refresh(self) -> None:
        """Reads the store again, keeping what is chosen and what is folded away."""
        folder = self.current_folder()
        path = self.folders.path_of(self.currentIndex())
        folded = self._folded()
        self._quiet = True
        if self.folders.refresh():
            self.expandAll()
            for index in self._all():
                if self.folders.path_of(index) in folded:
                    self.collapse(index)
            if folder is not None:
                self.setCurrentIndex(self.folders.index_of(folder.id))
            else:
                same = (index for index in self._all() if self.folders.path_of(index) == path)
                self.setCurrentIndex(next(same, QModelIndex()))
        self._quiet = False

    def set_state(self, state: AccountState) -> None:
        self.folders.set_state(state)

    def current_folder(self) -> Folder | None:
        node = self.currentIndex().data(NODE)
        return node if isinstance(node, Folder) else None

    def current_account(self) -> Account | None:
        """The account whose own row is the current one."""
        node = self.currentIndex().data(NODE)
        return node if isinstance(node, Account) else None

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
        return {
            self.folders.path_of(i)
            for i in self._all()
            if self.folders.rowCount(i) and not self.isExpanded(i)
        }

    def folded(self) -> str:
        """What is folded away, for the next time."""
        return "\n".join(sorted(self._folded()))

    def fold(self, folded: str) -> None:
        """Folds away what was so the last time."""
        wanted = set(folded.split("\n"))
        for index in self._all():
            if self.folders.path_of(index) in wanted:
                self.collapse(index)

    def announce(self) -> None:
        """Says again what is chosen."""
        self._on_current(self.currentIndex())

    def _on_current(self, index: QModelIndex) -> None:
        node = index.data(NODE)
        if self._quiet or not index.isValid() or isinstance(node, Place):
            return
        if isinstance(node, Folder) and node.selectable:
            self.chosen.emit(node)
        else:
            self.barren.emit(str(index.data(Qt.ItemDataRole.DisplayRole)), node)

    def _on_clicked(self, index: QModelIndex) -> None:
        node = index.data(NODE)
        if isinstance(node, Account) and index.data(TROUBLE):
            self.account_opened.emit(node)

    def _on_activated(self, index: QModelIndex) -> None:
        node = index.data(NODE)
        if isinstance(node, Place):
            self.place_opened.emit(node)
        else:
            self._on_clicked(index)

    def marked(self) -> QPersistentModelIndex:
        """The row a menu is open for, or something is about to be dropped on."""
        return self._delegate.target

    def unmark(self) -> None:
        """The menu of a row is closed."""
        self._aim(QModelIndex())

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        node = index.data(NODE)
        if isinstance(node, Account | Folder):
            self._aim(index)
            self.menu_wanted.emit(node, self.viewport().mapToGlobal(point))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Nothing: the row is painted over it."""

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row, and over it a quiet chevron before what can be folded."""
        super().drawRow(painter, option, index)
        if self.folders.rowCount(index) and index.parent().isValid():
            name = "chevron-down" if self.isExpanded(index) else "chevron-right"
            right = self.visualRect(index).left()
            box = QRectF(right - 4, option.rect.center().y() - 5, 12, 12)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw(painter, name, box, theme.current().text3)
            painter.restore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a chevron folds; Qt would take only half of it for that.

        The right button opens nothing: the menu is for the row it is opened on.
        """
        if event.button() is Qt.MouseButton.RightButton:
            event.accept()
            return
        point = event.position().toPoint()
        index = self.indexAt(point)
        left = self.visualRect(index).left()
        if isinstance(index.data(NODE), Place):
            self.place_opened.emit(index.data(NODE))  # a window; the list stays as it is
        elif (
            event.button() is Qt.MouseButton.LeftButton
            and index.parent().isValid()
            and self.folders.rowCount(index)
            and abs(point.x() - left) <= _CHEVRON
        ):
            self.setExpanded(index, not self.isExpanded(index))
        else:
            super().mousePressEvent(event)

    # What is dragged and dropped: messages, and folders

    def startDrag(self, actions: Qt.DropAction) -> None:
        folder = self.current_folder()
        if folder is None or not rights.may_rename(folder):
            return
        drag = QDrag(self)
        data = QMimeData()
        data.setData(FOLDER_MIME, str(folder.id).encode())
        drag.setMimeData(data)
        ratio = self.devicePixelRatioF()
        drag.setPixmap(theme.pixmap("folder", 24, theme.current().accent, ratio))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(event.mimeData().hasFormat(kind) for kind in (MIME_TYPE, FOLDER_MIME)):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        fits = self._takes(index.data(NODE), event.mimeData())
        self._aim(index if fits else QModelIndex())
        if fits:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(QModelIndex())

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(QModelIndex())
        node = self.indexAt(event.position().toPoint()).data(NODE)
        data = event.mimeData()
        if not self._takes(node, data):
            return
        moved = self._dragged(data)
        if moved is not None:
            self.folder_dropped.emit(moved, node)
        else:
            ids = bytes(data.data(MIME_TYPE).data()).decode("ascii").split(",")
            copying = event.dropAction() is Qt.DropAction.CopyAction
            self.dropped.emit([MessageId(int(part)) for part in ids if part], node, copying)
        event.acceptProposedAction()

    def _takes(self, node: object, data: QMimeData) -> bool:
        moved = self._dragged(data)
        if moved is not None:
            return self.may_move(moved, node)
        return (
            data.hasFormat(MIME_TYPE)
            and isinstance(node, Folder)
            and node.selectable
            and rights.may(node, rights.INSERT)
        )

    def _dragged(self, data: QMimeData) -> Folder | None:
        number = bytes(data.data(FOLDER_MIME).data())
        if not number.isdigit():
            return None
        node = self.folders.index_of(FolderId(int(number))).data(NODE)
        return node if isinstance(node, Folder) else None

    def _aim(self, index: QModelIndex) -> None:
        """Shows where it would be dropped."""
        target = QPersistentModelIndex(index)
        if target != self._delegate.target:
            self._delegate.target = target
            self.viewport().update()
