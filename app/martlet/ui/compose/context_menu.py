"""The context menu of a letter's text: the rows of the command table that fit what is pointed at.

By the mouse it is about what lies under the pointer, by the Menu key about where the cursor is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QMenu

from martlet.ui import theme
from martlet.ui.compose.images.picture_place import chosen_at, picture_under, rect_at
from martlet.ui.compose.spelling import menu as spelling_menu

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow

# Ids of commands; None is a separator.
LINK = ("link.open", "link.edit", "link.copy", "link.remove", None)
PICTURE = ("picture.words", "picture.save", "picture.attach", "picture.remove", None)
SIZES = ("picture.larger", "picture.smaller", None, "picture.small", "picture.medium",
         "picture.wide", "picture.original")  # fmt: skip
EDIT = ("undo", "redo", None, "cut", "copy", "paste", "paste.plain", "paste.quote", None,
        "select.all")  # fmt: skip


class ContextMenu(QObject):
    """Of one letter's window."""

    def __init__(self, window: ComposeWindow) -> None:
        super().__init__(window)
        self._w = window
        self._editor = window.editor
        window.editor.own_menu = True
        window.editor.menu_wanted.connect(self._open)
        # Many keyboards have no Menu key, and Qt knows this one on Windows alone.
        key = QShortcut(QKeySequence("Shift+F10"), window.editor)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self._open_at_cursor)

    def by_mouse(self, place: QPoint) -> QMenu:
        """The menu for a place of the editor's viewport.

        The cursor goes there, unless it is in what is selected: "Paste" means where one points.
        """
        picture = picture_under(self._editor, place) if self._editor.rich else None
        if picture is not None:
            self._w.hands.pictures.choose(picture)
        else:
            here = self._editor.cursorForPosition(place)
            if self._editor.anchorAt(place) and not here.charFormat().anchorHref():
                here.movePosition(QTextCursor.MoveOperation.NextCharacter)  # into it
            if not _within(self._editor.textCursor(), here.position()):
                self._editor.setTextCursor(here)
        # Of a selection it is one word or link that is pointed at.
        return self._made(self._editor.cursorForPosition(place).position())

    def by_key(self) -> QMenu:
        """The menu for where the cursor is."""
        cursor = self._editor.textCursor()
        inside = cursor.selectionStart() + 1 if cursor.hasSelection() else cursor.position()
        return self._made(inside)

    def _open(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._open_at_cursor()
        else:
            self.by_mouse(event.pos()).popup(event.globalPos())

    def _open_at_cursor(self) -> None:
        self._editor.ensureCursorVisible()
        cursor = self._editor.textCursor()
        picture = chosen_at(cursor) if self._editor.rich else None
        place = self._editor.cursorRect().bottomLeft() + QPoint(0, 4)
        if picture is not None:
            seen = rect_at(self._editor, picture).toRect() & self._editor.viewport().rect()
            place = seen.center()
        self.by_key().popup(self._editor.viewport().mapToGlobal(place))

    def _made(self, position: int) -> QMenu:
        menu = QMenu(self._editor)
        menu.setObjectName("letterMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.aboutToHide.connect(self._w.commands.wake)
        if self._editor.rich and self._w.hands.links.here():
            self._put(menu, LINK)
        if self._editor.rich and chosen_at(self._editor.textCursor()) is not None:
            sizes = menu.addMenu(theme.icon("image"), self.tr("Size"))
            self._put(sizes, SIZES)
            self._put(menu, PICTURE)
        self._put(menu, EDIT)
        if self._editor.rich and self._w.hands.tables.here() is not None:
            menu.addSeparator()
            table = menu.addMenu(theme.icon("table"), self.tr("Table"))
            self._w.commands.fill(table, "Format/Table")
        self._w.commands.refresh()
        spelling_menu.offer(menu, self._w.spelling, self._editor, position)
        return menu

    def _put(self, menu: QMenu, ids: tuple[str | None, ...]) -> None:
        for each in ids:
            if each is None:
                menu.addSeparator()
            else:
                menu.addAction(self._action(each))

    def _action(self, command: str) -> QAction:
        action = self._w.commands[command]
        # Styles hide the keys of context menus; nobody would learn them then.
        action.setShortcutVisibleInContextMenu(True)
        return action


def _within(cursor: QTextCursor, position: int) -> bool:
    if not cursor.hasSelection():
        return False
    return cursor.selectionStart() <= position <= cursor.selectionEnd()
