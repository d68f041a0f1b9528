"""Takes files and pictures into a letter: the engine stores their bytes, the window waits."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QFileInfo,
    QIODevice,
    QMimeData,
    QObject,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QTextCursor

from martlet.link.messages import AttachBytes, AttachFile, AttachFolder, AttachMessage
from martlet.mail.errors import MailError
from martlet.mail.file_name import file_name
from martlet.mail.message import MessageId
from martlet.mail.outgoing import OutgoingPart
from martlet.ui import file_data
from martlet.ui.compose.files.attachments import AttachmentBar, AttachmentCard
from martlet.ui.compose.files.taking import Taking
from martlet.ui.compose.text.editor import BodyEditor
from martlet.ui.list_model import MIME_TYPE

if TYPE_CHECKING:
    from martlet.ui.link import EngineLink

_SLICE = 20
"""Files that get their cards in one turn of the loop."""


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
        # Pictures of the text that were made attachments, with their cards; None: in the text
        # again, since that was undone.
        self._detached: dict[str, AttachmentCard | None] = {}
        # The Content-IDs of pictures that go along with what stands below the letter.
        self.along: Callable[[], Collection[str]] = tuple
        self._pending = 0
        self._pictures = 0
        self._closed = False
        self._paths: deque[str] = deque()
        self._taking = Taking(link, bar, self)
        self._taking.arrived.connect(lambda _part: self.changed.emit())
        self._taking.ended.connect(self.changed)
        self._taking.refused.connect(self.refused)
        bar.changed.connect(self.changed)
        editor.textChanged.connect(self.follow_pictures)
        bar.renamed.connect(self._rename)
        bar.pasted.connect(lambda: self.take_data(QGuiApplication.clipboard().mimeData()))

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
        return self._pending > 0 or bool(self._paths) or self._bar.busy()

    def parts(self) -> tuple[OutgoingPart, ...]:
        """What goes with the letter: files, and pictures that still stand in it."""
        used = self._editor.pictures_used() if self._editor.rich else set()
        inline = (part for cid, part in self._inline.items() if cid in used)
        return (*inline, *self._bar.parts())

    def _rename(self, card: AttachmentCard, name: str) -> None:
        """Without what no file may be called; nothing typed leaves it as it was."""
        name = file_name(name)
        if card.part is not None and name and name != card.name:
            card.arrived(replace(card.part, name=name))
            self.changed.emit()

    def unlink_pictures(self) -> None:
        """Plain text is about to take the place of the letter and cannot hold its inline pictures,
        which become attachments then. They stay known: undo may bring them back.
        """
        for content_id in self._editor.pictures_used() & self._inline.keys():
            self._detached.setdefault(content_id, None)

    def inline_part(self, content_id: str) -> OutgoingPart | None:
        """The part of an inline picture."""
        return self._inline.get(content_id)

    def keep_picture(self, content_id: str, part: OutgoingPart) -> None:
        """The bytes of a picture that stands in the letter under this Content-ID."""
        self._inline[content_id] = replace(part, content_id=content_id)
        self.changed.emit()

    def waits(self, more: int) -> None:
        """So many pictures more, or fewer, are still on their way."""
        self._pending += more
        self.changed.emit()

    def detach_picture(self, content_id: str) -> None:
        """Makes an attachment of an inline picture, which stays known: undo may bring it back."""
        part = self._inline.get(content_id)
        if part is not None:
            self._detached[content_id] = self._as_file(part)
            self.changed.emit()

    def _as_file(self, part: OutgoingPart) -> AttachmentCard:
        card = self._bar.add(part.name, part.size)
        card.arrived(replace(part, content_id=""))
        return card

    def follow_pictures(self) -> None:
        """A picture goes once: in the text again, because of undo, it is no attachment."""
        if not self._detached:
            return
        used = {*self.along(), *(self._editor.pictures_used() if self._editor.rich else ())}
        for content_id, card in list(self._detached.items()):
            if card is not None and not self._bar.holds(card):
                del self._detached[content_id]
            elif card is not None and content_id in used:
                self._detached[content_id] = None
                self._bar.remove(card)
            elif card is None and content_id not in used:
                self._detached[content_id] = self._as_file(self._inline[content_id])

    def take_files(self, paths: Sequence[str]) -> None:
        """Files, by path or address, and folders as zips; many of them bit by bit, so that the
        window stays quick."""
        self._paths.extend(paths)
        self._take_some()

    def _take_some(self) -> None:
        for _ in range(min(_SLICE, len(self._paths))):
            path = self._paths.popleft()
            ticket = self._taking.ticket()
            if file_data.is_address(path):
                card = self._bar.add(file_name(file_data.name_of(path)), 0)
                self._taking.ask(AttachFile(path, ticket), card)
                continue
            path = str(Path(path).absolute())
            info = QFileInfo(path)
            if info.isDir():
                name = f"{info.fileName() or 'folder'}.zip"
                self._taking.ask(AttachFolder(path, ticket), self._bar.add(name, 0))
            else:
                card = self._bar.add(info.fileName(), info.size())
                self._taking.ask(AttachFile(path, ticket), card)
        if self._paths and not self._closed:
            QTimer.singleShot(0, self, self._take_some)

    def take_messages(self, message_ids: Sequence[MessageId]) -> list[AttachmentCard]:
        """Stored messages as files, whole; answers their cards."""
        cards = [self._bar.add(self.tr("Message"), 0) for _ in message_ids]
        for message_id, card in zip(message_ids, cards, strict=True):
            self._taking.ask(AttachMessage(message_id), card)
        return cards

    def takes(self, data: QMimeData) -> bool:
        """Whether there is something in it for a letter's files: dropped on the window."""
        return data.hasFormat(MIME_TYPE) or data.hasUrls() or data.hasImage()

    def take_data(self, data: QMimeData) -> bool:
        """What was dropped or pasted: messages, files, a picture's bytes. False: nothing of it.

        Of a picture that is only linked nothing is fetched.
        """
        if data.hasFormat(MIME_TYPE):
            said = bytes(data.data(MIME_TYPE).data()).decode("ascii", "replace").split(",")
            self.take_messages([MessageId(int(each)) for each in said if each.isdecimal()])
            return True
        files = file_data.given(data)
        if files:
            self.take_files(files)
            left = sum(url.scheme() in ("http", "https") for url in data.urls())
            if left:
                words = self.tr("{count} of these are on the web. Save them first, then attach.")
                self.refused.emit(words.format(count=left))
            return True
        image = data.imageData() if data.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self.take_picture(image)
            return True
        if data.hasUrls():
            self.refused.emit(
                self.tr("Only its address was dropped here. Save it first, then attach the file.")
            )
        return False

    def take_picture(self, image: QImage) -> None:
        """Takes in a pasted picture: in a rich letter where the cursor is, else as a file."""
        name = self._picture_name()
        self.insert_picture(name, "image/png", _png(image), image)

    def _picture_name(self) -> str:
        """One that no other has: readers save all files of a letter into one folder."""
        names = {part.name for part in (*self._inline.values(), *self._bar.parts())}
        while True:
            # Those on their way have a number already.
            self._pictures += 1
            name = self.tr("picture-{number}.png").format(number=self._pictures)
            if name not in names:
                return name

    def insert_picture(
        self,
        name: str,
        content_type: str,
        data: bytes,
        image: QImage,
        place: QTextCursor | None = None,
    ) -> None:
        """Takes in a picture: in a rich letter at this place (else the cursor), else as a file.

        data: what is sent; image: what is shown of it.
        """
        request = AttachBytes(name, content_type, data)
        if not self._editor.rich:
            self._taking.ask(request, self._bar.add(name, len(request.data)))
            return
        cursor = place if place is not None else QTextCursor(self._editor.textCursor())
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

        self._link.ask(request, arrived, failed, owner=self)

    def take_text(self, text: str) -> None:
        """Words that are no part of the letter, as a file."""
        name = self.tr("text.txt")
        data = text.encode("utf-8", "replace")
        self._taking.ask(AttachBytes(name, "text/plain", data), self._bar.add(name, len(data)))

    def close(self) -> None:
        """Answers still to come are of no interest any more."""
        self._closed = True
        self._paths.clear()
        self._taking.close()


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
