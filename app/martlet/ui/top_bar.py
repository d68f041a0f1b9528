"""The bar at the top: write, get mail, search, menu."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from martlet.ui import theme
from martlet.ui.menu_rest import rests_after

_PAUSE_MS = 250


class SearchField(QLineEdit):
    """Says what to look for while it is typed, and on Enter that the typing is done.

    over: the search is over, by Escape or because nothing is left to look for.
    """

    typed = Signal(str)
    wanted = Signal(str)
    over = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("Search mail"))
        self.setAccessibleName(self.tr("Search mail"))
        self.setToolTip(
            self.tr("Words, “phrases”, from: to: subject: is:unread is:starred has:attachment "
                    "is:here before: after: in: -not OR ( )")
        )  # fmt: skip
        self.setClearButtonEnabled(False)
        look = self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        look.setText(self.tr("Search mail"))
        look.triggered.connect(self._on_enter)
        self._clear = self.addAction(theme.icon("close"), QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setText(self.tr("Leave the search"))
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.leave)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.typed.emit(self.text().strip()))
        self.textChanged.connect(self._on_text)
        self.textEdited.connect(self._on_edit)
        self.returnPressed.connect(self._on_enter)

    def leave(self) -> None:
        """Empties the field and says that the search is over."""
        self._pause.stop()
        self.clear()
        self.over.emit()

    def _on_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if not text:
            self.over.emit()

    def _on_edit(self, text: str) -> None:
        # One Latin letter is in nearly every message; one Chinese character says a lot.
        words = text.strip()
        if len(words) > 1 or not words.isascii():
            self._pause.start()
        else:
            self._pause.stop()

    def _on_enter(self) -> None:
        self._pause.stop()
        if self.text().strip():
            self.wanted.emit(self.text().strip())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


class TopBar(QFrame):
    """Holds actions it is given; knows nothing of what they do."""

    def __init__(
        self, write: QAction, get: QAction, menu: QMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        self._write = QPushButton(f" {write.text()}")
        self._write.setIcon(theme.icon("compose", "on_accent"))
        self._write.setIconSize(QSize(17, 17))
        self._write.setProperty("kind", "primary")
        self._write.setToolTip(write.toolTip())
        self._write.setFixedWidth(196)
        self._write.clicked.connect(write.trigger)
        write.enabledChanged.connect(self._write.setEnabled)
        get_button = QToolButton()
        get_button.setDefaultAction(get)
        get_button.setIconSize(QSize(18, 18))
        self.search = SearchField()
        self.search.setMinimumWidth(200)
        self.search.setMaximumWidth(560)
        self._menu_button = QToolButton()
        self._menu_button.setIcon(theme.icon("menu"))
        self._menu_button.setIconSize(QSize(18, 18))
        self._menu_button.setToolTip(self.tr("Menu (F10)"))
        self._menu_button.setAccessibleName(self.tr("Menu"))
        self._menu = menu
        self._menu_button.clicked.connect(self.open_menu)
        rests_after(menu, self._menu_button)
        row.addWidget(self._write)
        row.addSpacing(12)
        row.addWidget(self.search, 1)
        row.addStretch(0)
        row.addWidget(get_button)
        row.addWidget(self._menu_button)

    def open_menu(self) -> None:
        """Under its button, inside the window."""
        button = self._menu_button
        corner = QPoint(button.width() - self._menu.sizeHint().width(), button.height() + 2)
        self._menu.popup(button.mapToGlobal(corner))
