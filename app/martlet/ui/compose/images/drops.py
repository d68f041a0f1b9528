"""Picture files that are dropped on the text of a rich letter, or chosen for it.

What is dropped elsewhere, or is no picture, is attached by the intake.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QFileInfo, QMimeData, QObject, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QTextCursor
from PySide6.QtWidgets import QFileDialog, QMessageBox

from martlet.mail.file_name import file_name
from martlet.ui import dates, file_data
from martlet.ui.compose.files.intake import Intake
from martlet.ui.compose.images.picture_files import SUFFIXES, PictureFile, promises, read
from martlet.ui.compose.questions import Choice, ask
from martlet.ui.compose.text.editor import BodyEditor

if TYPE_CHECKING:
    from martlet.ui.compose.window import ComposeWindow


class Drops(QObject):
    """question: what is asked about a picture now, if anything.

    While a picture is read or asked about, the letter waits for it (`Intake.waits`).
    """

    def __init__(self, window: ComposeWindow, editor: BodyEditor, intake: Intake) -> None:
        super().__init__(editor)
        self._window = window
        self._editor = editor
        self._intake = intake
        self.question: QMessageBox | None = None
        self._waiting: list[tuple[str, int, PictureFile | None]] = []
        # Where each goes, by the number of its reading; it moves along with what is written.
        self._places: dict[int, QTextCursor] = {}
        self._numbers = itertools.count(1)
        editor.viewport().installEventFilter(self)
        self._reader = _Told()
        self._reader.arrived.connect(self._take_next)

    def choose(self) -> None:
        """Lets the user pick pictures for where the cursor is."""
        dialog = QFileDialog(self._window, self.tr("Insert pictures"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        masks = " ".join(f"*{suffix}" for suffix in SUFFIXES)
        dialog.setNameFilters([self.tr("Pictures ({masks})").format(masks=masks)])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(
            lambda paths: self.take(paths, self._editor.textCursor().position())
        )
        dialog.open()

    def take(self, paths: Sequence[str], position: int) -> None:
        """Pictures go into the text there, other files are attached."""
        others = [path for path in paths if not _picture(path)]
        if others:
            self._intake.take_files(others)
        for path in paths:
            if _picture(path):
                # Decoding a photograph takes longer than a window may stand still.
                number = next(self._numbers)
                place = self._places[number] = QTextCursor(self._editor.document())
                last = self._editor.document().characterCount() - 1
                place.setPosition(max(0, min(position, last)))
                self._intake.waits(1)
                QThreadPool.globalInstance().start(_Reading(path, number, self._reader))

    def given(self, paths: Sequence[str]) -> None:
        """Files that were pasted: pictures go where the cursor is, in a rich letter."""
        if self._editor.rich:
            self.take(paths, self._editor.textCursor().position())
        else:
            self._intake.take_files(paths)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self._editor.rich:
            return False
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            # An enter event is a move event too.
            if isinstance(event, QDragMoveEvent) and _pictures(event.mimeData()):
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                return True
        elif kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            paths = file_data.given(event.mimeData())
            if not _pictures(event.mimeData()):
                return False
            event.setDropAction(Qt.DropAction.CopyAction)  # a move would take the file away
            event.accept()
            place = self._editor.cursorForPosition(event.position().toPoint())
            self.take(paths, place.position())
            return True
        return False

    def _take_next(self, path: str, number: int, found: PictureFile | None) -> None:
        """One after the other: there is one question at a time."""
        self._waiting.append((path, number, found))
        if self.question is None:
            self._work_off()

    def _work_off(self) -> None:
        while self._waiting and self.question is None:
            path, number, found = self._waiting.pop(0)
            place = self._places.pop(number)
            if found is None:
                self._ask_about_none(path)
            elif found.lighter:
                self._ask_about_size(found, place)
            else:
                self._put(found, found.data, place)
                self._intake.waits(-1)

    def _put(self, found: PictureFile, data: bytes, place: QTextCursor) -> None:
        kind, name = found.content_type, found.name
        if data is found.lighter:
            kind, name = "image/jpeg", name.rpartition(".")[0] + ".jpg"
        self._intake.insert_picture(name, kind, data, found.image, place)

    def _ask_about_none(self, path: str) -> None:
        name = file_name(QFileInfo(path).fileName())
        self._ask(
            self.tr("“{name}” is no picture that can be shown in the letter.").format(name=name),
            [
                Choice(
                    self.tr("Attach it as a file"),
                    QMessageBox.ButtonRole.AcceptRole,
                    lambda: self._intake.take_files([path]),
                ),
                Choice(self.tr("Leave it out"), QMessageBox.ButtonRole.RejectRole, None, True),
            ],
        )

    def _ask_about_size(self, found: PictureFile, place: QTextCursor) -> None:
        words = self.tr("“{name}” has {size}. Less is enough to look at it in a letter.")
        self._ask(
            words.format(name=file_name(found.name), size=dates.size(len(found.data))),
            [
                Choice(
                    self.tr("Make it smaller ({size})").format(size=dates.size(len(found.lighter))),
                    QMessageBox.ButtonRole.AcceptRole,
                    lambda: self._put(found, found.lighter, place),
                ),
                Choice(
                    self.tr("As it is ({size})").format(size=dates.size(len(found.data))),
                    QMessageBox.ButtonRole.NoRole,
                    lambda: self._put(found, found.data, place),
                ),
                Choice(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole, None, True),
            ],
        )

    def _ask(self, sentence: str, choices: Sequence[Choice]) -> None:
        self.question = ask(self._window, self.tr("Picture"), sentence, "", choices)
        self.question.finished.connect(self._answered)

    def _answered(self) -> None:
        self.question = None
        self._intake.waits(-1)
        self._work_off()


class _Told(QObject):
    """Outlives the window when that closes while a picture is being read."""

    arrived = Signal(str, int, object)


class _Reading(QRunnable):
    """Reads one picture file on another thread."""

    def __init__(self, path: str, number: int, told: _Told) -> None:
        super().__init__()
        self._path = path
        self._number = number
        self._told = told

    def run(self) -> None:
        found: PictureFile | None = None
        try:
            found = read(self._path)
        except OSError:
            pass  # it went away: attaching it says so
        finally:
            # Whatever happens: the letter waits for this.
            self._told.arrived.emit(self._path, self._number, found)


def _pictures(data: QMimeData) -> bool:
    return any(_picture(path) for path in file_data.given(data))


def _picture(path: str) -> bool:
    """Whether it can be read here, and may be one."""
    return promises(path) and not file_data.is_address(path)
