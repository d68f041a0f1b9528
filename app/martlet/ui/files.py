"""Attachments and messages as files: opened, saved, dragged out. The engine writes, we show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from martlet.link.messages import OpenPart, PartBytes, Request, SavePart
from martlet.mail.errors import MailError
from martlet.mail.message import Attachment, MessageId
from martlet.ui.link import EngineLink

R = TypeVar("R")
# What a double click would run instead of show, on one system or another.
_RUNS = frozenset(
    {
        ".exe", ".bat", ".cmd", ".com", ".scr", ".pif", ".msi", ".msp", ".ps1", ".vbs", ".vbe",
        ".js", ".jse", ".wsf", ".wsh", ".hta", ".cpl", ".jar", ".lnk", ".reg", ".sh", ".bash",
        ".run", ".appimage", ".desktop", ".app", ".command", ".py", ".pl", ".rb", ".deb", ".rpm",
        ".apk", ".dmg", ".pkg", ".xpi", ".url", ".scf", ".inf", ".iso", ".img", ".vhd", ".chm",
        ".application",
    }
)  # fmt: skip


class Files(QObject):
    """For one window. `say` is told what was done, in words.

    began, ended: an attachment that is not here is fetched for this (message, attachment).
    """

    began = Signal(object, object)
    ended = Signal(object, object)

    def __init__(self, link: EngineLink, window: QWidget, say: Callable[[str], None]) -> None:
        super().__init__(window)
        self._link = link
        self._window = window
        self._say = say
        self._stopped = 0
        self._folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DownloadLocation
        )

    def open(self, message: MessageId, attachment: Attachment) -> None:
        """Opens a private, read-only copy in the program the system has for it."""
        if Path(attachment.filename).suffix.lower() in _RUNS:
            QMessageBox.warning(
                self._window,
                self.tr("Not opened"),
                self.tr(
                    "“{name}” is a program, or something a system would run. Martlet does not open "
                    "such files; save it if you are sure of it."
                ).format(name=attachment.filename),
            )
            return
        self._fetch(OpenPart(message, attachment.part), message, attachment, self._launch)

    def save(self, message: MessageId, attachments: list[Attachment]) -> None:
        """One: asks for its name. Several: asks for a folder."""
        if len(attachments) == 1:
            self._save_one(message, attachments[0])
            return
        dialog = self._dialog(self.tr("Save all attachments to"), QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setDirectory(self._folder)
        dialog.fileSelected.connect(lambda folder: self._save_all(message, attachments, folder))
        dialog.open()

    def for_drag(
        self, message: MessageId, attachment: Attachment, then: Callable[[str], None]
    ) -> None:
        """Makes the private copy, then gives its path."""
        self._fetch(OpenPart(message, attachment.part), message, attachment, then)

    def stop(self) -> None:
        """What is on its way is not wanted any more: nothing opens when it comes after all."""
        self._stopped += 1

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

    def _save_all(self, message: MessageId, attachments: list[Attachment], folder: str) -> None:
        self._folder = folder
        left = [len(attachments)]

        def one_more(_path: str) -> None:
            left[0] -= 1
            if not left[0]:
                self._say(
                    self.tr("Saved {count} files to {folder}").format(
                        count=len(attachments), folder=folder
                    )
                )

        for each in attachments:
            self._fetch(SavePart(message, each.part, folder), message, each, one_more)

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
    ) -> None:
        """Asks for it; what has to come from the server first can be stopped meanwhile."""
        if attachment.here:
            self._link.ask(request, then)
            return
        asked = self._stopped
        self.began.emit(message, attachment)

        def came(answer: R) -> None:
            self.ended.emit(message, attachment)
            if asked == self._stopped:
                then(answer)

        def failed(error: MailError) -> None:
            self.ended.emit(message, attachment)
            if asked == self._stopped:
                self._link.notice.emit(error)

        self._link.ask(request, came, failed)

    def _launch(self, path: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self._say(self.tr("No program was found to open {name}").format(name=Path(path).name))
