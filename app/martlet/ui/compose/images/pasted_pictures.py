"""A quiet bar over a letter: what becomes of the pictures that a pasted text came with.

Those that came along are handed to the engine. Those on the internet are marked places until the
writer says whether they are to be fetched; then they go with the letter like any other picture.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QTextCursor, QTextFormat

from martlet.link.messages import AttachBytes, FetchPicture
from martlet.mail.account import AccountId
from martlet.mail.errors import MailError
from martlet.mail.outgoing import OutgoingPart
from martlet.ui.bars import NoticeBar
from martlet.ui.compose.images.pictures import inline_pictures
from martlet.ui.compose.text.document import REMOTE, insert_picture
from martlet.ui.compose.text.paper import WIDEST_PICTURE

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.window import ComposeWindow
    from martlet.ui.link import EngineLink

_KINDS = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"BM", "image/bmp"),
)


class PastedPictures(NoticeBar):
    """Putting the bar away leaves the pictures on the internet out."""

    def __init__(self, link: EngineLink, reader: Reader, window: ComposeWindow) -> None:
        super().__init__(window)
        self._link = link
        self._reader = reader
        self._w = window
        self._urls: list[str] = []
        self.setContentsMargins(4, 0, 4, 0)
        self.close_button.setToolTip(self.tr("Leave them out"))
        self.close_button.setAccessibleName(self.tr("Leave the pictures out"))
        self.close_button.clicked.connect(self._leave_out)
        window.editor.remote_pictures_pasted.connect(self._ask)
        window.editor.pictures_pasted.connect(self._keep)

    def left(self) -> list[str]:
        """The addresses of those in the letter that were not fetched, each once."""
        lines = self._w.editor.taken.lines() if self._w.editor.rich else []
        return list(dict.fromkeys(run.remote for line in lines for run in line.runs if run.remote))

    def fetch_left(self) -> None:
        """Fetches these now."""
        self._urls = self.left()
        self._fetch()
        self.hide()

    def _ask(self, urls: list[str]) -> None:
        self._urls = list(dict.fromkeys([*self._urls, *urls]))
        words = self.tr("A picture in this text is on the internet.")
        if len(self._urls) > 1:
            words = self.tr("{count} pictures in this text are on the internet.")
        self.say(
            words.format(count=len(self._urls)),
            action=self.tr("Fetch and put in"),
            run=self._fetch,
        )

    def _fetch(self) -> None:
        urls, self._urls = self._urls, []
        account = AccountId(self._w.draft().account_id)
        for url in urls:
            self._w.intake.waits(1)
            self._link.ask(
                FetchPicture(account, url),
                partial(self._arrived, url),
                self._missing,
                owner=self,
            )

    def _leave_out(self) -> None:
        urls, self._urls = self._urls, []
        self._replace(dict.fromkeys(urls, ""))

    def _arrived(self, url: str, part: OutgoingPart) -> None:
        content_id = f"{uuid.uuid4().hex}@martlet"
        kept = OutgoingPart(part.name, part.content_type, part.size, part.blob, content_id)
        image = inline_pictures(self._reader, [kept]).get(content_id, QImage())
        if not image.isNull():
            self._w.editor.know_picture(content_id, image)
            self._w.intake.keep_picture(content_id, part)
            self._replace({url: content_id})
        self._w.intake.waits(-1)

    def _missing(self, error: MailError) -> None:
        """The marked place stays: nothing of it is sent but the words that stand for it."""
        self._w.intake.waits(-1)
        self._w.notice.say(error.summary, error.detail)

    def _keep(self, given: list[tuple[str, bytes]]) -> None:
        """Pictures whose bytes came with the text."""
        for content_id, data in given:
            kind = next((kind for mark, kind in _KINDS if data.startswith(mark)), "image/png")
            self._w.intake.waits(1)
            self._link.ask(
                AttachBytes(f"picture.{kind.partition('/')[2]}", kind, data),
                partial(self._kept, content_id),
                self._missing,
                owner=self,
            )

    def _kept(self, content_id: str, part: OutgoingPart) -> None:
        self._w.intake.keep_picture(content_id, part)
        self._w.intake.waits(-1)

    def _replace(self, pictures: dict[str, str]) -> None:
        """Puts pictures (Content-ID by address), or nothing, where their marked places are; one
        step to undo."""
        document = self._w.editor.document()
        places: list[tuple[int, str, str, int]] = []
        block = document.begin()
        while block.isValid():
            pieces = block.begin()
            while not pieces.atEnd():
                fragment = pieces.fragment()
                form = fragment.charFormat()
                if form.isImageFormat():
                    image = form.toImageFormat()
                    name = image.name()
                    content_id = pictures.get(name.removeprefix(REMOTE))
                    if content_id is not None and name.startswith(REMOTE):
                        alt = str(image.property(QTextFormat.Property.ImageAltText) or "")
                        places += [
                            (fragment.position() + each, content_id, alt, round(image.width()))
                            for each in range(fragment.length())
                        ]
                pieces += 1
            block = block.next()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        for position, content_id, alt, width in reversed(places):
            cursor.setPosition(position)
            cursor.deleteChar()
            if content_id:
                insert_picture(cursor, content_id, alt, width, WIDEST_PICTURE)
        cursor.endEditBlock()
