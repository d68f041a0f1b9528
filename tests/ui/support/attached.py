"""A message with files, its attachment bar and its preview, over a real engine of one file."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from martlet.engine.one_file import OneFile
from martlet.link.local import LocalClient
from martlet.mail.message import Attachment, MessageId
from martlet.ui.attachment_bar import AttachmentBar
from martlet.ui.attachment_chip import AttachmentChip
from martlet.ui.files import Files
from martlet.ui.link import EngineLink
from martlet.ui.preview.pane import PreviewPane
from martlet.ui.preview.process import PreviewProcess

File = tuple[str, str, bytes]
MESSAGE = MessageId(0)


def mail(files: list[File], attached: EmailMessage | None = None) -> bytes:
    """A plain message with these files: name, type, bytes."""
    message = EmailMessage()
    message["From"] = "Mira Rossi <mira@example.com>"
    message["Subject"] = "Files"
    message.set_content("Here they are.\n")
    for name, content_type, data in files:
        first, second = content_type.split("/")
        message.add_attachment(data, maintype=first, subtype=second, filename=name)
    if attached is not None:
        message.add_attachment(attached)
    return message.as_bytes()


def pdf(pages: int = 3) -> bytes:
    """A PDF document with a black square on each page."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    for page in range(pages):
        if page:
            writer.newPage()
        painter.fillRect(0, 0, 4000, 4000, "black")
    painter.end()
    return bytes(buffer.data().data())


@dataclass(slots=True)
class Desk:
    """The parts, joined as a message pane joins them."""

    qtbot: QtBot
    window: QWidget
    link: EngineLink
    bar: AttachmentBar
    body: QLabel
    preview: PreviewPane
    files: Files
    said: list[str]

    def show(self, raw: bytes | None = None) -> None:
        """Shows the message's files in the bar."""
        from martlet.link.messages import Render

        came: list[tuple[Attachment, ...]] = []
        self.link.ask(Render(MESSAGE), lambda rendered: came.append(rendered.attachments))
        self.qtbot.waitUntil(lambda: bool(came))
        self.bar.show_attachments(came[0], MESSAGE)

    def chip(self, name: str) -> AttachmentChip:
        each = next(each for each in self.bar.shown() if each.filename == name)
        found = self.bar.chip(each.part)
        assert found is not None
        return found

    def look_at(self, name: str) -> None:
        """Until what can be shown of it is on screen."""
        with self.qtbot.waitSignal(self.preview.ready):
            self.chip(name).click()


def desk(qtbot: QtBot, tmp_path: Path, raw: bytes) -> Desk:
    """All parts in one window, the message's files shown."""
    folder = tmp_path / "opened"
    link = EngineLink(lambda: LocalClient(OneFile(raw, folder), lambda: None))
    window = QWidget()
    window.resize(900, 640)
    qtbot.addWidget(window, before_close_func=lambda _window: link.close())
    said: list[str] = []
    # Thumbnails have a quarter of its patience, and it may be long in starting.
    process = PreviewProcess(window, patience_ms=240_000)
    bar, body, preview = AttachmentBar(), QLabel("body"), PreviewPane(link, process=process)
    preview.join(bar, body)
    files = Files(link, window, said.append)
    files.serve(bar, lambda: bar.message)
    column = QVBoxLayout(window)
    column.addWidget(body, 1)
    column.addWidget(preview, 1)
    column.addWidget(bar)
    made = Desk(qtbot, window, link, bar, body, preview, files, said)
    with qtbot.waitExposed(window):
        window.show()
    made.show()
    return made
