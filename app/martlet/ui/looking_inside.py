"""Opens what shows the inside of a message: source, headers, structure; saves it as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from martlet.link.messages import PartBytes, RawMessage, Render, Structure
from martlet.mail.message import Attachment, MessageId
from martlet.mail.reading import PartNode, View
from martlet.mail.rendered import Rendered
from martlet.ui.files import Files
from martlet.ui.link import EngineLink
from martlet.ui.shown_text import cut

_NAME = 80


class LookingInside(QObject):
    """For one window. part: the section of an attached message, "" for the message itself.

    message_wanted: (message, section) is to be shown in a window of its own.
    """

    message_wanted = Signal(object, str)

    def __init__(self, link: EngineLink, window: QWidget, files: Files) -> None:
        super().__init__(window)
        self._link = link
        self._window = window
        self._files = files
        self._open: set[QWidget] = set()
        self._folder = QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.DownloadLocation
        )

    def source(self, message: MessageId, subject: str, part: str = "") -> None:
        """Its bytes as they came."""
        from martlet.ui.inside.source_window import SourceWindow

        def save(raw: bytes, window: QWidget) -> None:
            self._save(subject, lambda path: self._files.write(path, raw), window)

        self._bytes(
            message, part, lambda raw: self._show(SourceWindow(self._named(subject), raw, save))
        )

    def headers(self, message: MessageId, subject: str, shown: Rendered | None = None) -> None:
        """All its headers; shown: what is known of it, else it is asked for."""
        from martlet.ui.inside.headers_window import HeadersWindow

        def show(rendered: Rendered) -> None:
            self._show(HeadersWindow(self._named(subject), rendered.headers))

        if shown is not None and shown.headers:
            show(shown)
        else:
            view = shown.view if shown is not None else View()
            self._link.ask(Render(message, wait=True, view=view), show, owner=self)

    def structure(self, message: MessageId, subject: str, part: str = "") -> None:
        """Its entities; part: the one to begin at."""
        from martlet.ui.inside.structure_window import StructureWindow

        def show(root: PartNode) -> None:
            window = StructureWindow(self._named(subject), root)
            window.open_wanted.connect(lambda each: self._files.open(message, each))
            window.save_wanted.connect(lambda each: self._files.save(message, [each]))
            window.message_wanted.connect(
                lambda section: self.message_wanted.emit(message, section)
            )
            window.choose(part)
            self._show(window)

        self._link.ask(Structure(message), show, owner=self)

    def save(self, message: MessageId, subject: str, part: str = "") -> None:
        """As a file of mail; asks for its name first."""

        def chosen(path: Path) -> None:
            self._bytes(message, part, lambda raw: self._files.write(path, raw))

        self._save(subject, chosen, self._window)

    def open_part(self, message: MessageId, attachment: Attachment) -> None:
        self._files.open(message, attachment)

    def save_part(self, message: MessageId, attachment: Attachment) -> None:
        self._files.save(message, [attachment])

    def close_all(self) -> None:
        for window in list(self._open):
            window.close()

    def _bytes(self, message: MessageId, part: str, then: Callable[[bytes], None]) -> None:
        request = PartBytes(message, part) if part else RawMessage(message)
        self._link.ask(request, then, owner=self)

    def _save(self, subject: str, then: Callable[[Path], None], window: QWidget) -> None:
        dialog = QFileDialog(window, self.tr("Save message"))
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Mail files (*.eml)"), self.tr("All files (*)")])
        dialog.setDefaultSuffix("eml")
        dialog.setDirectory(self._folder)
        dialog.selectFile(f"{file_name(subject)}.eml")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def chosen(path: str) -> None:
            self._folder = str(Path(path).parent)
            then(Path(path))

        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _named(self, subject: str) -> str:
        return subject or self.tr("(no subject)")

    def _show(self, window: QWidget) -> None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._open.add(window)
        window.destroyed.connect(lambda: self._open.discard(window))
        window.show()


def file_name(subject: str) -> str:
    """A subject as the name of a file on any system, without its ending."""
    kept = "".join(char if char.isalnum() or char in " -_" else "_" for char in subject)
    return cut(kept.strip(), _NAME).rstrip("… ") or "message"
