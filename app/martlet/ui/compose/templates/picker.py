"""Finds one of many by typing: templates, snippets. Enter takes what is marked, Esc nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from martlet.mail.writing import Template
from martlet.ui import theme
from martlet.ui.compose.templates.template_rows import TemplateRows, said

_MOST = 200


def matching(kept: Sequence[Template], words: str) -> list[Template]:
    """Those that have all words, in any case: a shortcut first, then names, then what they say."""
    wanted = words.casefold().split()
    ranked: list[tuple[int, int, Template]] = []
    for number, one in enumerate(kept):
        name = one.name.casefold()
        every = f"{name} {one.shortcut} {one.subject} {one.text}".casefold()
        if not all(word in every for word in wanted):
            continue
        whole = " ".join(wanted)
        if wanted and one.shortcut.casefold() == whole:
            rank = 0
        elif name.startswith(whole):
            rank = 1
        else:
            rank = 2 if all(word in name for word in wanted) else 3
        ranked.append((rank, number, one))
    ranked.sort(key=lambda found: found[:2])
    return [one for _rank, _number, one in ranked[:_MOST]]


class Picker(QDialog):
    """chosen: one of those it was given. example: the offered example is wanted. manage: all of
    them are to be seen.
    """

    chosen = Signal(object)
    example = Signal()
    manage = Signal()

    def __init__(
        self,
        title: str,
        kept: Sequence[Template],
        nothing: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._kept = kept
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(title)
        self.search.setAccessibleName(title)
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget(self)
        self.list.setObjectName("accountList")
        self.list.setAccessibleName(title)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(TemplateRows(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel(nothing, self)
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("tone", "second")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.offer = QPushButton(self.tr("Begin with an example"), self)
        self.offer.setAutoDefault(False)
        self.all = QPushButton(self.tr("Templates and snippets…"), self)
        self.all.setProperty("kind", "link")
        self.all.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 10)
        column.setSpacing(10)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addStretch()
        column.addWidget(self.nothing)
        column.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        column.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        some = bool(kept)
        self.search.setVisible(some)
        self.list.setVisible(some)
        self.nothing.setVisible(not some)
        self.offer.setVisible(not some)
        self.search.textChanged.connect(self.show_matching)
        self.search.installEventFilter(self)
        self.list.itemActivated.connect(self._take)
        self.list.itemClicked.connect(self._take)
        self.offer.clicked.connect(self.example)
        self.offer.clicked.connect(self.reject)
        self.all.clicked.connect(self.manage)
        self.all.clicked.connect(self.reject)
        self.resize(420, 340)
        self.show_matching("")
        (self.search if some else self.offer).setFocus()

    def open_at(self, place: QPoint) -> None:
        """Opens with its corner there (of the screen), inside the screen."""
        room = self.screen().availableGeometry()
        x = min(place.x(), room.right() - self.width())
        y = min(place.y(), room.bottom() - self.height())
        self.move(max(room.left(), x), max(room.top(), y))
        self.open()

    def show_matching(self, words: str) -> None:
        self.list.clear()
        for one in matching(self._kept, words):
            item = QListWidgetItem(theme.icon("text"), f"{one.name}\n{said(one)}")
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows go through the list while one types; Enter takes."""
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() is not QEvent.Type.KeyPress:
                return False
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None:
                    self._take(item)
                return True
        return False

    def _take(self, item: QListWidgetItem) -> None:
        one = item.data(Qt.ItemDataRole.UserRole)
        self.accept()
        self.chosen.emit(one)
