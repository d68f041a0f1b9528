"""The buttons above a message: the commands' own actions, and a menu of more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from martlet.ui import theme

PAD = 10
"""So far inside a button its symbol stands; it stands on the left edge of the text below it."""
_ICON = QSize(17, 17)
_STYLE = Qt.ToolButtonStyle
_OF_DRAFTS = "draft"
_OF_MAIL = ("reply", "reply.all", "forward", "archive")


class HeadBar(QFrame):
    """Without room the words go from the buttons. The way back is shown only where there is one."""

    def __init__(
        self, actions: Sequence[QAction], more: QMenu | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("messageHead")
        row = QHBoxLayout(self)
        row.setContentsMargins(24 - PAD, 8, 16, 0)
        row.setSpacing(2)
        self._buttons: list[QToolButton] = []
        self._back: QToolButton | None = None
        self._by_name: dict[str, QToolButton] = {}
        for action in actions:
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setIconSize(_ICON)
            row.addWidget(button)
            name = action.objectName()
            self._by_name[name] = button
            if name == "back":
                button.hide()
                self._back = button
            else:
                button.setToolButtonStyle(_STYLE.ToolButtonTextBesideIcon)
                self._buttons.append(button)
        row.addStretch(1)
        if more is not None:
            row.addWidget(self._menu(more))
        self.setVisible(bool(actions) or more is not None)
        self.show_draft(False)

    def show_back(self, shown: bool) -> None:
        """Shows the way back to the list."""
        if self._back is not None:
            self._back.setVisible(shown)

    def show_draft(self, draft: bool) -> None:
        """A draft is gone on with; all else is answered."""
        for name, button in self._by_name.items():
            if name == _OF_DRAFTS:
                button.setVisible(draft)
            elif name in _OF_MAIL:
                button.setVisible(not draft)

    def set_narrow(self, narrow: bool) -> None:
        style = _STYLE.ToolButtonIconOnly if narrow else _STYLE.ToolButtonTextBesideIcon
        for button in self._buttons:
            button.setToolButtonStyle(style)

    def _menu(self, more: QMenu) -> QToolButton:
        menu = QToolButton(self)
        menu.setIcon(theme.icon("more"))
        menu.setIconSize(_ICON)
        menu.setToolTip(self.tr("More actions"))
        menu.setAccessibleName(self.tr("More actions"))
        menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu.setMenu(more)
        return menu
