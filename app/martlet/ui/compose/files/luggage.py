"""What a letter carries: puts together what its files need in a window; takes what is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from martlet.ui.compose.files.card_files import CardFiles
from martlet.ui.compose.files.card_sights import CardSights
from martlet.ui.compose.files.letter_weight import LetterWeight
from martlet.ui.compose.files.message_picker import MessagePicker

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink


class Luggage(QObject):
    """Of one window."""

    def __init__(self, window: ComposeWindow, link: EngineLink, reader: Reader) -> None:
        super().__init__(window)
        self._window = window
        self._reader = reader
        self.weight = LetterWeight(window, link, reader)
        self.weight.said.connect(window.notice.say)
        self.files = CardFiles(link, window.attachments, self)
        self.files.refused.connect(window.notice.say)
        self.sights = CardSights(reader, window.attachments)
        window.intake.changed.connect(self.sights.look)
        window.installEventFilter(self)

    def attach_folder(self) -> None:
        """Lets the user pick a folder, which goes as a zip."""
        dialog = QFileDialog(self._window, self.tr("Attach a folder as zip"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._window.intake.take_files)
        dialog.open()

    def attach_message(self) -> None:
        """Lets the user pick messages, which go whole."""
        picker = MessagePicker(self._reader, self._window)
        picker.chosen.connect(self._window.intake.take_messages)
        picker.open()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        intake = self._window.intake
        kinds = (QEvent.Type.DragEnter, QEvent.Type.DragMove)
        if event.type() in kinds and isinstance(event, QDragMoveEvent):  # so is one that enters
            if intake.takes(event.mimeData()):
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                return True
        elif event.type() is QEvent.Type.Drop and isinstance(event, QDropEvent):
            event.setDropAction(Qt.DropAction.CopyAction)  # a move would take the file away
            event.accept()
            intake.take_data(event.mimeData())
            return True
        elif event.type() is QEvent.Type.Hide:
            self.sights.rest()
        elif event.type() is QEvent.Type.Show:
            self.weight.look()
            self.sights.look()
        return super().eventFilter(watched, event)
