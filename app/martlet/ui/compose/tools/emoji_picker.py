"""Chooses an emoji: by looking, by name, or from those used last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.compose.tools.emoji import Emoji, all_emoji, groups, look_up
from martlet.ui.compose.tools.popup import Popup
from martlet.ui.settings import Settings

_KEPT = 27
_SETTING = "write.emoji"
_CELL = 36
_ACROSS = 9
_FONTS = ["Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji"]
_WALK = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class EmojiPicker(Popup):
    """chosen: the text to put in. settings: where those used last are kept."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setAccessibleName(self.tr("Emoji"))
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search emoji"))
        self.field.setAccessibleName(self.tr("Search emoji"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("emojiList")
        self.list.setAccessibleName(self.tr("Emoji"))
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setMovement(QListWidget.Movement.Static)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setGridSize(QSize(_CELL, _CELL))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedSize(_ACROSS * _CELL + 18, 6 * _CELL)
        font = QFont(self.font())
        font.setFamilies([*_FONTS, *font.families()])
        font.setPixelSize(22)
        self.list.setFont(font)
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        self.list.currentItemChanged.connect(lambda item, _old: self._tell(item))
        self._name = QLabel(" ")
        self._name.setProperty("tone", "second")
        self._name.setFont(theme.font(12))
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self._none = QLabel(self.tr("Nothing is called that."))
        self._none.setProperty("tone", "second")
        self._none.hide()
        QVBoxLayout(self.list).addWidget(self._none, 0, Qt.AlignmentFlag.AlignCenter)
        self.groups = QHBoxLayout()
        self.groups.setSpacing(0)
        for each in groups():
            self.groups.addWidget(self._group_button(each))
        self.groups.addStretch()
        column.addLayout(self.groups)
        column.addWidget(self._name)
        self._show("")
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def used(self) -> list[str]:
        """Those used last, the newest first."""
        return self._settings.text(_SETTING).split()[:_KEPT]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While one types, the arrows walk over what was found and Enter takes it."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
            return True
        sideways = event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
        if event.key() in _WALK or (sideways and not self.field.text()):
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            self.list.keyPressEvent(event)
            return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is typed over the list is looked for."""
        if event.text().isprintable() and event.text().strip():
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.field.insert(event.text())
        else:
            super().keyPressEvent(event)

    def _show(self, words: str) -> None:
        self.list.clear()
        found = look_up(words) if words.strip() else self._unsought()
        self.list.setUpdatesEnabled(False)
        for each in found:
            item = QListWidgetItem(each.text)
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            item.setSizeHint(QSize(_CELL, _CELL))
            item.setToolTip(each.name)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, each.name)
            item.setData(Qt.ItemDataRole.UserRole, each.text)
            self.list.addItem(item)
        self.list.setUpdatesEnabled(True)
        self._none.setVisible(not found)
        if found:
            self.list.setCurrentRow(0)
            self.list.scrollToTop()

    def _group_button(self, group: str) -> QToolButton:
        """Leads to where a group begins; it shows the first of them."""
        button = QToolButton()
        button.setText(next(each.text for each in all_emoji() if each.group == group))
        font = QFont(self.list.font())
        font.setPixelSize(17)
        button.setFont(font)
        button.setProperty("kind", "bare")
        button.setFixedSize(_CELL, 30)
        name = QCoreApplication.translate("emoji", group)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.clicked.connect(lambda: self.show_group(group))
        return button

    def show_group(self, group: str) -> None:
        """Goes to where a group begins."""
        self.field.clear()
        used = len(self._used())
        shown = self._unsought()
        row = next(at for at, each in enumerate(shown) if at >= used and each.group == group)
        item = self.list.item(row)
        self.list.setCurrentItem(item)
        self.list.scrollToItem(item, QListWidget.ScrollHint.PositionAtTop)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _used(self) -> list[Emoji]:
        known = {each.text: each for each in all_emoji()}
        return [known[text] for text in self.used() if text in known]

    def _unsought(self) -> Sequence[Emoji]:
        used = self._used()
        return [*used, *(each for each in all_emoji() if each not in used)]

    def _tell(self, item: QListWidgetItem | None) -> None:
        self._name.setText(item.toolTip() if item is not None else " ")

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        text = str(item.data(Qt.ItemDataRole.UserRole))
        used = [text, *(each for each in self.used() if each != text)]
        self._settings.put(**{_SETTING: " ".join(used[:_KEPT])})
        self.close()
        self.chosen.emit(text)
