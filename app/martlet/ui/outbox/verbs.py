"""The keys of the outbox and the menu of its list: both do what the buttons beside it do, as far
as it makes sense for the letters that are chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton

from martlet.ui.later_menu import LaterMenu
from martlet.ui.outbox.several import OutboxSeveral

if TYPE_CHECKING:
    from martlet.ui.outbox.letter import OutboxLetter
    from martlet.ui.outbox.window import OutboxWindow

Of = Callable[["OutboxLetter | OutboxSeveral"], QPushButton | None]


def _of_one(name: Callable[[OutboxLetter], QPushButton]) -> Of:
    return lambda side: None if isinstance(side, OutboxSeveral) else name(side)


_BUTTONS: tuple[tuple[str, Of], ...] = (
    ("Ctrl+Return", lambda side: side.send),
    ("Ctrl+E", lambda side: side.edit),
    ("Ctrl+Shift+Return", lambda side: side.time),
    ("", _of_one(lambda side: side.arrived)),
    ("", _of_one(lambda side: side.again)),
    ("Ctrl+I", _of_one(lambda side: side.story)),
    ("Del", lambda side: side.delete),
)


class OutboxVerbs(QObject):
    """Each key presses the button that stands for it, if there is one now."""

    def __init__(self, window: OutboxWindow) -> None:
        super().__init__(window)
        self._window = window
        self.menu: QMenu | None = None
        for key, of in _BUTTONS:
            if key:
                QShortcut(QKeySequence(key), window, lambda of=of: self._press(of))
        QShortcut(QKeySequence("Down"), window, lambda: window.list.step(1))
        QShortcut(QKeySequence("Up"), window, lambda: window.list.step(-1))
        QShortcut(QKeySequence("Esc"), window, window.close)
        QShortcut(QKeySequence("Ctrl+W"), window, window.close)
        window.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        window.list.customContextMenuRequested.connect(self.show_menu)

    def show_menu(self, at: QPoint) -> None:
        """What can be done with those chosen; at: in the list."""
        where = self._window.list.viewport()
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        side = self._window.side()
        for key, of in _BUTTONS:
            button = of(side)
            if button is None or button.isHidden():
                continue
            if button is side.delete:
                menu.addSeparator()
            if button is side.time:
                times = LaterMenu(menu)
                times.setTitle(button.text())
                times.chosen.connect(side.times.chosen)
                menu.addMenu(times)
                continue
            action = menu.addAction(button.text())
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
            action.setShortcut(QKeySequence(key))
            action.triggered.connect(lambda _on=False, button=button: button.click())
        if menu.isEmpty():
            menu.deleteLater()
            return
        self.menu = menu
        menu.popup(where.mapToGlobal(at))

    def _press(self, of: Of) -> None:
        side = self._window.side()
        button = of(side)
        if button is None or not button.isVisible():
            return
        if button is side.time:
            button.showMenu()
        else:
            button.click()
