"""The structure of a message: every entity as it is written there, to be opened or saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.message import Attachment
from martlet.mail.reading import PartNode
from martlet.ui import dates, theme
from martlet.ui.room import fit
from martlet.ui.shown_text import cut, tip

_MOST = 2000
_LONGEST = 120
_NODE = Qt.ItemDataRole.UserRole


class StructureWindow(QFrame):
    """open_wanted, save_wanted: an Attachment. message_wanted: the section of a message in it."""

    open_wanted = Signal(object)
    save_wanted = Signal(object)
    message_wanted = Signal(str)

    def __init__(self, subject: str, root: PartNode, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("structureWindow")
        title = self.tr("Structure: {subject}").format(subject=cut(subject, 80))
        self.setWindowTitle(title)
        self.setWindowIcon(theme.application_icon())
        self.tree = QTreeWidget(self)
        self.tree.setObjectName("structureTree")
        self.tree.setAccessibleName(title)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setColumnCount(5)
        self.tree.setHeaderLabels(
            [
                self.tr("Part"),
                self.tr("Name"),
                self.tr("Size"),
                self.tr("Written in"),
                self.tr("Encoded as"),
            ]
        )
        self.tree.setUniformRowHeights(True)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for at, width in ((0, 260), (2, 90), (3, 110), (4, 140)):
            header.resizeSection(at, width)
        self.tree.headerItem().setTextAlignment(2, Qt.AlignmentFlag.AlignRight)
        self._items: dict[str, QTreeWidgetItem] = {}
        count = self._fill(root)
        self.tree.expandToDepth(8)
        self.tree.itemActivated.connect(lambda _item, _column: self._activate())
        self.tree.currentItemChanged.connect(lambda _now, _before: self._enable())
        foot = QFrame(self)
        foot.setObjectName("windowFoot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(8)
        note = QLabel(self._counted(count), foot)
        note.setProperty("tone", "second")
        row.addWidget(note, 1)
        self.show_button = QPushButton(self.tr("Show &message"), foot)
        self.show_button.clicked.connect(lambda: self.message_wanted.emit(self._node().part))
        self.open_button = QPushButton(self.tr("&Open"), foot)
        self.open_button.clicked.connect(lambda: self.open_wanted.emit(self._attachment()))
        self.save_button = QPushButton(self.tr("&Save…"), foot)
        self.save_button.clicked.connect(lambda: self.save_wanted.emit(self._attachment()))
        for button in (self.show_button, self.open_button, self.save_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addWidget(foot)
        for keys in ("Esc", "Ctrl+W"):
            QShortcut(QKeySequence(keys), self, self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Save), self, self.save_button.click)
        self.tree.setCurrentItem(next(iter(self._items.values())))
        self.tree.setFocus()
        self._enable()
        fit(self, 860, 480)

    def choose(self, part: str) -> bool:
        """Goes to the entity of this section; False if it is not there."""
        item = self._items.get(part)
        if item is not None:
            self.tree.setCurrentItem(item)
        return item is not None

    def _fill(self, root: PartNode) -> int:
        """Without recursion; of ten thousand the first are enough."""
        todo: list[tuple[PartNode, QTreeWidgetItem | None]] = [(root, None)]
        count = 0
        while todo:
            node, under = todo.pop()
            count += 1
            if count <= _MOST:
                item = self._items[node.part or f"-{count}"] = self._item(node)
                if under is None:
                    self.tree.addTopLevelItem(item)
                else:
                    under.addChild(item)
                todo.extend((child, item) for child in reversed(node.children))
            else:
                todo.extend((child, None) for child in node.children)
        return count

    def _item(self, node: PartNode) -> QTreeWidgetItem:
        size = "" if node.children and not node.size else dates.size(node.size, self.locale())
        what = f"{node.part}  {node.content_type}" if node.part else node.content_type
        item = QTreeWidgetItem(
            [
                cut(what, _LONGEST),
                cut(node.name, _LONGEST),
                size,
                cut(node.charset, 40),
                cut(node.encoding, 40),
            ]
        )
        item.setIcon(0, theme.icon(_symbol(node)))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        facts = (node.content_type, node.name, node.disposition, node.content_id)
        item.setToolTip(0, tip("\n".join(cut(fact, 400) for fact in facts if fact)))
        item.setData(0, _NODE, node)
        return item

    def _node(self) -> PartNode:
        item = self.tree.currentItem()
        node = item.data(0, _NODE) if item is not None else None
        return node if isinstance(node, PartNode) else PartNode("", "")

    def _attachment(self) -> Attachment:
        node = self._node()
        name = node.name or f"part-{node.part}"
        return Attachment(node.part, name, node.content_type, node.size)

    def _activate(self) -> None:
        if self.show_button.isEnabled():
            self.show_button.click()
        elif self.open_button.isEnabled():
            self.open_button.click()

    def _enable(self) -> None:
        node = self._node()
        leaf = bool(node.part)
        held = leaf and not node.content_type.startswith("multipart/")
        message = leaf and node.content_type in ("message/rfc822", "message/global")
        self.show_button.setEnabled(message)
        self.open_button.setEnabled(held and not message)
        self.save_button.setEnabled(held)

    def _counted(self, count: int) -> str:
        if count > _MOST:
            words = self.tr("The first {some} of {n} parts")
            return words.format(some=_MOST, n=self.locale().toString(count))
        return self.tr("1 part") if count == 1 else self.tr("{n} parts").format(n=count)


def _symbol(node: PartNode) -> str:
    kind, _, _ = node.content_type.partition("/")
    known = {"multipart": "folder", "message": "mail", "image": "image", "text": "file-text"}
    return known.get(kind, "file")
