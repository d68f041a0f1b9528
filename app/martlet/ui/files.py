"""Attachments and messages as files: opened, saved, copied, dragged out. The engine writes.

What runs is never opened, only saved, and why is said; what could do harm is asked about first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from martlet.link.messages import OpenPart, PartBytes, Request, SavePart
from martlet.mail.errors import MailError
from martlet.mail.file_risk import NEEDED, FileFacts
from martlet.mail.message import Attachment, MessageId
from martlet.ui import file_data, file_words, theme
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.link import EngineLink
from martlet.ui.player.process import Player
from martlet.ui.saving import Saving

R = TypeVar("R")
_MESSAGES = ("message/rfc822", "message/global")


class Files(QObject):
    """For one window. `say` is told what was done, in words.

    began, ended: an attachment that is not here is fetched for this (message, attachment).
    message_wanted: an attached message (message, its section) is to be opened in a window.
    """

    began = Signal(object, object)
    ended = Signal(object, object)
    message_wanted = Signal(object, str)

    def __init__(self, link: EngineLink, window: QWidget, say: Callable[[str], None]) -> None:
        super().__init__(window)
        self._link = link
        self._window = window
        self._say = say
        self._stopped = 0
        self._waited: list[Callable[[str], None]] = []
        self._saving: Saving | None = None
        self._player: Player | None = None
        self._folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DownloadLocation
        )

    def serve(self, bar: AttachmentBar, shown: Callable[[], MessageId | None]) -> None:
        """Does what a bar wants with the attachments of the message that is shown."""

        def with_shown(do: Callable[..., None], *arguments: object) -> None:
            message = shown()
            if message is not None:
                do(message, *arguments)

        bar.open_wanted.connect(lambda each: with_shown(self.open, each))
        bar.save_wanted.connect(lambda each: with_shown(self.save, each, bar))
        bar.copy_wanted.connect(lambda each: with_shown(self.copy, each))
        bar.drag_wanted.connect(lambda each: with_shown(self.for_drag, each, bar.start_drag))
        bar.play_wanted.connect(lambda each: with_shown(self.play, each))
        bar.bytes_wanted.connect(lambda *wanted: with_shown(self.read, *wanted))

    def open(self, message: MessageId, attachment: Attachment) -> None:
        """Opens a private, read-only copy in the program the system has for it; an attached
        message in a window of ours."""
        facts = file_words.facts_of(attachment)
        if attachment.content_type.lower() in _MESSAGES:
            self.message_wanted.emit(message, attachment.part)
        elif facts.never_opened:
            self._never(message, attachment, facts)
        elif facts.warned:
            self._ask_first(message, attachment, facts)
        else:
            self._copy_and_launch(message, attachment, facts)

    def _copy_and_launch(
        self, message: MessageId, attachment: Attachment, known: FileFacts
    ) -> None:
        """known: what a person was told of it already."""

        def came(path: str) -> None:
            facts = file_words.facts_of(attachment, _start(path))
            if facts.never_opened:
                self._never(message, attachment, facts)
            elif set(facts.risks) - set(known.risks) and facts.warned:
                self._ask_first(message, attachment, facts, lambda: self._launch(path))
            else:
                self._launch(path)

        self._fetch(OpenPart(message, attachment.part), message, attachment, came)

    def _never(self, message: MessageId, attachment: Attachment, facts: FileFacts) -> None:
        words = self.tr("Martlet does not open “{name}”. You can save it, if you are sure of it.")
        box = self._box(attachment, words, facts)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        save = box.addButton(self.tr("Save instead…"), QMessageBox.ButtonRole.AcceptRole)
        save.clicked.connect(lambda: self.save(message, [attachment]))
        box.open()

    def _ask_first(
        self,
        message: MessageId,
        attachment: Attachment,
        facts: FileFacts,
        then: Callable[[], None] | None = None,
    ) -> None:
        go_on = then or (lambda: self._copy_and_launch(message, attachment, facts))
        box = self._box(attachment, self.tr("Open “{name}” all the same?"), facts)
        box.addButton(QMessageBox.StandardButton.Cancel)
        opened = box.addButton(self.tr("Open"), QMessageBox.ButtonRole.DestructiveRole)
        opened.clicked.connect(lambda: go_on())
        save = box.addButton(self.tr("Save instead…"), QMessageBox.ButtonRole.AcceptRole)
        save.clicked.connect(lambda: self.save(message, [attachment]))
        box.setDefaultButton(save)
        box.open()

    def _box(self, attachment: Attachment, words: str, facts: FileFacts) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIconPixmap(theme.mark("warning", "star", box))
        box.setWindowTitle(self.tr("Careful"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(words.format(name=attachment.filename))
        box.setInformativeText("\n".join(file_words.risk(risk) for risk in facts.risks))
        return box

    def save(
        self,
        message: MessageId,
        attachments: list[Attachment],
        bar: AttachmentBar | None = None,
    ) -> None:
        """One: asks for its name. Several: asks for a folder; the bar shows how far it is."""
        if len(attachments) == 1:
            self._save_one(message, attachments[0])
            return
        dialog = self._dialog(self.tr("Save all attachments to"), QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(self._folder)
        dialog.fileSelected.connect(
            lambda folder: self._save_all(message, attachments, folder, bar)
        )
        dialog.open()

    def copy(self, message: MessageId, attachments: list[Attachment]) -> None:
        """To the clipboard, as files: private copies that a file manager can paste."""

        def made(paths: list[str]) -> None:
            QGuiApplication.clipboard().setMimeData(file_data.of(paths))
            if len(paths) == 1:
                self._say(self.tr("Copied {name}").format(name=attachments[0].filename))
            else:
                self._say(self.tr("Copied {count} files").format(count=len(paths)))

        self._copies(message, attachments, made)

    def for_drag(
        self,
        message: MessageId,
        attachments: list[Attachment],
        then: Callable[[list[str]], None],
    ) -> None:
        """Makes private copies, then gives their paths."""
        self._copies(message, attachments, then)

    def play(self, message: MessageId, attachment: Attachment) -> None:
        """Plays sound or film in a process of its own; where that cannot be done it says so."""

        def missing() -> None:
            self._say(
                self.tr("Sound and film cannot be played here: a library (libpulse) is missing.")
            )

        def failed() -> None:
            words = self.tr("Playing {name} failed: the player ended. Nothing else was harmed.")
            self._say(words.format(name=attachment.filename))

        def came(path: str) -> None:
            if self._player is not None:
                self._player.stop()
                self._player.deleteLater()
            self._player = Player(self, missing, failed)
            self._player.play(path, attachment.filename)

        self._fetch(OpenPart(message, attachment.part), message, attachment, came)

    def read(
        self,
        message: MessageId,
        attachment: Attachment,
        then: Callable[[bytes], None],
        refused: Callable[[str], None],
    ) -> None:
        """Gives its bytes, fetched first if need be; or says why they do not come."""
        self._waited.append(refused)

        def over() -> bool:
            waits = refused in self._waited
            if waits:
                self._waited.remove(refused)
            return waits

        def came(data: bytes) -> None:
            if over():
                then(data)

        def failed(error: MailError) -> None:
            if over():
                refused(error.summary)

        request = PartBytes(message, attachment.part)
        self._fetch(request, message, attachment, came, failed)

    def _copies(
        self,
        message: MessageId,
        attachments: list[Attachment],
        then: Callable[[list[str]], None],
    ) -> None:
        paths: list[str] = []

        def one_more(path: str) -> None:
            paths.append(path)
            if len(paths) < len(attachments):
                each = attachments[len(paths)]
                self._fetch(OpenPart(message, each.part), message, each, one_more)
            else:
                then(paths)

        first = attachments[0]
        self._fetch(OpenPart(message, first.part), message, first, one_more)

    def stop(self) -> None:
        """What is on its way is not wanted any more: nothing opens when it comes after all."""
        self._stopped += 1
        waited, self._waited = self._waited, []
        for refused in waited:
            refused(self.tr("Downloading it was stopped."))
        if self._saving is not None:
            self._saving.stop()
            self._saving = None

    def write(self, path: Path, data: bytes) -> None:
        """Writes a file the person named."""
        try:
            path.write_bytes(data)
        except OSError as error:
            QMessageBox.warning(
                self._window,
                self.tr("Not saved"),
                self.tr("{name} could not be written: {why}").format(
                    name=path.name, why=error.strerror or str(error)
                ),
            )
            return
        self._say(self.tr("Saved {name}").format(name=path.name))

    def _save_one(self, message: MessageId, attachment: Attachment) -> None:
        dialog = self._dialog(self.tr("Save attachment"), QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(self._folder)
        dialog.selectFile(attachment.filename)

        def chosen(path: str) -> None:
            self._folder = str(Path(path).parent)
            self._fetch(
                PartBytes(message, attachment.part),
                message,
                attachment,
                lambda data: self.write(Path(path), data),
            )

        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _save_all(
        self,
        message: MessageId,
        attachments: list[Attachment],
        folder: str,
        bar: AttachmentBar | None,
    ) -> None:
        self._folder = folder

        def progress(done: int, total: int) -> None:
            if bar is not None and bar.message == message:
                bar.show_saving(done, total)

        def saved(words: str) -> None:
            self._saving = None
            self._say(words.format(folder=folder))

        self._saving = Saving(
            attachments,
            lambda each, then, failed: self._fetch(
                SavePart(message, each.part, folder), message, each, then, failed
            ),
            progress,
            saved,
            self,
        )

    def _dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        """One that holds up its window only: mail goes on coming while a name is thought of."""
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _fetch(
        self,
        request: Request[R],
        message: MessageId,
        attachment: Attachment,
        then: Callable[[R], None],
        refused: Callable[[MailError], None] | None = None,
    ) -> None:
        """Asks for it; what has to come from the server first can be stopped meanwhile."""
        if attachment.here:
            self._link.ask(request, then, refused, self)
            return
        asked = self._stopped
        self.began.emit(message, attachment)

        def came(answer: R) -> None:
            self.ended.emit(message, attachment)
            if asked == self._stopped:
                then(answer)

        def failed(error: MailError) -> None:
            self.ended.emit(message, attachment)
            if refused is not None:
                refused(error)
            elif asked == self._stopped:
                self._link.notice.emit(error)

        self._link.ask(request, came, failed, self)

    def _launch(self, path: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self._say(self.tr("No program was found to open {name}").format(name=Path(path).name))


def _start(path: str) -> bytes:
    """The first bytes of a file, b"" if it cannot be read: another program took it away."""
    try:
        with open(path, "rb") as file:
            return file.read(NEEDED)
    except OSError:
        return b""
