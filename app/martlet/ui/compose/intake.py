"""Takes files and pictures into a letter: the engine stores their bytes, the window waits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QFileInfo, QIODevice, QObject, Signal
from PySide6.QtGui import QImage, QImageWriter, QTextCursor

from martlet.link.messages import AttachBytes, AttachFile
from martlet.mail.errors import MailError
from martlet.mail.outgoing import OutgoingPart
from martlet.ui import dates
from martlet.ui.compose.attachments import AttachmentBar, AttachmentCard
from martlet.ui.compose.editor import BodyEditor

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink

_HEAVY = 20 * 1024 * 1024
"""Bytes; base64 makes a third more of them, and 25 to 30 MB is what most servers take."""


class Intake(QObject):
    """changed: the letter's parts are others now. refused: why something was not taken."""

    changed = Signal()
    refused = Signal(str)

    def __init__(
        self, link: EngineLink, bar: AttachmentBar, editor: BodyEditor, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._link = link
        self._bar = bar
        self._editor = editor
        self._inline: dict[str, OutgoingPart] = {}
        self._pending = 0
        self._pictures = 0
        self._closed = False
        bar.changed.connect(self.changed)

    def load(self, parts: Sequence[OutgoingPart], pictures: dict[str, QImage]) -> None:
        """Shows the parts of a draft. pictures: those of its inline parts that could be had."""
        for part in parts:
            if part.content_id:
                self._inline[part.content_id] = part
                image = pictures.get(part.content_id) or _stand_in()
                self._editor.know_picture(part.content_id, image)
            else:
                self._bar.add(part.name, part.size).arrived(part)

    @property
    def busy(self) -> bool:
        """Whether something is still being taken in."""
        return self._pending > 0 or self._bar.busy()

    def parts(self) -> tuple[OutgoingPart, ...]:
        """What goes with the letter: files, and pictures that still stand in it."""
        used = self._editor.pictures_used() if self._editor.rich else set()
        inline = (part for cid, part in self._inline.items() if cid in used)
        return (*inline, *self._bar.parts())

    def unlink_pictures(self) -> None:
        """Makes attachments of inline pictures, since plain text cannot hold them."""
        used = self._editor.pictures_used()
        for content_id, part in list(self._inline.items()):
            if content_id in used:
                self._bar.add(part.name, part.size).arrived(replace(part, content_id=""))
        self._inline.clear()

    def inline_part(self, content_id: str) -> OutgoingPart | None:
        """The part of an inline picture."""
        return self._inline.get(content_id)

    def detach_picture(self, content_id: str) -> None:
        """Makes an attachment of an inline picture, which stays known: undo may bring it back."""
        part = self._inline.get(content_id)
        if part is not None:
            self._bar.add(part.name, part.size).arrived(replace(part, content_id=""))
            self.changed.emit()

    def take_files(self, paths: Sequence[str]) -> None:
        for path in paths:
            info = QFileInfo(path)
            if info.isDir():
                words = self.tr("“{name}” is a folder. Attach the files in it instead.")
                self.refused.emit(words.format(name=info.fileName()))
                continue
            card = self._bar.add(info.fileName(), info.size())
            self._ask(AttachFile(str(Path(path).absolute())), card)

    def take_picture(self, image: QImage) -> None:
        """Takes in a pasted picture: in a rich letter where the cursor is, else as a file."""
        self._pictures += 1
        name = self.tr("picture-{number}.png").format(number=self._pictures)
        self.insert_picture(name, "image/png", _png(image), image)

    def insert_picture(
        self,
        name: str,
        content_type: str,
        data: bytes,
        image: QImage,
        position: int | None = None,
    ) -> None:
        """Takes in a picture: in a rich letter at this position (else the cursor), else as a file.

        data: what is sent; image: what is shown of it.
        """
        request = AttachBytes(name, content_type, data)
        if not self._editor.rich:
            self._ask(request, self._bar.add(name, len(request.data)))
            return
        cursor = QTextCursor(self._editor.textCursor())
        if position is not None:
            cursor.setPosition(min(position, self._editor.document().characterCount() - 1))
        self._pending += 1
        self.changed.emit()

        def arrived(part: OutgoingPart) -> None:
            self._pending -= 1
            if self._closed:
                return
            if not self._editor.rich:
                self._bar.add(part.name, part.size).arrived(part)
            else:
                content_id = f"{uuid.uuid4().hex}@martlet"
                self._inline[content_id] = replace(part, content_id=content_id)
                self._editor.know_picture(content_id, image)
                self._editor.insert_known_picture(cursor, content_id, part.name)
            self.changed.emit()

        def failed(error: MailError) -> None:
            self._pending -= 1
            if not self._closed:
                self.refused.emit(error.summary)
                self.changed.emit()

        self._link.ask(request, arrived, failed)

    def _weigh(self, added: int) -> None:
        """Says once that the letter has become heavier than most servers take."""
        size = sum(part.size for part in self.parts())
        if size > _HEAVY >= size - added:
            words = self.tr("With {size} of attachments, many servers will refuse this letter.")
            self.refused.emit(words.format(size=dates.size(size)))

    def close(self) -> None:
        """Answers still to come are of no interest any more."""
        self._closed = True

    def _ask(self, request: AttachFile | AttachBytes, card: AttachmentCard) -> None:
        def arrived(part: OutgoingPart) -> None:
            if not self._closed and self._bar.holds(card):
                card.arrived(part)
                self.changed.emit()
                self._weigh(part.size)

        def failed(error: MailError) -> None:
            if not self._closed:
                self._bar.remove(card)
                self.refused.emit(error.summary)

        self._link.ask(request, arrived, failed)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())


def _stand_in() -> QImage:
    """What stands for a picture whose bytes could not be had here; it is sent all the same."""
    image = QImage(160, 90, QImage.Format.Format_ARGB32)
    image.fill(0x30808080)
    return image
