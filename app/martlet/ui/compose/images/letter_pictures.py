"""The pictures of one letter, unpacked aside while it is shown and written on already.

Each has at once a place as large as it will be, so that no line moves when it comes. One is read
and unpacked at a time: no more than that is held twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QSize, QThreadPool, QTimer, Signal
from PySide6.QtGui import QColor, QImage

from martlet.mail.outgoing import OutgoingPart
from martlet.ui import theme
from martlet.ui.compose.images.image_bytes import Unpacking, size_of
from martlet.ui.compose.images.pictures import bytes_of, shows

if TYPE_CHECKING:
    from martlet.store.reader import Reader
    from martlet.ui.compose.text.editor import BodyEditor


class LetterPictures(QObject):
    """shown: one of them is there now, under this Content-ID."""

    shown = Signal(str)

    def __init__(self, reader: Reader, editor: BodyEditor) -> None:
        super().__init__(editor)
        self._reader = reader
        self._editor = editor
        self._ready: dict[str, QImage] = {}
        self._waiting: deque[tuple[OutgoingPart, Unpacking]] = deque()
        self._busy = False
        self._told = _Told()
        self._told.arrived.connect(self._arrived)

    def begin(self, parts: Iterable[OutgoingPart]) -> dict[str, QImage]:
        """What is to be shown of these meanwhile, by Content-ID: places, and what is here already.

        Those that could not be had are not among them.
        """
        found: dict[str, QImage] = {}
        unpacking = Unpacking()
        for part in parts:
            name = part.content_id
            if name in self._ready:
                found[name] = self._ready[name]
                continue
            size = size_of(bytes_of(self._reader, part)) if shows(part) else QSize()
            if not size.isEmpty():
                found[name] = place(size)
                self._editor.await_picture(name)
                self._waiting.append((part, unpacking))
        if self._waiting and not self._busy:
            self._busy = True
            # First the letter itself is to be seen.
            QTimer.singleShot(0, self, self._next)
        return found

    def _next(self) -> None:
        self._busy = bool(self._waiting)
        if self._waiting:
            part, unpacking = self._waiting.popleft()
            data = bytes_of(self._reader, part)
            QThreadPool.globalInstance().start(
                _Unpacked(part.content_id, data, unpacking, self._told)
            )

    def _arrived(self, content_id: str, image: QImage) -> None:
        # Of one that is broken, or too much, the place stays: it is sent all the same.
        if not image.isNull():
            self._ready[content_id] = image
            self._editor.show_picture(content_id, image)
            self.shown.emit(content_id)
        self._next()


def place(size: QSize) -> QImage:
    """A quiet ground of this size, of little memory."""
    made = QImage(size, QImage.Format.Format_Mono)
    made.setColorTable([QColor(theme.current().soft_quiet).rgb()] * 2)
    made.fill(0)
    return made


class _Told(QObject):
    """Outlives the window when that closes while a picture is unpacked."""

    arrived = Signal(str, QImage)


class _Unpacked(QRunnable):
    """Unpacks one picture on another thread."""

    def __init__(self, content_id: str, data: bytes, unpacking: Unpacking, told: _Told) -> None:
        super().__init__()
        self._content_id = content_id
        self._data = data
        self._unpacking = unpacking
        self._told = told

    def run(self) -> None:
        image = QImage()
        try:
            image = self._unpacking.image(self._data)
        finally:
            # Whatever happens: the others wait for this.
            self._told.arrived.emit(self._content_id, image)
