"""Everything a writer's hands do in the editor of one letter, put together for its window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from martlet.ui.compose.commands import TABLE
from martlet.ui.compose.context_menu import ContextMenu
from martlet.ui.compose.hand_commands import (
    FORMAT,
    INSERT,
    LINK,
    PARAGRAPH,
    PICTURE,
    TABLE_ROWS,
)
from martlet.ui.compose.images.drops import Drops
from martlet.ui.compose.images.picture_hands import PictureHands
from martlet.ui.compose.images.picture_saving import save_picture
from martlet.ui.compose.letter_keys import LetterKeys
from martlet.ui.compose.text import markdown_turning
from martlet.ui.compose.text.gestures import Gestures
from martlet.ui.compose.text.long_paste import LongPaste
from martlet.ui.compose.text.pasting import Pasting
from martlet.ui.compose.text.tables import Tables
from martlet.ui.compose.tools.emoji_picker import EmojiPicker
from martlet.ui.compose.tools.find_replace_bar import FindReplaceBar
from martlet.ui.compose.tools.grid_chooser import GridChooser
from martlet.ui.compose.tools.links import Links
from martlet.ui.compose.tools.popup import Popup

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow

# The editor of Qt itself knows best what these do.
_QTS_OWN = ("undo", "redo", "cut", "copy", "paste", "select.all")


class Hands(QObject):
    """popup: the sheet that was opened last."""

    def __init__(self, window: ComposeWindow, reader: Reader) -> None:
        super().__init__(window)
        self._window = window
        self._editor = window.editor
        self.popup: Popup | None = None
        self.find_bar: FindReplaceBar = FindReplaceBar(window.editor, window)
        self.links: Links = Links(window.editor)
        self.pasting: Pasting = Pasting(window.editor)
        self.tables: Tables = Tables(window.editor)
        self.pictures: PictureHands = PictureHands(window.editor)
        self.gestures = Gestures(window.editor, line_starts=window.habits.line_starts)
        self.long_paste: LongPaste = LongPaste(window)
        self.drops: Drops = Drops(window, window.editor, window.intake)
        window.pictures.shown.connect(self.pictures.follow)
        self.pictures.detach.connect(window.intake.detach_picture)
        self.pictures.saved.connect(lambda cid, path: save_picture(window, reader, cid, path))
        self.menu: ContextMenu = ContextMenu(window)
        window.editor.installEventFilter(self)
        # What is typed there is not what these keys are about.
        self._fields: tuple[QObject, ...] = (window.header, self.find_bar)
        for field in self._fields:
            field.installEventFilter(self)
        self._letters_own = {
            QKeySequence(key)
            for row in (*INSERT, *FORMAT, *PARAGRAPH, *TABLE_ROWS, *LINK, *PICTURE)
            if row is not None
            for key in row.keys
        }
        self._keys = {
            QKeySequence(key)
            for rows in TABLE.values()
            for row in rows
            if row is not None and row.id not in _QTS_OWN
            for key in row.keys
        }

    def choose_emoji(self) -> None:
        """Opens the picker beside the cursor."""
        picker = EmojiPicker(self._editor, self._window.settings)
        picker.chosen.connect(self._put_text)
        self._open(picker)

    def choose_table(self) -> None:
        """Asks how large a table shall be, beside the cursor."""
        chooser = GridChooser(self._editor)
        chooser.chosen.connect(self.tables.insert)
        self._open(chooser)

    def turn_markdown(self) -> None:
        """What is selected, or all one's own words; a plain letter becomes a rich one first."""
        window = self._window
        if not window.editor.rich:
            window.set_rich(True)
        if not markdown_turning.turn(window.editor):
            window.notice.tell(self.tr("There is no Markdown in your own words."))

    def help(self) -> None:
        """Shows the keys of this window."""
        sheet = LetterKeys(self._window)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the letter's commands are theirs, also where Qt's editor has a use for them."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if not isinstance(event, QKeyEvent):
            return False
        if watched in self._fields:
            # Of a field in there: this hears what the field itself has no use for.
            if QKeySequence(event.keyCombination()) in self._letters_own:
                event.accept()
                return True
            return False
        if event.key() == Qt.Key.Key_Escape and not self.find_bar.isHidden():
            if kind == QEvent.Type.ShortcutOverride:
                event.accept()
            else:
                self.find_bar.leave()
            return True
        if QKeySequence(event.keyCombination()) not in self._keys:
            return False
        event.ignore()
        return kind == QEvent.Type.ShortcutOverride

    def _open(self, popup: Popup) -> None:
        self.popup = popup
        line = self._editor.cursorRect()
        place = line.bottomLeft() + QPoint(0, 6)
        popup.open_at(self._editor.viewport().mapToGlobal(place), above=line.height() + 12)

    def _put_text(self, text: str) -> None:
        self._editor.textCursor().insertText(text, self._editor.look_here())
        self._editor.ensureCursorVisible()
        self._editor.setFocus()
